"""A view as PNG or SVG: map, legend, key figures, title, source and address in one frame."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from geo.base.cache import DRAWINGS, PICTURES, cache_on
from geo.base.look_data import DRAWING
from geo.brief import canvas
from geo.brief.column import QUIET, TextColumn
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.figures import KeyFigure, key_figures
from geo.report.legend import LegendEntry, legend
from geo.report.titles import credit, title
from geo.text import signs
from geo.text.messages import messages
from geo.text.numbers import number
from geo.versions.corrections import notice
from geo.webmap.webmap import notes

EDGE = 16.0  # points, on all sides
LABEL_SIZE = 7.2
_TAG_SIZE = 6.0
_TAG_WIDTH = 0.95  # of the map
SMALLEST = 0.55  # smallest scale of the text; below it nothing is shrunk further
LONGEST_TITLE, LONGEST_NOTE, LONGEST_ADDRESS = 120, 400, 2000  # characters
# Text in SVG is drawn as paths, so that no font is needed; the salt makes ids reproducible.
_SETTINGS: Any = {"svg.fonttype": "path", "svg.hashsalt": "kart"}

# matplotlib's settings are global to the process, so pictures are drawn one at a time.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Size:
    """Size in pixels with its dpi; `panel` is the text's share of the width."""

    wide: int
    high: int
    dpi: int
    panel: float = 0.36


SIZES: Mapping[str, Size] = {
    "slide": Size(1920, 1080, 150),
    "print": Size(3508, 2480, 300),  # A4 landscape
    "square": Size(1200, 1200, 140, 0.42),
    "preview": Size(1200, 630, 110, 0.42),  # for link previews
    "figure": Size(1500, 1200, 150, 0.0),  # map and legend only, for the slide and the fact sheet
}


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


@cache_on(PICTURES)
def png(dataset: Dataset, view: View, size: str = "slide", words: Words = NO_WORDS) -> bytes:
    """Return a picture of a view as PNG, in one of SIZES."""
    target = io.BytesIO()
    with _ONE_AT_A_TIME, rc_context(_SETTINGS):
        drawn = _draw(dataset, view, SIZES[size], words)
        drawn.savefig(target, format="png", dpi=SIZES[size].dpi, metadata=_about(dataset, view))
    return target.getvalue()


@cache_on(DRAWINGS)
def svg(dataset: Dataset, view: View, size: str = "slide", words: Words = NO_WORDS) -> bytes:
    """Return a picture of a view as SVG, in the layout of one of SIZES."""
    target = io.BytesIO()
    with _ONE_AT_A_TIME, rc_context(_SETTINGS):
        drawn = _draw(dataset, view, SIZES[size], words)
        about = {"Title": _about(dataset, view)["Title"], "Date": None, "Creator": None}
        drawn.savefig(target, format="svg", metadata=about)
    return target.getvalue()


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
    bottom = _foot(sheet)
    if size.panel:
        _panel(sheet, bottom)
        axes = drawn.add_axes((size.panel, bottom, 1 - size.panel, 1 - bottom))
    else:
        top = _legend_below(sheet, bottom)
        axes = drawn.add_axes((0, top, 1, 1 - top))
    canvas.draw(axes, dataset, sheet.found, view, size=LABEL_SIZE, taken=[_tag(sheet, axes)])
    page = DRAWING["page"]
    drawn.add_artist(Rectangle((0, 0), 1, 1, fill=False, edgecolor=page["frame"], linewidth=1.5))
    return drawn


def _foot(sheet: _Sheet) -> float:
    """Write source, corrections and address at the bottom; return their share of the height."""
    wide, high = sheet.points
    corrected = notice(sheet.dataset, sheet.view)
    line = " ".join(filter(None, (credit(sheet.dataset, sheet.view), corrected)))
    texts = [line, *filter(None, [sheet.words.address])]

    def write(top: float) -> TextColumn:
        column = TextColumn(sheet.drawn, EDGE, top, wide - 2 * EDGE)
        for text in texts:
            column.text(text, 7, colour=QUIET)
        return column

    measured = write(0)
    measured.erase()
    taken = measured.top + EDGE
    write(high - taken + EDGE / 2)
    return taken / high


