// Rules of an accord as inputs: what is left alone stays as it is.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make } = mufakat.dom;
  let last = 0;

  // Inputs for controls in groups that open: { element, sets(), show(sets) }, sets being paths with values as TOML.
  function rules(controls) {
    const all = controls.map(one);
    const groups = new Map();
    for (const each of all) {
      const name = each.spec.group;
      groups.set(name, (groups.get(name) || []).concat(each));
    }
    const folded = Array.from(groups, ([name, list]) =>
      make(
        "details",
        { class: "group" },
        make("summary", {}, name),
        list.map((each) => each.element),
      ),
    );
    return {
      element: make("div", {}, folded),
      sets() {
        const set = all.map((each) => [each.spec.path, each.value()]).filter(([, value]) => value !== null);
        return Object.fromEntries(set);
      },
      show(sets) {
        for (const each of all) each.show(sets[each.spec.path]);
      },
    };
  }

  function one(spec) {
    const id = `rule-${(last += 1)}`;
    const input = (kinds[spec.kind] || number)(spec, id);
    return {
      spec,
      element: make(
        "div",
        { class: "rule", "data-path": spec.path },
        make("label", { for: id }, spec.label),
        input.element,
        make("p", { class: "note", id: `${id}-note` }, `Now ${spec.text}. ${spec.help}`),
      ),
      value: input.value,
      show: input.show,
    };
  }

  function number(spec, id) {
    const element = make("input", {
      id,
      type: "number",
      min: spec.min,
      max: spec.max,
      step: "any",
      placeholder: spec.text,
      "aria-describedby": `${id}-note`,
    });
    return {
      element,
      value: () => (element.value === "" ? null : String(Number(element.value))),
      show: (text) => (element.value = text === undefined ? "" : text),
    };
  }

  function choice(spec, id, choices) {
    const options = choices.map((each) => make("option", { value: each.value }, each.label));
    const element = make("select", { id, "aria-describedby": `${id}-note` }, make("option", { value: "" }, "as it is"), options);
    return {
      element,
      value: () => element.value || null,
      show: (text) => (element.value = text === undefined ? "" : text),
    };
  }

  // Who of the states: nothing ticked is as it is.
  function members(spec, id) {
    const boxes = spec.choices.map((each) => make("input", { type: "checkbox", value: each.value, id: `${id}-${each.value}` }));
    const element = make(
      "div",
      { id, role: "group", "aria-label": spec.label },
      boxes.map((box, at) => make("label", { class: "choice" }, box, spec.choices[at].label)),
    );
    return {
      element,
      value() {
        const ids = boxes.filter((box) => box.checked).map((box) => `"${box.value}"`);
        return ids.length ? `[${ids.join(", ")}]` : null;
      },
      show(text) {
        for (const box of boxes) box.checked = text !== undefined && text.includes(`"${box.value}"`);
      },
    };
  }

  const yes = [
    { value: "true", label: "yes" },
    { value: "false", label: "no" },
  ];

  const kinds = {
    flag: (spec, id) => choice(spec, id, yes),
    choice: (spec, id) => choice(spec, id, spec.choices),
    members,
  };

  mufakat.rules = rules;
})();
