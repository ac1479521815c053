"""Explain each key figure: the rows counted, the sum, the sources and the evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from geo import columns as c
from geo.base.cache import SUMS, cache_on
from geo.coverage.bounds import Range
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.money import grants, kind_of, money, served
from geo.coverage.selection import data_view
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.dataset.stated_years import only_regions
from geo.report.sources import Source, sources
from geo.report.wording import (
    evidence_counts,
    in_millions,
    kroner_parts,
    listed,
    of_kind,
    people_parts,
    project_names,
    share_parts,
    span,
    years_stated,
)
from geo.text.messages import Messages
from geo.text.numbers import kroner, millions, number, percent

GRANT, SHARE, FYLKER, KOMMUNER = "grant", "share", "fylker", "kommuner"
FIGURES = (KOMMUNER, FYLKER, c.POPULATION_COVERED, SHARE, GRANT, c.GRANT_PER_INHABITANT_YEAR)


@dataclass(frozen=True)
class Explanation:
    """The explanation of a key figure.

    `value` is the figure as shown; `method` says how it is counted; `rows` is what was counted, as
    text with headings in the view's language; `total` is the sum in words; `notes` are evidence,
    ranges and estimates.
    """

    figure: str
    title: str
    value: str
    method: str
    rows: pd.DataFrame
    total: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]


def explain(dataset: Dataset, view: View, figure: str) -> Explanation:
    """Return the explanation of a key figure of a view. Raises KeyError if it is not in FIGURES."""
    return _explain(dataset, data_view(view), figure)


def heading(dataset: Dataset, view: View, figure: str) -> tuple[str, str]:
    """Return a key figure's title and value only."""
    t = dataset.messages(view.lang)
    return t(f"explain.{figure}"), _FIGURES[figure](dataset, view, coverage(dataset, view), t)[0]


@cache_on(SUMS)
def _explain(dataset: Dataset, view: View, figure: str) -> Explanation:
    t = dataset.messages(view.lang)
    found = coverage(dataset, view)
    value, total, rows = _FIGURES[figure](dataset, view, found, t)
    return Explanation(
        figure=figure,
        title=t(f"explain.{figure}"),
        value=value,
        method=method(dataset, found.totals, figure, t),
        rows=_table(t, rows()),
        total=total,
        notes=_notes(found, figure, t),
        sources=_sources(dataset, found, figure),
    )


def method(dataset: Dataset, totals: Totals, figure: str, t: Messages) -> str:
    """Return how a key figure is counted; of money also which years' inhabitants it divides by."""
    text = t(f"explain.{figure}_method", year=totals.year)
    if figure != c.GRANT_PER_INHABITANT_YEAR or not totals.grant_people_years:
        return text
    first = {grants(dataset)[project].first for project in totals.projects}
    key = "first_year" if first.issuperset(totals.grant_people_years) else "nearest_year"
    names = {"first": _years(first, t), "years": _years(totals.grant_people_years, t)}
    return f"{text} {t(f'explain.{key}', **names)}"


def _years(years: Iterable[int], t: Messages) -> str:
    return listed(map(str, sorted(years)), t.language)


Columns = Mapping[str, list[str]]
Figure = tuple[str, str, Callable[[], Columns]]


def _table(t: Messages, columns: Columns) -> pd.DataFrame:
    return pd.DataFrame({t(f"tables.{name}"): values for name, values in columns.items()})


