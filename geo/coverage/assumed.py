"""Which sets of kommuner an assumption may stand for.

Published totals and a list of candidates are what is known: any of the kommuner that are assumed
and of their candidates may have been served, in any number that keeps the published counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from geo import columns as c
from geo.base.cache import OWNER, cache_on
from geo.coverage.bounds import Condition, by_thing, connected
from geo.coverage.carry_forward import carry_forward
from geo.coverage.dataset import Dataset
from geo.coverage.selection import (
    CoverageRow,
    Rows,
    Selection,
    candidate_rows,
    project_rows,
    projects_with,
)
from geo.places.year_links import KommuneOfYear


class OpenKommune(NamedTuple):
    """A kommune that an assumption may stand for or not, and the rows that count if it does.

    `shown` says whether the package assumes it. The rows are then those of the coverage, else its
    candidates.
    """

    assumption_id: str
    kommune: KommuneOfYear
    rows: Rows
    shown: bool


class Alternatives(NamedTuple):
    """The kommuner that are open, and the conditions that every set of them meets.

    A condition names them by their place in `open`. The set that is shown meets them all.
    """

    open: tuple[OpenKommune, ...]
    conditions: tuple[Condition, ...]


@cache_on(OWNER)
def alternatives(dataset: Dataset) -> Alternatives:
    """Return every set that the published totals allow, as open kommuner with conditions.

    The totals are the claims of a project with metric "kommuner" and "kommuner_in_fylke", counted
    in the claim's structure year (without one, in the first year of the grant). A claim that the
    coverage as shown does not meet is no condition: it is a deviation of its own. Of an assumption
    whose project has no claim of "kommuner" that is met, the number of assumed kommuner is kept.
    Kommuner of which the conditions leave no choice, or whose assumption has no other candidates,
    are not open.
    """
    every = _every(dataset)
    totals = [(p, claim, _condition(dataset, every, p, claim)) for p, claim in _claims(dataset)]
    met = [one for one in totals if _meets(every, one[-1])]
    counted = {
        p
        for p, claim, _ in met
        if claim["metric"] == c.KOMMUNE_METRICS[0] and not claim[c.FYLKESNR]
    }
    conditions = [one for _, _, one in met] + [
        _as_many(every, assumption)
        for assumption in sorted({one.assumption_id for one in every})
        if not any(_all_of(every, assumption, p) for p in counted)
    ]
    return _undecided(every, conditions)


def _every(dataset: Dataset) -> tuple[OpenKommune, ...]:
    """Return the kommuner and candidates of each assumption that has other candidates."""
    shown = [row for row in project_rows(dataset) if row.assumption_id]
    candidates = [row for row in candidate_rows(dataset) if row.assumption_id]
    by_key: dict[tuple[str, KommuneOfYear], tuple[list[CoverageRow], list[CoverageRow]]] = {}
    for place, rows in enumerate((shown, candidates)):
        for row in rows:
            by_key.setdefault((row.assumption_id, row.kommune), ([], []))[place].append(row)
    with_others = {assumption for (assumption, _), (recorded, _) in by_key.items() if not recorded}
    return tuple(
        OpenKommune(assumption, kommune, tuple(recorded or named), bool(recorded))
        for (assumption, kommune), (recorded, named) in by_key.items()
        if assumption in with_others
    )


def _claims(dataset: Dataset) -> list[tuple[str, Mapping[Any, Any]]]:
    """Return each project's claims of a number of kommuner."""
    claims = dataset.package["claims"]
    claims = claims[claims["metric"].isin(c.KOMMUNE_METRICS) & (claims[c.PROJECT_ID] != "")]
    return [(str(one[c.PROJECT_ID]), one) for one in claims.to_dict("records")]


def _condition(
    dataset: Dataset, every: tuple[OpenKommune, ...], project: str, claim: Mapping[Any, Any]
) -> Condition:
    year = claim[c.STRUCTURE_YEAR]
    wished = int(dataset.project(project)[c.YEAR_FROM] if pd.isna(year) else year)
    counted_in = min(dataset.register.years, key=lambda one: abs(one - wished))
    fylker = dataset.register.kommuner(counted_in)[c.FYLKESNR]
    wanted = claim[c.FYLKESNR]

    def things(rows: Iterable[CoverageRow]) -> frozenset[str]:
        mine = [row for row in rows if row.project_id == project]
        found = carry_forward(dataset.register, mine, counted_in)
        return frozenset(nr for nr in found if not wanted or fylker[nr] == wanted)

    firm = things(row for row in project_rows(dataset) if not row.assumption_id)
    own = {place: things(one.rows) - firm for place, one in enumerate(every)}
    value = float(claim["value"]) - len(firm)
    # What is no whole number, or fewer than are certain, is met by no set.
    count = int(value) if value.is_integer() else -1
    return Condition(count, {place: found for place, found in own.items() if found})


