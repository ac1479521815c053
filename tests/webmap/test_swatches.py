"""The legend's signs as HTML: each look that a legend can have is drawn, and nothing slips in."""

import html
import re
from xml.etree import ElementTree as ET

import pytest

from geo.base.look_data import DRAWING
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, View
from geo.report.legend import legend
from geo.report.looks import Look
from geo.settings import ROOT
from geo.text.messages import messages
from geo.webmap.swatches import evidence_bar, sign, swatch, twins

SVG = "{http://www.w3.org/2000/svg}"


PLACE = r'<i class="\w+" aria-hidden="true" data-drawn="([^"]*)"></i>'


def drawn(said: str) -> ET.Element:
    """Return the picture inside a sign, as shell.js unpacks it."""
    packed = re.fullmatch(PLACE, said)
    assert packed, said
    whole = html.unescape(packed[1]).replace("<svg", f"<svg xmlns='{SVG[1:-1]}'")
    return ET.fromstring(whole)  # noqa: S314


@pytest.mark.parametrize("colour", COLOURS)
def test_every_line_of_a_legend_has_a_sign_whose_pattern_is_defined(dataset, colour):
    view = View(year=2024, colour=colour, lines=True)
    for entry in legend(dataset, coverage(dataset, view), view, messages("nb")):
        picture = drawn(swatch(entry.look))
        used = re.findall(r"url\(#([\w-]+)\)", ET.tostring(picture, encoding="unicode"))
        assert used == [one.get("id") for one in picture.iter(f"{SVG}pattern")]
        assert bool(used) == (entry.look.pattern in DRAWING["patterns"])


INK = re.compile(r'(?:fill|stroke)="(#\w+)"')


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_of_a_sign_has_a_twin_for_dark_screens(dataset, colour):
    for entry in legend(dataset, coverage(dataset, View()), View(colour=colour), messages("nb")):
        inks = INK.findall(sign(entry.look))
        assert inks
        assert set(inks) <= set(twins()), entry.label


def test_every_colour_of_a_drawing_has_a_twin_for_dark_screens():
    for file in (ROOT / "geo" / "drawings").glob("*.py"):
        typed = re.findall(r"#[0-9A-Fa-f]{6}\b", file.read_text(encoding="utf-8"))
        assert set(typed) <= set(twins()), file.name


def test_no_twin_is_itself_a_colour_that_has_another():
    again = {dark for light, dark in twins().items() if twins().get(dark, dark) != dark}
    assert again == set()


def test_a_sign_is_text_and_no_markup():
    assert (
        drawn(swatch(Look("#000000", pattern="none", sign="<b>"))).find(f"{SVG}text").text == "<b>"
    )


def test_a_projects_bar_has_a_part_for_each_level_and_is_as_long_as_its_kommuner():
    counts = (4, 14, 7)
    parts = drawn(evidence_bar("#0072B2", counts, 50)).findall(f"{SVG}rect")
    wide = [float(part.get("width")) for part in parts]
    assert len(parts) == len(EVIDENCE_LEVELS)
    assert wide[1] / wide[0] == pytest.approx(14 / 4, rel=0.15)
    assert sum(wide) == pytest.approx(72 * 25 / 50, abs=4)


def test_the_legend_counts_the_evidence_of_each_project(dataset):
    view = View(project=("kraftsenter-st",))
    first = legend(dataset, coverage(dataset, view), view, messages("nb"))[0]
    assert first.evidence == (4, 14, 7)
    assert sum(first.evidence) == first.count
