"""Runs one fetch at a time for the data page, with progress, and confirmation before use.

The fetch runs in its own thread; nothing is put in use until a user accepts the result.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from threading import Lock, Thread

from geo import settings
from geo.errors import FetchFailed, FetchStopped, GeoError
from geo.fetch import store
from geo.fetch.command import prepare
from geo.fetch.staged import Staged
from geo.official import fetched
from geo.official.fetched import State

_MOST_SAID = 5
_log = logging.getLogger(__name__)


class Phase(Enum):
    """The state of a job."""

    IDLE = "idle"
    FETCHING = "fetching"
    STOPPING = "stopping"
    ASKING = "asking"  # the result waits for confirmation
    TAKING = "taking"
    SAME = "same"  # nothing new was found
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"
    FAILED = "failed"
    RESTORED = "restored"


_BUSY = {Phase.FETCHING, Phase.STOPPING, Phase.ASKING, Phase.TAKING}


@dataclass(frozen=True)
class Progress:
    """What the page shows: phase, current file and its bytes, messages, result, error."""

    phase: Phase = Phase.IDLE
    what: str = ""
    label: str = ""
    count: int = 0
    total: int | None = None
    said: tuple[str, ...] = ()
    staged: tuple[Staged, ...] = ()
    error: str = ""

    @property
    def runs(self) -> bool:
        """Whether a fetch is running."""
        return self.phase in {Phase.FETCHING, Phase.STOPPING}


class Job:
    """The fetch into one data directory; it is also its transport's listener."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock = Lock()
        self._now = Progress()
        self._before = State()

    def progress(self) -> Progress:
        """Return the current progress."""
        return self._now

    def start(self, what: str, years: tuple[int, ...] = ()) -> bool:
        """Start a fetch; return False if one is running or waits for confirmation."""
        if not self._go(set(Phase) - _BUSY, Phase.FETCHING, Progress(what=what)):
            return False
        Thread(target=self._run, args=(what, years), name="fetch", daemon=True).start()
        return True

    def cancel(self) -> None:
        """Ask the fetch to stop at its next chunk; the data in use are kept."""
        self._go({Phase.FETCHING}, Phase.STOPPING)

    def accept(self) -> None:
        """Put the waiting result in use."""
        if self._go({Phase.ASKING}, Phase.TAKING):
            self._try(self._take, Phase.DONE)

    def refuse(self) -> None:
        """Discard the waiting result."""
        self._go({Phase.ASKING}, Phase.REFUSED, Progress())

    def restore(self) -> None:
        """Put the previous version in use again."""
        if self._go(set(Phase) - _BUSY, Phase.TAKING, Progress()):
            self._try(self._restore, Phase.RESTORED)

    # -- the listener ------------------------------------------------------------------------------

    def begin(self, label: str, total: int | None) -> None:
        """Record that a file begins; `total` in bytes. Raises FetchStopped if cancelled."""
        self._note(label=label, count=0, total=total)

    def reached(self, count: int) -> None:
        """Record the bytes received. Raises FetchStopped if cancelled."""
        self._note(count=count)

    def say(self, text: str) -> None:
        """Record a message. Raises FetchStopped if cancelled."""
        self._note(said=(*self._now.said, text)[-_MOST_SAID:])

    def _note(self, **changes: object) -> None:
        with self._lock:
            if self._now.phase is Phase.STOPPING:
                raise FetchStopped("The fetch was stopped. Nothing was replaced.")
            self._now = replace(self._now, **changes)  # type: ignore[arg-type]

    # -- the thread --------------------------------------------------------------------------------

    def _run(self, what: str, years: tuple[int, ...]) -> None:
        self._try(lambda: self._fetch(what, years), Phase.ASKING)

    def _fetch(self, what: str, years: tuple[int, ...]) -> None:
        self._before = fetched.state(self._data_dir)
        with store.alone(self._data_dir):
            for staged in prepare(what, years, self._data_dir, self):
                self._note(staged=(*self._now.staged, staged))

    def _take(self) -> None:
        ready = [one for one in self._now.staged if one.files]
        with store.alone(self._data_dir):
            if fetched.state(self._data_dir) != self._before:
                raise FetchFailed(
                    "Other data were put in use since this was compared with them. Fetch again."
                )
            store.commit(self._data_dir, ready)

    def _restore(self) -> None:
        with store.alone(self._data_dir):
            store.restore(self._data_dir)

    def _try(self, act: Callable[[], None], then: Phase) -> None:
        """Run an action and record the outcome; the job must not stay busy whatever happens."""
        error, phase = "", then
        try:
            act()
        except FetchStopped:
            phase = Phase.STOPPED
        except GeoError as failure:
            phase, error = Phase.FAILED, str(failure)
        except Exception as failure:  # noqa: BLE001 - the thread's last resort
            _log.exception("The fetch broke off")
            phase, error = Phase.FAILED, f"{type(failure).__name__}: {failure}"
        with self._lock:
            if self._now.phase is Phase.STOPPING and phase is then:
                phase = Phase.STOPPED
            staged = self._now.staged if phase is Phase.ASKING else ()
            if staged and not any(one.files for one in staged):
                phase = Phase.SAME
            self._now = Progress(phase, self._now.what, staged=staged, error=error)

    def _go(self, phases: set[Phase], to: Phase, fresh: Progress | None = None) -> bool:
        """Switch atomically from one of `phases` to another; return whether it was in one."""
        with self._lock:
            if self._now.phase not in phases:
                return False
            self._now = replace(fresh or self._now, phase=to)
            return True


_jobs: dict[Path, Job] = {}


def job() -> Job:
    """Return the job of the data directory that this process serves."""
    return _jobs.setdefault(settings.DATA_DIR, Job(settings.DATA_DIR))
