"""The order of data versions."""

import re

_PART = re.compile(r"\d+|[A-Za-z]+")


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return what versions are sorted by: numbers as numbers, so that 1.10 comes after 1.9.

    What follows the numbers comes later: 2.0.0-abc1234, with fetched registers, after 2.0.0.
    """
    parts = _PART.findall(version)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
