"""Answer probes, cap sessions, reject cross-origin WebSockets.

A refused client gets a small HTML page that says why, in all languages.
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
    COUNTS,
    FIRST_PAGE,
    OTHER_HTML,
    READY,
    UPLOADS,
    own_path,
)
from geo.server import handover, health, metrics
from geo.server.middleware import small_page
from geo.server.middleware.client import client_address
from geo.server.middleware.hosts import same_origin
from geo.server.middleware.request_metrics import kind_of

# Reserve above the limit, so that whoever got the page also gets its WebSocket.
_RESERVE = 1.1
_AGAIN_AFTER = "15"  # seconds
_FULL = ("operations.full", "operations.full_text")
_CROWD = ("operations.crowd", "operations.crowd_text")
_UNKNOWN = ("operations.unknown", "operations.unknown_text")
_FIRST_WORD = 20.0  # seconds until a WebSocket's first message; browsers send one at once
_BY_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via")
_LOOPBACK = ("127.0.0.1", "::1")


class AdmissionMiddleware:
    """Answer probes, and limit sessions in total and per client address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Open WebSockets by client address; used from one event loop only.
        self._seats: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer probes, refuse clients over the limit, pass everything else on."""
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
            # Streamlit's own check would ask an internet service for our public IP address.
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
        self._count(address, 1)
        try:
            await self._app(scope, _soon(receive), send)
        finally:
            self._count(address, -1)

    def _count(self, address: str, change: int) -> None:
        self._seats[address] += change
        self._seats += Counter()  # drops addresses whose count is zero
        metrics.SESSIONS.set(self._seats.total())
        worker = handover.current()
        if worker is not None:
            worker.table.seat(worker.place, address, change)

    def _answered(self, scope: Scope) -> Response | None:
        """Return the response to a probe, refused page or unknown page; None for all else."""
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
        """Return why no further session is accepted; empty if one is."""
        if health.leaving():
            return "leaving"
        worker = handover.current()
        # A page may come from any worker; its WebSocket goes to the one with the fewest.
        is_page = scope["type"] == "http"
        taken = worker.least_load() if worker and is_page else self._seats.total()
        if taken >= settings.MAX_SESSIONS * reserve:
            return "full"
        address, workers = client_address(scope), worker.table.workers if worker else 1
        held = worker.table.seated(address) if worker else self._seats[address]
        return "address" if held >= settings.SEATS_PER_ADDRESS * workers else ""


def _soon(receive: Receive) -> Receive:
    """Close a WebSocket that sends nothing after its handshake: it would hold a session."""
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
    """Return the metrics; 404 through a proxy, and by default for clients that are not local."""
    through_proxy = any(name in Headers(scope=scope) for name in _BY_PROXY)
    here = scope["client"] is not None and scope["client"][0] in _LOOPBACK
    if through_proxy or not (here or settings.METRICS == "network"):
        return PlainTextResponse("Not found.", 404)
    content, media_type = metrics.exposition()
    return Response(content, media_type=media_type)


def _full(reason: str) -> Response:
    """Return the 503 page for a refused client."""
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
    """Send 404 where Streamlit would answer with its page for a file that does not exist."""

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
        return sent and not self._scope["path"].startswith(OTHER_HTML)


def _elsewhere(send: Send) -> Send:
    """Turn 400 for an upload of an unknown session into 404: a proxy then tries another replica."""

    async def reply(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 400:
            message = {**message, "status": 404}
        await send(message)

    return reply
