// What a delegation and the facilitator fill in. Forms are made once, so that nothing that is typed is lost when somebody else does something.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill } = mufakat.dom;

  const button = (text, action, main) =>
    make("button", { type: action ? "button" : "submit", class: main ? "main" : null, "data-do": action || null }, text);

  // A delegation's answer to the open round.
  function answerForm(controls, deed) {
    const wish = mufakat.rules(controls);
    const said = make("p", { class: "note", role: "status" });
    const radio = (value, label) =>
      make("label", { class: "choice" }, make("input", { type: "radio", name: "join", value, required: true }), label);
    const form = make(
      "form",
      { id: "answer-form" },
      make("fieldset", {}, make("legend", {}, "Your answer"), radio("yes", "Join"), radio("no", "Stay out")),
      make("details", {}, make("summary", {}, "Rules that you would rather have, for the facilitator's eyes"), wish.element),
      make("p", { class: "row" }, button("Send the answer", null, true)),
      said,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const join = new FormData(form).get("join") === "yes";
      await deed({ do: "answer", join, wish: wish.sets() });
    });
    return {
      element: form,
      update(answer) {
        const now = answer === null ? "" : `You said ${answer ? "that you join" : "that you stay out"}; you can still change it.`;
        fill(said, now);
      },
      reset() {
        form.reset();
        wish.show({});
      },
    };
  }

  // The facilitator's proposal.
  function proposalForm(view, deed) {
    const rules = mufakat.rules(view.controls);
    const boxes = view.states.map((state) => {
      const invited = view.invited.includes(state.state);
      return make("input", { type: "checkbox", name: "invited", value: state.state, checked: invited });
    });
    const payments = make("div", {});
    const form = make(
      "form",
      { id: "proposal-form" },
      make(
        "fieldset",
        {},
        make("legend", {}, "Who is invited"),
        boxes.map((box, at) => make("label", { class: "choice" }, box, view.states[at].name)),
      ),
      make("fieldset", {}, make("legend", {}, "Which rules"), rules.element),
      make(
        "fieldset",
        {},
        make("legend", {}, "Who pays whom"),
        payments,
        make("p", { class: "row" }, button("Add a payment", "payment")),
      ),
      make("p", { class: "row" }, button("Put it to the vote", null, true)),
    );
    form.addEventListener("click", (event) => {
      const action = event.target.closest("[data-do]");
      if (!action) return;
      if (action.dataset.do === "payment") payments.append(payment(view.states));
      if (action.dataset.do === "remove") action.closest(".payment").remove();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const invited = boxes.filter((box) => box.checked).map((box) => box.value);
      const offers = Array.from(payments.children).map((row) => ({
        from: row.querySelector("[name=from]").value,
        to: row.querySelector("[name=to]").value,
        usd_bn: Number(row.querySelector("[name=amount]").value),
      }));
      await deed({ do: "proposal", proposal: { invited, sets: rules.sets(), payments: offers } });
    });
    return { element: form };
  }

  function payment(states) {
    const select = (name, label) =>
      make(
        "label",
        { class: "choice" },
        label,
        make(
          "select",
          { name },
          states.map((state) => make("option", { value: state.state }, state.name)),
        ),
      );
    return make(
      "div",
      { class: "row payment" },
      select("from", "from"),
      select("to", "to"),
      make("label", { class: "choice" }, "US$ bn", make("input", { name: "amount", type: "number", min: "0.001", step: "any", required: true })),
      button("Remove", "remove"),
    );
  }

  mufakat.forms = { answerForm, proposalForm, button };
})();
