"""Figures that rest on an assumption: their range over the assumption's alternatives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from geo.coverage.selection import Candidate, CoverageRow, Rows


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


def options(rows: Rows, candidates: Sequence[Candidate], hubs: Sequence[str] = ()) -> list[Rows]:
    """Return the rows as they are, then with every mix of the alternatives of their assumptions.

    An alternative set takes the place of all rows that rest on its assumption. `hubs` are those
    that the selection names; empty means all.
    """
    assumptions = sorted({row.assumption_id for row in rows if row.assumption_id})
    firm = tuple(row for row in rows if not row.assumption_id)
    sets = [
        [[row for row in rows if row.assumption_id == one], *_sets(one, candidates, hubs)]
        for one in assumptions
    ]
    mixes = product(*sets) if assumptions else []
    return [rows, *((*firm, *(row for part in mix for row in part)) for mix in mixes)]


def _sets(
    assumption: str, candidates: Sequence[Candidate], hubs: Sequence[str]
) -> list[list[CoverageRow]]:
    mine = [one for one in candidates if one.row.assumption_id == assumption]
    found = []
    for name in sorted({name for one in mine for name in one.alternatives}):
        named = [one.row for one in mine if name in one.alternatives]
        if hubs:
            # The hub of a kommune without one is unknown: it may be this one or another.
            found.append([row for row in named if row.hub_id in hubs])
            named = [row for row in named if not row.hub_id or row.hub_id in hubs]
        found.append(named)
    return found
