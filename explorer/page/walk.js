// One world at a time: from world to world, through all of them or those that were found.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, count } = mufakat.dom;

  function walk(store) {
    // Worlds that were found; null: all.
    let list = null;
    const button = (label, keys, act) => {
      const one = make("button", { type: "button", "aria-keyshortcuts": keys }, label);
      one.addEventListener("click", act);
      return one;
    };
    const field = make("input", { type: "number", id: "world-number", min: 0, step: 1 });
    field.addEventListener("change", () => {
      const world = Math.round(Number(field.value));
      if (field.value !== "" && world >= 0 && world < store.setting.worlds) store.look({ world });
      else field.value = store.view.world === null ? "" : store.view.world;
    });
    const back = button("Back", "[", () => step(-1));
    const on = button("Next", "]", () => step(1));
    const close = button("Close", null, () => store.look({ world: null }));
    const all = button("All worlds again", null, () => {
      list = null;
      store.look({});
    });
    const where = make("span", { class: "note" });

    function step(by) {
      const { world } = store.view;
      const last = store.setting.worlds - 1;
      if (list) {
        const at = world === null ? (by > 0 ? -1 : 0) : list.indexOf(world);
        store.look({ world: list[(at + by + list.length) % list.length] });
        return;
      }
      const next = world === null ? 0 : world + by;
      store.look({ world: Math.min(last, Math.max(0, next)) });
    }

    mufakat.step = step;
    mufakat.walkThrough = (worlds) => {
      list = worlds.slice();
      store.look({ world: list[0] });
    };
    return {
      always: true,
      empty: "Each world is one draw of what nobody decides. Go from one to the next, and each is told as a story.",
      element: make(
        "div",
        { class: "walk", role: "group", "aria-label": "Tell one world" },
        make("label", { for: "world-number" }, "World"),
        field,
        back,
        on,
        close,
        where,
        all,
      ),
      update() {
        const { world } = store.view;
        field.max = store.setting.worlds - 1;
        if (document.activeElement !== field) field.value = world === null ? "" : world;
        close.hidden = world === null;
        all.hidden = list === null;
        const at = list && world !== null ? list.indexOf(world) + 1 : 0;
        where.textContent = list
          ? at > 0
            ? `${count(at)} of ${count(list.length)} found`
            : `${count(list.length)} found`
          : `0 to ${count(store.setting.worlds - 1)}`;
      },
    };
  }

  mufakat.walk = walk;
})();
