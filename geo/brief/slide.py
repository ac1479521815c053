"""A PowerPoint slide (16:9) of a view: heading, map, legend, editable table, sources as notes."""

import io
import zipfile
from datetime import datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part as PackagePart
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from geo.base.cache import DRAWINGS, cache_on
from geo.base.font_source import ORIGINAL
from geo.base.look_data import DRAWING
from geo.brief import picture
from geo.brief.factsheet import behind
from geo.brief.picture import NO_WORDS, Part, Words
from geo.brief.typeface import width
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import zipped
from geo.report.figures import key_figures, main_figures
from geo.report.titles import credit, headline, kicker, summary, title
from geo.text.languages import tag
from geo.text.messages import messages
from geo.versions.corrections import notice

WIDE, HIGH = Pt(960), Pt(540)
EDGE, TOP = 26.0, 20.0  # points, as all lengths below
LEFT, COLUMN, FOOT = 317.0, 274.0, 492.0  # where the map begins, how wide the texts are, the source
_NAMES = 84.0  # the width of the table's first column
_ROOM = 1.3  # of letters in fonts that stand in for Source Sans
_LEAST = 40.0  # for the legend, whatever the texts are
INK, QUIET = DRAWING["page"]["ink"], DRAWING["page"]["quiet"]
# How a picture names its SVG twin (MS-ODRAWXML, 2.3.1.22).
_SVG = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip r:embed="{link}"'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    "</a:ext></a:extLst>"
)
_LONGEST_PROPERTY = 255  # characters, by the format
# By these PowerPoint finds a sans-serif as wide where Source Sans is not installed.
_PANOSE = "020B0503030403020204"
_TITLE_ONLY = 5  # among python-pptx's own layouts


