"""How things look on the map: one look per meaning, never told apart by colour alone.

Project colours are Okabe and Ito's set for colour-blind readers (2008), without its grey and
black; a programme with more projects starts over in darker shades.
"""

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import pandas as pd

from geo import columns as c

PALETTE = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#8F7A00",
    "#004B76",
    "#8A5A00",
    "#00573F",
    "#8C3D6B",
    "#8F3A00",
)
SEVERAL = "#5B3A8C"  # served by more than one project
STATE_COLOUR = "#0B5CAD"
EVIDENCE_COLOURS = {c.DOCUMENTED: "#08519C", c.INFERRED: "#3182BD", c.ASSUMED: "#3E7CB1"}
# Light to dark: kroner per inhabitant and year.
GRANT_COLOURS = ("#C7E9B4", "#7FCDBB", "#41B6C4", "#1D91C0", "#0C4C8A")
GRANT_BREAKS = (25, 50, 100, 200)

WHOLE_LINE, EMPTY_LINE = "#1f1f1f", "#9a9a9a"


@dataclass(frozen=True)
class Look:
    """Fill colour, pattern (solid, hatch, dots, hatch-dots, lines, sparse, none) and outline."""

    fill: str
    pattern: str = "solid"
    line: str = WHOLE_LINE
    dashed: bool = False
    weight: float = 0.6
    opacity: float = 1.0
    sign: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what the browser needs to draw it: what differs from the defaults it knows."""
        plain = asdict(Look(""))
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


EMPTY_LOOKS = {
    c.NOT_COVERED: Look("#FFFFFF", line=EMPTY_LINE, weight=0.5),
    c.NO_SOURCE: Look("#8A2E00", pattern="sparse", line="#8A2E00", weight=0.7),
    c.OUTSIDE_VIEW: Look("#E4E7EA", line="#D2D6DA", weight=0.3),
    c.DID_NOT_EXIST: Look("#1f1f1f", pattern="none", sign="."),
}


def project_colours(projects: tuple[str, ...]) -> dict[str, str]:
    """Return a colour for each project, by its place in the package."""
    return {p: PALETTE[place % len(PALETTE)] for place, p in enumerate(projects)}


def grant_class(value: float) -> int:
    """Return the class of kroner per inhabitant and year, 0 = lowest."""
    return sum(value >= limit for limit in GRANT_BREAKS)


def covered_look(fill: str, *, partly: bool, evidence: str, lines: bool = False) -> Look:
    """Return the look of something covered: hatched if partly, dotted and dashed if assumed."""
    assumed = evidence == c.ASSUMED
    if partly:
        pattern = "hatch-dots" if assumed else "hatch"
    elif assumed:
        pattern = "dots"
    else:
        pattern = "lines" if lines and evidence == c.INFERRED else "solid"
    return Look(fill, pattern, dashed=assumed, weight=1.2 if assumed else 0.6)


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
        return self.state in (c.WHOLE, c.PARTLY)


def members_of(frame: pd.DataFrame) -> dict[str, MemberLook]:
    """Return the kommuner of a coverage frame by number."""
    columns = [c.STATE, c.PROJECT_IDS, c.EVIDENCE, c.GRANT_PER_INHABITANT_YEAR, c.LABEL]
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    return {nr: MemberLook(*row) for nr, row in zip(frame.index, rows, strict=True)}


def fill_of(member: MemberLook, colour: str, colours: dict[str, str]) -> str:
    """Return the fill of a covered kommune in a colour mode of the view."""
    if colour == "project":
        projects = member.project_ids
        return colours[projects[0]] if len(projects) == 1 else SEVERAL
    if colour == "grant":
        return GRANT_COLOURS[grant_class(member.grant_per_inhabitant_year)]
    if colour == "evidence":
        return EVIDENCE_COLOURS[member.evidence]
    return STATE_COLOUR


def weakest(members: list[MemberLook]) -> str:
    """Return the weakest evidence among covered kommuner."""
    return max((m.evidence for m in members), key=c.EVIDENCE_LEVELS.index)


def shape_look(members: list[MemberLook], colour: str, colours: dict[str, str]) -> tuple[str, Look]:
    """Return (state, look) of a shape from the kommuner that it stands for."""
    covered = [m for m in members if m.covered]
    if not covered:
        order = (c.NO_SOURCE, c.NOT_COVERED, c.OUTSIDE_VIEW)
        state = min((m.state for m in members), key=order.index)
        return state, EMPTY_LOOKS[state]
    partly = len(covered) < len(members) or any(m.state == c.PARTLY for m in covered)
    look = covered_look(
        fill_of(covered[0], colour, colours),
        partly=partly,
        evidence=weakest(covered),
        lines=colour == "evidence",
    )
    return c.PARTLY if partly else c.WHOLE, look
