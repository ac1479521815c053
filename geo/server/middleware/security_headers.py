"""Set the security headers that every response has."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.webmap import policy

_POLICY = "Content-Security-Policy"


class SecurityHeaders:
    """ASGI middleware around everything that responds; pages set their own policy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers that the response lacks."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in policy.HEADERS.items():
                    headers[name] = value
                headers.setdefault(_POLICY, policy.file())
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
