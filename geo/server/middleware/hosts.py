"""Accept only the server's own host name, against Host header attacks.

A shared cache would pass a response made for one client on to others, so a made-up Host must not
get into a page, a picture or a redirect.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from geo.base.links import COUNTS, PROBES, base_url, split_host
from geo.server import metrics
from geo.server.middleware import small_page

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Probes may use any name; their responses contain none.
_BY_ANY_NAME = frozenset({*PROBES, *COUNTS})
_MISDIRECTED = 421


class Hosts:
    """ASGI middleware that checks the Host header before anything can repeat it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse unknown hosts with 421; pass other requests on with the configured host."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] in _BY_ANY_NAME:
            await self._app(scope, receive, send)
        elif (known := _known(scope)) is not None:
            await self._app(known, receive, send)
        elif scope["type"] == "http":
            metrics.REFUSED.labels("host").inc()
            await _misdirected()(scope, receive, send)
        else:
            metrics.REFUSED.labels("host").inc()
            denied = PlainTextResponse("Not this server.", _MISDIRECTED)
            await WebSocket(scope, receive, send).send_denial_response(denied)


def same_origin(scope: Scope) -> bool:
    """Return whether a request has our own Origin, or none."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or _netloc(origin) == headers.get("host", "").lower()


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # for example http://[
        return ""


def _known(scope: Scope) -> Scope | None:
    """Return the scope with the server's own host; None if the request names another."""
    called = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    name = split_host(called[0])[0] if len(called) == 1 else ""
    base = urlsplit(base_url())
    if not base.netloc:
        return _without_strange_origin(scope) if name in _LOOPBACK else None
    if name != split_host(base.netloc)[0]:
        return None
    kept = [(key, value) for key, value in scope["headers"] if key != b"host"]
    scheme = base.scheme if scope["type"] == "http" else base.scheme.replace("http", "ws")
    headers = [(b"host", base.netloc.encode("ascii")), *kept]
    return _without_strange_origin({**scope, "scheme": scheme, "headers": headers})


def _without_strange_origin(scope: Scope) -> Scope:
    """Drop an Origin that is not a URL: Streamlit would fail to parse it."""
    strange = scope["type"] == "http" and "origin" in Headers(scope=scope)
    if not strange or _netloc(Headers(scope=scope)["origin"]):
        return scope
    return {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"origin"]}


def _misdirected() -> Response:
    links = {"operations.own_address": base_url()} if base_url() else {}
    words = ("operations.misdirected", "operations.misdirected_text")
    return small_page.small_page(words, _MISDIRECTED, links)
