"""The dashboard: an ASGI application.

`streamlit run dashboard.py` opens it for one person, `python -m geo serve` serves it to all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from geo import routes, startup
from geo.api import served as api
from geo.brief import served
from geo.front_end import FrontEnd
from geo.guard import Guard
from geo.operations import metrics
from geo.operations.door import Door
from geo.operations.sweep import sweeping
from geo.operations.watch import Watch
from geo.seats import Seats
from geo.shell import Shell


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Read the data before the first reader comes."""
    startup.warm()
    async with sweeping():
        yield


app = st.App(
    "pages/app.py",
    routes=[*routes.routes(), *served.routes(), *api.routes()],
    middleware=[Middleware(one) for one in (Watch, Guard, Door, Seats, Shell, FrontEnd)],
    lifespan=lifespan,
    on_script_error=metrics.page_failed,
)
