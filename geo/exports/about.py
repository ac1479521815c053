"""Metadata of exported files: title, sources, licence, and what empty cells mean."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.licence import licence, licence_url
from geo.dataset.package import split_ids
from geo.exports import rows
from geo.report import tables
from geo.report.figures import key_figures
from geo.report.provenance import table_sources
from geo.report.sources import Source, sources
from geo.report.titles import credit, title
from geo.text.messages import messages
from geo.text.numbers import number
from geo.versions.corrections import address, notice


@dataclass(frozen=True)
class About:
    """Metadata written to every format that has room for it, in the view's language.

    `figures` are the key figures, each with its parts by evidence and its lowest and highest value.
    """

    title: str
    figures: str
    rows: str
    source: str
    licence: str
    licence_url: str
    attribution: str
    boundaries: str
    symbols: str
    structure_year: int
    data_version: str
    corrected: str

    def texts(self) -> dict[str, str]:
        """Return all fields by name, as str."""
        return {name: str(value) for name, value in asdict(self).items()}


def about(dataset: Dataset, view: View, *, full: bool) -> About:
    """Return the metadata of a view's file."""
    t = dataset.messages(view.lang)
    drawn = dataset.boundaries(view.year)
    return About(
        title=title(dataset, coverage(dataset, view), view),
        figures=_figures(dataset, view),
        rows=_rows(dataset, view, full=full),
        source=credit(dataset, view),
        licence=licence(dataset.package, view.lang),
        licence_url=licence_url(dataset.package),
        attribution=t("export.attribution", owner=drawn.owner(t), licence=drawn.licence(t)),
        boundaries=t("export.boundaries", base=drawn.base_year, year=drawn.year),
        symbols=t("tables.symbols"),
        structure_year=view.year,
        data_version=dataset.data_version,
        corrected=_corrected(dataset, view),
    )


def _figures(dataset: Dataset, view: View) -> str:
    texts = (
        ", ".join(filter(None, (f"{one.title} {one.value}", one.detail)))
        for one in key_figures(dataset, view)
    )
    return " | ".join(texts)


def _corrected(dataset: Dataset, view: View) -> str:
    """Return what was corrected since the data's version, and where to read it; "" if nothing."""
    said = notice(dataset, view)
    return f"{said} {address(view.lang)}" if said else ""


def _rows(dataset: Dataset, view: View, *, full: bool) -> str:
    """Return which rows the file holds, or why it holds none."""
    t = dataset.messages(view.lang)
    n = len(tables.export_rows(dataset, view, full=full))
    if not n:
        return t("export.nothing", year=view.year)
    key = "export.rows_all" if full else "export.rows_shown"
    return t.plural(key, n, number(n, view.lang), year=view.year)


def behind(dataset: Dataset, view: View, table: pd.DataFrame) -> tuple[Source, ...]:
    """Return the sources of coverage, grants, population and areas in a table from `rows.values`.

    Raises UnknownYear if no register covers the view's year.
    """
    dataset.require(view.year)
    ids = [source for cell in table[c.SOURCE_IDS] for source in split_ids(cell)]
    projects = {p for cell in table[tables.CODES[c.PROJECT_IDS]] for p in split_ids(cell)}
    ids += [s for p in projects for s in split_ids(dataset.project(p)[c.SOURCE_IDS])]
    counted = dataset.package["population"]
    years = {view.year, *table[c.POPULATION_YEAR].dropna()}
    ids += counted.loc[counted[c.YEAR].isin(years), c.SOURCE_ID].unique().tolist()
    for register in ("areas", "kommuner", "split_people"):
        ids += [source.source_id for source in table_sources(dataset, register)]
    return sources(dataset, sorted(set(ids)))


def symbols(dataset: Dataset, language: str) -> list[tuple[str, str, str]]:
    """Return (symbol, state code, meaning) for each symbol of an empty cell."""
    t = messages(language)
    return [
        (symbol, state, t(f"export.symbol_{state}"))
        for state, symbol in tables.SYMBOLS.items()
        if state != c.ELSEWHERE or not dataset.without_hubs
    ]


def definitions(
    dataset: Dataset, language: str, more: Iterable[rows.ExportColumn] = ()
) -> list[tuple[str, str, str, str]]:
    """Return (heading, name in the other formats, meaning, unit) of each column, of more too."""
    return [
        (
            column.heading(dataset, language),
            column.name,
            column.meaning(dataset, language),
            column.unit_text(language),
        )
        for column in (*rows.columns(dataset), *more)
    ]
