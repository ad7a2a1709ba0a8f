// The host of `mufakat serve`: calls below the address of the page; streams are server-sent events, each a message as JSON.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const hosts = (mufakat.hosts = mufakat.hosts || {});

  function server() {
    // Which page asks: its newest answer ends an older one.
    const page = Math.random().toString(36).slice(2);
    return {
      open: () => call("open", {}),
      show: (setting, view, worlds) => call("show", { setting, view, worlds }),
      export: (setting, worlds, what, view) => call("export", { setting, worlds, what, view }),
      answer(setting, view, on) {
        return stream("answer", { setting, view, page }, on.frame, on.error);
      },
      find(setting, find, on) {
        const got = (message) => (typeof message.done === "number" ? on.progress(message.done) : on.found(message));
        return stream("find", { setting, find }, got, on.error);
      },
      order: (setting, worlds) => call("order", { setting, worlds }),
    };
  }

  function post(name, body, signal) {
    return fetch(`api/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  }

  // What no change of a setting mends.
  const lost = () =>
    Object.assign(new Error("The server does not answer. Start it again: what you set is in the address, after the #."), { lost: true });

  async function call(name, body) {
    const response = await post(name, body).catch((error) => {
      throw error instanceof TypeError ? lost() : error;
    });
    const reply = await json(response);
    if (reply.error) throw refusal(reply.error);
    return reply;
  }

  async function json(response) {
    try {
      return await response.json();
    } catch {
      throw new Error(`The server answered with ${response.status} and no message.`);
    }
  }

  const refusal = ({ message, findings }) => Object.assign(new Error(message), { findings });

  // A call whose messages come one after the other; cancelled, none comes any more.
  function stream(name, body, got, failed) {
    const abort = new AbortController();
    const fail = (error) => {
      if (!abort.signal.aborted) failed(error);
    };
    const read = async () => {
      const response = await post(name, body, abort.signal);
      if (!/^text\/event-stream/.test(response.headers.get("Content-Type") || "")) {
        const reply = await json(response);
        throw refusal(reply.error || { message: "The server did not answer with a stream." });
      }
      for await (const message of messages(response.body)) {
        if (abort.signal.aborted) return;
        if (message.error) throw refusal(message.error);
        got(message);
      }
    };
    read().catch((error) => fail(error instanceof TypeError ? lost() : error));
    return { cancel: () => abort.abort() };
  }

  // The data of server-sent events.
  async function* messages(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value.replace(/\r/g, "");
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) {
        const lines = event.split("\n").filter((line) => line.startsWith("data:"));
        if (lines.length > 0) yield JSON.parse(lines.map((line) => line.slice(5)).join("\n"));
      }
    }
  }

  hosts.server = server;
})();
