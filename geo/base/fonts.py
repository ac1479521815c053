"""Source Sans in the two weights that are used, taken from the installed Streamlit.

Streamlit ships it as one variable font (SIL Open Font License 1.1); no copy lies in this project.
Pictures and fact sheets need files of one weight each, the public edition small ones. What is made
from it is called Kart Sans, since the licence keeps the name "Source" for Adobe's own files. The
same font gives the same bytes, whoever converts it and when.
"""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import fontTools
import matplotlib as mpl
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from geo.base.font_source import FAMILY, original

WEIGHTS = (400, 600)
LATIN, EXTENDED = "latin", "latin-ext"
# Browsers load a part when a page has a character of it; Sámi and Kven names are in the second.
PARTS = {
    LATIN: ((0x20, 0x7E), (0xA0, 0xFF), (0x131, 0x131), (0x152, 0x153), (0x2010, 0x2027),
            (0x202F, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193),
            (0x2212, 0x2212), (0x25CB, 0x25CF)),
    EXTENDED: ((0x100, 0x130), (0x132, 0x151), (0x154, 0x24F), (0x300, 0x36F), (0x1E00, 0x1EFF)),
}  # fmt: skip
LICENCE = (
    "Kart Sans is made from Source Sans 3, © 2023 Adobe (http://www.adobe.com/), with Reserved "
    "Font Name ‘Source’, under the SIL Open Font License 1.1: https://openfontlicense.org. "
    "It has fewer characters and weights, and may be used under the same licence."
)
_DROPPED = "STAT"  # says how weights differ, in names that a single weight lacks: Firefox complains
_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum"]
_NAMES = {1: FAMILY, 13: LICENCE, 14: "https://openfontlicense.org", 16: FAMILY}
_STYLES = {400: "Regular", 600: "SemiBold"}


def unicode_range(part: str) -> str:
    """Return the characters of a part as CSS writes them: "U+20-7E,U+A0-FF"."""
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in PARTS[part])


@cache
def woff2(weight: int, part: str) -> bytes:
    """Return a part of a weight as WOFF2, for browsers."""
    return _written(_cut(_open(weight), PARTS[part]), "woff2")


def of_signs(weight: int, signs: str) -> bytes:
    """Return a weight with only the signs of a text, as WOFF2."""
    return _written(_cut(_open(weight), [(ord(sign), ord(sign)) for sign in signs]), "woff2")


def _open(weight: int) -> Any:
    return TTFont(truetype(weight), recalcTimestamp=False)


def truetype(weight: int) -> Path:
    """Return the file of a weight in the folder."""
    return folder() / f"KartSans-{_STYLES[weight]}.ttf"


@cache
def folder() -> Path:
    """Return a folder with each weight as a TrueType file, for matplotlib and Typst.

    Made once, in some seconds, and kept in matplotlib's cache where that can be written to.
    """
    kept = Path(mpl.get_cachedir()) / f"kart-sans-{_version()}"
    if not kept.is_dir():
        half = Path(tempfile.mkdtemp(dir=kept.parent))
        for weight, content in _weights().items():
            (half / f"KartSans-{_STYLES[weight]}.ttf").write_bytes(content)
        try:
            half.rename(kept)
        except OSError:  # another process was first
            shutil.rmtree(half)
    return kept


def _version() -> str:
    made = f"{PARTS}{_FEATURES}{_NAMES}{_STYLES}{_DROPPED}{fontTools.version}".encode()
    return hashlib.sha256(original().read_bytes() + made).hexdigest()[:10]


def _weights() -> dict[int, bytes]:
    """Return each weight as TrueType, with the characters of all parts."""
    spans = [span for part in PARTS.values() for span in part]
    variable = _written(_cut(TTFont(original(), recalcTimestamp=False), spans), None)
    made = {}
    for weight in WEIGHTS:
        font = TTFont(io.BytesIO(variable), recalcTimestamp=False)
        font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
        _name(font, weight)
        made[weight] = _written(font, None)
    return made


def _cut(font: Any, spans: Iterable[tuple[int, int]]) -> Any:
    """Return the font with the characters of some spans only."""
    options = subset.Options(layout_features=_FEATURES, name_IDs=["*"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[sign for first, last in spans for sign in range(first, last + 1)])
    cutter.subset(font)
    return font


def _name(font: Any, weight: int) -> None:
    """Give the font its own name, and its licence; drop the names of what was cut off."""
    style = _STYLES[weight]
    names = _NAMES | {2: style, 3: f"KartSans-{style}", 17: style}
    names |= {4: f"{FAMILY} {style}", 6: f"KartSans-{style}"}
    table = font["name"]
    kept = (0, 7)  # whose the original is
    table.names = [one for one in table.names if one.nameID in kept and one.platformID == 3]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    del font[_DROPPED]


def _written(font: Any, flavor: str | None) -> bytes:
    font.flavor = flavor
    target = io.BytesIO()
    font.save(target, reorderTables=None)
    return target.getvalue()
