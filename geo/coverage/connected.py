"""Groups what hangs together."""

from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


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
