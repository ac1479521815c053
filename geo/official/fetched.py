"""Fetched official data in a data directory: which version is in use, and whether it is whole.

    fetched/state.json              {"current": "<version>", "previous": "<version>"}
    fetched/versions/<version>/     lock.json and the files it lists

A version never changes; another takes its place when state.json is replaced, at one stroke.
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
    """The versions in use and before it; empty where there is none (the shipped data)."""

    current: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Fetched:
    """The fetched files in use; `damaged` tells of files that are not what was fetched."""

    folder: Path | None = None
    lock: Lock = field(default_factory=Lock)
    damaged: tuple[str, ...] = ()

    def tables(self) -> dict[str, Path]:
        """Return the whole tables by name: {"population": .../population.csv}."""
        return {path.stem: path for path in self._whole() if path.suffix == ".csv"}

    def file(self, name: str) -> Path | None:
        """Return a whole file; None where it was not fetched or is damaged."""
        return next((path for path in self._whole() if path.name == name), None)

    def boundaries(self) -> list[Path]:
        """Return the whole boundary files."""
        return [path for path in self._whole() if path.parent.name == BOUNDARIES]

    def _whole(self) -> list[Path]:
        folder = self.folder
        if folder is None:
            return []
        return [folder / e.file for e in self.lock.files if e.file not in self.damaged]

    def digest(self, names: Iterable[str]) -> str:
        """Return seven letters that change with these tables; empty if none was fetched."""
        whole = self.tables()
        entries = [self.lock.entry(whole[name].name) for name in names if name in whole]
        sums = "".join(one.sha256 for one in entries if one)
        return origin.digest(sums.encode())[:7] if sums else ""


def state(data_dir: Path) -> State:
    """Return which version is in use; none if that cannot be read."""
    try:
        told: Any = json.loads((data_dir / FOLDER / STATE).read_text(encoding="utf-8"))
        current, previous = str(told["current"]), str(told["previous"])
    except (OSError, ValueError, TypeError, KeyError):
        return State()
    named = all(map(_VERSION.fullmatch, (current, previous)))
    return State(current, previous) if named else State()


def folder_of(data_dir: Path, version: str) -> Path:
    """Return where a version lies."""
    return data_dir / FOLDER / "versions" / version


def fetched(data_dir: Path) -> Fetched:
    """Return the fetched files in use, each compared with what was fetched. Never raises."""
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
