"""Official data in use: exact borders on the map, a look-up from the page, tiles beneath."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.fetch import official_boundaries, store
from geo.report import looks
from geo.settings import ROOT
from geo.webmap import tiles, webmap
from tests import official_maps, services
from tests.fetch.test_hubs import API, VOSS, found
from tests.services import Asked, Given, Services, hasty
from tests.stories.conftest import DESKTOP, Reader, reader_of, running, somebody

PROJECT = "kraftsenter-st"
TITLE = "Historiske kommunegrenser 2013til2016 med forbedret nøyaktighet"
# Whatever says that a shape stands for more than one kommune, or that borders are of another year.
NOTES = re.compile(r"står for flere|samme form|Grensene er fra|Formen viser")
# A grey tile: 1 x 1 pixel, as PNG.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63"
    "d8010000ba00b99e9ee2050000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def local() -> Iterator[Services]:
    with services.running() as found:
        yield found


@pytest.fixture(scope="module")
def with_official_data(
    local: Services,
    dataset: Dataset,
    real_boundaries: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A dashboard on the shipped data, with the borders of 2015 fetched."""
    data_dir = tmp_path_factory.mktemp("official") / "data"
    shutil.copytree(ROOT / "data", data_dir, ignore=shutil.ignore_patterns("fetched"))
    frame = official_maps.of_2015(real_boundaries, dataset.register)
    official_maps.serve_pages(local, TITLE, frame, "KOMMUNENR")
    staged = official_boundaries.fetch(hasty(data_dir / "fetched"), dataset, (2015,))
    store.commit(data_dir, [staged])
    environment = {"DATA_DIR": str(data_dir), "GEO_FETCH_FROM_PAGE": "1"}
    with running(**environment) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, with_official_data: str) -> Iterator[Reader]:
    with somebody(browser, with_official_data, DESKTOP) as person:
        yield person


def covered(reader: Reader, dataset: Dataset) -> Locator:
    """The shapes that are drawn in the project's colour, plain or in a pattern."""
    colour = looks.project_colours(dataset)[PROJECT].removeprefix("#")
    return reader.map.locator(f"path.leaflet-interactive:not(.mark)[fill*='{colour}' i]")


def everything(reader: Reader) -> str:
    """What stands on the page, the map's frame included."""
    page = reader.page.locator("[data-testid=stMain]").inner_text()
    frames = reader.page.locator("iframe[title^='Kart']").count()
    return page + (reader.map.locator("body").inner_text() if frames else "")


def map_picture(reader: Reader, name: str) -> None:
    """Save the map with its legend and notes, for people to judge."""
    path = reader.picture(name).with_name(f"{name}-map.png")
    reader.map.locator(".frame").screenshot(path=path)


