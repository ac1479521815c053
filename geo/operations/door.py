"""Who is let in: probes, readers while there is room, and nobody from a foreign page.

Whoever stays outside is told why in a small page of our own, in all languages.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from geo import policy, settings
from geo.messages import messages
from geo.operations import health, metrics
from geo.operations.watch import kind_of

# Whoever got a page also gets its socket, though others came in between.
_RESERVE = 1.1
_AGAIN_AFTER = "15"  # seconds
_UPLOAD = "/_stcore/upload_file/"
_COUNTS = ("/metrics", "/_stcore/metrics")
_BY_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via")
_LOOPBACK = ("127.0.0.1", "::1")
_PAGE = """<!DOCTYPE html>
<html lang="nb"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 1.125rem/1.6 sans-serif; color: #1a1a1a; max-width: 36rem; margin: 12vh auto;
  padding: 0 1.25rem }}
h1, h2 {{ font-size: 1.5rem; line-height: 1.3 }}
h2 {{ margin-top: 3rem }}
a {{ color: #0b4f95 }}
</style></head><body><main>{languages}</main></body></html>
"""


class Door:
    """ASGI middleware in front of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = 0  # readers' sockets; all of them in one event loop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer probes, refuse whom there is no room for, let all others in."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and (answer := self._answered(scope)):
            await answer(scope, receive, send)
        else:
            uploads = scope["type"] == "http" and scope["path"].startswith(_UPLOAD)
            await self._app(scope, receive, _elsewhere(send) if uploads else send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _foreign(scope):
            metrics.REFUSED.labels("origin").inc()
            # Streamlit would look up our outside address, on the internet, to compare.
            denied = PlainTextResponse("Not from this page.", 403)
            await WebSocket(scope, receive, send).send_denial_response(denied)
        elif reason := self._no_room(_RESERVE):
            metrics.REFUSED.labels(reason).inc()
            await WebSocket(scope, receive, send).send_denial_response(_full())
        else:
            await self._seated(scope, receive, send)

    async def _seated(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics.OPENED.inc()
        self._open += 1
        metrics.SESSIONS.set(self._open)
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            metrics.SESSIONS.set(self._open)

    def _answered(self, scope: Scope) -> Response | None:
        """Return the answer to what does not concern the application; None if it does."""
        path = scope["path"]
        if path == "/healthz":
            return health.healthz()
        if path == "/readyz":
            return health.readyz()
        if path in _COUNTS:
            return _counts(scope)
        if kind_of(path) != "page":
            return None
        if reason := self._no_room():
            metrics.REFUSED.labels(reason).inc()
            return _full()
        return None if path.strip("/") in {"", *settings.PAGES} else _unknown(scope)

    def _no_room(self, reserve: float = 1.0) -> str:
        """Return why no reader more is let in; empty if there is room."""
        if health.leaving():
            return "leaving"
        return "full" if self._open >= settings.MAX_SESSIONS * reserve else ""


def _counts(scope: Scope) -> Response:
    """Return the counts to whoever may see them: one who comes directly, by default from here."""
    through_proxy = any(name in Headers(scope=scope) for name in _BY_PROXY)
    here = scope["client"] is not None and scope["client"][0] in _LOOPBACK
    if through_proxy or not (here or settings.METRICS == "network"):
        return PlainTextResponse("Not found.", 404)
    content, media_type = metrics.exposition()
    return Response(content, media_type=media_type)


def _foreign(scope: Scope) -> bool:
    """Say whether a socket was opened by a page of another host."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _full() -> Response:
    """Return the page for those who are not let in."""
    links = {"operations.again": ""}
    if settings.PUBLIC_URL:
        links["operations.public"] = settings.PUBLIC_URL
    page = _page("operations.full", "operations.full_text", links)
    return _told(page, 503, {"Retry-After": _AGAIN_AFTER})


def _unknown(scope: Scope) -> Response:
    """Return the page for an address that leads nowhere; the map opens with the same view."""
    query = scope["query_string"].decode("latin-1")
    links = {"operations.to_the_map": f"/?{query}" if query else "/"}
    return _told(_page("operations.unknown", "operations.unknown_text", links), 404)


def _told(page: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    always = {"Cache-Control": "no-store", "Content-Security-Policy": policy.document(page)}
    return HTMLResponse(page, status, {**always, **(headers or {})})


def _page(heading: str, text: str, links: Mapping[str, str]) -> str:
    """Return a small page in all languages; `links` are addresses by what they are called."""
    norwegian, *others = settings.LANGUAGES
    parts = [_section(norwegian, "h1", heading, text, links)]
    parts += [_section(lang, "h2", heading, text, links) for lang in others]
    return _PAGE.format(name=messages(norwegian)("common.name"), languages="".join(parts))


def _section(lang: str, level: str, heading: str, text: str, links: Mapping[str, str]) -> str:
    t = messages(lang)
    leading = "".join(
        f'<p><a href="{escape(address)}">{escape(t(key))}</a></p>' for key, address in links.items()
    )
    return (
        f'<section lang="{lang}"><{level}>{escape(t(heading))}</{level}>'
        f"<p>{escape(t(text))}</p>{leading}</section>"
    )


def _elsewhere(send: Send) -> Send:
    """Say 404 for an upload whose session is not here, so that a proxy asks the next replica."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 400:
            message = {**message, "status": 404}
        await send(message)

    return told
