"""How long each file that people take away takes, and how large it is."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from geo.brief import factsheet, picture
from geo.brief.brief_files import KINDS
from geo.brief.picture import Words
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.formats import FORMATS
from geo.versions import reload

SMALLEST = View(project=("voss",))
LARGEST = View(year=2015, lines=True)


@dataclass(frozen=True)
class FileCost:
    """Seconds and bytes of one file, made from nothing that was drawn before."""

    name: str
    seconds: float
    size: int


def measure() -> dict[str, list[FileCost]]:
    """Return what each file costs, for the smallest and for the largest view."""
    dataset = reload.current()
    # What is read once per process is not part of a file's price.
    picture.png(dataset, View(lang="en"), "preview")
    factsheet.pdf(dataset, View(lang="en"))
    return {
        name: [_timed(label, make) for label, make in _files(dataset, view)]
        for name, view in (("smallest", SMALLEST), ("largest", LARGEST))
    }


def _files(dataset: Dataset, view: View) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for place, kind in enumerate(KINDS.values()):
        # Each with words of its own, so that none finds another's picture in a cache.
        words = Words(title=f"{kind.code} {place}")
        yield f"{kind.code} ({kind.extension})", partial(kind.make, dataset, view, words)
    for code, form in FORMATS.items():
        yield code, partial(form.write, dataset, view, full=view == LARGEST)


def _timed(name: str, make: Callable[[], bytes]) -> FileCost:
    begun = time.perf_counter()
    size = len(make())
    return FileCost(name, time.perf_counter() - begun, size)