@cache_on(DRAWINGS, daily=True)
def pptx(dataset: Dataset, view: View, words: Words = NO_WORDS) -> bytes:
    """Return a view as a presentation with one slide, laid out as the picture of a slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    found = coverage(dataset, view)
    described = dataset.messages(view.lang)("brief.alt", summary=summary(dataset, found, view))
    top = _table(slide, dataset, view, _heading(slide, dataset, view, words)) + 6
    if words.note:
        high = _high(words.note, 12)
        _text(slide, words.note, view, (EDGE, top, COLUMN, high), 12)
        top += high + 4
    line = " ".join(filter(None, (credit(dataset, view), notice(dataset, view), words.printed)))
    _text(slide, line, view, (EDGE, FOOT + 4, 960 - 2 * EDGE, 540 - FOOT - 8), 9)
    legend = picture.legend_part(dataset, view, COLUMN, max(FOOT - top - 6, _LEAST))
    _picture(
        slide, legend, EDGE, FOOT - 6 - legend.high, dataset.messages(view.lang)("brief.alt_legend")
    )
    _picture(slide, picture.map_part(dataset, view, 960 - LEFT, FOOT), LEFT, 0, described)
    slide.notes_slide.notes_text_frame.text = _notes(dataset, view)
    stated = words.title or title(dataset, found, view)
    deck.core_properties.title = stated[:_LONGEST_PROPERTY]
    deck.core_properties.language = tag(view.lang)
    deck.core_properties.author = messages(view.lang)("common.name")
    # The day of the data, so that a view gives the same file on any day.
    deck.core_properties.created = datetime.combine(dataset.data_day, time.min)
    deck.core_properties.modified = deck.core_properties.created
    target = io.BytesIO()
    deck.save(target)
    with zipfile.ZipFile(target) as saved:
        return zipped({name: saved.read(name) for name in saved.namelist()})


def _notes(dataset: Dataset, view: View) -> str:
    """Return what the speaker may be asked for: the summary, all figures and the sources."""
    found = coverage(dataset, view)
    figures = [
        f"{one.title}: {one.value}" + (f" ({one.detail})" if one.detail else "")
        for one in key_figures(dataset, view)
    ]
    cited = [
        f"{one.source_id}: {one.cite(view.lang)} {one.url}".strip()
        for one in behind(dataset, found, view)
    ]
    said = (summary(dataset, found, view), "", *figures, "", credit(dataset, view), *cited)
    return "\n".join(said)


def _heading(slide: Any, dataset: Dataset, view: View, words: Words) -> float:
    """Write the heading of the slide; return where it ends."""
    found = coverage(dataset, view)
    said, counted = kicker(dataset, found, view), headline(found, view)
    lines = [(said, 14, picture.hue(dataset, view)), (counted, _letters(counted, 28), INK)]
    if own := words.title:
        lines = [(own, _letters(own, 24), INK), (f"{said}: {counted}", 12, lines[0][2])]
    shape = slide.shapes.title
    high = sum(_high(text, size, bold=True) for text, size, _ in lines) + 4
    shape.left, shape.top, shape.width, shape.height = map(Pt, (EDGE, TOP, COLUMN, high))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for place, (text, size, colour) in enumerate(lines):
        paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        _letter(paragraph.add_run(), text, view, size, bold=True, colour=colour)
    return TOP + high


def _letters(text: str, most: int) -> int:
    """Return the font size in points, at most `most`, at which a heading fits three lines."""
    sizes = range(most, 15, -1)
    return next((size for size in sizes if _lines(text, size, bold=True) <= 3), 15)


def _lines(text: str, size: float, *, bold: bool = False, wide: float = COLUMN) -> int:
    """Return how many lines a text takes, in a wide font too."""
    lines, filled = 1, 0.0
    for word in text.split():
        long = width(f"{word} ", bold=bold) * size * _ROOM
        if filled and filled + long > wide:
            lines, filled = lines + 1, 0.0
        filled += long
    return lines


def _high(text: str, size: float, *, bold: bool = False, wide: float = COLUMN) -> float:
    return _lines(text, size, bold=bold, wide=wide) * size * 1.2


def _picture(slide: Any, part: Part, left: float, top: float, alternative: str) -> None:
    """Put in a part as SVG, with its PNG for programs that know no SVG."""
    box = (Pt(length) for length in (left, top, part.wide, part.high))
    shape = slide.shapes.add_picture(io.BytesIO(part.png), *box)
    package = slide.part.package
    name = package.next_partname("/ppt/media/vector%d.svg")
    drawn = PackagePart(name, "image/svg+xml", package, part.svg)
    link = slide.part.relate_to(drawn, RELATIONSHIP_TYPE.IMAGE)
    shape._element.blipFill.find(qn("a:blip")).append(parse_xml(_SVG.format(link=link)))  # noqa: SLF001 - no public way
    shape._element.nvPicPr.cNvPr.set("descr", alternative)  # noqa: SLF001 - no public way


def _table(slide: Any, dataset: Dataset, view: View, top: float) -> float:
    """Write the figures as a table to edit; return where it ends."""
    figures = main_figures(dataset, view)[1:]  # the first is the headline
    wide = COLUMN - _NAMES
    rows = [29 + _high(one.detail, 12, wide=wide - 8) for one in figures]
    frame = slide.shapes.add_table(len(figures), 2, *map(Pt, (EDGE, top + 4, COLUMN, sum(rows))))
    described = "; ".join(f"{one.title}: {one.value}" for one in figures)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)  # noqa: SLF001 - no public way
    table = frame.table
    table.first_row, table.horz_banding, table.first_col = False, False, True
    table.columns[0].width, table.columns[1].width = Pt(_NAMES), Pt(wide)
    for place, figure in enumerate(figures):
        table.rows[place].height = Pt(rows[place])
        _cell(table.cell(place, 0), figure.title, view, 12)
        _cell(table.cell(place, 1), figure.value, view, 20, beside=figure.detail)
    return top + 4 + sum(rows)


def _cell(cell: Any, text: str, view: View, size: float, *, beside: str = "") -> None:
    _write(cell.text_frame, text, view, size, bold=size > 12)
    cell.margin_top = cell.margin_bottom = Pt(1)
    cell.margin_left = cell.margin_right = Pt(0)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.background()
    if beside:
        run = cell.text_frame.add_paragraph().add_run()
        _letter(run, beside, view, 12, bold=False, colour=QUIET)


def _text(slide: Any, text: str, view: View, box: tuple[float, ...], size: float) -> None:
    frame = slide.shapes.add_textbox(*map(Pt, box)).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _write(frame, text, view, size, bold=False, colour=QUIET)


def _write(
    frame: Any, text: str, view: View, size: float, *, bold: bool, colour: str = INK
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
