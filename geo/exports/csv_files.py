"""Exports CSV twice: for Norwegian Excel, and after RFC 4180 for programs."""

import csv
import io
from collections.abc import Iterable

import pandas as pd

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports import rows
from geo.exports.about import about
from geo.exports.cell_text import defused


def norwegian(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return CSV that Norwegian Excel opens directly: UTF-8 with BOM, semicolon, decimal comma.

    Columns as `rows.columns`, headings in the view's language. Each row has the code, the symbol
    and the text of its state; figures missing for an empty kommune show the symbol. If there are no
    rows, one line says why.
    """
    table = rows.with_symbols(dataset, view, full=full)
    lines = [[_cell(value, ",") for value in row] for row in table.itertuples(index=False)]
    if not lines:
        lines = [[about(dataset, view, full=full).rows]]
    return _written([rows.headings(dataset, view.lang).values(), *lines], ";").encode("utf-8-sig")


def plain(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return CSV after RFC 4180: UTF-8, comma, decimal point, CRLF, column names as header.

    Columns as `rows.columns`. Figures missing for an empty kommune are empty; the columns symbol
    and state_code say why.
    """
    table = rows.values(dataset, view, full=full)
    return written(table.columns, table.itertuples(index=False))


def written(header: Iterable[str], lines: Iterable[Iterable[object]]) -> bytes:
    """Return a table as CSV after RFC 4180, with decimal points and formulas disarmed."""
    cells = ([_cell(value, ".") for value in line] for line in lines)
    return _written([header, *cells], ",").encode("utf-8")


def _written(lines: Iterable[Iterable[str]], separator: str) -> str:
    content = io.StringIO()
    csv.writer(content, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return content.getvalue()


def _cell(value: object, decimal_sign: str) -> str:
    if isinstance(value, str):
        return defused(value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(value).removesuffix(".0").replace(".", decimal_sign)
    return str(value)
