"""The rows of the kommune table, on the page and in downloads, from one frame."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from geo import columns as c
from geo.base.cache import VIEW_TABLES, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import SUCCESSORS, Coverage, coverage
from geo.coverage.selection import data_view
from geo.coverage.view import View
from geo.places.year_links import KommuneOfYear
from geo.report.wording import alphabetical, hub_names, kommune_names, project_names
from geo.text.messages import messages
from geo.text.numbers import number

# Symbols for empty cells, from Statistics Norway's standard symbols; the last two are our own,
# since the standard has none for "counted elsewhere" and "not part of this selection".
SYMBOLS = {
    c.DID_NOT_EXIST: ".",
    c.NO_SOURCE: "..",
    c.PARTLY_UNKNOWN: "..",
    c.NOT_COVERED: "-",
    c.ELSEWHERE: "o",
    c.OUTSIDE_VIEW: "x",
}

SYMBOL = "symbol"
FIGURE_SPACE = "\u2007"  # as wide as a digit
DATA_VERSION = "data_version"

COLUMNS = (
    c.KOMMUNENR,
    c.LABEL,
    c.FYLKE,
    c.STATE,
    c.EVIDENCE,
    c.POPULATION,
    c.PROJECT_IDS,
    c.HUB_IDS,
    c.POPULATION_COVERED,
    c.GRANT_PER_INHABITANT_YEAR,
    c.COVERED_PREDECESSORS,
)
CODES = {c.STATE: "state_code", c.EVIDENCE: "evidence_code", c.PROJECT_IDS: "project_codes"}
# Figures that a kommune without coverage does not have: the cell has the symbol instead.
_BLANK_IF_EMPTY = (
    c.EVIDENCE,
    c.EVIDENCE_STRONGEST,
    c.POPULATION_COVERED,
    c.POPULATION_YEAR,
    c.BASIS_COLUMN,
    c.GRANT_PER_INHABITANT_YEAR,
    CODES[c.EVIDENCE],
)
# Of what a hub outside the projects serves the evidence is known, but nothing is counted.
_KNOWN_ELSEWHERE = (c.EVIDENCE, c.EVIDENCE_STRONGEST, CODES[c.EVIDENCE])
_DECIMALS = {c.AREA_KM2: 2, c.GRANT_PER_INHABITANT_YEAR: 2}
_FIGURES = (c.POPULATION, c.POPULATION_COVERED, c.AREA_KM2, c.GRANT_PER_INHABITANT_YEAR)
SHOWN_FIGURES = tuple(name for name in COLUMNS if name in _FIGURES)


def rows(dataset: Dataset, view: View, *, full: bool = False) -> pd.DataFrame:
    """Return the rows of the kommune table in reading order, indexed by kommunenr.

    The coverage frame without geometry: covered kommuner first, then each state without coverage,
    and last kommuner that the year no longer has, with state did_not_exist and their successors.
    Rows outside the view are left out unless `full`.
    """
    return _rows(dataset, data_view(view).but(lang=View().lang), full=full)


@cache_on(VIEW_TABLES)
def _rows(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    found = coverage(dataset, view)
    frame = pd.DataFrame(found.frame.drop(columns="geometry"))
    frame[SUCCESSORS] = None
    if not full:
        frame = frame[frame[c.STATE] != c.OUTSIDE_VIEW]
    reading = [
        (c.STATES.index(state), fylkesnr, alphabetical(label))
        for state, fylkesnr, label in frame[[c.STATE, c.FYLKESNR, c.LABEL]].itertuples(index=False)
    ]
    frame = frame.iloc[sorted(range(len(frame)), key=reading.__getitem__)]
    return pd.concat([frame, found.gone]) if len(found.gone) else frame


def labelled(dataset: Dataset, view: View, *, full: bool = False) -> pd.DataFrame:
    """Return the table in words but with numeric figures, with the columns of COLUMNS.

    Figures that a kommune without coverage lacks are NaN. Indexed by kommunenr.
    """
    return _labelled(dataset, data_view(view), full=full)


@cache_on(VIEW_TABLES)
def _labelled(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    return in_words(dataset, view, rows(dataset, view, full=full))[list(COLUMNS)]


def headings(language: str, names: Iterable[str] = COLUMNS) -> dict[str, str]:
    """Return the heading of each column in a language, by column name."""
    t = messages(language)
    return {name: t(f"tables.{name}") for name in names}


def as_text(dataset: Dataset, view: View, *, full: bool = False) -> pd.DataFrame:
    """Return the table as text: formatted numbers, and symbols in empty cells.

    The columns of COLUMNS, under their headings in the view's language; indexed by kommunenr.
    """
    return _as_text(dataset, data_view(view), full=full)


@cache_on(VIEW_TABLES)
def _as_text(dataset: Dataset, view: View, *, full: bool) -> pd.DataFrame:
    table = labelled(dataset, view, full=full)
    states = rows(dataset, view, full=full)[c.STATE]
    written = table.astype("object")
    for name in SHOWN_FIGURES:
        written[name] = _written(table[name], _DECIMALS.get(name, 0), view.lang)
    return with_symbols(written, states).rename(columns=headings(view.lang))


def _written(figures: pd.Series, decimals: int, language: str) -> list[str]:
    return ["" if pd.isna(value) else number(value, language, decimals) for value in figures]


def with_symbols(table: pd.DataFrame, states: "pd.Series[str]") -> pd.DataFrame:
    """Return the table with symbols in the figures that kommuner without coverage lack.

    `states` are the rows' states, with the same index; the table's columns are kept.
    """
    symbols = states.map(SYMBOLS)
    empty = symbols.notna()
    table = table.copy()
    for name in _BLANK_IF_EMPTY:
        if name in table:
            known = states == c.ELSEWHERE if name in _KNOWN_ELSEWHERE else False
            table[name] = table[name].astype("object").where(~empty | known, symbols)
    gone = states == c.DID_NOT_EXIST
    for name in (c.POPULATION, c.AREA_KM2):
        if name in table:
            table[name] = table[name].astype("object").where(~gone, SYMBOLS[c.DID_NOT_EXIST])
    return table


def in_words(dataset: Dataset, view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `rows` with all columns of the page and the downloads, codes put into words.

    Adds data_version, symbol, state_code, evidence_code and project_codes to the columns of `rows`;
    same index. Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    t = messages(view.lang)
    empty = table[c.STATE].isin(tuple(SYMBOLS))
    columns: dict[str, Any] = {
        c.KOMMUNENR: table.index,
        c.YEAR: view.year,
        DATA_VERSION: dataset.data_version,
        SYMBOL: table[c.STATE].map(SYMBOLS).fillna(""),
        c.FYLKESNR: table[c.FYLKESNR].fillna(""),
        c.FYLKE: table[c.FYLKE].fillna(""),
        CODES[c.STATE]: table[c.STATE],
        CODES[c.EVIDENCE]: table[c.EVIDENCE],
        CODES[c.PROJECT_IDS]: _each(table[c.PROJECT_IDS], "|".join),
        c.STATE: [t(f"coverage.{state}") for state in table[c.STATE]],
        c.PROJECT_IDS: _each(table[c.PROJECT_IDS], lambda ids: _join(project_names(dataset, ids))),
        c.HUB_IDS: _each(_serving(table), lambda ids: _join(hub_names(dataset, ids))),
        c.ELSEWHERE_HUB_IDS: _each(table[c.ELSEWHERE_HUB_IDS], "|".join),
        c.SOURCE_IDS: _each(table[c.SOURCE_IDS], "|".join),
        c.STATED_YEARS: _each(table[c.STATED_YEARS], "|".join),
        SUCCESSORS: _each(table[SUCCESSORS], lambda ids: _named(dataset, ids, view.year)),
        c.POPULATION_COVERED: table[c.POPULATION_COVERED].where(~empty),
        c.POPULATION_YEAR: table[c.POPULATION_YEAR].where(~empty).astype("Int64"),
    }
    for name in (c.EVIDENCE, c.EVIDENCE_STRONGEST, c.BASIS_COLUMN):
        columns[name] = [t(f"coverage.{code}") if _is_text(code) else "" for code in table[name]]
    for name in (c.COVERED_PREDECESSORS, c.UNCOVERED_PREDECESSORS, c.NO_SOURCE_PREDECESSORS):
        columns[name] = _each(table[name], lambda found: _dated(dataset, found, view.year))
    return table.assign(**columns)


def _serving(table: pd.DataFrame) -> "pd.Series[Any]":
    """Return the hubs that each row's state rests on."""
    elsewhere = table[c.STATE] == c.ELSEWHERE
    return table[c.HUB_IDS].where(~elsewhere, table[c.ELSEWHERE_HUB_IDS])


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _each(values: pd.Series, write: Any) -> list[str]:
    return [write(value) if isinstance(value, tuple) else "" for value in values]


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)


