"""Searches kommuner by any current or former name or number, tolerating misspellings."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.columns import (
    FROM_KOMMUNENR,
    FYLKE,
    LABEL,
    NAME,
    NORWEGIAN_NAME,
    OTHER_NAMES,
    TO_KOMMUNENR,
)
from geo.places.not_kommuner import KnownName
from geo.places.register import Register
from geo.places.spellings import joined, significant_words, spellings, words
from geo.settings import STRUCTURE_YEARS

# Letters that Unicode does not decompose into a base letter and an accent.
_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})
LONGEST = 60  # characters of the search text
TWO_MISTAKES_FROM = 7  # letters
COUNTY_MISSPELT_FROM = 5
_NUMBER = re.compile(r"[0-9]+")
_SPLIT = re.compile(r"\s+(?:i|på|in)\s+", re.IGNORECASE)


class Rank(IntEnum):
    """How well a kommune matches, best first. From LIKELY on the text differs from its names."""

    EXACT = 0
    ALMOST = 1
    BEGINS = 2
    WORD_BEGINS = 3
    LIKELY = 4
    PERHAPS = 5


EXACT, ALMOST, BEGINS, WORD_BEGINS, LIKELY, PERHAPS = Rank


@dataclass(frozen=True)
class Hit:
    """A kommune found: the matching number and name, its years, and its current numbers.

    `certain` is False if the match required correcting the text.
    """

    kommunenr: str
    name: str
    years: range
    now: tuple[str, ...]
    certain: bool = True


@dataclass(frozen=True)
class SearchEntry:
    """A kommunenr with all spellings of its names and all counties it has been in.

    `labels` are spellings with the county, for names that are not unique: "os hedmark".
    """

    kommunenr: str
    name: str
    years: range
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    fylker: frozenset[str]


class KommuneSearch:
    """Search over all numbers and official names, including Sámi and Kven ones.

    `known` returns other names that users may search for.
    """

    def __init__(
        self, register: Register, known: Callable[[], Iterable[KnownName]] = tuple
    ) -> None:
        self._register = register
        self._known = known

    @cached_property
    def entries(self) -> list[SearchEntry]:
        """Every kommunenr of any year, in ascending order."""
        names: dict[str, dict[str, None]] = {}
        labels: dict[str, dict[str, None]] = {}
        fylker: dict[str, set[str]] = {}
        for year in self._register.years:
            kommuner = self._register.kommuner(year)
            for nr, row in zip(map(str, kommuner.index), kommuner.to_dict("records"), strict=True):
                every = (row[NORWEGIAN_NAME], *row[OTHER_NAMES], row[NAME])
                names.setdefault(nr, {}).update(dict.fromkeys(every))
                labels.setdefault(nr, {})[row[LABEL]] = None
                fylker.setdefault(nr, set()).add(row[FYLKE])
        # Users also give a former kommune the county that its land is in now.
        for year in STRUCTURE_YEARS:
            for nr, there in self._later_counties(year):
                fylker[nr].add(there)
        return [self._entry(nr, names[nr], labels[nr], fylker[nr]) for nr in sorted(names)]

    def _entry(
        self, nr: str, names: Iterable[str], labels: Iterable[str], fylker: Iterable[str]
    ) -> SearchEntry:
        years = self._register.years_of(nr)
        keys = spellings(names)
        apart = tuple(one for one in spellings(labels) if one not in keys)
        label = self._register.label(nr, years[-1])
        return SearchEntry(nr, label, years, tuple(keys), apart, frozenset(fylker))

    def _later_counties(self, year: int) -> Iterator[tuple[str, str]]:
        """Yield (kommunenr of any year, county of its land in `year`)."""
        counties = self._register.kommuner(year)[FYLKE]
        for own_year in {self._register.years_of(nr)[-1] for nr in self._register.all_numbers}:
            links = self._register.links(own_year, year)
            there = links[TO_KOMMUNENR].map(counties)
            yield from zip(links[FROM_KOMMUNENR], there, strict=True)

    @cached_property
    def _by_number(self) -> dict[str, SearchEntry]:
        return {entry.kommunenr: entry for entry in self.entries}

    @cached_property
    def _by_key(self) -> dict[str, list[SearchEntry]]:
        """The kommuner by each spelling, without spaces."""
        found: dict[str, list[SearchEntry]] = {}
        for entry in self.entries:
            for key in (*entry.keys, *entry.labels):
                for whole in _wholes(key):
                    found.setdefault(whole, []).append(entry)
        return found

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._by_key)

    @cached_property
    def counties(self) -> dict[str, frozenset[str]]:
        """The names of counties of any year by spelling, without spaces."""
        found: dict[str, set[str]] = {}
        for year in self._register.years:
            for name in self._register.fylker(year)[NAME]:
                for key in spellings([name]):
                    for whole in _wholes(key):
                        found.setdefault(whole, set()).add(str(name))
        return {key: frozenset(names) for key, names in found.items()}

    # -- finding ----------------------------------------------------------------------------------

    def find(self, text: str, year: int, limit: int = 10) -> list[Hit]:
        """Return the kommuner whose name starts with or equals the text, then near matches.

        `now` of each hit holds numbers of `year`; kommuner that exist in `year` come first. Returns
        at most `limit` certain and `limit` uncertain hits. Raises UnknownYear if no register covers
        `year`.
        """
        ranks = self.ranks(text)
        ranked = sorted(
            ranks.items(), key=lambda item: self._order(self._by_number[item[0]], item[1], year)
        )
        certain = [nr for nr, rank in ranked if rank < LIKELY]
        uncertain = [nr for nr, rank in ranked if rank >= LIKELY]
        seen: set[tuple[str, tuple[str, ...]]] = set()
        first = self._hits(certain, year, limit, seen, certain=True)
        return first + self._hits(uncertain, year, limit, seen, certain=False)

    def _order(self, entry: SearchEntry, rank: Rank, year: int) -> tuple[int, int, int, str, str]:
        there = 0 if year in entry.years else 1
        return rank, there, -entry.years[-1], entry.name, entry.kommunenr

    def _hits(
        self,
        numbers: list[str],
        year: int,
        limit: int,
        seen: set[tuple[str, tuple[str, ...]]],
        *,
        certain: bool,
    ) -> list[Hit]:
        hits: list[Hit] = []
        for nr in numbers:
            if len(hits) == limit:
                break
            entry, now = self._by_number[nr], self._register.now(nr, year)
            # A kommune that was only renumbered is one hit, under its latest number.
            if (entry.name, now) not in seen:
                seen.add((entry.name, now))
                hits.append(Hit(nr, entry.name, entry.years, now, certain))
        return hits

    def ranks(self, text: str) -> dict[str, Rank]:
        """Return the rank of each matching kommunenr, from EXACT to PERHAPS."""
        text = text[:LONGEST]
        numbers = self._numbers(text)
        given = words(text)
        if numbers or not given:
            return numbers
        found = self._named(given)
        if found:
            return found
        # "Bø i Vesterålen": not a county, but the words before may be a name.
        head = words(_SPLIT.split(text)[0])
        if len(head) in {0, len(given)}:
            return {}
        return {nr: PERHAPS for nr, rank in self._named(head).items() if rank == EXACT}

    def _numbers(self, text: str) -> dict[str, Rank]:
        """Return the kommuner whose number is in the text: "301", "K-0301", "0301 Oslo"."""
        digits = _NUMBER.search(unicodedata.normalize("NFKD", text))
        if digits is None:
            return {}
        number = digits.group()
        found = {}
        if not any(letter.isalpha() for letter in text):
            found = {nr: BEGINS for nr in self._by_number if nr.startswith(number)}
        # Spreadsheets drop a leading zero.
        if len(number) in {3, 4} and number.zfill(4) in self._by_number:
            found[number.zfill(4)] = EXACT
        return found

    def _named(self, given: list[str]) -> dict[str, Rank]:
        significant = significant_words(given)
        wanted, spaced = {joined(given): None, joined(significant): None}, " ".join(significant)
        ranks: dict[str, Rank] = {}
        self._add(ranks, self._exact(wanted), EXACT)
        self._add(ranks, self._in_county(significant, EXACT), EXACT)
        beginning, near = self._beginning(spaced, joined(significant)), self._near(wanted, 1)
        # Of all names that start so, rank those lacking one letter first: "b" may be half of "Bø".
        almost = {entry.kommunenr for entry in near}
        self._add(ranks, (e for e in beginning if e.kommunenr in almost), ALMOST)
        self._add(ranks, beginning, BEGINS)
        self._add(ranks, self._with_word(spaced), WORD_BEGINS)
        self._add(ranks, near, LIKELY)
        self._add(ranks, self._in_county(significant, LIKELY), LIKELY)
        if not ranks:
            long = [text for text in wanted if len(text) >= TWO_MISTAKES_FROM]
            self._add(ranks, self._near(long, 2), PERHAPS)
        return ranks

    @staticmethod
    def _add(ranks: dict[str, Rank], entries: Iterable[SearchEntry], rank: Rank) -> None:
        for entry in entries:
            ranks.setdefault(entry.kommunenr, rank)

    def _exact(self, wanted: Iterable[str]) -> list[SearchEntry]:
        return [entry for text in wanted for entry in self._by_key.get(text, ())]

    def _near(self, wanted: Iterable[str], most: int) -> list[SearchEntry]:
        """Return the kommuner with a spelling within `most` edits (optimal string alignment)."""
        return [
            entry
            for text in wanted
            for key, *_ in process.extract(
                text, self._keys, scorer=OSA.distance, score_cutoff=most, limit=None
            )
            for entry in self._by_key[key]
        ]

    @cached_property
    def _spaced(self) -> list[tuple[str, str, list[SearchEntry]]]:
        """Each spelling, the same without spaces, and the kommuner with it."""
        found: dict[str, list[SearchEntry]] = {}
        for entry in self.entries:
            for key in entry.keys:
                found.setdefault(key, []).append(entry)
        return [(key, key.replace(" ", ""), entries) for key, entries in found.items()]

    def _beginning(self, spaced: str, whole: str) -> list[SearchEntry]:
        return [
            entry
            for key, bare, entries in self._spaced
            if key.startswith(spaced) or bare.startswith(whole)
            for entry in entries
        ]

    def _with_word(self, spaced: str) -> list[SearchEntry]:
        word = f" {spaced}"
        return [entry for key, _, entries in self._spaced if word in key for entry in entries]

    def _in_county(self, significant: list[str], rank: Rank) -> list[SearchEntry]:
        """Return the kommuner of a name and a county: "Os i Hedmark", "Herøy (Nordland)"."""
        found = []
        for place in range(1, len(significant)):
            fylker, sure = self._county(joined(significant[place:]))
            head = [joined(significant[:place])]
            entries = self._exact(head) if rank == EXACT and sure else []
            if fylker and rank == LIKELY:
                entries = self._near(head, 1)
            found += [entry for entry in entries if not fylker.isdisjoint(entry.fylker)]
        return found

    def _county(self, key: str) -> tuple[frozenset[str], bool]:
        """Return the counties of a spelling, and whether it matches exactly."""
        if key in self.counties:
            return self.counties[key], True
        if len(key) < COUNTY_MISSPELT_FROM:
            return frozenset(), False
        near = process.extract(
            key, list(self.counties), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        return frozenset().union(*(self.counties[name] for name, *_ in near)), False

    # -- other names ------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Mapping[str, KnownName]:
        """Names that are not kommuner, by spelling without spaces."""
        found: dict[str, KnownName] = {}
        for one in self._known():
            for key in spellings(one.names.values()):
                found.setdefault(joined(significant_words(key.split())), one)
        return found

    def other(self, text: str) -> KnownName | None:
        """Return the known name in a text; None if there is none or a kommune has the name."""
        if EXACT in self.ranks(text).values():
            return None
        return self.known.get(joined(significant_words(words(text[:LONGEST]))))


def _wholes(spelling: str) -> Iterable[str]:
    """Return a spelling without spaces, with and without filler words."""
    given = spelling.split()
    return dict.fromkeys((joined(given), joined(significant_words(given))))


def folded(text: str) -> str:
    """Return a name without accents and special letters: "Røyrvik" becomes "royrvik"."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
