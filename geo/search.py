"""Find a kommune by any name or number it ever had."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from geo.columns import LABEL, NAME
from geo.register import NORWEGIAN_NAME, OTHER_NAMES, Register

# Letters that do not fall apart into a base letter and an accent.
_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})


@dataclass(frozen=True)
class Hit:
    """A kommune found: the number and name that matched, when it was so, what it is now."""

    kommunenr: str
    name: str
    years: range
    now: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    kommunenr: str
    name: str
    years: range
    keys: tuple[str, ...]


class KommuneSearch:
    """Search over all numbers and all official names, Sámi and Kven too."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @cached_property
    def _entries(self) -> list[_Entry]:
        entries = []
        for nr in sorted(self._register.all_numbers):
            years = self._register.years_of(nr)
            names: dict[str, None] = {}
            for year in years:
                row = self._register.kommuner(year).loc[nr]
                spellings = (row[NORWEGIAN_NAME], *row[OTHER_NAMES], row[NAME], row[LABEL])
                names.update(dict.fromkeys(spellings))
            label = self._register.label(nr, years[-1])
            keys = tuple({key for name in names for key in (name.casefold(), folded(name))})
            entries.append(_Entry(nr, label, years, (nr, *keys)))
        return entries

    def find(self, text: str, year: int, limit: int = 10) -> list[Hit]:
        """Return kommuner whose number or a name begins with, or else contains, the text.

        `now` of each hit holds numbers of `year`. Kommuner that exist in `year` come first.
        """
        wanted = text.strip().casefold()
        if not wanted:
            return []
        ranked = []
        for entry in self._entries:
            rank = min(_rank(entry, wanted), _rank(entry, folded(wanted)) + 1)
            if rank < _NO_MATCH:
                there = 0 if year in entry.years else 1
                ranked.append((rank, there, -entry.years[-1], entry.name, entry))
        ranked.sort(key=lambda found: found[:4])
        return self._distinct([found[-1] for found in ranked], year, limit)

    def _distinct(self, entries: list[_Entry], year: int, limit: int) -> list[Hit]:
        hits: list[Hit] = []
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for entry in entries:
            now = self._register.now(entry.kommunenr, year)
            # A place that was only renumbered is one answer, under its latest number.
            if (entry.name, now) not in seen:
                seen.add((entry.name, now))
                hits.append(Hit(entry.kommunenr, entry.name, entry.years, now))
            if len(hits) == limit:
                break
        return hits


_NO_MATCH = 100


def _rank(entry: _Entry, wanted: str) -> int:
    if wanted in entry.keys:
        return 0
    if any(key.startswith(wanted) for key in entry.keys):
        return 10
    if any(f" {wanted}" in key for key in entry.keys):
        return 20
    return _NO_MATCH


def folded(text: str) -> str:
    """Return a name without accents and special letters: "Røyrvik" becomes "royrvik"."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
