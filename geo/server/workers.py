"""Serve with several processes on one port: start them, replace those that die, stop them.

The first process reads the data and forks: workers share its memory until one of them changes it,
and a new one is there within milliseconds. It accepts nothing itself.
"""

import logging
import signal
import socket
import time
from multiprocessing import connection, get_context
from multiprocessing.context import ForkProcess
from types import FrameType

import uvicorn

from geo.server import handover, metrics, startup, uvicorn_server
from geo.server.worker_table import State, WorkerTable

_FORK = get_context("fork")
_PAUSE = 1.0  # seconds between two starts of a worker, so that one that always dies costs little
_log = logging.getLogger(__name__)


def serve(host: str, port: int, drain: float, count: int) -> int:
    """Serve with `count` workers until a signal stops them; return the exit code.

    `drain` is the time in seconds from the signal to the shutdown, so that load balancers notice.
    """
    config = uvicorn_server.config("dashboard:app", host, port, passing=True)
    config.load()  # the application is imported once, and its caches are filled once
    startup.warm()
    metrics.count_memory()
    return _Workers(config, config.bind_socket(), drain, count).run()


class _Workers:
    """The first process: starts workers and waits."""

    def __init__(
        self, config: uvicorn.Config, listening: socket.socket, drain: float, count: int
    ) -> None:
        self._config, self._listening, self._drain = config, listening, drain
        self._table = WorkerTable(count)
        self._channels = handover.channels(count)
        self._running: dict[int, ForkProcess] = {}
        self._started: dict[int, float] = {}
        self._stopping = False
        self._failed = False

    def run(self) -> int:
        """Run until every worker has ended after a signal; return 1 if one of them failed."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._stop)
        for place in range(self._table.workers):
            self._start(place)
        while self._running:
            ended = connection.wait([one.sentinel for one in self._running.values()])
            for place in [p for p, one in self._running.items() if one.sentinel in ended]:
                self._ended(place)
        self._listening.close()
        _log.info("stopped")
        return 1 if self._failed else 0

    def _start(self, place: int) -> None:
        inbox = self._channels[place][0]
        outboxes = tuple(outbox for _, outbox in self._channels)
        worker = handover.Worker(self._table, place, inbox, outboxes)
        process = _FORK.Process(
            target=uvicorn_server.work,
            args=(self._config, self._listening, self._drain, worker),
            name=f"worker-{place}",
        )
        process.start()
        self._running[place], self._started[place] = process, time.monotonic()
        if self._stopping:  # the signal came while it was started
            process.terminate()

    def _ended(self, place: int) -> None:
        """Replace a worker that died; give up if it never listened."""
        process = self._running.pop(place)
        process.join()
        metrics.worker_died(int(process.pid or 0))
        listened = self._table.state(place) is not State.STARTING
        self._table.end(place)
        if self._stopping:
            self._failed |= process.exitcode != 0
            return
        fields = {"worker": place, "exit_code": process.exitcode}
        _log.error("worker died", extra={"fields": fields})
        if not listened:
            self._failed = True
            self._stop(signal.SIGTERM, None)
            return
        lived = time.monotonic() - self._started[place]
        time.sleep(max(0.0, _PAUSE - lived))
        self._start(place)

    def _stop(self, sign: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Stop every worker; at once if this is the second signal."""
        self._stopping = True
        for process in list(self._running.values()):
            process.terminate()
