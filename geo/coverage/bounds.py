"""The lowest and highest a figure can be over every choice that keeps some counts.

Choices that touch the same land, or are counted as the same thing, hang together in a group: what
each subset of a group comes to is worked out once. Groups add up, so that they are combined one
after the other: of all combinations that come to the same counts only the lowest and the highest
figures are kept. The result is exact, without going through the subsets of all choices.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import add
from typing import NamedTuple, TypeAlias, TypeVar

# Choices in a group: its subsets are gone through, at worst with two ways to make each choice.
MOST_OPEN = 8

Thing = TypeVar("Thing", bound=Hashable)
Numbers: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Range:
    """A figure with the lowest and highest value that it can have."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether it can have one value only."""
        return self.low == self.high

    def over(self, total: float) -> "Range":
        """Return this figure as a share of a total; 0 where there is no total."""
        return self.map(lambda value: value / total if total else 0.0)

    def map(self, function: Callable[[float], float]) -> "Range":
        """Return the range of a function of this figure that never falls, or never rises."""
        ends = function(self.low), function(self.high)
        return Range(function(self.value), min(ends), max(ends))


def exactly(value: float) -> Range:
    """Return a figure that can have one value only."""
    return Range(value, value, value)


@dataclass(frozen=True)
class Condition:
    """The choices made reach so many different things; `reached` says what each choice does."""

    count: int
    reached: Mapping[int, frozenset[str]]

    def things(self, chosen: Iterable[int]) -> frozenset[str]:
        """Return what some choices reach together."""
        return frozenset().union(*(self.reached.get(one, frozenset()) for one in chosen))


class Outcome(NamedTuple):
    """What a subset of a group comes to: the count of each condition, figures, and marks.

    `marks` are names of what it has a part in, for figures that do not add up.
    """

    counts: Numbers
    figures: Numbers
    marks: frozenset[str]


class Ends(NamedTuple):
    """The lowest and the highest of each figure, and the fewest and the most marks."""

    low: Numbers
    high: Numbers
    marks: tuple[int, int]


Picked: TypeAlias = tuple[tuple[int, int], ...]


def connected(links: Iterable[Collection[Thing]]) -> list[frozenset[Thing]]:
    """Return the things that the links name in groups: those of a link are in one group.

    In the order in which the links name them first.
    """
    group_of: dict[Thing, dict[Thing, None]] = {}
    for link in links:
        joined: dict[Thing, None] = {}
        for thing in link:
            joined |= group_of.get(thing, {thing: None})
        group_of |= dict.fromkeys(joined, joined)
    return [frozenset(group) for group in {id(one): one for one in group_of.values()}.values()]


def by_thing(conditions: Iterable[Condition]) -> Iterator[list[int]]:
    """Yield the choices that reach the same thing, for each thing of each condition."""
    for one in conditions:
        for thing in sorted(one.things(one.reached)):
            yield [choice for choice, things in one.reached.items() if thing in things]


def picks(group: Collection[int], ways: Mapping[int, int]) -> Iterator[Picked]:
    """Yield every subset of a group, each choice with every way to make it (0 to ways - 1)."""
    each = ([(), *(((one, way),) for way in range(ways[one]))] for one in sorted(group))
    for parts in product(*each):
        yield tuple(pick for part in parts for pick in part)


def counts(conditions: Sequence[Condition], picked: Picked) -> Numbers:
    """Return how many things of each condition some choices reach."""
    chosen = [one for one, _ in picked]
    return tuple(len(condition.things(chosen)) for condition in conditions)


def ends(
    groups: Iterable[Iterable[Outcome]], wanted: Numbers, kept: frozenset[str] = frozenset()
) -> Ends:
    """Return the ends over all combinations, an outcome from each group, that come to `wanted`.

    `kept` are marks that every combination has. Raises ValueError if no combination does.
    """
    states: _States = {}
    for place, group in enumerate(groups):
        own = _merged(((one.counts, one.marks - kept), one.figures, one.figures) for one in group)
        states = _merged(_combined(states, own, wanted)) if place else own
    found = [(marks, *figures) for (total, marks), figures in states.items() if total == wanted]
    if not found:
        message = f"No combination comes to {wanted}."
        raise ValueError(message)
    sizes = [len(kept) + len(marks) for marks, _, _ in found]
    _, low, high = found[0]
    for _, lower, higher in found:
        low, high = tuple(map(min, low, lower)), tuple(map(max, high, higher))
    return Ends(low, high, (min(sizes), max(sizes)))


_State: TypeAlias = tuple[tuple[Numbers, frozenset[str]], Numbers, Numbers]
_States: TypeAlias = dict[tuple[Numbers, frozenset[str]], tuple[Numbers, Numbers]]


def _merged(found: Iterable[_State]) -> _States:
    """Return the lowest and highest figures of all that come to the same counts and marks."""
    states: _States = {}
    for key, low, high in found:
        lowest, highest = states.get(key, (low, high))
        states[key] = tuple(map(min, lowest, low)), tuple(map(max, highest, high))
    return states


def _combined(states: _States, more: _States, wanted: Numbers) -> Iterator[_State]:
    for (total, marks), (low, high) in states.items():
        for (counted, own), (own_low, own_high) in more.items():
            together = tuple(map(add, total, counted))
            if all(n <= most for n, most in zip(together, wanted, strict=True)):
                figures = tuple(map(add, low, own_low)), tuple(map(add, high, own_high))
                yield (together, marks | own), *figures
