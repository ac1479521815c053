"""Tie uploaded data and generated files to the WebSocket of the session they belong to.

Streamlit keeps the session of a closed tab in case the user reconnects, and would serve its files
to anyone during that time, and longer on an idle server. Here they are gone when the WebSocket is
closed.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.base.links import MEDIA
from geo.coverage.dataset import Dataset

HEADER = "x-own-seat"  # tells a page which socket it is drawn for
FOR_ONE = "private, no-store"
KEEP_SECONDS = 120.0  # seconds; as long as Streamlit lets a session reconnect
_MARK = re.compile(r";\s*own-seat=([\w-]*)")


_log = logging.getLogger(__name__)


@dataclass
class _Seat:
    """An open WebSocket: its session, the dataset its user uploaded, what to free afterwards."""

    session: str = ""
    dataset: Dataset | None = None
    freeing: Sequence[Callable[[], None]] = ()


_open: dict[str, _Seat] = {}
_away: dict[str, float] = {}  # when a session lost its WebSocket, as long as it may reconnect
_left: list[tuple[float, list[Callable[[], None]]]] = []
_changing = Lock()


def hold(
    seat: str,
    session: str,
    dataset: Dataset | None,
    freeing: Sequence[Callable[[], None]] = (),
) -> None:
    """Serve an uploaded dataset (None for none) as long as the seat's WebSocket is open.

    `session` is Streamlit's session id. `freeing` is run after the WebSocket is closed, one step
    per call of `free`.
    """
    with _changing:
        if seat in _open:
            _open[seat] = _Seat(session, dataset, freeing or _open[seat].freeing)
            _away.pop(session, None)


def here(session: str) -> bool:
    """Return whether this process has a session, connected or waiting to connect again."""
    now = time.monotonic()
    with _changing:
        away = _away.get(session)
        if away is not None:
            return now - away < KEEP_SECONDS
        return any(seat.session == session for seat in _open.values())


def lent() -> list[Dataset]:
    """Return the uploaded datasets of all open WebSockets."""
    with _changing:
        return [seat.dataset for seat in _open.values() if seat.dataset is not None]


def marked(media_type: str, seat: str) -> str:
    """Return a media type that ties a file to a seat: it is served while the seat is open."""
    return f"{media_type}; own-seat={seat}"


def free(keep_seconds: float = KEEP_SECONDS) -> None:
    """Run the next freeing step of each WebSocket that was closed some time ago."""
    now = time.monotonic()
    with _changing:
        due = [steps for closed, steps in _left if now - closed >= keep_seconds]
        steps = [those.pop(0) for those in due]
        _left[:] = [(closed, those) for closed, those in _left if those]
    for step in steps:
        try:
            step()
        except Exception:  # noqa: BLE001 - an error for one session must not affect the others
            _log.exception("What a reader held could not be freed")


class Seats:
    """ASGI middleware: gives each WebSocket a seat, and refuses the files of closed seats."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Register a WebSocket, check a media file, pass all other requests on."""
        if scope["type"] == "websocket":
            await self._seated(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(MEDIA):
            await self._app(scope, receive, _Checked(scope, receive, send))
        else:
            await self._app(scope, receive, send)

    async def _seated(self, scope: Scope, receive: Receive, send: Send) -> None:
        seat, name = secrets.token_urlsafe(16), HEADER.encode()
        sent = [(key, value) for key, value in scope["headers"] if key != name]
        with _changing:
            _open[seat] = _Seat()
        try:
            await self._app({**scope, "headers": [*sent, (name, seat.encode())]}, receive, send)
        finally:
            self._closed(seat)

    def _closed(self, seat: str) -> None:
        now = time.monotonic()
        with _changing:
            gone = _open.pop(seat)
            for session in [one for one, since in _away.items() if now - since >= KEEP_SECONDS]:
                del _away[session]
            if gone.session:
                _away[gone.session] = now
            if gone.freeing:
                _left.append((now, list(gone.freeing)))


class _Checked:
    """Send a file on if it is not tied to a seat or its seat is open, else 404."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = FOR_ONE
            kind = headers.get("content-type", "")
            mark = _MARK.search(kind)
            if mark:
                headers["Content-Type"] = _MARK.sub("", kind)
                with _changing:
                    self._refused = mark[1] not in _open
            if self._refused:
                gone = PlainTextResponse("Not found.", 404, {"Cache-Control": FOR_ONE})
                await gone(self._scope, self._receive, self._send)
        if not self._refused:
            await self._send(message)
