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
from geo.brief.typeface import shorter, with_font
from geo.columns import (
    DID_NOT_EXIST,
    DOCUMENTED,
    EVIDENCE_LEVELS,
    NOT_COVERED,
    OUTSIDE_VIEW,
    WHOLE,
)
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.figures import KeyFigure, main_figures
from geo.report.legend import LegendEntry, legend
from geo.report.looks import EMPTY_LOOKS, LEGEND_LOOKS, Look, covered_look, project_colours
from geo.report.titles import credit, headline, kicker, lead, title
from geo.text import signs
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.versions.corrections import notice
from geo.webmap.webmap import notes

EDGE = 26.0  # points, on all sides of the text
LONGEST_TITLE, LONGEST_NOTE, LONGEST_ADDRESS = 120, 400, 2000  # characters
# Text in SVG is text, in a font that is put inside; the salt makes ids reproducible.
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kart",
    "text.hinting": "none",  # as widths are measured
    "text.hinting_factor": 1,
}

# Office programs pass over the font in an SVG.
_OUTLINES: Any = _SETTINGS | {"svg.fonttype": "path"}
_WIDE_MAP = 0.4  # of a width, that texts beside a wide map have at most
_PART_DPI = 288  # a slide of parts is 3840 pixels wide

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

    @property
    def printed(self) -> str:
        """The address as people type it."""
        return self.address.removeprefix("https://")


def _fit(text: str, most: int) -> str:
    # Cut before cleaning to bound the work, and after it to bound the text.
    line = " ".join(signs.cleaned(text[: 10 * most]).split())
    return signs.written(line[:most])


NO_WORDS = Words()


@dataclass(frozen=True)
class _Fit:
    """How a panel is written: `wider` is a share of the width, the others scale letters.

    `noted` says whether there are notes about the map, `plain` whether the legend explains land
    with nothing on it, `hues` whether it has the projects whose names stand on the map.
    """

    head: float = 1.0
    noted: bool = False
    plain: bool = True
    hues: bool = True
    wider: float = 0.0
    scale: float = 1.0


# What is tried until the texts fit, before anything but headlines gets small.
_SHORTER = (
    _Fit(noted=True),
    *(_Fit(head) for head in (1.0, 0.92, 0.85)),
    *(_Fit(head, plain=False) for head in (1.0, 0.92, 0.85, 0.78)),
)
# Where the map is wide it gets narrower, and can bear the names of projects alone.
_NARROWER = (
    *(_Fit(head, plain=False, hues=False) for head in (1.0, 0.92, 0.85, 0.78)),
    *(_Fit(head, False, False, False, more) for more in (0.05, 0.1, 0.15) for head in (0.85, 0.7)),
    *(_Fit(0.7, False, False, False, 0.15, 0.95**n) for n in range(1, 13)),
)
_SMALLER = tuple(_Fit(0.75, plain=False, scale=0.95**n) for n in range(1, 13))


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


@dataclass(frozen=True)
class Part:
    """A part of a picture, sharp at any size as SVG without texts, and as PNG for old programs.

    Width and height are in points.
    """

    png: bytes
    svg: bytes
    wide: float
    high: float


def map_part(dataset: Dataset, view: View, wide: float, high: float) -> Part:
    """Return the map of a view in a size in points."""
    with _ONE_AT_A_TIME, rc_context(_OUTLINES):
        sheet = _sheet_of(dataset, view, wide, high)
        _maps(sheet, (0, 0, 1, 1))
        return _part(sheet)


def legend_part(dataset: Dataset, view: View, wide: float, high: float) -> Part:
    """Return the legend, at most `high` points, and above it the evidence's bar if it has room."""
    with _ONE_AT_A_TIME, rc_context(_OUTLINES):
        sheet = _sheet_of(dataset, view, wide, high)
        tried = [(fit, bar) for fit in (*_SHORTER, *_NARROWER) for bar in (True, False)]
        fits = (one for one in tried if _key(sheet, *one, dry=True) <= high)
        fit, bar = next(fits, tried[-1])
        sheet = _sheet_of(dataset, view, wide, min(_key(sheet, fit, bar, dry=True), high))
        _key(sheet, fit, bar)
        return _part(sheet)


def _sheet_of(dataset: Dataset, view: View, wide: float, high: float) -> "_Sheet":
    across, along = (round(length * _PART_DPI / 72) for length in (wide, high))
    size = Size(across, along, _PART_DPI, panel=0)
    drawn = Figure(figsize=(wide / 72, high / 72), dpi=size.dpi)
    FigureCanvasAgg(drawn)
    return _Sheet(drawn, dataset, view, NO_WORDS, size)


def _key(sheet: "_Sheet", fit: _Fit, bar: bool, *, dry: bool = False) -> float:  # noqa: FBT001
    column = TextColumn(sheet.drawn, 0, 1, sheet.points[0] - 1, fit.scale, dry)
    if bar and (parts := _by_evidence(sheet)):
        column.bar(parts, sheet.size.text, after=8)
    _entries(sheet, column, _legend(sheet, fit), sheet.size.small)
    return column.top


