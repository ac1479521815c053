"""Pass requests of another worker's session on to it: uploads, and files made for one reader.

So are those for the map's frame, which Streamlit knows of when a process has drawn it first. nginx
does the same between machines (deploy/nginx.conf).
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.base.links import COMPONENTS, GEOMETRY, MEDIA, UPLOADS, inner_path
from geo.server.handover import Passing, connection_of
from geo.webmap import seats

_FILES = (MEDIA, GEOMETRY, COMPONENTS)
_NOT_FOUND = 404


def passed_on(scope: Scope) -> bool:
    """Return whether another worker answers a request."""
    connection = connection_of(scope)
    return connection is not None and connection.given


class OtherWorkers:
    """ASGI middleware: asks the other workers for what is not here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on unless its session is here, and a file's request if it is not."""
        connection = connection_of(scope)
        path = (inner_path(scope["path"]) or "") if connection else ""
        if connection and path.startswith(UPLOADS):
            session = path.removeprefix(UPLOADS).partition("/")[0]
            if seats.here(session) or not connection.pass_on():
                await self._app(scope, receive, send)
        elif connection and path.startswith(_FILES) and _without_body(scope):
            await self._app(scope, receive, _Elsewhere(connection, send))
        else:
            await self._app(scope, receive, send)


class _Elsewhere:
    """Send an answer, unless it is 404 and another worker can be asked."""

    def __init__(self, connection: Passing, send: Send) -> None:
        self._connection, self._send = connection, send

    async def __call__(self, message: Message) -> None:
        missing = message.get("status") == _NOT_FOUND
        if not (self._connection.given or (missing and self._connection.pass_on())):
            await self._send(message)


def _without_body(scope: Scope) -> bool:
    """Return whether a request has no body, which the application may have read."""
    return not any(name == b"content-length" for name, _ in scope["headers"])
