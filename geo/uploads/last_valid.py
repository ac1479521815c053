"""Data that an earlier run found valid are not checked again while nothing of them has changed."""

from pathlib import Path

from geo import settings
from geo.base.clock import today
from geo.base.content import content_of, hash_of, program
from geo.base.kept import find, keep

_KIND = "valid"


def stamp_of(data_dir: Path) -> str:
    """Return a hash of the data, the program and its texts, and the day.

    Take it before the data are read: if they change meanwhile, they are checked at the next start.
    """
    folders = (settings.LOCALE_DIR, settings.ROOT / "data", data_dir)
    parts = [part for folder in folders for part in content_of(folder)]
    # Checks know today: a day in the future, for example, is reported.
    return hash_of([*parts, program().encode(), today().isoformat().encode()])


def known(stamp: str) -> bool:
    """Return whether data with this stamp passed every check, and every view of them was made."""
    return find(_KIND, stamp) is not None


def remember(stamp: str) -> None:
    """Keep for later starts that data with this stamp passed."""
    keep(_KIND, stamp, b"")
