// The explorer as a widget, for anywidget: the page in a frame, where it has its own styles, keys, focus and policy. What comes from its port goes to the
// kernel as a message of the widget, and back: { view, id, call, body } or { view, cancel } or { view, gone }; { view, id, got } at once,
// then { view, id, message, last }.
const PAGE = `{{page}}`;

// The kernel says at once that it has got a message; one that does not is busy, or has gone.
const PATIENCE_MS = 4000;
const BUSY = "The kernel does not answer. It is busy with a cell, or it was ended: then run the cell that made this explorer again.";
const PICTURE = "No kernel answers: this is the explorer as it was last seen. Run the cell that made it to change something.";
const NOTHING = "No kernel answers. Run the cell that makes this explorer.";
const FORBIDDEN = "This notebook does not let the explorer run: its page forbids scripts in frames. `mufakat page` writes it as a file.";
const CLOSED = "The kernel was ended. Run the cell that made this explorer again.";

function render({ model, el }) {
  const note = document.createElement("p");
  note.setAttribute("role", "status");
  note.style.cssText = "margin: 0; padding: 0.4rem 0; font: 0.9rem/1.4 system-ui, sans-serif;";
  const say = (words) => {
    note.textContent = words;
    note.hidden = !words;
  };
  const frame = framed("allow-scripts allow-downloads", "Explorer");
  const picture = framed("", "Explorer as it was last seen");
  const size = () => {
    for (const one of [frame, picture]) one.style.height = `${model.get("height")}px`;
  };
  size();
  el.append(note, frame, picture);
  say("");

  let port = null;
  // Each time that the page is loaded it is another one to the kernel; a notebook that moves the frame loads it again.
  let view = null;
  // How often this page has moved the setting, and the newest that each other has: what comes back late is no move.
  let moves = 0;
  const seen = new Map();
  let theme = null;
  let lost = false;
  const unheard = new Map();

  const now = () => ({ setting: model.get("setting"), view: model.get("view") });

  const patient = () => {
    for (const timer of unheard.values()) clearTimeout(timer);
    unheard.clear();
  };

  const closed = () => {
    lost = true;
    patient();
    if (port) port.postMessage({ lost: CLOSED });
  };

  // A kernel that was started again has lost its half of the widget.
  const send = (message) => {
    try {
      model.send({ view, ...message });
    } catch {
      closed();
    }
  };

  const leave = () => {
    if (view) send({ gone: true });
    if (port) port.close();
    patient();
    view = port = null;
  };

  const connect = () => {
    leave();
    view = Math.random().toString(36).slice(2);
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => fromPage(data);
    theme = themeOf(el);
    // A page that says nothing was not allowed to run.
    unheard.set("page", setTimeout(say, PATIENCE_MS, FORBIDDEN));
    frame.contentWindow.postMessage({ theme, now: now(), link: model.get("_link") }, "*", [channel.port2]);
  };

  const fromPage = ({ id, call, body, cancel, now, picture }) => {
    heard("page");
    if (call) {
      if (lost) return closed();
      unheard.set(id, setTimeout(unanswered, PATIENCE_MS, call));
      send({ id, call, body });
    } else if (cancel) {
      send({ cancel });
    } else if (now) {
      moves += 1;
      model.set("setting", now.setting);
      model.set("view", now.view);
      // It was followed.
      model.set("_link", "");
      model.set("_by", `${view} ${moves}`);
      model.save_changes();
    } else if (picture) {
      model.set("_picture", picture);
      model.save_changes();
    }
  };

  const unanswered = (call) => {
    const last = call === "open" && model.get("_picture");
    say(last ? PICTURE : call === "open" ? NOTHING : BUSY);
    if (last) picture.srcdoc = last.replaceAll("@media (prefers-color-scheme: dark)", `@media ${theme === "dark" ? "all" : "not all"}`);
    show(call !== "open", Boolean(last));
  };
  const show = (page, still) => {
    frame.style.display = page ? "block" : "none";
    picture.style.display = still ? "block" : "none";
  };
  show(true, false);

  const heard = (id) => {
    clearTimeout(unheard.get(id));
    unheard.delete(id);
  };

  const fromKernel = (message) => {
    if (message.view !== view) return;
    heard(message.id);
    if (unheard.size === 0 && note.textContent) {
      say("");
      show(true, false);
    }
    if (message.message) port.postMessage({ id: message.id, message: message.message, last: message.last });
  };

  // Whoever moves the setting, Python or another view of the widget, says so last.
  const moved = () => {
    const [by, move] = model.get("_by").split(" ");
    if (by === view || Number(move) <= (seen.get(by) || 0)) return;
    seen.set(by, Number(move));
    if (port) port.postMessage({ now: now() });
  };

  const dressed = () => {
    const seen = themeOf(el);
    if (port && seen !== theme) port.postMessage({ theme: (theme = seen) });
  };
  const dress = () => {
    dressed();
    // A notebook's stylesheet comes after it has said which.
    setTimeout(dressed, 500);
  };

  frame.addEventListener("load", connect);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", dress);
  const watch = new MutationObserver(dress);
  for (const one of [document.documentElement, document.body]) watch.observe(one, { attributes: true });
  const events = { "msg:custom": fromKernel, "change:_by": moved, "change:height": size, "comm:close": closed };
  for (const [name, act] of Object.entries(events)) model.on(name, act);
  frame.srcdoc = PAGE;

  return () => {
    leave();
    watch.disconnect();
    scheme.removeEventListener("change", dress);
    for (const [name, act] of Object.entries(events)) model.off(name, act);
  };
}

function framed(sandbox, title) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", sandbox);
  frame.allow = "clipboard-write";
  frame.title = title;
  frame.style.cssText = "display: block; width: 100%; border: 1px solid rgb(128 128 128 / 50%); border-radius: 6px; box-sizing: border-box;";
  return frame;
}

// Whether a notebook is dark here: by the first ground behind the widget that is not seen through.
function themeOf(el) {
  for (let one = el; one; one = one.parentElement || (one.getRootNode() !== one && one.getRootNode().host)) {
    const [red, green, blue, solid] = rgba(getComputedStyle(one).backgroundColor);
    if (solid > 127) return 0.3 * red + 0.59 * green + 0.11 * blue < 128 ? "dark" : "light";
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function rgba(colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const paint = canvas.getContext("2d");
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  return paint.getImageData(0, 0, 1, 1).data;
}

export default { render };