def _kommuner(_dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    value = number(found.totals.kommuner, view.lang)
    whole, partly = (number(n, view.lang) for n in (found.totals.whole, found.totals.partly))

    def rows() -> Columns:
        covered = found.covered_rows
        return {
            c.KOMMUNENR: list(covered),
            c.LABEL: [found.of_year[nr].label for nr in covered],
            c.FYLKE: [found.of_year[nr].fylke for nr in covered],
            c.STATE: [t(f"coverage.{row.state}") for row in covered.values()],
            c.EVIDENCE: [t(f"coverage.{row.evidence}") for row in covered.values()],
            c.STATED_YEARS: [years_stated(row.stated_years, view.lang) for row in covered.values()],
        }

    text = t.plural(
        "explain.kommuner_total", found.totals.kommuner, value, whole=whole, partly=partly
    )
    return value, text, rows


def _fylker(dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    names = dataset.register.fylker(view.year)[c.NAME]
    counts, ranges = found.totals.kommuner_by_fylke, found.totals.by_fylke_range

    def rows() -> Columns:
        return {
            c.FYLKESNR: list(ranges),
            c.FYLKE: [names[nr] for nr in ranges],
            "kommuner": [span(ranges[nr], view.lang) for nr in ranges],
        }

    value = number(len(counts), view.lang)
    parts = " + ".join(number(n, view.lang) for n in counts.values())
    n = sum(counts.values())
    total = t.plural("explain.fylker_total", n, number(n, view.lang), parts=parts or "0")
    return value, total, rows


def _people(_dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    value = number(found.totals.population_covered.value, view.lang)

    def rows() -> Columns:
        covered = found.covered_rows
        people = [found.of_year[nr].population for nr in covered]
        return {
            c.KOMMUNENR: list(covered),
            c.LABEL: [found.of_year[nr].label for nr in covered],
            c.EVIDENCE: [t(f"coverage.{row.evidence}") for row in covered.values()],
            c.POPULATION: [number(n, view.lang) for n in people],
            c.POPULATION_COVERED: [
                number(row.population_covered, view.lang) for row in covered.values()
            ],
            c.BASIS_COLUMN: [t(f"coverage.{row.population_basis}") for row in covered.values()],
            c.POPULATION_YEAR: [str(row.population_year) for row in covered.values()],
        }

    return value, t("explain.people_total", n=value, year=view.year), rows


def _share(_dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    totals = found.totals
    people = number(totals.population_covered.value, view.lang)
    everybody = number(totals.population_total, view.lang)
    value = percent(totals.share.value, view.lang)

    def rows() -> Columns:
        return {
            "figure": [t("explain.covered_people"), t("explain.all_people")],
            c.POPULATION: [people, everybody],
        }

    total = t("explain.share_total", people=people, everybody=everybody, share=value)
    return value, total, rows


def _grant(dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    projects = found.totals.projects
    amounts = [_amount(dataset, project, t) for project in projects]
    kind = kind_of(dataset, projects)
    value = of_kind(kind, millions(found.totals.grant_nok, view.lang), t)

    def rows() -> Columns:
        return {c.PROJECT_IDS: project_names(dataset, projects), "grant": amounts}

    parts = " + ".join(in_millions(grants(dataset)[project].nok, view.lang) for project in projects)
    return value, t("explain.grant_total", parts=parts or "0", sum=value), rows


def _amount(dataset: Dataset, project: str, t: Messages) -> str:
    """Return a project's amount, with what it is."""
    grant = grants(dataset)[project]
    return of_kind(grant.kind, millions(grant.nok, t.language), t)


def _per_inhabitant(dataset: Dataset, view: View, found: Coverage, t: Messages) -> Figure:
    projects = found.totals.projects
    each = [money(dataset, (p,), view.evidence) for p in projects]
    figures = [figure.value if figure else 0 for figure in each]
    total = found.totals.grant_per_inhabitant_year
    people = [_people_of(dataset, (p,), view) for p in projects]

    def rows() -> Columns:
        return {
            c.PROJECT_IDS: project_names(dataset, projects),
            "grant": [_amount(dataset, project, t) for project in projects],
            c.GRANT_YEARS: [str(grants(dataset)[p].years) for p in projects],
            c.POPULATION_COVERED: [number(n, view.lang) for n in people],
            c.GRANT_PER_INHABITANT_YEAR: [kroner(f, view.lang, 2) for f in figures],
        }

    kind = kind_of(dataset, projects)
    value = of_kind(kind, kroner(total.value, view.lang, 2), t) if total else "-"
    yearly = sum(grants(dataset)[p].nok / grants(dataset)[p].years for p in projects)
    everybody = _people_of(dataset, projects, view) if total else 0
    text = t(
        "explain.per_inhabitant_total",
        yearly=kroner(yearly, view.lang),
        people=number(everybody, view.lang),
        value=value,
    )
    return value, text, rows


def _people_of(dataset: Dataset, projects: tuple[str, ...], view: View) -> int:
    found = served(dataset, projects, view.evidence)
    return int(found.people.value) if found else 0


_FIGURES: Mapping[str, Callable[[Dataset, View, Coverage, Messages], Figure]] = {
    KOMMUNER: _kommuner,
    FYLKER: _fylker,
    c.POPULATION_COVERED: _people,
    SHARE: _share,
    GRANT: _grant,
    c.GRANT_PER_INHABITANT_YEAR: _per_inhabitant,
}


def _notes(found: Coverage, figure: str, t: Messages) -> tuple[str, ...]:
    totals = found.totals
    notes = []
    if totals.kommuner and figure != GRANT:
        counts = evidence_counts(totals.by_evidence, t.language)
        notes.append(t("explain.evidence", counts=counts))
    if figure == KOMMUNER and totals.by_evidence[c.ASSUMED]:
        notes.append(_named(found, t))
    parts = {
        c.POPULATION_COVERED: people_parts(totals, t.language),
        SHARE: share_parts(totals, t.language),
        c.GRANT_PER_INHABITANT_YEAR: kroner_parts(totals, t.language),
    }
    if parts.get(figure):
        notes.append(t("explain.parts", parts=parts[figure]))
    ranges: Mapping[str, tuple[Range | None, int]] = {
        KOMMUNER: (totals.kommuner_range, 0),
        FYLKER: (totals.fylker_range, 0),
        c.POPULATION_COVERED: (totals.population_covered, 0),
        SHARE: (totals.share.map(lambda share: share * 100), 1),
        c.GRANT_PER_INHABITANT_YEAR: (totals.grant_per_inhabitant_year, 2),
    }
    figures, decimals = ranges.get(figure, (None, 0))
    if figures and not figures.certain:
        low, high = (number(v, t.language, decimals) for v in (figures.low, figures.high))
        notes.append(t("explain.range", low=low, high=high, unit=t(f"explain.{figure}_unit")))
    if totals.partly and figure in (c.POPULATION_COVERED, SHARE):
        everybody = number(totals.population_kommuner, t.language)
        notes.append(t("explain.people_partly", everybody=everybody))
    if totals.estimated and figure in (c.POPULATION_COVERED, SHARE):
        notes.append(t("explain.estimated"))
    return tuple(notes)


def _named(found: Coverage, t: Messages) -> str:
    """Return how many of the kommuner some source names, the rest being assumed.

    A source that speaks of a region only names no kommune.
    """
    sure = [row for row in found.covered_rows.values() if row.evidence != c.ASSUMED]
    regions = any(only_regions("|".join(row.stated_years)) for row in sure)
    key = "explain.some_source" if regions else "explain.named"
    total = number(found.totals.kommuner, t.language)
    return t.plural(key, len(sure), number(len(sure), t.language), total=total)


def _sources(dataset: Dataset, found: Coverage, figure: str) -> tuple[Source, ...]:
    ids = [source for row in found.covered_rows.values() for source in row.source_ids]
    if figure in (GRANT, c.GRANT_PER_INHABITANT_YEAR):
        of_projects = dataset.package["projects"].set_index(c.PROJECT_ID)[c.SOURCE_IDS]
        grants_from = [s for p in found.totals.projects for s in split_ids(of_projects[p])]
        ids = grants_from if figure == GRANT else grants_from + ids
    years = {
        c.POPULATION_COVERED: (found.selection.year,),
        SHARE: (found.selection.year,),
        c.GRANT_PER_INHABITANT_YEAR: found.totals.grant_people_years,
    }
    counted = dataset.package["population"]
    of_years = counted[c.YEAR].isin(years.get(figure, ()))
    ids += sorted(set(counted.loc[of_years, c.SOURCE_ID]))
    return sources(dataset, ids)
