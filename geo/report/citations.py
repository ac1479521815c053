"""Texts to copy from a view: a sentence with its source, a citation, and an embed code."""

import html

from geo.base.clock import today
from geo.columns import GRANT_PER_INHABITANT_YEAR, POPULATION_COVERED
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.explain import FYLKER, GRANT, KOMMUNER, SHARE
from geo.report.figures import KeyFigure
from geo.report.titles import origin, places, subject, title
from geo.report.wording import dated_version, evidence_counts, listed
from geo.text.messages import Messages, messages
from geo.text.numbers import day, number

# All in attributes: many pages forbid styles.
FRAME = (
    '<iframe src="{address}" title="{name}" width="{wide}" height="{high}" frameborder="0" '
    'loading="lazy"></iframe>'
)
HIGH = 560  # pixels: map, title, source and a folded legend at the width of an article
# Gives each of our frames in a page the height that its map asks for (webmap/assets/map.js).
FOLLOW = (
    '<script>addEventListener("message",function(e){document.querySelectorAll("iframe").forEach('
    "function(f){if(f.contentWindow===e.source&&e.data&&e.data.coverageMapHeight>0)"
    'f.style.height=e.data.coverageMapHeight+"px"})})</script>'
)


def sentence(dataset: Dataset, view: View, link: str) -> str:
    """Return the view in one sentence, with evidence, sources and link."""
    t = dataset.messages(view.lang)
    found = coverage(dataset, view)
    counts = evidence_counts(found.totals.by_evidence, view.lang)
    evidence = f" ({counts})" if found.totals.kommuner else ""
    text = title(dataset, found, view) + evidence
    credit = _credit(dataset, view, KOMMUNER)
    return t("citations.sentence", text=text, source=credit, link=link).strip()


def figure_sentence(dataset: Dataset, view: View, figure: KeyFigure, link: str) -> str:
    """Return a key figure in one sentence, with range, year, the sources of each part, and link."""
    t = dataset.messages(view.lang)
    about = ", ".join(filter(None, (subject(dataset, view), places(dataset, view))))
    structure = t("kart.structure", year=view.year)
    details = [figure.detail] if figure.detail else []
    if figure.figure not in _OF_GRANTS and structure not in figure.detail:
        details.append(structure)
    text = f"{about}: {_said(dataset, view, figure, t)}"
    text += f" ({'; '.join(details)})" if details else ""
    credit = _credit(dataset, view, figure.figure)
    return t("citations.sentence", text=text, source=credit, link=link).strip()


_OF_PEOPLE = (POPULATION_COVERED, SHARE)
_OF_GRANTS = (GRANT, GRANT_PER_INHABITANT_YEAR)
_COUNTED = {
    KOMMUNER: "titles.explained",
    FYLKER: "titles.fylker",
    POPULATION_COVERED: "citations.people",
}


def _said(dataset: Dataset, view: View, figure: KeyFigure, t: Messages) -> str:
    """Return a figure with what it counts: "50 kommuner"."""
    if figure.figure in _COUNTED:
        totals = coverage(dataset, view).totals
        people = round(totals.population_covered.value)
        n = {KOMMUNER: totals.kommuner, FYLKER: len(totals.fylker)}.get(figure.figure, people)
        return t.plural(_COUNTED[figure.figure], n, figure.value)
    where = places(dataset, view) or t("titles.country")
    return t(f"citations.said_{figure.figure}", value=figure.value, where=where)


def _credit(dataset: Dataset, view: View, figure: str) -> str:
    """Return the source of each part of a figure: of grants, coverage, people, and the sum."""
    t = dataset.messages(view.lang)
    found = coverage(dataset, view)
    name = _name(dataset, view)
    listing = {source for row in found.covered_rows.values() for source in row.source_ids}
    years: dict[str, tuple[int, ...]] = dict.fromkeys(_OF_PEOPLE, (view.year,))
    years[GRANT_PER_INHABITANT_YEAR] = found.totals.grant_people_years
    parts = []
    if figure in _OF_GRANTS:
        parts.append(t("citations.grants_by", origin=origin(dataset, view.lang)))
    if figure != GRANT:
        n = number(len(listing), view.lang)
        parts.append(t.plural("citations.coverage_by", len(listing), n, name=name))
    if years.get(figure):
        counted = listed(map(str, years[figure]), view.lang)
        parts.append(t("citations.people_by", years=counted))
    parts.append(t("citations.sums_by", name=name))
    version = dated_version(dataset, view.lang)
    return t("citations.source", parts="; ".join(parts), version=version)


def citation(dataset: Dataset, view: View, link: str) -> str:
    """Return a citation of the view for a list of references."""
    t = dataset.messages(view.lang)
    return t(
        "citations.citation" if link else "citations.citation_own",
        name=_name(dataset, view),
        year=(dataset.package.created or today()).year,
        today=_today(view),
        title=title(dataset, coverage(dataset, view), view),
        version=dated_version(dataset, view.lang),
        link=link,
    )


def _name(dataset: Dataset, view: View) -> str:
    """Return the work to cite: this dashboard, or the user's own data package."""
    package = dataset.package
    return package.title(view.lang) if package.private else messages(view.lang)("common.name")


def _today(view: View) -> str:
    return day(today(), view.lang)


def embed(dataset: Dataset, view: View, link: str, wide: str = "100%", high: int = HIGH) -> str:
    """Return an iframe that embeds the view without menus."""
    name = html.escape(title(dataset, coverage(dataset, view), view), quote=True)
    address = html.escape(f"{link}&brief=1", quote=True)
    return FRAME.format(address=address, name=name, wide=wide, high=high)
