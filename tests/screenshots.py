"""Take the pictures of the dashboard that the docs show, from the data that ship.

Run by `make screenshots`. Two runs differ in some pixels where the machine's fonts and browser
differ, so no test compares them; `tests/stories/test_docs_site.py` keeps them few and small.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from geo.settings import ROOT
from tests import chromium, patience
from tests.replicas import Replica

# Name, address, width and height.
PICTURES = [
    ("kart", "/?lang=nb", 1400, 900),
    ("kommune", "/?lang=nb&year=2020&kommune=5059", 1400, 900),
    ("telefon", "/?lang=nb", 390, 844),
]
_COLOURS = 256  # what PNG has room for in a palette; such a picture weighs a third
_OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_MAP = "iframe[title^='Kart']"
_STILL = "[data-testid=stApp][data-test-script-state=notRunning]"


def take(folder: Path) -> None:
    """Write the pictures to a folder."""
    with TemporaryDirectory() as logs, sync_playwright() as playwright:
        server = Replica(Path(logs), environment={"DATA_DIR": str(ROOT / "data")}).start()
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*chromium.FLAGS, _OFFLINE]
        )
        try:
            server.until_ready()
            for name, address, width, height in PICTURES:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(server.url + address)
                _drawn(page)
                path = folder / f"{name}.png"
                page.screenshot(path=path)
                page.close()
                _lighten(path)
        finally:
            browser.close()
            server.stop()


def _drawn(page: Page) -> None:
    page.locator(_STILL).wait_for(timeout=patience.MILLISECONDS)
    ready = page.frame_locator(_MAP).locator(".frame[data-ready][data-painted]:not([data-busy])")
    ready.wait_for(timeout=patience.MILLISECONDS)


def _lighten(path: Path) -> None:
    """Keep the most frequent colours as they are; only edges between them take the nearest."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    colours, places, counts = np.unique(
        pixels.reshape(-1, 3).astype(int), axis=0, return_inverse=True, return_counts=True
    )
    kept = colours[np.argsort(counts)[::-1][:_COLOURS]]
    nearest = ((colours[:, None] - kept) ** 2).sum(axis=-1).argmin(axis=-1).astype(np.uint8)
    few = Image.fromarray(nearest[places].reshape(pixels.shape[:2])).convert("P")
    few.putpalette(kept.astype(np.uint8).tobytes())
    few.save(path, optimize=True)


if __name__ == "__main__":
    take(ROOT / "docs")
