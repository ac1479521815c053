"""The legend of a view: every look that occurs, its label and its number of kommuner."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from math import isnan
from typing import TypeAlias

from geo import columns as c
from geo.base.look_data import RULES
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seats
from geo.coverage.join import Coverage, ViewRow
from geo.coverage.money import kind_of
from geo.coverage.view import View
from geo.report import looks
from geo.report.looks import LEGEND_LOOKS, Look
from geo.report.provenance import window
from geo.report.wording import of_kind, project_name, shortened
from geo.text.messages import Messages
from geo.text.numbers import number

Covered: TypeAlias = Collection[ViewRow]


@dataclass(frozen=True)
class LegendEntry:
    """A line of the legend; `count` is a number of kommuner, None if nothing is counted.

    `evidence` is that number by level of evidence, in the order of EVIDENCE_LEVELS, where known.
    """

    look: Look
    label: str
    count: int | None = None
    evidence: tuple[int, ...] = ()
    told: bool = False  # the sentence under a headline says the count too


def legend(dataset: Dataset, coverage: Coverage, view: View, t: Messages) -> list[LegendEntry]:
    """Return the legend's lines in reading order. Raises UnknownYear, UnknownColour."""
    dataset.require(view.year)
    covered = coverage.covered_rows.values()
    mode = looks.of_mode(RULES["modes"], view.colour)
    entries = looks.of_mode(_FILLS, view.colour)(dataset, covered, t)
    if not mode.get("shows_evidence"):
        entries += _textures(covered, t)
    pale = {
        c.PARTLY: coverage.states.get(c.PARTLY, 0),
        looks.MIXED: _on_mixed_shapes(dataset, coverage, view),
    }
    entries += [
        LegendEntry(LEGEND_LOOKS[state], t(f"map.{state}"), n) for state, n in pale.items() if n
    ]
    entries += [
        LegendEntry(looks.EMPTY_LOOKS[state], t(f"map.{state}"), coverage.states[state])
        for state in (c.ELSEWHERE, c.NO_SOURCE, c.PARTLY_UNKNOWN, c.NOT_COVERED, c.OUTSIDE_VIEW)
        if coverage.states.get(state)
    ]
    if coverage.former:
        look = looks.EMPTY_LOOKS[c.DID_NOT_EXIST]
        label = t("map.did_not_exist", year=view.year)
        entries.append(LegendEntry(look, label, len(coverage.former)))
    drawn = seats(dataset, coverage.serving)
    if view.points and drawn:
        entries.append(LegendEntry(LEGEND_LOOKS["hub"], t("map.seat")))
        if any(seat.guess for seat in drawn.values()):
            entries.append(LegendEntry(LEGEND_LOOKS["hub_guess"], t("map.seat_guess")))
    if view.lines and drawn:
        entries.append(LegendEntry(LEGEND_LOOKS["line"], t("map.serves")))
    return entries


def _textures(covered: Covered, t: Messages) -> list[LegendEntry]:
    levels = Counter(row.evidence for row in covered)
    return [
        LegendEntry(LEGEND_LOOKS[level], t(f"map.look_{level}"), levels[level], told=True)
        for level in c.EVIDENCE_LEVELS
        if levels[level]
    ]


def _on_mixed_shapes(dataset: Dataset, coverage: Coverage, view: View) -> int:
    """Return how many covered kommuner are on a shape with others that look different."""
    kommuner = coverage.of_view
    colours = looks.project_colours(dataset)
    mixed = set[str]()
    for numbers in dataset.boundaries(view.year).shared.values():
        members = [kommuner[nr] for nr in numbers]
        if looks.shape_look(members, view.colour, colours)[0] == looks.MIXED:
            mixed.update(nr for nr in numbers if kommuner[nr].covered)
    return len(mixed)


def _plain(colour: str) -> Look:
    """Return the look that shows a fill, whatever the evidence."""
    return looks.covered_look(colour, c.WHOLE, c.DOCUMENTED)


def _by_project(dataset: Dataset, covered: Covered, t: Messages) -> list[LegendEntry]:
    colours = looks.project_colours(dataset)
    grounds = Counter((row.project_ids, row.evidence) for row in covered)
    entries = []
    for project_id, colour in colours.items():
        parts = tuple(grounds[(project_id,), level] for level in c.EVIDENCE_LEVELS)
        if sum(parts):
            name = shortened(project_name(dataset, project_id))
            entries.append(LegendEntry(_plain(colour), name, sum(parts), parts))
    several = sum(len(row.project_ids) > 1 for row in covered)
    if several:
        entries.append(LegendEntry(_plain(looks.SEVERAL), t("map.several"), several))
    return entries + _without_project(covered, "project", t)


def _without_project(covered: Covered, mode: str, t: Messages) -> list[LegendEntry]:
    """Return the line of what only hubs outside the projects serve, where they are counted."""
    count = sum(not row.project_ids for row in covered)
    colour = RULES["modes"][mode]["none"]
    return [LegendEntry(_plain(colour), t("map.no_project"), count)] if count else []


def _by_state(_dataset: Dataset, covered: Covered, t: Messages) -> list[LegendEntry]:
    whole = sum(row.state == c.WHOLE for row in covered)
    colour = RULES["modes"]["state"]["colour"]
    return [LegendEntry(_plain(colour), t("map.whole"), whole)] if whole else []


def _by_evidence(dataset: Dataset, covered: Covered, t: Messages) -> list[LegendEntry]:
    colours = RULES["modes"]["evidence"]["colours"]
    years = window(dataset, t.language)
    levels = Counter(row.evidence for row in covered)
    return [
        LegendEntry(
            looks.covered_look(colours[level], c.WHOLE, level),
            t(f"map.{level}", window=years),
            levels[level],
        )
        for level in c.EVIDENCE_LEVELS
        if levels[level]
    ]


def grant_label(place: int, t: Messages) -> str:
    """Return what a class of kroner per inhabitant and year is called; 0 is the lowest."""
    limits = ("0", *(number(b, t.language) for b in looks.GRANT_BREAKS), "")
    key = "map.grant_from" if not limits[place + 1] else "map.grant_between"
    return t(key, low=limits[place], high=limits[place + 1])


def _by_grant(dataset: Dataset, covered: Covered, t: Messages) -> list[LegendEntry]:
    figures = [row.grant_per_inhabitant_year for row in covered]
    kind = kind_of(dataset, {project for row in covered for project in row.project_ids})
    values = [looks.grant_class(figure) for figure in figures if not isnan(figure)]
    entries = [
        LegendEntry(_plain(colour), of_kind(kind, grant_label(place, t), t), values.count(place))
        for place, colour in enumerate(looks.GRANT_COLOURS)
        if place in values
    ]
    return entries + _without_project(covered, "grant", t)


_FILLS = {
    "project": _by_project,
    "state": _by_state,
    "evidence": _by_evidence,
    "grant": _by_grant,
}
