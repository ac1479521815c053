"""Serve with several processes on one port: start them, replace those that die, stop them.

The first process reads the data and forks: workers share its memory until one of them changes it,
and a new one is there within milliseconds. It accepts nothing itself.
"""

import gc
import logging
import os
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
_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 1.0  # between two starts of a worker, so that one that always dies costs little
_HUNG_LOOKS = 60  # without a word from a worker that listens; a machine that paused looks once
_LAST_SECONDS = 30.0  # after the drain period, for what is being answered
_log = logging.getLogger(__name__)


def serve(host: str, port: int, drain: float, count: int) -> int:
    """Serve with `count` workers until a signal stops them; return the exit code.

    `drain` is the time in seconds from the signal to the shutdown, so that load balancers notice.
    """
    config = uvicorn_server.config("dashboard:app", host, port, passing=True)
    config.load()  # the application is imported once, and its caches are filled once
    startup.warm()
    metrics.count_memory()
    gc.collect()
    gc.freeze()  # a worker that collects garbage leaves shared memory alone
    return _Workers(config, config.bind_socket(), drain, count).run()


class _Workers:
    """The first process: starts workers and waits."""

    def __init__(
        self, config: uvicorn.Config, listening: socket.socket, drain: float, count: int
    ) -> None:
        self._config, self._listening, self._drain = config, listening, drain
        self._table = WorkerTable(count)
        self._channels = handover.channels(count)
        self._lifeline = os.pipe()  # its end is read by workers when this process is killed
        self._running: dict[int, ForkProcess] = {}
        self._due = dict.fromkeys(range(count), 0.0)  # when to start a worker
        self._silence = dict.fromkeys(range(count), (0, 0))  # last heard, looks since
        self._kill_at = float("inf")
        self._failed = False

    def run(self) -> int:
        """Run until every worker has ended after a signal; return 1 if one of them failed."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._stop)
        while self._running or self._due:
            for place in [one for one, due in self._due.items() if due <= time.monotonic()]:
                self._start(place)
            processes = self._running.items()
            ended = connection.wait([one.sentinel for _, one in processes], _LOOK_SECONDS)
            for place in [place for place, one in processes if one.sentinel in ended]:
                self._ended(place)
            self._kill_hung()
        _log.info("stopped")
        return 1 if self._failed else 0

    def _start(self, place: int) -> None:
        outboxes = tuple(outbox for _, outbox in self._channels)
        worker = handover.Worker(self._table, place, self._channels[place][0], outboxes)
        given = (self._config, self._listening, self._drain, worker, self._lifeline)
        process = _FORK.Process(target=uvicorn_server.work, args=given, name=f"worker-{place}")
        # A signal waits until the new worker has handlers of its own, and is known here.
        signal.pthread_sigmask(signal.SIG_BLOCK, uvicorn_server.SIGNALS)
        try:
            if self._due.pop(place, None) is not None:
                process.start()
                self._running[place] = process
        except OSError:
            _log.exception("no worker can be started")
            self._due[place] = time.monotonic() + _PAUSE_SECONDS
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, uvicorn_server.SIGNALS)

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
        if listened:
            self._due[place] = time.monotonic() + _PAUSE_SECONDS
        else:
            self._failed = True
            self._stop(signal.SIGTERM, None)

    @property
    def _stopping(self) -> bool:
        return self._kill_at < float("inf")

    def _stop(self, sign: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Tell every worker to drain and stop; to stop at once if this is the second signal."""
        self._kill_at = time.monotonic() + self._drain + _LAST_SECONDS
        self._due.clear()
        self._listening.close()  # the workers have their own
        for process in self._running.values():
            os.kill(int(process.pid or 0), uvicorn_server.TOLD)

    def _kill_hung(self) -> None:
        """Kill workers that have said nothing for long, or do not stop."""
        late = time.monotonic() > self._kill_at
        for place, process in self._running.items():
            heard, (before, looks) = self._table.heard(place), self._silence[place]
            self._silence[place] = (heard, looks + 1 if heard == before else 0)
            listens = self._table.state(place) in {State.READY, State.NOT_READY}
            if late or (listens and looks > _HUNG_LOOKS):
                process.kill()
