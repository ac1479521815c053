"""Hot reload: serve the data on disk, and read them again when they change and are valid.

Somebody who edits a table must not break the page for others: until the whole package is valid, the
last good data are served, and every page says so.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from geo import settings
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import paths_of, read_descriptor
from geo.errors import GeoError, without_path
from geo.official.fetched import FOLDER, STATE
from geo.validation.validate import validate

LOOK_EVERY = 2.0  # seconds
_log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Serving:
    """The served dataset; `refused` lists the issues of newer data on disk, if any."""

    dataset: Dataset
    stamp: Stamp
    before: Dataset | None = None
    refused: tuple[str, ...] = ()


class Reloader:
    """Serves the last valid data of one folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._serving: Serving | None = None
        self._looked = 0.0
        self._changed: Stamp | None = None
        self._reading = threading.Lock()
        self.prepare: Callable[[Dataset], None] = lambda _: None

    def serving(self) -> Serving:
        """Return what is served. Raises PackageInvalid if no valid data were ever loaded."""
        if self._serving is None:
            with self._reading:
                if self._serving is None:
                    self._serving = Serving(datasets.load(self._data_dir), stamp(self._data_dir))
                    self._looked = time.monotonic()
        elif time.monotonic() - self._looked > LOOK_EVERY:
            self._looked = time.monotonic()
            self._look(self._serving)
        return self._serving

    def catch_up(self) -> None:
        """Read data that have changed, in the foreground, in a process that was forked later."""
        self._reading = threading.Lock()  # a thread that held it was not forked
        serving, found = self.serving(), stamp(self._data_dir)
        if found != serving.stamp:
            self._read_again(serving, found)

    def _look(self, serving: Serving) -> None:
        """Reload in the background what has changed, once two checks in a row agree."""
        found = stamp(self._data_dir)
        settled, self._changed = found == self._changed, found
        if found == serving.stamp or not settled or self._reading.locked():
            return
        threading.Thread(target=self._read_again, args=(serving, found), daemon=True).start()

    def _read_again(self, serving: Serving, found: Stamp) -> None:
        with self._reading:
            try:
                dataset, issues = _read(self._data_dir, serving.dataset)
                if dataset is not None:
                    self.prepare(dataset)
            except Exception as error:  # noqa: BLE001 - see below
                # Nothing on disk may end this thread unreported: the page has to show what is
                # wrong.
                _log.exception("changed data cannot be read or prepared")
                dataset, issues = None, (f"{type(error).__name__}: {without_path(error)}",)
            if stamp(self._data_dir) != found:
                return  # still changing: wait for the next check
            if dataset is None:
                _log.error("data refused", extra={"fields": {"problems": len(issues)}})
                self._serving = Serving(serving.dataset, found, serving.before, issues)
                return
            self._serving = Serving(dataset, found, serving.dataset)


def _read(data_dir: Path, good: Dataset) -> tuple[Dataset | None, tuple[str, ...]]:
    """Return the dataset if it is valid, else its issues."""
    issues = tuple(map(str, validate(data_dir)))
    if issues:
        return None, issues
    try:
        dataset = datasets.load(data_dir)
    except GeoError as error:
        return None, (str(error),)
    except OSError as error:
        return None, (f"{Path(error.filename or data_dir).name}: {without_path(error)}",)
    known = good.library.refusals
    refused = tuple(why for file, why in dataset.library.refusals.items() if file not in known)
    return (None, refused) if refused else (dataset, ())


def stamp(data_dir: Path) -> Stamp:
    """Return path, mtime and size of every file of the package, its boundaries and fetched data.

    Never raises: files that cannot be read are left out.
    """
    files = {data_dir / FOLDER / STATE}
    with suppress(GeoError):
        files |= {data_dir / path for path in paths_of(read_descriptor(data_dir))}
    for folder in (data_dir, data_dir / "boundaries"):
        with suppress(OSError):
            files |= set(folder.iterdir())
    found = []
    for path in sorted(files):
        with suppress(OSError, ValueError):  # ValueError: not a valid file name
            about = path.stat()
            if S_ISREG(about.st_mode):
                found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


_reloaders: dict[Path, Reloader] = {}


def reloader() -> Reloader:
    """Return the reloader of settings.DATA_DIR."""
    return _reloaders.setdefault(settings.DATA_DIR, Reloader(settings.DATA_DIR))


def current() -> Dataset:
    """Return the dataset this process serves."""
    return reloader().serving().dataset
