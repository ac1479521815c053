"""The line from a selection to the kommuner of its year: select, carry, give each its state."""

from collections.abc import Mapping
from typing import NamedTuple

from geo.base.cache import COUNTS, KOMMUNER, YEARS, cache_on
from geo.columns import FYLKESNR
from geo.coverage.carry_forward import Carried, CarriedRow, carry_forward, without_strips
from geo.coverage.dataset import Dataset
from geo.coverage.selection import (
    Rows,
    Selection,
    project_rows,
    recorded_years,
    select,
)
from geo.coverage.states import (
    CoveredKommune,
    StructureYear,
    covered_kommune,
    every_state,
    people_unknown,
)
from geo.places.people_cells import cells
from geo.places.year_links import population


class Counted(NamedTuple):
    """What a selection comes to, whatever its counties; all by kommunenr of its structure year.

    `rows` are those that count, `nameless` those for which no source was found, `elsewhere` what
    hubs outside the projects serve beside them; `states` holds every kommune of the year;
    `unknown` are the persons on land that no source speaks of, where there is any.
    """

    rows: Rows
    covered: Mapping[str, CoveredKommune]
    nameless: Mapping[str, Rows]
    states: Mapping[str, str]
    elsewhere: Mapping[str, CoveredKommune]
    unknown: Mapping[str, int]


def counted(dataset: Dataset, selection: Selection) -> Counted:
    """Return the kommuner that a selection covers. Raises UnknownYear if no register has its year.

    Its counties make no difference: a county is a part of what is counted, not another count.
    """
    return _counted(dataset, selection.everywhere)


@cache_on(COUNTS)
def _counted(dataset: Dataset, selection: Selection) -> Counted:
    year = structure_year(dataset, selection.year)
    rows = select(dataset, selection)
    carried = carry_forward(dataset.register, rows.counted, year.year)
    nameless = without_strips(carry_forward(dataset.register, rows.without_source, year.year))
    covered, others = _covered(dataset, year.year, carried), _elsewhere(dataset, selection)
    states = every_state(year, covered, nameless, others)
    unknown = people_unknown(year, covered, nameless, states)
    return Counted(rows.counted, covered, nameless, states, others, unknown)


def _elsewhere(dataset: Dataset, selection: Selection) -> Mapping[str, CoveredKommune]:
    """Return what hubs outside the projects serve, by kommunenr, where that is not counted."""
    if selection.every_hub:
        return {}
    return _served_elsewhere(dataset, selection.year, selection.evidence)


@cache_on(COUNTS)
def _served_elsewhere(dataset: Dataset, year: int, evidence: str) -> dict[str, CoveredKommune]:
    rows = select(dataset, Selection(year, evidence=evidence)).elsewhere
    carried = carry_forward(dataset.register, rows, year)
    kept = {nr: carried[nr] for nr in without_strips(carried)}
    return _covered(dataset, year, kept)


def _covered(dataset: Dataset, year: int, carried: Carried) -> dict[str, CoveredKommune]:
    """Return every kommune that the rows reach, by number, in the order of the numbers."""
    return {nr: _covered_kommune(dataset, year, nr, carried[nr]) for nr in sorted(carried)}


@cache_on(KOMMUNER)
def _covered_kommune(
    dataset: Dataset, year: int, nr: str, rows: tuple[CarriedRow, ...]
) -> CoveredKommune:
    """Return what some rows cover of a kommune: most views differ in few of them."""
    return covered_kommune(nr, rows, structure_year(dataset, year))


@cache_on(YEARS)
def structure_year(dataset: Dataset, year: int) -> StructureYear:
    """Return what is known of a year whatever is covered. Raises UnknownYear."""
    register = dataset.register
    fylker = register.kommuner(year)[FYLKESNR]
    return StructureYear(
        year,
        {str(nr): str(fylke) for nr, fylke in fylker.items()},
        population(register, year),
        cells(register, recorded_years(dataset), year),
        frozenset(carry_forward(register, project_rows(dataset), year)),
    )
