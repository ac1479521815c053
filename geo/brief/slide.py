"""A PowerPoint slide (16:9) of a view: title, picture, editable table and source line."""

import io
import zipfile
from datetime import datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from geo.base.cache import DRAWINGS, cache_on
from geo.base.font_source import ORIGINAL
from geo.base.look_data import DRAWING
from geo.brief import picture
from geo.brief.picture import NO_WORDS, Words
from geo.brief.picture_sizes import SIZES
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import zipped
from geo.report.figures import key_figures
from geo.report.titles import credit, summary, title
from geo.text.languages import tag
from geo.text.messages import messages
from geo.versions.corrections import notice

WIDE, HIGH, EDGE = Inches(13.333), Inches(7.5), Inches(0.45)
TOP, FOOT = Inches(1.25), Inches(6.78)
COLUMN = Inches(4.0)  # the table's width; the picture has the rest
INK, QUIET, GROUND, HEADING = (
    DRAWING["page"][name] for name in ("ink", "quiet", "paper", "accent")
)
_LONGEST_PROPERTY = 255  # characters, by the format
# By these PowerPoint finds a sans-serif as wide where Source Sans is not installed.
_PANOSE = "020B0503030403020204"
_TITLE_ONLY = 5  # among python-pptx's own layouts


@cache_on(DRAWINGS, daily=True)
def pptx(dataset: Dataset, view: View, words: Words = NO_WORDS) -> bytes:
    """Return a view as a presentation with one slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    stated = title(dataset, coverage(dataset, view), view)
    own = words.title
    _heading(slide, own or stated, stated if own else "", view)
    _picture(slide, dataset, view, words)
    _table(slide, dataset, view)
    if words.note:
        _text(slide, words.note, view, (EDGE, Inches(5.7), COLUMN, Inches(1.0)), 12)
    line = " ".join(filter(None, (credit(dataset, view), notice(dataset, view), words.address)))
    _text(slide, line, view, (EDGE, FOOT, WIDE - 2 * EDGE, Inches(0.5)), 9)
    deck.core_properties.title = (own or stated)[:_LONGEST_PROPERTY]
    deck.core_properties.language = tag(view.lang)
    deck.core_properties.author = messages(view.lang)("common.name")
    # The day of the data, so that a view gives the same file on any day.
    deck.core_properties.created = datetime.combine(dataset.data_day, time.min)
    deck.core_properties.modified = deck.core_properties.created
    target = io.BytesIO()
    deck.save(target)
    with zipfile.ZipFile(target) as saved:
        return zipped({name: saved.read(name) for name in saved.namelist()})


def _heading(slide: Any, text: str, below: str, view: View) -> None:
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = (
        EDGE, Inches(0.3), WIDE - 2 * EDGE, Inches(0.85),
    )  # fmt: skip
    _write(shape.text_frame, text, view, _letters(text + below), bold=True)
    if below:
        paragraph = shape.text_frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        _letter(paragraph.add_run(), below, view, 13, bold=False, colour=QUIET)
    shape.text_frame.margin_left = 0
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE


def _letters(text: str) -> int:
    """Return the font size in points at which a heading fits."""
    return next((size for most, size in ((80, 26), (160, 20)) if len(text) < most), 12)


def _picture(slide: Any, dataset: Dataset, view: View, words: Words) -> None:
    size = SIZES["figure"]
    drawn = io.BytesIO(picture.png(dataset, view, "figure", words))
    left = EDGE + COLUMN + Inches(0.15)
    wide, high = WIDE - left - EDGE, FOOT - TOP - Inches(0.1)
    scale = min(wide / size.wide, high / size.high)
    shape = slide.shapes.add_picture(
        drawn, left, TOP, Emu(int(size.wide * scale)), Emu(int(size.high * scale))
    )
    alternative = messages(view.lang)(
        "brief.alt", summary=summary(dataset, coverage(dataset, view), view)
    )
    shape._element.nvPicPr.cNvPr.set("descr", alternative)  # noqa: SLF001 - no public way


def _table(slide: Any, dataset: Dataset, view: View) -> None:
    t = dataset.messages(view.lang)
    figures = key_figures(dataset, view)
    box = (EDGE, TOP, COLUMN, Inches(0.55) * (len(figures) + 1))
    table = slide.shapes.add_table(len(figures) + 1, 2, *box).table
    table.columns[0].width, table.columns[1].width = Inches(1.3), COLUMN - Inches(1.3)
    _cell(table.cell(0, 0), t("brief.figure"), view, bold=True, colour=GROUND)
    _cell(table.cell(0, 1), t("brief.value"), view, bold=True, colour=GROUND)
    for place, figure in enumerate(figures, start=1):
        _cell(table.cell(place, 0), figure.title, view)
        _cell(table.cell(place, 1), figure.value, view, bold=True, beside=figure.detail)


def _cell(
    cell: Any,
    text: str,
    view: View,
    *,
    bold: bool = False,
    colour: str = INK,
    beside: str = "",
) -> None:
    _write(cell.text_frame, text, view, 13, bold=bold, colour=colour)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if colour == GROUND:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _rgb(HEADING)
    if beside:
        run = cell.text_frame.add_paragraph().add_run()
        _letter(run, beside, view, 12, bold=False, colour=QUIET)


def _text(slide: Any, text: str, view: View, box: tuple[Any, ...], size: float) -> None:
    frame = slide.shapes.add_textbox(*box).text_frame
    frame.margin_left = 0
    _write(frame, text, view, size, colour=QUIET)


def _write(
    frame: Any, text: str, view: View, size: float, *, bold: bool = False, colour: str = INK
) -> None:
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    _letter(paragraph.add_run(), text, view, size, bold=bold, colour=colour)
    paragraph.alignment = PP_ALIGN.LEFT


def _letter(run: Any, text: str, view: View, size: float, *, bold: bool, colour: str) -> None:
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(colour)
    run.font.name = ORIGINAL
    latin = run._r.get_or_add_rPr().find(qn("a:latin"))  # noqa: SLF001 - no public way
    latin.set("panose", _PANOSE)
    latin.set("pitchFamily", "34")
    run._r.get_or_add_rPr().set("lang", tag(view.lang))  # noqa: SLF001 - no public way


def _rgb(colour: str) -> Any:
    make: Any = RGBColor.from_string
    return make(colour.removeprefix("#"))
