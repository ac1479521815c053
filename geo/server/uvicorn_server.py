"""The server process: how it listens, and how it leaves without dropping anybody's answer."""

import logging
import socket
import time
from types import FrameType

import uvicorn

from geo.server import health
from geo.server.connections import Patient

# What readers do to widgets is small; files come by another way.
_LARGEST_MESSAGE = 1_000_000  # bytes
_PING_SECONDS = 20  # below the idle limits of the usual proxies
_FINISH_SECONDS = 10
_log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Leaves in order: first says so and takes no new readers, then finishes, then ends."""

    def __init__(self, config: uvicorn.Config, drain: float) -> None:
        super().__init__(config)
        self._drain = drain
        self._leave_at = float("inf")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, once the data have been read."""
        await super().startup(sockets)
        _log.info("listening", extra={"fields": {"port": self.config.port}})

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin to leave; leave at once if told a second time."""
        if health.leaving():
            self.should_exit = self.force_exit = True
            return
        health.leave()
        self._leave_at = time.monotonic() + self._drain

    async def on_tick(self, counter: int) -> bool:
        """Say ten times a second whether to stop."""
        leave = await super().on_tick(counter)
        return leave or time.monotonic() >= self._leave_at


def serve(host: str, port: int, drain: float) -> int:
    """Serve until a signal says to stop; return the exit code."""
    config = uvicorn.Config(
        "dashboard:app",
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # it writes addresses
        server_header=False,
        proxy_headers=False,  # what is believed of a proxy: geo/server/middleware/client.py
        http=Patient,
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    server = Server(config, drain)
    server.run()
    _log.info("stopped")
    return 0 if server.started else 1
