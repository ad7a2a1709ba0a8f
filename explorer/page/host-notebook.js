// The host within a notebook. The page is a document of its own in a frame; a port leads to the widget around it (notebook.js), and that asks the kernel.
// The widget sends { theme, now, link } with the port; through it { id, message, last }, { theme }, { now } and { lost }, where a message is JSON.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const hosts = (mufakat.hosts = mufakat.hosts || {});
  // A page that changes no more is worth a picture after so long.
  const STILL_MS = 1500;

  function notebook() {
    const waiting = new Map();
    let last = 0;
    let given = null;
    let moved = () => {};
    const connected = new Promise((resolve) => {
      addEventListener("message", function first({ source, data, ports }) {
        if (source !== window.parent || ports.length !== 1) return;
        removeEventListener("message", first);
        given = data;
        dress(data.theme);
        ports[0].onmessage = heard;
        resolve(ports[0]);
      });
    });

    function heard({ data }) {
      if (data.theme) dress(data.theme);
      if (data.now) moved(data.now);
      if (data.lost) for (const id of [...waiting.keys()]) tell(id, { error: { message: data.lost, lost: true } }, true);
      if (data.message) tell(data.id, JSON.parse(data.message), data.last);
    }

    function tell(id, message, last) {
      const asked = waiting.get(id);
      if (!asked) return;
      if (last || message.error) waiting.delete(id);
      if (message.error) asked.failed(refusal(message.error));
      else asked.got(message);
    }

    const send = (message) => connected.then((port) => port.postMessage(message));

    // A call with any number of messages; cancelled, none comes any more.
    function stream(call, body, got, failed) {
      last += 1;
      const id = last;
      waiting.set(id, { got, failed });
      send({ id, call, body: JSON.stringify(body) });
      return { cancel: () => waiting.delete(id) && send({ cancel: id }) };
    }

    const once = (call, body) => new Promise((resolve, reject) => stream(call, body, resolve, reject));

    return {
      async open() {
        const opened = await once("open", {});
        document.title = opened.title || opened.scenario;
        return opened;
      },
      show: (setting, view, worlds) => once("show", { setting, view, worlds }),
      export: (setting, worlds, what, view) => once("export", { setting, worlds, what, view }),
      answer: (setting, view, on) => stream("answer", { setting, view }, on.frame, on.error),
      find(setting, find, on) {
        const got = (message) => (typeof message.done === "number" ? on.progress(message.done) : on.found(message));
        return stream("find", { setting, find }, got, on.error);
      },
      order: (setting, worlds) => once("order", { setting, worlds }),
      // In place of a link: a page in a notebook has no address.
      share: {
        label: "Python that opens this setting",
        note: "It holds every setting, the seed and the version. `s` is the scenario; a link from another page of the explorer does as well.",
        of: (address) => `s.explore("${address}")`,
      },
      // The setting of the page is that of the widget in Python, whichever of the two changes it.
      attach(app) {
        const { store } = app;
        const drawn = app.changed;
        let following = false;
        app.changed = (what) => {
          drawn(what);
          if (what !== "preview" && !following) send({ now: { setting: store.setting, view: store.view } });
        };
        moved = ({ setting, view }) => {
          following = true;
          if (!mufakat.settings.same(setting, store.setting)) store.put(setting);
          if (Object.keys(store.view).some((key) => view[key] !== store.view[key])) store.look(view);
          following = false;
        };
        if (given.link) app.load(given.link.replace(/^[^#]*#/, ""));
        else {
          moved(given.now);
          drawn("setting");
        }
        pictured(store, (picture) => send({ picture }));
      },
    };
  }

  const refusal = ({ message, findings, lost }) => Object.assign(new Error(message), { findings, lost });

  // In the colours of the notebook, which need not be those of the system.
  let dark = null;
  function dress(theme) {
    dark =
      dark ||
      Array.from(document.styleSheets)
        .flatMap((sheet) => Array.from(sheet.cssRules))
        .filter(({ media }) => media && /prefers-color-scheme: dark/.test(media.mediaText));
    for (const rule of dark) rule.media.mediaText = theme === "dark" ? "all" : "not all";
    document.documentElement.style.colorScheme = theme;
  }

  // The page as it stands, whenever all worlds are played and nothing moves: what a notebook shows that is opened without a kernel.
  function pictured(store, take) {
    const status = document.getElementById("status");
    let waits = null;
    new MutationObserver(() => {
      clearTimeout(waits);
      if (status.dataset.finished) waits = setTimeout(() => take(mufakat.freeze(store).text), STILL_MS);
    }).observe(status, { attributes: true });
  }

  hosts.notebook = notebook;
})();
