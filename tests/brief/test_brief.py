"""Pictures, fact sheet and slide: what staff take into a briefing."""

import io
import itertools
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pypdf import PdfReader

from geo import columns as c
from geo.brief import canvas, factsheet, picture, slide
from geo.brief.brief_files import KINDS
from geo.brief.column import TextColumn
from geo.brief.picture import Words
from geo.brief.picture_sizes import SIZES
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.figures import key_figures, main_figures
from geo.report.looks import EMPTY_LOOKS, project_colours
from geo.report.titles import headline
from geo.report.wording import shortened
from geo.text.languages import LANGUAGES
from tests import patience

KRAFTSENTER = View(project=("kraftsenter-st",))
MERGED = View(project=("kraftsenter-st",), year=2020, lines=True)
LONG = Words(
    title="En svært lang tittel om næringshagene på Åfjord, Røros og Ørland " * 3,
    note="Et notat som ikke tar slutt. " * 40,
    address="http://127.0.0.1:8501/?" + "project=kraftsenter-st&" * 6,
)
VIEWS = [
    View(),
    KRAFTSENTER,
    MERGED,
    View(project=("voss",), colour="evidence"),
    View(fylke=("19",), colour="grant"),
    View(fylke=("50",), year=2020, lang="en"),
    View(project=("voss",), fylke=("19",)),  # nothing is covered
]


def drawn(dataset, view, size="slide", words=picture.NO_WORDS):
    figure = picture._draw(dataset, view, SIZES[size], words)
    figure.canvas.draw()
    return figure


def boxes(texts):
    return {text.get_text(): text.get_window_extent() for text in texts if text.get_text().strip()}


@pytest.mark.parametrize("size", SIZES)
def test_pictures_have_the_size_they_promise(dataset, size):
    image = Image.open(io.BytesIO(picture.png(dataset, KRAFTSENTER, size)))
    assert image.size == (SIZES[size].wide, SIZES[size].high)
    assert round(image.info["dpi"][0]) == SIZES[size].dpi


def test_a_picture_says_in_its_file_what_it_shows_and_from_where(dataset):
    image = Image.open(io.BytesIO(picture.png(dataset, KRAFTSENTER)))
    assert image.info["Title"].startswith("Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker")
    assert "© Kartverket" in image.info["Source"]


def test_the_same_view_gives_the_same_bytes(dataset):
    assert picture.svg.__wrapped__(dataset, KRAFTSENTER) == picture.svg(dataset, KRAFTSENTER)


LABELLED = [
    *((View(), size) for size in ("slide", "print")),
    *((View(year=year), "slide") for year in (2020, 2024)),
    *((one, "slide") for one in (KRAFTSENTER, MERGED, VIEWS[4], View(project=("troms",)))),
    *((View(fylke=("11",), year=year), "slide") for year in (2015, 2024)),
]


@pytest.mark.parametrize(("view", "size"), LABELLED, ids=str)
def test_every_covered_kommune_is_named_beside_itself_never_over_another_nor_cut(
    dataset, view, size, monkeypatch
):
    placed = []
    place = canvas.place
    monkeypatch.setattr(canvas, "place", lambda *given: placed.append(place(*given)) or placed[-1])
    figure = drawn(dataset, view, size)
    maps = [axes for axes in figure.axes if axes.texts]
    named = "/".join(text.get_text() for axes in maps for text in axes.texts)
    covered = coverage(dataset, view).covered[c.LABEL]
    assert 0 < len(covered) <= 60
    assert [name for name in covered if shortened(name) not in named] == []
    for axes, labels in zip(maps, placed, strict=True):
        frame = axes.get_window_extent()
        texts = [(text.get_text(), text.get_window_extent()) for text in axes.texts]
        for text, box in texts:
            assert frame.x0 <= box.x0, text
            assert box.x1 <= frame.x1, text
            assert frame.y0 <= box.y0, text
            assert box.y1 <= frame.y1, text
        for (one, a), (other, b) in itertools.combinations(texts, 2):
            assert not a.overlaps(b), (one, other)
        for label in labels:
            assert label.distance <= 2, label.label.text
    assert min(text.get_fontsize() for axes in maps for text in axes.texts) >= 10


@pytest.mark.parametrize("size", ["slide", "print", "square", "sheet"])
def test_the_overview_holds_the_frames_of_its_maps(dataset, size):
    south, north, whole = drawn(dataset, View(), size).axes
    for part in (south, north):
        corners = part.viewLim.corners()
        assert all(whole.viewLim.contains(*corner) for corner in corners)


OWN = Words("Næringshagene i Trøndelag", "Slik var det da prosjektene begynte.", "kart.example/k/x")


