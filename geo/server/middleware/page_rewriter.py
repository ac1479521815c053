"""Rewrite Streamlit's HTML page: language, title, previews, policy, no foreign hosts.

Streamlit's own page is always English, has keyboard shortcuts on single letters, and obeys a
parameter that makes the browser call a foreign host. This middleware corrects all three.
"""

import html
import json
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.base.links import COMPONENTS, OTHER_HTML
from geo.server.middleware import front_end, page_head
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.webmap import geometry_routes, policy

# With this parameter Streamlit's front end loads data from a host of its vendor.
FOREIGN_PARAMETERS = frozenset({"staticappid"})


class PageRewriter:
    """ASGI middleware around Streamlit's application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect away foreign parameters, rewrite the page, and set its policy."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clean = _without_foreign(scope["query_string"].decode("latin-1"))
        if clean is not None:
            address = scope["path"] + (f"?{clean}" if clean else "")
            await RedirectResponse(_own_address(address), status_code=307)(scope, receive, send)
            return
        await self._app(_uncompressed(scope), receive, _Rewriter(scope, send))


def _own_address(address: str) -> str:
    # "//host" would leave our origin.
    return "/" + address.lstrip("/\\")


def _without_foreign(query: str) -> str | None:
    """Return the query without foreign parameters, or None if it has none."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if key.casefold() not in FOREIGN_PARAMETERS]
    return urlencode(kept) if len(kept) < len(pairs) else None


def _uncompressed(scope: Scope) -> Scope:
    """Request pages uncompressed, since they are rewritten; other files stay compressed."""
    accepts = Headers(scope=scope).get("accept", "")
    # Link preview bots accept anything; for an unknown file name Streamlit sends its page.
    names_a_file = "." in scope["path"].rpartition("/")[2]
    if scope["path"].startswith(OTHER_HTML) or ("text/html" not in accepts and names_a_file):
        return scope
    dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since")
    return {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in dropped]}


class _Rewriter:
    """Buffer an HTML page until it is complete; pass everything else through."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if self._scope["path"].startswith(COMPONENTS):
                headers["Content-Security-Policy"] = policy.component()
            is_page = headers.get("content-type", "").startswith("text/html")
            plain = "content-encoding" not in headers
            if is_page and plain and not self._scope["path"].startswith(OTHER_HTML):
                self._start = message
                return
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._finish(self._start)
            return
        await self._send(message)

    async def _finish(self, start: Message) -> None:
        asked = page_head.Asked.of(self._scope["path"], self._scope["query_string"])
        text = rewrite(self._page.decode("utf-8"), asked.language)
        page = text.replace("</head>", f"{page_head.head(asked)}</head>", 1).encode("utf-8")
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(page))
        headers["Cache-Control"] = "no-cache"
        headers["Content-Security-Policy"] = policy.page(page.decode("utf-8"))
        del headers["etag"]
        del headers["last-modified"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def rewrite(page: str, language: str) -> str:
    """Return Streamlit's page in a language, with our title, styles and scripts."""
    t = messages(language)
    page = page.replace('<html lang="en">', f'<html lang="{language}">', 1)
    page = page.replace("<title>Streamlit</title>", f"<title>{t('common.name')}</title>", 1)
    page = page.replace(
        "You need to enable JavaScript to run this app.", t("common.needs_javascript"), 1
    )
    frames = json.dumps({code: messages(code)("map.frame") for code in LANGUAGES})
    names = f'<meta name="frame-names" content="{html.escape(frames)}">'
    style = f'<link rel="stylesheet" href="{geometry_routes.asset_url("page.css")}">'
    script = f'<script src="{geometry_routes.asset_url("shell.js")}"></script>'
    inline = f"<style>{_words()}</style>"
    return page.replace("</head>", f"{names}{style}{inline}{script}{front_end.hints()}</head>", 1)


def _words() -> str:
    """Return the CSS variables with the labels that page.css puts over Streamlit's own."""
    said = {
        lang: json.dumps(messages(lang)("egne_data.choose"), ensure_ascii=False)
        for lang in LANGUAGES
    }
    return "".join(f"html:lang({lang}){{--choose-files:{text}}}" for lang, text in said.items())
