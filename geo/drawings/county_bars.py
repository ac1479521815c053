"""Counties: one bar of all people, by what is known of them, and the list of all counties."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import columns as c
from geo.coverage import counties
from geo.coverage.bounds import Range
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage, totals_of
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.drawings import bars
from geo.drawings.bars import Part
from geo.drawings.dress import Dress
from geo.report.looks import (
    EMPTY_LOOKS,
    SEVERAL,
    Look,
    covered_look,
    kommune_look,
    project_colours,
)
from geo.report.wording import (
    alphabetical,
    distance,
    hub_names,
    least_and_most,
    listed,
    project_names,
)
from geo.text.messages import Messages
from geo.text.numbers import EN_DASH, number, percent
from geo.webmap.swatches import sign

_WIDE, _HIGH = 620, 18
_ANY = "#4A545C"
_HEADS = (
    ("", "display_tables.fylke"),
    ("less", "display_tables.people"),
    ("number less", "display_tables.kommuner"),
    ("number less", "display_tables.covered_people"),
    ("number", "display_tables.share"),
    ("number less", "display_tables.unknown_people"),
    ("number less", "display_tables.uncovered_people"),
)
_IN_LIST, _SHARE = (230, 12), (92, 10)


def people_bar(dataset: Dataset, view: View, t: Messages, dress: Dress) -> str:
    """Return all people of a view's county as one bar, and under it how many each part is."""
    totals = totals_of(dataset, view)
    row = pd.Series(counties.summary(dataset, view).loc[view.fylke[0]])
    covered = totals.population_covered
    parts = _parts(dataset, row, totals)
    drawn = bars.bar(parts, totals.population_total, (_WIDE, _HIGH), covered)
    hue = _hue(dataset, totals)
    level = next((one for one in reversed(c.EVIDENCE_LEVELS) if totals.by_evidence[one]), "")
    ends = "" if covered.certain else least_and_most(covered, t.language, "people")
    keys = (
        (covered_look(hue, c.WHOLE, level or c.DOCUMENTED), "covered", covered.value, ends),
        (EMPTY_LOOKS[c.NO_SOURCE], "unknown", totals.population_unknown, ""),
        (EMPTY_LOOKS[c.NOT_COVERED], "uncovered", float(row[counties.UNCOVERED]), ""),
    )
    items = "".join(
        f"<div><dt>{dress(sign(look))} {html.escape(t(f'display_tables.{name}_people'))}</dt>"
        f"<dd>{number(value, t.language)}</dd>"
        + (f"<dd>{html.escape(detail)}</dd>" if detail else "")
        + "</div>"
        for look, name, value, detail in keys
        if value
    )
    return f'<div class="people">{dress(drawn)}<dl>{items}</dl></div>'


def _hue(dataset: Dataset, totals: Totals) -> str:
    """Return the colour of the one project that serves in a county, or that of several."""
    if len(totals.projects) == 1:
        return project_colours(dataset)[totals.projects[0]]
    return SEVERAL


def _parts(dataset: Dataset, row: "pd.Series[Any]", totals: Totals) -> list[Part]:
    """Return the people of a county: covered by evidence, without a source, and the others."""
    people = [totals.population_by_evidence[level] for level in c.EVIDENCE_LEVELS]
    rest = (
        (EMPTY_LOOKS[c.NO_SOURCE], totals.population_unknown),
        (EMPTY_LOOKS[c.NOT_COVERED], float(row[counties.UNCOVERED])),
    )
    known = bars.by_evidence(_hue(dataset, totals), people)
    return [*known, *(Part(look, value) for look, value in rest if value > 0)]


def county_list(
    dataset: Dataset, view: View, t: Messages, links: Mapping[str, str], dress: Dress
) -> str:
    """Return the table of all counties of a year, those with the largest share first.

    `links` leads from a fylkesnr to the county's page.
    """
    rows = counties.summary(dataset, view)
    rows = rows.sort_values(["share", c.FYLKE], ascending=[False, True])
    most = float(rows[c.POPULATION].max())
    drawn = _List(dataset, view, t, dress, most, max(float(rows["share_high"].max()), 1e-9))
    body = [drawn.row(str(nr), row, links) for nr, row in rows.iterrows()]
    return _table(t("fylker.all", year=view.year), _HEADS, body, t)


