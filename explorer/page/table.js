// A table as its role sees it: the server says that something happened, the page asks what it sees now.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const { make, fill, byId } = mufakat.dom;
  const { blocks, text } = mufakat.blocks;
  const { answerForm, proposalForm, button } = mufakat.forms;

  let shown = null;
  let answer = null;
  let proposal = null;
  let round = null;

  const HOW = [
    "Two hours for ten people: 15 minutes to read the cards, 25 for each of three rounds, 30 for the debrief.",
    "Each delegation reads its card and says what it likes of it. Talk, in the room, is the game.",
    "The facilitator puts a proposal to the vote: who is invited, which rules, who pays whom. It can be replaced as long as the round is open.",
    "Each delegation sees what the proposal would bring it, and answers unseen: join, or stay out, with rules that it would rather have.",
    "The facilitator closes the round. Who has not answered stays out. States that nobody plays answer by what they gain.",
    "The engine plays the accord of those who said yes with all suppliers, and says what was signed, who would leave and what was left.",
    "After the last round the facilitator ends the exercise: cards are laid open, and what was predicted stands beside what was played.",
  ];

  function problem(message) {
    const place = byId("problem");
    place.hidden = !message;
    fill(place, message ? make("p", {}, message) : "");
  }

  async function ask(path, body) {
    const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(path, options || {});
    if (!answer.ok) throw new Error("The table does not know this page.");
    const json = await answer.json();
    if (json && json.error) throw new Error(json.error.message);
    return json;
  }

  async function deed(body) {
    try {
      problem("");
      document.documentElement.dataset.busy = "true";
      await ask("api/do", body);
      await look();
      return true;
    } catch (error) {
      problem(error.message);
      return false;
    } finally {
      delete document.documentElement.dataset.busy;
    }
  }

  async function look() {
    const view = await ask("api/view");
    if (shown && view.version < shown.version) return;
    shown = view;
    show(view);
    document.documentElement.dataset.version = view.version;
  }

  function show(view) {
    const { board, delegation } = view;
    document.title = delegation ? `${delegation.name}: ${board.title}` : board.title;
    fill(byId("title"), delegation ? `${delegation.name} at a table: ${board.title}` : `A table: ${board.title}`);
    fill(byId("exercise"), board.exercise);
    fill(byId("status"), status(board));
    fill(byId("proposal"), board.proposal.length ? [make("h3", {}, "Put to the vote"), blocks(board.proposal, "proposal")] : "");
    byId("now").hidden = board.phase === "over";
    showDelegation(view);
    showFacilitator(view);
    showDebrief(view);
    fill(byId("places"), ...board.delegations.map((place) => make("li", { class: place.answered ? "answered" : null }, said(place))));
    const rounds = board.closed.map((one, at) =>
      make("details", { open: at === 0 }, make("summary", {}, `Round ${one.round}`), blocks(one.blocks, `round-${one.round}`)),
    );
    fill(byId("rounds"), ...(rounds.length ? rounds : [make("p", { class: "note" }, "None is closed yet.")]));
  }

  function status(board) {
    const invited = board.delegations.filter((place) => place.invited && place.seated);
    const answered = invited.filter((place) => place.answered).length;
    switch (board.phase) {
      case "proposal":
        return `Round ${board.round} of ${board.rounds}: the facilitator prepares a proposal.`;
      case "answers":
        return `Round ${board.round} of ${board.rounds}: ${answered} of ${invited.length} delegations have answered.`;
      default:
        return "The exercise is over.";
    }
  }

  function said(place) {
    if (!place.seated) return `${place.name}: nobody sits here, the engine plays`;
    if (place.answered) return `${place.name}: has answered`;
    return place.invited ? `${place.name}: is asked` : `${place.name}: is here`;
  }

  function showDelegation({ board, delegation }) {
    byId("card").hidden = !delegation;
    if (!delegation) return;
    fill(byId("card-body"), blocks(delegation.card, "card"));
    const place = board.delegations.find((one) => one.state === delegation.state);
    const sits = place && place.seated;
    fill(byId("seat"), sits || board.phase === "over" ? "" : make("p", {}, button("Sit down for this delegation", "seat", true)));
    fill(byId("prospect"), delegation.prospect.length ? [make("h3", {}, "What it would bring you"), blocks(delegation.prospect, "prospect")] : "");
    answer = answer || answerForm(delegation.controls, deed);
    const asked = sits && board.phase === "answers" && place.invited;
    if (asked && round !== board.round) answer.reset();
    if (asked) round = board.round;
    answer.update(delegation.answer);
    const there = byId("answer");
    if (asked && !there.firstChild) there.append(answer.element);
    if (!asked && there.firstChild) there.firstChild.remove();
    if (asked && delegation.answer === null) answer.element.dataset.open = "true";
    else delete answer.element.dataset.open;
  }

  function showFacilitator({ board, facilitator }) {
    const there = byId("facilitate");
    if (!facilitator) return;
    if (!proposal) {
      proposal = { ...proposalForm(facilitator, deed), wishes: make("div", {}), close: make("div", {}) };
      there.append(make("h3", {}, "You facilitate"), proposal.wishes, proposal.close, proposal.element);
    }
    const wishes = facilitator.wishes.map(([name, rules]) => make("li", {}, `${name}: ${rules.join("; ")}`));
    fill(proposal.wishes, wishes.length ? [make("p", {}, "Delegations would rather have:"), make("ul", {}, wishes)] : "");
    const closes = board.phase === "answers" && button(`Close round ${board.round}`, "close", true);
    const ends = board.phase === "proposal" && button("End the exercise", "end");
    fill(proposal.close, make("p", { class: "row" }, closes, ends));
    const done = board.phase === "over" || (board.phase === "proposal" && board.closed.length === board.rounds);
    proposal.element.hidden = done;
  }

  function showDebrief({ debrief, facilitator }) {
    byId("debrief").hidden = !debrief;
    if (!debrief) return;
    const file = (name, label) => make("a", { href: name, download: name }, label);
    fill(
      byId("debrief-body"),
      ...debrief.lead.map((one) => make("p", { class: "finding" }, text(one))),
      ...debrief.sections.map((section) =>
        make("details", { open: !section.id.startsWith("round") }, make("summary", {}, section.title), blocks(section.blocks, `debrief-${section.id}`)),
      ),
      ...debrief.footer.map((one) => make("p", { class: "note" }, text(one))),
      make(
        "p",
        { class: "note" },
        "Save it: ",
        file("debrief.html", "as a page"),
        ", ",
        file("debrief.md", "as Markdown"),
        facilitator && [", ", file("log.jsonl", "the log, from which it can be had again")],
        ".",
      ),
    );
  }

  document.addEventListener("click", (event) => {
    const action = event.target.closest("[data-do]");
    if (!action || !shown) return;
    const { board } = shown;
    if (action.dataset.do === "seat") deed({ do: "seat" });
    if (action.dataset.do === "close") deed({ do: "close", round: board.round });
    if (action.dataset.do === "end") deed({ do: "end", rounds: board.closed.length });
  });

  function listen() {
    const changes = new EventSource("api/changes");
    changes.addEventListener("message", (event) => {
      problem("");
      if (!shown || Number(event.data) > shown.version) look().catch((error) => problem(error.message));
    });
    changes.addEventListener("error", () => {
      byId("status").textContent = "The table does not answer; trying again.";
    });
    changes.addEventListener("open", () => shown && fill(byId("status"), status(shown.board)));
  }

  fill(
    byId("how-body"),
    make(
      "ol",
      {},
      HOW.map((line) => make("li", {}, line)),
    ),
  );
  look()
    .catch((error) => problem(error.message))
    .finally(listen);
})();
