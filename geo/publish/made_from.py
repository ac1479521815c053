"""What an edition is made from, as one hash: while it is the same, nothing is made again."""

from collections.abc import Iterator
from pathlib import Path

from geo import settings
from geo.base.clock import today
from geo.base.content import content_of, hash_of, program


def made_from(data_dir: Path, base_url: str) -> str:
    """Return a hash of the data, the program, its texts and settings, and the libraries.

    Take it before the data are read: if they change meanwhile, the next run makes all again.
    """
    return hash_of(_parts(data_dir, base_url))


def _parts(data_dir: Path, base_url: str) -> Iterator[bytes]:
    # The embedded boundaries lie with the shipped data, whichever package is published.
    for folder in (settings.LOCALE_DIR, settings.ROOT / "data", data_dir):
        yield from content_of(folder)
    values = (repr(item) for item in sorted(vars(settings).items()) if _counts(*item))
    # Texts say whether a grant's last year is over; nothing depends on the day.
    yield "\n".join([base_url, program(), str(today().year), *values]).encode()


def _counts(name: str, value: object) -> bool:
    """Return whether a name in the settings is a setting, and not where something lies."""
    return name.isupper() and not isinstance(value, Path)
