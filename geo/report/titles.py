"""A view in words: title, summary for screen readers, and source line."""

from geo import columns as c
from geo.base.cache import TABLES, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage
from geo.coverage.money import kind_of
from geo.coverage.national import named
from geo.coverage.selection import projects_with, recorded_years
from geo.coverage.totals import Totals
from geo.coverage.view import ALL_HUBS, View
from geo.dataset.package import split_ids
from geo.report.sources import sources
from geo.report.wording import (
    amount,
    dated_version,
    evidence_counts,
    has_ended,
    hub_names,
    least_and_most,
    listed,
    people_parts,
    period,
    project_names,
    shortened,
)
from geo.text.messages import Messages, messages
from geo.text.numbers import EN_DASH, number, percent, year_span

NAMED = 3  # names listed in a title before "and n more"


def subject(dataset: Dataset, view: View) -> str:
    """Return the subject of the view: projects, hubs, or the whole programme."""
    t = dataset.messages(view.lang)
    if view.hub:
        names = list(map(shortened, hub_names(dataset, view.hub)))
    elif view.project:
        names = list(map(shortened, project_names(dataset, view.project)))
    elif view.scope == ALL_HUBS:
        return t("titles.all_hubs")
    else:
        return shortened(dataset.package.title(view.lang))
    return _list(names, t)


def all_projects(dataset: Dataset, language: str) -> str:
    """Return the projects of the programme as a phrase: grants serve nobody, projects do."""
    t, programme = dataset.messages(language), shortened(dataset.package.title(language))
    return t.plural("titles.projects_of", len(dataset.choices.projects), programme=programme)


def _list(names: list[str], t: Messages) -> str:
    shown = names[:NAMED]
    rest = len(names) - len(shown)
    return listed([*shown, *([t("titles.more", n=rest)] if rest else [])], t.language)


def projects_of(dataset: Dataset, view: View) -> tuple[str, ...]:
    """Return the projects that a view is about: those chosen, or those of its hubs, or all."""
    if view.project or not view.hub:
        return view.project or dataset.choices.projects
    theirs = projects_with(dataset, view.hub)
    return tuple(project for project in dataset.choices.projects if project in theirs)


def places(dataset: Dataset, view: View) -> str:
    """Return the names of the selected fylker, empty for the whole country.

    Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    names = dataset.register.fylker(view.year)[c.NAME]
    return _list([shortened(str(names[nr])) for nr in view.fylke], messages(view.lang))


def title(dataset: Dataset, found: Coverage, view: View) -> str:
    """Return a title such as "Voss: 2 kommuner i 1 fylke, kommunestruktur 2015".

    In another structure than the coverage is recorded in, it says that the same area is so many
    kommuner there.

    Raises UnknownYear if the view's year is not a structure year.
    """
    t = messages(view.lang)
    counted = headline(found, view, partly=True)
    key = f"titles.title{_area(dataset, found)}"
    return t(key, subject=_head(dataset, view), counted=counted, year=view.year)


def kicker(dataset: Dataset, found: Coverage, view: View) -> str:
    """Return the title without its count, the small line above a headline.

    Raises UnknownYear if the view's year is not a structure year.
    """
    key = f"titles.kicker{_area(dataset, found)}"
    return messages(view.lang)(key, subject=_head(dataset, view), year=view.year)


def headline(found: Coverage, view: View, *, partly: bool = False) -> str:
    """Return what a title counts: "50 kommuner i 7 fylker", maybe also how many only partly."""
    t, totals = messages(view.lang), found.totals
    kommuner = t.plural("titles.explained", totals.kommuner, number(totals.kommuner, view.lang))
    fylker = t.plural("titles.fylker", len(totals.fylker), number(len(totals.fylker), view.lang))
    counted = kommuner if view.fylke else t("titles.in", kommuner=kommuner, fylker=fylker)
    if partly and totals.partly:
        counted += t("titles.partly", n=number(totals.partly, view.lang))
    if view.evidence != c.ASSUMED:
        counted += t(f"titles.only_{view.evidence}")
    return counted


def lead(dataset: Dataset, found: Coverage, view: View) -> str:
    """Return the sentence under a headline: when they were served, and on what evidence.

    Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    t = dataset.messages(view.lang)
    if not found.totals.kommuner:
        return ""
    projects = _served_by(dataset, found, view)[1]
    years = period(dataset, projects)
    key = "titles.lead" if has_ended(dataset, projects) else "titles.lead_now"
    return t(key, years=year_span(years), first=years[0], evidence=evidence_text(found, view.lang))


def _head(dataset: Dataset, view: View) -> str:
    where = places(dataset, view)
    return subject(dataset, view) + (f", {where}" if where else "")


def _area(dataset: Dataset, found: Coverage) -> str:
    """Return the ending of a title's key: kommuner of another year cover the same area, no more."""
    if recorded(dataset, found):
        return ""
    return "_today" if found.totals.year == dataset.choices.years[-1] else "_area"


def recorded(dataset: Dataset, found: Coverage) -> bool:
    """Return whether the coverage is recorded in the kommuner of this year, or there is none."""
    return found.totals.year in recorded_years(dataset) or not found.totals.kommuner


def evidence_text(found: Coverage, language: str) -> str:
    """Return the evidence of the counted kommuner: "4 dokumentert, 14 utledet og 7 antatt"."""
    return evidence_counts(found.totals.by_evidence, language)


