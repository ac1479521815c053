"""Checks that each row of coverage has the evidence that its level demands."""

from collections.abc import Iterator, Mapping

from geo.columns import (
    ASSUMED,
    ASSUMPTION_ID,
    DOCUMENTED,
    EVIDENCE,
    STATED_QUALIFIERS,
    STATED_YEARS,
)
from geo.dataset import stated_years
from geo.dataset.csv_accidents import Sheet
from geo.text.messages import Messages, messages
from geo.text.numbers import year_span
from geo.validation.issue import Issue

_SHOWN = 60  # characters of a cell in a message


def check(sheets: Mapping[str, Sheet], names: Mapping[str, str], language: str) -> Iterator[Issue]:
    """Yield every row without the assumption or the years that its evidence needs."""
    t = messages(language)
    windows = _windows(sheets)
    for table in ("coverage", "other_coverage"):
        if table in sheets:
            yield from _table(sheets[table], names[table], windows, t)


def _table(sheet: Sheet, file: str, windows: stated_years.Windows, t: Messages) -> Iterator[Issue]:
    for number, row in sheet.rows:
        wrong = _assumption(row, t)
        if wrong:
            yield Issue(file, number, ASSUMPTION_ID, row.get(ASSUMPTION_ID, ""), wrong)
        wrong = _years(row, windows, t)
        if wrong:
            yield Issue(file, number, STATED_YEARS, row[STATED_YEARS][:_SHOWN], wrong)


def _windows(sheets: Mapping[str, Sheet]) -> stated_years.Windows:
    tables = ("programmes", "projects", "partners")
    rows = ([row for _, row in sheets[name].rows] if name in sheets else [] for name in tables)
    return stated_years.windows_of_package(*rows)


def _assumption(row: Mapping[str, str], t: Messages) -> str:
    """Return what is wrong with the assumption that a row names, or fails to name."""
    assumption = row.get(ASSUMPTION_ID, "")
    if row.get(EVIDENCE) == ASSUMED and not assumption:
        return t("validate.no_assumption")
    if row.get(EVIDENCE) != ASSUMED and assumption:
        return t("validate.needless_assumption", value=row.get(EVIDENCE))
    return ""


def _years(row: Mapping[str, str], windows: stated_years.Windows, t: Messages) -> str:
    """Return what is wrong with the years that a row's sources speak of; none need be stated."""
    cell = row.get(STATED_YEARS, "")
    try:
        stated = stated_years.parse(cell)
    except stated_years.BadStatedYears as error:
        words = ", ".join(STATED_QUALIFIERS)
        return t("validate.stated_years", value=str(error)[:_SHOWN], words=words)
    own = windows.of(row)
    if not stated or not own or row.get(EVIDENCE) != DOCUMENTED:
        return ""
    if any(years.documents(window) for years in stated for window in own):
        return ""
    weak = ", ".join(stated_years.WEAK)
    spans = ", ".join(map(year_span, own))
    return t("validate.not_documented", value=cell[:_SHOWN], window=spans, weak=weak)