CROWDED = [
    (View(year=2020), OWN),
    (View(year=2024, lang="en"), picture.NO_WORDS),
    (View(year=2024, lang="nn"), OWN),
    (MERGED.but(lang="en"), OWN),
    (View(fylke=("11",), year=2024), OWN),
    (VIEWS[3], picture.NO_WORDS),
]


@pytest.mark.parametrize(("view", "words"), CROWDED, ids=str)
def test_nothing_on_a_slide_is_smaller_than_12_points_but_map_and_source(dataset, view, words):
    figure = drawn(dataset, view, words=words)
    small = {t.get_text(): t.get_fontsize() for t in figure.texts if t.get_fontsize() < 11.99}
    assert set(small.values()) == {9}
    assert " ".join(small).count("Kartverket") == 1
    beside = {t.get_text() for t in figure.texts} - set(small)
    assert not any("Kartverket" in text for text in beside)
    assert max(t.get_fontsize() for t in figure.texts) >= 20
    assert min(t.get_fontsize() for axes in figure.axes for t in axes.texts) >= 10


def test_the_legend_of_a_picture_has_what_is_drawn_and_not_what_is_said_twice(dataset):
    said = [text.get_text() for text in drawn(dataset, MERGED).texts]
    assert not any("Fantes ikke" in text for text in said)
    assert said.count("Kraftsenter Sør-Trøndelag") == 0  # it is the line above the headline
    assert any("utenfor prosjektene" in text for text in said)


@pytest.mark.parametrize("view", [MERGED, *VIEWS[3:]], ids=str)
@pytest.mark.parametrize("size", SIZES)
def test_what_can_be_quoted_stays_inside_the_picture(dataset, view, size):
    figure = drawn(dataset, view, size, LONG)
    frame = figure.bbox
    written = boxes(figure.texts)
    for text, box in written.items():
        assert box.x0 >= 0, text
        assert box.x1 <= frame.x1, text
        assert box.y0 >= 0, text
        assert box.y1 <= frame.y1, text
    whole = " ".join(written)
    if SIZES[size].alone:  # the slide and the fact sheet say it beside the others
        assert "Kartverket" in whole
        assert str(view.year) in whole
    assert (f"v{dataset.data_version}" in whole) == (SIZES[size].source > 0)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [size for size in SIZES if SIZES[size].alone])
def test_no_word_of_a_headline_is_split(dataset, size, lang):
    asked = View(project=("voss",), lang=lang)
    own = Words(title="Kommunesammenslåing i Sør-Trøndelag og Møre og Romsdal")
    for words, said in (
        (picture.NO_WORDS, headline(coverage(dataset, asked), asked)),
        (own, own.title),
    ):
        figure = drawn(dataset, asked, size, words)
        written = {word for text in figure.texts for word in text.get_text().split()}
        assert set(said.split()) <= written


def test_the_text_beside_the_map_ends_above_the_source_line(dataset):
    figure = drawn(dataset, View(year=2020, lines=True), "preview", LONG)
    left, bottom, *_ = figure.axes[0].get_position().bounds
    column = [b for b in boxes(figure.texts).values() if b.x1 < left * figure.bbox.x1]
    foot = bottom * figure.bbox.y1
    assert not any(box.y0 < foot < box.y1 for box in column)


def test_colours_are_those_on_the_screen(dataset):
    image = Image.open(io.BytesIO(picture.png(dataset, KRAFTSENTER))).convert("RGB")
    wanted = project_colours(dataset)["kraftsenter-st"]
    rgb = tuple(int(wanted[n : n + 2], 16) for n in (1, 3, 5))
    covered = sum(count for count, colour in image.getcolors(1 << 24) if colour == rgb)
    # Half of what is inferred is ground: that of the diagonals.
    assert covered > image.width * image.height * 0.02


def textures(axes):
    """Return what is drawn on the map many times over: stripes, dots and signs."""
    patches = (one for one in axes.get_children() if isinstance(one, PathPatch))
    return [one for one in patches if one.get_clip_path() is not None]


def test_every_look_of_the_legend_is_drawn_on_the_map_in_its_own_texture(dataset):
    figure = drawn(dataset, View(project=("kraftsenter-st",), points=False))
    hue = project_colours(dataset)["kraftsenter-st"].lower()
    stripes = [one for one in textures(figure.axes[0]) if not one.get_fill()]
    spots = [one for one in textures(figure.axes[0]) if one.get_fill()]
    assert {to_hex(one.get_edgecolor()) for one in stripes} == {hue}
    # Dots where it is assumed, question marks where no source was found.
    assert {to_hex(one.get_facecolor()) for one in spots} == {
        hue, EMPTY_LOOKS[c.NO_SOURCE].fill.lower(),
    }  # fmt: skip


