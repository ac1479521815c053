"""Reads fetched official data in a data directory: the version in use, verified against its lock.

    fetched/state.json                    {"current": "<version>", "previous": "<version>"}
    fetched/versions/<version>/           lock.json and the files it lists

Versions are immutable; another one takes effect by atomically replacing state.json.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import LockDamaged
from geo.official import origin
from geo.official.origin import LOCK, Lock, LockEntry

FOLDER = "fetched"
STATE = "state.json"
BOUNDARIES = "boundaries"
_VERSION = re.compile(r"[0-9TZa-f-]*")


@dataclass(frozen=True)
class State:
    """The current and the previous version; "" means none, that is, the shipped data."""

    current: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Fetched:
    """The fetched files in use; `damaged` lists files whose content differs from the lock."""

    folder: Path | None = None
    lock: Lock = field(default_factory=Lock)
    damaged: tuple[str, ...] = ()

    def tables(self) -> dict[str, Path]:
        """Return the paths of undamaged tables by name: {"population": .../population.csv}."""
        return {path.stem: path for path in self._whole() if path.suffix == ".csv"}

    def file(self, name: str) -> Path | None:
        """Return the path of an undamaged file; None if it was not fetched or is damaged."""
        return next((path for path in self._whole() if path.name == name), None)

    def boundaries(self) -> list[Path]:
        """Return the paths of undamaged boundary files."""
        return [path for path in self._whole() if path.parent.name == BOUNDARIES]

    def _whole(self) -> list[Path]:
        folder = self.folder
        if folder is None:
            return []
        return [folder / e.file for e in self.lock.files if e.file not in self.damaged]

    def digest(self, names: Iterable[str]) -> str:
        """Return seven hex digits of the sha256 of these tables; "" if none was fetched."""
        whole = self.tables()
        entries = [self.lock.entry(whole[name].name) for name in names if name in whole]
        digests = "".join(one.sha256 for one in entries if one)
        return origin.digest(digests.encode())[:7] if digests else ""


def state(data_dir: Path) -> State:
    """Return which versions are in use; an empty State if state.json is missing or invalid."""
    try:
        pointers: Any = json.loads((data_dir / FOLDER / STATE).read_text(encoding="utf-8"))
        current, previous = str(pointers["current"]), str(pointers["previous"])
    except (OSError, ValueError, TypeError, KeyError):
        return State()
    named = all(map(_VERSION.fullmatch, (current, previous)))
    return State(current, previous) if named else State()


def folder_of(data_dir: Path, version: str) -> Path:
    """Return the folder of a version."""
    return data_dir / FOLDER / "versions" / version


def fetched(data_dir: Path) -> Fetched:
    """Return the fetched files in use, each verified by size and sha256. Never raises."""
    current = state(data_dir).current
    if not current:
        return Fetched()
    folder = folder_of(data_dir, current)
    try:
        lock = origin.read((folder / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError, LockDamaged):
        return Fetched(folder, damaged=(LOCK,))
    damaged = tuple(one.file for one in lock.files if not _whole(folder, one))
    return Fetched(folder, lock, damaged)


def _whole(folder: Path, one: LockEntry) -> bool:
    try:
        return one.fits((folder / one.file).read_bytes())
    except OSError:
        return False
