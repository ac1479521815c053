"""How kommuner look on the map: one look per meaning.

What the looks are is data (geo/base/look_data.py). The rule by which a kommune gets its look is
here for everything that Python draws, and by the same names in geo/publish/assets/words.js.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, TypeVar

from geo import columns as c
from geo.base.cache import OWNER, cache_on
from geo.base.look_data import DRAWING, RULES
from geo.coverage.dataset import Dataset
from geo.coverage.join import ViewRow
from geo.coverage.selection import project_rows
from geo.errors import UnknownColour
from geo.places.year_links import parts_of

_PLAIN = DRAWING["plain"]
_MODES = RULES["modes"]
GRANT_COLOURS, GRANT_BREAKS = _MODES["grant"]["colours"], _MODES["grant"]["breaks"]
SEVERAL: str = _MODES["project"]["several"]  # served by more than one project
MIXED = "mixed"  # a shape that stands for kommuner which do not all look the same
_LIKE_FILL = "fill"  # a line of this colour has that of the fill
_T = TypeVar("_T")


@dataclass(frozen=True)
class Look:
    """Fill colour, pattern (one of looks.json, solid, or a sign of the legend) and outline."""

    fill: str
    pattern: str = _PLAIN["pattern"]
    line: str = _PLAIN["line"]
    dashed: bool = _PLAIN["dashed"]
    weight: float = _PLAIN["weight"]
    opacity: float = _PLAIN["opacity"]
    sign: str = _PLAIN["sign"]

    def as_json(self) -> dict[str, Any]:
        """Return what the browser needs to draw it: what differs from the defaults it knows."""
        return {name: value for name, value in asdict(self).items() if value != _PLAIN[name]}


@cache
def covered_look(fill: str, state: str, evidence: str) -> Look:
    """Return the look of something covered: whole by its weakest evidence, or partly, or MIXED."""
    given = RULES["whole"][evidence] if state == c.WHOLE else RULES["pale"][state]
    look = Look(fill, **given)
    return replace(look, line=fill) if look.line == _LIKE_FILL else look


EMPTY_LOOKS = {state: Look(**given) for state, given in RULES["empty"].items()}
_LEGEND = RULES["legend"]
_ANY_HUE = _LEGEND["modifier"]["fill"]
LEGEND_LOOKS = {
    **{level: covered_look(_ANY_HUE, c.WHOLE, level) for level in c.EVIDENCE_LEVELS},
    **{state: covered_look(_ANY_HUE, state, "") for state in RULES["pale"]},
    "hub": Look(**_LEGEND["hub"]),
    "hub_guess": Look(**_LEGEND["hub_guess"]),
    "line": Look(**_LEGEND["line"]),
}


@cache_on(OWNER)
def project_colours(dataset: Dataset) -> Mapping[str, str]:
    """Return a hue for each project, the same in every view.

    While there are hues enough, by its place in the package. A programme with more projects uses
    them again, but never for two that serve the same kommune or adjacent ones.
    """
    projects, hues = dataset.choices.projects, _MODES["project"]["colours"]
    if len(projects) <= len(hues):
        return dict(zip(projects, hues, strict=False))
    return coloured(projects, _adjacent(dataset), hues)


def coloured(
    things: Iterable[str], adjacent: Mapping[str, frozenset[str]], hues: list[str]
) -> dict[str, str]:
    """Return a hue for each thing, in order: the least used of those that no neighbour has.

    With more neighbours than hues the least used is taken all the same.
    """
    found: dict[str, str] = {}
    for thing in things:
        near = {found[other] for other in adjacent[thing] if other in found}
        used = list(found.values())
        found[thing] = min(hues, key=lambda hue: (hue in near, used.count(hue)))
    return found


def _adjacent(dataset: Dataset) -> dict[str, frozenset[str]]:
    """Return the projects whose kommuner are those of each project or border on them."""
    year = dataset.choices.default_year
    drawn = dataset.boundaries(year)
    shapes: dict[str, set[str]] = {project: set() for project in dataset.choices.projects}
    for row in project_rows(dataset):
        for part in parts_of(dataset.register, row.kommunenr, row.year, year):
            shapes[row.project_id].update(drawn.shapes_of[part.kommunenr])
    reach = {p: own.union(*(drawn.adjacent[i] for i in own)) for p, own in shapes.items()}
    return {
        one: frozenset(
            other for other in shapes if other != one and not near.isdisjoint(shapes[other])
        )
        for one, near in reach.items()
    }


def grant_class(value: float) -> int:
    """Return the class of kroner per inhabitant and year, 0 = lowest."""
    return sum(value >= limit for limit in GRANT_BREAKS)


def of_mode(table: Mapping[str, _T], mode: str) -> _T:
    """Return a table's entry for a colour mode. Raises UnknownColour."""
    if mode not in table:
        raise UnknownColour(mode, tuple(table))
    return table[mode]


def _project_fill(member: ViewRow, colours: Mapping[str, str]) -> str:
    projects = member.project_ids
    return colours[projects[0]] if len(projects) == 1 else SEVERAL


# By colour mode: the fill of a covered kommune, given the colours of the projects.
_FILLS: Mapping[str, Callable[[ViewRow, Mapping[str, str]], str]] = {
    "project": _project_fill,
    "state": lambda _member, _colours: str(_MODES["state"]["colour"]),
    "grant": lambda member, _: str(GRANT_COLOURS[grant_class(member.grant_per_inhabitant_year)]),
    "evidence": lambda member, _: str(_MODES["evidence"]["colours"][member.evidence]),
}


def fill_of(member: ViewRow, mode: str, colours: Mapping[str, str]) -> str:
    """Return the fill of a covered kommune in a colour mode. Raises UnknownColour."""
    fill = of_mode(_FILLS, mode)
    none = _MODES[mode].get("none")
    return str(none) if none and not member.project_ids else fill(member, colours)


def weakest(members: Iterable[ViewRow]) -> str:
    """Return the weakest evidence among covered kommuner."""
    return max((m.evidence for m in members), key=c.EVIDENCE_LEVELS.index)


def kommune_look(member: ViewRow, mode: str, colours: Mapping[str, str]) -> Look:
    """Return the look of a kommune that is alone in its shape. Raises UnknownColour."""
    if not member.covered:
        return EMPTY_LOOKS[member.state]
    return covered_look(fill_of(member, mode, colours), member.state, member.evidence)


def shape_look(
    members: Sequence[ViewRow], mode: str, colours: Mapping[str, str]
) -> tuple[str, Look]:
    """Return (state, look) of a shape from the kommuner it stands for.

    Where they do not look the same, the state is MIXED, or the first of the empty ones if none is
    covered. Raises UnknownColour.
    """
    alike = {kommune_look(member, mode, colours) for member in members}
    if len(alike) == 1:
        return members[0].state, alike.pop()
    covered = [m for m in members if m.covered]
    if not covered:
        state = next(s for s in EMPTY_LOOKS if any(m.state == s for m in members))
        return state, EMPTY_LOOKS[state]
    return MIXED, covered_look(fill_of(covered[0], mode, colours), MIXED, "")
