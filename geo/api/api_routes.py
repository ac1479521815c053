"""Mount the API, which is built at its first request."""

from functools import cache

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.base.links import API, API_ROOT


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    redirects = [Route(path, _to_the_page) for path in (API_ROOT, f"{API_ROOT}/", API)]
    return [*redirects, Mount(API, app=_built_when_asked)]


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
