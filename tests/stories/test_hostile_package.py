"""A data package whose texts try to run in the reader's browser: they are shown, and do nothing."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from geo.settings import ROOT
from tests.stories.conftest import DESKTOP, Reader, reader_of, running

NASTY = (
    "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"
    "${document.title='ran'} [press](javascript:document.title='ran') $& ![](https://example.org/x)"
)
TEXTS = {
    "projects.csv": ("name", "other_names", "purpose_nb", "purpose_en", "note_nb", "note_en"),
    "hubs.csv": ("name", "former_names", "place", "note_nb", "note_en"),
    "sources.csv": ("title", "publisher", "says_nb", "says_en", "published_note_nb"),
    "assumptions.csv": ("published_nb", "assumed_nb", "reasons_nb", "alternatives_nb"),
    "claims.csv": ("text_nb", "text_en"),
    "coverage.csv": ("note_nb", "note_en"),
    "programmes.csv": ("name_nb", "name_en", "funder"),
    "kommuner.csv": ("name",),
}


@pytest.fixture(scope="module")
def nasty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", folder)
    for name, columns in TEXTS.items():
        _poison(folder / name, columns)
    with running(DATA_DIR=str(folder)) as url:
        yield url


def _poison(path: Path, columns: tuple[str, ...]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update({column: f"{row[column]} {NASTY}" for column in columns})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def victim(browser: Browser, nasty_server: str) -> Iterator[Reader]:
    person = reader_of(browser, nasty_server, DESKTOP)
    yield person
    person.page.context.close()


def _nothing_ran(reader: Reader) -> None:
    for frame in reader.page.frames:
        assert frame.title() != "ran"
        assert frame.locator("img[onerror], a[href^='javascript']").count() == 0
    assert reader.third_parties() == []
    assert reader.errors == []


@pytest.mark.parametrize(
    "address",
    ["/?project=voss&kommune=1235", "/prosjekter?project=kraftsenter-st", "/fylker?fylke=16",
     "/data", "/data?table=hubs", "/metode"],
)  # fmt: skip
def test_texts_that_carry_scripts_are_only_shown(victim: Reader, address: str):
    page = victim.open(address)
    page.wait_for_timeout(500)
    _nothing_ran(victim)


def test_hostile_names_are_spelled_out_in_tooltips_and_filters(victim: Reader):
    page = victim.open("/?project=voss&lines=1")
    victim.map_drawn()
    expect(victim.map.locator(".frame-title")).to_contain_text("<script>")
    victim.map.locator("path.leaflet-interactive[fill='#009E73']").first.hover(force=True)
    expect(victim.map.locator(".tip").first).to_be_visible()
    victim.map.locator(".hub").first.hover(force=True)
    expect(victim.map.locator(".tip").last).to_contain_text("$&")
    page.get_by_role("combobox", name="Næringshage").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Finn en kommune").fill("Voss")
    page.keyboard.press("Enter")
    victim.settled()
    _nothing_ran(victim)
