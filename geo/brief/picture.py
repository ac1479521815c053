"""A view as PNG or SVG: map, legend, key figures, title, source and address in one frame."""

import io
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from geo.base.cache import DRAWINGS, PICTURES, cache_on
from geo.base.look_data import DRAWING
from geo.brief import canvas
from geo.brief.column import QUIET, TextColumn
from geo.brief.picture_sizes import SIZES, Size
from geo.brief.typeface import with_font
from geo.columns import EVIDENCE_LEVELS, WHOLE
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.figures import KeyFigure, main_figures
from geo.report.legend import LegendEntry, legend
from geo.report.looks import LEGEND_LOOKS, Look, covered_look, project_colours
from geo.report.titles import credit, headline, kicker, lead, title
from geo.text import signs
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.versions.corrections import notice
from geo.webmap.webmap import notes

EDGE = 26.0  # points, on all sides of the text
# Scale of all texts, of the headline, and whether there are notes: what is tried until it fits.
_STEPS = (
    (1.0, 1.0, True),
    *((1.0, head, False) for head in (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)),
    *((0.95**n, 0.75, False) for n in range(1, 13)),
)
LONGEST_TITLE, LONGEST_NOTE, LONGEST_ADDRESS = 120, 400, 2000  # characters
# Text in SVG is text, in a font that is put inside; the salt makes ids reproducible.
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kart",
    "text.hinting": "none",  # as widths are measured
    "text.hinting_factor": 1,
}

# Around what is covered, in a map of a half of the country; names need room at the sides.
_ROOM_ACROSS, _ROOM_ALONG = 1.35, 1.16

# matplotlib's settings are global to the process, so pictures are drawn one at a time.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Words:
    """Optional texts of the user: a title, a note, and the address of the view.

    Each is limited in length, on one line, and has only characters that all formats can show. An
    address is never cut: if it is too long, it is left out.
    """

    title: str = ""
    note: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        """Clean the user's texts."""
        address = signs.safe(self.address[: LONGEST_ADDRESS + 1])
        fit = {
            "title": _fit(self.title, LONGEST_TITLE),
            "note": _fit(self.note, LONGEST_NOTE),
            "address": address if len(address) <= LONGEST_ADDRESS else "",
        }
        for name, text in fit.items():
            object.__setattr__(self, name, text)


def _fit(text: str, most: int) -> str:
    # Cut before cleaning to bound the work, and after it to bound the text.
    line = " ".join(signs.cleaned(text[: 10 * most]).split())
    return signs.written(line[:most])


NO_WORDS = Words()


@cache_on(PICTURES, daily=True)
def png(dataset: Dataset, view: View, size: str = "slide", words: Words = NO_WORDS) -> bytes:
    """Return a picture of a view as PNG, in one of SIZES."""
    with _ONE_AT_A_TIME, rc_context(_SETTINGS):
        drawn = _draw(dataset, view, SIZES[size], words)
        drawn.canvas.draw()
    return _few_colours(drawn, SIZES[size], _about(dataset, view))


def _few_colours(drawn: Figure, size: Size, about: dict[str, Any]) -> bytes:
    """Return a drawn figure as PNG with 256 colours, a third of the size of one with all."""
    canvas: Any = drawn.canvas
    whole = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = whole.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    said = PngInfo()
    for name, text in about.items():
        if text:
            said.add_itxt(name, text)
    target = io.BytesIO()
    # Level 9 takes three times as long for one per cent.
    few.save(target, "png", compress_level=8, dpi=(size.dpi, size.dpi), pnginfo=said)
    return target.getvalue()


@cache_on(DRAWINGS, daily=True)
def svg(dataset: Dataset, view: View, size: str = "slide", words: Words = NO_WORDS) -> bytes:
    """Return a picture of a view as SVG, in the layout of one of SIZES."""
    target = io.BytesIO()
    with _ONE_AT_A_TIME, rc_context(_SETTINGS):
        drawn = _draw(dataset, view, SIZES[size], words)
        about = {"Title": _about(dataset, view)["Title"], "Date": None, "Creator": None}
        drawn.savefig(target, format="svg", metadata=about)
    return with_font(target.getvalue().decode("utf-8")).encode("utf-8")


