// Buttons within what frames bring, and keys.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { byId } = mufakat.dom;

  function actions(app) {
    const { store, view } = app;
    const acts = {
      undo: () => store.undo(),
      redo: () => store.redo(),
      "reset-all": () => store.reset(),
      pin: () => view.pin(),
      unpin: () => view.unpin(),
      "pin-back": () => store.put(view.pinned.setting),
      drawer: () => drawer(),
      skip(button, event) {
        event.preventDefault();
        byId("answer").focus();
      },
      jump(button) {
        byId(button.dataset.to).scrollIntoView();
        byId(button.dataset.to).focus({ preventScroll: true });
      },
      svg: (button) => mufakat.saveFigure(button.closest("figure")),
      chip(button) {
        const { path, key } = button.dataset;
        if (path) store.set(path, null);
        else store.put({ [key]: store.first[key] });
        byId("answer").focus({ preventScroll: true });
      },
      "find-apply": () => store.put({ sets: { ...store.setting.sets, ...view.found.result.sets } }),
      "find-walk"() {
        mufakat.walkThrough(view.found.result.worlds);
        byId("world-title").focus();
      },
      "find-close": () => mufakat.stopFinding(),
    };
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-action]");
      if (button && acts[button.dataset.action]) acts[button.dataset.action](button, event);
    });
    document.addEventListener("keydown", (event) => keys(event, store));
    window.addEventListener("hashchange", () => {
      if (location.hash.includes("=") && location.hash !== `#${store.address()}`) app.load(location.hash);
    });
  }

  // On a phone, what can be changed.
  function drawer() {
    const open = document.documentElement.classList.toggle("changing");
    byId("drawer").setAttribute("aria-expanded", String(open));
    byId("drawer").textContent = open ? "Back to the answer" : "Change something";
    const to = byId(open ? "controls" : "answer");
    to.scrollIntoView();
    to.focus({ preventScroll: true });
  }

  const writing = (target) => target.matches("textarea, select, input:not([type=range]):not([type=checkbox]):not([type=radio])");

  function keys(event, store) {
    if (!(event.target instanceof Element) || writing(event.target) || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const undo = command && key === "z" && !event.shiftKey;
    const redo = command && ((key === "z" && event.shiftKey) || key === "y");
    const step = { "[": -1, "]": 1 }[event.key];
    if (undo) store.undo();
    else if (redo) store.redo();
    else if (step && !command) mufakat.step(step);
    else return;
    event.preventDefault();
  }

  mufakat.actions = actions;
})();
