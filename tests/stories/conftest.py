"""The dashboard as a reader meets it: a real server, a real Chromium, and no internet."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from geo.settings import ROOT
from tests import chromium, patience

SCREENSHOTS = Path(__file__).parent / "screenshots"
DESKTOP = {"width": 1400, "height": 1000}
PHONE = {"width": 390, "height": 844}
# Every name but our own address fails to resolve: the network is cut off.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
# Before a picture Playwright adds this style, which the page's policy refuses; Firefox says so.
PLAYWRIGHTS_STYLE = b64encode(sha256(b"body {}").digest()).decode()
expect.set_options(timeout=patience.MILLISECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    def healthy() -> bool:
        assert process.poll() is None, "the server stopped while starting"
        try:
            with urllib.request.urlopen(  # noqa: S310
                f"{url}/_stcore/health", timeout=patience.SECONDS
            ) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    patience.until(healthy, "the server's health")


def serve(port: int, **environment: str) -> subprocess.Popen[bytes]:
    """Start the dashboard as `make run` does, without opening a browser."""
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    options = ["--server.port", str(port), "--server.headless", "true"]
    return subprocess.Popen(
        command + options,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@contextmanager
def running(**environment: str) -> Iterator[str]:
    """Run a dashboard, and yield its address."""
    port = _free_port()
    process = serve(port, **environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(url, process)
        yield url
    finally:
        _forget(url)
        process.terminate()
        process.wait(timeout=patience.SECONDS)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running dashboard on the shipped data."""
    with running() as url:
        yield url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, of which a process can only run one."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that can reach nothing but this machine."""
    started = playwright.chromium.launch(
        executable_path=chromium.find(), args=[*chromium.FLAGS, OFFLINE]
    )
    yield started
    started.close()


@dataclass
class Reader:
    """A person with a browser, and a record of what the browser did behind their back."""

    page: Page
    server: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> "Reader":
        """Record every request and every console error from now on."""
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._error(str(error)))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        return self

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._error(f"{message.text} ({message.location.get('url')})")

    def _error(self, text: str) -> None:
        if PLAYWRIGHTS_STYLE not in text:
            self.errors.append(text)

    def open(self, address: str = "/") -> Page:
        """Open an address of the dashboard and wait until its page has been drawn."""
        self.page.goto(self.server + address)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until the server has finished the run that the last action started."""
        # By selector: the page's content policy forbids evaluating strings, even a test's.
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        self.page.locator("h1").first.wait_for()

    def follow(self, name: str, path: str) -> None:
        """Follow a link of the header; wait until the page it leads to has been drawn."""
        self.page.get_by_role("link", name=name, exact=True).click()
        # The address changes when the server begins to draw the page, and not before.
        expect(self.page).to_have_url(re.compile(rf"//[^/]+/{path}(\?|$)"))
        self.settled()

    def idle(self) -> None:
        """Wait until every frame has loaded, or failed to load, the pictures that it holds by now.

        What a text makes the browser do has happened then: work for idle moments comes last.
        """
        for frame in self.page.frames:
            frame.locator("body").evaluate(
                """async () => {
                  const settled = (one) => new Promise((done) => {
                    for (const event of ["load", "error"]) one.addEventListener(event, done);
                    if (one.complete) done();
                  });
                  // One that waits to be scrolled to may never come.
                  const begun = [...document.images].filter((one) => one.loading !== "lazy");
                  await Promise.all(begun.map(settled));
                  await new Promise((done) => requestIdleCallback(() => setTimeout(done, 0)));
                }"""
            )

    @property
    def map(self) -> FrameLocator:
        """The inside of the map's frame."""
        return self.page.frame_locator("iframe[title^='Kart'], iframe[title^='Map']")

    def map_drawn(self) -> None:
        """Wait until the map has its shapes, and nothing more is on its way."""
        self.map.locator(".frame[data-ready][data-painted]:not([data-busy])").wait_for()

    def picture(self, name: str) -> Path:
        """Save what is on the screen, for people to judge."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def broken_policies(self) -> list[str]:
        """Return what the browser did not do because the content policy forbids it."""
        return [error for error in self.errors if "Content Security Policy" in error]

    def hears(self, true: Callable[[str], bool]) -> None:
        """Wait until the browser says that the content policy forbids something."""
        end = time.monotonic() + patience.SECONDS
        while not any(map(true, self.broken_policies())):
            assert time.monotonic() < end, "nothing was forbidden"
            self.page.wait_for_timeout(50)  # events arrive while Playwright waits

    def third_parties(self) -> list[str]:
        """Return every request that left the server's own origin."""
        own = urlsplit(self.server).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != own
        ]


def _context(browser: Browser, **options: object) -> BrowserContext:
    context = browser.new_context(locale="nb-NO", **options)
    context.set_default_timeout(patience.MILLISECONDS)
    return context


def reader_of(browser: Browser, server: str, viewport: dict[str, int], **options: object) -> Reader:
    """Return a reader whose browser has never seen anything."""
    return Reader(_context(browser, viewport=viewport, **options).new_page(), server).watch()


_kept: WeakKeyDictionary[Browser, dict[tuple[str, str], BrowserContext]] = WeakKeyDictionary()


def _forget(server: str) -> None:
    """Close the browsers that know a server which ends: its address may become another's."""
    for browser, contexts in _kept.items():
        for key in [key for key in contexts if key[0] == server]:
            context = contexts.pop(key)
            if browser.is_connected():
                context.close()


@contextmanager
def somebody(
    browser: Browser, server: str, viewport: dict[str, int], **options: object
) -> Iterator[Reader]:
    """Let a reader use a browser in which others have read; nothing else of theirs is left.

    The scripts are in its store, and a page that stays open keeps the process that compiled them: a
    page then takes half the time. Only for a server that serves the same as long as it runs, since
    what is stored belongs to an address.
    """
    contexts = _kept.setdefault(browser, {})
    key = (server, str(options))
    if key not in contexts:
        begun = _context(browser, viewport=viewport, **options)
        begun.new_page().goto(f"{server.rstrip('/')}/robots.txt")
        contexts[key] = begun
    context = contexts[key]
    person = Reader(context.new_page(), server)
    person.page.set_viewport_size(viewport)
    try:
        yield person.watch()
    finally:
        stays, *others = context.pages
        for page in others:
            page.close()
        stays.evaluate("() => localStorage.clear()")
        context.clear_cookies()
    assert not person.broken_policies()


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """Somebody at a desk."""
    with somebody(browser, server, DESKTOP) as person:
        yield person


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Reader]:
    """Somebody with a telephone, 390 pixels wide."""
    with somebody(browser, server, PHONE, is_mobile=True, has_touch=True) as person:
        yield person
