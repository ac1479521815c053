"""Our map in somebody else's page: another origin, the widths of articles, a strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from geo.publish import folder
from tests import patience, published
from tests.stories.conftest import DESKTOP, Reader, somebody

WIDTHS = (320, 375, 700, 1000, 1200)
MARGIN = 16  # pixels of the page around, both sides together
STRICT = "strict.html"  # its policy allows nothing but our frame


class _Newspaper(SimpleHTTPRequestHandler):
    """Serves pages of another origin, one of them under a strict policy."""

    frames_of = ""

    def end_headers(self) -> None:
        """Send the policy too."""
        if self.path.endswith(STRICT):
            allowed = f"default-src 'none'; frame-src {self.frames_of}"
            self.send_header("Content-Security-Policy", allowed)
        super().end_headers()

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


class Article(NamedTuple):
    """A reader, the pages of a newspaper, and where their frame comes from."""

    reader: Reader
    newspaper: str
    edition: str
    nested: bool  # whether the map is a frame in the frame

    @property
    def map(self) -> FrameLocator:
        """The frame that holds the map."""
        outer = self.reader.page.frame_locator("iframe[title^='Næringshagen på Voss: 2 kommuner']")
        return outer.frame_locator("iframe") if self.nested else outer

    def at(self, page: str, wide: int) -> None:
        """Open a page of the newspaper with a column of so many pixels."""
        self.reader.page.set_viewport_size({"width": wide + MARGIN, "height": 900})
        self.reader.page.goto(f"{self.newspaper}/{page}")
        self.map.locator(".frame[data-painted]").wait_for()


@contextmanager
def _newspaper(pages: Path, edition: str) -> Iterator[str]:
    parts = urlsplit(edition)
    handler = type("Newspaper", (_Newspaper,), {"frames_of": f"{parts.scheme}://{parts.netloc}"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(pages)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _written(pages: Path, snippet: str, script: str) -> None:
    (pages / "favicon.ico").touch()  # which every browser asks for
    for name, more in (("index.html", ""), (STRICT, ""), ("follows.html", script)):
        text = f"<!doctype html><meta charset=utf-8><h1>Avisa</h1>{snippet}{more}"
        (pages / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def edition(edition_files, tmp_path_factory) -> Iterator[str]:
    """The address of the public edition."""
    root = tmp_path_factory.mktemp("edition")
    folder.write(root, edition_files)
    with published.served(root) as url:
        yield f"{url}/"


def _from_dashboard(page: Page) -> tuple[str, str]:
    page.get_by_role("button", name="Del og siter").click()
    blocks = page.locator("[data-testid=stCode]")
    expect(blocks.last).to_contain_text("<script>")
    return blocks.nth(blocks.count() - 2).inner_text(), blocks.last.inner_text()


def _from_edition(page: Page) -> tuple[str, str]:
    page.locator("#stage[data-shown='?project=voss']").wait_for()
    page.locator(".share summary").click()
    return page.locator("#embed").input_value(), page.locator("#follow").input_value()


@pytest.fixture(params=["dashboard", "edition"])
def article(request, browser: Browser, tmp_path: Path) -> Iterator[Article]:
    """A newspaper with our map in it, by the code that each edition offers."""
    nested = request.param == "dashboard"
    own = request.getfixturevalue("server" if nested else "edition")
    with somebody(browser, own, DESKTOP) as reader:
        if nested:
            _written(tmp_path, *_from_dashboard(reader.open("/?project=voss")))
        else:
            reader.page.goto(f"{own}?project=voss")
            _written(tmp_path, *_from_edition(reader.page))
        with _newspaper(tmp_path, own) as newspaper:
            yield Article(reader, newspaper, own.rstrip("/"), nested)
        hosts = {urlsplit(own).netloc, urlsplit(newspaper).netloc}
        asked = {urlsplit(u).netloc for u in reader.requests if u.startswith(("http", "ws"))}
        assert asked <= hosts
        assert not reader.errors


def _reads_well(page: Page, inner: FrameLocator, wide: int) -> None:
    """Assert that most of a frame is map, and that the credit and the way back can be seen."""
    frame = page.locator("iframe").bounding_box()
    assert frame["width"] == wide
    expect(inner.locator(".legend:not([open])")).to_have_count(1 if wide < 800 else 0)
    land = inner.locator("#map_div").bounding_box()
    assert land["width"] >= 0.98 * wide
    assert land["height"] >= (0.6 if wide < 800 else 0.5) * frame["height"]
    for said in (
        inner.get_by_role("link", name="© Kartverket"),
        inner.get_by_role("link", name="Åpne hele kartet"),
    ):
        box = said.bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_a_map_can_be_read_at_every_width_under_a_strict_policy(article: Article):
    reader, inner = article.reader, article.map
    for wide in WIDTHS:
        article.at(STRICT, wide)
        expect(inner.locator(".frame-title")).to_contain_text("Næringshagen på Voss: 2 kommuner")
        _reads_well(reader.page, inner, wide)
        reader.picture(f"embedded-{'dashboard' if article.nested else 'edition'}-{wide}")
    with reader.page.context.expect_page() as opened:
        inner.get_by_role("link", name="Åpne hele kartet").click()
    assert "brief" not in opened.value.url
    assert opened.value.url.startswith(f"{article.edition}/?")
    assert "project=voss" in opened.value.url


@pytest.mark.parametrize("wide", [375, 1000])
def test_a_page_with_our_script_gives_the_frame_the_height_of_its_map(article: Article, wide: int):
    article.at("follows.html", wide)
    frame, inner = article.reader.page.locator("iframe"), article.map

    def fits() -> bool:
        """Whether the map has its height, and the frame no more than all that is in it."""
        map_high, all_high = (
            inner.locator(part).evaluate("(one) => one.offsetHeight")
            for part in ("#map_div", ".frame")
        )
        high = frame.evaluate("(one) => one.offsetHeight")
        return abs(map_high - max(360, 0.5625 * wide)) < 2 and all_high == high

    patience.until(fits, "the height of the map")
    inner.locator(".legend summary").click()  # folds or unfolds it, so the frame has to follow
    patience.until(fits, "the height with the legend the other way")
