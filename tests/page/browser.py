"""Opens a page in Chromium and says, as JSON, what a reader would meet. Arguments: the browser, the page."""

import json
import pathlib
import re
import sys

from playwright.sync_api import sync_playwright

VISIBLE = """() => [...document.querySelectorAll('.reading')]
  .filter(one => one.offsetParent !== null || getComputedStyle(one).display !== 'none').map(one => one.id.replace('reading-', ''))"""

# Labels that reach beyond their figure, or lie on one another by more than a few units; fonts differ between machines.
LABELS = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  const cut = [], overlaid = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    const frame = svg.viewBox.baseVal;
    const boxes = [...svg.querySelectorAll('text')].map(text => [text.getBBox(), text.textContent]);
    for (const [box, text] of boxes)
      if (box.x < -4 || box.y < -4 || box.x + box.width > frame.width + 4 || box.y + box.height > frame.height + 4) cut.push(text);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][0], boxes[j][0]];
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > 4 && high > 5) overlaid.push(boxes[i][1] + ' | ' + boxes[j][1]);
    }
  }
  return [cut, overlaid];
}"""

# Tables and typed lines that scroll, all folds open: on a phone those of many columns are cards, and none of the others is as wide.
SCROLLING = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  document.querySelector('#show-all')?.click();
  return [...document.querySelectorAll('.scroll, pre')].filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.getAttribute('aria-label') || one.textContent);
}"""

# On paper: what is cut at the right, and what is folded.
PAPER = """() => [
  [...document.querySelectorAll('table, pre, p, figure, svg')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.id || one.textContent.slice(0, 80)),
  [...document.querySelectorAll('details:not([open])')].filter(one => one.lastElementChild.getBoundingClientRect().height === 0)
    .map(one => one.textContent.slice(0, 80)),
]"""

# An A4 page between its margins, in CSS pixels.
A4 = 695

# Colours of text against the page, by the contrast ratio of WCAG 2; 4.5 is what it asks of text.
CONTRAST = """() => {
  const channel = x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const light = colour => { const [r, g, b] = colour.match(/[0-9.]+/g).map(x => channel(x / 255)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const pale = new Set();
  for (const one of document.querySelectorAll('p, td, th, li, a, summary, caption, figcaption, h1, h2, h3, code, svg text')) {
    const style = getComputedStyle(one);
    const ink = light(one.closest('svg') ? style.fill : style.color);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) pale.add(one.tagName + ' ' + ratio.toFixed(1));
  }
  return [...pale];
}"""


def pages(page):
    """How many pages of A4 a note takes without what stands behind it and below that; none of what is no note."""
    if page.locator(".memo").count() == 0:
        return None
    page.evaluate("document.querySelectorAll('#behind, footer').forEach(one => one.remove())")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


def main():
    browser_path, page_path = sys.argv[1:3]
    address = pathlib.Path(page_path).resolve().as_uri()
    seen = {"errors": [], "requests": [], "visible": {}, "overflow": [], "contrast": [], "scrolling": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for width, scheme in [(1280, "light"), (1280, "dark"), (390, "light")]:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("console", lambda message: seen["errors"].append(message.text) if message.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: seen["errors"].append(str(error)))
            page.on("request", lambda request: seen["requests"].append(request.url) if request.url != address and not request.url.startswith("data:") else None)
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                seen["overflow"].append(f"{width} {scheme}")
            seen["contrast"] += page.evaluate(CONTRAST)
            if (width, scheme) == (1280, "light"):
                if page.locator("#show-all").count() > 0:
                    for reading in ["all", "vendor", "investor", "adviser"]:
                        page.check(f"#show-{reading}")
                        seen["visible"][reading] = page.evaluate(VISIBLE)
                    page.focus("#show-adviser")
                    page.keyboard.press("ArrowRight")
                    seen["keyboard"] = page.evaluate(VISIBLE)
                page.emulate_media(media="print")
                seen["print"] = page.evaluate(VISIBLE)
                page.emulate_media(media="screen")
                seen["cut"], seen["overlaid"] = page.evaluate(LABELS)
                page.set_viewport_size({"width": A4, "height": 900})
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
                page.emulate_media(media="print")
                seen["off_paper"], seen["folded"] = page.evaluate(PAPER)
                seen["pages"] = pages(page)
            if width == 390:
                seen["scrolling"] = page.evaluate(SCROLLING)
            page.close()
        browser.close()
    print(json.dumps(seen))


main()