def _meets(every: tuple[OpenKommune, ...], condition: Condition) -> bool:
    shown = (place for place, one in enumerate(every) if one.shown)
    return len(condition.things(shown)) == condition.count


def _all_of(every: tuple[OpenKommune, ...], assumption: str, project: str) -> bool:
    """Return whether all kommuner of an assumption are a project's."""
    mine = [one for one in every if one.assumption_id == assumption]
    return all(any(row.project_id == project for row in one.rows) for one in mine)


def _as_many(every: tuple[OpenKommune, ...], assumption: str) -> Condition:
    """Return the condition that as many are served as are assumed."""
    mine = {place: one for place, one in enumerate(every) if one.assumption_id == assumption}
    reached = {place: frozenset((str(place),)) for place in mine}
    return Condition(sum(one.shown for one in mine.values()), reached)


def _undecided(every: tuple[OpenKommune, ...], conditions: list[Condition]) -> Alternatives:
    """Leave out the kommuner of which a condition wants all or none."""
    decided: set[int] = set()
    for condition in conditions:
        alone = all(len(choices) == 1 for choices in by_thing([condition]))
        if condition.count == 0 or (
            alone and condition.count == len(condition.things(condition.reached))
        ):
            decided |= condition.reached.keys()
    shown = [place for place in decided if every[place].shown]
    left = [place for place in range(len(every)) if place not in decided]
    remaining = [
        Condition(
            condition.count - len(condition.things(shown)),
            {
                left.index(place): things - condition.things(shown)
                for place, things in condition.reached.items()
                if place in left and things - condition.things(shown)
            },
        )
        for condition in conditions
    ]
    different = [one for n, one in enumerate(remaining) if one.reached and one not in remaining[:n]]
    return Alternatives(tuple(every[place] for place in left), tuple(different))


def firm_rows(dataset: Dataset, rows: Rows) -> Rows:
    """Return the rows that every allowed set has."""
    keys = {(one.assumption_id, one.kommune) for one in alternatives(dataset).open}
    return tuple(row for row in rows if (row.assumption_id, row.kommune) not in keys)


class Choice(NamedTuple):
    """An open kommune as a selection sees it: the rows it counts in each way that it may be so.

    Of a kommune without a hub it is not known whether the hubs of the selection serve it: there
    are two ways.
    """

    place: int
    ways: tuple[Rows, ...]


def choices(dataset: Dataset, selection: Selection) -> tuple[tuple[Choice, ...], list[Condition]]:
    """Return the open kommuner that matter to a selection, and the conditions on them.

    Empty where the evidence leaves the assumed out.
    """
    if selection.evidence != c.ASSUMED:
        return (), []
    allowed = alternatives(dataset)
    theirs = projects_with(dataset, selection.hub)
    every = [
        Choice(place, _ways(one.rows, selection, theirs)) for place, one in enumerate(allowed.open)
    ]
    links = [[place] for place in range(len(every))]
    links += [list(condition.reached) for condition in allowed.conditions]
    groups = connected(links)
    kept = {p for group in groups if any(any(every[p].ways) for p in group) for p in group}
    conditions = [one for one in allowed.conditions if not kept.isdisjoint(one.reached)]
    return tuple(one for one in every if one.place in kept), conditions


def _ways(rows: Rows, selection: Selection, theirs: set[str]) -> tuple[Rows, ...]:
    mine = tuple(r for r in rows if not selection.project or r.project_id in selection.project)
    if not selection.hub:
        return (mine,)
    sure = tuple(row for row in mine if row.hub_id in selection.hub)
    perhaps = tuple(row for row in mine if not row.hub_id and row.project_id in theirs)
    if sure or not perhaps:
        return (sure,)
    return (), perhaps
