"""The server answers to its own name only, and nothing of what a request calls it gets further.

A cache in front keeps what one reader was sent for all others: a name that somebody made up must
not get into a page, a picture or a redirect.
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
# Asked for by whatever address a machine has; no name gets into their answers.
_BY_ANY_NAME = frozenset({*PROBES, *COUNTS})
_MISDIRECTED = 421


class Hosts:
    """ASGI middleware in front of everything that could repeat a name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse unknown names with 421; pass on the others under the server's own."""
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
    """Say whether a request comes from a page of ours, or from no page at all."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or _netloc(origin) == headers.get("host", "").lower()


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # such as http://[
        return ""


def _known(scope: Scope) -> Scope | None:
    """Return what is asked for under the server's own name; None if it was called otherwise."""
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
    """Drop an Origin that is no address: Streamlit takes every one apart and would fall over it."""
    strange = scope["type"] == "http" and "origin" in Headers(scope=scope)
    if not strange or _netloc(Headers(scope=scope)["origin"]):
        return scope
    return {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"origin"]}


def _misdirected() -> Response:
    links = {"operations.own_address": base_url()} if base_url() else {}
    words = ("operations.misdirected", "operations.misdirected_text")
    return small_page.small_page(words, _MISDIRECTED, links)
