"""Builds the rows of every exported file and documents their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import columns as c
from geo.base.cache import COUNTS, OWNER, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import SUCCESSORS, coverage
from geo.coverage.money import grants
from geo.coverage.selection import data_view
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.report import tables
from geo.report.provenance import window
from geo.text.messages import messages

CODE, TEXT, WHOLE, DECIMAL, YEAR, YES_NO = "code", "text", "whole", "decimal", "year", "yes_no"
SHARED_WITH = "shape_shared_with"
_DECIMALS = 4  # enough for areas and kroner, without floating-point noise


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file: name, kind of value, and unit (both message ids of `export`)."""

    name: str
    kind: str = TEXT
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in (WHOLE, DECIMAL, YEAR)

    def heading(self, dataset: Dataset, language: str) -> str:
        """Return the heading in a language."""
        own = f"export.head_{self.name}"
        if messages(language).has(own):
            return messages(language)(own)
        return tables.headings(dataset, language, (self.name,))[self.name]

    def meaning(self, dataset: Dataset, language: str) -> str:
        """Return the definition of the column, as a sentence."""
        years = window(dataset, language)
        return dataset.messages(language)(f"export.means_{self.name}", window=years)

    def unit_text(self, language: str) -> str:
        """Return the unit, or the kind of value if it has none."""
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
    ExportColumn(c.STATED_YEARS, CODE),
    ExportColumn(tables.CODES[c.PROJECT_IDS], CODE),
    ExportColumn(c.PROJECT_IDS),
    ExportColumn(c.HUB_IDS),
    ExportColumn(c.ELSEWHERE_HUB_IDS, CODE),
    ExportColumn(c.COVERED_PREDECESSORS),
    ExportColumn(c.UNCOVERED_PREDECESSORS),
    ExportColumn(c.NO_SOURCE_PREDECESSORS),
    ExportColumn(c.POPULATION, WHOLE, "persons"),
    ExportColumn(c.POPULATION_COVERED, WHOLE, "persons"),
    ExportColumn(c.BASIS_COLUMN),
    ExportColumn(c.POPULATION_YEAR, YEAR),
    ExportColumn(c.POPULATION_UNKNOWN, WHOLE, "persons"),
    ExportColumn(c.AREA_KM2, DECIMAL, "km2"),
    ExportColumn(c.GRANT_PER_INHABITANT_YEAR, DECIMAL, "nok"),
    ExportColumn(SUCCESSORS),
    ExportColumn(c.SOURCE_IDS, CODE),
    ExportColumn(tables.DATA_VERSION, CODE),
)
_OF_HUBS = (c.HUB_IDS, c.ELSEWHERE_HUB_IDS)
_KIND = ExportColumn(c.GRANT_KIND, CODE)
# Additional columns of formats with geometry: whose the shape is, and how the map draws it.
SHAPE_COLUMNS = (
    ExportColumn(c.SHAPE_ID, CODE),
    ExportColumn(c.SHAPE_SHARED, YES_NO),
    ExportColumn(SHARED_WITH, CODE),
    ExportColumn(c.MAP_LOOK, CODE),
)
_DTYPES: Mapping[str, Any] = {WHOLE: "Int64", YEAR: "Int64", DECIMAL: "Float64"}


@cache_on(OWNER)
def columns(dataset: Dataset) -> tuple[ExportColumn, ...]:
    """Return the columns of every file: those of COLUMNS that the package has something for.

    Where amounts are not all grants, another one says what they are.
    """
    left_out = _OF_HUBS if dataset.without_hubs else ()
    found = [column for column in COLUMNS if column.name not in left_out]
    if any(grant.kind != c.GRANTED for grant in grants(dataset).values()):
        names = [column.name for column in found]
        found.insert(names.index(c.GRANT_PER_INHABITANT_YEAR) + 1, _KIND)
    return tuple(found)


def headings(dataset: Dataset, language: str) -> dict[str, str]:
    """Return the headings of the columns by column name."""
    return {column.name: column.heading(dataset, language) for column in columns(dataset)}


def count(dataset: Dataset, view: View) -> int:
    """Return the row count of a full file: the year's kommuner and covered ones not in it."""
    return len(dataset.register.kommuner(view.year)) + len(coverage(dataset, view).former)


def values(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    """Return the rows of a file: its columns in order, indexed by kommunenr.

    Population in persons, area in km², grants in kroner, each as a nullable number. Without `full`
    the rows are those listed on the page, with it all kommuner of the structure year and covered
    ones that do not exist in it.
    """
    return _values(dataset, data_view(view).but(uncovered=view.uncovered), full=full)


@cache_on(COUNTS)
def _values(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    table = tables.in_words(dataset, view, tables.export_rows(dataset, view, full=full))
    numbers = {
        column.name: pd.to_numeric(table[column.name]).astype(_DTYPES[column.kind])
        for column in columns(dataset)
        if column.is_number
    }
    kinds = {project: grant.kind for project, grant in grants(dataset).items()}
    said = table[tables.CODES[c.PROJECT_IDS]].map(
        lambda cell: "|".join(kinds[project] for project in split_ids(cell))
    )
    rounded = {name: series.round(_DECIMALS) for name, series in numbers.items()}
    # A kommune that does not exist in the structure year has no official name there.
    names = table[c.NAME].fillna("")
    whole = table.assign(**rounded, **{c.NAME: names, c.GRANT_KIND: said})
    return whole[[column.name for column in columns(dataset)]]


def with_symbols(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    """Return `values`, with a symbol in place of figures missing for an empty kommune.

    The same columns and index; figures are then numbers or str.
    """
    table = values(dataset, view, full=full)
    return tables.with_symbols(table, table[tables.CODES[c.STATE]])
