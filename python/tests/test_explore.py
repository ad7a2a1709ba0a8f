"""The widget: what its Python half says and is told, and its page in Chromium beside a model as anywidget documents it.

Chromium is `MUFAKAT_BROWSER` or on the path; without it or without playwright the tests that need it are skipped by name.
"""

import csv
import importlib.util
import io
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import time

import mufakat
import pytest
from mufakat import _native

traitlets = pytest.importorskip("traitlets")
pytest.importorskip("anywidget")

SETS = {"arm.bloc.binding": "0.6"}
# Kilobytes are thousands of bytes.
LARGEST = 100_000
# Seconds that anything in a browser may take on a busy machine.
LONG = 120


def carry(widget, take):
    """Gives what a widget sends to a notebook, traits and messages, to `take`, as ipywidgets sends it."""

    def publish(kind, data=None, metadata=None, buffers=None, **keys):
        if kind == "comm_msg":
            take(data["method"], data.get("content", data.get("state")))

    widget.comm.publish_msg = publish


def tell(widget, method, content):
    """What a notebook sends to a widget."""
    data = {"method": "custom", "content": content} if method == "custom" else {"method": "update", "state": content, "buffer_paths": []}
    widget._handle_msg({"content": {"data": data}, "buffers": []})


class Kernel:
    """The messages of a widget, as a notebook would carry them."""

    def __init__(self, widget):
        self.widget, self.sent = widget, queue.Queue()
        carry(widget, lambda method, content: self.sent.put(content) if method == "custom" else None)

    def ask(self, id, call, page="a", **body):
        tell(self.widget, "custom", {"view": page, "id": id, "call": call, "body": json.dumps(body)})

    def until_last(self, *ids):
        """All messages until the last of each question."""
        messages, open_ = [], set(ids)
        while open_:
            message = self.sent.get()
            messages.append(message)
            if message.get("last"):
                open_.discard(message["id"])
        return messages


def said(messages, id):
    return [json.loads(message["message"]) for message in messages if message["id"] == id and "message" in message]


@pytest.fixture
def widget():
    made = mufakat.load("core-three", trials=60).explore(threads=1)
    yield made
    made.close()


@pytest.fixture
def kernel(widget):
    return Kernel(widget)


def test_the_bundle_is_small_and_asks_for_nothing():
    module = _native.explorer_module()
    assert len(module.encode()) < LARGEST
    for asks in ["fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts", "import(", "sendBeacon", "@import", "@font-face"]:
        assert asks not in module, asks
    # A name of a format is no address.
    assert module.replace("http://www.w3.org/2000/svg", "").count("://") == 0
    assert "connect-src 'none'" in module


def test_it_says_what_to_install():
    code = "import sys; sys.modules['anywidget'] = None; import mufakat\ntry: mufakat.load('two-states').explore()\nexcept ImportError as e: print(e)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stdout == "an explorer needs anywidget: pip install 'mufakat[explore]'\n"


def test_a_page_is_answered_frame_by_frame(widget, kernel):
    kernel.ask(1, "open")
    kernel.ask(2, "answer", setting=widget.setting, view=widget.view)
    messages = kernel.until_last(1, 2)
    # Each is told at once that its question has come.
    assert [message["id"] for message in messages if message.get("got")] == [1, 2]
    assert said(messages, 1)[0]["title"] == "core three"
    frames = said(messages, 2)
    assert [frame["worlds"] for frame in frames] == sorted({frame["worlds"] for frame in frames})
    assert frames[-1]["finished"] and frames[-1]["worlds"] == frames[-1]["of"] == 60
    assert not any(frame["finished"] for frame in frames[:-1])


