// One thing that a reader can change: its input, its base and range, and behind a summary where its value is from.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill } = mufakat.dom;
  const { drawn, number, toToml, fromToml, isBase, said, base, rough } = mufakat.settings;
  let last = 0;

  // A control over a store: { element, path, update() }, which `update` makes say what is set.
  function control(spec, store) {
    const id = `control-${(last += 1)}`;
    const set = (value) => store.set(spec.path, isBase(spec, value) ? null : toToml(spec, value));
    const preview = (value) => store.preview(spec.path, toToml(spec, value));
    const input = (inputs[spec.kind] || number_input)(spec, id, set, preview);
    const reset = make("button", { type: "button", class: "quiet reset", hidden: true, "aria-label": `Reset: ${spec.label}` }, "Reset");
    reset.addEventListener("click", () => {
      store.set(spec.path, null);
      input.focus();
    });
    const state = make("p", { class: "drawn", id: `${id}-drawn` });
    const element = make(
      "div",
      {
        class: `control ${spec.kind}`,
        "data-path": spec.path,
        role: input.grouped ? "group" : null,
        "aria-labelledby": input.grouped ? `${id}-label` : null,
      },
      make(
        "div",
        { class: "control-head" },
        input.grouped ? make("span", { id: `${id}-label`, class: "label" }, spec.label) : input.label,
        reset,
      ),
      input.element,
      state,
      behind(spec),
    );
    return {
      element,
      path: spec.path,
      spec,
      update() {
        const text = store.setting.sets[spec.path];
        const value = text === undefined ? undefined : fromToml(spec, text);
        input.show(value === undefined ? spec.base : value);
        reset.hidden = text === undefined;
        element.classList.toggle("changed", text !== undefined);
        fill(state, ...sentence(spec, text !== undefined));
      },
    };
  }

  // What the base is, and whether every world draws the value.
  function sentence(spec, changed) {
    const unit = spec.unit && spec.unit !== "share" ? ` ${spec.unit}` : "";
    if (drawn(spec)) {
      const [low, high] = spec.range.map(rough);
      const range = `${low} to ${high}${unit} in 90 of 100 worlds, median ${base(spec)}`;
      return [changed ? `Fixed by you in every world. As it was: drawn, ${range}.` : `Drawn for each world: ${range}.`];
    }
    return changed ? [`As it was: ${base(spec)}${unit}.`] : [];
  }

  function behind(spec) {
    const rows = [
      ["Source", spec.source],
      ["Grade", spec.grade],
      ["Note", spec.note],
      ["Unit", spec.unit],
      ["In the scenario", spec.path],
    ].filter(([, value]) => value);
    return make(
      "details",
      {},
      make("summary", { "aria-label": `What it is, source and grade: ${spec.label}` }, "What it is, source and grade"),
      spec.help && make("p", {}, spec.help),
      make(
        "dl",
        {},
        rows.map(([name, value]) => [make("dt", {}, name), make("dd", {}, name === "In the scenario" ? make("code", {}, value) : value)]),
      ),
    );
  }

  // A slider with a number beside it, the range of draws shaded and the base ticked below.
  function number_input(spec, id, set, preview) {
    const step = spec.kind === "count" ? 1 : spec.step || (spec.max - spec.min) / 100;
    const limits = { min: spec.min, max: spec.max };
    const slider = make("input", { type: "range", id, step, ...limits, "aria-describedby": `${id}-drawn` });
    const field = make("input", {
      type: "number",
      step: spec.kind === "count" ? 1 : "any",
      ...limits,
      "aria-label": `${spec.label}, as a number`,
    });
    const unit = spec.unit && spec.unit !== "share" ? spec.unit : "";
    const value = (input) => Number(number(input.value));
    const show = (now) => {
      // What is being typed stays.
      if (document.activeElement !== field || field.value === "") field.value = number(now);
      slider.value = now;
      slider.setAttribute("aria-valuetext", `${number(now)} ${unit}`.trim());
    };
    slider.addEventListener("input", () => {
      field.value = number(slider.value);
      preview(value(slider));
    });
    slider.addEventListener("change", () => set(value(slider)));
    field.addEventListener("change", () => {
      const typed = Number(field.value);
      if (field.value === "" || !Number.isFinite(typed)) {
        field.value = number(slider.value);
        return;
      }
      field.value = number(Math.min(spec.max, Math.max(spec.min, spec.kind === "count" ? Math.round(typed) : typed)));
      set(value(field));
    });
    return {
      label: make("label", { for: id }, spec.label),
      element: make(
        "div",
        { class: "slide" },
        make("div", { class: "track" }, slider, strip(spec)),
        field,
        unit && make("span", { class: "unit", "aria-hidden": "true" }, unit),
      ),
      show,
      focus: () => slider.focus(),
    };
  }

  function strip(spec) {
    const share = (value) => Math.min(1, Math.max(0, (value - spec.min) / (spec.max - spec.min || 1)));
    const strip = make("div", { class: "strip", "aria-hidden": "true" });
    if (drawn(spec)) {
      const band = make("span", { class: "band" });
      band.style.setProperty("--from", share(spec.range[0]));
      band.style.setProperty("--to", share(spec.range[1]));
      strip.append(band);
    }
    if (typeof spec.base === "number") {
      const tick = make("span", { class: "tick" });
      tick.style.setProperty("--from", share(spec.base));
      strip.append(tick);
    }
    return strip;
  }

  function flag(spec, id, set) {
    const box = make("input", { type: "checkbox", id });
    box.addEventListener("change", () => set(box.checked));
    return {
      label: make("label", { for: id }, box, " ", spec.label),
      element: null,
      show: (now) => (box.checked = Boolean(now)),
      focus: () => box.focus(),
    };
  }

  function choice(spec, id, set) {
    const select = make(
      "select",
      { id },
      spec.choices.map((one) => make("option", { value: one.value }, one.label)),
    );
    select.addEventListener("change", () => set(select.value));
    const show = (now) => {
      if (!spec.choices.some((one) => one.value === now) && select.value !== now) select.append(make("option", { value: now }, now));
      select.value = now;
    };
    return { label: make("label", { for: id }, spec.label), element: select, show, focus: () => select.focus() };
  }

  function members(spec, id, set) {
    const boxes = spec.choices.map((one) => make("input", { type: "checkbox", value: one.value }));
    const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
    for (const box of boxes) box.addEventListener("change", () => set(chosen()));
    return {
      grouped: true,
      element: make(
        "div",
        { class: "boxes" },
        boxes.map((box, at) => make("label", {}, box, " ", spec.choices[at].label)),
      ),
      show: (now) => boxes.forEach((box) => (box.checked = Array.isArray(now) && now.includes(box.value))),
      focus: () => boxes[0] && boxes[0].focus(),
    };
  }

  const inputs = { number: number_input, count: number_input, flag, choice, members };

  mufakat.control = control;
})();
