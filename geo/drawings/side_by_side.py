"""The projects of a programme beside each other: maps at one scale, figures on common scales."""

import html
from collections.abc import Mapping
from typing import NamedTuple

from geo import columns as c
from geo.base.cache import YEARS, cache_on
from geo.coverage.bounds import Range, exactly
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.money import grants
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.drawings import bars, still_map
from geo.drawings.dress import Dress
from geo.drawings.keys import legend_of
from geo.report.looks import Look, covered_look, project_colours
from geo.report.wording import (
    evidence_counts,
    least_and_most,
    of_kind,
    people_parts,
    shortened,
)
from geo.text.messages import Messages
from geo.text.numbers import millions, number
from geo.webmap.swatches import sign

_MAP = (230, 210)
_BAR = (230, 11)
_FILL = 0.94  # of the map's sides, for the project that reaches farthest
_SCALES = (300.0, 4000.0)  # metres per pixel


def articles(
    dataset: Dataset, view: View, t: Messages, links: Mapping[str, str], dress: Dress
) -> str:
    """Return an article for each project: name, map, grant, kommuner, people, kroner per head.

    `links` leads from a project to its own page.
    """
    totals, maps = _totals(dataset, view.year), _drawn(dataset, view.year)[0]
    scales = _scales(dataset, totals)
    drawn = "".join(
        f"<article><h3>{_name(dataset, project, links, dress)}</h3>"
        f'<div class="map">{dress(maps[project])}</div>'
        f"<dl>{''.join(row.html(dress) for row in _rows(dataset, project, one, t, scales))}</dl>"
        "</article>"
        for project, one in totals.items()
    )
    return f'<div class="beside">{drawn}</div>'


def _name(dataset: Dataset, project: str, links: Mapping[str, str], dress: Dress) -> str:
    hue = dress(sign(covered_look(project_colours(dataset)[project], c.WHOLE, c.DOCUMENTED)))
    name = f"{hue} {html.escape(shortened(str(dataset.project(project)[c.NAME])))}"
    return f'<a href="{html.escape(links[project])}">{name}</a>' if project in links else name


def _scales(dataset: Dataset, totals: Mapping[str, Totals]) -> tuple[float, ...]:
    """Return the longest bar of each figure."""
    return (
        max((grants(dataset)[project].nok for project in totals), default=0),
        max((one.kommuner_range.high for one in totals.values()), default=0),
        max((one.population_covered.high for one in totals.values()), default=0),
        max((_money(one).high for one in totals.values()), default=0),
    )


class _Row(NamedTuple):
    """A figure of a project: its name, the number, its bar, and a detail."""

    name: str
    value: str
    bar: str
    detail: str

    def html(self, dress: Dress) -> str:
        """Return the figure as a part of a list."""
        return (
            f"<div><dt>{html.escape(self.name)}</dt><dd>{html.escape(self.value)}</dd>"
            f"<dd>{dress(self.bar)}</dd><dd>{html.escape(self.detail)}</dd></div>"
        )


def _rows(
    dataset: Dataset, project: str, totals: Totals, t: Messages, scales: tuple[float, ...]
) -> tuple[_Row, ...]:
    """Return the figures of a project, their bars to common scales."""
    lang, hue, grant = t.language, project_colours(dataset)[project], grants(dataset)[project]
    kommuner, people, money = totals.kommuner_range, totals.population_covered, _money(totals)
    plain = bars.by_evidence(hue, (1, 0, 0))[0].look
    levels = [totals.by_evidence[level] for level in c.EVIDENCE_LEVELS]
    persons = [totals.population_by_evidence[level] for level in c.EVIDENCE_LEVELS]
    return (
        _Row(
            t("tables.grant"),
            of_kind(grant.kind, millions(grant.nok, lang), t),
            bars.bar([bars.Part(plain, grant.nok)], scales[0], _BAR),
            t.plural("claims.unit_year", grant.years),
        ),
        _Row(
            t("tables.kommuner"),
            number(kommuner.value, lang),
            bars.bar(bars.by_evidence(hue, levels), scales[1], _BAR, kommuner),
            _ends(kommuner, lang, "kommuner") or evidence_counts(totals.by_evidence, lang),
        ),
        _Row(
            t("display_tables.people"),
            number(people.value, lang),
            bars.bar(bars.by_evidence(hue, persons), scales[2], _BAR, people),
            _ends(people, lang, "people") or people_parts(totals, lang),
        ),
        _Row(
            t("tables.grant_per_inhabitant_year"),
            of_kind(grant.kind, number(money.value, lang, 2), t) if money.value else "-",
            bars.bar([bars.Part(plain, money.value)], scales[3], _BAR, money),
            _ends(money, lang, "kroner", 2),
        ),
    )


def _ends(figure: Range, language: str, unit: str, decimals: int = 0) -> str:
    return "" if figure.certain else least_and_most(figure, language, unit, decimals)


def key(dataset: Dataset, view: View, t: Messages) -> list[tuple[Look, str]]:
    """Return the looks of the small maps with their names."""
    return legend_of(_drawn(dataset, view.year)[1], t)


@cache_on(YEARS)
def _totals(dataset: Dataset, year: int) -> dict[str, Totals]:
    return {
        project: coverage(dataset, View(year=year, project=(project,))).totals
        for project in dataset.choices.projects
    }


def _money(totals: Totals) -> Range:
    return totals.grant_per_inhabitant_year or exactly(0)


@cache_on(YEARS)
def _drawn(dataset: Dataset, year: int) -> tuple[dict[str, str], tuple[Look, ...]]:
    """Return the map of each project, all at the scale of the one that reaches farthest.

    And the looks that are on them.
    """
    drawn = dataset.boundaries(year)
    views = {p: View(year=year, project=(p,)) for p in dataset.choices.projects}
    reached = {
        project: [
            shape for nr in coverage(dataset, view).covered_rows for shape in drawn.shapes_of[nr]
        ]
        for project, view in views.items()
    }
    alone = (still_map.around(drawn, ids, _MAP, _FILL, _SCALES) for ids in reached.values() if ids)
    scale = max((frame.scale for frame in alone), default=_SCALES[1])
    maps, looks = dict.fromkeys(reached, ""), list[Look]()
    for project, ids in reached.items():
        if ids:
            scene = still_map.scene(dataset, views[project])
            frame = still_map.around(drawn, ids, _MAP, _FILL, (scale, scale))
            maps[project] = still_map.still(scene, frame)
            looks += still_map.shown(scene, frame)
    return maps, tuple(dict.fromkeys(looks))
