"""Reads the files of a data package from disk or from memory through one interface."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from geo import settings

_LONGEST, _LONGEST_PATH = 256, 1024  # bytes of a name and of a path, on common file systems


@dataclass(frozen=True)
class Folder:
    """Package files in a folder on disk."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.name

    @property
    def boundaries(self) -> Path:
        """The data directory with the boundary files for this package."""
        return self.path

    def holds(self, name: str) -> bool:
        """Return whether a path stays inside the folder after following symbolic links."""
        if "://" in name or not _is_a_name(name):
            return False
        return (self.path / name).resolve().is_relative_to(self.path.resolve())

    def has(self, name: str) -> bool:
        """Return whether the file exists."""
        return _is_a_name(name) and (self.path / name).is_file()

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises OSError if it cannot be read."""
        return (self.path / name).read_bytes()

    def texts(self) -> list[str]:
        """Return the names of the package's .md files."""
        return [path.name for path in sorted(self.path.glob("*.md"))]

    def registers(self) -> Mapping[str, bytes]:
        """Return fetched registers as CSV by table name: none."""
        return {}


def _is_a_name(name: str) -> bool:
    """Return whether file systems accept a path: no NUL, no lone surrogate, not too long."""
    try:
        parts = [len(os.fsencode(part)) for part in PurePosixPath(name).parts]
    except UnicodeEncodeError:
        return False
    return "\x00" not in name and sum(parts) < _LONGEST_PATH and max(parts, default=0) < _LONGEST


@dataclass(frozen=True)
class Memory:
    """Package files held in memory, never written to disk."""

    name: str
    contents: Mapping[str, bytes] = field(repr=False)

    @property
    def boundaries(self) -> Path:
        """The data directory with the boundary files: that of the served package."""
        return settings.DATA_DIR

    def holds(self, name: str) -> bool:
        """Return whether a path stays inside the package."""
        path = PurePosixPath(name)
        return "://" not in name and not path.is_absolute() and ".." not in path.parts

    def has(self, name: str) -> bool:
        """Return whether the file exists."""
        return name in self.contents

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises FileNotFoundError if it does not exist."""
        if name not in self.contents:
            raise FileNotFoundError(name)
        return self.contents[name]

    def texts(self) -> list[str]:
        """Return the names of the package's .md files."""
        return sorted(name for name in self.contents if name.endswith(".md") and "/" not in name)

    def registers(self) -> Mapping[str, bytes]:
        """Return fetched registers as CSV by table name: none."""
        return {}


Files: TypeAlias = Folder | Memory


def files_of(package: Path | Files) -> Files:
    """Return the files of a package, given as files or as a folder."""
    return Folder(package) if isinstance(package, Path) else package