def _dated(dataset: Dataset, found: tuple[KommuneOfYear, ...], year: int) -> str:
    """Return kommuner of other years as text, with the year if there are several."""
    others = [old for old in found if old.year != year]
    several = len({old.year for old in others}) > 1
    names = [_named(dataset, (old.kommunenr,), old.year) for old in others]
    ends = [f" ({old.year})" if several else "" for old in others]
    return _join(name + end for name, end in zip(names, ends, strict=True))


def _named(dataset: Dataset, numbers: tuple[str, ...], year: int) -> str:
    names = kommune_names(dataset, numbers, year) if numbers else []
    return _join(f"{nr} {name}" for nr, name in zip(numbers, names, strict=True))


def filename(dataset: Dataset, view: View, kind: str, extension: str) -> str:
    """Return a sortable file name: 2026-11-23_kraftsenter-st_struktur-2015_kommuner.csv.

    It begins with the day of the data, or their version if they have none.
    """
    t = messages(view.lang)
    about = "-".join((*view.project, *view.hub)) or t("tables.all")
    day = dataset.package.created or f"v{dataset.data_version}"
    structure = t("tables.structure", year=view.year)
    return f"{day}_{about}_{structure}_{kind}.{extension}"


def state_counts(found: Coverage) -> dict[str, int]:
    """Return the number of kommuner in each state, with did_not_exist for former kommuner."""
    counts = found.frame[c.STATE].value_counts()
    states = {state: int(counts.get(state, 0)) for state in c.STATES}
    return {**states, c.DID_NOT_EXIST: len(found.gone)}


