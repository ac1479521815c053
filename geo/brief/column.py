"""A text column in a matplotlib figure: wrapped text and legend entries, top to bottom."""

import re
from dataclasses import dataclass, field

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D
from shapely import box

from geo.base.look_data import DRAWING
from geo.brief.labels import text_size
from geo.brief.textures import POINTS_PER_PIXEL, style_of, texture
from geo.report.looks import Look

INK, QUIET = DRAWING["page"]["ink"], DRAWING["page"]["quiet"]
LINE_HEIGHT = 1.3  # of the font size
SWATCH_WIDTH = 2.0  # of the font size, and its height
SWATCH_HEIGHT = 1.1
_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space inside figures


@dataclass
class TextColumn:
    """Writes from `top` downwards; lengths are in points, y counts from the top of the figure."""

    figure: Figure
    left: float
    top: float
    width: float
    scale: float = 1.0
    artists: list[Artist] = field(default_factory=list)

    def text(
        self, text: str, size: float, *, bold: bool = False, colour: str = INK, after: float = 0
    ) -> None:
        """Write a text, wrapped to the column, and leave a gap after it."""
        size *= self.scale
        for line in self.wrapped(text, size, bold=bold, width=self.width):
            self._line(line, self.left, size, bold=bold, colour=colour)
            self.top += size * LINE_HEIGHT
        self.top += after * self.scale

    def entry(self, look: Look, label: str, size: float) -> None:
        """Write a legend entry: a swatch and its label."""
        size *= self.scale
        indent = size * (SWATCH_WIDTH + 0.7)
        self._swatch(look, size)
        for line in self.wrapped(label, size, bold=False, width=self.width - indent):
            self._line(line, self.left + indent, size, bold=False, colour=INK)
            self.top += size * LINE_HEIGHT
        self.top += size * 0.25

    def wrapped(self, text: str, size: float, *, bold: bool, width: float) -> list[str]:
        """Return a text as lines that are at most `width` points wide."""
        lines, line = [], ""
        given = _SPACE.split(text)
        for word in (part for one in given for part in self._parts(one, size, width, bold=bold)):
            longer = f"{line} {word}" if line else word
            if line and self.measured(longer, size, bold=bold) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line] if line else lines

    def _parts(self, word: str, size: float, width: float, *, bold: bool) -> list[str]:
        """Return a word, split if it is wider than the column (URLs are)."""
        parts = []
        while self.measured(word, size, bold=bold) > width and len(word) > 1:
            keep = max(1, int(len(word) * width / self.measured(word, size, bold=bold)))
            while keep > 1 and self.measured(word[:keep], size, bold=bold) > width:
                keep -= 1
            parts.append(word[:keep])
            word = word[keep:]
        return [*parts, word]

    def measured(self, text: str, size: float, *, bold: bool) -> float:
        """Return the width of a text in points."""
        return text_size(self.figure, text, _font(size, bold=bold))[0] * 72 / self.figure.dpi

    def _line(self, text: str, left: float, size: float, *, bold: bool, colour: str) -> None:
        x, y = self._place(left, self.top + size)
        self.artists.append(
            self.figure.text(
                x,
                y,
                text,
                fontproperties=_font(size, bold=bold),
                color=colour,
                va="baseline",
                parse_math=False,
            )
        )

    def _place(self, x: float, y: float) -> tuple[float, float]:
        wide, high = self.figure.get_size_inches() * 72
        return x / wide, 1 - y / high

    def _swatch(self, look: Look, size: float) -> None:
        middle = self.top + size * 0.66
        wide, high = size * SWATCH_WIDTH, size * SWATCH_HEIGHT
        total_wide, total_high = self.figure.get_size_inches() * 72
        x, y = self._place(self.left + wide / 2, middle)
        if look.pattern == "hub":
            self._add(
                Line2D(
                    [x], [y], marker="D", linestyle="", markersize=size * 0.75,
                    markerfacecolor=look.fill, markeredgecolor=look.line,
                )
            )  # fmt: skip
        elif look.pattern == "line":
            half = wide / total_wide / 2
            self._add(Line2D([x - half, x + half], [y, y], color=look.fill))
        elif look.pattern != "none":
            self._tile(look, (self.left, total_high - middle - high / 2, wide, high))
        if look.sign:
            text = self.figure.text(
                x, y, look.sign, ha="center", va="center", color=look.fill,
                fontproperties=_font(size, bold=True),
            )  # fmt: skip
            self.artists.append(text)

    def _tile(self, look: Look, place: tuple[float, float, float, float]) -> None:
        """Draw a look in a rectangle: left, bottom, width and height in points."""
        left, bottom, wide, high = place
        patch = Rectangle((left, bottom), wide, high, **style_of(look))
        patch.set_transform(Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans)
        area = box(left, bottom, left + wide, bottom + high)
        middle = (left + wide / 2, bottom + high / 2)
        for artist in (patch, *texture(look, patch, area, POINTS_PER_PIXEL, middle)):
            self.figure.add_artist(artist)
            self.artists.append(artist)

    def _add(self, artist: Line2D) -> None:
        """Add an artist whose coordinates are shares of the figure."""
        artist.set_transform(self.figure.transFigure)
        self.artists.append(self.figure.add_artist(artist))

    def erase(self) -> None:
        """Remove everything that was written."""
        for artist in self.artists:
            artist.remove()
        self.artists.clear()


def _font(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(size=size, weight="bold" if bold else "normal")
