"""What a view's map shows of each shape: a look, its code in files, and its line in a legend."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from geo import columns as c
from geo.base.look_data import DRAWING, RULES
from geo.coverage.dataset import Dataset
from geo.coverage.join import ViewRow, coverage
from geo.coverage.view import View
from geo.report.legend import grant_label
from geo.report.looks import (
    EMPTY_LOOKS,
    Look,
    grant_class,
    project_colours,
    shape_look,
)
from geo.report.wording import project_name, shortened
from geo.text.messages import Messages, messages

SEVERAL, NONE = "several", "none"  # in place of a project's id in a code
SEAT_WIDE, SEAT_LINE = 16, 2  # pixels of a hub's sign, as in map.js
# What lies around the shapes, by kind: its fill and outline.
SEA, LAND, NEIGHBOUR = "sea", "land", "neighbour"
_ABROAD, _COAST = DRAWING["neighbours"], DRAWING["borders"]["coast"]
_LAND_FILL = EMPTY_LOOKS[c.NOT_COVERED].fill
AROUND_LOOKS: Mapping[str, Look] = {
    SEA: Look(DRAWING["sea"], weight=0),
    NEIGHBOUR: Look(_ABROAD["fill"], line=_ABROAD["line"], weight=_ABROAD["weight"]),
    LAND: Look(_LAND_FILL, line=_COAST["line"], weight=_COAST["weight"]),
}


class Seen(NamedTuple):
    """A look with the code that files and styles know it by.

    `state` is MIXED where kommuner differ. The code holds the state, the evidence where it decides
    the look, and what the hue stands for: a project's id or a class of kroner.
    """

    code: str
    look: Look
    label: str
    state: str


def of_shapes(dataset: Dataset, view: View) -> Mapping[str, Seen]:
    """Return what the map shows of each shape, by shape_id. Raises UnknownYear."""
    found, t = coverage(dataset, view), messages(view.lang)
    return {
        shape_id: seen(dataset, [found.of_view[nr] for nr in numbers], view.colour, t)
        for shape_id, numbers in dataset.boundaries(view.year).members.items()
    }


def seen(dataset: Dataset, members: Sequence[ViewRow], mode: str, t: Messages) -> Seen:
    """Return what the map shows of kommuner that are drawn as one. Raises UnknownColour."""
    state, look = shape_look(members, mode, project_colours(dataset))
    first = next((one for one in members if one.covered), None)
    if first is None:
        return Seen(state, look, t(f"map.{state}"), state)
    tells = bool(RULES["modes"][mode].get("shows_evidence"))
    level = first.evidence if state == c.WHOLE or tells else ""
    hue, hue_label = _HUES[mode](dataset, first, t)
    label = _label(state, level, hue_label, t)
    return Seen("-".join(filter(None, (state, level, hue))), look, label, state)


def ring(look: Look) -> str:
    """Return the colour of the ring around a mark, as map.js has it: the fill's, if it has one."""
    own = look.pattern != Look.pattern or look.line == DRAWING["paper"]
    return look.fill if own else str(DRAWING["marks"]["line"])


def _label(state: str, level: str, hue: str, t: Messages) -> str:
    text = t("coverage.whole") if state == c.WHOLE else t(f"map.{state}")
    if level:
        text = f"{text}, {t(f'coverage.{level}').lower()}"
    return f"{hue}: {text[0].lower()}{text[1:]}" if hue else text


def _project(dataset: Dataset, member: ViewRow, t: Messages) -> tuple[str, str]:
    projects = member.project_ids
    if len(projects) == 1:
        return projects[0], shortened(project_name(dataset, projects[0]))
    return (SEVERAL, t("map.several")) if projects else (NONE, t("map.no_project"))


def _grant(_dataset: Dataset, member: ViewRow, t: Messages) -> tuple[str, str]:
    if not member.project_ids:
        return NONE, t("map.no_project")
    place = grant_class(member.grant_per_inhabitant_year)
    return f"class{place}", grant_label(place, t)


def _nothing(_dataset: Dataset, _member: ViewRow, _t: Messages) -> tuple[str, str]:
    return "", ""


# By colour mode: what the hue of a covered kommune stands for, as a code and in words.
_HUES: Mapping[str, Callable[[Dataset, ViewRow, Messages], tuple[str, str]]] = {
    "project": _project,
    "state": _nothing,
    "grant": _grant,
    "evidence": _nothing,
}