@pytest.mark.parametrize("view", [View(), KRAFTSENTER], ids=str)
def test_nothing_is_drawn_beyond_its_map(dataset, view):
    # In SVG what is cut to a path is not cut to the axes as well.
    figure = drawn(dataset, view)
    for axes in figure.axes:
        room = axes.bbox.padded(12)  # of a mark at the edge
        for one in textures(axes):
            path, transform = one.get_clip_path().get_transformed_path_and_affine()
            box = path.get_extents(transform)
            assert room.contains(box.x0, box.y0), box
            assert room.contains(box.x1, box.y1), box


def test_an_svg_says_what_a_png_says(dataset):
    figure = drawn(dataset, MERGED)
    said = {t.get_text() for t in (*figure.texts, *(t for a in figure.axes for t in a.texts))}
    tree = ET.fromstring(picture.svg(dataset, MERGED))  # noqa: S314
    written = {one.text for one in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert written == {text.strip() for text in said}
    assert any(f"1.1.{MERGED.year}" in text for text in written)


def test_an_svg_is_well_formed_and_carries_its_title(dataset):
    tree = ET.fromstring(picture.svg(dataset, MERGED))  # noqa: S314
    words = "Kraftsenter Sør-Trøndelag: samme område var 20 kommuner"
    assert words in "".join(tree.itertext())


# -- the fact sheet --------------------------------------------------------------------------------


def sheet(dataset, view, words=picture.NO_WORDS):
    return PdfReader(io.BytesIO(factsheet.pdf(dataset, view, words)))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_sheet_is_tagged_in_its_language_for_readers_and_archives(dataset, language):
    reader = sheet(dataset, KRAFTSENTER.but(lang=language))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    about = root["/Metadata"].get_data().decode("utf-8")
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about


def test_the_map_in_a_fact_sheet_has_a_text_for_those_who_cannot_see_it(dataset):
    tagged = [
        str(thing["/Alt"])
        for reader in [sheet(dataset, KRAFTSENTER)]
        for number in range(1, len(reader.xref_objStm) + len(reader.xref[0]) + 1)
        if isinstance(thing := reader.get_object(number), dict) and "/Alt" in thing
    ]
    assert any(
        "betjente 25 kommuner (4 dokumentert, 14 utledet og 7 antatt)" in text for text in tagged
    )


def test_a_fact_sheet_holds_figures_kommuner_claims_and_sources(dataset):
    text = text_of(sheet(dataset, KRAFTSENTER))
    for part in ("25 kommuner i 3 fylker", "95 548", "Rindal", "Hemne (antatt)", "S03", "Stemmer"):
        assert part in text.replace("\u00a0", " "), part


def test_the_programmes_fact_sheet_shows_that_the_sums_do_not_agree(dataset):
    text = text_of(sheet(dataset, View(lang="en")))
    assert "25.5 million" in text
    assert "NOK 30 million in all" in text


def test_texts_of_others_are_set_as_they_are(dataset):
    nasty = Words(title="#panic() $x$ [a](b) <img> *stars*", note='#include "x" _under_')
    text = text_of(sheet(dataset, VIEWS[-1], nasty))  # its map is soon read
    assert "#panic() $x$ [a](b) <img> *stars*" in text
    assert '#include "x" _under_' in text


def test_an_empty_view_gives_a_fact_sheet_that_says_so(dataset):
    assert ": ingen kommuner i dette utvalget" in text_of(sheet(dataset, VIEWS[-1]))


def test_the_preview_has_the_pages_of_the_file(dataset):
    assert len(factsheet.pages(dataset, MERGED)) == len(sheet(dataset, MERGED).pages)


# -- the slide -------------------------------------------------------------------------------------


SVG_BLIP = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"


def shown(dataset, view, words=picture.NO_WORDS):
    (only,) = Presentation(io.BytesIO(slide.pptx(dataset, view, words))).slides
    return only


def pictures(only):
    return [shape for shape in only.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]


def drawing(only, image):
    """Return the SVG of a picture and its PNG."""
    link = next(image._element.iter(SVG_BLIP)).get(qn("r:embed"))
    return only.part.related_part(link), Image.open(io.BytesIO(image.image.blob))


def test_a_slide_has_a_title_described_pictures_and_a_table_to_edit(dataset):
    only = shown(dataset, KRAFTSENTER)
    said = "Kraftsenter Sør-Trøndelag, kommunestruktur 2015\n25 kommuner i 3 fylker"
    assert only.shapes.title.text_frame.text == said
    (table,) = [shape for shape in only.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.table.rows]
    figures = main_figures(dataset, KRAFTSENTER)[1:]
    assert rows == [[one.title, f"{one.value}\n{one.detail}"] for one in figures]
    described = table._element.nvGraphicFramePr.cNvPr.get("descr")
    assert all(f"{one.title}: {one.value}" in described for one in figures)
    legend, image = (one._element.nvPicPr.cNvPr.get("descr") for one in pictures(only))
    assert legend == "Tegnforklaring til kartet."
    assert "betjente 25 kommuner" in image


def test_the_pictures_of_a_slide_are_vectors_and_sharp_without(dataset):
    only = shown(dataset, KRAFTSENTER)
    for image in pictures(only):
        part, png = drawing(only, image)
        assert part.content_type == "image/svg+xml"
        tree = ET.fromstring(part.blob)  # noqa: S314
        # Office programs pass over the font in an SVG.
        assert not list(tree.iter("{http://www.w3.org/2000/svg}text"))
        assert b"scale(0.015625)" in part.blob  # of letters, not rounded as coordinates are
        assert png.size[0] / (image.width / slide.WIDE) >= 3838  # of a slide on a 4K screen


def test_the_notes_of_a_slide_hold_the_summary_all_figures_and_the_sources(dataset):
    notes = shown(dataset, KRAFTSENTER).notes_slide.notes_text_frame.text
    assert "betjente 25 kommuner" in notes
    for figure in key_figures(dataset, KRAFTSENTER):
        assert f"{figure.title}: {figure.value}" in notes
    cited = factsheet.behind(dataset, coverage(dataset, KRAFTSENTER), KRAFTSENTER)
    assert cited
    assert all(f"{one.source_id}: {one.cite('nb')}" in notes for one in cited)


def test_a_slide_keeps_what_the_view_is_when_it_gets_another_title(dataset):
    only = shown(dataset, MERGED, Words("Egen tittel", "Eget notat", "http://127.0.0.1/?year=2020"))
    texts = [shape.text_frame.text for shape in only.shapes if shape.has_text_frame]
    stated = "Kraftsenter Sør-Trøndelag: samme område i kommunestrukturen fra 2020: 20 kommuner"
    assert texts[0].startswith(f"Egen tittel\n{stated}")
    assert "Eget notat" in texts
    assert any("http://127.0.0.1/?year=2020" in text for text in texts)


def sizes(only):
    frames = [shape.text_frame for shape in only.shapes if shape.has_text_frame]
    for table in (shape.table for shape in only.shapes if shape.has_table):
        frames += [cell.text_frame for row in table.rows for cell in row.cells]
    for frame in frames:
        for run in (run for paragraph in frame.paragraphs for run in paragraph.runs):
            yield run.text, run.font.size.pt


@pytest.mark.parametrize(("view", "words"), CROWDED, ids=str)
def test_texts_of_a_powerpoint_slide_have_12_points_and_room(dataset, view, words, monkeypatch):
    scales = []

    class Told(TextColumn):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            scales.extend([] if self.dry else [self.scale])

    monkeypatch.setattr(picture, "TextColumn", Told)
    deck = slide.pptx.__wrapped__(dataset, view, words)
    (only,) = Presentation(io.BytesIO(deck)).slides
    assert scales == [1]  # of the legend
    small = [text for text, size in sizes(only) if size < 12]
    assert len(small) == 1
    assert "Kartverket" in small[0]
    assert max(size for _, size in sizes(only)) >= 20
    legend, image = pictures(only)
    written = [shape for shape in only.shapes if shape not in (legend, image)][:-1]
    assert all(shape.top + shape.height <= legend.top for shape in written)
    assert all(shape.left + shape.width <= image.left for shape in (*written, legend))


def test_nothing_on_a_slide_leaves_it_or_covers_the_map(dataset):
    only = shown(dataset, MERGED, LONG)
    for shape in only.shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= slide.WIDE
        assert shape.top + shape.height <= slide.HIGH
    (table,) = [shape for shape in only.shapes if shape.has_table]
    assert table.left + table.width < pictures(only)[1].left


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_slide_opens_in_libreoffice(dataset, tmp_path):
    path = tmp_path / "lysbilde.pptx"
    path.write_bytes(slide.pptx(dataset, KRAFTSENTER))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, timeout=patience.SECONDS, capture_output=True)
    reader = PdfReader(path.with_suffix(".pdf"))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert "25 kommuner i 3 fylker" in text
    assert "95" in text


# -- names -----------------------------------------------------------------------------------------


def test_file_names_sort_and_say_what_they_hold(dataset):
    names = {kind.name(dataset, MERGED) for kind in KINDS.values()}
    assert len(names) == len(KINDS)
    for name in names:
        assert name[:4].isdigit()
        assert "kraftsenter-st_struktur-2020" in name
