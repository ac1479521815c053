"""What belongs to one reader alone: it is nowhere to be had once that reader's socket is closed.

Streamlit keeps the session of a closed tab, in case the reader only lost the connection, and would
answer for its files all that time, to anyone, and longer where nobody else comes.
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
KEEP_SECONDS = 120.0  # as long as Streamlit lets a lost connection come back
_MARK = re.compile(r";\s*own-seat=([\w-]*)")


_log = logging.getLogger(__name__)


@dataclass
class _Seat:
    """One open socket: the data its reader dropped, and what is left to do when it is closed."""

    dataset: Dataset | None = None
    freeing: Sequence[Callable[[], None]] = ()


_open: dict[str, _Seat] = {}
_left: list[tuple[float, list[Callable[[], None]]]] = []
_changing = Lock()


def hold(seat: str, dataset: Dataset | None, freeing: Sequence[Callable[[], None]] = ()) -> None:
    """Lend a reader's own data, or nothing more, while their socket is open.

    `freeing` is called after it was closed, step by step, by `free`.
    """
    with _changing:
        if seat in _open:
            _open[seat] = _Seat(dataset, freeing or _open[seat].freeing)


def lent() -> list[Dataset]:
    """Return the data that readers dropped and still look at."""
    with _changing:
        return [seat.dataset for seat in _open.values() if seat.dataset is not None]


def marked(media_type: str, seat: str) -> str:
    """Return a media type for Streamlit to keep: its file is served while the seat is taken."""
    return f"{media_type}; own-seat={seat}"


def free(keep_seconds: float = KEEP_SECONDS) -> None:
    """Take the next step in freeing what each closed socket held, some time after it was closed."""
    now = time.monotonic()
    with _changing:
        due = [steps for closed, steps in _left if now - closed >= keep_seconds]
        steps = [those.pop(0) for those in due]
        _left[:] = [(closed, those) for closed, those in _left if those]
    for step in steps:
        try:
            step()
        except Exception:  # noqa: BLE001 - what is freed for one reader stops nobody else
            _log.exception("What a reader held could not be freed")


class Seats:
    """ASGI middleware: gives each socket a seat, and each seat's files only while it is taken."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Seat a socket, check a file, let all else pass."""
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
            with _changing:
                freeing = list(_open.pop(seat).freeing)
                if freeing:
                    _left.append((time.monotonic(), freeing))


class _Checked:
    """Passes a file on, if it is everybody's or its reader is still there."""

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