@dataclass(frozen=True, eq=False)
class _List:
    """The list of counties: `most` people is the longest bar, `share` the longest of shares."""

    dataset: Dataset
    view: View
    t: Messages
    dress: Dress
    most: float
    share: float

    def row(self, nr: str, row: "pd.Series[Any]", links: Mapping[str, str]) -> str:
        """Return the row of a county; of one without a project a lighter one."""
        totals = totals_of(self.dataset, self.view.but(fylke=(nr,)))
        lang, people = self.t.language, totals.population_covered
        served = bool(totals.kommuner)
        name = html.escape(str(row[c.FYLKE]))
        name = f'<a href="{html.escape(links[nr])}">{name}</a>' if nr in links else name
        kommuner = self.t(
            "display_tables.of_all",
            people=number(totals.kommuner, lang) if served else EN_DASH,
            everybody=number(int(row["kommuner"]), lang),
        )
        size = max(_IN_LIST[0] * totals.population_total / self.most, 6)
        parts = _parts(self.dataset, row, totals)
        whole = bars.bar(parts, totals.population_total, (round(size), _IN_LIST[1]))
        cells = (
            ("less", self.dress(whole)),
            ("number less", html.escape(kommuner)),
            ("number less", self._people(people) if served else EN_DASH),
            ("number", self._share(totals) if served else EN_DASH),
            ("number less", _count(totals.population_unknown, lang)),
            ("number less", _count(float(row[counties.UNCOVERED]), lang)),
        )
        said = self.t.plural("claims.unit_kommune", int(row["kommuner"]), kommuner)
        drawn = _row(name, html.escape(said), cells)
        return drawn if served else drawn.replace("<tr>", '<tr class="quiet">', 1)

    def _people(self, people: Range) -> str:
        lang = self.t.language
        shown = number(people.value, lang)
        if people.certain:
            return shown
        ends = EN_DASH.join(number(end, lang) for end in (people.low, people.high))
        return f"{shown}<small>{ends}</small>"

    def _share(self, totals: Totals) -> str:
        share, lang = totals.share, self.t.language
        look = covered_look(_hue(self.dataset, totals), c.WHOLE, c.DOCUMENTED)
        bar = bars.bar([Part(look, share.value)], self.share, _SHARE, share)
        shown = percent(share.value, lang)
        if not share.certain:
            ends = number(share.low * 100, lang, 1), percent(share.high, lang)
            shown += f"<small>{EN_DASH.join(ends)}</small>"
        return f'<span class="portion"><span>{shown}</span>{self.dress(bar)}</span>'


def _count(value: float, language: str) -> str:
    return number(value, language) if value else EN_DASH


# -- the kommuner of a county -----------------------------------------------------------------


def uncovered_list(
    dataset: Dataset, view: View, t: Messages, links: Mapping[str, str], dress: Dress
) -> str:
    """Return the kommuner of a view's county without full coverage, the most people first.

    `links` leads from a kommunenr to its page.
    """
    rows = counties.uncovered(dataset, view, view.fylke[0])
    heads = (
        ("", "display_tables.kommune"),
        ("less", "display_tables.state"),
        ("number", "display_tables.uncovered_people"),
        ("number less", "display_tables.unknown_people"),
        *((("less", "display_tables.nearest_known"),) if _hubs(dataset) else ()),
    )
    body = []
    for nr, row in rows.iterrows():
        state = t(f"display_tables.state_{row[c.STATE]}")
        look = EMPTY_LOOKS.get(str(row[c.STATE])) or covered_look(_ANY, c.PARTLY, "")
        near = _near(row, t)
        unknown = _count(float(row[c.POPULATION_UNKNOWN]), t.language)
        cells = (
            ("less", _signed(look, state, dress)),
            ("number", _count(float(row[counties.UNCOVERED]), t.language)),
            ("number less", unknown),
            *((("less", near),) if _hubs(dataset) else ()),
        )
        told = f"{t('display_tables.unknown_people')}: {unknown}"
        known = [html.escape(state), html.escape(told) if unknown != EN_DASH else "", near]
        small = "; ".join(filter(None, known))
        body.append(_row(_named(str(nr), str(row[c.LABEL]), links), small, cells))
    return _table(t.plural("fylker.uncovered", len(rows)), heads, body, t)


