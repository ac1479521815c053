"""Removes or replaces characters that XML, PDF/A or the fonts cannot hold.

Typed or pasted text contains invisible characters: byte order marks, U+FFFE from hyphenation in
PDFs, directional marks. They are removed. A visible character that cannot be written is reported to
the user, or replaced by U+FFFD where nobody can be asked.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
_UPRIGHT = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_FACES = (*_UPRIGHT, "DejaVuSans-Oblique.ttf")  # notes are in italics
MOST_MARKS = 3  # combining marks on one letter; more overlap the line above
_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff\ufdd0-\ufdef]"
)
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Refused:
    """A character that cannot be written, and its position, counted from 1."""

    sign: str
    place: int

    @property
    def shown(self) -> str:
        """The character in displayable form: a combining mark on U+25CC, a surrogate as U+FFFD."""
        carrier = "\N{DOTTED CIRCLE}" if unicodedata.combining(self.sign) else ""
        return safe(carrier + self.sign)

    @property
    def code(self) -> str:
        """The code point: "U+1F600"."""
        return f"U+{ord(self.sign):04X}"


def cleaned(text: str) -> str:
    """Return the text on one line, in Unicode NFC, without invisible characters."""
    line = _BREAKS.sub(" ", _HALVES.sub(_joined, text))
    seen = "".join(sign for sign in line if not _invisible(sign))
    return unicodedata.normalize("NFC", seen)


def _joined(halves: re.Match[str]) -> str:
    return halves.group().encode("utf-16", "surrogatepass").decode("utf-16")


def refused(text: str) -> Refused | None:
    """Return the first character of a cleaned text that cannot be written; None if all can."""
    return next(_refused(text, drawable()), None)


def written(text: str, *, slanted: bool = True) -> str:
    """Return the text with U+FFFD for each refused character; upright faces refuse fewer."""
    places = {one.place - 1 for one in _refused(text, drawable(slanted=slanted))}
    return "".join(_REPLACEMENT if n in places else sign for n, sign in enumerate(text))


def _refused(text: str, drawn: frozenset[int]) -> Iterator[Refused]:
    marks = 0
    for place, sign in enumerate(text, start=1):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        known = ord(sign) in drawn and unicodedata.category(sign) not in ("Cs", "Co", "Cn")
        if marks > MOST_MARKS or not (known or sign in "\t\n\r" or _shown_as_nothing(sign)):
            yield Refused(sign, place)


def safe(text: str) -> str:
    """Return text safe for every file: no controls; surrogates and private use as U+FFFD."""
    return "".join(
        _REPLACEMENT if unicodedata.category(sign) in ("Cs", "Co") else sign
        for sign in text
        if sign in "\t\n\r" or not _harmful(sign)
    )


def _invisible(sign: str) -> bool:
    return _shown_as_nothing(sign) or _harmful(sign)


def _shown_as_nothing(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or _NOTHING.match(sign) is not None


def _harmful(sign: str) -> bool:
    """Return whether a character is invisible and not allowed in XML or PDF/A."""
    return unicodedata.category(sign) == "Cc" or sign == "\ufeff" or ord(sign) & 0xFFFE == 0xFFFE


@cache
def drawable(*, slanted: bool = True) -> frozenset[int]:
    """Return the code points that every font face used in pictures and PDF has."""
    names = _FACES if slanted else _UPRIGHT
    faces = [frozenset(FT2Font(FONTS / name).get_charmap()) for name in names]
    return frozenset.intersection(*faces)
