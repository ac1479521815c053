"""One fetch at a time for everybody who looks at the data page: how far it is, and the yes to it.

The fetch runs in a thread of its own; nothing is in use before somebody accepted what it brought.
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
    """Where a job stands."""

    IDLE = "idle"
    FETCHING = "fetching"
    STOPPING = "stopping"
    ASKING = "asking"  # what came waits for a yes
    TAKING = "taking"
    SAME = "same"  # nothing new came
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"
    FAILED = "failed"
    RESTORED = "restored"


_BUSY = {Phase.FETCHING, Phase.STOPPING, Phase.ASKING, Phase.TAKING}


@dataclass(frozen=True)
class Progress:
    """What a page shows: phase, file and bytes of it, what was said, what waits, what failed."""

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
        """Whether a fetch is under way now."""
        return self.phase in {Phase.FETCHING, Phase.STOPPING}


class Job:
    """The fetch into one data directory; the listener of its own transport."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock = Lock()
        self._now = Progress()
        self._before = State()

    def progress(self) -> Progress:
        """Return how far it is."""
        return self._now

    def start(self, what: str, years: tuple[int, ...] = ()) -> bool:
        """Begin to fetch, unless a fetch is under way or waits for its yes."""
        if not self._go(set(Phase) - _BUSY, Phase.FETCHING, Progress(what=what)):
            return False
        Thread(target=self._run, args=(what, years), name="fetch", daemon=True).start()
        return True

    def cancel(self) -> None:
        """Let the fetch stop at the next piece that comes; what is in use stays."""
        self._go({Phase.FETCHING}, Phase.STOPPING)

    def accept(self) -> None:
        """Put what waits in use."""
        if self._go({Phase.ASKING}, Phase.TAKING):
            self._try(self._take, Phase.DONE)

    def refuse(self) -> None:
        """Throw away what waits."""
        self._go({Phase.ASKING}, Phase.REFUSED, Progress())

    def restore(self) -> None:
        """Put the version before in use again."""
        if self._go(set(Phase) - _BUSY, Phase.TAKING, Progress()):
            self._try(self._restore, Phase.RESTORED)

    # -- the listener ------------------------------------------------------------------------------

    def begin(self, label: str, total: int | None) -> None:
        """Note that a file begins."""
        self._note(label=label, count=0, total=total)

    def reached(self, count: int) -> None:
        """Note how many bytes of it have come."""
        self._note(count=count)

    def say(self, text: str) -> None:
        """Note what happens besides."""
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
        """Do something and say how it ended; whatever happens, the job must not stay busy."""
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
        """Change from one of some phases to another; of two who try, one does."""
        with self._lock:
            if self._now.phase not in phases:
                return False
            self._now = replace(fresh or self._now, phase=to)
            return True


_jobs: dict[Path, Job] = {}


def job() -> Job:
    """Return the one job of the data that this process serves."""
    return _jobs.setdefault(settings.DATA_DIR, Job(settings.DATA_DIR))
