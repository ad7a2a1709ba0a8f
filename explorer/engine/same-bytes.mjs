// Whether the engine of the page finds the bytes that the program finds.
//
//     node explorer/engine/same-bytes.mjs explorer/engine.wasm.gz target/debug/mufakat
//
// Opens scenarios in the engine, plays settings in blocks, and plays the scenarios that it exports with the program: the results must be the same
// bytes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const CASES = [
  { name: "two-states", worlds: 200, block: 64, sets: {} },
  { name: "textbook-substitutes", worlds: 1, block: 8, sets: {} },
  { name: "asean-2027", worlds: 12, block: 5, sets: {} },
  { name: "asean-2027", worlds: 8, block: 3, sets: { "arm.bloc.binding": "0.6", "state.MY.hub": "0.8" } },
];

const [file, program] = process.argv.slice(2);
const zipped = readFileSync(file);
let from = performance.now();
const plain = gunzipSync(zipped);
const unzipped = performance.now() - from;
from = performance.now();
const module = await WebAssembly.compile(plain);
const compiled = performance.now() - from;
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) throw new Error(`the engine imports ${JSON.stringify(imports)}`);
console.log(`${file}: ${zipped.length} bytes, ${plain.length} unzipped in ${unzipped.toFixed(0)} ms, compiled in ${compiled.toFixed(0)} ms`);

const printed = (...args) => execFileSync(program, args, { maxBuffer: 2 ** 30 });
const folder = mkdtempSync(join(tmpdir(), "mufakat-"));
try {
  for (const one of CASES) await check(one);
  await check_panic();
} finally {
  rmSync(folder, { recursive: true });
}

async function check({ name, worlds, block, sets }) {
  const { ask, call } = engine(await WebAssembly.instantiate(module, {}));
  const { arm, reference, seed } = ask("open", { name, text: printed("show", name, "-q").toString() });
  const from = performance.now();
  const { own } = ask("set", { arm, reference, seed, worlds, sets });
  for (const of of own ? ["base", "setting"] : ["base"]) {
    for (let from = 0; from < worlds; from += block) {
      const bytes = call("play", encoded({ of, from, to: Math.min(from + block, worlds) }));
      call(`take-${of}`, bytes);
    }
  }
  const ms = performance.now() - from;
  const exported = (what) => ask("export", { what, worlds }).text;
  const scenario = join(folder, "scenario.toml");
  writeFileSync(scenario, exported("scenario"));
  const results = exported("results");
  if (Buffer.compare(Buffer.from(results), printed("run", scenario, "--json", "-q")) !== 0) {
    throw new Error(`${name}: the engine and the program find different results`);
  }
  ask("show", { worlds });
  console.log(`${name}: the same ${results.length} bytes of results, ${worlds} worlds in ${ms.toFixed(0)} ms`);
}

// A page that trips over a defect can say which.
async function check_panic() {
  const { ask, reply, wasm } = engine(await WebAssembly.instantiate(module, {}));
  ask("open", { name: "two-states", text: printed("show", "two-states", "-q").toString() });
  try {
    wasm.alloc(-1);
  } catch {
    if (JSON.parse(reply()).message.includes("capacity overflow")) return;
  }
  throw new Error("the engine does not say why it panics");
}

function encoded(message) {
  return new TextEncoder().encode(JSON.stringify(message));
}

// The calls of a module that has started, as explorer/engine/src/lib.rs describes them.
function engine({ exports: wasm }) {
  function given(bytes) {
    const at = wasm.alloc(bytes.length);
    new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
    return [at, bytes.length];
  }
  const bytes = () => new Uint8Array(wasm.memory.buffer, wasm.reply_ptr(), wasm.reply_len()).slice();
  const text = (bytes) => new TextDecoder().decode(bytes);
  const reply = () => text(bytes());
  function call(name, request) {
    const buffers = [given(new TextEncoder().encode(name)), given(request)];
    let ok = 0;
    try {
      ok = wasm.call(...buffers.flat());
    } catch (trap) {
      throw new Error(`${name} ends with ${trap.message}: ${reply()}`);
    }
    for (const buffer of buffers) wasm.free(...buffer);
    if (ok !== 1) throw new Error(`${name}: ${reply()}`);
    return bytes();
  }
  return { wasm, reply, call, ask: (name, message) => JSON.parse(text(call(name, encoded(message)))) };
}
