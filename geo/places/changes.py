"""What became of kommuner between two years: merged, split, or with a border moved."""

from collections.abc import Iterator
from typing import NamedTuple

from geo.base.cache import YEAR_PAIRS, cache_on
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, Overlaps, Part, overlaps

MERGED, SPLIT, MOVED = KINDS = ("merged", "split", "moved")
WHOLE, PART, STRIP = FORMS = ("whole", "part", "strip")
_ALL = 0.9995  # shares of land from here on are the whole


class Piece(NamedTuple):
    """A kommune that land came from or went to; `form` says how much of it: one of FORMS."""

    kommune: KommuneOfYear
    form: str


class Change(NamedTuple):
    """One change between two years.

    `kommune` is of the later year if it was merged from `pieces` or a border was moved, so that
    it has land of theirs; it is of the earlier year if it was split into `pieces`.
    """

    kind: str
    kommune: KommuneOfYear
    pieces: tuple[Piece, ...]


@cache_on(YEAR_PAIRS)
def changes(register: Register, first: int, last: int) -> tuple[Change, ...]:
    """Return what changed from an earlier to a later year, in the order of KINDS and numbers.

    A kommune that only got another number or name is not among them. Raises UnknownYear if no
    register covers a year.
    """
    there = overlaps(register, first, last)
    found = [*_merged(there, first, last), *_split(there, first, last)]
    return (*found, *_moved(there, first, last))


def _merged(there: Overlaps, first: int, last: int) -> Iterator[Change]:
    for new in sorted(there.made_of):
        own = [(old, part) for old, part in _parts_in(there, new) if not part.strip]
        if len(own) > 1:
            own.sort(key=lambda one: (one[1].share < _ALL, one[0]))
            pieces = tuple(Piece(KommuneOfYear(old, first), _form(part)) for old, part in own)
            yield Change(MERGED, KommuneOfYear(new, last), pieces)


def _split(there: Overlaps, first: int, last: int) -> Iterator[Change]:
    for old in sorted(there.parts):
        own = [part for part in there.parts[old] if not part.strip]
        if len(own) > 1:
            own.sort(key=lambda part: -part.share)
            pieces = tuple(Piece(KommuneOfYear(part.kommunenr, last), WHOLE) for part in own)
            yield Change(SPLIT, KommuneOfYear(old, first), pieces)


def _moved(there: Overlaps, first: int, last: int) -> Iterator[Change]:
    for new in sorted(there.made_of):
        strips = [old for old, part in _parts_in(there, new) if part.strip]
        if strips:
            pieces = tuple(Piece(KommuneOfYear(old, first), STRIP) for old in strips)
            yield Change(MOVED, KommuneOfYear(new, last), pieces)


def _parts_in(there: Overlaps, new: str) -> Iterator[tuple[str, Part]]:
    for old in there.made_of[new]:
        yield old, next(part for part in there.parts[old] if part.kommunenr == new)


def _form(part: Part) -> str:
    return WHOLE if part.share >= _ALL else PART
