"""Plays an exercise at a table through: a facilitator and five delegations, each in a browser context of its own, two rounds, the debrief.

Arguments: the browser, and a JSON object of addresses by name. Says as JSON what each of them met."""

import json
import sys

from playwright.sync_api import sync_playwright

LONG = 240_000
# What is wider than the screen, all folds open; tables scroll within themselves.
WIDE = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  return document.documentElement.scrollWidth > innerWidth + 1 ? [document.title + ': ' + document.documentElement.scrollWidth] : [];
}"""
# Controls that say nothing to who does not see them.
NAMELESS = """() => [...document.querySelectorAll('button, input, select')]
  .filter(one => !one.textContent.trim() && !one.labels?.length && !one.getAttribute('aria-label')).map(one => one.outerHTML)"""


def opened(browser, address, errors, **options):
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(LONG)
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("html[data-version]", state="attached")
    return page


def press(page, selector):
    """By the keyboard alone."""
    page.focus(selector)
    page.keyboard.press("Enter")


def answer(page, join):
    page.wait_for_selector("#answer-form[data-open]")
    page.check(f"#answer-form input[value={'yes' if join else 'no'}]")
    press(page, "#answer-form button.main")
    page.wait_for_selector("#answer-form:not([data-open])")


def closed(pages, rounds):
    for page in pages:
        page.wait_for_selector(f"#rounds > details:nth-of-type({rounds})", state="attached")


def main(browser_path, addresses):
    errors, seen = [], {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        phone = {"viewport": {"width": 390, "height": 844}}
        facilitator = opened(browser, addresses.pop("facilitator"), errors)
        board = opened(browser, addresses.pop("board"), errors, color_scheme="dark")
        pages = {}
        for name, address in addresses.items():
            pages[name] = opened(browser, address, errors, **phone)
            press(pages[name], "#seat button")
            pages[name].wait_for_selector("#seat:empty", state="attached")
        everyone = [facilitator, board, *pages.values()]
        seen["cards"] = {name: page.inner_text("#card") for name, page in pages.items()}
        seen["headings"] = {name: page.inner_text("h1") for name, page in pages.items()}

        facilitator.locator("#proposal-form summary", has_text="What the rules say").click()
        facilitator.fill("#proposal-form [data-path$='.binding'] input", "1")
        press(facilitator, "[data-do=payment]")
        facilitator.select_option("[name=from]", "SG")
        facilitator.select_option("[name=to]", "ID")
        facilitator.fill("[name=amount]", "0.2")
        press(facilitator, "#proposal-form button.main")
        for at, page in enumerate(pages.values()):
            answer(page, at != 1)
        seen["unseen"] = board.inner_text("main")
        press(facilitator, "[data-do=close]")
        closed(everyone, 1)
        press(facilitator, "#proposal-form button.main")
        for page in pages.values():
            answer(page, True)
        press(facilitator, "[data-do=close]")
        closed(everyone, 2)
        press(facilitator, "[data-do=end]")
        for page in everyone:
            page.wait_for_selector("#debrief:not([hidden])")
        seen["rounds"] = board.inner_text("#rounds")
        seen["debrief"] = {name: page.inner_text("#debrief-body") for name, page in pages.items()}
        for name in ("debrief.md", "debrief.html"):
            seen[name] = board.evaluate(f"fetch('{name}').then(answer => answer.text())")
        facilitator.set_viewport_size(phone["viewport"])
        seen["wide"] = [wide for page in everyone for wide in page.evaluate(WIDE)]
        seen["nameless"] = [one for page in everyone for one in page.evaluate(NAMELESS)]
        browser.close()
    return {"errors": errors, **seen}


print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
