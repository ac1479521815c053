"""The three kinds of people who use the dashboard, each with a real browser and no internet."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Reader

TABLE = "drawer=table"
KRAFTSENTER = "Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker, kommunestruktur 2015"


def heading(reader: Reader):
    return reader.page.get_by_role("heading", level=1)


# -- a policymaker ------------------------------------------------------------------------------


def test_a_policymaker_finds_who_is_uncovered_in_a_county(reader: Reader):
    page = reader.open("/fylker")
    page.get_by_role("combobox", name="Fylke").click()
    page.get_by_role("option", name="Sør-Trøndelag").click()
    expect(page.get_by_text("7 kommuner uten full dekning")).to_be_visible()
    first = page.get_by_role("table").first.get_by_role("row").nth(1)
    expect(first).to_contain_text("Trondheim")
    expect(first).to_contain_text("184 960".replace(" ", "\u00a0"))
    expect(first).to_contain_text("km")
    reader.map_drawn()
    reader.picture("policymaker-county")
    assert reader.third_parties() == []
    assert reader.errors == []


def test_a_policymaker_presses_the_map_and_reads_a_kommunes_story(reader: Reader):
    page = reader.open("/?project=voss")
    reader.map_drawn()
    reader.map.locator("path.leaflet-interactive[fill='#14583A']").first.click(force=True)
    expect(heading(reader)).to_contain_text(re.compile(r"kommunenummer 1235.*Voss|1251.*Vaksdal"))
    expect(page).to_have_url(re.compile("kommune="))
    reader.picture("policymaker-story")
    assert reader.errors == []


def test_a_policymaker_asks_why_this_number(reader: Reader):
    page = reader.open("/?project=kraftsenter-st")
    page.get_by_role("button", name="Slik er tallene regnet").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Fordelt på fylker: Hedmark 6")
    sheet.get_by_text(re.compile("Innbyggere: 95.548")).click()
    expect(sheet.get_by_text("07459").last).to_be_visible()
    reader.picture("policymaker-why")


# -- a journalist -------------------------------------------------------------------------------


def test_a_journalist_filters_by_county_and_keeps_the_link(reader: Reader):
    page = reader.open("/")
    page.get_by_role("combobox", name="Fylke").press_sequentially("Troms")
    page.get_by_role("option", name="Troms", exact=True).click()
    page.keyboard.press("Escape")
    expect(heading(reader)).to_contain_text("Troms")
    expect(page).to_have_url(re.compile("fylke=19"))
    title = heading(reader).inner_text()
    again = reader.open(page.url.removeprefix(reader.server))
    expect(again.get_by_role("heading", level=1)).to_have_text(title)


def test_a_journalist_checks_the_25_kommuner(reader: Reader):
    page = reader.open("/prosjekter?project=kraftsenter-st")
    expect(page.get_by_role("heading", name=KRAFTSENTER)).to_be_visible()
    expect(page.get_by_text("4 dokumentert").first).to_be_visible()
    claim = page.get_by_role("article").filter(has_text="«25 kommuner»")
    expect(claim).to_contain_text("Delvis bekreftet: 18 kan navngis, 7 er antatt")
    expect(claim.locator(".counted svg > rect")).to_have_count(25)
    reader.picture("journalist-25")
    assert reader.errors == []


def test_a_journalist_checks_the_30_million(reader: Reader):
    page = reader.open("/prosjekter")
    claim = page.get_by_role("article").filter(has_text="30 millioner kroner til sammen")
    expect(claim).to_contain_text("Avviker")
    expect(page.get_by_text("6 + 6 + 6 + 3,5 + 4").first).to_be_visible()
    reader.picture("journalist-30-million")


def test_a_journalist_takes_numbers_and_package_away(reader: Reader):
    page = reader.open(f"/?project=voss&{TABLE}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Last ned det som vises").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "1235;Voss" in content.decode("utf-8-sig")
    page = reader.open("/data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Last ned datapakken").click()
    assert download.value.suggested_filename == "naeringshager-2015-2.0.0.zip"


def test_a_journalist_finds_a_kommune_by_its_old_name_while_typing(reader: Reader):
    page = reader.open("/?year=2020")
    page.get_by_role("textbox", name="Finn en kommune").press_sequentially("Melda")
    hit = page.get_by_role("button", name=re.compile("Meldal.*Orkland"))
    hit.wait_for()
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    expect(heading(reader)).to_contain_text("Orkland")
    expect(hit).to_have_count(0)


# -- staff ----------------------------------------------------------------------------------------


def test_staff_take_a_picture_of_the_map_that_can_be_quoted(reader: Reader):
    reader.page.goto(f"{reader.server}/?project=kraftsenter-st&brief=1")
    reader.map_drawn()
    frame = reader.map.locator(".frame")
    for text in (KRAFTSENTER, "Antatt (prikket)", "Data v2.0.0", "© Kartverket"):
        expect(frame).to_contain_text(text)
    box = frame.bounding_box()
    footer = reader.map.locator(".source").bounding_box()
    assert box is not None
    assert footer is not None
    assert footer["y"] + footer["height"] <= box["y"] + box["height"]
    frame.screenshot(path=str(reader.picture("staff-page").with_name("staff-map.png")))


def test_staff_see_another_structure_without_the_map_being_fetched_again(reader: Reader):
    page = reader.open("/?project=kraftsenter-st")
    reader.map.locator(".frame[data-ready=normal]").wait_for()
    fetched = [url for url in reader.requests if "/geo/" in url and "fylker" not in url]
    page.get_by_role("radio", name="2020").or_(page.get_by_role("button", name="2020")).click()
    expect(reader.map.locator(".frame-title")).to_contain_text("kommunestruktur 2020")
    expect(reader.map.locator(".legend")).to_contain_text("Delvis dekket (blek farge)")
    assert [u for u in reader.requests if "/geo/" in u and "fylker" not in u] == fetched
    reader.picture("staff-2020")


# -- everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nn", "en"])  # the other stories are in bokmål
@pytest.mark.parametrize("path", ["", "prosjekter", "fylker", "data", "metode"])
def test_no_page_calls_anybody_else_or_complains(reader: Reader, path: str, language: str):
    page = reader.open(f"/{path}?lang={language}")
    if path == "":
        reader.map_drawn()
    assert page.locator("html").get_attribute("lang") == language
    reader.picture(f"page-{path or 'kart'}-{language}")
    assert reader.third_parties() == []
    assert reader.errors == []


def test_the_parameter_that_would_call_a_foreign_host_does_nothing(reader: Reader):
    page = reader.open("/?staticAppId=x&project=voss")
    expect(heading(reader)).to_contain_text("Voss")
    assert "staticAppId" not in page.url
    assert reader.third_parties() == []


def test_the_map_frame_has_a_name_and_the_language_follows_the_switch(reader: Reader):
    page = reader.open("/")
    expect(page.locator("iframe[title='Kart over kommuner']")).to_be_visible()
    page.get_by_role("combobox", name="Språk").click()
    page.get_by_role("option", name="English").click()
    expect(page.locator("iframe[title='Map of kommuner']")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(heading(reader)).to_contain_text("kommune structure 2015")


def test_bare_letters_do_nothing_but_typing_works(reader: Reader):
    page = reader.open("/")
    reader.map_drawn()
    sent: list[object] = []
    page.on("websocket", lambda _: sent.append("new"))
    page.locator("body").press("r")
    page.locator("body").press("c")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field = page.get_by_role("textbox", name="Finn en kommune")
    field.press_sequentially("rc")
    expect(field).to_have_value("rc")


def test_each_filter_leaves_one_layer_behind_and_not_many(reader: Reader):
    page = reader.open("/")
    reader.map_drawn()
    page.get_by_role("button", name="Flere valg").click()
    for name in ("Vis linjer til kommunene", "Vis hvor næringshagene ligger"):
        for _ in range(3):
            page.get_by_text(name, exact=True).click()
            reader.settled()
    reader.map_drawn()
    frame = next(f for f in page.frames if "streamlit_folium" in f.url)
    assert frame.evaluate("() => window.feature_group.length") == 1


def test_the_table_comes_before_the_map_for_the_keyboard(reader: Reader):
    page = reader.open("/")
    reader.map_drawn()
    order = page.locator(".st-key-list, .st-key-map").evaluate_all(
        "nodes => nodes.map(node => node.className.includes('st-key-list') ? 'list' : 'map')"
    )
    assert order == ["list", "map"]
    top = {name: page.locator(f".st-key-{name}").bounding_box()["y"] for name in ("list", "map")}
    assert top["map"] < top["list"]


def test_small_islands_can_be_seen_and_hit(reader: Reader):
    reader.open("/")
    reader.map_drawn()
    expect(reader.map.locator("path.hit").first).to_be_attached()
    box = reader.map.locator("path.hit").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize("address", ["/?kommune=1636&year=2020", "/?project=%00&year=-1"])
def test_odd_addresses_open(reader: Reader, address: str):
    page = reader.open(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
