// What is set and what is looked at, with a way back.
(function () {
  "use strict";
  const mufakat = window.mufakat;

  // A setting and a view of what a host has opened. `changed` is called with "setting", "preview" or "view" after each change.
  function store(opened, changed) {
    const first = {
      arm: opened.arm,
      reference: opened.reference,
      others: [],
      sets: {},
      seed: opened.seed,
      worlds: opened.worlds,
    };
    let setting = copy(first);
    let view = { reader: "adviser", state: null, figure: "members", world: null };
    let past = [];
    let future = [];
    // The setting before a slider began to move.
    let before = null;

    // Makes a setting the present one; what was is kept, unless it is the same.
    function put(next) {
      const was = before || setting;
      before = null;
      setting = next;
      if (!same(was, next)) {
        past.push(was);
        future = [];
      }
      changed("setting");
    }

    function go(from, to) {
      if (from.length === 0) return false;
      to.push(setting);
      setting = from.pop();
      before = null;
      changed("setting");
      return true;
    }

    const withSet = (path, value) => {
      const sets = { ...setting.sets };
      if (value === null) delete sets[path];
      else sets[path] = value;
      return { ...setting, sets };
    };

    return {
      opened,
      first,
      get setting() {
        return setting;
      },
      get view() {
        return view;
      },
      // A value as TOML; null: as the scenario has it.
      set: (path, value) => put(withSet(path, value)),
      // While a slider is dragged: shown, but no step to go back to.
      preview(path, value) {
        before = before || setting;
        setting = withSet(path, value);
        changed("preview");
      },
      put: (parts) => put({ ...copy(setting), ...parts }),
      reset: () => put({ ...copy(first), seed: setting.seed, worlds: setting.worlds }),
      look(parts) {
        view = { ...view, ...parts };
        changed("view");
      },
      undo: () => go(past, future),
      redo: () => go(future, past),
      canUndo: () => past.length > 0,
      canRedo: () => future.length > 0,
      // Reads an address; gives sentences on what does not fit.
      load(hash) {
        const read = mufakat.address.read(hash, first, view, opened);
        view = read.view;
        put(read.setting);
        return read.notices;
      },
      address: (of) => mufakat.address.write(of || setting, view, opened),
    };
  }

  const copy = (setting) => JSON.parse(JSON.stringify(setting));

  function same(one, other) {
    const sorted = (setting) => JSON.stringify({ ...setting, sets: Object.entries(setting.sets).sort() });
    return sorted(one) === sorted(other);
  }

  // All controls of an accord, by path: what is decided first.
  function controls(opened, arm) {
    return [...(opened.decided[arm] || []), ...opened.uncertain];
  }

  function controlOf(opened, path) {
    const arm = /^arm\.([^.]+)\./.exec(path);
    return controls(opened, arm ? arm[1] : opened.arm).find((control) => control.path === path);
  }

  // Whether a value that the scenario has is drawn in every world rather than fixed.
  const drawn = (control) => Array.isArray(control.range);

  // A number in the digits that are worth showing.
  const number = (value) => String(+Number(value).toPrecision(6));

  // The same in three digits, for what is an estimate: 12,300, 0.0457.
  function rough(value) {
    const three = Number(Number(value).toPrecision(3));
    const text = Number.isInteger(value) && Math.abs(value) < 10000 ? String(value) : String(three);
    return (Math.abs(three) >= 10000 ? mufakat.dom.count(text) : text).replace("-", "\u2212");
  }

  // A value of a control as TOML.
  function toToml(control, value) {
    if (control.kind === "members") return `[${value.map((id) => JSON.stringify(id)).join(", ")}]`;
    return control.kind === "choice" ? value : String(value);
  }

  // A TOML value as a control has it; undefined where it is none.
  function fromToml(control, text) {
    if (control.kind === "choice") return text;
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  // Whether a value is that of the scenario, so that nothing need be set. Fixing what is drawn changes it, even at its median.
  function isBase(control, value) {
    const plain = (one) => JSON.stringify(control.kind === "flag" ? Boolean(one) : one);
    return !drawn(control) && plain(value) === plain(control.base);
  }

  // A value of a control in words.
  function said(control, value) {
    switch (control.kind) {
      case "flag":
        return value ? "yes" : "no";
      case "choice": {
        const choice = control.choices.find((one) => one.value === value);
        return choice ? choice.label : String(value);
      }
      case "members":
        return members(control, value);
      default:
        return number(value).replace("-", "\u2212");
    }
  }

  // The value that the scenario has in words.
  const base = (control) =>
    typeof control.base === "number" && control.kind !== "flag" ? rough(control.base) : said(control, control.base);

  function members(control, value) {
    if (!Array.isArray(value)) return String(value);
    if (value.length === control.choices.length) return "all";
    const out = control.choices.map((one) => one.value).filter((id) => !value.includes(id));
    if (out.length < value.length) return `all but ${out.join(", ")}`;
    return value.length === 0 ? "none" : value.join(", ");
  }

  // What differs from the scenario as it was opened: { key, label, from, to }, a path or a key of the setting.
  function changes(store, setting) {
    const { opened, first } = store;
    const title = (name) => (opened.arms.find((arm) => arm.name === name) || { title: name }).title;
    const list = [];
    for (const [key, label] of [
      ["arm", "Accord"],
      ["reference", "Compared with"],
    ]) {
      if (setting[key] !== first[key]) list.push({ key, label, from: title(first[key]), to: title(setting[key]) });
    }
    for (const [path, text] of Object.entries(setting.sets)) {
      const control = controlOf(opened, path);
      if (!control) {
        list.push({ path, label: path, from: "", to: text });
        continue;
      }
      const from = `${drawn(control) ? "drawn, " : ""}${base(control)}`;
      const elsewhere = path.startsWith("arm.") && !path.startsWith(`arm.${setting.arm}.`);
      const label = elsewhere ? `${control.label} (${title(path.split(".")[1])})` : control.label;
      const value = fromToml(control, text);
      list.push({ path, label, from, to: value === undefined ? text : said(control, value) });
    }
    for (const [key, label] of [
      ["seed", "Seed"],
      ["worlds", "Worlds"],
    ]) {
      if (setting[key] !== first[key]) list.push({ key, label, from: String(first[key]), to: String(setting[key]) });
    }
    return list;
  }

  mufakat.settings = { store, same, controlOf, drawn, number, rough, toToml, fromToml, isBase, said, base, changes };
})();
