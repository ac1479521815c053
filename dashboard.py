"""The dashboard as an ASGI application: Streamlit, our routes and our middleware.

`streamlit run dashboard.py` runs it for one user, `python -m geo serve` as a server.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from geo.api import api_routes as api
from geo.brief import picture_routes
from geo.server import catalogue_files, metrics, oembed, root_files, startup
from geo.server.gc_schedule import collecting_garbage
from geo.server.middleware.admission import AdmissionMiddleware
from geo.server.middleware.below_path import BelowPath
from geo.server.middleware.front_end import FrontEnd
from geo.server.middleware.hosts import Hosts
from geo.server.middleware.other_workers import OtherWorkers
from geo.server.middleware.page_rewriter import PageRewriter
from geo.server.middleware.request_metrics import RequestMetrics
from geo.server.middleware.security_headers import SecurityHeaders
from geo.server.middleware.upload_limits import UploadLimits
from geo.webmap import geometry_routes
from geo.webmap.seats import Seats


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Warm the caches before the first request, and collect garbage on a timer."""
    startup.warm()
    async with collecting_garbage():
        yield


def uploads() -> dict[str, list[int]]:
    """Return the sizes in bytes of the files that Streamlit keeps, by session."""
    if not st.runtime.exists():
        return {}
    store = getattr(st.runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    sessions = {session: list(files.values()) for session, files in list(store.items())}
    return {session: [len(one.data) for one in files] for session, files in sessions.items()}


app = st.App(
    "pages/app.py",
    routes=[
        *geometry_routes.routes(),
        *root_files.routes(),
        *catalogue_files.routes(),
        *oembed.routes(),
        *picture_routes.routes(),
        *api.routes(),
    ],
    middleware=[
        *(Middleware(one) for one in (RequestMetrics, OtherWorkers, SecurityHeaders)),
        *(Middleware(one) for one in (BelowPath, Hosts, AdmissionMiddleware)),
        Middleware(UploadLimits, kept=uploads),
        *(Middleware(one) for one in (Seats, PageRewriter, FrontEnd)),
    ],
    lifespan=lifespan,
    on_script_error=metrics.page_failed,
)