def _hubs(dataset: Dataset) -> bool:
    """Return whether there are hubs that may be near."""
    return not dataset.without_hubs


def _near(row: "pd.Series[Any]", t: Messages) -> str:
    """Return the nearest known hub, and that of the projects where it is another."""
    known, own = row[counties.NEAR_KNOWN], row[counties.NEAR]
    texts = [
        html.escape(
            t(
                "display_tables.nearest_hub",
                name=near.name,
                distance=distance(near, t, whole=False),
            )
        )
        for near in dict.fromkeys((known, own))
        if near.hub_id
    ]
    if len(texts) < 2 or known.hub_id == own.hub_id:
        return "".join(texts[:1])
    heading = html.escape(t("display_tables.nearest"))
    return f"{texts[0]}<small>{heading}: {texts[1]}</small>"


def covered_list(
    dataset: Dataset, view: View, t: Messages, links: Mapping[str, str], dress: Dress
) -> str:
    """Return the kommuner of a view's county that are covered, in alphabetical order."""
    found, hues = coverage(dataset, view), project_colours(dataset)
    of_year = found.of_year
    rows = sorted(found.covered_rows, key=lambda nr: alphabetical(of_year[nr].label))
    heads = (
        ("", "display_tables.kommune"),
        ("less", "display_tables.evidence"),
        ("number", "display_tables.covered_people"),
        ("less", "display_tables.served_by" if _hubs(dataset) else "tables.project_ids"),
    )
    body = []
    for nr in rows:
        row = found.covered_rows[nr]
        words = (t(f"coverage.{row.state}"), t(f"coverage.{row.evidence}").lower())
        names = hub_names(dataset, row.hub_ids) or project_names(dataset, row.project_ids)
        by = html.escape(listed(names, t.language))
        look = kommune_look(row, view.colour, hues)
        people = number(row.population_covered, t.language)
        if row.state == c.PARTLY:
            everybody = number(of_year[nr].population, t.language)
            people = t("display_tables.of_all", people=people, everybody=everybody)
        cells = (
            ("less", _signed(look, ", ".join(words), dress)),
            ("number", people),
            ("less", by),
        )
        small = f"{html.escape(', '.join(words))}; {by}"
        body.append(_row(_named(nr, of_year[nr].label, links), small, cells))
    return _table(t.plural("fylker.covered", len(rows)), heads, body, t)


def _named(nr: str, label: str, links: Mapping[str, str]) -> str:
    name = html.escape(label)
    name = f'<a href="{html.escape(links[nr])}">{name}</a>' if nr in links else name
    return f"{name} <small class='nr'>{nr}</small>"


def _signed(look: Look, text: str, dress: Dress) -> str:
    return f'<span class="signed">{dress(sign(look))} <span>{html.escape(text)}</span></span>'


def _row(name: str, small: str, cells: tuple[tuple[str, str], ...]) -> str:
    return (
        f'<tr><th scope="row">{name}<small class="more">{small}</small></th>'
        + "".join(f'<td class="{kind}">{cell}</td>' for kind, cell in cells)
        + "</tr>"
    )


def _table(name: str, heads: tuple[tuple[str, str], ...], body: list[str], t: Messages) -> str:
    head = "".join(
        f'<th scope="col" class="{kind}">{html.escape(t(key))}</th>' for kind, key in heads
    )
    return (
        f'<div class="sheet" role="region" tabindex="0" aria-label="{html.escape(name)}">'
        f'<table class="list"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
