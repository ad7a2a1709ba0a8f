// A link that holds all settings: explorer/README.md, "Addresses".
(function () {
  "use strict";
  const mufakat = window.mufakat;

  // The part of an address after `#`.
  function write(setting, view, opened) {
    const parts = new URLSearchParams();
    if (setting.arm) parts.append("arm", setting.arm);
    parts.append("reference", setting.reference);
    for (const other of setting.others) parts.append("other", other);
    parts.append("seed", setting.seed);
    parts.append("worlds", setting.worlds);
    parts.append("version", opened.version);
    parts.append("scenario", opened.hash);
    for (const [path, value] of Object.entries(setting.sets)) parts.append("set", `${path}:${value}`);
    for (const key of ["reader", "state", "figure", "world"]) {
      if (view[key] !== null && view[key] !== undefined) parts.append(key, view[key]);
    }
    return parts.toString();
  }

  // What an address says, over what the page opens with, and in sentences what of it does not fit this page.
  function read(hash, setting, view, opened) {
    const parts = new URLSearchParams(hash.replace(/^#/, ""));
    const notices = [];
    const read = {
      setting: { ...setting, others: parts.getAll("other"), sets: {} },
      view: { ...view },
      notices,
    };
    const known = (name) => opened.arms.some((arm) => arm.name === name);
    for (const key of ["arm", "reference"]) {
      const name = parts.get(key);
      if (name === null) continue;
      if (known(name)) read.setting[key] = name;
      else notices.push(`The link speaks of an arm “${name}” that this scenario does not have.`);
    }
    read.setting.others = read.setting.others.filter(known);
    const seed = whole(parts.get("seed"), Number.MAX_SAFE_INTEGER);
    if (seed !== null) read.setting.seed = seed;
    const worlds = whole(parts.get("worlds"), most(opened));
    if (worlds) read.setting.worlds = worlds;
    for (const one of parts.getAll("set")) {
      const colon = one.indexOf(":");
      if (colon > 0) read.setting.sets[one.slice(0, colon)] = one.slice(colon + 1);
      else notices.push(`The link has “${one}”, which is no value of a path.`);
    }
    readView(parts, read.view, opened);
    if (read.view.world !== null && read.view.world >= read.setting.worlds) {
      notices.push(`The link tells world ${read.view.world}, which is none of the ${read.setting.worlds} here.`);
      read.view.world = null;
    }
    notices.push(...differs(parts, opened));
    return read;
  }

  function readView(parts, view, opened) {
    if (["adviser", "investor", "vendor"].includes(parts.get("reader"))) view.reader = parts.get("reader");
    if (opened.states.some((state) => state.id === parts.get("state"))) view.state = parts.get("state");
    if (parts.get("figure")) view.figure = parts.get("figure");
    view.world = whole(parts.get("world"), most(opened));
  }

  // Most worlds that a reader may ask for: more than that a browser does not keep.
  const most = (opened) => Math.max(100000, opened.worlds);

  function whole(text, most) {
    return text !== null && /^\d+$/.test(text) && Number(text) <= most ? Number(text) : null;
  }

  function differs(parts, opened) {
    const notices = [];
    const version = parts.get("version");
    if (version && version !== opened.version) {
      notices.push(`The link was made by version ${version}, this page is version ${opened.version}: numbers may differ.`);
    }
    const hash = parts.get("scenario");
    if (hash && hash !== opened.hash)
      notices.push("The link was made from another scenario, or another edition of this one: numbers will differ.");
    return notices;
  }

  mufakat.address = { write, read, most };
})();