def test_without_exact_borders_the_page_says_which_shapes_are_shared(
    reader: Reader, dataset: Dataset
):
    page = reader.open(f"/?project={PROJECT}&kommune=1636")
    reader.map_drawn()
    assert covered(reader, dataset).count() < 25
    expect(page.get_by_role("heading", name="Samme flate på kartet")).to_be_visible()
    page.get_by_role("button", name="Tilbake til oversikten").click()
    page.get_by_role("button", name="Slik er tallene regnet").click()
    expect(page.get_by_role("dialog")).to_contain_text(
        "Grensene er fra 2020. 47 former står for flere kommuner i 2015."
    )
    map_picture(reader, "official-without")
    page = reader.open("/data")
    expect(page.get_by_text("Struktur 2015: innebygde grenser")).to_contain_text("47 former")
    expect(page.get_by_text("python -m geo fetch", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Hent alt")).to_have_count(0)


def test_with_exact_borders_25_kommuner_are_25_shapes_and_no_note_is_left(
    visitor: Reader, dataset: Dataset
):
    visitor.open(f"/?project={PROJECT}")
    visitor.map_drawn()
    expect(covered(visitor, dataset)).to_have_count(25)
    expect(visitor.page.locator(".source")).to_contain_text("© Kartverket, Statistisk sentralbyrå")
    map_picture(visitor, "official-25-shapes")
    assert NOTES.findall(everything(visitor)) == []
    for address in (f"/?project={PROJECT}&kommune=1636", f"/prosjekter?project={PROJECT}"):
        visitor.open(address)
        visitor.map_drawn()
        assert NOTES.findall(everything(visitor)) == []
    page = visitor.open("/data")
    # The borders of 2015 tell the kommuner of 2018 apart too; those of 2024 keep their note.
    line = page.get_by_text("Struktur 2015: kommuner-2015.parquet, tegnet for 2015.")
    expect(line).to_contain_text("Hver kommune har sin egen form.")
    expect(page.get_by_text("Struktur 2024: innebygde grenser")).to_contain_text("1 form står for")
    row = page.get_by_role("row").filter(has_text="Kartgrenser 2015")
    expect(row).to_contain_text("hentet")
    page.get_by_text("4 hentede filer, med opphav").click()
    expect(page.get_by_role("cell", name="NLOD 1.0").first).to_be_visible()
    assert visitor.errors == []
    assert visitor.third_parties() == []


def test_a_year_with_other_borders_keeps_the_place(visitor: Reader, dataset: Dataset):
    page = visitor.open(f"/?project={PROJECT}")
    visitor.map_drawn()
    frame = visitor.map.locator(".frame")
    home = frame.get_attribute("data-zoom") or ""
    visitor.map.get_by_role("button", name="Zoom inn").click()
    expect(frame).not_to_have_attribute("data-zoom", home)
    near, painted = frame.get_attribute("data-zoom"), frame.get_attribute("data-painted")
    page.get_by_role("radio", name="2024").click()
    expect(visitor.map.locator(".frame-title")).to_contain_text("kommunestruktur 2024")
    expect(frame).not_to_have_attribute("data-painted", painted or "")
    assert frame.get_attribute("data-zoom") == near
    # What is drawn now are the borders of another year, of which one shape stands for two.
    drawn = dataset.boundaries(2024)
    expect(visitor.map.locator("path.leaflet-interactive:not(.mark)")).to_have_count(
        len(drawn.shapes)
    )
    assert visitor.errors == []


def test_on_the_servers_own_machine_the_hubs_are_looked_up_from_the_page(
    visitor: Reader, local: Services
):
    def answer(asked: Asked) -> Given:
        here = asked.query["navn"] == "Næringshagen på Voss"
        return found(VOSS | {"konkurs": True}) if here else found()

    local.put(API, answer)
    page = visitor.open("/data")
    page.get_by_role("button", name="Slå opp næringshagene").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    sentence = page.get_by_text("Næringshagen på Voss (987")
    expect(sentence).to_contain_text("konkurs")  # politely, one hub after another
    visitor.picture("official-report")
    page.get_by_role("button", name="Ta i bruk").click()
    expect(page.get_by_text("Tatt i bruk.")).to_be_visible()
    expect(page.get_by_text("1 av 40 funnet, 0 aktive")).to_be_visible()
    page.get_by_text("Næringshagene i Enhetsregisteret").last.click()
    row = page.get_by_role("row").filter(has_text="987\u00a0654\u00a0321")
    expect(row).to_contain_text("bare samme navn")
    visitor.picture("official-hubs")
    visitor.open("/prosjekter?project=voss")
    sentence = page.get_by_text("I Enhetsregisteret nå: NÆRINGSHAGEN PÅ VOSS AS")
    expect(sentence).to_contain_text("konkurs")
    expect(sentence).to_contain_text("Funnet bare ved samme navn")
    assert visitor.errors == []


def tile_of(path: str) -> tuple[int, int, int]:
    """Return level, row and column of a tile of Kartverket's in UTM 33."""
    layer = r"cache\.kartverket\.no/v1/wmts/1\.0\.0/topograatone/default/utm33n"
    tile = re.fullmatch(layer + r"/(\d+)/(\d+)/(\d+)\.png", path)
    assert tile, path
    level, row, column = map(int, tile.groups())
    return level, row, column


def tile_around(level: int, north: float, east: float) -> tuple[int, int, int]:
    """Return the tile with a point, by the corner and scale that Kartverket states."""
    side = 256 * 21664 / 2**level
    return level, int((9045984 - north) // side), int((east + 2500000) // side)


def test_background_tiles_are_asked_for_only_where_the_setting_says_so(
    browser: Browser, local: Services, dataset: Dataset
):
    local.put("cache.kartverket.no", Given(TILE, media="image/png"))
    with running(GEO_TILES=tiles.KARTVERKET) as url:
        reader = reader_of(browser, url, DESKTOP)
        reader.open(f"/?project={PROJECT}")
        reader.map_drawn()
        credit = reader.map.get_by_role("link", name="© Kartverket", exact=True)
        expect(credit).to_have_attribute("href", "https://www.kartverket.no/")
        said = reader.page.locator(".st-key-panel")
        expect(said).to_contain_text("Nettleseren din henter bakgrunnskart fra Kartverket")
        asked = [one for one in local.asked if one.path.startswith("cache.kartverket.no")]
        expect(reader.map.locator("img.leaflet-tile-loaded").first).to_be_attached()
        asked_for = {tile_of(one.path) for one in asked}
        level = max(level for level, _, _ in asked_for)
        seat = json.loads(webmap.payload(dataset, View(project=(PROJECT,))))["hubs"][0][2:4]
        assert tile_around(level, *seat) in asked_for
        assert all("referer" not in one.headers for one in asked)
        assert all(url.startswith(local.url) for url in reader.third_parties())
        assert reader.errors == []
        map_picture(reader, "official-tiles")
        before = len(local.asked)
        reader.page.goto(f"{url}/?project={PROJECT}&brief=1")
        reader.map_drawn()
        assert len(local.asked) == before
        reader.page.context.close()
