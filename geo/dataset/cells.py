"""What a cell of a table may hold: the one reader that validation and loading share.

Narrower than what Python takes for a number: int() reads "6_000_000" and Arabic digits, float()
reads "nan" and "1e400", and no spreadsheet means any of these.
"""

import math
import re
from datetime import date
from typing import Any

# Exact as a float64 and far from the ends of int64, so that sums cannot overflow.
LARGEST = 10**15
_INTEGER = re.compile(r"[+-]?[0-9]{1,16}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {"true": True, "false": False}


class NotOfType(ValueError):
    """A cell's text is not a value of its column's type."""


def value(text: str, kind: str) -> Any:
    """Return what a cell holds: None if empty, else int, float, bool, or text (dates too).

    Raises NotOfType.
    """
    if not text:
        return None
    reader = _READERS.get(kind)
    return reader(text) if reader else text


def integer(text: str) -> int:
    """Return a whole number. Raises NotOfType."""
    if _INTEGER.fullmatch(text) and abs(found := int(text)) <= LARGEST:
        return found
    raise NotOfType(text)


def number(text: str) -> float:
    """Return a finite number. Raises NotOfType."""
    if _NUMBER.fullmatch(text) and math.isfinite(found := float(text)) and abs(found) <= LARGEST:
        return found
    raise NotOfType(text)


def integer_or_none(text: str) -> int | None:
    """Return a whole number, None where the text is not one."""
    try:
        return integer(text)
    except NotOfType:
        return None


def number_or_none(text: str) -> float | None:
    """Return a finite number, None where the text is not one."""
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
