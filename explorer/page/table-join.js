// A join code becomes the address of its delegation.
(function () {
  "use strict";
  const input = document.getElementById("code");
  const problem = document.getElementById("join-problem");
  document.getElementById("join").addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = input.value.trim().toLowerCase().replace(/[^a-z0-9]/g, "");
    const answer = code ? await fetch(`/${code}/api/view`).catch(() => null) : null;
    if (answer && answer.ok) {
      location.assign(`/${code}/`);
      return;
    }
    problem.textContent = answer ? "No delegation has this code." : "The table does not answer.";
    input.focus();
  });
  input.focus();
})();
