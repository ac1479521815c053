"""The files of a data package, on disk or in memory: what reads a package does not ask which."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from geo import settings

_LONGEST, _LONGEST_PATH = 256, 1024  # bytes of a name and of a path, on the file systems in use


@dataclass(frozen=True)
class Folder:
    """Files in a folder on disk."""

    path: Path

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self.path.name

    @property
    def boundaries(self) -> Path:
        """The data directory whose boundary files draw this package."""
        return self.path

    def holds(self, name: str) -> bool:
        """Say whether a name stays inside the folder, with links followed."""
        if "://" in name or not _is_a_name(name):
            return False
        return (self.path / name).resolve().is_relative_to(self.path.resolve())

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        return _is_a_name(name) and (self.path / name).is_file()

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises OSError if it cannot be read."""
        return (self.path / name).read_bytes()

    def texts(self) -> list[str]:
        """Return the names of what explains the package."""
        return [path.name for path in sorted(self.path.glob("*.md"))]

    def registers(self) -> Mapping[str, bytes]:
        """Return registers that were fetched for the package, by table."""
        return {}


def _is_a_name(name: str) -> bool:
    """Say whether a file system takes a name: no NUL, no lone surrogate, no endless part."""
    try:
        parts = [len(os.fsencode(part)) for part in PurePosixPath(name).parts]
    except UnicodeEncodeError:
        return False
    return "\x00" not in name and sum(parts) < _LONGEST_PATH and max(parts, default=0) < _LONGEST


@dataclass(frozen=True)
class Memory:
    """Files that never touch the disk."""

    name: str
    contents: Mapping[str, bytes] = field(repr=False)

    @property
    def boundaries(self) -> Path:
        """The data directory whose boundary files draw this package: the served one's."""
        return settings.DATA_DIR

    def holds(self, name: str) -> bool:
        """Say whether a name stays inside the package."""
        path = PurePosixPath(name)
        return "://" not in name and not path.is_absolute() and ".." not in path.parts

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        return name in self.contents

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises FileNotFoundError if there is none."""
        if name not in self.contents:
            raise FileNotFoundError(name)
        return self.contents[name]

    def texts(self) -> list[str]:
        """Return the names of what explains the package."""
        return sorted(name for name in self.contents if name.endswith(".md") and "/" not in name)

    def registers(self) -> Mapping[str, bytes]:
        """Return registers that were fetched for the package: none."""
        return {}


Files: TypeAlias = Folder | Memory


def files_of(package: Path | Files) -> Files:
    """Return the files of a package, given as such or as the folder that holds them."""
    return Folder(package) if isinstance(package, Path) else package