def summary(dataset: Dataset, found: Coverage, view: View) -> str:
    """Return a paragraph that describes the map for those who cannot see it.

    Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    t = dataset.messages(view.lang)
    totals = found.totals
    if not totals.kommuner:
        return t("titles.nobody", subject=subject(dataset, view), year=view.year)
    sentences = [
        _covers(dataset, found, view, t),
        _counties(dataset, found, view, t),
        _people(dataset, found, view, t),
        _money(dataset, found, view, t),
    ]
    states = found.states
    for state in (c.PARTLY, c.ELSEWHERE, c.NO_SOURCE, c.PARTLY_UNKNOWN, c.NOT_COVERED):
        if states.get(state):
            n = states[state]
            sentences.append(t.plural(f"titles.state_{state}", n, number(n, view.lang)))
    if totals.population_unknown:
        persons = number(totals.population_unknown, view.lang)
        sentences.append(t.plural("titles.unknown", totals.population_unknown, persons))
    if states.get(c.NOT_COVERED):
        sentences.append(absence(dataset, view.lang))
    return " ".join(sentence for sentence in sentences if sentence)


def _served_by(dataset: Dataset, found: Coverage, view: View) -> tuple[str, tuple[str, ...]]:
    """Return who serves in the view, and whose projects these are: of a programme those here."""
    projects = projects_of(dataset, view)
    here = found.totals.projects
    if view.hub or view.project or view.scope == ALL_HUBS:
        return subject(dataset, view), projects
    if not here or len(here) == len(projects):
        return all_projects(dataset, view.lang), projects
    return subject(dataset, view.but(project=here)), here


def _covers(dataset: Dataset, found: Coverage, view: View, t: Messages) -> str:
    serving, projects = _served_by(dataset, found, view)
    years = period(dataset, projects)
    here = "titles.covers" if recorded(dataset, found) else "titles.covers_area"
    n = found.totals.kommuner
    kommuner, where = t.plural("titles.kommuner", n, number(n, view.lang)), places(dataset, view)
    return t(
        here if has_ended(dataset, projects) else "titles.covers_now",
        subject=serving,
        kommuner=t("titles.in", kommuner=kommuner, fylker=where) if where else kommuner,
        evidence=evidence_text(found, view.lang),
        year=view.year,
        years=year_span(years),
        first=years[0],
    )


def absence(dataset: Dataset, language: str) -> str:
    """Return how few hubs of the country can be named; "" if all can, or nobody knows."""
    found = named(dataset)
    if found is None or found.complete:
        return ""
    ends = dict.fromkeys(number(n, language) for n in (found.low, found.high))
    total, n = EN_DASH.join(ends), number(found.named, language)
    return messages(language)("titles.absence", total=total, named=n, year=found.year)


def _people(dataset: Dataset, found: Coverage, view: View, t: Messages) -> str:
    """Return how many people lived in the covered parts, and in the kommuner if these have more."""
    totals = found.totals
    said = {
        "people": number(totals.population_covered.value, view.lang),
        "share": percent(totals.share.value, view.lang),
        "where": places(dataset, view) or t("titles.country"),
        "year": totals.year,
    }
    if totals.partly:
        n = totals.kommuner
        everybody = number(totals.population_kommuner, view.lang)
        shown = number(n, view.lang)
        text = t.plural("titles.people_partly", n, shown, everybody=everybody, **said)
    else:
        text = t("titles.people", **said)
    parts, ranges = people_parts(totals, view.lang), _ranges(totals, view.lang)
    if parts:
        text += " " + t("titles.people_parts", parts=parts)
    if ranges:
        text += " " + t("titles.range", range=listed(ranges, view.lang))
    return text


def _ranges(totals: Totals, language: str) -> list[str]:
    """Return the ranges of the kommuner and the people, where an assumption makes a difference."""
    figures = {"kommuner": totals.kommuner_range, "people": totals.population_covered}
    return [
        least_and_most(figure, language, unit)
        for unit, figure in figures.items()
        if not figure.certain
    ]


def _counties(dataset: Dataset, found: Coverage, view: View, t: Messages) -> str:
    """Return the number of counted kommuner per county; "" if there is one county only."""
    counts = found.totals.kommuner_by_fylke
    if len(counts) <= 1:
        return ""
    names = dataset.register.fylker(view.year)[c.NAME]
    parts = (f"{shortened(names[nr])} {number(n, view.lang)}" for nr, n in counts.items())
    return t("titles.by_county", parts=listed(parts, view.lang))


def _money(dataset: Dataset, found: Coverage, view: View, t: Messages) -> str:
    per_head, projects = found.totals.grant_per_inhabitant_year, found.totals.projects
    if per_head is None:
        return ""
    kind = kind_of(dataset, projects)
    key = "titles.money" if kind == c.GRANTED else f"titles.money_of_{kind}"
    value = number(per_head.value, view.lang, 2)
    total = amount(found.totals.grant_nok, view.lang)
    years = listed(map(str, found.totals.grant_people_years), view.lang)
    return t.plural(key, len(projects), sum=total, value=value, years=years)


def source_line(dataset: Dataset, view: View) -> str:
    """Return the line under every map and table: sources, structure year, version, date.

    Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    t = dataset.messages(view.lang)
    return t(
        "titles.source",
        origin=origin(dataset, view.lang),
        year=view.year,
        version=dated_version(dataset, view.lang),
    )


def credit(dataset: Dataset, view: View) -> str:
    """Return the source line with the owner of the boundaries, for files."""
    drawn = dataset.boundaries(view.year)
    return f"{source_line(dataset, view)} {drawn.credit_line(messages(view.lang))}."


@cache_on(TABLES)
def origin(dataset: Dataset, language: str) -> str:
    """Return who announced the programme and when, from its first source."""
    announced = sources(dataset, split_ids(dataset.package["programmes"].iloc[0][c.SOURCE_IDS]))
    first = announced[0]
    parts = (shortened(part) for part in (first.publisher, first.when(language)) if part)
    return ", ".join(parts)
