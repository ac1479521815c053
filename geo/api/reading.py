"""What all API responses share: read-only methods, CORS, and Link headers."""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.dataset.licence import licence_url
from geo.versions import reload

METHODS = "GET, HEAD, OPTIONS"
_SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Language",
}
_DESCRIBED = '</api/v1/openapi.json>; rel="service-desc", </api/v1/>; rel="service-doc"'
_URL_SIGNS = "/:?#[]@!$&'()*+,;=%"
_ASKED_BEFORE = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Reading:
    """ASGI middleware: answers OPTIONS, answers HEAD as GET without content, adds CORS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HEAD as GET, and add the shared headers to the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await _options(send)
            return
        head = scope["method"] == "HEAD"

        async def shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SHARED.items():
                    headers[name] = value
                own = headers.get("Link")
                headers["Link"] = f"{own}, {_links()}" if own else _links()
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, shared)


def _links() -> str:
    """Return the Link header: the descriptions of the API, and the data's licence if stated."""
    terms = quote(licence_url(reload.current().package), safe=_URL_SIGNS)
    return f'{_DESCRIBED}, <{terms}>; rel="license"' if terms else _DESCRIBED


async def _options(send: Send) -> None:
    headers = MutableHeaders(_SHARED | _ASKED_BEFORE | {"Link": _links()})
    await send({"type": "http.response.start", "status": 204, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b""})
