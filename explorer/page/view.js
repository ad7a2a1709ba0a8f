// The right side: the answer in a sentence, panels, how far the worlds are played, and a pinned setting beside it all.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill, byId, count } = mufakat.dom;
  const { blocks, text } = mufakat.blocks;

  const READERS = [
    ["adviser", "an adviser"],
    ["investor", "an investor"],
    ["vendor", "a vendor"],
  ];
  // Paragraphs below the sentence.
  const LEAD = 3;
  const PANELS = ["states", "causes", "figure", "reading", "worlds", "world"];
  const TITLES = {
    states: "Who gains and who loses",
    causes: "What makes the difference",
    figure: "A second figure",
    reading: "The same for a reader",
    worlds: "World by world",
    world: "One world",
  };

  function view(store) {
    const panels = new Map(PANELS.map((id) => [id, panel(id, heads[id] && heads[id](store))]));
    const found = mufakat.foundPanel();
    byId("panels").append(found.element, ...Array.from(panels.values(), (one) => one.element));
    let frame = null;
    let pinned = null;

    const showPanels = (shown, side) => {
      const given = new Map(shown.panels.map((one) => [one.id, one]));
      for (const [id, one] of panels) one.show(given.get(id), side);
    };

    return {
      found,
      get frame() {
        return frame;
      },
      get pinned() {
        return pinned;
      },
      // A run begins: what is shown is of before, until its first frame comes.
      begin(run) {
        document.documentElement.dataset.run = run;
        busy(true);
        const status = byId("status");
        status.removeAttribute("data-finished");
        status.textContent = "Playing.";
        byId("progress").removeAttribute("value");
        if (frame) stale("This was the answer before your last change. The new one is on its way.");
      },
      // A slider is still held.
      awaits() {
        if (frame) stale("This is the answer before your change. Let go to see the new one.");
      },
      fresh,
      show(next, run) {
        frame = next;
        fresh();
        problem(null);
        fill(byId("sentence"), text(frame.sentence));
        fill(byId("lead"), more(frame.lead));
        showPanels(frame, "now");
        for (const one of panels.values()) one.update(frame);
        byId("brief").textContent = brief(frame);
        const status = byId("status");
        byId("progress").max = frame.of;
        byId("progress").value = frame.worlds;
        if (frame.finished) {
          status.textContent = frame.of === 1 ? "The one world is played." : `All ${count(frame.of)} worlds played.`;
          status.dataset.finished = run;
          busy(false);
        } else {
          status.textContent = `${count(frame.worlds)} of ${count(frame.of)} worlds played.`;
        }
      },
      // What cannot be done, and what is wrong; the answer that stays is marked as one of before.
      fail(error, run) {
        problem(error);
        busy(false);
        if (frame) stale("This is the answer before your last change, which cannot be played.");
        byId("status").textContent = error.lost ? "Nothing can be played now." : "This setting cannot be played.";
        byId("status").dataset.finished = run;
        byId("progress").value = 0;
      },
      // Settings that are set, as chips and in the heads of panels.
      update() {
        chips(byId("chips"), mufakat.settings.changes(store, store.setting), true);
        byId("undo").setAttribute("aria-disabled", String(!store.canUndo()));
        byId("redo").setAttribute("aria-disabled", String(!store.canRedo()));
        byId("reset-all").hidden = mufakat.settings.changes(store, store.setting).length === 0;
        for (const one of panels.values()) one.update(frame);
      },
      pin() {
        pinned = frame && { setting: JSON.parse(JSON.stringify(store.setting)), frame };
        showPinned();
      },
      unpin() {
        pinned = null;
        showPinned();
        byId("pin").focus();
      },
      // The pinned setting as a changed view has it.
      repin(next) {
        if (!pinned) return;
        pinned.frame = next;
        showPinned();
      },
    };

    function showPinned() {
      const then = byId("answer-then");
      const on = pinned !== null;
      document.documentElement.classList.toggle("paired", on);
      then.hidden = !on;
      byId("answer-now").querySelector(".side").hidden = !on;
      byId("pin").textContent = on ? "Pin this instead" : "Pin to compare";
      if (!on) {
        for (const one of panels.values()) one.show(null, "then");
        return;
      }
      const list = make("ul", { class: "chips", "aria-label": "Changed in the pinned setting" });
      chips(list, mufakat.settings.changes(store, pinned.setting), false);
      if (list.children.length === 0) list.append(make("li", {}, "The scenario as it was opened"));
      fill(
        then,
        make("h3", { class: "side" }, "Pinned"),
        list,
        make("div", { class: "lead" }, make("p", {}, text(pinned.frame.sentence))),
        make("div", { class: "more" }, more(pinned.frame.lead)),
        make(
          "p",
          { class: "buttons" },
          make("button", { type: "button", "data-action": "pin-back" }, "Go back to it"),
          " ",
          make("button", { type: "button", "data-action": "unpin" }, "Take it away"),
        ),
      );
      showPanels(pinned.frame, "then");
    }
  }

  // What else is said of the answer: the first of it, and the rest behind a summary.
  function more(lead) {
    const said = lead.map((one) => make("p", {}, text(one)));
    const rest = said.slice(LEAD);
    return [said.slice(0, LEAD), rest.length > 0 && make("details", {}, make("summary", {}, "More on the answer"), rest)];
  }

  // The answer in a line, for where the controls leave room for no more.
  function brief({ headline, worlds, of, finished }) {
    const better = headline && headline.better !== null ? `Better in ${often(headline.better, worlds)} worlds. ` : "";
    return `${better}${finished ? count(of) : `${count(worlds)} of ${count(of)}`} played.`;
  }

  // A share of worlds: all of few as they are, many as of 100, of which none and all are what they say.
  function often(share, worlds) {
    if (worlds < 100) return `${Math.round(share * worlds)} of ${worlds}`;
    const rounded = Math.round(100 * share);
    if (rounded === 100 && share < 1) return "more than 99 of 100";
    if (rounded === 0 && share > 0) return "fewer than 1 of 100";
    return `${rounded} of 100`;
  }

  function busy(is) {
    for (const id of ["answer", "panels"]) byId(id).setAttribute("aria-busy", String(is));
  }

  function stale(why) {
    byId("stale").textContent = why;
    byId("stale").hidden = false;
    byId("answer-now").classList.add("stale");
    byId("panels").classList.add("stale");
  }

  function fresh() {
    byId("stale").hidden = true;
    byId("answer-now").classList.remove("stale");
    byId("panels").classList.remove("stale");
  }

  function problem(error) {
    fill(
      byId("problem"),
      error && make("p", {}, make("strong", {}, error.message)),
      error && (error.findings || []).length > 0 && make("ul", {}, error.findings.map(finding)),
      error && !error.lost && make("p", {}, "Undo your last change, or reset it."),
    );
    byId("problem").hidden = !error;
  }

  function finding(one) {
    return make("li", {}, one.path && [make("code", {}, one.path), ": "], one.message, one.help && [make("br"), one.help]);
  }

  // The changes, each with a way back.
  function chips(list, changes, undo) {
    fill(
      list,
      changes.map((one) =>
        make(
          "li",
          {},
          make("span", {}, `${one.label}: `, one.from && `${one.from} → `, make("strong", {}, one.to)),
          undo &&
            make(
              "button",
              {
                type: "button",
                class: "quiet",
                "data-action": "chip",
                "data-path": one.path,
                "data-key": one.key,
                "aria-label": `Undo: ${one.label}`,
              },
              "undo",
            ),
        ),
      ),
    );
  }

  // A panel: a title, what is chosen in it, and its blocks, beside those of the pinned setting.
  function panel(id, head) {
    const title = make("h2", { id: `${id}-title`, tabindex: "-1" }, TITLES[id]);
    const now = make("div", { class: "now" });
    const then = make("div", { class: "then", hidden: true });
    const element = make(
      "section",
      { class: "panel", id: `panel-${id}`, "aria-labelledby": `${id}-title` },
      make("div", { class: "panel-head" }, title, head && head.element),
      make("div", { class: "pair" }, now, then),
    );
    element.hidden = true;
    return {
      element,
      show(given, side) {
        const part = side === "now" ? now : then;
        if (side === "now") {
          element.hidden = !given && !(head && head.always);
          if (given && given.title) title.textContent = given.title;
        } else {
          part.hidden = !given;
        }
        fill(
          part,
          document.documentElement.classList.contains("paired") &&
            given &&
            make("h3", { class: "side" }, side === "now" ? "Now" : "Pinned"),
          given ? blocks(given.blocks, side) : side === "now" && head && make("p", { class: "note" }, head.empty),
        );
      },
      update: (frame) => head && head.update(frame),
    };
  }

  const heads = {
    figure(store) {
      const select = make("select", { "aria-label": "Which figure" });
      let names = "";
      select.addEventListener("change", () => store.look({ figure: select.value }));
      return {
        always: true,
        empty: "Choose a figure.",
        element: select,
        update(frame) {
          const figures = (frame && frame.figures) || [];
          if (names !== JSON.stringify(figures)) {
            names = JSON.stringify(figures);
            select.replaceChildren(...figures.map((one) => make("option", { value: one.id }, one.title)));
          }
          // One that this setting does not have is none.
          select.value = store.view.figure;
          select.hidden = figures.length === 0;
        },
      };
    },
    reading(store) {
      const radios = READERS.map(([value]) => make("input", { type: "radio", name: "reader", value }));
      for (const radio of radios) radio.addEventListener("change", () => store.look({ reader: radio.value }));
      const state = make(
        "select",
        { id: "reader-state" },
        make("option", { value: "" }, "the region"),
        store.opened.states.map((one) => make("option", { value: one.id }, one.name)),
      );
      state.addEventListener("change", () => store.look({ state: state.value || null }));
      const of = make("label", { class: "of", for: "reader-state" }, "of ", state);
      return {
        element: make(
          "fieldset",
          { class: "switch" },
          make("legend", {}, "Read it as"),
          radios.map((radio, at) => make("label", {}, radio, " ", READERS[at][1])),
          of,
        ),
        update() {
          for (const radio of radios) radio.checked = radio.value === store.view.reader;
          state.value = store.view.state || "";
        },
      };
    },
    worlds: (store) => mufakat.walk(store),
  };

  mufakat.view = view;
})();
