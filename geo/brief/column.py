"""A text column in a matplotlib figure: wrapped text and legend entries, top to bottom."""

import re
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D
from shapely import box

from geo.base.look_data import DRAWING
from geo.brief.textures import POINTS_PER_PIXEL, style_of, texture
from geo.brief.typeface import font, width
from geo.report.looks import Look

INK, QUIET = DRAWING["page"]["ink"], DRAWING["page"]["quiet"]
LINE_HEIGHT = 1.3  # of the font size
SWATCH_WIDTH = 2.0  # of the font size, and its height
SWATCH_HEIGHT = 1.1
_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space inside figures


@dataclass
class TextColumn:
    """Writes from `top` downwards; lengths are in points, y counts from the top of the figure.

    A `dry` one draws nothing and only moves its `top`, to tell how much room a text takes.
    """

    figure: Figure
    left: float
    top: float
    width: float
    scale: float = 1.0
    dry: bool = False

    def text(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        after: float = 0,
        line: float = LINE_HEIGHT,
    ) -> None:
        """Write a text, wrapped to the column, and leave a gap after it.

        The lines of a bold one are about as long as each other.
        """
        size *= self.scale
        most = self._balanced(text, size) if bold else self.width
        for part in self.wrapped(text, size, bold=bold, width=most):
            self._line(part, self.left, size, bold=bold, colour=colour)
            self.top += size * line
        self.top += after * self.scale

    def entry(self, look: Look, label: str, size: float, count: str = "") -> None:
        """Write a legend entry: a swatch, its label, and a number at the end of the line."""
        size *= self.scale
        indent = size * (SWATCH_WIDTH + 0.7)
        room = self.measured(count, size, bold=True) if count else 0
        self._swatch(look, size)
        if count:
            self._line(count, self.left + self.width - room, size, bold=True, colour=INK)
        rest = self.width - indent - (room + size * 0.7 if count else 0)
        for line in self.wrapped(label, size, bold=False, width=rest):
            self._line(line, self.left + indent, size, bold=False, colour=INK)
            self.top += size * LINE_HEIGHT
        self.top += size * 0.2

    def beside(self, value: str, size: float, label: str, label_size: float) -> None:
        """Write a big value and, on the same line or the next, what it is."""
        size, label_size = size * self.scale, label_size * self.scale
        wide = self.measured(value, size, bold=True)
        self._line(value, self.left, size, bold=True, colour=INK)
        gap = size * 0.3
        if wide + gap + self.measured(label, label_size, bold=False) <= self.width:
            top, self.top = self.top, self.top + size - label_size
            self._line(label, self.left + wide + gap, label_size, bold=False, colour=INK)
            self.top = top + size * LINE_HEIGHT
            return
        self.top += size * LINE_HEIGHT
        self.text(label, label_size / self.scale)

    def bar(self, parts: list[tuple[Look, int]], high: float, after: float = 0) -> None:
        """Draw a bar whose parts are as long as their numbers, each in its look."""
        high *= self.scale
        gap, left = 1.5, self.left
        total = sum(count for _, count in parts)
        bottom = self.figure.get_size_inches()[1] * 72 - self.top - high
        for look, count in parts:
            wide = (self.width - gap * (len(parts) - 1)) * count / total
            self._tile(look, (left, bottom, wide, high))
            left += wide + gap
        self.top += high + after * self.scale

    def rule(self, colour: str, after: float) -> None:
        """Draw a thin line across the column, and leave a gap after it."""
        (x, y), (end, _) = (self._place(x, self.top) for x in (self.left, self.left + self.width))
        self._add(Line2D([x, end], [y, y], color=colour, linewidth=0.8))
        self.top += after * self.scale

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

    def _balanced(self, text: str, size: float) -> float:
        """Return the smallest width, in steps, that takes no more lines than the whole one.

        None at which a word has to be split.
        """
        lines = len(self.wrapped(text, size, bold=True, width=self.width))
        widest = self._widest(text, size)
        tried = (w for step in range(10, 20) if (w := self.width * step / 20) >= widest)
        fit = (w for w in tried if len(self.wrapped(text, size, bold=True, width=w)) == lines)
        return next(fit, self.width) if lines > 1 else self.width

    def unbroken(self, text: str, size: float) -> float:
        """Return the size, at most `size`, at which no word of a bold text has to be split.

        A word that would need half of it or less is split.
        """
        widest = self._widest(text, size * self.scale)
        smaller = size * min(1.0, 0.999 * self.width / widest) if widest else size
        return smaller if smaller > size / 2 else size

    def _widest(self, text: str, size: float) -> float:
        words = _SPACE.split(text)
        return max((self.measured(word, size, bold=True) for word in words), default=0.0)

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
        return width(text, bold=bold) * size

    def _line(self, text: str, left: float, size: float, *, bold: bool, colour: str) -> None:
        if self.dry:
            return
        x, y = self._place(left, self.top + size)
        self.figure.text(
            x, y, text, va="baseline", color=colour, parse_math=False,
            fontproperties=font(size, bold=bold),
        )  # fmt: skip

    def _place(self, x: float, y: float) -> tuple[float, float]:
        wide, high = self.figure.get_size_inches() * 72
        return x / wide, 1 - y / high

    def _swatch(self, look: Look, size: float) -> None:
        if self.dry:
            return
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
            self.figure.text(
                x, y, look.sign, ha="center", va="center", color=look.fill,
                fontproperties=font(size, bold=True),
            )  # fmt: skip

    def _tile(self, look: Look, place: tuple[float, float, float, float]) -> None:
        """Draw a look in a rectangle: left, bottom, width and height in points."""
        if self.dry:
            return
        left, bottom, wide, high = place
        patch = Rectangle((left, bottom), wide, high, **style_of(look))
        patch.set_transform(Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans)
        area = box(left, bottom, left + wide, bottom + high)
        middle = (left + wide / 2, bottom + high / 2)
        for artist in (patch, *texture(look, patch, area, POINTS_PER_PIXEL, middle)):
            self.figure.add_artist(artist)

    def _add(self, artist: Line2D) -> None:
        """Add an artist whose coordinates are shares of the figure."""
        if not self.dry:
            artist.set_transform(self.figure.transFigure)
            self.figure.add_artist(artist)
