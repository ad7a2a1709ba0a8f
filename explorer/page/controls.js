// The left side: what is decided and, apart from it, what nobody decides.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill, byId, count } = mufakat.dom;

  const FIRST = 10;
  const FOUND = 12;

  // Builds the side over a store: { update() }.
  function controls(store) {
    const { opened } = store;
    const made = new Map();
    const control = (spec) => {
      if (!made.has(spec.path)) made.set(spec.path, mufakat.control(spec, store));
      return made.get(spec.path);
    };
    const accord = chooser(store);
    const decided = make("div", { class: "groups" });
    const nobody = uncertain(opened, control, store);
    const runs = worlds(store);
    byId("controls").append(
      jumps(opened),
      make(
        "section",
        { "aria-labelledby": "decided-title" },
        make("h2", { id: "decided-title", tabindex: "-1" }, "What people decide"),
        accord.element,
        decided,
      ),
      nobody.element,
      ...(several(opened) ? [mufakat.find(store)] : []),
      runs.element,
    );
    let arm = null;
    return {
      order: nobody.order,
      update() {
        accord.update();
        if (arm !== store.setting.arm) {
          arm = store.setting.arm;
          decided.replaceChildren(...groups(opened.decided[arm] || [], control));
        }
        nobody.update();
        runs.update();
        for (const one of made.values()) one.update();
      },
    };
  }

  // With one way to negotiate there is nothing to choose, and nothing that a search would compare.
  const several = (opened) => opened.arms.length > 1;

  // From part to part: the side is long.
  function jumps(opened) {
    const to = (id, label) => make("button", { type: "button", class: "quiet", "data-action": "jump", "data-to": id }, label);
    return make(
      "nav",
      { class: "jumps", "aria-label": "Parts of what can be changed" },
      to("decided-title", "Decided"),
      to("uncertain-title", "Not decided"),
      several(opened) && to("find-title", "Search"),
      to("runs-title", "Worlds"),
    );
  }

  // Controls under the names of their groups, in the order in which those come; a group can be folded.
  function groups(specs, control) {
    const names = [...new Set(specs.map((spec) => spec.group))];
    return names.map((name) =>
      make(
        "details",
        { class: "group", open: true },
        make("summary", {}, name ? name[0].toUpperCase() + name.slice(1) : "More"),
        specs.filter((spec) => spec.group === name).map((spec) => control(spec).element),
      ),
    );
  }

  // Which accord is looked at, what it is compared with, and what else is played.
  function chooser(store) {
    const { arms } = store.opened;
    if (!several(store.opened)) {
      const only = `This scenario has one way to negotiate, ${arms[0].title || arms[0].name}: there is no accord to compare it with.`;
      return { element: make("p", { class: "note" }, only), update() {} };
    }
    const option = (arm) => make("option", { value: arm.name }, arm.title || arm.name);
    const arm = make("select", { id: "arm" }, arms.map(option));
    const reference = make("select", { id: "reference" }, arms.map(option));
    const what = make("p", { class: "note" });
    arm.addEventListener("change", () => {
      const { reference: against, arm: was } = store.setting;
      store.put({ arm: arm.value, reference: against === arm.value && was ? was : against });
    });
    reference.addEventListener("change", () => {
      const { reference: was, arm: looked } = store.setting;
      store.put({ reference: reference.value, arm: looked === reference.value ? was : looked });
    });
    const others = arms.map((one) => {
      const box = make("input", { type: "checkbox", value: one.name });
      box.addEventListener("change", () => {
        const chosen = others.filter((each) => each.box.checked && !each.label.hidden);
        store.put({ others: chosen.map((each) => each.box.value) });
      });
      return { box, label: make("label", {}, box, " ", one.title || one.name) };
    });
    return {
      element: make(
        "div",
        { class: "control" },
        make("label", { for: "arm" }, "The accord"),
        arm,
        what,
        make("label", { for: "reference" }, "Compared with"),
        reference,
        make(
          "details",
          {},
          make("summary", {}, "Play further options beside it"),
          make(
            "div",
            { class: "boxes", role: "group", "aria-label": "Further options" },
            others.map((one) => one.label),
          ),
        ),
      ),
      update() {
        const { setting } = store;
        arm.value = setting.arm;
        reference.value = setting.reference;
        fill(what, (arms.find((one) => one.name === setting.arm) || {}).what || "");
        for (const { box, label } of others) {
          box.checked = setting.others.includes(box.value);
          label.hidden = box.value === setting.arm || box.value === setting.reference;
        }
      },
    };
  }

  // The ten that matter most, those that were changed, and a search for the others.
  function uncertain(opened, control, store) {
    let first = opened.uncertain.slice(0, FIRST);
    let others = opened.uncertain.slice(FIRST);
    const by = make("span", {}, opened.ranked && [" The order is from ", make("code", {}, opened.ranked), "."]);
    const top = make(
      "div",
      { class: "groups" },
      first.map((spec) => control(spec).element),
    );
    const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
    const found = make("div", { class: "found", id: "search-found" });
    const said = make("p", { class: "note", role: "status" });
    const look = () => {
      const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const matching = asked.length === 0 ? [] : others.filter((spec) => asked.every((word) => wordsOf(spec).includes(word)));
      const changed = others.filter((spec) => spec.path in store.setting.sets);
      const shown = [...new Set([...changed, ...matching.slice(0, FOUND)])].map((spec) => control(spec));
      const elements = shown.map((one) => one.element);
      // Nothing moves as long as the same are shown, so that whoever drags one goes on.
      if (elements.length !== found.children.length || elements.some((one, at) => found.children[at] !== one))
        found.replaceChildren(...elements);
      for (const one of shown) one.update();
      said.textContent = sentence(asked, matching.length);
    };
    const sentence = (asked, matching) => {
      if (asked.length === 0) return `${count(others.length)} further numbers can be found by their words: a state, a supplier, a term.`;
      if (matching === 0) return "Nothing has all of these words.";
      return matching > FOUND ? `The first ${FOUND} of ${count(matching)}. A further word narrows it.` : `${count(matching)} found.`;
    };
    search.addEventListener("input", look);
    const element = make(
      "section",
      { "aria-labelledby": "uncertain-title" },
      make("h2", { id: "uncertain-title", tabindex: "-1" }, "What nobody decides"),
      make("p", { class: "note" }, `What matters most comes first. Each world draws a value; move one, and every world has yours.`, by),
      top,
      others.length > 0 && make("div", { class: "search" }, make("label", { for: "search" }, "Find another number"), search, said, found),
    );
    // What goes most with the answer comes first; whoever is at one of them keeps the order that is there.
    const order = ({ by: method, paths }) => {
      if (element.contains(document.activeElement)) return;
      const place = new Map(paths.map((path, at) => [path, at]));
      const at = (spec) => (place.has(spec.path) ? place.get(spec.path) : paths.length);
      const all = [...opened.uncertain].sort((one, other) => at(one) - at(other));
      [first, others] = [all.slice(0, FIRST), all.slice(FIRST)];
      top.replaceChildren(...first.map((spec) => control(spec).element));
      for (const spec of first) control(spec).update();
      by.textContent = ` The order is from the ${method}.`;
      look();
    };
    return { element, order, update: others.length > 0 ? look : () => {} };
  }

  function wordsOf(spec) {
    return `${spec.label} ${spec.path} ${spec.group || ""} ${spec.help || ""}`.toLowerCase();
  }

  // How many worlds, and which.
  function worlds(store) {
    const field = (id, min, max, key) => {
      const input = make("input", { type: "number", id, min, max, step: 1 });
      input.addEventListener("change", () => {
        const value = Math.min(max, Math.round(Number(input.value)));
        const good = input.value !== "" && value >= min;
        input.value = good ? value : store.setting[key];
        if (good) store.put({ [key]: value });
      });
      return input;
    };
    const many = field("worlds-count", 1, mufakat.address.most(store.opened), "worlds");
    const seed = field("seed", 0, Number.MAX_SAFE_INTEGER, "seed");
    return {
      element: make(
        "section",
        { "aria-labelledby": "runs-title" },
        make("h2", { id: "runs-title", tabindex: "-1" }, "Worlds"),
        make("p", { class: "note" }, "More worlds, surer numbers. Another seed draws other worlds."),
        make("div", { class: "two" }, make("label", { for: "worlds-count" }, "Worlds"), many, make("label", { for: "seed" }, "Seed"), seed),
      ),
      update() {
        if (document.activeElement !== many) many.value = store.setting.worlds;
        if (document.activeElement !== seed) seed.value = store.setting.seed;
      },
    };
  }

  mufakat.controls = controls;
})();
