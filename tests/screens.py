"""Chromium for the tests: opening it, walking in it, and looking at every screen it meets."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.serving import Served

CHROMIUM = Path("/usr/bin/chromium")
QUIETLY = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (1280, 360, 320)
PATIENCE = 30_000  # milliseconds, for a machine under load
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
EVERYTHING = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
CONTRAST = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
RUN_AXE = """async options => (await axe.run(document, options)).violations.map(one => {
    const places = one.nodes.slice(0, 3).map(node => node.html.slice(0, 160));
    return `${one.id}: ${one.help}: ${places.join(" | ")}`;
})"""
WIDER_THAN_SCREEN = """() => {
    const width = document.documentElement.scrollWidth;
    if (width <= innerWidth) return "";
    const found = [...document.querySelectorAll("body *")].find(e => {
        const box = e.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.left < -1;
    });
    return `${width} pixels: ${found ? found.outerHTML.slice(0, 160) : "?"}`;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Chromium; skip with the reason where it is not installed (bin/test installs it)."""
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is not installed at {CHROMIUM}; bin/test installs it.")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


class Inspector:
    """Looks at screens: axe in light and dark, wide and narrow, and nothing scrolls sideways."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(bypass_csp=True, locale="en-GB")
        self.page = self.context.new_page()
        self.page.route("**/*", self._give)
        self.html = ""
        self.seen: set[str] = set()

    def look(self, name: str, address: str, html: str, *, only_layout: bool = False) -> list[str]:
        """Return what is wrong with a screen, as sentences; a name is looked at once."""
        if name in self.seen:
            return []
        self.seen.add(name)
        self.html = html
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        self.page.goto(address, wait_until="load")
        if not only_layout:
            self.page.evaluate(AXE)
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if wide := self.page.evaluate(WIDER_THAN_SCREEN):
                found.append(f"{name} at {width}: scrolls sideways, {wide}")
            if not only_layout and width != 320:
                found += self._axe(name, f"at {width}", EVERYTHING)
        if not only_layout:
            self.page.emulate_media(color_scheme="dark")
            found += self._axe(name, "in the dark", CONTRAST)
        return found

    def direction(self) -> str:
        """Return in which direction the screen last looked at reads."""
        return str(self.page.evaluate("getComputedStyle(document.documentElement).direction"))

    def _axe(self, name: str, how: str, options: dict[str, Any]) -> list[str]:
        return [f"{name} {how}: {found}" for found in self.page.evaluate(RUN_AXE, options)]

    def _give(self, route: Route) -> None:
        """Answer the page itself with the screen that was met; let its styles through."""
        if route.request.is_navigation_request():
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()


class Walk:
    """One person with one browser window; notes what the console complains about."""

    def __init__(self, served: Served, context: BrowserContext, inspector: Inspector) -> None:
        self.served, self.context, self.inspector = served, context, inspector
        self.problems: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Open another tab of the same window."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", lambda message: self._note(message.type, message.text))
        return page

    def open(self, path: str) -> None:
        """Go to an address of the product."""
        self.page.goto(self.served.address + path)

    def press(self, label: str, *, role: Any = "button", within: str = "main") -> None:
        """Press a button or follow a link by its words, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role(role, name=label, exact=True).first.click()

    def follow(self, label: str, *, within: str = "main") -> None:
        """Follow a link by its words."""
        self.press(label, role="link", within=within)

    def fill(self, label: str, text: str) -> None:
        """Type into a field by its label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def heading(self) -> str:
        """Return what the page is called."""
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        """Return the page's words."""
        return self.page.locator("body").inner_text()

    def meet(self, name: str) -> None:
        """Look at the screen that is open."""
        address = self.page.url.partition("#")[0]
        if name not in self.inspector.seen:
            self.problems += self.inspector.look(name, address, self.page.content())

    def _note(self, kind: str, text: str) -> None:
        expected = "responded with a status of 4" in text  # a form that was not right
        if kind in ("error", "warning") and not expected:
            self.problems.append(f"console: {text}")
