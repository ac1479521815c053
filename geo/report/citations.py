"""Texts to copy from a view: a sentence with its source, a citation, and an embed code."""

import html

from geo.base.clock import today
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.figures import KeyFigure
from geo.report.titles import origin, places, subject, title
from geo.report.wording import dated_version, evidence_counts
from geo.text.messages import messages
from geo.text.numbers import day


def sentence(dataset: Dataset, view: View, link: str) -> str:
    """Return the view in one sentence, with evidence, source and link."""
    t = messages(view.lang)
    found = coverage(dataset, view)
    counts = evidence_counts(found.totals.by_evidence, view.lang)
    evidence = f" ({counts})" if found.totals.kommuner else ""
    text = title(dataset, found, view) + evidence
    return t("citations.sentence", text=text, source=_source(dataset, view), link=link).strip()


def figure_sentence(dataset: Dataset, view: View, figure: KeyFigure, link: str) -> str:
    """Return a key figure in one sentence, with range, year, source and link."""
    t = messages(view.lang)
    about = ", ".join(filter(None, (subject(dataset, view), places(dataset, view))))
    detail = figure.detail.strip("()")
    structure = t("kart.structure", year=view.year)
    parts = [part for part in (detail, structure) if part and structure not in detail]
    text = f"{about}: {figure.title.lower()} {figure.value} ({', '.join(parts) or detail})"
    return t("citations.sentence", text=text, source=_source(dataset, view), link=link).strip()


def _source(dataset: Dataset, view: View) -> str:
    t = messages(view.lang)
    return t(
        "citations.source",
        origin=origin(dataset, view.lang),
        name=_name(dataset, view),
        version=dated_version(dataset, view.lang),
    )


def citation(dataset: Dataset, view: View, link: str) -> str:
    """Return a citation of the view for a list of references."""
    t = messages(view.lang)
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


def embed(dataset: Dataset, view: View, link: str) -> str:
    """Return an iframe that embeds the view without menus."""
    name = html.escape(title(dataset, coverage(dataset, view), view), quote=True)
    address = html.escape(f"{link}&brief=1", quote=True)
    style = "width:100%;aspect-ratio:16/9;min-height:420px;border:0"
    return f'<iframe src="{address}" title="{name}" style="{style}" loading="lazy"></iframe>'
