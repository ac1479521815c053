"""The typeface of pictures: Kart Sans, and DejaVu Sans for the signs that it lacks."""

import base64
import re
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags

from geo.base import fonts
from geo.base.cache import NUMBERS
from geo.base.font_source import FAMILY, ORIGINAL
from geo.text import signs

_MEASURED = 200  # points; large, since FreeType rounds
_BROWSERS = f'font-family: "{FAMILY}"'
_DIGITS = re.compile(r"(\d\.\d\d)\d+")  # of coordinates in points
_TAGS = re.compile(r"<[^>]+>")
_TEXTS = re.compile(r"<text[^>]*>([^<]*)")


@cache
def _families() -> list[str]:
    """Return the families to try for each sign; the first time, tell matplotlib of ours."""
    known = font_manager.fontManager
    for weight in fonts.WEIGHTS:
        known.addfont(fonts.truetype(weight))
    bold = next(e for e in known.ttflist if Path(e.fname).name == _signs(bold=True).name)
    known.ttflist.append(replace(bold, weight=600))
    return [FAMILY, bold.name]


def font(size: float, *, bold: bool = False) -> FontProperties:
    """Return the typeface in a size in points; bold is the weight 600."""
    return FontProperties(family=_families(), size=size, weight=600 if bold else 400)


@lru_cache(NUMBERS.most)
def width(text: str, *, bold: bool = False) -> float:
    """Return the width of a text, in sizes of its letters."""
    face = font_manager.get_font([fonts.truetype(600 if bold else 400), _signs(bold=bold)])
    face.set_size(_MEASURED, 72)
    face.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0] / 64 / _MEASURED)


def _signs(*, bold: bool) -> Path:
    return signs.FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def with_font(svg: str) -> str:
    """Return an SVG with the signs of its texts as a font inside, so that browsers show it."""
    used = "".join(sorted({sign for text in _TEXTS.findall(svg) for sign in text}))
    faces = "".join(_face(weight, used) for weight in fonts.WEIGHTS)
    installed = svg.replace(f"'{FAMILY}'", f"'{FAMILY}', '{ORIGINAL}'")
    return shorter(installed).replace("<defs>", f"<defs>\n  <style>{faces}</style>", 1)


def shorter(svg: str) -> str:
    """Return an SVG with coordinates to a hundredth of a point; dates and scales stay whole."""
    return _TAGS.sub(_shorter, svg)


def _shorter(tag: re.Match[str]) -> str:
    return tag.group() if "scale(" in tag.group() else _DIGITS.sub(r"\1", tag.group())


def _face(weight: int, used: str) -> str:
    made = base64.b64encode(fonts.of_signs(weight, used)).decode("ascii")
    source = f"src: url(data:font/woff2;base64,{made}) format('woff2')"
    return f"@font-face {{ {_BROWSERS}; font-weight: {weight}; {source} }}"
