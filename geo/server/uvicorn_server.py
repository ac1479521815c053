"""Run uvicorn with our limits and a graceful shutdown."""

import logging
import socket
import time
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from geo import settings
from geo.server import health
from geo.server.connections import Patient
from geo.server.sockets import Compressing

# Changes of widgets are small; uploads do not come over the WebSocket.
LARGEST_MESSAGE = 1_000_000  # bytes
_PING_SECONDS = 20  # below the idle timeout of the usual proxies
_FINISH_SECONDS = 10
_log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """uvicorn's server with a drain period: report not ready, then finish requests, then stop."""

    def __init__(self, config: uvicorn.Config, drain: float) -> None:
        super().__init__(config)
        self._drain = drain
        self._leave_at = float("inf")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, after the data have been read."""
        await super().startup(sockets)
        _log.info("listening", extra={"fields": {"port": self.config.port}})

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Start the drain period; stop at once on a second signal."""
        if health.leaving():
            self.should_exit = self.force_exit = True
            return
        health.leave()
        self._leave_at = time.monotonic() + self._drain

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop; called ten times a second."""
        leave = await super().on_tick(counter)
        return leave or time.monotonic() >= self._leave_at


def serve(host: str, port: int, drain: float) -> int:
    """Serve until a signal stops it; return the exit code.

    `drain` is the time in seconds from the signal to the shutdown, so that load balancers notice.
    """
    server = Server(config("dashboard:app", host, port), drain)
    server.run()
    _log.info("stopped")
    return 0 if server.started else 1


def config(app: Any, host: str, port: int) -> uvicorn.Config:
    """Return how an application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # it would log client addresses
        server_header=False,
        proxy_headers=False,  # geo/server/middleware/client.py decides which proxies to trust
        http=Patient,
        ws=Compressing if settings.COMPRESS_SOCKETS else WebSocketsSansIOProtocol,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        ws_per_message_deflate=False,  # geo/server/sockets.py does it with a larger window
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
