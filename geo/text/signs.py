"""Which signs can be written in every file: in XML, in a PDF for archives, and by the fonts.

Texts that are typed or pasted carry signs that nobody sees: byte order marks, halves of words that
a PDF joined by U+FFFE, marks that turn the text round. They are taken out. A sign that would be
seen and cannot be written is told; where nobody is there to be told it becomes U+FFFD.
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
_FACES = (*_UPRIGHT, "DejaVuSans-Oblique.ttf")  # notes are slanted
MOST_MARKS = 3  # accents on one letter; more are drawn over what stands above
_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff\ufdd0-\ufdef]"
)
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Refused:
    """A sign that cannot be written, and where it stands, counted from 1."""

    sign: str
    place: int

    @property
    def shown(self) -> str:
        """The sign as a sentence can show it: an accent over a circle, half a sign as U+FFFD."""
        carrier = "\N{DOTTED CIRCLE}" if unicodedata.combining(self.sign) else ""
        return safe(carrier + self.sign)

    @property
    def code(self) -> str:
        """The sign by its number: "U+1F600"."""
        return f"U+{ord(self.sign):04X}"


def cleaned(text: str) -> str:
    """Return a text on one line without what is invisible; what remains is as it was."""
    line = _BREAKS.sub(" ", _HALVES.sub(_joined, text))
    seen = "".join(sign for sign in line if not _invisible(sign))
    return unicodedata.normalize("NFC", seen)


def _joined(halves: re.Match[str]) -> str:
    return halves.group().encode("utf-16", "surrogatepass").decode("utf-16")


def refused(text: str) -> Refused | None:
    """Return the first sign of a cleaned text that cannot be written; None if all can."""
    return next(_refused(text, drawable()), None)


def written(text: str, *, slanted: bool = True) -> str:
    """Return a text with U+FFFD for each sign that is refused; upright texts lose fewer."""
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
    """Return somebody's text fit for every file; signs that no file can hold become U+FFFD."""
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
    """Say whether XML or PDF/A has no place for a sign that is not seen anyway."""
    return unicodedata.category(sign) == "Cc" or sign == "\ufeff" or ord(sign) & 0xFFFE == 0xFFFE


@cache
def drawable(*, slanted: bool = True) -> frozenset[int]:
    """Return the numbers of the signs that the fonts of pictures and sheets have in every face."""
    names = _FACES if slanted else _UPRIGHT
    faces = [frozenset(FT2Font(FONTS / name).get_charmap()) for name in names]
    return frozenset.intersection(*faces)
