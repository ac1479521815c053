"""Who is let in: probes, readers while there is room, and nobody from a foreign page.

Whoever stays outside is told why in a small page of our own, in all languages.
"""

import asyncio
from collections import Counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from geo import settings
from geo.base.links import (
    ALIVE,
    API,
    COMPONENTS,
    COUNTS,
    FIRST_PAGE,
    READY,
    UPLOADS,
    own_path,
)
from geo.server import health, metrics
from geo.server.middleware import small_page
from geo.server.middleware.client import client_address
from geo.server.middleware.hosts import same_origin
from geo.server.middleware.request_metrics import kind_of

# Whoever got a page also gets its socket, though others came in between.
_RESERVE = 1.1
_AGAIN_AFTER = "15"  # seconds
_FULL = ("operations.full", "operations.full_text")
_CROWD = ("operations.crowd", "operations.crowd_text")
_UNKNOWN = ("operations.unknown", "operations.unknown_text")
_FIRST_WORD = 20.0  # seconds that a socket may be silent at first; browsers speak at once
_BY_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via")
_LOOPBACK = ("127.0.0.1", "::1")
# Pages that are whole as they are: the map's frame, which is a component's, and the API's.
_WHOLE = (COMPONENTS, f"{API}/")


class AdmissionMiddleware:
    """ASGI middleware in front of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Readers' sockets by address, in memory while they are open; all in one event loop.
        self._seats: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer probes, refuse whom there is no room for, let all others in."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and (answer := self._answered(scope)):
            await answer(scope, receive, send)
        elif scope["type"] == "http" and not _is_page(scope["path"]):
            files: Send = _Files(scope, receive, send)
            uploads = scope["path"].startswith(UPLOADS)
            await self._app(scope, receive, _elsewhere(files) if uploads else files)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not same_origin(scope):
            metrics.REFUSED.labels("origin").inc()
            # Streamlit would look up our outside address, on the internet, to compare.
            denied = PlainTextResponse("Not from this page.", 403)
            await WebSocket(scope, receive, send).send_denial_response(denied)
        elif reason := self._no_room(scope, _RESERVE):
            metrics.REFUSED.labels(reason).inc()
            await WebSocket(scope, receive, send).send_denial_response(_full(reason))
        else:
            await self._seated(scope, receive, send)

    async def _seated(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = client_address(scope)
        metrics.OPENED.inc()
        self._seats[address] += 1
        metrics.SESSIONS.set(self._seats.total())
        try:
            await self._app(scope, _soon(receive), send)
        finally:
            self._seats[address] -= 1
            self._seats += Counter()  # forgets whom it no longer counts
            metrics.SESSIONS.set(self._seats.total())

    def _answered(self, scope: Scope) -> Response | None:
        """Return the answer to what does not concern the application; None if it does."""
        path = scope["path"]
        if path == ALIVE:
            return health.healthz()
        if path == READY:
            return health.readyz()
        if path in COUNTS:
            return _counts(scope)
        if kind_of(path) != "page":
            return None
        if reason := self._no_room(scope):
            metrics.REFUSED.labels(reason).inc()
            return _full(reason)
        return None if _is_page(path) else unknown(scope)

    def _no_room(self, scope: Scope, reserve: float = 1.0) -> str:
        """Return why no reader more is let in; empty if there is room."""
        if health.leaving():
            return "leaving"
        if self._seats.total() >= settings.MAX_SESSIONS * reserve:
            return "full"
        held = self._seats[client_address(scope)]
        return "address" if held >= settings.SEATS_PER_ADDRESS else ""


def _soon(receive: Receive) -> Receive:
    """Let a socket that is silent after its handshake end: it would keep a seat from somebody."""
    heard = False

    async def received() -> Message:
        nonlocal heard
        if heard:
            return await receive()
        try:
            async with asyncio.timeout(_FIRST_WORD):
                message = await receive()
        except TimeoutError:
            return {"type": "websocket.disconnect", "code": 1008}
        heard = message["type"] == "websocket.receive"
        return message

    return received


def _is_page(path: str) -> bool:
    return path.strip("/") in {"", *settings.PAGES}


def _counts(scope: Scope) -> Response:
    """Return the counts to whoever may see them: one who comes directly, by default from here."""
    through_proxy = any(name in Headers(scope=scope) for name in _BY_PROXY)
    here = scope["client"] is not None and scope["client"][0] in _LOOPBACK
    if through_proxy or not (here or settings.METRICS == "network"):
        return PlainTextResponse("Not found.", 404)
    content, media_type = metrics.exposition()
    return Response(content, media_type=media_type)


def _full(reason: str) -> Response:
    """Return the page for those who are not let in."""
    links = {"operations.again": ""}
    if settings.PUBLIC_URL:
        links["operations.public"] = settings.PUBLIC_URL
    words = _CROWD if reason == "address" else _FULL
    return small_page.small_page(words, 503, links, {"Retry-After": _AGAIN_AFTER})


def unknown(scope: Scope) -> Response:
    """Return the page for an address that leads nowhere; the map opens with the same view."""
    query = scope["query_string"].decode("latin-1")
    first = own_path(FIRST_PAGE)
    links = {"operations.to_the_map": f"{first}?{query}" if query else first}
    return small_page.small_page(_UNKNOWN, 404, links)


class _Files:
    """Says 404 where Streamlit would send its page in the place of a file that it does not have."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._stood_in = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_the_page(message):
            self._stood_in = True
            await unknown(self._scope)(self._scope, self._receive, self._send)
        elif not self._stood_in:
            await self._send(message)

    def _is_the_page(self, start: Message) -> bool:
        kind = Headers(raw=start["headers"]).get("content-type", "")
        sent = start["status"] < 300 and kind.startswith("text/html")
        return sent and not self._scope["path"].startswith(_WHOLE)


def _elsewhere(send: Send) -> Send:
    """Say 404 for an upload whose session is not here, so that a proxy asks the next replica."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 400:
            message = {**message, "status": 404}
        await send(message)

    return told
