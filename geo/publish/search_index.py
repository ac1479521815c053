"""The search index of the public edition, with the spellings of geo.places.search."""

from collections.abc import Iterable
from typing import Any

from geo.coverage.dataset import Dataset
from geo.places.not_kommuner import KnownName
from geo.places.search import (
    COUNTY_MISSPELT_FROM,
    LONGEST,
    TWO_MISTAKES_FROM,
    Rank,
    SearchEntry,
)
from geo.places.spellings import FILLERS, PLAIN
from geo.text.languages import LANGUAGES


def search_index(dataset: Dataset) -> dict[str, Any]:
    """Return the index for search.js: every kommune number, and what each spelling stands for.

    Lists that many numbers share are stored once, in `lists`; a number refers to them by position.
    """
    lists = _Lists()
    names = sorted({name for county in dataset.search.counties.values() for name in county})
    return {
        "languages": LANGUAGES,
        "years": dataset.choices.years,
        "kommuner": [_kommune(dataset, entry, names, lists) for entry in dataset.search.entries],
        "counties": {
            key: [names.index(name) for name in sorted(county)]
            for key, county in dataset.search.counties.items()
        },
        "fillers": sorted(FILLERS),
        "plain": PLAIN,
        "known": {
            key: [one.message, _names(one), one.beside] for key, one in dataset.search.known.items()
        },
        "lists": lists.found,
        "ranks": {rank.name: rank for rank in Rank},
        "longest": LONGEST,
        "twoMistakesFrom": TWO_MISTAKES_FROM,
        "countyMisspeltFrom": COUNTY_MISSPELT_FROM,
    }


def _names(known: KnownName) -> list[str]:
    """Return its name in each language; once where all of them call it the same."""
    names = [known.names[language] for language in LANGUAGES]
    return names if len(set(names)) > 1 else names[:1]


class _Lists:
    def __init__(self) -> None:
        self.found: list[list[Any]] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def put(self, values: Iterable[Any]) -> int:
        """Return the position of a list, which is added unless an equal one is there."""
        key = tuple(values)
        if key not in self._places:
            self._places[key] = len(self.found)
            self.found.append(list(key))
        return self._places[key]


def _kommune(dataset: Dataset, entry: SearchEntry, names: list[str], lists: _Lists) -> list[Any]:
    """Return number, label, first and last year, and the positions of four lists.

    The lists are the spellings of its names, the spellings with a county, its counties, and its
    numbers by structure year.
    """
    now = [" ".join(dataset.register.now(entry.kommunenr, y)) for y in dataset.choices.years]
    return [
        entry.kommunenr,
        entry.name,
        entry.years[0],
        entry.years[-1],
        lists.put(entry.keys),
        lists.put(entry.labels),
        lists.put(sorted(names.index(name) for name in entry.fylker)),
        lists.put(now),
    ]
