"""How kommuner look on the map: one look per meaning, never told apart by colour alone.

What the looks are is data (geo/base/look_data.py). The rule by which a kommune gets its look is
here for everything that Python draws, and by the same names in geo/publish/assets/words.js.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from geo import columns as c
from geo.base.look_data import DRAWING, RULES
from geo.errors import UnknownColour

_PLAIN = DRAWING["plain"]
_MODES = RULES["modes"]
GRANT_COLOURS, GRANT_BREAKS = _MODES["grant"]["colours"], _MODES["grant"]["breaks"]
SEVERAL: str = _MODES["project"]["several"]  # served by more than one project
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


EMPTY_LOOKS = {state: Look(**given) for state, given in RULES["empty"].items()}
_LEGEND, _COVERED = RULES["legend"], RULES["covered"]
LEGEND_LOOKS = {
    c.PARTLY: Look(**_LEGEND["modifier"], **_COVERED[c.PARTLY][c.DOCUMENTED]),
    c.ASSUMED: Look(**_LEGEND["modifier"], **_COVERED[c.WHOLE][c.ASSUMED]),
    "hub": Look(**_LEGEND["hub"]),
    "hub_guess": Look(**_LEGEND["hub_guess"]),
    "line": Look(**_LEGEND["line"]),
}


def project_colours(projects: tuple[str, ...]) -> dict[str, str]:
    """Return a colour for each project, by its place in the package."""
    palette = _MODES["project"]["colours"]
    return {p: palette[place % len(palette)] for place, p in enumerate(projects)}


def grant_class(value: float) -> int:
    """Return the class of kroner per inhabitant and year, 0 = lowest."""
    return sum(value >= limit for limit in GRANT_BREAKS)


class MemberLook(NamedTuple):
    """What a look needs to know of a kommune; the fields are columns of the coverage frame."""

    state: str
    project_ids: tuple[str, ...]
    evidence: str
    grant_per_inhabitant_year: float
    label: str

    @property
    def covered(self) -> bool:
        """Whether it is whole or partly covered."""
        return self.state in c.COVERED_STATES


def members_of(frame: pd.DataFrame) -> dict[str, MemberLook]:
    """Return the kommuner of a coverage frame by number."""
    columns = [c.STATE, c.PROJECT_IDS, c.EVIDENCE, c.GRANT_PER_INHABITANT_YEAR, c.LABEL]
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    return {nr: MemberLook(*row) for nr, row in zip(frame.index, rows, strict=True)}


def of_mode(table: Mapping[str, _T], mode: str) -> _T:
    """Return a table's entry for a colour mode. Raises UnknownColour."""
    if mode not in table:
        raise UnknownColour(mode, tuple(table))
    return table[mode]


def _project_fill(member: MemberLook, colours: Mapping[str, str]) -> str:
    projects = member.project_ids
    return colours[projects[0]] if len(projects) == 1 else SEVERAL


# By colour mode: the fill of a covered kommune, given the colours of the projects.
_FILLS: Mapping[str, Callable[[MemberLook, Mapping[str, str]], str]] = {
    "project": _project_fill,
    "state": lambda _member, _colours: str(_MODES["state"]["colour"]),
    "grant": lambda member, _: str(GRANT_COLOURS[grant_class(member.grant_per_inhabitant_year)]),
    "evidence": lambda member, _: str(_MODES["evidence"]["colours"][member.evidence]),
}


def fill_of(member: MemberLook, mode: str, colours: Mapping[str, str]) -> str:
    """Return the fill of a covered kommune in a colour mode. Raises UnknownColour."""
    fill = of_mode(_FILLS, mode)
    none = _MODES[mode].get("none")
    return str(none) if none and not member.project_ids else fill(member, colours)


def covered_look(fill: str, state: str, evidence: str, mode: str) -> Look:
    """Return the look of something covered, by state and weakest evidence. Raises UnknownColour."""
    own = of_mode(_MODES, mode).get("covered", {}).get(state, {})
    return Look(fill, **own.get(evidence, _COVERED[state][evidence]))


def weakest(members: list[MemberLook]) -> str:
    """Return the weakest evidence among covered kommuner."""
    return max((m.evidence for m in members), key=c.EVIDENCE_LEVELS.index)


def shape_look(
    members: list[MemberLook], mode: str, colours: Mapping[str, str]
) -> tuple[str, Look]:
    """Return (state, look) of a shape from the kommuner it stands for. Raises UnknownColour."""
    covered = [m for m in members if m.covered]
    if not covered:
        state = next(s for s in EMPTY_LOOKS if any(m.state == s for m in members))
        return state, EMPTY_LOOKS[state]
    partly = len(covered) < len(members) or any(m.state == c.PARTLY for m in covered)
    state = c.PARTLY if partly else c.WHOLE
    return state, covered_look(fill_of(covered[0], mode, colours), state, weakest(covered), mode)
