"""Texts to paste: a sentence with figure, year, source and link, a citation, and an embed."""

import html

from geo.base.clock import today
from geo.coverage.dataset import Atlas
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.figures import KeyFigure
from geo.report.titles import origin, places, subject, title
from geo.report.wording import evidence_counts
from geo.text.messages import messages
from geo.text.numbers import day


def sentence(atlas: Atlas, view: View, link: str) -> str:
    """Return what a view shows in one sentence, with its evidence, source and address."""
    t = messages(view.lang)
    found = coverage(atlas, view)
    counts = evidence_counts(found.sums.by_evidence, view.lang)
    evidence = f" ({counts})" if found.sums.kommuner else ""
    text = title(atlas, found, view) + evidence
    return t("quotes.sentence", text=text, source=_source(atlas, view), link=link).strip()


def figure_sentence(atlas: Atlas, view: View, figure: KeyFigure, link: str) -> str:
    """Return one key figure in a sentence, with its range, year, source and address."""
    t = messages(view.lang)
    about = ", ".join(filter(None, (subject(atlas, view), places(atlas, view))))
    detail = figure.detail.strip("()")
    structure = t("kart.structure", year=view.year)
    parts = [part for part in (detail, structure) if part and structure not in detail]
    text = f"{about}: {figure.title.lower()} {figure.value} ({', '.join(parts) or detail})"
    return t("quotes.sentence", text=text, source=_source(atlas, view), link=link).strip()


def _source(atlas: Atlas, view: View) -> str:
    t = messages(view.lang)
    return t(
        "quotes.source",
        origin=origin(atlas, view.lang),
        name=_name(atlas, view),
        version=atlas.data_version,
        today=_today(view),
    )


def citation(atlas: Atlas, view: View, link: str) -> str:
    """Return how to cite a view in a list of references."""
    t = messages(view.lang)
    return t(
        "quotes.citation" if link else "quotes.citation_own",
        name=_name(atlas, view),
        year=today().year,
        today=_today(view),
        title=title(atlas, coverage(atlas, view), view),
        version=atlas.data_version,
        link=link,
    )


def _name(atlas: Atlas, view: View) -> str:
    """Return what figures are credited to: this dashboard, or somebody's own package."""
    package = atlas.package
    return package.title(view.lang) if package.private else messages(view.lang)("common.name")


def _today(view: View) -> str:
    return day(today(), view.lang)


def embed(atlas: Atlas, view: View, link: str) -> str:
    """Return the HTML that shows a view in somebody else's page, without our menus."""
    name = html.escape(title(atlas, coverage(atlas, view), view), quote=True)
    address = html.escape(f"{link}&brief=1", quote=True)
    style = "width:100%;aspect-ratio:16/9;min-height:420px;border:0"
    return f'<iframe src="{address}" title="{name}" style="{style}" loading="lazy"></iframe>'
