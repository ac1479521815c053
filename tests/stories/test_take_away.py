"""Staff and journalists take it away: briefs, links, quotes."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.stories.conftest import Reader


def test_staff_take_a_slide_picture_that_is_what_they_saw(reader: Reader, tmp_path: Path):
    page = reader.open("/brief?project=kraftsenter-st")
    page.get_by_role("textbox", name="Egen tittel").fill("Hvem betjener Trøndelag?")
    page.keyboard.press("Tab")
    reader.settled()
    expect(
        page.locator("[data-testid=stImage] img, [data-testid=stImageContainer] img").first
    ).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("^Last ned Lysbilde, PNG")).click()
    name = taken.value.suggested_filename
    assert re.fullmatch(r"\d{4}-\d\d-\d\d_kraftsenter-st_struktur-2015_lysbilde\.png", name)
    path = tmp_path / name
    taken.value.save_as(path)
    assert Image.open(path).size == (1920, 1080)
    reader.picture("brief")
    assert reader.third_parties() == []
    assert reader.errors == []


@pytest.mark.parametrize("kind", ["Faktaark, PDF", "Lysbilde, PowerPoint"])
def test_staff_look_at_each_file_before_they_take_it(reader: Reader, kind: str):
    page = reader.open("/brief?project=voss&lang=nb")
    page.get_by_role("radiogroup", name="Format").get_by_text(kind, exact=True).click()
    expect(page.get_by_role("button", name=f"Last ned {kind}")).to_be_visible()
    reader.settled()
    reader.picture(f"brief-{kind.rsplit(' ', 1)[-1].lower()}")
    assert reader.errors == []


def test_staff_get_the_map_alone_at_16_to_9(reader: Reader):
    reader.page.goto(f"{reader.server}/?brief=1&project=voss")
    reader.map_drawn()
    box = reader.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)
    assert reader.page.get_by_role("link", name="Metode").count() == 0
    expect(reader.map.locator(".source")).to_contain_text("© Kartverket")
    reader.picture("brief-alone")
    assert reader.errors == []


def test_the_map_page_is_printed_on_one_page_with_its_sources(reader: Reader, tmp_path: Path):
    page = reader.open("/?project=kraftsenter-st")
    reader.map_drawn()
    page.pdf(path=tmp_path / "kart.pdf", prefer_css_page_size=True)
    (only,) = PdfReader(tmp_path / "kart.pdf").pages
    text = " ".join(only.extract_text().replace("\u00a0", " ").split())
    for part in ("25 kommuner i 3 fylker", "95 548", "Antatt (prikket)", "Oppdal", "Kilder: "):
        assert part in text, part
    assert "© Kartverket" in text


def test_a_journalist_copies_link_sentence_and_citation(reader: Reader):
    page = reader.open("/?project=kraftsenter-st")
    page.get_by_role("button", name="Del og siter").click()
    expect(
        page.get_by_text("25 kommuner i 3 fylker, kommunestruktur 2015 (4 dokumentert")
    ).to_be_visible()
    expect(page.get_by_text("(4 documented, 14 inferred and 7 assumed). Sources:")).to_be_visible()
    blocks = page.locator("[data-testid=stCode]")
    assert "data=2.0.0" in blocks.first.inner_text()
    page.get_by_text("alltid nyeste data").click()
    expect(blocks.first).not_to_contain_text("data=2.0.0")
    reader.picture("share")
    assert reader.errors == []
