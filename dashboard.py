"""The dashboard: an ASGI application. Run it with `streamlit run dashboard.py`."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from geo import routes, startup
from geo.api import served as api
from geo.brief import served
from geo.front_end import FrontEnd
from geo.shell import Shell


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Read the data before the first reader comes."""
    startup.warm()
    # Streamlit collects garbage after every run; what was just read would be walked each time.
    gc.collect()
    gc.freeze()
    yield


app = st.App(
    "pages/app.py",
    routes=[*routes.routes(), *served.routes(), *api.routes()],
    middleware=[Middleware(Shell), Middleware(FrontEnd)],
    lifespan=lifespan,
)
