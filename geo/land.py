"""Whose land is whose: the links between two years, ready to look up by kommune."""

from collections.abc import Mapping
from typing import NamedTuple

from geo.memory import remembered
from geo.register import Register


class Part(NamedTuple):
    """Where some of a kommune's land lies: in `kommunenr`, as a share of it all."""

    kommunenr: str
    share: float
    strip: bool


class Land(NamedTuple):
    """The links between two years, by kommune of the first and of the second."""

    parts: Mapping[str, tuple[Part, ...]]
    made_of: Mapping[str, tuple[str, ...]]


@remembered(maxsize=256)
def land(register: Register, from_year: int, to_year: int) -> Land:
    """Return the links between two years. Raises UnknownYear."""
    links = register.links(from_year, to_year)
    parts: dict[str, list[Part]] = {}
    made_of: dict[str, list[str]] = {}
    names = ("from_kommunenr", "to_kommunenr", "share", "strip")
    for old, new, share, strip in zip(*(links[name].tolist() for name in names), strict=True):
        parts.setdefault(old, []).append(Part(new, share, strip))
        made_of.setdefault(new, []).append(old)
    return Land(
        {nr: tuple(found) for nr, found in parts.items()},
        {nr: tuple(sorted(found)) for nr, found in made_of.items()},
    )


def parts_of(register: Register, kommunenr: str, own_year: int, year: int) -> tuple[Part, ...]:
    """Return where a kommune of `own_year` lies in `year`. Raises UnknownKommune, UnknownYear."""
    parts = land(register, own_year, year).parts
    if kommunenr not in parts:
        register.require(kommunenr, own_year)
    return parts[kommunenr]
