"""The rows of the kommune table, on the page and in downloads, from one frame."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

import pandas as pd

from geo import columns as c
from geo.base.cache import VIEW_TABLES, YEARS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import (
    SUCCESSORS,
    Coverage,
    FormerKommune,
    ViewRow,
    YearRow,
    coverage,
    year_rows,
)
from geo.coverage.selection import data_view
from geo.coverage.view import View
from geo.places.year_links import KommuneOfYear
from geo.report.wording import (
    alphabetical,
    heading_of_kind,
    hub_names,
    kommune_names,
    project_names,
)
from geo.text.messages import Messages, messages
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
Ids: TypeAlias = tuple[str, ...]
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
_BLANK_IF_GONE = (c.POPULATION, c.AREA_KM2)
# Of what a hub outside the projects serves the evidence is known, but nothing is counted.
_KNOWN_ELSEWHERE = (c.EVIDENCE, c.EVIDENCE_STRONGEST, CODES[c.EVIDENCE])
_DECIMALS = {c.AREA_KM2: 2, c.GRANT_PER_INHABITANT_YEAR: 2}
_FIGURES = (c.POPULATION, c.POPULATION_COVERED, c.AREA_KM2, c.GRANT_PER_INHABITANT_YEAR)
_AMOUNTS = (c.GRANT_PER_INHABITANT_YEAR,)
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
    frame = frame.loc[_reading_order(dataset, found, full=full)]
    return pd.concat([frame, found.gone]) if found.former else frame


def _reading_order(dataset: Dataset, found: Coverage, *, full: bool) -> list[str]:
    """Return the kommunenr of the table, of those outside the view only if `full`."""
    of_view, places = found.of_view, _alphabet(dataset, found.selection.year)
    shown = [nr for nr, row in of_view.items() if full or row.state != c.OUTSIDE_VIEW]
    return sorted(shown, key=lambda nr: (_PLACES[of_view[nr].state], places[nr]))


_PLACES = {state: place for place, state in enumerate(c.STATES)}


@cache_on(YEARS)
def _alphabet(dataset: Dataset, year: int) -> dict[str, int]:
    """Return the place of each kommune of a year by county, then by name."""
    of_year = year_rows(dataset, year)
    named = {nr: (row.fylkesnr, alphabetical(row.label)) for nr, row in of_year.items()}
    return {nr: place for place, nr in enumerate(sorted(named, key=named.__getitem__))}


def headings(dataset: Dataset, language: str, names: Iterable[str] = COLUMNS) -> dict[str, str]:
    """Return the heading of each column in a language, by column name."""
    t = dataset.messages(language)
    found = {name: t(f"tables.{name}") for name in names}
    money = {name: heading_of_kind(dataset, found[name], t) for name in _AMOUNTS if name in found}
    return {**found, **money}


def page_columns(dataset: Dataset, view: View) -> Mapping[str, list[str]]:
    """Return the texts of the rows that the page lists, by heading: those of COLUMNS.

    Covered kommuner, those without a source, and former ones; those without coverage are listed if
    the view selects counties or asks for them. Numbers are formatted, symbols stand for
    figures that a kommune without coverage lacks. Figures are padded with figure spaces on the
    left, so that sorting as text sorts by number.
    """
    return _page_columns(dataset, data_view(view).but(uncovered=view.uncovered))


@cache_on(VIEW_TABLES)
def _page_columns(dataset: Dataset, view: View) -> Mapping[str, list[str]]:
    found, left_out = coverage(dataset, view), _left_out(view)
    write = _Writer(dataset, view)
    rows = [
        write.row(nr, found.of_year[nr], found.of_view[nr])
        for nr in _reading_order(dataset, found, full=False)
        if found.of_view[nr].state not in left_out
    ]
    rows += [write.former(one) for one in found.former]
    texts = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    columns = {name: list(column) for name, column in zip(COLUMNS, texts, strict=True)}
    aligned = {name: _aligned(columns[name]) for name in SHOWN_FIGURES}
    heads = headings(dataset, view.lang)
    return {heads[name]: texts for name, texts in (columns | aligned).items()}


class _Writer:
    """Writes the cells of the page's table in a language; cells that repeat are made once."""

    def __init__(self, dataset: Dataset, view: View) -> None:
        self.dataset, self.year, self.language = dataset, view.year, view.lang
        self.code = cache(partial(coverage_word, messages(view.lang)))
        self.projects = cache(lambda ids: _join(project_names(dataset, ids)))
        self.hubs = cache(lambda ids: _join(hub_names(dataset, ids)))

    def row(self, nr: str, of_year: YearRow, said: ViewRow) -> tuple[str, ...]:
        """Return the cells of a kommune of the structure year, in the order of COLUMNS."""
        symbol = partial(symbol_in, said.state)
        return (
            nr,
            of_year.label,
            of_year.fylke,
            self.code(said.state),
            symbol(c.EVIDENCE) or self.code(said.evidence),
            self.figure(c.POPULATION, of_year.population),
            self.projects(said.project_ids),
            self.hubs(serving(said.state, said.hub_ids, said.elsewhere_hub_ids)),
            symbol(c.POPULATION_COVERED)
            or self.figure(c.POPULATION_COVERED, said.population_covered),
            symbol(c.GRANT_PER_INHABITANT_YEAR)
            or self.figure(c.GRANT_PER_INHABITANT_YEAR, said.grant_per_inhabitant_year),
            _dated(self.dataset, said.covered_predecessors, self.year),
        )

    def former(self, one: FormerKommune) -> tuple[str, ...]:
        """Return the cells of a kommune that the structure year no longer knows."""
        cells = {
            c.KOMMUNENR: one.kommunenr,
            c.LABEL: one.label,
            c.STATE: self.code(one.state),
        }
        return tuple(cells.get(name) or symbol_in(one.state, name) or "" for name in COLUMNS)

    def figure(self, name: str, value: float) -> str:
        """Return a number of a column, "" for one that is not known."""
        return "" if pd.isna(value) else number(value, self.language, _DECIMALS.get(name, 0))


