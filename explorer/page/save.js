// What leaves the page: a link, files, figures, and the page as it stands.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, byId } = mufakat.dom;

  const EXPORTS = [
    ["note", "Note (Markdown)"],
    ["scenario", "Scenario (TOML)"],
    ["worlds", "Worlds (CSV)"],
    ["results", "Results (JSON)"],
  ];

  // What is shared of a page that has an address: { label, note, of(what follows `#`) }.
  const LINK = {
    label: "Link to this setting",
    note: "It holds every setting, the seed and the version. Opened with this page, it shows the same numbers.",
    of: (address) => `${location.href.split("#")[0]}#${address}`,
  };

  // Fills the part "Save or share"; `take(what)` asks the host for an export.
  function save(store, take, share = LINK) {
    const link = make("input", { type: "text", readonly: true, id: "link", "aria-describedby": "link-note" });
    const said = make("span", { role: "status", class: "note" });
    const copy = make("button", { type: "button" }, "Copy");
    link.addEventListener("focus", () => link.select());
    copy.addEventListener("click", () => copied(link, said));
    const buttons = EXPORTS.map(([what, label]) => {
      const button = make("button", { type: "button", "data-export": what }, label);
      button.addEventListener("click", async () => {
        said.textContent = "";
        try {
          download(await take(what));
        } catch (error) {
          said.textContent = error.message;
        }
      });
      return button;
    });
    const frozen = make("button", { type: "button", "data-export": "page" }, "This page as it stands (HTML)");
    frozen.addEventListener("click", () => download(freeze(store)));
    byId("save-body").append(
      make("label", { for: "link" }, share.label),
      make("div", { class: "link-row" }, link, copy, said),
      make("p", { class: "note", id: "link-note" }, coded(share.note)),
      make("p", { class: "buttons" }, buttons, frozen),
      make(
        "p",
        { class: "note" },
        coded("Each figure has a button that saves it as SVG. `mufakat run` reads the scenario and gives the same numbers."),
      ),
    );
    return {
      update() {
        link.value = share.of(store.address());
      },
    };
  }

  // Words between backticks are code.
  const coded = (words) => words.split("`").map((part, at) => (at % 2 ? make("code", {}, part) : part));

  async function copied(link, said) {
    try {
      await navigator.clipboard.writeText(link.value);
      said.textContent = "Copied.";
    } catch {
      link.focus();
      link.select();
      said.textContent = "Press Ctrl+C to copy.";
    }
  }

  function download({ name, type, text }) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = make("a", { href: address, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  // The rules of the page's stylesheet that a drawing needs, for light paper.
  function drawingStyle() {
    const rules = Array.from(document.styleSheets).flatMap((sheet) => Array.from(sheet.cssRules));
    const wanted = rules.filter((rule) => rule.selectorText === ":root" || /^svg\b/.test(rule.selectorText || ""));
    return wanted.map((rule) => rule.cssText).join("\n");
  }

  function saveFigure(figure) {
    const drawn = figure.querySelector("svg").cloneNode(true);
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = drawingStyle();
    drawn.prepend(style);
    const [, , width, height] = (drawn.getAttribute("viewBox") || "0 0 440 300").split(" ");
    drawn.setAttribute("width", width);
    drawn.setAttribute("height", height);
    const name = figure.id.replace(/^(now|then|found)-/, "");
    download({ name: `${name}.svg`, type: "image/svg+xml", text: new XMLSerializer().serializeToString(drawn) });
  }

  // The right side without what moves it, as a file that needs nothing.
  function freeze(store) {
    const main = byId("main").cloneNode(true);
    for (const gone of main.querySelectorAll(
      ".tools, .status, .controls, .save, .figure-tools button, .phone-only, .walk, .switch, .panel-head select, button, [hidden]",
    ))
      gone.remove();
    for (const live of main.querySelectorAll("[aria-live], [aria-busy]")) {
      live.removeAttribute("aria-live");
      live.removeAttribute("aria-busy");
    }
    for (const open of main.querySelectorAll("details")) open.removeAttribute("open");
    const page = document.implementation.createHTMLDocument(document.title);
    page.documentElement.lang = "en";
    page.documentElement.className = document.documentElement.className;
    const head = [
      make("meta", { charset: "utf-8" }),
      make("meta", {
        "http-equiv": "Content-Security-Policy",
        content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
      }),
      make("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      make("style", {}, Array.from(document.querySelectorAll("style"), (style) => style.textContent).join("\n")),
    ];
    page.head.prepend(...head);
    const { opened, setting } = store;
    const place = make("div", { class: "explorer frozen" }, byId("explorer").querySelector("header").cloneNode(true), main);
    place.append(
      make(
        "footer",
        {},
        make(
          "p",
          {},
          `A page of mufakat ${opened.version}, as it stood. Scenario ${opened.hash}, seed ${setting.seed}, ${setting.worlds} worlds.`,
        ),
        make("p", {}, "The setting: ", make("code", {}, `#${store.address()}`)),
      ),
    );
    page.body.append(place);
    return { name: `${fileName(store)}.html`, type: "text/html", text: `<!DOCTYPE html>\n${page.documentElement.outerHTML}\n` };
  }

  // Names the scenario, the arm and what is set, as far as a file name goes.
  function fileName({ opened, setting }) {
    const sets = Object.entries(setting.sets).map(([path, value]) => `${path.split(".").slice(-2).join(".")}=${value}`);
    const name = [opened.scenario, setting.arm, ...sets]
      .filter(Boolean)
      .join("_")
      .replace(/[^A-Za-z0-9._=-]+/g, "-")
      .replace(/^[-.]+/, "");
    return name.slice(0, 120);
  }

  mufakat.save = save;
  mufakat.saveFigure = saveFigure;
  mufakat.freeze = freeze;
})();
