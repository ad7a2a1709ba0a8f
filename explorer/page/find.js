// Questions that the program answers by searching: what is the least, what would keep a state, where does it turn.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill, byId, count } = mufakat.dom;
  const { blocks, text } = mufakat.blocks;

  // The buttons, in a section of the left side. `mufakat.finding`, set by the app, asks the host.
  function find(store) {
    const { opened } = store;
    const select = (label, options) =>
      make(
        "select",
        { "aria-label": label },
        options.map(([value, name]) => make("option", { value }, name)),
      );
    const states = opened.states.map((state) => [state.id, state.name]);
    const row = (label, choices, asked) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => mufakat.finding(asked(), named(label, choices)));
      return make("div", { class: "find-row" }, button, choices);
    };
    const pays = select("The state to keep in", states);
    const loses = select("The state that loses", states);
    const one = select("First slider of the map", []);
    const other = select("Second slider of the map", []);
    // From end to end of what is drawn, or of the slider.
    const axis = (path) => {
      const spec = mufakat.settings.controlOf(opened, path);
      const [from, to] = spec.range || [spec.min, spec.max];
      return { path, from, to };
    };
    // What is asked most: how binding the rules are, against what nobody decides.
    const usual = (numbers) => {
      const binding = numbers.find((spec) => spec.path.endsWith(".binding")) || numbers[0];
      const open = numbers.find((spec) => mufakat.settings.drawn(spec) && spec !== binding);
      return [binding, open || numbers.find((spec) => spec !== binding)];
    };
    const map = row("Map of where the answer turns", [one, other], () => ({
      find: "map",
      first: axis(one.value),
      second: axis(other.value),
    }));
    let arm;
    // The sliders of the map are those of the accord that is looked at.
    mufakat.mapped = () => {
      if (arm === store.setting.arm) return;
      arm = store.setting.arm;
      const numbers = [...(opened.decided[store.setting.arm] || []), ...opened.uncertain].filter((spec) => spec.kind === "number");
      for (const [choice, at] of [
        [one, 0],
        [other, 1],
      ]) {
        const was = choice.value;
        choice.replaceChildren(...numbers.map((spec) => make("option", { value: spec.path }, spec.label)));
        if (numbers.some((spec) => spec.path === was)) choice.value = was;
        else if (numbers.length > 1) choice.value = usual(numbers)[at].path;
      }
      map.hidden = numbers.length < 2;
    };
    mufakat.mapped();
    return make(
      "section",
      { class: "find", "aria-labelledby": "find-title" },
      make("h2", { id: "find-title", tabindex: "-1" }, "Let the program search"),
      make("p", { class: "note" }, "From the setting that you look at. Most take seconds, the best accord up to two minutes."),
      row("The least binding that holds the bloc", [], () => ({ find: "least-binding" })),
      row("What a state needs to stay", [pays], () => ({ find: "payment", state: pays.value })),
      row("Worlds with a loss for", [loses], () => ({ find: "loses", state: loses.value })),
      map,
      row("The best accord from here", [], () => ({ find: "accord" })),
    );
  }

  function named(label, choices) {
    const chosen = choices.map((one) => one.selectedOptions[0].textContent);
    return chosen.length > 1 ? `${label}: ${chosen.join("; ")}` : [label, ...chosen].join(" ");
  }

  // The panel on the right that says what was found: { begin, progress, show, fail }.
  function panel() {
    const body = make("div", { class: "panel-body", "aria-live": "polite" });
    const title = make("h2", { id: "found-title", tabindex: "-1" });
    const cancel = make("button", { type: "button", "data-action": "find-close" }, "Stop");
    const bar = make("progress", { max: 1, "aria-label": "Searched" });
    const element = make(
      "section",
      { class: "panel", id: "found", "aria-labelledby": "found-title", hidden: true },
      make("div", { class: "panel-head" }, title, cancel),
      bar,
      body,
    );
    let result = null;
    return {
      element,
      get result() {
        return result;
      },
      begin(label) {
        result = null;
        element.hidden = false;
        element.setAttribute("aria-busy", "true");
        title.textContent = label;
        cancel.textContent = "Stop";
        bar.hidden = false;
        bar.removeAttribute("value");
        fill(body, make("p", {}, "Searching."));
        title.focus({ preventScroll: true });
        element.scrollIntoView({ block: "nearest" });
      },
      progress(done) {
        bar.value = done;
      },
      show(found) {
        result = found;
        bar.hidden = true;
        cancel.textContent = "Close";
        element.removeAttribute("aria-busy");
        const many = (found.worlds || []).length;
        fill(
          body,
          make("p", { class: "finding" }, text(found.sentence)),
          make(
            "p",
            { class: "buttons" },
            found.sets && make("button", { type: "button", "data-action": "find-apply" }, "Set it so"),
            many > 0 &&
              make(
                "button",
                { type: "button", "data-action": "find-walk" },
                many === 1 ? "Tell this world" : `Walk through the first ${count(many)} of them`,
              ),
          ),
          blocks(found.blocks, "found"),
        );
      },
      fail(message) {
        bar.hidden = true;
        cancel.textContent = "Close";
        element.removeAttribute("aria-busy");
        fill(body, make("p", {}, message));
      },
      close() {
        element.hidden = true;
        byId("answer").focus();
      },
    };
  }

  mufakat.find = find;
  mufakat.foundPanel = panel;
})();
