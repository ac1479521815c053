"""What the workers of one server know of each other: loads and readiness, in shared memory.

Every number has one writer, so that no lock is needed: a killed worker could not release one.
"""

from enum import IntEnum
from mmap import mmap

_BYTES = 8  # of a signed integer


class State(IntEnum):
    """What a worker says of itself."""

    STARTING = 0  # for the first time
    READY = 1
    NOT_READY = 2
    DEAD = 3  # its successor does not listen yet


class WorkerTable:
    """WebSockets, states and process ids of a fixed number of workers.

    It is anonymous shared memory: made before the workers are forked, it is theirs as well.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pages = mmap(-1, _BYTES * workers * (workers + 3))
        numbers = memoryview(self._pages).cast("q")
        # WebSockets that one worker gave to another, or kept, since the server began: row by row.
        self._given, rest = numbers[: workers * workers], numbers[workers * workers :]
        self._closed, self._states, self._pids = (
            rest[place * workers : (place + 1) * workers] for place in range(3)
        )

    def begin(self, worker: int, pid: int) -> None:
        """Enter a worker that listens from now on, in the place of one that died perhaps."""
        self._closed[worker] = self._received(worker)
        self._pids[worker] = pid
        self._states[worker] = State.READY

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

    def say(self, worker: int, *, ready: bool) -> None:
        """Set whether a worker is ready."""
        self._states[worker] = State.READY if ready else State.NOT_READY

    def state(self, worker: int) -> State:
        """Return what a worker said last."""
        return State(self._states[worker])

    def load(self, worker: int) -> int:
        """Return how many WebSockets a worker has, those on their way to it included."""
        # What was on its way to a worker that died is counted as closed once too often.
        return max(0, self._received(worker) - self._closed[worker])

    def least_loaded(self) -> int:
        """Return the ready worker with the fewest WebSockets, the first of equals."""
        ready = [one for one in range(self.workers) if self.state(one) is State.READY]
        return min(ready or range(self.workers), key=self.load)

    def all_ready(self) -> bool:
        """Return whether every worker is ready but those that died; the others serve meanwhile."""
        present = {self.state(one) for one in range(self.workers)} - {State.DEAD}
        return present == {State.READY}

    def pids(self) -> list[int]:
        """Return the process ids of the workers that listen."""
        return [pid for pid in self._pids if pid]

    def _received(self, worker: int) -> int:
        return sum(self._given[worker :: self.workers])
