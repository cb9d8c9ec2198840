"""Page weight: bytes and requests of a first visit in a real Chromium, with an empty cache."""

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench.filling import World
from bench.results import Result

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-first-run",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
PICTURES = "/assets/"  # a course's own files; everything else is the interface
MOST_KB, MOST_REQUESTS = 50, 5
CHROMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(slots=True)
class Load:
    """What one page loaded: paths and bytes over the wire, headers included, by request."""

    paths: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def total(self, *, pictures: bool) -> tuple[int, float]:
        """Return requests and kilobytes, with or without the course's pictures."""
        counted = [
            number
            for number, path in self.paths.items()
            if pictures or not path.startswith(PICTURES)
        ]
        return len(counted), sum(self.sizes.get(number, 0) for number in counted) / 1000


def weigh(port: int, world: World, *, quick: bool) -> list[Result]:
    """Return weight and requests of landing, join page, module pages and a question."""
    found = next((path for name in CHROMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("Page weight needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        try:
            return _weigh_all(browser, port, world, quick=quick)
        finally:
            browser.close()


def _weigh_all(browser: Browser, port: int, world: World, *, quick: bool) -> list[Result]:
    def visit(path: str, cookie: str = "") -> Load:
        return _visit(browser, port, path, cookie)

    one = world.tries[0]
    results = [
        *_results("landing", visit("/")),
        *_results("join page", visit("/join/BENCH1")),
        *_results("question page", visit(f"/attempts/{one.key}/1", one.cookie)),
    ]
    for course_id, module_ids in world.modules.items():
        loads = {
            module_id: visit(f"/courses/{course_id}/{module_id}", world.reader.cookie)
            for module_id in (module_ids[:1] if quick else module_ids)
        }
        heaviest = max(loads, key=lambda module_id: loads[module_id].total(pictures=False)[1])
        name = f"heaviest module page of {course_id} ({heaviest})"
        results += _results(name, loads[heaviest], most_kb=MOST_KB, most_requests=MOST_REQUESTS)
    return results


def _visit(browser: Browser, port: int, path: str, cookie: str) -> Load:
    origin = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport=PHONE, locale="en-GB")  # type: ignore[arg-type]
    try:
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": origin}])
        page = context.new_page()
        load = _listen(page)
        answer = page.goto(origin + path, wait_until="networkidle")
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path} answered {answer and answer.status}")
        _see_all(page)
        return load
    finally:
        context.close()


def _listen(page: Page) -> Load:
    load = Load()
    line = page.context.new_cdp_session(page)

    def asked(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            load.paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def came(event: dict[str, Any]) -> None:
        load.sizes[event["requestId"]] = event["encodedDataLength"]

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", came)
    line.send("Network.enable")
    return load


def _see_all(page: Page) -> None:
    """Scroll to the end, so that pictures further down are loaded too."""
    for _ in range(40):
        at_end = page.evaluate(
            "() => { scrollBy(0, innerHeight);"
            " return scrollY + innerHeight >= document.documentElement.scrollHeight - 1; }"
        )
        if at_end:
            break
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)


def _results(
    name: str, load: Load, *, most_kb: float | None = None, most_requests: int | None = None
) -> list[Result]:
    requests, size = load.total(pictures=False)
    results = [
        Result(name=f"page weight: {name}", value=size, unit="KB", most=most_kb),
        Result(name=f"page weight: {name}: requests", value=requests, unit="requests",
               most=most_requests),
    ]  # fmt: skip
    all_requests, all_size = load.total(pictures=True)
    if all_requests > requests:
        words = f"page weight: {name} with {all_requests - requests} pictures"
        results.append(Result(name=words, value=all_size, unit="KB"))
    return results
