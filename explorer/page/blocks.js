// Spans and blocks of a report (src/report/document.rs) as elements, in the classes of its stylesheet.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make } = mufakat.dom;

  // What names of arms mean, for those who point at one.
  const titles = {};

  const words = (spans) => (spans || []).map((span) => (span.kind === "typed" ? words(span.parts) : span.text)).join("");

  function text(spans) {
    return (spans || []).map((span) => {
      if (span.kind === "number") return make("data", { value: span.value, "data-path": span.path }, span.text);
      if (span.kind === "typed") return make("code", {}, text(span.parts));
      if (span.kind === "code") {
        return make("code", { class: span.text.length < 26 ? "short" : null, title: titles[span.text] }, span.text);
      }
      return span.text;
    });
  }

  // Blocks in a row; `side` begins the ids, so that two settings can stand side by side. A table after a figure has its numbers and is folded.
  function blocks(list, side) {
    return (list || []).map((one, at) => {
      const before = at > 0 ? list[at - 1].kind : "";
      const drawn = before === "figure" || before === "panels";
      if (one.kind === "table" && drawn) return make("details", {}, make("summary", {}, "The same as a table"), table(one.table, side));
      return block(one, side, list[at + 1]);
    });
  }

  function block(one, side, next) {
    switch (one.kind) {
      case "paragraph":
        return make("p", {}, text(one.text));
      case "note":
        return make("p", { class: "note" }, text(one.text));
      case "heading":
        return make("h3", {}, one.text);
      case "list":
        return make(
          "ul",
          {},
          one.items.map((item) => make("li", {}, text(item))),
        );
      case "table":
        return table(one.table, side);
      case "figure":
        return figure(one.figure, side, next && next.kind === "table");
      case "panels":
        return make(
          "div",
          {},
          make(
            "div",
            { class: "panels" },
            one.figures.map((each) => figure(each, side, true)),
          ),
          enclosed(one.data, !(next && next.kind === "table")),
        );
      case "code":
        return make("pre", { tabindex: "0" }, make("code", {}, one.text));
      case "details":
        return make("details", {}, make("summary", {}, one.summary), blocks(one.blocks, side));
      default:
        return null;
    }
  }

  function table(one, side) {
    const cards = one.header.length > 3;
    const kinds = [one.words && "wide-words", cards && "cards"].filter(Boolean).join(" ");
    const head = one.header.map((cell) => make("th", { scope: "col", class: cell.words ? "words" : null }, broken(cell.text)));
    const row = (cells) =>
      cells.map((cell, at) =>
        at === 0
          ? make("th", { scope: "row", class: cell.class || null }, text(cell.text))
          : make("td", { class: cell.class || null, "data-label": cards ? one.header[at].text : null }, text(cell.text)),
      );
    return make(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": one.caption },
      make(
        "table",
        { id: `${side}-${one.id}`, class: kinds || null },
        make("caption", {}, make("span", {}, one.caption)),
        make("thead", {}, make("tr", {}, head)),
        make(
          "tbody",
          {},
          one.rows.map((cells) => make("tr", {}, row(cells))),
        ),
      ),
    );
  }

  // A long name may break after an underscore.
  function broken(name) {
    return name.split("_").flatMap((part, at) => (at ? ["_", make("wbr"), part] : [part]));
  }

  // A figure with a button that saves it; its numbers behind it, unless a table follows.
  function figure(one, side, followed) {
    return make(
      "figure",
      { id: `${side}-${one.id}` },
      make("figcaption", {}, one.title),
      drawing(one.svg, side),
      make(
        "p",
        { class: "note figure-tools" },
        make("button", { type: "button", class: "quiet", "data-action": "svg", "aria-label": `Save as SVG: ${one.title}` }, "Save as SVG"),
        one.data && [" ", link(one.data)],
      ),
      one.data && !followed && folded(one.data),
    );
  }

  function enclosed(data, fold) {
    return data && [make("p", { class: "note" }, "Data: ", link(data)), fold && folded(data)];
  }

  const link = (data) => make("a", { href: data.uri, download: data.name }, data.name);

  // The figure's data as a table: its file is CSV, in which only names may be quoted.
  function folded(data) {
    const text = decodeURIComponent(data.uri.slice(data.uri.indexOf(",") + 1));
    const [head, ...rows] = csv(text);
    if (!head) return null;
    const numbers = (cell) => cell !== "" && Number.isFinite(Number(cell));
    return make(
      "details",
      {},
      make("summary", {}, "The same as a table"),
      make(
        "div",
        { class: "scroll", tabindex: "0", role: "group", "aria-label": data.name },
        make(
          "table",
          {},
          make(
            "thead",
            {},
            make(
              "tr",
              {},
              head.map((cell) => make("th", { scope: "col" }, broken(cell))),
            ),
          ),
          make(
            "tbody",
            {},
            rows.map((cells) =>
              make(
                "tr",
                {},
                cells.map((cell, at) => value(cell, at, numbers)),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function value(cell, at, numbers) {
    if (at === 0) return make("th", { scope: "row" }, cell);
    return numbers(cell)
      ? make("td", {}, String(+Number(cell).toPrecision(3)).replace("-", "\u2212"))
      : make("td", { class: "words" }, cell);
  }

  function csv(text) {
    const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/y;
    const rows = [[]];
    while (cell.lastIndex < text.length) {
      const [, quoted, bare, end] = cell.exec(text);
      rows[rows.length - 1].push(quoted === undefined ? bare : quoted.replace(/""/g, '"'));
      if (end === "\n") rows.push([]);
    }
    return rows.filter((row) => row.length > 0);
  }

  // The engine's own drawing. Ids are made those of one side.
  function drawing(svg, side) {
    const named = svg.startsWith("<svg xmlns") ? svg : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
    const root = new DOMParser().parseFromString(named, "image/svg+xml").documentElement;
    if (root.nodeName !== "svg") return make("p", { class: "note" }, "This figure cannot be drawn.");
    for (const one of [root, ...root.querySelectorAll("[id]")]) {
      if (one.id) one.id = `${side}-${one.id}`;
    }
    const labels = root.getAttribute("aria-labelledby");
    if (labels)
      root.setAttribute(
        "aria-labelledby",
        labels
          .split(" ")
          .map((id) => `${side}-${id}`)
          .join(" "),
      );
    return document.importNode(root, true);
  }

  mufakat.blocks = { text, words, blocks, titles };
})();
