"""A time line as SVG, drawn anew for a desk and for a telephone."""

import html
from collections.abc import Iterable, Iterator

from geo.base.look_data import DRAWING
from geo.drawings.timeline import Bar, Box, Dot, Timeline, in_words
from geo.text.messages import Messages
from geo.webmap.swatches import paint, pattern, svg

WIDE, NARROW = 588, 358  # pixels: the column of a page, a telephone's
_HEAD, _ROW, _GAP, _TITLE = 26, 20, 8, 18
_LETTER = 6.1  # pixels, on average, of a letter of 12.5 pixels
_INK, _QUIET, _GRID = DRAWING["page"]["ink"], "#56616B", "#E3E8EC"


def drawn(found: Timeline, wide: int, t: Messages) -> str:
    """Return a time line of some pixels' width."""
    return _Drawing(found, wide, t).whole()


class _Drawing:
    def __init__(self, found: Timeline, wide: int, t: Messages) -> None:
        self.found, self.wide, self.t = found, wide, t
        self.per_year = wide / len(found.years)
        self.own = f"w{wide}-"  # of two drawings on a page one is hidden, with its patterns
        self.at = _HEAD
        self.parts: list[str] = []

    def whole(self) -> str:
        self._section("story.timeline_kommune")
        high = max(self.found.rows * _ROW, _ROW + 4)
        self.parts += [self._box(box, high) for box in sorted(self.found.boxes)]
        self.at += high + _GAP
        if self.found.bars or self.found.dots:
            self._section("story.timeline_programmes")
            for bar in self.found.bars:
                self._bar(bar)
            self._all_dots(self.found.dots)
        if self.found.sources:
            self._section("story.timeline_sources")
            self._all_dots(self.found.sources)
        content = "".join([*self._grid(), *self.parts])
        return svg(content, self.wide, self.at, in_words(self.found, self.t))

    def x(self, year: float) -> float:
        """Return where a year begins."""
        return (year - self.found.years[0]) * self.per_year

    def _grid(self) -> Iterator[str]:
        for year in self.found.years:
            quiet = _QUIET if year <= self.found.known else "#8A949C"
            name = str(year) if self.per_year > 36 else f"’{year % 100:02d}"
            yield (
                f'<path d="M{self.x(year):.1f} {_HEAD}V{self.at}" stroke="{_GRID}"/>'
                + _text((self.x(year + 0.5), 14), name, quiet, "middle")
            )

    def _section(self, key: str) -> None:
        self.parts.append(_text((0, self.at + 13), self.t(key), _INK, weight=600))
        self.at += _TITLE

    def _box(self, box: Box, high: float) -> str:
        left, right = self.x(box.first) + 1, self.x(box.last + 1) - 1
        top = self.at + box.top * high + 1
        tall = (box.bottom - box.top) * high - 2
        fill, line = ("#E6EDF7", "#14508C") if box.own else ("#F0F2F4", "#B5BEC5")
        shape = (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{tall:.1f}" rx="3" fill="{fill}" stroke="{line}"/>'
        )
        said = _fitted(box.said, right - left - 10)
        return shape + _text((left + 5, top + 13.5), said, _INK, weight=600 if box.own else 400)

    def _bar(self, bar: Bar) -> None:
        left, right = self.x(max(bar.first, self.found.years[0])), self.x(bar.last + 1)
        self.parts.append(
            f'{pattern(bar.look, self.own)}<rect x="{left:.1f}" y="{self.at + 2}" '
            f'width="{right - left:.1f}" height="14" rx="2" fill="{paint(bar.look, self.own)}" '
            f'stroke="{bar.look.line}"/>'
        )
        room = self.wide - right - 6
        if len(bar.said) * _LETTER > room > 0 and len(bar.said) * _LETTER <= self.wide - left:
            self.at += _ROW - 2
            self.parts.append(_text((left, self.at + 13.5), bar.said, _INK))
        else:
            self.parts.append(_text((right + 6, self.at + 13.5), _fitted(bar.said, room), _INK))
        self.at += _ROW

    def _all_dots(self, dots: Iterable[Dot]) -> None:
        """Draw dots with what they say beside them, in as few rows as hold it."""
        rows: list[float] = []  # where each row is free from
        for dot in dots:
            x = self.x(dot.when)
            said = _fitted(dot.said, self.wide - 16)
            length = len(said) * _LETTER + 10
            on_right = x + length <= self.wide or x < length
            if x + length > self.wide and x < length:  # neither side holds it
                said = _fitted(dot.said, max(self.wide - x, x) - 12)
                length, on_right = len(said) * _LETTER + 10, self.wide - x >= x
            left, right = (x - 5, x + length) if on_right else (x - length, x + 5)
            row = next((n for n, free in enumerate(rows) if free <= left), len(rows))
            rows[row:] = [right + 8, *rows[row + 1 :]]
            middle = self.at + row * (_ROW - 2) + 9
            self.parts.append(f'<circle cx="{x:.1f}" cy="{middle}" r="3.6" fill="{_INK}"/>')
            place = (x + 8, "start") if on_right else (x - 8, "end")
            self.parts.append(_text((place[0], middle + 4.3), said, _INK, place[1]))
        self.at += len(rows) * (_ROW - 2) + (_GAP if rows else 0)


def _fitted(said: str, room: float) -> str:
    """Return as much of a text as there is room for."""
    most = int(room / _LETTER)
    return said if len(said) <= most else f"{said[: max(most - 1, 1)].rstrip(' ,')}…"


def _text(
    at: tuple[float, float], said: str, ink: str, anchor: str = "start", weight: int = 400
) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="12.5" fill="{ink}" '
        f'text-anchor="{anchor}"{bold}>{html.escape(said)}</text>'
    )
