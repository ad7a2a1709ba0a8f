// Ties host, settings and the two sides together.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill, byId } = mufakat.dom;
  const { text, titles } = mufakat.blocks;

  // Below this a frame is shown while a slider still moves.
  const LIVE_MS = 50;

  async function start() {
    const given = JSON.parse(byId("mufakat-host").textContent);
    try {
      const host = mufakat.hosts[given.kind](given);
      begin(host, await host.open());
    } catch (error) {
      fallBack(error);
    }
  }

  // Where nothing can be played: why, and the report as it was written.
  function fallBack(error) {
    const report = new DOMParser().parseFromString(document.querySelector("noscript").textContent, "text/html");
    const place = byId("fallback");
    place.append(
      make(
        "p",
        { class: "problem", role: "alert" },
        `This page cannot play worlds here: ${error.message} What follows is the report as it was written.`,
      ),
      ...Array.from(report.body.childNodes, (node) => document.importNode(node, true)),
    );
    for (const skip of place.querySelectorAll(".skip")) skip.remove();
    place.hidden = false;
    document.documentElement.dataset.fallback = "";
  }

  function begin(host, opened) {
    for (const arm of opened.arms) titles[arm.name] = arm.title;
    fill(byId("scenario"), opened.title || opened.scenario);
    fill(byId("question"), text(opened.question));
    fill(byId("footer"), make("p", {}, `mufakat ${opened.version}, scenario ${opened.hash}. A scenario, not a forecast.`));
    byId("explorer").hidden = false;

    const app = { host, opened };
    const store = (app.store = mufakat.settings.store(opened, (what) => app.changed && app.changed(what)));
    app.view = mufakat.view(store);
    app.controls = mufakat.controls(store);
    app.runner = runner(app);
    app.save = mufakat.save(store, (what) => host.export(store.setting, worldsOf(app), what, store.view), host.share);
    app.changed = (what) => changed(app, what);
    app.load = (hash) => say(store.load(hash));
    finder(app);
    mufakat.actions(app);
    if (host.attach) host.attach(app);
    else if (location.hash.includes("=")) app.load(location.hash);
    else app.changed("setting");
  }

  const worldsOf = (app) => (app.view.frame ? app.view.frame.worlds : app.store.setting.worlds);

  // What of a link does not fit, until the next one.
  function say(notices) {
    fill(
      byId("notices"),
      notices.length > 0 &&
        make(
          "ul",
          {},
          notices.map((one) => make("li", {}, one)),
        ),
    );
    byId("notices").hidden = notices.length === 0;
  }

  function changed(app, what) {
    app.controls.update();
    app.view.update();
    if (mufakat.mapped) mufakat.mapped();
    if (what === "preview") {
      app.view.awaits();
      app.runner.soon();
      return;
    }
    app.save.update();
    address(app);
    app.runner.ask();
  }

  // The link in the bar, where the browser lets a page change it.
  function address(app) {
    try {
      history.replaceState(null, "", `#${app.store.address()}`);
    } catch {
      // A page within another one has none of its own; "Save or share" has the link.
    }
  }

  // Asks the host for what is set and looked at, once for each change; frames of an older run are not shown.
  function runner(app) {
    const { host, store, view } = app;
    let run = 0;
    let asked = null;
    let under = null;
    // Of the last run, until its first frame; none is known before a reader has changed something.
    let latency = 0;
    let awaited = false;
    let failed = false;
    let waiting = null;
    let frame = null;
    let planned = false;

    const draw = () => {
      planned = false;
      if (!frame || frame.run !== run) return;
      view.show(frame.frame, run);
      order(app);
    };
    const got = (mine, started, next) => {
      if (mine !== run) return;
      if (started !== null && mine > 1) latency = performance.now() - started;
      awaited = false;
      frame = { run: mine, frame: next };
      // A hidden page draws nothing by itself.
      if (document.hidden) draw();
      else if (!planned) {
        planned = true;
        requestAnimationFrame(draw);
      }
    };

    function ask() {
      const next = { setting: JSON.stringify(store.setting), view: JSON.stringify(store.view) };
      if (asked && asked.setting === next.setting && asked.view === next.view) {
        if (!under && !failed) view.fresh();
        return;
      }
      const sameSetting = asked && asked.setting === next.setting && view.frame && view.frame.finished && !under;
      asked = next;
      run += 1;
      const mine = run;
      view.begin(mine);
      if (sameSetting) look(mine);
      else play(mine);
      if (view.pinned) again();
    }

    function play(mine) {
      if (under) under.cancel();
      const started = performance.now();
      let first = true;
      awaited = true;
      failed = false;
      under = host.answer(store.setting, store.view, {
        frame(next) {
          got(mine, first ? started : null, next);
          first = false;
          if (next.finished && mine === run) under = null;
        },
        error(error) {
          if (mine !== run) return;
          under = null;
          failed = true;
          awaited = false;
          view.fail(error, mine);
        },
      });
    }

    // Another view of worlds that are all played.
    async function look(mine) {
      try {
        const next = await host.show(store.setting, store.view, view.frame.worlds);
        got(mine, null, { ...next, finished: true });
      } catch {
        if (mine === run) play(mine);
      }
    }

    // The pinned setting in the view of now.
    async function again() {
      const { setting, frame: was } = view.pinned;
      try {
        const next = await host.show(setting, store.view, was.worlds);
        if (view.pinned && view.pinned.setting === setting) view.repin({ ...next, of: was.of });
      } catch {
        // It stays as it was pinned.
      }
    }

    return {
      ask,
      // While a slider moves: once for each frame of the screen, where the last change was answered in time.
      soon() {
        if (waiting !== null || awaited || latency >= LIVE_MS) return;
        waiting = requestAnimationFrame(() => {
          waiting = null;
          ask();
        });
      },
    };
  }

  // Searches, one at a time.
  function finder({ host, store, view }) {
    let search = null;
    const stop = () => {
      if (search) search.cancel();
      search = null;
    };
    mufakat.finding = (find, label) => {
      stop();
      view.found.begin(label);
      const mine = (search = host.find(store.setting, find, {
        progress: (done) => search === mine && view.found.progress(done),
        found(found) {
          if (search !== mine) return;
          search = null;
          view.found.show(found);
        },
        error(error) {
          if (search !== mine) return;
          search = null;
          view.found.fail(error.message);
        },
      }));
    };
    mufakat.stopFinding = () => {
      stop();
      view.found.close();
    };
  }

  // What nobody decides in the order in which it goes with the answer, once the scenario as it is is played, where no study has said it.
  async function order({ host, opened, store, controls, view }) {
    const { frame } = view;
    if (opened.ranked || !host.order || controls.ordered || !frame || !frame.finished) return;
    controls.ordered = true;
    try {
      controls.order(await host.order(store.setting, frame.worlds));
    } catch {
      // They stay as they are.
    }
  }

  mufakat.start = start;
})();
