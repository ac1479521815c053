"""Run uvicorn with our limits and a graceful shutdown."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

import uvicorn

from geo import settings
from geo.server import handover, health
from geo.server.connections import Patient
from geo.server.sockets import Compressing, Counted
from geo.versions import reload

# Changes of widgets are small; uploads do not come over the WebSocket.
LARGEST_MESSAGE = 1_000_000  # bytes
_PING_SECONDS = 20  # below the idle timeout of the usual proxies
_FINISH_SECONDS = 10
_TICKS_PER_SECOND = 10  # of uvicorn's loop
TOLD = signal.SIGUSR1  # from the first of several processes to the others
SIGNALS = (signal.SIGTERM, signal.SIGINT, TOLD)
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
        self.listens()
        _log.info("listening", extra={"fields": {"port": self.config.port}})

    def listens(self) -> None:
        """Do what is to be done once the server listens: nothing, if it is alone."""

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


class WorkerServer(Server):
    """The server of one of several workers."""

    def __init__(
        self, config: uvicorn.Config, drain: float, worker: handover.Worker, lifeline: int
    ) -> None:
        super().__init__(config, drain)
        self._worker, self._lifeline = worker, lifeline
        self._arriving: set[asyncio.Task[Any]] = set()

    def listens(self) -> None:
        """Listen also for what other workers pass on, and tell them."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._worker.inbox.fileno(), self._take)
        loop.add_reader(self._lifeline, self._orphaned)
        self._worker.table.begin(self._worker.place, os.getpid())

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain when the first process says so.

        Ctrl+C and a service manager signal every process at once; two signals would mean: at once.
        """
        if sig == TOLD:
            super().handle_exit(sig, frame)
            self._worker.table.say(self._worker.place, ready=False)

    async def on_tick(self, counter: int) -> bool:
        """Say once a second whether this worker is ready."""
        if counter % _TICKS_PER_SECOND == 0:
            self._worker.table.say(self._worker.place, ready=health.ready())
        return await super().on_tick(counter)

    def _take(self) -> None:
        for connection, content, asked in handover.received(self._worker.inbox):
            task = asyncio.create_task(self._go_on(connection, content, asked))
            self._arriving.add(task)
            task.add_done_callback(self._arriving.discard)

    async def _go_on(self, connection: socket.socket, content: bytes, asked: int) -> None:
        """Serve a connection that another worker has begun to read."""
        loop = asyncio.get_running_loop()
        protocol = handover.Passing(self.config, self.server_state, self.lifespan.state, loop)
        protocol.carry(content, asked)
        await loop.connect_accepted_socket(lambda: protocol, connection)

    def _orphaned(self) -> None:
        """Stop, since the first process was killed and nobody else would stop this one."""
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self.handle_exit(TOLD, None)


def work(
    config: uvicorn.Config,
    listening: socket.socket,
    drain: float,
    worker: handover.Worker,
    lifeline: tuple[int, int],
) -> None:
    """Serve as one of several workers until the first process stops it; ends this process.

    `lifeline` are the ends of a pipe; the other is open as long as the first process lives.
    """
    read, written = lifeline
    server = WorkerServer(config, drain, worker, read)
    for sign in SIGNALS:
        signal.signal(sign, server.handle_exit)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    os.close(written)
    handover.join(worker)
    reload.reloader().catch_up()
    server.run([listening])
    sys.exit(0 if server.started else 1)


def serve(host: str, port: int, drain: float) -> int:
    """Serve until a signal stops it; return the exit code.

    `drain` is the time in seconds from the signal to the shutdown, so that load balancers notice.
    """
    server = Server(config("dashboard:app", host, port), drain)
    server.run()
    _log.info("stopped")
    return 0 if server.started else 1


def config(app: Any, host: str, port: int, *, passing: bool = False) -> uvicorn.Config:
    """Return how an application is served; `passing` is for several workers."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # it would log client addresses
        server_header=False,
        proxy_headers=False,  # geo/server/middleware/client.py decides which proxies to trust
        http=handover.Passing if passing else Patient,
        ws=Compressing if settings.COMPRESS_SOCKETS else Counted,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        ws_per_message_deflate=False,  # geo/server/sockets.py does it with a larger window
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
