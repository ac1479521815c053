"""The dashboard below a path of its host: what is asked for there, and where answers lead.

Nothing behind this middleware knows the path, Streamlit included; addresses get it from
geo.base.links.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from geo.base.links import (
    COUNTS,
    FIRST_PAGE,
    PROBES,
    base_path,
    base_url,
    inner_path,
    own_path,
)
from geo.server.middleware.admission import unknown

# Probes ask the process by its port, without the path.
_ALSO_AT_THE_ROOT = frozenset({*PROBES, *COUNTS})
_FOR_ALL_PATHS = re.compile(r"(;\s*path=)/(?=\s*(?:;|$))", re.IGNORECASE)


class BelowPath:
    """ASGI middleware in front of everything that looks at paths."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the path off what is asked for, and say 404 to what is outside."""
        if scope["type"] == "lifespan" or not base_path() or scope["path"] in _ALSO_AT_THE_ROOT:
            await self._app(scope, receive, send)
            return
        path = inner_path(scope["path"])
        if path:
            # The raw path is optional in ASGI, and no middleware behind this one reads it.
            inner = {name: value for name, value in scope.items() if name != "raw_path"}
            await self._app({**inner, "path": path}, receive, _leading_back(send))
        elif scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(unknown(scope))
        else:
            await _elsewhere(scope, path)(scope, receive, send)


def _elsewhere(scope: Scope, path: str | None) -> Response:
    """Return the answer to the path without its slash, or to what lies outside."""
    if path is None:
        return unknown(scope)
    query = scope["query_string"].decode("latin-1")
    first = own_path(FIRST_PAGE)
    return RedirectResponse(f"{first}?{query}" if query else first, status_code=308)


def _leading_back(send: Send) -> Send:
    """Add the path to redirects and cookies, including those that libraries set."""

    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if "location" in headers:
                headers["location"] = _location(headers["location"])
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", _FOR_ALL_PATHS.sub(rf"\1{own_path('/')}", cookie))
            message = {**message, "headers": headers.raw}
        await send(message)

    return changed


def _location(address: str) -> str:
    parts = urlsplit(address)
    ours = parts.netloc in {"", urlsplit(base_url()).netloc} and parts.path.startswith("/")
    return parts._replace(path=own_path(parts.path)).geturl() if ours else address
