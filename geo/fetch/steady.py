"""Checks population figures for implausible changes between years and to published figures.

Measured in the shipped population (SSB 07459, 2013 to 2024), with kommuner that were merged or
split taken together: the largest change in a year is 10.6 % (Utsira, 20 of 188), then 10.2 % (127
of 1,239), 9.0 % above 5,000 inhabitants and 6.3 % above 20,000. Published figures are never
revised.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from geo.columns import FROM_KOMMUNENR, TO_KOMMUNENR
from geo.places.register import Register

MOST_IN_A_YEAR = 0.2
MOST_AFTERWARDS = 0.1
ALWAYS = 60  # persons, tolerated whatever share they are
_MOST_NAMED = 5
Counts = Mapping[tuple[str, int], int]


def unsteady(found: Counts, before: Counts, register: Register) -> str:
    """Return what is implausible in persons by (kommunenr, year); "" if nothing is.

    Compares each figure with the one in use, and each year with the next, where both exist.
    """
    named = [*_exchanged(found, before, register), *_rewritten(found, before, register)]
    if not named:
        both = {**before, **found}
        fresh = {year for _, year in found}
        years = sorted({year for _, year in both} & set(register.years))
        for year, after in pairwise(years):
            if after == year + 1 and fresh & {year, after}:
                named += _leaps(both, year, after, register)
    if not named:
        return ""
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{'; '.join(named[:_MOST_NAMED])}{more}"


def _label(nr: str, year: int, register: Register) -> str:
    name = register.label(nr, year) if register.exists(nr, year) else ""
    return f"{nr} {name}".strip()


def _exchanged(found: Counts, before: Counts, register: Register) -> Iterator[str]:
    """Yield pairs of kommuner whose figures of a year are swapped."""
    changed = {key: count for key, count in found.items() if before.get(key, count) != count}
    by_old = {(before[nr, year], year): nr for nr, year in changed}
    for (nr, year), count in changed.items():
        other = by_old.get((count, year))
        if other and nr < other and changed[other, year] == before[nr, year]:
            pair = f"{_label(nr, year, register)} and {_label(other, year, register)}"
            yield f"{pair} have each other's figure in {year}"


def _rewritten(found: Counts, before: Counts, register: Register) -> Iterator[str]:
    for (nr, year), count in found.items():
        old = before.get((nr, year), count)
        if _too_much(old, count, MOST_AFTERWARDS):
            who = _label(nr, year, register)
            yield f"{who} has {count:,} in {year}, and {old:,} in the figures in use"


def _leaps(both: Counts, year: int, after: int, register: Register) -> Iterator[str]:
    for here, there in _same_land(register, year, after):
        if any((nr, year) not in both for nr in here) or any((n, after) not in both for n in there):
            continue
        old, new = sum(both[nr, year] for nr in here), sum(both[nr, after] for nr in there)
        if _too_much(old, new, MOST_IN_A_YEAR):
            who = " + ".join(_label(nr, after, register) for nr in there)
            yield f"{who} goes from {old:,} in {year} to {new:,} in {after}"


def _too_much(old: int, new: int, share: float) -> bool:
    return abs(new - old) > max(ALWAYS, share * old)


def _same_land(
    register: Register, year: int, after: int
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the smallest groups of kommuner of two years that cover the same land."""
    links = register.links(year, after)
    links = links[~links["strip"]]
    onward: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for old, new in zip(links[FROM_KOMMUNENR], links[TO_KOMMUNENR], strict=True):
        onward.setdefault(str(old), set()).add(str(new))
        back.setdefault(str(new), set()).add(str(old))
    left = set(onward)
    while left:
        here, there = {left.pop()}, set[str]()
        while True:
            there = {new for old in here for new in onward[old]}
            grown = {old for new in there for old in back[new]}
            if grown == here:
                break
            here = grown
        left -= here
        yield tuple(sorted(here)), tuple(sorted(there))
