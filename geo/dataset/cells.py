"""Parses table cells by column type, for both validation and loading.

Stricter than Python's own parsing: int() accepts "6_000_000" and Arabic digits, float() accepts
"nan" and "1e400"; no spreadsheet writes any of these on purpose.
"""

import math
import re
from datetime import date
from typing import Any

# Exact as float64, and small enough that sums cannot overflow int64.
LARGEST = 10**15
_INTEGER = re.compile(r"[+-]?[0-9]{1,16}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {"true": True, "false": False}


class NotOfType(ValueError):
    """The text of a cell is not a value of its column's type."""


def value(text: str, kind: str) -> Any:
    """Return the value of a cell: None if empty, else int, float, bool, or str (also for dates).

    Raises NotOfType if the text is not of type `kind`.
    """
    if not text:
        return None
    reader = _READERS.get(kind)
    return reader(text) if reader else text


def integer(text: str) -> int:
    """Return an integer. Raises NotOfType if the text is not one or exceeds LARGEST."""
    if _INTEGER.fullmatch(text) and abs(found := int(text)) <= LARGEST:
        return found
    raise NotOfType(text)


def number(text: str) -> float:
    """Return a finite number. Raises NotOfType if the text is not one or exceeds LARGEST."""
    if _NUMBER.fullmatch(text) and math.isfinite(found := float(text)) and abs(found) <= LARGEST:
        return found
    raise NotOfType(text)


def integer_or_none(text: str) -> int | None:
    """Return an integer, or None if the text is not one."""
    try:
        return integer(text)
    except NotOfType:
        return None


def number_or_none(text: str) -> float | None:
    """Return a finite number, or None if the text is not one."""
    try:
        return number(text)
    except NotOfType:
        return None


def _boolean(text: str) -> bool:
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    raise NotOfType(text)


def _date(text: str) -> str:
    try:
        if _DATE.fullmatch(text) and date.fromisoformat(text):
            return text
    except ValueError:
        pass
    raise NotOfType(text)


_READERS = {"integer": integer, "number": number, "boolean": _boolean, "date": _date}
