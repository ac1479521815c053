"""What an edition is made from, as one hash: while it is the same, nothing is made again."""

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from geo import settings
from geo.base.clock import today

_PROGRAM = Path(__file__).resolve().parent.parent
_COMPILED = "__pycache__"


def made_from(data_dir: Path, base_url: str) -> str:
    """Return a hash of the data, the program, its texts and settings, and the libraries.

    Take it before the data are read: if they change meanwhile, the next run makes all again.
    """
    digest = hashlib.sha256()
    for part in _parts(data_dir, base_url):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _parts(data_dir: Path, base_url: str) -> Iterator[bytes]:
    # The embedded boundaries lie with the shipped data, whichever package is published.
    for folder in (_PROGRAM, settings.LOCALE_DIR, settings.ROOT / "data", data_dir):
        yield from _content(folder)
    installed = sorted(f"{one.name}=={one.version}" for one in distributions())
    values = (repr(item) for item in sorted(vars(settings).items()) if _counts(*item))
    # Texts say whether a grant's last year is over; nothing depends on the day.
    yield "\n".join([base_url, sys.version, str(today().year), *installed, *values]).encode()


def _content(folder: Path) -> Iterator[bytes]:
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


def _counts(name: str, value: object) -> bool:
    """Return whether a name in the settings is a setting, and not where something lies."""
    return name.isupper() and not isinstance(value, Path)