def coverage_word(t: Messages, code: str) -> str:
    """Return a state, a level of evidence or a basis in words; "" for none."""
    return t(f"coverage.{code}") if code else ""


def symbol_in(state: str, name: str) -> str:
    """Return the symbol in a column of a kommune in some state; "" if the cell has its value."""
    if state not in SYMBOLS:
        return ""
    if state == c.DID_NOT_EXIST and name in _BLANK_IF_GONE:
        return SYMBOLS[state]
    known = state == c.ELSEWHERE and name in _KNOWN_ELSEWHERE
    return SYMBOLS[state] if name in _BLANK_IF_EMPTY and not known else ""


def serving(state: str, hub_ids: Ids, elsewhere_hub_ids: Ids) -> Ids:
    """Return the hubs that a state rests on."""
    return elsewhere_hub_ids if state == c.ELSEWHERE else hub_ids


def with_symbols(table: pd.DataFrame, states: "pd.Series[str]") -> pd.DataFrame:
    """Return the table with symbols in the figures that kommuner without coverage lack.

    `states` are the rows' states, with the same index; the table's columns are kept.
    """
    table = table.copy()
    for name in table.columns.intersection([*_BLANK_IF_EMPTY, *_BLANK_IF_GONE]):
        cells = zip(states, table[name], strict=True)
        written = [symbol_in(state, name) or value for state, value in cells]
        table[name] = pd.Series(written, table.index, dtype="object")
    return table


def in_words(dataset: Dataset, view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `rows` with all columns of the page and the downloads, codes put into words.

    Adds data_version, symbol, state_code, evidence_code and project_codes to the columns of `rows`;
    same index. Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    t = messages(view.lang)
    empty = table[c.STATE].isin(tuple(SYMBOLS))
    serving_hubs = map(serving, table[c.STATE], table[c.HUB_IDS], table[c.ELSEWHERE_HUB_IDS])
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
        c.HUB_IDS: _each(serving_hubs, lambda ids: _join(hub_names(dataset, ids))),
        c.ELSEWHERE_HUB_IDS: _each(table[c.ELSEWHERE_HUB_IDS], "|".join),
        c.SOURCE_IDS: _each(table[c.SOURCE_IDS], "|".join),
        c.STATED_YEARS: _each(table[c.STATED_YEARS], "|".join),
        SUCCESSORS: _each(table[SUCCESSORS], lambda ids: _named(dataset, ids, view.year)),
        c.POPULATION_COVERED: table[c.POPULATION_COVERED].where(~empty),
        c.POPULATION_YEAR: table[c.POPULATION_YEAR].where(~empty).astype("Int64"),
    }
    for name in (c.EVIDENCE, c.EVIDENCE_STRONGEST, c.BASIS_COLUMN):
        columns[name] = [coverage_word(t, code) for code in table[name].fillna("")]
    for name in (c.COVERED_PREDECESSORS, c.UNCOVERED_PREDECESSORS, c.NO_SOURCE_PREDECESSORS):
        columns[name] = _each(table[name], lambda found: _dated(dataset, found, view.year))
    return table.assign(**columns)


def _each(values: Iterable[Any], write: Callable[[tuple[Any, ...]], str]) -> list[str]:
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
    states = {state: found.states.get(state, 0) for state in c.STATES}
    return {**states, c.DID_NOT_EXIST: len(found.former)}


def page_rows(dataset: Dataset, view: View) -> pd.DataFrame:
    """Return `page_columns` as a frame, with a default index."""
    return pd.DataFrame(page_columns(dataset, view), dtype="str")


def export_rows(dataset: Dataset, view: View, *, full: bool = False) -> pd.DataFrame:
    """Return the rows of a download: those of `rows` that the page lists, or all if `full`.

    Columns are those of `rows`; indexed by kommunenr.
    """
    table = rows(dataset, view, full=full)
    return table if full else table[~table[c.STATE].isin(_left_out(view))]


def _left_out(view: View) -> tuple[str, ...]:
    """Return the states that the page does not list."""
    return () if view.fylke or view.uncovered else (c.NOT_COVERED, c.ELSEWHERE)


def _aligned(texts: list[str]) -> list[str]:
    width = max(map(len, texts), default=0)
    return [text.rjust(width, FIGURE_SPACE) for text in texts]
