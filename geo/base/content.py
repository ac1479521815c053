"""Hashes of files and of the program: whether a result of an earlier run is still right."""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parent.parent
_COMPILED = "__pycache__"


def hash_of(parts: Iterable[bytes]) -> str:
    """Return one hash of some parts, as hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def content_of(folder: Path) -> Iterator[bytes]:
    """Yield name and content of every file in a folder, and in those that it links to."""
    seen: set[Path] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = Path(place).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(set(folders) - {_COMPILED})
        for path in (Path(place) / name for name in sorted(names)):
            yield path.relative_to(folder).as_posix().encode()
            yield _read(path)


def _read(path: Path) -> bytes:
    """Return a file's content; of one that cannot be read something new, so that all is made."""
    try:
        return path.read_bytes()
    except OSError:
        return os.urandom(16)


@cache
def program() -> str:
    """Return a hash of the program in `geo/`, of Python and of the versions of the libraries."""
    return hash_of([*content_of(_PROGRAM), sys.version.encode(), *_libraries()])


def _libraries() -> Iterator[bytes]:
    """Yield the names of the folders that pip keeps for each version, which takes a millisecond."""
    for place in sys.path:
        found = sorted(path.name for path in Path(place).glob("*.dist-info"))
        yield from (name.encode() for name in found)
