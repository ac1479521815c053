"""What the workers of one server know of each other: loads and readiness, in shared memory.

Every number has one writer, so that no lock is needed: a killed worker could not release one.
"""

import time
from enum import IntEnum
from mmap import mmap

_BYTES = 8  # of a signed integer
_ADDRESSES = 4096  # counts per worker; addresses that share one are few, and share their limit
_SILENT_AFTER = 30.0  # seconds without a word from a worker that says something every second


class State(IntEnum):
    """What a worker says of itself."""

    STARTING = 0  # for the first time
    READY = 1
    NOT_READY = 2
    DEAD = 3  # its successor does not listen yet


class WorkerTable:
    """WebSockets, states, process ids and readers' addresses of a fixed number of workers.

    It is anonymous shared memory: made before the workers are forked, it is theirs as well.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        sizes = (workers * workers, workers * _ADDRESSES, workers, workers, workers, workers)
        self._pages = mmap(-1, _BYTES * sum(sizes))
        numbers = memoryview(self._pages).cast("q")
        parts = []
        for size in sizes:
            parts.append(numbers[:size])
            numbers = numbers[size:]
        # WebSockets that one worker gave to another, or kept, since the server began: row by row.
        self._given, self._seats, self._closed, self._states, self._pids, self._heard = parts

    def begin(self, worker: int, pid: int) -> None:
        """Enter a worker that listens from now on, in the place of one that died perhaps."""
        self._closed[worker] = self._received(worker)
        for place in range(_ADDRESSES):
            self._seats[worker * _ADDRESSES + place] = 0
        self._pids[worker] = pid
        self.say(worker, ready=True)

    def end(self, worker: int) -> None:
        """Take out a worker whose process has ended."""
        self._states[worker] = State.DEAD
        self._pids[worker] = 0

    def give(self, giver: int, taker: int) -> None:
        """Count a WebSocket that a worker gives to another, or keeps."""
        self._given[giver * self.workers + taker] += 1

    def close(self, worker: int) -> None:
        """Count a WebSocket of a worker as closed."""
        self._closed[worker] += 1

    def seat(self, worker: int, address: str, change: int) -> None:
        """Count a reader who comes (1) or goes (-1), by the address."""
        self._seats[worker * _ADDRESSES + _place(address)] += change

    def seated(self, address: str) -> int:
        """Return how many readers of an address all workers have."""
        return sum(self._seats[_place(address) :: _ADDRESSES])

    def say(self, worker: int, *, ready: bool) -> None:
        """Set whether a worker is ready, and that it lives."""
        self._heard[worker] = int(time.monotonic())
        self._states[worker] = State.READY if ready else State.NOT_READY

    def state(self, worker: int) -> State:
        """Return what a worker said last."""
        return State(self._states[worker])

    def heard(self, worker: int) -> int:
        """Return when a worker said something last, by the monotonic clock in seconds."""
        return self._heard[worker]

    def alive(self, worker: int) -> bool:
        """Return whether a worker listens, and has said so of late."""
        listens = self.state(worker) in {State.READY, State.NOT_READY}
        return listens and time.monotonic() - self.heard(worker) < _SILENT_AFTER

    def load(self, worker: int) -> int:
        """Return how many WebSockets a worker has, those on their way to it included."""
        # What was on its way to a worker that died is counted as closed once too often.
        return max(0, self._received(worker) - self._closed[worker])

    def least_loaded(self) -> int:
        """Return the ready worker with the fewest WebSockets, the first of equals."""
        every = range(self.workers)
        ready = [one for one in every if self.alive(one) and self.state(one) is State.READY]
        return min(ready or every, key=self.load)

    def all_ready(self) -> bool:
        """Return whether every worker is ready but those that died; the others serve meanwhile."""
        present = {self.state(one) for one in range(self.workers)} - {State.DEAD}
        return present == {State.READY}

    def pids(self) -> list[int]:
        """Return the process ids of the workers that listen."""
        return [pid for pid in self._pids if pid]

    def _received(self, worker: int) -> int:
        return sum(self._given[worker :: self.workers])


def _place(address: str) -> int:
    # Forked processes agree on the hashes of strings.
    return hash(address) % _ADDRESSES
