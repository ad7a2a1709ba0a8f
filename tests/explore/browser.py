"""Uses the explorer as readers do, and says, as JSON, what they meet. Arguments: the browser, the program, the host (file or server), the scenario,
the number of worlds, a folder for what is saved, and what is done there: use, visit, or read and what follows `#` in the link.

It waits for what a page says of itself: `html[data-run]`, then `[data-finished="RUN"]`; nothing here waits for a time to pass.
"""

import importlib.util
import json
import pathlib
import signal
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

# How long anything may take on a busy machine, in milliseconds.
LONG = 120_000
BINDING = '[data-path="arm.bloc.binding"] input[type=range]'
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# What a reader reads: the sentence and all panels, without where the page stands in its own doing.
READ = "() => ['sentence', 'lead', 'panels'].map(id => document.getElementById(id).innerHTML).join('\\n')"

# What reaches beyond the right edge, but for what scrolls by itself.
BEYOND = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, pre, svg'))
  .map(one => one.outerHTML.slice(0, 90))"""

# What has the focus: its name, where it is without one, and whether it lies within the window.
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const labels = [...(one.labels || [])].map(label => label.textContent);
  const named = (one.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.textContent || '');
  const name = [one.getAttribute('aria-label'), ...labels, ...named, one.textContent].find(text => text && text.trim());
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0;
  return { name: name || '', seen, html: one.outerHTML.slice(0, 120), again: one.dataset.visited === 'yes', mark: void (one.dataset.visited = 'yes') };
}"""

# Marks in figures are of the drawing; a table says what they are.
AXE = "axe.run({ exclude: [['svg > *']] }, { resultTypes: ['violations'] })"


class Reader:
    """A browser with nothing but one explorer, and all that it complains of."""

    def __init__(self, browser, address, offline):
        self.browser, self.address, self.offline = browser, address, offline
        self.errors, self.requests = [], []

    def context(self, viewport=WIDE, **options):
        context = self.browser.new_context(viewport=viewport, offline=self.offline, **options)
        context.set_default_timeout(LONG)
        return context

    def page(self, context, hash="", wait=True):
        page = context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: None if self.own(request.url) else self.requests.append(request.url))
        page.goto(self.address + hash)
        if wait:
            finished(page)
        return page

    def own(self, address):
        inside = address.startswith(self.address) if self.address.startswith("http") else address.split("#")[0] == self.address
        return inside or address.startswith(("data:", "blob:"))


def finished(page):
    """Waits until all worlds of the newest run are played."""
    page.wait_for_selector("html[data-run]", state="attached")
    while True:
        run = page.get_attribute("html", "data-run")
        page.wait_for_selector(f'#status[data-finished="{run}"]', state="attached")
        if run == page.get_attribute("html", "data-run"):
            return


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def move(page, key="ArrowLeft", times=5):
    page.locator(BINDING).focus()
    press(page, key, times)
    finished(page)


def chips(page):
    return page.locator("#chips li").all_inner_texts()


def timed(seen, what, act):
    started = time.monotonic()
    result = act()
    seen["ms"][what] = round(1000 * (time.monotonic() - started))
    return result


def opens(reader, seen):
    """Loads, moves, goes back, opens the link: the page of all that follows."""
    context = reader.context(accept_downloads=True)
    page = timed(seen, "open, all worlds", lambda: reader.page(context))
    seen["title"], seen["started"] = page.title(), page.inner_text("#sentence")
    base = page.evaluate(READ)
    timed(seen, "move, all worlds", lambda: move(page))
    seen["moved"], seen["chips"], read = page.inner_text("#sentence"), chips(page), page.evaluate(READ)
    seen["changed"] = read != base
    link = page.input_value("#link")
    seen["address"] = page.url == link
    press(page, "Control+z", 5)
    timed(seen, "undo", lambda: finished(page))
    seen["undone"] = [page.evaluate(READ) == base, chips(page), page.get_attribute("#undo", "aria-disabled")]
    press(page, "Control+Shift+z", 5)
    finished(page)
    seen["redone"] = page.evaluate(READ) == read
    # The link in a tab of its own; then both tabs play at once, each for itself.
    other = reader.page(context, "#" + link.split("#")[1])
    seen["linked"] = other.evaluate(READ) == read
    other.locator(BINDING).focus()
    page.locator(BINDING).focus()
    for _ in range(4):
        press(other, "ArrowLeft")
        press(page, "ArrowRight")
    finished(page)
    finished(other)
    seen["tabs"] = [chips(page), chips(other)]
    move(other, "ArrowRight", 8)
    seen["together"] = page.evaluate(READ) == other.evaluate(READ) and chips(page) == chips(other)
    other.close()
    return page