def test_its_worlds_are_those_of_the_program(widget, kernel, program, tmp_path):
    widget.setting = {"sets": SETS, "worlds": 40, "seed": 7}
    kernel.ask(1, "answer", setting=widget.setting, view={})
    kernel.until_last(1)
    for id, what in enumerate(["scenario", "worlds", "results"], 2):
        kernel.ask(id, "export", setting=widget.setting, view={}, worlds=40, what=what)
    messages = kernel.until_last(2, 3, 4)
    scenario, worlds, results = (said(messages, id)[0]["text"] for id in (2, 3, 4))
    assert scenario == widget.scenario()
    (tmp_path / "scenario.toml").write_text(scenario)
    run = subprocess.run([program, "run", "scenario.toml", "--json", "-q", "-o", "out"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert results == run.stdout
    assert worlds == (tmp_path / "out" / "trials.csv").read_text()
    assert len({row["trial"] for row in csv.DictReader(io.StringIO(worlds))}) == 40
    mine = mufakat.scenario(scenario)
    assert (mine["arm.bloc.binding"], mine.trials, mine.seed) == (0.6, 40, 7)


def test_a_new_move_ends_what_is_played_of_the_old_one(widget, kernel):
    long, short = widget.setting | {"worlds": 50_000}, widget.setting | {"sets": SETS}
    kernel.ask(1, "answer", setting=long, view={})
    kernel.ask(2, "answer", setting=short, view={})
    kernel.ask(3, "answer", page="b", setting=short, view={})
    messages = kernel.until_last(1, 2, 3)
    old = said(messages, 1)[-1]
    assert old == {"error": {"message": "the answer ended before all worlds were played", "findings": []}}
    # What another page asks is not the same page's move.
    assert said(messages, 2)[-1]["finished"] and said(messages, 3)[-1]["finished"]


def test_a_search_can_be_stopped_and_a_page_can_leave(widget, kernel):
    setting = widget.setting | {"worlds": 50_000}
    kernel.ask(1, "find", setting=widget.setting, find={"find": "accord"})
    kernel.ask(2, "answer", setting=setting, view={})
    tell(widget, "custom", {"view": "a", "cancel": 1})
    assert "error" in said(kernel.until_last(1), 1)[-1]
    tell(widget, "custom", {"view": "a", "gone": True})
    assert "error" in said(kernel.until_last(2), 2)[-1]


def test_a_refusal_is_said_in_words(widget, kernel):
    kernel.ask(1, "answer", setting=widget.setting | {"sets": {"arm.bloc.binding": "7"}}, view={})
    error = said(kernel.until_last(1), 1)[-1]["error"]
    assert error["message"] == "`arm.bloc.binding` must be a number in [0, 1]: out of range"
    for id, (call, body) in enumerate([("sing", {"setting": widget.setting}), ("answer", {"setting": 3}), ("find", {"setting": widget.setting})], 2):
        kernel.ask(id, call, **body)
        assert "error" in said(kernel.until_last(id), id)[-1], call
    widget.setting = {"sets": {"arm.bloc.binding": 7}}
    with pytest.raises(mufakat.ScenarioError, match="must be a number in"):
        widget.scenario()


def test_settings_are_completed_and_checked(widget):
    first = widget.setting
    assert first == {"arm": "bloc", "reference": "bilateral", "others": [], "sets": {}, "seed": 2027, "worlds": 60}
    heard = []
    widget.observe(lambda change: heard.append(change["new"]["sets"]), "setting")
    widget.setting = {"sets": {"arm.bloc.binding": 0.6, "arm.bloc.members": ["TH", "MY"], "a.flag": True}}
    assert heard == [{"arm.bloc.binding": "0.6", "arm.bloc.members": '["TH", "MY"]', "a.flag": "true"}]
    assert {**widget.setting, "sets": {}} == first
    moves = widget._by
    # What a page has moved is not Python's move.
    tell(widget, "update", {"setting": first, "_by": "page 1"})
    assert (widget.setting, widget._by) == (first, "page 1")
    widget.view = {"state": "ID"}
    assert widget.view["reader"] == "adviser" and widget._by not in {moves, "page 1"}
    for name, wrong in [("setting", {"set": {}}), ("setting", {"sets": 3}), ("setting", {"sets": {"a.b": None}}), ("view", {"of": "ID"})]:
        with pytest.raises(traitlets.TraitError):
            setattr(widget, name, wrong)


def test_an_interpreter_ends_while_worlds_are_played():
    code = """
import json, mufakat
w = mufakat.load("core-three").explore(threads=1)
w._asked(None, {"view": "a", "id": 1, "call": "answer", "body": json.dumps({"setting": w.setting | {"worlds": 1_000_000}, "view": {}})}, [])
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_viewers_without_widgets_get_a_line(widget):
    bundle = widget._repr_mimebundle_()
    data = bundle[0]
    assert "run the cell" in data["text/plain"] and data["text/html"].startswith("<p>Explorer of core three.")


# In a browser.

BROWSER = os.environ.get("MUFAKAT_BROWSER") or shutil.which("chromium")
IN_BROWSER = pytest.mark.skipif(
    not BROWSER or importlib.util.find_spec("playwright") is None, reason="no Chromium (MUFAKAT_BROWSER) or no playwright"
)

# A notebook: styles that shall not reach the page, and a model as anywidget documents it, whose kernel is the test.
NOTEBOOK = """<!DOCTYPE html><html lang="en"><head><title>Notebook</title><style>
body { background: GROUND; margin: 0; } p, h1, button, input { color: rgb(1, 2, 3) !important; font-size: 40px !important; }
</style></head><body><script type="module">
import widget from "./widget.js";
function model_of(name, state) {
  const heard = new Map();
  const of = (event) => heard.get(event) || heard.set(event, new Set()).get(event);
  const dirty = new Set();
  const fire = (event, ...given) => { for (const one of [...of(event)]) one(...given); };
  const put = (key, value) => {
    if (JSON.stringify(state[key]) === JSON.stringify(value)) return false;
    state[key] = value;
    return true;
  };
  return {
    fire, put, state,
    get: (key) => state[key],
    set(key, value) { if (put(key, value)) { dirty.add(key); fire(`change:${key}`); } },
    save_changes() {
      const saved = Object.fromEntries([...dirty].map((key) => [key, state[key]]));
      dirty.clear();
      window.toKernel(name, "update", saved);
    },
    send(content) { if (window.ended) throw new Error("Cannot send"); if (!window.away) window.toKernel(name, "custom", content); },
    on: (event, act) => of(event).add(act),
    off: (event, act) => of(event).delete(act),
  };
}
window.models = {};
window.shown = (name, state) => {
  const model = (window.models[name] = window.models[name] || model_of(name, state));
  const el = document.createElement("div");
  el.className = name;
  document.body.append(el);
  el.leaves = widget.render({ model, el });
};
window.fromKernel = (name, message) => window.models[name].fire("msg:custom", message);
window.synced = (name, state) => {
  const model = window.models[name];
  const moved = Object.entries(state).filter(([key, value]) => model.put(key, value));
  for (const [key] of moved) model.fire(`change:${key}`);
};
window.ready = true;
</script></body></html>"""

TRAITS = ["setting", "view", "height", "_link", "_picture", "_by"]

BEYOND = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, pre, svg')).map(one => one.outerHTML.slice(0, 90))"""


class Notebook:
    """A page with widgets, and the kernel that answers it."""

    def __init__(self, context, ground="white"):
        self.widgets, self.messages, self.errors, self.requests = {}, queue.Queue(), [], []
        self.page = context.new_page()
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        texts = {"/": ("text/html", NOTEBOOK.replace("GROUND", ground)), "/widget.js": ("text/javascript", _native.explorer_module())}

        def give(route):
            kind, text = texts[route.request.url.removeprefix("http://notebook.test")]
            route.fulfill(content_type=kind, body=text)

        self.page.route("http://notebook.test/*", give)
        self.page.expose_function("toKernel", self.heard)
        self.page.goto("http://notebook.test/")
        self.page.wait_for_function("window.ready")

    def show(self, name, widget):
        self.widgets[name] = widget
        carry(widget, lambda method, content: self.messages.put(("fromKernel" if method == "custom" else "synced", name, content)))
        self.page.evaluate("([name, state]) => shown(name, state)", [name, {trait: getattr(widget, trait) for trait in TRAITS}])
        return self.frame(name)

    def frame(self, name, at=0):
        return self.page.frame_locator(f".{name} iframe[title=Explorer] >> nth={at}")

    def heard(self, name, kind, content):
        tell(self.widgets[name], kind, content)

    def until(self, true):
        """Carries messages until something is so."""
        started = time.monotonic()
        while not true():
            assert time.monotonic() - started < LONG, "it never comes"
            while not self.messages.empty():
                act, *given = self.messages.get()
                self.page.evaluate(f"(given) => {act}(...given)", given)
            self.page.wait_for_timeout(10)

    def played(self, frame, chips):
        """Waits until a setting with these changes is played to the end."""
        status, shown = frame.locator("#status[data-finished]"), frame.locator("#chips li > span")
        self.until(lambda: status.count() == 1 and shown.all_inner_texts() == chips)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1000, "height": 900}, accept_downloads=True)
    context.set_default_timeout(1000 * LONG)
    yield context
    context.close()


