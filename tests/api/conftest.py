"""The API on a port of this machine, for clients that speak HTTP."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from geo.api import api_routes
from tests.patience import until


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Yield the address of the first page."""
    app = Starlette(routes=api_routes.routes())
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()
