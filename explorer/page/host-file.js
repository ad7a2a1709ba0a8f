// The host of a page that stands alone: the engine as WebAssembly in workers made of the page's own text.
// It is given { engine: base64 of gzipped WebAssembly, worker: text of worker.js, scenario: what `open` takes }.
(function () {
  "use strict";
  const mufakat = window.mufakat;
  const hosts = (mufakat.hosts = mufakat.hosts || {});
  const MOST_WORKERS = 8;
  const START_MS = 30000;

  function file(given) {
    const players = [];
    let merger = null;
    let engine = null;
    let run = 0;
    let current = null;

    const made = () => worker_of(given.worker, (message) => current && current.heard(message));
    const started = (worker) => within(worker.ask("start", { engine, scenario: given.scenario }), START_MS);

    async function open() {
      if (typeof Worker === "undefined" || typeof WebAssembly === "undefined" || typeof DecompressionStream === "undefined") {
        throw new Error("this browser lacks workers, WebAssembly or decompression.");
      }
      engine = await unpacked(given.engine);
      const many = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS));
      merger = made();
      const opened = started(merger);
      for (let at = 0; at < many; at += 1) players.push(player());
      return opened;
    }

    // A player is ready when it is: what it is asked before waits.
    function player() {
      const { port1, port2 } = new MessageChannel();
      merger.send("collect", { port: port1 }, [port1]);
      const worker = made();
      worker.ask("start", { engine, scenario: given.scenario }).catch(() => {});
      worker.send("connect", { port: port2 }, [port2]);
      return worker;
    }

    function answer(setting, view, on) {
      run += 1;
      const mine = run;
      let over = false;
      const fail = (error) => {
        if (over || mine !== run) return;
        over = true;
        on.error(error);
      };
      current = {
        heard(message) {
          if (over || message.run !== mine) return;
          if (message.error) fail(refusal(message.error));
          else on.frame(message.frame);
        },
      };
      const ready = players.map((worker) => worker.ask("set", { run: mine, setting }));
      merger
        .ask("merge", { run: mine, setting, view })
        .then(async (parts) => {
          if (parts.length === 0 || mine !== run) return;
          await Promise.all(ready);
          await Promise.all(players.map((worker, at) => worker.ask("play", { run: mine, parts, worker: at, workers: players.length })));
        })
        .catch(fail);
      for (const one of ready) one.catch(fail);
      return {
        cancel() {
          over = true;
        },
      };
    }

    // A search has a worker of its own, which is ended when it is not wanted any more.
    function find(setting, find, on) {
      const scout = made();
      const search = async () => {
        await started(scout);
        const kept = await merger.ask("kept", { setting });
        on.found(await scout.ask("find", { setting, find, kept }));
      };
      search().catch(on.error).finally(scout.end);
      return { cancel: scout.end };
    }

    return {
      open,
      answer,
      find,
      show: (setting, view, worlds) => merger.ask("show", { setting, view, worlds }),
      order: (setting, worlds) => merger.ask("order", { setting, worlds }),
      export: (setting, worlds, what, view) => merger.ask("export", { setting, view, worlds, what }),
    };
  }

  // A worker that is asked and answers; other messages go to `heard`.
  function worker_of(text, heard) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const worker = new Worker(address);
    const waiting = new Map();
    let last = 0;
    worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(address);
      const asked = waiting.get(data.id);
      if (!asked) return heard(data);
      waiting.delete(data.id);
      if (data.error) asked.reject(refusal(data.error));
      else asked.resolve(data.reply);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(event.message || "the browser forbids workers.");
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
    };
    const ask = (op, message, transfer) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        worker.postMessage({ id: last, op, ...message }, transfer || []);
      });
    return {
      ask,
      send: (op, message, transfer) => void ask(op, message, transfer).catch(() => {}),
      end: () => worker.terminate(),
    };
  }

  const refusal = ({ message, findings }) => Object.assign(new Error(message), { findings });

  function within(promise, ms) {
    let timer = null;
    const late = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the engine did not start.")), ms);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  async function unpacked(base64) {
    const text = atob(base64);
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(plain).arrayBuffer());
  }

  hosts.file = file;
})();