def _panel(sheet: _Sheet, bottom: float) -> None:
    """Write title, figures and legend beside the map, scaled down until they fit."""
    wide, high = sheet.points
    scale = 1.0
    while True:
        column = TextColumn(sheet.drawn, EDGE, EDGE, wide * sheet.size.panel - 1.6 * EDGE, scale)
        _write(sheet, column)
        if column.top <= high * (1 - bottom) or scale <= SMALLEST:
            return
        column.erase()
        scale *= 0.94


def _write(sheet: _Sheet, column: TextColumn) -> None:
    t = messages(sheet.view.lang)
    own = sheet.words.title
    if own:
        column.text(own, 17, bold=True, after=4)
    stated = title(sheet.dataset, sheet.found, sheet.view)
    column.text(stated, 11 if own else 15, bold=True, after=9)
    _figures(column, key_figures(sheet.dataset, sheet.view))
    column.text(t("map.legend"), 9, bold=True, after=3)
    _entries(sheet, column, _legend(sheet), 8.5)
    for note in notes(sheet.found, sheet.dataset.boundaries(sheet.view.year), t):
        column.text(note, 7, colour=QUIET, after=3)
    if sheet.words.note:
        column.top += 5 * column.scale
        column.text(sheet.words.note, 9)


def _figures(column: TextColumn, figures: tuple[KeyFigure, ...]) -> None:
    """Write the key figures in two columns."""
    gap = 10 * column.scale
    half = (column.width - gap) / 2
    for pair in zip(figures[::2], figures[1::2], strict=True):
        ends = []
        for place, figure in enumerate(pair):
            left = column.left + place * (half + gap)
            cell = TextColumn(column.figure, left, column.top, half, column.scale)
            cell.text(figure.title, 8, colour=QUIET)
            cell.text(figure.value, 13, bold=True)
            cell.text(figure.detail, 7.5, colour=QUIET)
            column.artists += cell.artists
            ends.append(cell.top)
        column.top = max(ends) + 7 * column.scale


def _legend(sheet: _Sheet) -> list[LegendEntry]:
    return legend(sheet.dataset, sheet.found, sheet.view, messages(sheet.view.lang))


def _entries(sheet: _Sheet, column: TextColumn, entries: list[LegendEntry], size: float) -> None:
    for entry in entries:
        count = "" if entry.count is None else f": {number(entry.count, sheet.view.lang)}"
        column.entry(entry.look, entry.label + count, size)


def _legend_below(sheet: _Sheet, bottom: float) -> float:
    """Write the legend in two columns under the map; return where it begins, a share of height."""
    wide, high = sheet.points
    entries = _legend(sheet)
    half = -(-len(entries) // 2)
    width = (wide - 3 * EDGE) / 2

    def write(top: float) -> list[TextColumn]:
        columns = [TextColumn(sheet.drawn, EDGE + n * (width + EDGE), top, width) for n in (0, 1)]
        for column, part in zip(columns, (entries[:half], entries[half:]), strict=True):
            _entries(sheet, column, part, 9)
        return columns

    measured = write(0)
    for column in measured:
        column.erase()
    taken = max(column.top for column in measured) + EDGE
    write(high * (1 - bottom) - taken + EDGE / 2)
    return bottom + taken / high


def _tag(sheet: _Sheet, axes: Axes) -> Bbox:
    """Write the title and the data's owner into the map, so that they survive cropping.

    Returns the text's box in pixels.
    """
    drawn = sheet.dataset.boundaries(sheet.view.year)
    t = messages(sheet.view.lang)
    owner = f"{drawn.owner(t)}, {drawn.licence(t)}. v{sheet.dataset.data_version}"
    wide = sheet.points[0] * (1 - sheet.size.panel) * _TAG_WIDTH
    column = TextColumn(sheet.drawn, 0, 0, wide)
    said = title(sheet.dataset, sheet.found, sheet.view)
    lines = [*column.wrapped(said, _TAG_SIZE, bold=False, width=wide), owner]
    text = axes.text(
        0.985, 0.985, "\n".join(lines),
        transform=axes.transAxes, ha="right", va="top", fontsize=_TAG_SIZE, color=QUIET, zorder=9,
        parse_math=False,
        bbox={"facecolor": DRAWING["page"]["paper"], "alpha": 0.8, "edgecolor": "none", "pad": 2.5},
    )  # fmt: skip
    return text.get_window_extent()
