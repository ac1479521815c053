"""Local servers that stand in for the official services, and speak their formats and faults."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.fetch.transfer.progress import Listener, Silent
from geo.fetch.transfer.transport import Patience, Transport
from geo.official.services import MIRROR
from tests import patience

# As patient as the product with a service that may be slow, since the machine may be; but a test
# has no minutes for pauses.
HASTY = Patience(
    connect=patience.SECONDS,
    read=patience.SECONDS,
    whole=patience.SECONDS,
    attempts=3,
    first_pause=0.01,
    longest_pause=0.05,
    slowest=200,
    settling=patience.SECONDS,
    polite=False,
)
# For answers that are meant to come too slowly; a busy machine makes them slower still.
IMPATIENT = replace(HASTY, settling=0.5)


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str  # host of the service, then its path
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Given:
    """An answer: content with a status and headers, sent in pieces with pauses between."""

    content: bytes = b""
    media: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # bytes, after which the connection is closed
    pause: float = 0  # seconds before each piece
    piece: int = 65_536


def as_json(content: Any, **options: Any) -> Given:
    """Return an answer that holds JSON."""
    return Given(json.dumps(content, ensure_ascii=False).encode(), **options)


Answering = Callable[[Asked], Given]


@dataclass
class Services:
    """The services at one local address; what was asked of them is kept."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _routes: list[tuple[str, Answering]] = field(default_factory=list)

    def put(self, path: str, answer: Given | Answering) -> None:
        """Answer requests whose path begins so; what is put later goes before."""
        given = answer if callable(answer) else lambda _: answer
        self._routes.insert(0, (path, given))

    def answer(self, asked: Asked) -> Given:
        self.asked.append(asked)
        for path, given in self._routes:
            if asked.path.startswith(path):
                return given(asked)
        return as_json({"error": "not found"}, status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    services: Services

    def handle(self) -> None:
        with suppress(OSError):  # the client had enough
            super().handle()

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(split.query).items()}
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        asked = Asked(self.command, split.path.lstrip("/"), query, self.headers, body)
        self._give(self.services.answer(asked))

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def _give(self, given: Given) -> None:
        self.send_response(given.status)
        headers = {"Content-Length": str(len(given.content)), "Content-Type": given.media}
        for name, value in {**headers, **given.headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        content = given.content if given.cut_after is None else given.content[: given.cut_after]
        for start in range(0, len(content), given.piece):
            time.sleep(given.pause)
            self.wfile.write(content[start : start + given.piece])
            self.wfile.flush()
        if given.cut_after is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Services]:
    """Run local services, and let everything be asked of them in place of the official ones."""
    services = Services()
    handler = type("Handler", (_Handler,), {"services": services})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    services.url = f"http://127.0.0.1:{server.server_address[1]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MIRROR, services.url)
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        try:
            yield services
        finally:
            server.shutdown()
            server.server_close()


def hasty(folder: Path, listener: Listener | None = None, waits: Patience = HASTY) -> Transport:
    """Return a way to the services that pauses shortly."""
    return Transport(folder / "answers", listener or Silent(), waits)