def saves(page, folder, seen):
    """Saves all that can be saved."""
    if page.get_attribute("#save", "open") is None:
        page.click("#save summary")
    for what in ["scenario", "results", "worlds", "note", "page"]:
        with page.expect_download() as download:
            page.click(f"[data-export={what}]")
        seen["saved"][what] = download.value.suggested_filename
        download.value.save_as(folder / what)
    with page.expect_download() as download:
        page.locator("[data-action=svg]").first.click()
    download.value.save_as(folder / "figure.svg")


def frozen(reader, page, folder, seen):
    """The page as it stood, opened without anything else."""
    kept = folder / "frozen.html"
    (folder / "page").rename(kept)
    alone = Reader(reader.browser, kept.resolve().as_uri(), True)
    there = alone.page(alone.context(), wait=False)
    seen["frozen"] = [there.inner_text(".lead") == page.inner_text(".lead"), there.locator("figure svg").count() > 0, alone.errors, alone.requests]
    drawing = alone.browser.new_page()
    drawing.goto((folder / "figure.svg").resolve().as_uri())
    seen["drawing"] = drawing.evaluate("document.documentElement.nodeName")
    drawing.close()


def searches(page, seen):
    """A search that finds, and one that is stopped, after which the page answers as before."""
    page.click("text=The least binding that holds the bloc")
    page.wait_for_selector("#found:not([aria-busy])")
    seen["found"] = page.inner_text("#found .finding")
    page.click("text=The best accord from here")
    page.click("#found [data-action=find-close]")
    seen["stopped"] = page.is_hidden("#found")
    before = page.inner_text("#sentence")
    move(page, "ArrowLeft", 30)
    seen["after"] = [page.inner_text("#problem"), page.inner_text("#sentence") != before]


def tells(page, seen):
    """World by world, and another reader: views of worlds that are played."""
    page.locator("body").press("]")
    finished(page)
    seen["world"] = page.inner_text("#panel-world .now p >> nth=0")
    page.check("input[name=reader][value=vendor]")
    finished(page)
    seen["reader"] = page.inner_text("#reading-title")


def keyboard(reader, seen):
    """From the first key to the last: everything can be reached, is named and in sight, and the focus is never caught."""
    page = reader.page(reader.context())
    press(page, "Tab")
    press(page, "Enter")
    seen["skipped"] = page.evaluate("document.activeElement.id")
    unnamed, unseen, reached = [], [], 0
    while reached < 2000:
        press(page, "Tab")
        one = page.evaluate(FOCUSED)
        if one is None or one["again"]:
            break
        reached += 1
        unnamed += [] if one["name"] else [one["html"]]
        unseen += [] if one["seen"] else [one["html"]]
    seen["keyboard"] = {"reached": reached, "unnamed": unnamed, "unseen": unseen, "slider": page.locator(BINDING + "[data-visited]").count()}
    page.focus("#pin")
    press(page, "Enter")
    seen["pinned"] = page.is_visible("#answer-then")


def phone(reader, seen):
    """Nothing is wider than a phone; what can be changed is behind a button."""
    page = reader.page(reader.context(PHONE, has_touch=True, is_mobile=True))
    seen["beyond"] += page.evaluate(BEYOND)
    page.tap("#drawer")
    move(page)
    seen["brief"] = page.inner_text("#brief")
    seen["beyond"] += page.evaluate(BEYOND)
    page.tap("#drawer")
    page.tap("#pin")
    seen["beyond"] += page.evaluate(BEYOND)
    seen["phone"] = page.evaluate("[document.documentElement.scrollWidth, document.activeElement.id]")


