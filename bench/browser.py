"""What a reader waits for, in a real browser: first paint, and from a click to a new picture."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route, sync_playwright

from geo.webmap.geometry_routes import leaflet
from tests import chromium

VISITS = 12
SETTLE_MS = 1500
FOREIGN = re.compile(r"^https?://(?!127\.0\.0\.1)")


@dataclass(frozen=True)
class Seen:
    """Medians in seconds, and in bytes over all channels."""

    first_paint: float
    click_to_repaint: float
    bytes_per_change: float


@dataclass(frozen=True)
class Subject:
    """A page to look at: where it is, how to see that it is painted, what to choose in it."""

    address: str
    painted: Callable[[Page], str]
    options: tuple[str, ...]


def measure(ours: str, obvious: str) -> dict[str, Seen]:
    """Return what a reader sees of ours and of the obvious page, visited in turn."""
    subjects = {
        "ours": Subject(ours, _ours_painted, ("Sør-Trøndelag", "Hedmark", "Troms")),
        "obvious": Subject(obvious, _obvious_painted, ("46", "34", "18")),
    }
    seen: dict[str, list[Seen]] = {name: [] for name in subjects}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        try:
            # In turn, so that a machine that slows down or speeds up does so for both.
            for visit in range(VISITS):
                for name, subject in subjects.items():
                    option = subject.options[visit % len(subject.options)]
                    seen[name].append(_visit(browser, subject, option))
        finally:
            browser.close()
    return {name: _median(visits) for name, visits in seen.items()}


def _median(visits: list[Seen]) -> Seen:
    columns = zip(*(astuple(visit) for visit in visits), strict=True)
    return Seen(*(statistics.median(values) for values in columns))


def _visit(browser: Browser, subject: Subject, option: str) -> Seen:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    if subject.painted is _obvious_painted:
        page.route(FOREIGN, _answer)
    received = _count_bytes(page)
    begun = time.monotonic()
    page.goto(subject.address)
    before = _until_changed(page, subject.painted, "")
    first_paint = time.monotonic() - begun
    page.wait_for_timeout(SETTLE_MS)
    page.get_by_role("combobox", name="Fylke").fill(option)
    choice = page.get_by_role("option", name=option, exact=True)
    choice.hover()  # so that the time counts from the press, not from the way there
    received.clear()
    begun = time.monotonic()
    page.mouse.down()
    page.mouse.up()
    _until_changed(page, subject.painted, before)
    repainted = time.monotonic() - begun
    page.wait_for_timeout(SETTLE_MS)
    page.close()
    return Seen(first_paint, repainted, sum(received))


def _answer(route: Route) -> None:
    """Answer the obvious page's foreign files at once, from our Leaflet; it needs no other."""
    name = Path(route.request.url).name
    body = leaflet(name) if name in ("leaflet.js", "leaflet.css") else b""
    kind = "text/css" if name.endswith("css") else "text/javascript"
    route.fulfill(body=body, content_type=kind)


def _count_bytes(page: Page) -> list[int]:
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on(
        "framereceived", lambda payload: received.append(len(payload))
    ))  # fmt: skip
    page.on("requestfinished", lambda request: received.append(
        request.sizes()["responseBodySize"] if "/geo/" in request.url else 0
    ))  # fmt: skip
    return received


def _until_changed(page: Page, painted: Callable[[Page], str], before: str) -> str:
    for _ in range(4000):
        now = painted(page)
        if now not in ("", before):
            return now
        page.wait_for_timeout(5)
    raise TimeoutError("the map was not painted in time")


def _frame(page: Page) -> Frame | None:
    frames = [f for f in page.frames if "streamlit_folium" in f.url]
    return frames[-1] if frames else None


def _ours_painted(page: Page) -> str:
    return _ask(page, "() => document.querySelector('.frame')?.dataset.painted || ''")


def _obvious_painted(page: Page) -> str:
    return _ask(
        page,
        "() => [...document.querySelectorAll('path.leaflet-interactive')]"
        ".map((p, i) => p.getAttribute('fill') === '#d62728' ? i : '').join('')",
    )


def _ask(page: Page, question: str) -> str:
    frame = _frame(page)
    if frame is None:
        return ""
    try:
        return str(frame.evaluate(question))
    except Exception:  # noqa: BLE001 - the frame is being replaced
        return ""
