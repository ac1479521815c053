"""Divides a year's people by the borders of other years, so that no two sums contradict."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from geo.base.cache import YEARS, cache_on
from geo.columns import BASIS_AREA, BASIS_PREDECESSORS, BASIS_REGISTER
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, Part, on_its_own, overlaps, population


class Cell(NamedTuple):
    """A piece of a kommune that no border divides, with its people, and the kommuner it was in.

    `people` are persons; `basis` says how they are known (population_basis) and `counted` is the
    year, 1 January, of the count by which they were told from their neighbours.
    """

    of: tuple[KommuneOfYear, ...]
    people: float
    basis: str
    counted: int


@cache_on(YEARS)
def cells(register: Register, years: tuple[int, ...], year: int) -> Mapping[str, tuple[Cell, ...]]:
    """Return the cells of each kommune of `year`, divided by the borders of `years`.

    Each cell is in one kommune of each year, so that coverage recorded in different years can be
    compared on the same land. The cells of a kommune hold whole persons and together its count of
    `year`; without a table of split people they hold their last counts, divided by area. Raises
    UnknownYear if no register covers a year.
    """
    table = register.cells(years, year)
    land: dict[str, list[_Land]] = {}
    for nr, *olds, m2, people, basis in table.itertuples(index=False, name=None):
        of = tuple(map(KommuneOfYear, olds, years))
        land.setdefault(nr, []).append(_Land(of, m2, people, basis))
    return {nr: tuple(_cells(register, nr, year, there)) for nr, there in land.items()}


class _Land(NamedTuple):
    """A row of `Register.cells`: the kommuner it was in, square metres, persons, their basis."""

    of: tuple[KommuneOfYear, ...]
    m2: int
    people: float
    basis: str


def _cells(register: Register, nr: str, year: int, land: list[_Land]) -> list[Cell]:
    counts = population(register, year)
    if len(land) == 1:
        return [Cell(land[0].of, counts.get(nr, 0), BASIS_REGISTER, year)]
    if not register.knows_split_people:
        return _by_area(register, nr, year, land)
    people = in_whole(counts.get(nr, 0), [one.people for one in land])
    cells_of = Counter(old for one in land for old in one.of)
    return [
        Cell(
            one.of,
            n,
            # Counted, if the cell is all of what was a kommune of its own.
            BASIS_PREDECESSORS
            if any(
                cells_of[old] == 1 and _parts(register, old, year)[0].share == 1 for old in one.of
            )
            else one.basis,
            _counted(register, one.of, year),
        )
        for one, n in zip(land, people, strict=True)
    ]


def in_whole(total: int, weights: Sequence[float]) -> list[int]:
    """Divide a number of persons by weights into whole persons; the largest remainders get more.

    The parts sum to the total. Even weights where all are zero.
    """
    everything = sum(weights)
    exact = [total * w / everything if everything else total / len(weights) for w in weights]
    parts = [int(n) for n in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def _parts(register: Register, old: KommuneOfYear, year: int) -> tuple[Part, ...]:
    return overlaps(register, old.year, year).parts[old.kommunenr]


def _counted(register: Register, olds: Iterable[KommuneOfYear], year: int) -> int:
    years = (on_its_own(register, old, year).year for old in olds)
    return min(years, key=lambda one: abs(one - year))


def _by_area(register: Register, nr: str, year: int, land: list[_Land]) -> list[Cell]:
    """Return cells with the last count of the largest kommune that each was in, by its area.

    This is how data version 1.0.0 and others without split_people were counted: what was cited from
    them must stay.
    """
    here = Counter[KommuneOfYear]()
    for olds, m2, *_ in land:
        here.update(dict.fromkeys(olds, m2))
    found = []
    for olds, m2, *_ in land:
        old = max(olds, key=lambda one: (here[one], -one.year))
        share = next(p.share for p in _parts(register, old, year) if p.kommunenr == nr)
        own = on_its_own(register, old, year)
        people = population(register, own.year).get(own.kommunenr, 0) * share * m2 / here[old]
        whole = share == 1 and m2 == here[old]
        found.append(Cell(olds, people, BASIS_PREDECESSORS if whole else BASIS_AREA, own.year))
    return found