def axe():
    """The text of axe-core; none where its package is missing."""
    package = importlib.util.find_spec("axe_playwright_python")
    return (pathlib.Path(package.origin).parent / "axe.min.js").read_text() if package else None


def accessible(reader, seen):
    """What axe-core finds that is serious: in one theme on a wide screen with all open that can be, in the other on a phone."""
    script = axe()
    if script is None:
        return
    seen["axe"] = []
    for viewport, scheme in [(WIDE, "light"), (PHONE, "dark")]:
        page = reader.page(reader.context(viewport, color_scheme=scheme))
        if viewport is PHONE:
            page.click("#drawer")
        else:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            page.fill("#search", "Indonesia")
            page.click("#pin")
        move(page)
        page.locator("#pin").press("]")
        finished(page)
        page.evaluate(script)
        for one in page.evaluate(AXE)["violations"]:
            if one["impact"] in ("serious", "critical"):
                seen["axe"].append(f"{viewport['width']} {scheme}: {one['id']}: {one['nodes'][0]['html'][:150]}")


def alone(reader, seen):
    """Without workers, and without scripts: the report, and why."""
    context = reader.context()
    context.add_init_script("delete window.Worker")
    page = reader.page(context, wait=False)
    page.wait_for_selector("html[data-fallback]")
    seen["fallback"] = page.inner_text("#fallback")[:400]
    page = reader.page(reader.context(java_script_enabled=False), wait=False)
    seen["static"] = page.inner_text("body")[:400]


def use(reader, folder):
    seen = {"ms": {}, "saved": {}, "beyond": []}
    page = opens(reader, seen)
    saves(page, folder, seen)
    frozen(reader, page, folder, seen)
    searches(page, seen)
    tells(page, seen)
    keyboard(reader, seen)
    phone(reader, seen)
    if reader.offline:
        accessible(reader, seen)
        alone(reader, seen)
    seen["errors"], seen["requests"] = list(reader.errors), list(reader.requests)
    return page, seen


def visit(reader, folder):
    """Whether names of a scenario are words and nothing else, wherever they come."""
    seen = {"beyond": [], "saved": {}, "ms": {}}
    page = reader.page(reader.context(accept_downloads=True))
    for viewport in [WIDE, PHONE]:
        page.set_viewport_size(viewport)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        seen["beyond"] += page.evaluate(BEYOND)
    page.set_viewport_size(WIDE)
    page.locator("body").press("]")
    finished(page)
    saves(page, folder, seen)
    seen["ran"] = page.evaluate("[window.ran === undefined, document.querySelectorAll('img, iframe, a[href^=javascript]').length]")
    seen["text"] = page.inner_text("#explorer")
    frozen(reader, page, folder, seen)
    seen["errors"], seen["requests"] = list(reader.errors), list(reader.requests)
    return page, seen


def read(reader, folder, link):
    """What is read behind a link."""
    page = reader.page(reader.context(), f"#{link}")
    return page, {"read": page.evaluate(READ), "beyond": page.evaluate(BEYOND), "errors": reader.errors, "requests": reader.requests}


def gone(page, server):
    """What a page says when its server has ended."""
    server.send_signal(signal.SIGINT)
    server.wait()
    page.locator(BINDING).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#problem:not([hidden])")
    return page.inner_text("#problem")


def main():
    browser_path, program, host, scenario, worlds, folder, part, *more = sys.argv[1:]
    folder = pathlib.Path(folder)
    server = None
    if host == "server":
        command = [program, "serve", scenario, "-n", worlds, "-q"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().strip()
    else:
        file = folder / "explorer.html"
        subprocess.run([program, "page", scenario, "-n", worlds, "-q", "-o", file], stdout=subprocess.DEVNULL, check=True)
        address = file.resolve().as_uri()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page, seen = {"use": use, "visit": visit, "read": read}[part](Reader(browser, address, host == "file"), folder, *more)
            if server:
                seen["gone"] = gone(page, server)
            browser.close()
    finally:
        if server:
            server.kill()
    print(json.dumps(seen))


main()
