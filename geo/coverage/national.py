"""The national programme: which hubs are known, of how many, in the time of the projects."""

from typing import NamedTuple

from geo.base.cache import OWNER, cache_on
from geo.columns import (
    DOCUMENTED,
    EVIDENCE,
    GRANT_YEARS,
    HUB_ID,
    MEMBER,
    SOURCE_IDS,
    YEAR,
    YEAR_FROM,
    YEARS_SEEN,
)
from geo.coverage.dataset import Dataset
from geo.dataset.package import split_ids

YES, NO = "yes", "no"


def period(dataset: Dataset) -> range:
    """Return the years in which the projects have money."""
    projects = dataset.package["projects"]
    first = int(projects[YEAR_FROM].min())
    last = int((projects[YEAR_FROM] + projects[GRANT_YEARS]).max())
    return range(first, max(last, first + 1))


@cache_on(OWNER)
def known_hubs(dataset: Dataset) -> frozenset[str]:
    """Return the hubs of the projects, and the others that are known of in their time.

    A hub that was in the programme then, or that a source names as a hub of those years. One of
    which no year is known counts, one that only other years tell of does not: it may have come
    later or gone before.
    """
    others = dataset.package["other_hubs"]
    seen = zip(others[HUB_ID], others[YEARS_SEEN], strict=True)
    found = {str(hub) for hub, years in seen if _of_the_time(dataset, str(hub), years)}
    return frozenset(found.union(dataset.choices.hubs))


def _of_the_time(dataset: Dataset, hub_id: str, years_seen: str) -> bool:
    years = period(dataset)
    table = dataset.package["hub_years"]
    then = table[(table[HUB_ID] == hub_id) & table[YEAR].isin(list(years))]
    if (then[MEMBER] == YES).any():
        return True
    if (then[MEMBER] == NO).any():
        return False
    seen = split_ids(years_seen)
    return not seen or any(int(year) in years for year in seen)


class Named(NamedTuple):
    """How many hubs of the national programme can be named in a year, and of how many.

    `low` and `high` are the published numbers of hubs of that year, or of the nearest before and
    after it that have one. `source_ids` are those of the numbers.
    """

    year: int
    named: int
    documented: int
    low: int
    high: int
    source_ids: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every hub can be named."""
        return self.named >= self.high


@cache_on(OWNER)
def named(dataset: Dataset) -> Named | None:
    """Return the count of the projects' first year; None where no number was published."""
    year = period(dataset)[0]
    totals = dataset.package["hub_totals"].sort_values(YEAR)
    around = [
        *totals[totals[YEAR] <= year].tail(1).to_dict("records"),
        *totals[totals[YEAR] >= year].head(1).to_dict("records"),
    ]
    if not around:
        return None
    table = dataset.package["hub_years"]
    members = table[(table[YEAR] == year) & (table[MEMBER] == YES)]
    numbers = [int(row["hubs"]) for row in around]
    ids = tuple(dict.fromkeys(i for row in around for i in split_ids(row[SOURCE_IDS])))
    sure = int((members[EVIDENCE] == DOCUMENTED).sum())
    return Named(year, len(members), sure, min(numbers), max(numbers), ids)


def programme_years(dataset: Dataset) -> dict[str, tuple[tuple[int, str, str], ...]]:
    """Return (year, member, evidence) of each hub of which something is known, by hub id."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for row in dataset.package["hub_years"].sort_values(YEAR).to_dict("records"):
        own = int(row[YEAR]), str(row[MEMBER]), str(row[EVIDENCE])
        found.setdefault(str(row[HUB_ID]), []).append(own)
    return {hub: tuple(rows) for hub, rows in found.items()}
