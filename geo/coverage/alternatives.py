"""Figures that rest on an assumption: their range over the assumption's alternatives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from geo.coverage.dataset import Dataset
from geo.coverage.selection import Row, Rows, Selection, candidate_rows


@dataclass(frozen=True)
class Range:
    """A figure with its lowest and highest value over the alternatives of an assumption."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the alternatives make no difference."""
        return self.low == self.high

    def over(self, total: float) -> "Range":
        """Return this figure as a share of a total; 0 where there is no total."""
        return self.map(lambda value: value / total if total else 0.0)

    def map(self, function: Callable[[float], float]) -> "Range":
        """Return the range of a function of this figure."""
        ends = function(self.low), function(self.high)
        return Range(function(self.value), min(ends), max(ends))


def spread(values: Iterable[float]) -> Range:
    """Return the range of a figure over the options; the first option's value is shown."""
    found = list(values)
    return Range(found[0], min(found), max(found))


def options(dataset: Dataset, rows: Rows, selection: Selection) -> list[Rows]:
    """Return the rows as they are, then with every mix of the alternatives of their assumptions.

    An alternative set takes the place of all rows that rest on its assumption.
    """
    assumptions = sorted({row.assumption_id for row in rows if row.assumption_id})
    firm = tuple(row for row in rows if not row.assumption_id)
    as_shown = [[r for r in rows if r.assumption_id == a] for a in assumptions]
    sets = [
        [shown, *_sets(dataset, assumption, selection)]
        for assumption, shown in zip(assumptions, as_shown, strict=True)
    ]
    mixes = product(*sets) if assumptions else []
    return [rows, *((*firm, *(row for part in mix for row in part)) for mix in mixes)]


def _sets(dataset: Dataset, assumption: str, selection: Selection) -> list[list[Row]]:
    mine = [(row, sets) for row, sets in candidate_rows(dataset) if row.assumption_id == assumption]
    found = []
    for letter in sorted({letter for _, sets in mine for letter in sets}):
        named = [row for row, sets in mine if letter in sets]
        if selection.hub:
            # Nobody knows which hub served a kommune without one: it may be this, it may not.
            found.append([row for row in named if row.hub_id in selection.hub])
            named = [row for row in named if not row.hub_id or row.hub_id in selection.hub]
        found.append(named)
    return found