def page_rows(dataset: Dataset, view: View) -> pd.DataFrame:
    """Return the rows that the page lists, as text: covered, without a source, and former.

    Kommuner without coverage are listed if the view selects counties or asks for them. The
    columns of COLUMNS, under their headings in the view's language, with a default index. Figures
    are padded with figure spaces on the left, so that sorting as text sorts by number.
    """
    table = as_text(dataset, view)[_on_page(dataset, view)]
    figures = [headings(view.lang)[name] for name in SHOWN_FIGURES]
    aligned = {name: _aligned(table[name]) for name in figures}
    return table.assign(**aligned).reset_index(drop=True)


def export_rows(dataset: Dataset, view: View, *, full: bool = False) -> pd.DataFrame:
    """Return the rows of a download: those of `rows` that the page lists, or all if `full`.

    Columns are those of `rows`; indexed by kommunenr.
    """
    table = rows(dataset, view, full=full)
    return table if full else table[_on_page(dataset, view)]


def _on_page(dataset: Dataset, view: View) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    states = rows(dataset, view)[c.STATE]
    left_out = () if view.fylke or view.uncovered else (c.NOT_COVERED, c.ELSEWHERE)
    wanted = ~states.isin(left_out)
    return wanted.to_numpy()


def _aligned(texts: "pd.Series[str]") -> "pd.Series[str]":
    width = int(texts.str.len().max()) if len(texts) else 0
    return texts.str.rjust(width, FIGURE_SPACE)
