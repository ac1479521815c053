"""What a reader waits for, in a real browser: first paint, and from a click to a new picture."""

import gzip
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route, sync_playwright

from geo.routes import _leaflet_files
from tests import chromium

ROUNDS = 3
SETTLE_MS = 1500
FOREIGN = re.compile(r"^https?://(?!127\.0\.0\.1)")


@dataclass(frozen=True)
class Seen:
    """Medians in seconds, and in bytes over all channels."""

    first_paint: float
    click_to_repaint: float
    bytes_per_change: float


def measure(ours: str, obvious: str) -> dict[str, Seen]:
    """Return what a reader sees of ours and of the obvious page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        try:
            return {
                "ours": _seen(browser, ours, _ours_painted, ["Sør-Trøndelag", "Hedmark", "Troms"]),
                "obvious": _seen(browser, obvious, _obvious_painted, ["46", "34", "18"]),
            }
        finally:
            browser.close()


def _seen(
    browser: Browser, address: str, painted: Callable[[Page], str], options: list[str]
) -> Seen:
    paints, waits, sizes = [], [], []
    for option in options * ROUNDS:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        if painted is _obvious_painted:
            page.route(FOREIGN, _answer)
        received = _count_bytes(page)
        begun = time.monotonic()
        page.goto(address)
        before = _until_changed(page, painted, "")
        paints.append(time.monotonic() - begun)
        page.wait_for_timeout(SETTLE_MS)
        page.get_by_role("combobox", name="Fylke").fill(option)
        choice = page.get_by_role("option", name=option, exact=True)
        choice.wait_for()
        received.clear()
        begun = time.monotonic()
        choice.click()
        _until_changed(page, painted, before)
        waits.append(time.monotonic() - begun)
        page.wait_for_timeout(SETTLE_MS)
        sizes.append(sum(received))
        page.close()
    return Seen(*(statistics.median(values) for values in (paints, waits, sizes)))


def _answer(route: Route) -> None:
    """Answer the obvious page's foreign files at once, from our Leaflet; it needs no other."""
    name = Path(route.request.url).name
    content = _leaflet_files().get(name)
    body = gzip.decompress(content) if content else b""
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