def changed(to):
    return [f"How binding the rules are: 0.8 \N{RIGHTWARDS ARROW} {to}"]


SLIDER = '[data-path="arm.bloc.binding"] input[type=range]'


@IN_BROWSER
def test_a_reader_moves_a_slider(widget, context, tmp_path):
    notebook = Notebook(context)
    frame = notebook.show("one", widget)
    notebook.played(frame, [])
    before = frame.locator("#panels").inner_html()
    frame.locator(SLIDER).focus()
    for _ in range(5):
        notebook.page.keyboard.press("ArrowLeft")
    notebook.played(frame, changed("0.75"))
    assert widget.setting["sets"] == {"arm.bloc.binding": "0.75"}
    assert frame.locator("#panels").inner_html() != before
    # Python moves it, and the reader goes back.
    widget.setting = {"sets": {"arm.bloc.binding": 0.5}}
    notebook.played(frame, changed("0.5"))
    frame.locator(SLIDER).focus()
    notebook.page.keyboard.press("Control+z")
    notebook.played(frame, changed("0.75"))
    assert widget.setting["sets"] == {"arm.bloc.binding": "0.75"}
    # What is saved is what the program reads.
    frame.locator("#save summary").click()
    assert frame.locator("#link").input_value().startswith('s.explore("arm=bloc&')
    downloads = []
    notebook.page.on("download", lambda download: downloads.append(download))
    frame.locator("[data-export=scenario]").click()
    notebook.until(lambda: downloads)
    downloads[0].save_as(tmp_path / "saved.toml")
    assert (tmp_path / "saved.toml").read_text() == widget.scenario()
    # What cannot be played is said, and undone.
    widget.setting = {"sets": {"arm.bloc.binding": 7}}
    notebook.until(lambda: frame.locator("#problem").is_visible())
    assert "must be a number in [0, 1]" in frame.locator("#problem").inner_text()
    assert not notebook.errors
    assert set(notebook.requests) <= {"http://notebook.test/", "http://notebook.test/widget.js", "about:srcdoc"}


