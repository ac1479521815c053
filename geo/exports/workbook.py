"""Exports an XLSX workbook: one sheet of data, and sheets with definitions, symbols and sources."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports import rows
from geo.exports.about import about, behind, definitions, symbols
from geo.text.messages import Messages

# Keep text as text: names that look like formulas or addresses must not become such.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_NUMBER_FORMATS = {rows.WHOLE: "#,##0", rows.DECIMAL: "#,##0.00", rows.YEAR: "0"}
_WIDEST = 60  # characters
_LONGEST = 32_767  # characters per cell, a limit of XLSX; the other formats hold the rest
_ARROW = 4  # characters that bold type and the filter arrow add to a heading
_MOST_LINES = 27  # a limit of XLSX: rows are at most 409 points high
_HEADING_LINES, _LINE = 3, 15  # heading height in lines; line height in points
_A4 = 9


def workbook(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return XLSX with the sheets data, definitions, symbols and sources.

    Each sheet has one table below its title. The data have the columns of `rows.columns`: kommunenr
    as text, figures as numbers, and a symbol for a figure missing for an empty kommune. The same
    view gives the same bytes on any day.
    """
    t = dataset.messages(view.lang)
    said = about(dataset, view, full=full)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        midnight = datetime.combine(dataset.data_day, time.min)
        book.set_properties({"title": said.title, "comments": said.source, "created": midnight})
        sheets = _Sheets(book, t)
        lines = (said.corrected, said.rows, said.symbols, said.source, said.figures)
        sheets.data(
            said.title,
            [*filter(None, lines)],
            rows.with_symbols(dataset, view, full=full),
            {column: column.heading(dataset, view.lang) for column in rows.columns(dataset)},
        )
        sheets.texts(
            "definitions", (t("export.definitions_note"),), definitions(dataset, view.lang)
        )
        sheets.texts("symbols", (t("export.symbols_note"),), symbols(dataset, view.lang))
        found = behind(dataset, view, rows.values(dataset, view, full=full))
        listed = [(s.source_id, s.title, s.publisher, s.when(view.lang), s.url) for s in found]
        terms = (f"{said.licence} {said.attribution}", said.licence_url)
        sheets.texts("sources", terms, listed)
    return content.getvalue()


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "definitions": ("heading", "column", "meaning", "unit"),
    "symbols": ("symbol", "code", "meaning"),
    "sources": ("number", "title", "publisher", "date", "address"),
}


class _Sheets:
    """Writes sheets of one layout: title in A1, explanatory lines, an empty line, the table."""

    def __init__(self, book: Workbook, t: Messages) -> None:
        self._book = book
        self._t = t
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._symbol = book.add_format({"align": "right"})
        self._numbers = {
            kind: book.add_format({"num_format": form}) for kind, form in _NUMBER_FORMATS.items()
        }

    def data(
        self,
        title: str,
        lines: Sequence[str],
        table: pd.DataFrame,
        columns: Mapping[rows.ExportColumn, str],
    ) -> None:
        """Write the data sheet, by column with its heading, two frozen."""
        sheet, first = self._begun("data", title, lines)
        self._table(sheet, first, "data", list(columns.values()), len(table))
        for place, (column, heading) in enumerate(columns.items()):
            cells = table[column.name]
            for line, value in enumerate(cells, start=first + 1):
                self._cell(sheet, line, place, column, value)
            sheet.set_column(place, place, _width(heading, map(str, cells)))
        sheet.set_row(first, _LINE * _HEADING_LINES)
        sheet.freeze_panes(first + 1, 2)
        sheet.repeat_rows(first)

    def _cell(
        self, sheet: Worksheet, line: int, place: int, column: rows.ExportColumn, value: Any
    ) -> None:
        if isinstance(value, str):
            _write(sheet, line, place, value, self._symbol if column.is_number else None)
        elif not pd.isna(value):
            sheet.write_number(line, place, value, self._numbers[column.kind])

    def texts(self, name: str, lines: Sequence[str], table: Sequence[tuple[str, ...]]) -> None:
        """Write a sheet of text."""
        sheet, first = self._begun(name, self._t(f"export.sheet_{name}_title"), lines)
        headings = [self._t(f"export.head_{heading}") for heading in _COLUMNS[name]]
        self._table(sheet, first, name, headings, len(table))
        widths = [
            _width(heading, (row[place] for row in table)) for place, heading in enumerate(headings)
        ]
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for line, row in enumerate(table, start=first + 1):
            lines_needed = max(map(_lines, row, widths))
            sheet.set_row(line, _LINE * lines_needed)
            for place, text in enumerate(row):
                _write(sheet, line, place, text, self._wrapped)
        sheet.freeze_panes(first + 1, 1)

    def _begun(self, name: str, title: str, lines: Sequence[str]) -> tuple[Worksheet, int]:
        """Return a new sheet with title and lines, and the first row of its table."""
        sheet = self._book.add_worksheet(self._t(f"export.sheet_{name}"))
        sheet.write_string(0, 0, title, self._title)
        for line, text in enumerate(lines, start=1):
            _write(sheet, line, 0, text)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # one page wide, as many pages as needed
        return sheet, len(lines) + 2

    def _table(
        self, sheet: Worksheet, first: int, name: str, headings: Sequence[str], length: int
    ) -> None:
        for place, heading in enumerate(headings):
            sheet.write_string(first, place, heading, self._head)
        if length:  # Excel rejects tables without rows
            columns = [{"header": text, "header_format": self._head} for text in headings]
            look = {"name": name, "columns": columns, "style": "Table Style Light 1"}
            sheet.add_table(first, 0, first + length, len(headings) - 1, look)


def _write(sheet: Worksheet, line: int, place: int, text: str, style: Format | None = None) -> None:
    """Write a text; where there is none the cell stays blank, which is not an empty text."""
    if text:
        sheet.write_string(line, place, _held(text), style)


def _held(text: str) -> str:
    """Return the text, cut off at the cell limit."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _width(heading: str, texts: Iterable[str]) -> int:
    """Return a column's width in characters, so that no word of the heading breaks."""
    words = max(map(len, heading.split())) + _ARROW
    return min(_WIDEST, max([words, *(len(text) + 2 for text in texts)]))


def _lines(text: str, width: int) -> int:
    """Return how many lines a text needs; LibreOffice does not adjust row heights itself."""
    return min(-(-len(text) // (width - 2)) or 1, _MOST_LINES)
