"""Count and log every request and WebSocket, without personal data."""

import logging
import re
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.base.links import (
    API_ROOT,
    ASSETS,
    COMPONENTS,
    GEOMETRY,
    MCP,
    MEDIA,
    PICTURES,
    PROBES,
    STATIC,
    STREAMLIT,
    UPLOADS,
    inner_path,
)
from geo.server import metrics
from geo.server.middleware.other_workers import passed_on

_KINDS = {
    GEOMETRY: "geometry",
    API_ROOT: "api",
    MCP: "mcp",
    PICTURES: "picture",
    MEDIA: "download",
    UPLOADS: "upload",
    STREAMLIT: "asset",
    STATIC: "asset",
    ASSETS: "asset",
    COMPONENTS: "asset",
}
_OWN_ID = re.compile(rb"[0-9a-f]{32}")
_log = logging.getLogger("geo.requests")


def kind_of(path: str) -> str:
    """Return the kind of resource at a path; what is not a file is a page."""
    if path in PROBES:
        return "probe"
    found = next((kind for start, kind in _KINDS.items() if path.startswith(start)), None)
    return found or ("asset" if "." in path.rpartition("/")[2] else "page")


class RequestMetrics:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and measure it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        passing = _Passing(scope, receive, send)
        try:
            await self._app(scope, passing.receive, passing.send)
        finally:
            if not passed_on(scope):  # the worker that answers it counts it
                passing.over()


class _Passing:
    """One request or WebSocket, measured from its first byte to its last."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._id = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
        path = inner_path(scope["path"]) or scope["path"]
        self._kind = "websocket" if scope["type"] == "websocket" else kind_of(path)
        self._begun = perf_counter()
        self._status = 500  # until a response starts
        self._sent = self._received = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body") or message.get("bytes") or b"")
        return message

    async def send(self, message: Message) -> None:
        self._sent += len(message.get("body") or message.get("bytes") or b"")
        if message["type"] == "websocket.accept":
            self._status = 101
        elif "status" in message:
            self._status = message["status"]
        await self._send(message)

    def over(self) -> None:
        """Count and log the finished request."""
        taken = perf_counter() - self._begun
        metrics.REQUESTS.labels(self._kind, self._status).inc()
        metrics.SENT.labels(self._kind).inc(self._sent)
        if self._received:
            metrics.RECEIVED.labels(self._kind).inc(self._received)
        if self._kind != "websocket":
            metrics.TAKEN.labels(self._kind).observe(taken)
        usual = self._kind in {"asset", "probe"} and self._status < 400
        if not usual and _log.isEnabledFor(logging.INFO):
            self._write(taken)

    def _write(self, taken: float) -> None:
        fields = {
            "kind": self._kind,
            "status": self._status,
            "ms": round(taken * 1000, 1),
            "bytes": self._sent,
        }
        # Accept only an id in our proxy's format; anything else may be a user's text.
        if _OWN_ID.fullmatch(self._id):
            fields["request_id"] = self._id.decode()
        event = "session" if self._kind == "websocket" else "request"
        _log.info(event, extra={"fields": fields})
