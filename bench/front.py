"""When the public edition's front page shows its map on a slow line (`bench.front OUT...`).

Each folder is an edition; they are visited in turn, so that what else the machine does slows all of
them. Files are sent as a web server would that sends the compressed copies beside them.
"""

import mimetypes
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import chromium

VISITS = 7
BYTES_PER_SECOND, LATENCY_MS = 1.6e6 / 8, 150
SIZES = ((1400, 900), (390, 844))
# Milliseconds until the land is on the screen, until Leaflet's map is, and how far things jumped.
_WATCH = """
window.seen = { shift: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (!one.hadRecentInput) seen.shift += one.value;
})).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  for (const [name, found] of Object.entries({
    land: "#first, .frame[data-painted]", map: ".frame[data-painted]"
  }))
    if (!(name in seen) && document.querySelector(found)) {
      seen[name] = 0;
      requestAnimationFrame(() => setTimeout(() => { seen[name] = performance.now(); }));
    }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@dataclass(frozen=True)
class Seen:
    """Medians in seconds, and the sum of layout shifts."""

    land: float
    map: float
    shift: float


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, *given: object) -> None:
        self.root = root
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, compressed if there is a copy."""
        path = self.root / self.path.partition("?")[0].lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.with_name(f"{path.name}.br")
        content = (packed if packed.is_file() else path).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "text/plain")
        if packed.is_file():
            self.send_header("Content-Encoding", "br")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(root: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        # A name, for browsers take br from safe addresses only; this one is.
        yield f"http://localhost:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _visit(browser: Browser, address: str, size: tuple[int, int]) -> Seen:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => seen.land && seen.map", timeout=120_000)
    found = page.evaluate("() => seen")
    context.close()
    return Seen(found["land"] / 1000, found["map"] / 1000, found["shift"])


def measure(addresses: list[str], size: tuple[int, int]) -> list[Seen]:
    """Return what is seen at each address in a window of a size."""
    visits: list[list[Seen]] = [[] for _ in addresses]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        try:
            for _ in range(VISITS):
                for address, own in zip(addresses, visits, strict=True):
                    own.append(_visit(browser, address, size))
        finally:
            browser.close()
    return [
        Seen(*(statistics.median(getattr(one, name) for one in own) for name in vars(own[0])))
        for own in visits
    ]


def main(roots: list[Path]) -> None:
    """Measure the editions in some folders beside each other."""
    for size in SIZES:
        with _all_served(roots) as addresses:
            for root, seen in zip(roots, measure(addresses, size), strict=True):
                print(f"{size[0]} x {size[1]} {root}: {seen}")


@contextmanager
def _all_served(roots: list[Path]) -> Iterator[list[str]]:
    with ExitStack() as open_ones:
        yield [open_ones.enter_context(_served(root)) for root in roots]


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