def _part(sheet: "_Sheet") -> Part:
    sheet.drawn.canvas.draw()
    png = _few_colours(sheet.drawn, sheet.size, {})
    target = io.BytesIO()
    sheet.drawn.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    svg = shorter(target.getvalue().decode("utf-8")).encode("utf-8")
    return Part(png, svg, *sheet.points)


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
    panel = _panel(sheet, bottom)
    _maps(sheet, (panel, bottom, 1 - panel, 1 - bottom))
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
    texts = [line, *filter(None, [sheet.words.printed])]

    def write(top: float, *, dry: bool = False) -> float:
        column = TextColumn(sheet.drawn, EDGE, top, wide - 2 * EDGE, dry=dry)
        for text in texts:
            column.text(text, sheet.size.source, colour=QUIET)
        return column.top

    taken = write(0, dry=True) + sheet.size.source
    write(high - taken + sheet.size.source / 2)
    return taken / high


def _panel(sheet: _Sheet, bottom: float) -> float:
    """Write title, figures and legend beside the map; return their share of the width."""
    high = sheet.points[1] * (1 - bottom)
    tried = (*_SHORTER, *(_NARROWER if sheet.size.panel < _WIDE_MAP else _SMALLER))
    fit = next((one for one in tried if _write(sheet, one, dry=True) <= high), tried[-1])
    _write(sheet, fit)
    return sheet.size.panel + fit.wider


def _write(sheet: _Sheet, fit: _Fit, *, dry: bool = False) -> float:
    """Write the panel; return where it ends, in points from the top."""
    edge = EDGE if sheet.size.alone else EDGE / 3
    room = sheet.points[0] * (sheet.size.panel + fit.wider) - 0.7 * edge
    column = TextColumn(sheet.drawn, edge, edge, room - edge, fit.scale, dry)
    size = replace(sheet.size, headline=sheet.size.headline * fit.head)
    if size.alone:
        _said(sheet, column, size)
    if not size.label:
        owner = sheet.dataset.boundaries(sheet.view.year).owner(_t(sheet))
        column.text(f"{_t(sheet)('common.name')} · {owner}", size.small, bold=True)
        return column.top
    if size.alone:
        column.rule(DRAWING["page"]["rule"], after=6)
    _entries(sheet, column, _legend(sheet, fit), size.small)
    if size.alone and fit.noted:
        for note in notes(sheet.found, sheet.dataset.boundaries(sheet.view.year), _t(sheet)):
            column.text(note, size.small, colour=QUIET, after=3)
    if size.alone and sheet.words.note:
        column.top += 4 * column.scale
        column.text(sheet.words.note, size.small)
    return column.top


def _said(sheet: _Sheet, column: TextColumn, size: Size) -> None:
    """Write the headline, the sentence under it, the bar of the evidence and the figures."""
    own = sheet.words.title
    over = hue(sheet.dataset, sheet.view)
    said = kicker(sheet.dataset, sheet.found, sheet.view)
    counted = headline(sheet.found, sheet.view)
    if own:
        large = column.unbroken(own, size.headline * 0.8)
        column.text(own, large, bold=True, after=3, line=1.15)
        column.text(f"{said}: {counted}", size.text, bold=True, colour=over, after=3)
    else:
        column.text(said, size.text, bold=True, colour=over, after=2)
        large = column.unbroken(counted, size.headline)
        column.text(counted, large, bold=True, after=3, line=1.12)
    if text := lead(sheet.dataset, sheet.found, sheet.view):
        column.text(text, size.text, after=6)
    if parts := _by_evidence(sheet):
        column.bar(parts, size.text, after=8)
    _figures(column, main_figures(sheet.dataset, sheet.view)[1:], size)


def _t(sheet: _Sheet) -> Messages:
    return sheet.dataset.messages(sheet.view.lang)


def hue(dataset: Dataset, view: View) -> str:
    """Return the colour of the line above the headline: that of the project, if it is one."""
    if len(view.project) == 1 and view.colour == "project":
        return canvas.shade(project_colours(dataset)[view.project[0]])
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


def _legend(sheet: _Sheet, fit: _Fit) -> list[LegendEntry]:
    """Return the legend of what is drawn, as long as it fits.

    A project that is alone stands in the headline, in its colour.
    """
    entries = legend(sheet.dataset, sheet.found, sheet.view, _t(sheet))
    unseen = [EMPTY_LOOKS[DID_NOT_EXIST]]
    unseen += [] if fit.plain else [EMPTY_LOOKS[state] for state in (NOT_COVERED, OUTSIDE_VIEW)]
    alone = sheet.size.alone and len(sheet.view.project) == 1
    in_halves = sheet.size.label and canvas.halves(sheet.dataset, sheet.found, sheet.view)
    if sheet.view.colour == "project" and (alone or (in_halves and not fit.hues)):
        hues = project_colours(sheet.dataset).values()
        unseen += [covered_look(hue, WHOLE, DOCUMENTED) for hue in hues]
    return [entry for entry in entries if entry.look not in unseen]


def _entries(sheet: _Sheet, column: TextColumn, entries: list[LegendEntry], size: float) -> None:
    for entry in entries:
        count = "" if entry.count is None else number(entry.count, sheet.view.lang)
        column.entry(entry.look, entry.label, size, count)
