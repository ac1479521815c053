"""Mount the API and the tools for assistants, which are built at their first request."""

from functools import cache

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.base.links import API, API_ROOT, MCP

_QUESTION = "POST"


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    redirects = [Route(path, _to_the_page) for path in (API_ROOT, f"{API_ROOT}/", API)]
    tools = [Route(path, _Tools()) for path in (MCP, f"{MCP}/")]
    return [*redirects, *tools, Mount(API, app=_built_when_asked)]


async def _to_the_page(_request: Request) -> RedirectResponse:
    return RedirectResponse(f"{API}/", status_code=308)


async def _built_when_asked(scope: Scope, receive: Receive, send: Send) -> None:
    # Importing FastAPI takes half a second: not at the server's start, and off the event loop.
    app = await to_thread.run_sync(_app)
    await app(scope, receive, send)


@cache
def _app() -> ASGIApp:
    from geo.api.app import build  # noqa: PLC0415 - FastAPI is imported at the first request

    return build()


class _Tools:
    """ASGI application that answers assistants."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a question on; there are no streams to open with GET, no sessions to DELETE."""
        if scope["method"] != _QUESTION:
            await Response(status_code=405, headers={"Allow": _QUESTION})(scope, receive, send)
            return
        serve = await to_thread.run_sync(_tools)
        await serve(scope, receive, send)


@cache
def _tools() -> ASGIApp:
    from geo.api.mcp_server import serve  # noqa: PLC0415 - the SDK is imported at the first request

    return serve