def _about(dataset: Dataset, view: View) -> dict[str, Any]:
    found = coverage(dataset, view)
    return {
        "Title": title(dataset, found, view),
        "Source": credit(dataset, view),
        "Software": None,
    }


@dataclass(frozen=True)
class _Sheet:
    """State while a picture is drawn."""

    drawn: Figure
    dataset: Dataset
    view: View
    words: Words
    size: Size

    @property
    def found(self) -> Coverage:
        return coverage(self.dataset, self.view)

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.size.wide * 72 / self.size.dpi, self.size.high * 72 / self.size.dpi


def _draw(dataset: Dataset, view: View, size: Size, words: Words) -> Figure:
    drawn = Figure(figsize=(size.wide / size.dpi, size.high / size.dpi), dpi=size.dpi)
    FigureCanvasAgg(drawn)
    sheet = _Sheet(drawn, dataset, view, words, size)
    bottom = _foot(sheet) if size.source else 0
    _panel(sheet, bottom)
    _maps(sheet, (size.panel, bottom, 1 - size.panel, 1 - bottom))
    return drawn


def _maps(sheet: _Sheet, place: tuple[float, float, float, float]) -> None:
    """Draw the map into a place (left, bottom, width and height, shares of the figure).

    A whole country that is long and covered in two parts is drawn as these, at one scale, and small
    beneath.
    """
    left, bottom, width, high = place
    drawn, size = sheet.drawn, sheet.size.label
    given = sheet.dataset, sheet.found, sheet.view
    parts = canvas.halves(*given)
    if not parts:
        canvas.draw(drawn.add_axes(place), *given, size=size)
        return
    wide_points, high_points = width * sheet.points[0], high * sheet.points[1]
    gap = 2 / sheet.points[0]
    share, upper, scale = _divided(parts, wide_points, high_points)
    south = drawn.add_axes((left, bottom, width * share - gap, high))
    rest = left + width * share, width * (1 - share)
    north = drawn.add_axes((rest[0], bottom + high * (1 - upper), rest[1], high * upper))
    whole = drawn.add_axes((rest[0], bottom, rest[1], high * (1 - upper)))
    for axes, extent in ((south, parts[0]), (north, parts[1])):
        shown = canvas.sized(extent, axes, scale)
        canvas.draw(axes, *given, size=size, extent=shown, hubs=False)
    canvas.overview(whole, *given, [south, north])


def _divided(
    parts: tuple[canvas.Extent, ...], wide: float, high: float
) -> tuple[float, float, float]:
    """Return the share of the width for the south, of the height for the north, and the scale.

    Those at which both are largest at one scale, in metres per point.
    """
    (a_wide, a_high), (b_wide, b_high) = (
        (east - west, north - south) for west, south, east, north in parts
    )
    shares = [(s / 20, u / 20) for s in range(9, 14) for u in range(10, 14)]

    def metres_per_point(share: tuple[float, float]) -> float:
        mine, upper = share
        across = max(a_wide / (mine * wide), b_wide / ((1 - mine) * wide))
        along = max(a_high / high, b_high / (upper * high))
        return max(across * _ROOM_ACROSS, along * _ROOM_ALONG)

    best = min(shares, key=metres_per_point)
    return *best, metres_per_point(best)


def _foot(sheet: _Sheet) -> float:
    """Write source, corrections and address at the bottom; return their share of the height."""
    wide, high = sheet.points
    corrected = notice(sheet.dataset, sheet.view)
    line = " ".join(filter(None, (credit(sheet.dataset, sheet.view), corrected)))
    texts = [line, *filter(None, [sheet.words.address])]

    def write(top: float) -> TextColumn:
        column = TextColumn(sheet.drawn, EDGE, top, wide - 2 * EDGE)
        for text in texts:
            column.text(text, sheet.size.source, colour=QUIET)
        return column

    measured = write(0)
    measured.erase()
    taken = measured.top + sheet.size.source
    write(high - taken + sheet.size.source / 2)
    return taken / high