@IN_BROWSER
def test_widgets_are_apart_and_views_of_one_together(widget, context):
    other = mufakat.load("two-states", trials=5).explore(threads=1)
    notebook = Notebook(context)
    # A browser draws no frame that is out of sight.
    notebook.page.set_viewport_size({"width": 1000, "height": 3000})
    first, second = notebook.show("one", widget), notebook.show("two", other)
    notebook.show("one", widget)
    again = notebook.frame("one", 1)
    for frame in (first, second, again):
        notebook.played(frame, [])
    first.locator(SLIDER).focus()
    for _ in range(8):
        notebook.page.keyboard.press("ArrowLeft")
    notebook.played(first, changed("0.72"))
    notebook.played(again, changed("0.72"))
    assert second.locator("#scenario").inner_text() == "two states" and second.locator("#chips li").count() == 0
    assert other.setting["sets"] == {}
    # A notebook that moves the frame loads it again; it is where it was.
    notebook.page.evaluate("document.body.prepend(document.querySelector('.one'))")
    notebook.played(first, changed("0.72"))
    assert not notebook.errors
    other.close()


@IN_BROWSER
@pytest.mark.parametrize(("ground", "paper"), [("white", "rgb(255, 255, 255)"), ("#111", "rgb(18, 22, 28)")], ids=["light", "dark"])
def test_it_is_dressed_as_the_notebook_and_in_nothing_else(widget, context, ground, paper):
    notebook = Notebook(context, ground)
    body = "getComputedStyle(document.body)"
    before = notebook.page.evaluate(f"[{body}.color, {body}.font, {body}.backgroundColor]")
    frame = notebook.show("one", widget)
    notebook.played(frame, [])
    assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == paper
    assert frame.locator("h1").evaluate("one => getComputedStyle(one).color") != "rgb(1, 2, 3)"
    assert notebook.page.evaluate(f"[{body}.color, {body}.font, {body}.backgroundColor]") == before
    if ground == "white":
        notebook.page.evaluate("document.body.setAttribute('style', 'background: black')")
        notebook.until(lambda: frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(18, 22, 28)")
    # In a cell as narrow as a phone nothing is cut off.
    for width in (1000, 320):
        notebook.page.set_viewport_size({"width": width, "height": 900})
        assert frame.locator("body").evaluate(BEYOND) == [], width


@IN_BROWSER
def test_a_notebook_without_a_kernel_shows_what_was_last_seen(widget, context):
    notebook = Notebook(context)
    frame = notebook.show("one", widget)
    notebook.played(frame, [])
    notebook.until(lambda: widget._picture)
    assert "<script" not in widget._picture and "core three" in widget._picture
    # The kernel is ended while the page is open.
    notebook.page.evaluate("window.ended = true")
    frame.locator(SLIDER).focus()
    notebook.page.keyboard.press("ArrowLeft")
    frame.get_by_text("The kernel was ended. Run the cell that made this explorer again.").wait_for()
    # Opened again, nobody answers.
    saved = {"height": 500, "setting": widget.setting, "view": widget.view, "_by": "python 0", "_link": ""}
    notebook.page.evaluate("window.ended = false; window.away = true")
    for name, picture, words in [("old", widget._picture, "as it was last seen"), ("new", "", "Run the cell that makes this explorer")]:
        notebook.page.evaluate("([name, state]) => shown(name, state)", [name, saved | {"_picture": picture}])
        notebook.page.locator(f".{name} p[role=status]").get_by_text(words).wait_for()
        assert not notebook.frame(name).locator("#explorer").is_visible()
    picture = notebook.page.frame_locator(".old iframe[title='Explorer as it was last seen']")
    picture.locator("#sentence").wait_for()
    assert "of 60" in picture.locator("#sentence").inner_text()


@IN_BROWSER
def test_axe_finds_nothing(widget, context):
    package = importlib.util.find_spec("axe_playwright_python")
    if package is None:
        pytest.skip("no axe-core (axe-playwright-python)")
    notebook = Notebook(context)
    frame = notebook.show("one", widget)
    notebook.played(frame, [])
    inside = notebook.page.query_selector("iframe[title=Explorer]").content_frame()
    # Marks in figures are of the drawing; a table says what they are.
    inside.evaluate((pathlib.Path(package.origin).parent / "axe.min.js").read_text())
    found = inside.evaluate("axe.run({ exclude: [['svg > *']] }, { resultTypes: ['violations'] })")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []
