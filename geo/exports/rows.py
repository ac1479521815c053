"""The rows that every file holds, and what their columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import columns as c
from geo.base.cache import COUNTS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import SUCCESSORS, coverage
from geo.coverage.selection import data_view
from geo.coverage.view import View
from geo.report import tables
from geo.text.messages import messages

CODE, TEXT, WHOLE, DECIMAL, YEAR, YES_NO = "code", "text", "whole", "decimal", "year", "yes_no"
SHARED_WITH = "shape_shared_with"
_DECIMALS = 4  # as many as an area or a krone needs, and no noise of the machine behind them


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file: its name, its kind of value and its unit (message ids of `export`)."""

    name: str
    kind: str = TEXT
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in (WHOLE, DECIMAL, YEAR)

    def heading(self, language: str) -> str:
        """Return what people call it."""
        t = messages(language)
        own = f"export.head_{self.name}"
        return t(own) if t.has(own) else t(f"tables.{self.name}")

    def meaning(self, language: str) -> str:
        """Return what it means, in a sentence."""
        return messages(language)(f"export.means_{self.name}")

    def unit_text(self, language: str) -> str:
        """Return its unit, or else its kind of value."""
        return messages(language)(f"export.unit_{self.unit or self.kind}")


COLUMNS = (
    ExportColumn(c.KOMMUNENR, CODE),
    ExportColumn(c.LABEL),
    ExportColumn(c.NAME),
    ExportColumn(c.FYLKESNR, CODE),
    ExportColumn(c.FYLKE),
    ExportColumn(c.YEAR, YEAR),
    ExportColumn(tables.CODES[c.STATE], CODE),
    ExportColumn(tables.SYMBOL),
    ExportColumn(c.STATE),
    ExportColumn(tables.CODES[c.EVIDENCE], CODE),
    ExportColumn(c.EVIDENCE),
    ExportColumn(c.EVIDENCE_STRONGEST),
    ExportColumn(tables.CODES[c.PROJECT_IDS], CODE),
    ExportColumn(c.PROJECT_IDS),
    ExportColumn(c.HUB_IDS),
    ExportColumn(c.COVERED_PREDECESSORS),
    ExportColumn(c.UNCOVERED_PREDECESSORS),
    ExportColumn(c.NO_SOURCE_PREDECESSORS),
    ExportColumn(c.POPULATION, WHOLE, "persons"),
    ExportColumn(c.POPULATION_COVERED, WHOLE, "persons"),
    ExportColumn(c.BASIS_COLUMN),
    ExportColumn(c.POPULATION_YEAR, YEAR),
    ExportColumn(c.AREA_KM2, DECIMAL, "km2"),
    ExportColumn(c.GRANT_PER_INHABITANT_YEAR, DECIMAL, "nok"),
    ExportColumn(SUCCESSORS),
    ExportColumn(c.SOURCE_IDS, CODE),
    ExportColumn(tables.DATA_VERSION, CODE),
)
# What files with geometry hold besides: whether the shape is the kommune's own.
SHAPE_COLUMNS = (
    ExportColumn(c.SHAPE_ID, CODE),
    ExportColumn(c.SHAPE_SHARED, YES_NO),
    ExportColumn(SHARED_WITH, CODE),
)
_DTYPES: Mapping[str, Any] = {WHOLE: "Int64", YEAR: "Int64", DECIMAL: "Float64"}


def headings(language: str) -> dict[str, str]:
    """Return the heading of each of COLUMNS in a language."""
    return {column.name: column.heading(language) for column in COLUMNS}


def count(dataset: Dataset, view: View) -> int:
    """Return how many rows "everything" has: the year's kommuner, and the covered that are gone."""
    return len(dataset.register.kommuner(view.year)) + len(coverage(dataset, view).gone)


def values(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    """Return the rows of a file with numbers as numbers, missing where a kommune has none.

    COLUMNS in their order; the index is kommunenr. Without `full` the rows are those that the
    page lists, with it all kommuner of the structure year.
    """
    return _values(dataset, data_view(view).but(uncovered=view.uncovered), full=full)


@cache_on(COUNTS)
def _values(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    table = tables.in_words(dataset, view, tables.export_rows(dataset, view, full=full))
    numbers = {
        column.name: pd.to_numeric(table[column.name]).astype(_DTYPES[column.kind])
        for column in COLUMNS
        if column.is_number
    }
    rounded = {name: series.round(_DECIMALS) for name, series in numbers.items()}
    # A kommune that the year no longer knows has no official name in it.
    names = table[c.NAME].fillna("")
    return table.assign(**rounded, **{c.NAME: names})[[column.name for column in COLUMNS]]


def with_symbols(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    """Return `values` with the symbol of why where an empty kommune lacks a figure."""
    table = values(dataset, view, full=full)
    return tables.with_symbols(table, table[tables.CODES[c.STATE]])