def _panel(sheet: _Sheet, bottom: float) -> None:
    """Write title, figures and legend beside the map, with less space and smaller until they fit.

    Notes about the map go first, then the headline gets smaller, then everything.
    """
    wide, high = sheet.points
    edge = EDGE if sheet.size.alone else EDGE / 3
    for scale, head, noted in _STEPS:
        room = wide * sheet.size.panel - 0.7 * edge
        column = TextColumn(sheet.drawn, edge, edge, room - edge, scale)
        size = replace(sheet.size, headline=sheet.size.headline * head)
        _write(sheet, column, size, noted=noted)
        if column.top <= high * (1 - bottom) or (scale, head, noted) == _STEPS[-1]:
            return
        column.erase()


def _write(sheet: _Sheet, column: TextColumn, size: Size, *, noted: bool) -> None:
    if not sheet.size.alone:
        _entries(sheet, column, _legend(sheet), size.small)
        return
    own = sheet.words.title
    said = kicker(sheet.dataset, sheet.found, sheet.view)
    counted = headline(sheet.found, sheet.view)
    if own:
        large = column.unbroken(own, size.headline * 0.8)
        column.text(own, large, bold=True, after=3, line=1.15)
        column.text(f"{said}: {counted}", size.text, bold=True, colour=_hue(sheet), after=3)
    else:
        column.text(said, size.text, bold=True, colour=_hue(sheet), after=2)
        large = column.unbroken(counted, size.headline)
        column.text(counted, large, bold=True, after=3, line=1.12)
    if text := lead(sheet.dataset, sheet.found, sheet.view):
        column.text(text, size.text, after=6)
    if parts := _by_evidence(sheet):
        column.bar(parts, size.text, after=8)
    _figures(column, main_figures(sheet.dataset, sheet.view)[1:], size)
    if not size.label:
        owner = sheet.dataset.boundaries(sheet.view.year).owner(_t(sheet))
        column.text(f"{_t(sheet)('common.name')} · {owner}", size.small, bold=True)
        return
    column.rule(DRAWING["page"]["rule"], after=6)
    _entries(sheet, column, _legend(sheet), size.small)
    if noted:
        for note in notes(sheet.found, sheet.dataset.boundaries(sheet.view.year), _t(sheet)):
            column.text(note, size.small, colour=QUIET, after=3)
    if sheet.words.note:
        column.top += 4 * column.scale
        column.text(sheet.words.note, size.small)


def _t(sheet: _Sheet) -> Messages:
    return sheet.dataset.messages(sheet.view.lang)


def _hue(sheet: _Sheet) -> str:
    """Return the colour of the line above the headline: that of the project, if it is one."""
    if len(sheet.view.project) == 1 and sheet.view.colour == "project":
        return canvas.shade(project_colours(sheet.dataset)[sheet.view.project[0]])
    return str(DRAWING["page"]["accent"])


def _by_evidence(sheet: _Sheet) -> list[tuple[Look, int]]:
    """Return the looks of the levels of evidence and the numbers of kommuner that have them."""
    single = len(sheet.view.project) == 1 and sheet.view.colour == "project"
    fill = project_colours(sheet.dataset)[sheet.view.project[0]] if single else ""
    counts = sheet.found.totals.by_evidence
    return [
        (covered_look(fill, WHOLE, level) if fill else LEGEND_LOOKS[level], counts[level])
        for level in EVIDENCE_LEVELS
        if counts.get(level)
    ]


def _figures(column: TextColumn, figures: tuple[KeyFigure, ...], size: Size) -> None:
    """Write the figures one under the other, big, with what they are beside them."""
    for figure in figures:
        column.beside(figure.value, size.headline * 0.8, figure.title.lower(), size.text)
        if figure.detail:
            column.text(figure.detail, size.small, colour=QUIET)
        column.top += 5 * column.scale


def _legend(sheet: _Sheet) -> list[LegendEntry]:
    return legend(sheet.dataset, sheet.found, sheet.view, _t(sheet))


def _entries(sheet: _Sheet, column: TextColumn, entries: list[LegendEntry], size: float) -> None:
    for entry in entries:
        count = "" if entry.count is None else number(entry.count, sheet.view.lang)
        column.entry(entry.look, entry.label, size, count)
