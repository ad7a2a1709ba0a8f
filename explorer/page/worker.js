// A worker: an engine of its own, which plays blocks of worlds and, where it merges, takes them in and shows what they come to.
// It gets { id, op, ... } and answers { id, reply } or { id, error }; what it plays goes to the worker that merges, through a port.
(function () {
  "use strict";
  // Worlds in a block.
  const BLOCK = 8;
  // Bytes of earlier settings that are kept, so that going back plays nothing again.
  const KEPT_BYTES = 96e6;

  let wasm = null;
  // What is asked while the engine starts waits for it.
  let started = null;
  // The newest run; a player gives up others after the block under way.
  let run = 0;
  let merger = null;
  let merging = null;
  const played = new Map();
  // Those of the scenario as it was opened that the engine has.
  let base = null;
  const turn = new MessageChannel();

  const encode = (text) => new TextEncoder().encode(text);
  const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

  function reserve(bytes) {
    const at = wasm.alloc(bytes.length);
    new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  // A call of the engine: bytes in, bytes out.
  function call(op, bytes) {
    const name = encode(op);
    const [op_at, at] = [reserve(name), reserve(bytes)];
    const reply = () => new Uint8Array(wasm.memory.buffer, wasm.reply_ptr(), wasm.reply_len()).slice();
    let ok = 0;
    try {
      ok = wasm.call(op_at, name.length, at, bytes.length);
    } catch {
      // A defect: the engine says where, and is of no more use.
      throw { message: `The engine stopped; load the page again. ${decode(reply()).message}` };
    }
    wasm.free(op_at, name.length);
    wasm.free(at, bytes.length);
    if (ok !== 1) throw decode(reply());
    return reply();
  }

  const ask = (op, request) => decode(call(op, encode(JSON.stringify(request))));

  const ops = {
    async start({ engine, scenario }) {
      const { instance } = await WebAssembly.instantiate(engine, {});
      wasm = instance.exports;
      return ask("open", scenario);
    },
    // Where a player sends what it plays.
    connect({ port }) {
      merger = port;
    },
    // A player of this one that merges.
    collect({ port }) {
      port.onmessage = ({ data }) => guarded(data.run, () => collect(data));
    },
    set({ run: newest, setting }) {
      run = newest;
      ask("set", setting);
    },
    // Merges from now on for a run: says what must be played.
    merge: ({ run: newest, setting, view }) => merge(newest, setting, view),
    view({ run: newest, view }) {
      if (merging && merging.run === newest) merging.view = view;
    },
    // Plays every N-th block of some worlds, between blocks listening for a newer run.
    async play({ run: mine, parts, worker, workers }) {
      const most = Math.max(...parts.map((part) => part.to));
      for (let from = worker * BLOCK; from < most && mine === run; from += workers * BLOCK) {
        for (const { of, ...part } of parts) {
          const block = { of, from: Math.max(from, part.from), to: Math.min(from + BLOCK, part.to) };
          if (block.from >= block.to) continue;
          const bytes = call("play", encode(JSON.stringify(block)));
          merger.postMessage({ run: mine, ...block, bytes }, [bytes.buffer]);
        }
        await listened();
      }
    },
    show: ({ setting, view, worlds }) => within(setting, worlds, () => ask("show", { ...view, worlds })),
    export: ({ setting, view, worlds, what }) => within(setting, worlds, () => ask("export", { what, worlds, view })),
    // The worlds of a setting that are kept, for a search of what was played.
    kept({ setting }) {
      const part = Object.keys(setting.sets).length > 0 ? "setting" : "base";
      const worlds = part === "base" && base ? base : worldsOf(part, setting);
      return { part, blocks: worlds.blocks };
    },
    find({ setting, find, kept }) {
      ask("set", setting);
      for (const block of kept.blocks) call(`take-${kept.part}`, block);
      return ask("find", find);
    },
    order: ({ setting, worlds }) => within(setting, worlds, () => ask("order", { worlds })),
  };

  // Lets messages that wait come first.
  function listened() {
    return new Promise((resolve) => {
      turn.port1.onmessage = resolve;
      turn.port2.postMessage(null);
    });
  }

  const keyOf = (part, setting) => JSON.stringify(part === "base" ? { ...setting, sets: {} } : setting);

  // Worlds of a part of a setting that were played before.
  function worldsOf(part, setting) {
    const key = keyOf(part, setting);
    const kept = played.get(key) || { worlds: 0, blocks: [], bytes: 0 };
    // The newest is the last to go.
    played.delete(key);
    played.set(key, kept);
    return kept;
  }

  function forget() {
    let bytes = 0;
    for (const kept of played.values()) bytes += kept.bytes;
    for (const [key, kept] of played) {
      if (bytes <= KEPT_BYTES || played.size <= 2) return;
      bytes -= kept.bytes;
      played.delete(key);
    }
  }

  // Makes a setting the engine's, with all worlds of it that are kept.
  function put(setting) {
    const { own, kept } = ask("set", setting);
    const again = (of) => {
      const worlds = worldsOf(of, setting);
      for (const block of worlds.blocks) call(`take-${of}`, block);
      return worlds;
    };
    // What the engine keeps may be more worlds, or fewer.
    if (!kept || !base) base = again("base");
    return own
      ? [
          { of: "base", worlds: base },
          { of: "setting", worlds: again("setting") },
        ]
      : [{ of: "base", worlds: base }];
  }

  function merge(newest, setting, view) {
    run = newest;
    merging = null;
    const parts = put(setting).map((part) => ({ ...part, waiting: new Map() }));
    forget();
    merging = { run: newest, setting, view, parts, of: setting.worlds, next: 2 * BLOCK };
    const missing = parts.filter((part) => part.worlds.worlds < setting.worlds);
    setTimeout(() => guarded(newest, frames));
    return missing.map(({ of, worlds }) => ({ of, from: worlds.worlds, to: setting.worlds }));
  }

  // Takes in a block, and those after it that have come before it.
  function collect(message) {
    if (!merging || message.run !== merging.run) return;
    const part = merging.parts.find(({ of }) => of === message.of);
    const { worlds, waiting, of } = part;
    waiting.set(message.from, message);
    for (let block; (block = waiting.get(worlds.worlds));) {
      waiting.delete(worlds.worlds);
      call(`take-${of}`, block.bytes);
      worlds.blocks.push(block.bytes);
      worlds.bytes += block.bytes.length;
      worlds.worlds = block.to;
    }
    frames();
  }

  // A frame when 16 worlds are complete, 32, 64, and so on, and at the end.
  function frames() {
    const { parts, of, view, run: mine } = merging;
    const complete = Math.min(of, ...parts.map((part) => part.worlds.worlds));
    if (complete < of && complete < merging.next) return;
    while (merging.next <= complete) merging.next *= 2;
    const frame = ask("show", { ...view, worlds: complete < of ? merging.next / 2 : of });
    self.postMessage({ run: mine, frame: { ...frame, finished: complete >= of } });
    if (complete >= of) merging = { ...merging, done: true, next: Infinity };
  }

  // What is wrong while blocks come in is told to the page.
  function guarded(mine, act) {
    if (!merging || merging.run !== mine || merging.done) return;
    try {
      act();
    } catch (error) {
      merging = null;
      self.postMessage({ run: mine, error: plain(error) });
    }
  }

  // Something of the worlds of a setting that were played, be it the engine's or not; afterwards the engine is at the run's again.
  function within(setting, worlds, act) {
    const present = merging && merging.setting;
    if (present && JSON.stringify(present) === JSON.stringify(setting)) return act();
    try {
      const there = Math.min(...put(setting).map((part) => part.worlds.worlds));
      if (there < worlds) throw { message: "These worlds were not kept." };
      return act();
    } finally {
      if (present) put(present);
    }
  }

  const plain = (error) => ({ message: error.message || String(error), findings: error.findings || [] });

  self.onmessage = async ({ data }) => {
    try {
      if (data.op === "start") started = ops.start(data);
      const opened = await started;
      self.postMessage({ id: data.id, reply: data.op === "start" ? opened : await ops[data.op](data) });
    } catch (error) {
      self.postMessage({ id: data.id, error: plain(error) });
    }
  };
})();
