"""The legend of a view: every look that occurs, its label and its number of kommuner."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from geo import columns as c
from geo.base.look_data import RULES
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import guessed
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.dataset.package import every_hub
from geo.report import looks
from geo.report.looks import LEGEND_LOOKS, Look
from geo.report.provenance import window
from geo.report.wording import shortened
from geo.text.messages import Messages
from geo.text.numbers import number


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
    covered = coverage.covered
    mode = looks.of_mode(RULES["modes"], view.colour)
    entries = looks.of_mode(_FILLS, view.colour)(dataset, covered, t)
    if not mode.get("shows_evidence"):
        entries += _textures(covered, t)
    pale = {
        c.PARTLY: int((covered[c.STATE] == c.PARTLY).sum()),
        looks.MIXED: _on_mixed_shapes(dataset, coverage, view),
    }
    entries += [
        LegendEntry(LEGEND_LOOKS[state], t(f"map.{state}"), n) for state, n in pale.items() if n
    ]
    counts = coverage.frame[c.STATE].value_counts()
    for state in (c.ELSEWHERE, c.NO_SOURCE, c.PARTLY_UNKNOWN, c.NOT_COVERED, c.OUTSIDE_VIEW):
        if counts.get(state):
            entries.append(
                LegendEntry(looks.EMPTY_LOOKS[state], t(f"map.{state}"), int(counts[state]))
            )
    if len(coverage.gone):
        look = looks.EMPTY_LOOKS[c.DID_NOT_EXIST]
        entries.append(
            LegendEntry(look, t("map.did_not_exist", year=view.year), len(coverage.gone))
        )
    if view.points:
        entries.append(LegendEntry(LEGEND_LOOKS["hub"], t("map.seat")))
        hubs = every_hub(dataset.package)
        serving = {hub for ids in covered[c.HUB_IDS] for hub in ids}
        if guessed(hubs[hubs[c.HUB_ID].isin(serving) & hubs[c.LON].notna()]).any():
            entries.append(LegendEntry(LEGEND_LOOKS["hub_guess"], t("map.seat_guess")))
    if view.lines:
        entries.append(LegendEntry(LEGEND_LOOKS["line"], t("map.serves")))
    return entries


def _textures(covered: pd.DataFrame, t: Messages) -> list[LegendEntry]:
    levels = covered[c.EVIDENCE].value_counts()
    return [
        LegendEntry(LEGEND_LOOKS[level], t(f"map.look_{level}"), int(levels[level]), told=True)
        for level in c.EVIDENCE_LEVELS
        if levels.get(level)
    ]


def _on_mixed_shapes(dataset: Dataset, coverage: Coverage, view: View) -> int:
    """Return how many covered kommuner are on a shape with others that look different."""
    kommuner = looks.members_of(coverage.frame)
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


def _by_project(dataset: Dataset, covered: pd.DataFrame, t: Messages) -> list[LegendEntry]:
    colours = looks.project_colours(dataset)
    served = covered[c.PROJECT_IDS]
    grounds = Counter(zip(served, covered[c.EVIDENCE], strict=True))
    entries = []
    for project_id, colour in colours.items():
        parts = tuple(grounds[(project_id,), level] for level in c.EVIDENCE_LEVELS)
        if sum(parts):
            name = shortened(str(dataset.project(project_id)["name"]))
            entries.append(LegendEntry(_plain(colour), name, sum(parts), parts))
    several = sum(len(ids) > 1 for ids in served)
    if several:
        entries.append(LegendEntry(_plain(looks.SEVERAL), t("map.several"), several))
    return entries + _without_project(covered, "project", t)


def _without_project(covered: pd.DataFrame, mode: str, t: Messages) -> list[LegendEntry]:
    """Return the line of what only hubs outside the projects serve, where they are counted."""
    count = sum(not ids for ids in covered[c.PROJECT_IDS])
    colour = RULES["modes"][mode]["none"]
    return [LegendEntry(_plain(colour), t("map.no_project"), count)] if count else []


def _by_state(_dataset: Dataset, covered: pd.DataFrame, t: Messages) -> list[LegendEntry]:
    whole = int((covered[c.STATE] == c.WHOLE).sum())
    colour = RULES["modes"]["state"]["colour"]
    return [LegendEntry(_plain(colour), t("map.whole"), whole)] if whole else []


def _by_evidence(dataset: Dataset, covered: pd.DataFrame, t: Messages) -> list[LegendEntry]:
    colours = RULES["modes"]["evidence"]["colours"]
    years = window(dataset, t.language)
    levels = covered[c.EVIDENCE].value_counts()
    return [
        LegendEntry(
            looks.covered_look(colours[level], c.WHOLE, level),
            t(f"map.{level}", window=years),
            int(levels[level]),
        )
        for level in c.EVIDENCE_LEVELS
        if levels.get(level)
    ]


def _by_grant(_dataset: Dataset, covered: pd.DataFrame, t: Messages) -> list[LegendEntry]:
    values = [looks.grant_class(v) for v in covered[c.GRANT_PER_INHABITANT_YEAR].dropna()]
    limits = ("0", *(number(b, t.language) for b in looks.GRANT_BREAKS), "")
    entries = []
    for place, colour in enumerate(looks.GRANT_COLOURS):
        if place not in values:
            continue
        key = "map.grant_from" if not limits[place + 1] else "map.grant_between"
        label = t(key, low=limits[place], high=limits[place + 1])
        entries.append(LegendEntry(_plain(colour), label, values.count(place)))
    return entries + _without_project(covered, "grant", t)


_FILLS = {
    "project": _by_project,
    "state": _by_state,
    "evidence": _by_evidence,
    "grant": _by_grant,
}
