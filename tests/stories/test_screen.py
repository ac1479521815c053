"""The screen of the map page: what is in view at a desk, on a tablet and on a phone."""

import re
from contextlib import AbstractContextManager
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from geo.text.languages import LANGUAGES
from tests.stories.conftest import PHONE, Reader, somebody

SMALLEST = {(1400, 900): 0.6, (1920, 1080): 0.7, (768, 1024): 0.5, (390, 844): 0.5}
BAR, PANEL, NARROW_PANEL = 52, 400, 336  # pixels


def seated(browser: Browser, server: str, wide: int, high: int) -> AbstractContextManager[Reader]:
    """Let somebody read on a screen of a size; narrow ones are telephones."""
    phone = {"is_mobile": True, "has_touch": True} if wide < 720 else {}
    return somebody(browser, server, {"width": wide, "height": high}, **phone)


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    return dict(found)


def seen_whole(place: Locator) -> bool:
    """Return whether all of a place is on the screen and inside what scrolls around it."""
    return bool(
        place.evaluate(
            """(node) => {
              const own = node.getBoundingClientRect();
              const around = { top: 0, left: 0, bottom: innerHeight, right: innerWidth };
              for (let one = node.parentElement; one; one = one.parentElement) {
                if (getComputedStyle(one).overflowY === "visible") continue;
                const edge = one.getBoundingClientRect();
                for (const side of Object.keys(around)) {
                  const inner = side === "top" || side === "left" ? Math.max : Math.min;
                  around[side] = inner(around[side], edge[side]);
                }
              }
              return own.height > 0 && own.top >= around.top - 1 && own.left >= around.left - 1
                && own.bottom <= around.bottom + 1 && own.right <= around.right + 1;
            }"""
        )
    )


def map_share(page: Page) -> float:
    """Return the share of the screen on which the map can be seen; a sheet may lie over it."""
    size = page.viewport_size
    assert size is not None
    frame = box(page.locator(".st-key-map iframe"))
    low = frame["y"] + frame["height"]
    if size["width"] < 720:
        low = min(low, box(page.locator(".st-key-sheet"))["y"])
    return frame["width"] * (low - frame["y"]) / (size["width"] * size["height"])


def zoom(reader: Reader) -> str:
    """Return the zoom level of the map."""
    return reader.map.locator(".frame").get_attribute("data-zoom") or ""


def at_rest(sheet: Locator) -> None:
    """Wait until the sheet has reached its height."""
    sheet.evaluate(
        "(node) => Promise.all(node.parentElement.getAnimations().map((one) => one.finished))"
    )


def scrolls(page: Page) -> bool:
    return bool(
        page.locator("[data-testid=stMain]").evaluate(
            "(node) => node.scrollHeight > node.clientHeight + 1"
            " || document.documentElement.scrollHeight > innerHeight + 1"
        )
    )


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("wide", "high"), SMALLEST)
def test_the_map_has_most_of_the_screen(
    browser: Browser, server: str, wide: int, high: int, language: str
):
    with seated(browser, server, wide, high) as person:
        page = person.open(f"/?lang={language}")
        person.map_drawn()
        assert map_share(page) >= SMALLEST[wide, high]
        assert not scrolls(page)
        assert page.locator("html").evaluate("(node) => node.scrollWidth <= innerWidth")
        person.picture(f"screen-{wide}-{language}")
        assert person.errors == []


def test_headline_figures_legend_and_filters_are_in_view_at_a_desk(browser: Browser, server: str):
    with seated(browser, server, 1400, 900) as person:
        page = person.open("/")
        person.map_drawn()
        assert box(page.locator(".st-key-header"))["height"] == BAR
        assert box(page.locator(".st-key-panel"))["width"] == pytest.approx(PANEL, abs=1)
        expect(page.locator(".figures > div")).to_have_count(3)
        for place in ("h1", ".figures", ".legend", ".st-key-filters"):
            assert seen_whole(page.locator(place)), place
        assert page.get_by_role("button", name="Slik er tallene regnet").count() == 1


def test_the_panel_is_narrower_on_a_tablet(browser: Browser, server: str):
    with seated(browser, server, 1024, 768) as person:
        page = person.open("/")
        assert box(page.locator(".st-key-panel"))["width"] == pytest.approx(NARROW_PANEL, abs=1)
        page.get_by_role("button", name="Sider").click()
        page.get_by_role("link", name="Metode", exact=True).click()
        expect(page).to_have_url(re.compile("/metode"))


@pytest.mark.parametrize("width", [1300, 1024, 390])
def test_pages_unfold_where_the_bar_has_no_room_and_fold_again(
    browser: Browser, server: str, width: int
):
    with seated(browser, server, width, 800) as person:
        page = person.open("/?year=2020")
        last = page.get_by_role("link", name="Egne data", exact=True)
        menu = page.get_by_role("button", name="Sider")
        expect(last).to_be_hidden()
        expect(menu).to_have_attribute("aria-expanded", "false")
        menu.focus()
        page.keyboard.press("Enter")
        expect(last).to_be_visible()
        expect(page.get_by_role("link", name="Kart", exact=True)).to_be_visible()
        expect(menu).to_have_attribute("aria-expanded", "true")
        assert seen_whole(last.locator("p"))
        below, above = box(last.locator("p")), box(menu)
        assert below["width"] > 50
        rows = [box(link) for link in page.locator(".st-key-pages a").all()]
        assert all(b["y"] >= a["y"] + a["height"] for a, b in pairwise(rows))
        assert min(row["height"] for row in rows) >= (44 if width < 720 else 32)
        assert abs(below["x"] - above["x"]) < 150
        assert not scrolls(page)
        person.picture(f"pages-{width}")
        page.keyboard.press("Escape")
        expect(last).to_be_hidden()
        expect(menu).to_be_focused()
        menu.click()
        last.focus()
        page.keyboard.press("Tab")
        expect(last).to_be_hidden()
        person.map_drawn()
        menu.click()
        expect(last).to_be_visible()
        page.locator(".st-key-map iframe").click(position={"x": 60, "y": 300})
        expect(last).to_be_hidden()
        menu.click()
        last.click()
        expect(page).to_have_url(re.compile(r"/egne\?year=2020"))
        person.settled()
        expect(last).to_be_hidden()


def test_the_drawer_pushes_the_map_up_and_its_rows_choose(browser: Browser, server: str):
    with seated(browser, server, 1400, 900) as person:
        page = person.open("/?project=voss")
        person.map_drawn()
        before = box(page.locator(".st-key-map iframe"))["height"]
        page.get_by_role("radio", name="Tabell: 2 kommuner").click()
        page.locator(".st-key-drawer canvas").first.wait_for()
        assert box(page.locator(".st-key-map iframe"))["height"] < before - 150
        assert not scrolls(page)
        canvas = box(page.locator(".st-key-drawer canvas").first)
        page.mouse.click(canvas["x"] + 120, canvas["y"] + 52)  # the name, in the first row
        expect(page.get_by_role("heading", level=1)).to_contain_text("kommunenummer")
        expect(page).to_have_url(re.compile("kommune=12"))


CUT_TEXTS = """async () => {
  await document.fonts.ready;
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("input")].flatMap((field) => {
    const look = getComputedStyle(field), text = field.value || field.placeholder;
    pen.font = look.font;
    const room = field.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
    const shown = field.type !== "checkbox" && field.getClientRects().length;
    return shown && pen.measureText(text).width > room + 1 ? [text] : [];
  });
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_in_a_field_is_cut(browser: Browser, server: str, language: str):
    with seated(browser, server, 1400, 900) as reader:
        reader.open(f"/?drawer=table&lang={language}")
        reader.map_drawn()
        reader.page.locator(".st-key-row-tools").wait_for()
        assert reader.page.evaluate(CUT_TEXTS) == []


def test_a_press_right_after_another_opens_the_sheet_which_stays_until_closed(reader: Reader):
    page = reader.open("/?kommune=1638")
    reader.map_drawn()
    page.get_by_role("button", name="Tilbake til oversikten").click()
    page.get_by_role("button", name="Slik er tallene regnet").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Tilskudd")
    reader.idle()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    reader.idle()
    expect(sheet).to_have_count(0)
    page.get_by_role("button", name="Slik er tallene regnet").click()
    expect(sheet).to_contain_text("Tilskudd")


def test_a_chosen_kommune_is_outlined_among_its_neighbours_and_the_way_back_leads_back(
    reader: Reader,
):
    page = reader.open("/")
    reader.map_drawn()
    before = zoom(reader)
    page.get_by_role("textbox", name="Finn en kommune").fill("Orkdal")
    page.get_by_role("button", name="Orkdal (1638)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Orkdal")
    reader.map_drawn()
    outlined = reader.map.locator("path[stroke='#000000']:not(.mark)").first
    shape, frame = box(outlined), box(page.locator(".st-key-map iframe"))
    assert shape["y"] >= frame["y"]
    assert shape["y"] + shape["height"] <= frame["y"] + frame["height"]
    assert float(zoom(reader)) > float(before) + 1
    page.get_by_role("button", name="Tilbake til oversikten").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("50 kommuner i 7 fylker")
    expect(reader.map.locator(".frame")).to_have_attribute("data-zoom", before)


@pytest.mark.parametrize(("wide", "high"), [(1400, 900), (1920, 1080), (2560, 1440), (768, 1024)])
def test_an_address_with_a_kommune_opens_where_it_is(
    browser: Browser, server: str, wide: int, high: int
):
    with seated(browser, server, wide, high) as person:
        page = person.open("/?kommune=1638")
        person.map_drawn()
        outlined = box(person.map.locator("path[stroke='#000000']:not(.mark)").first)
        frame = box(page.locator(".st-key-map iframe"))
        # Among its neighbours: no speck on the whole country, and all of it in view.
        assert frame["height"] / 8 < outlined["height"] < frame["height"]


def test_another_year_keeps_the_place_and_the_home_button_shows_the_view(reader: Reader):
    page = reader.open("/?fylke=16")
    reader.map_drawn()
    home = zoom(reader)
    reader.map.get_by_role("button", name="Zoom inn").click()
    expect(reader.map.locator(".frame")).not_to_have_attribute("data-zoom", home)
    near = zoom(reader)
    assert float(near) > float(home)
    page.get_by_role("radio", name="2020").click()
    expect(reader.map.locator(".frame-title")).to_contain_text("kommunestruktur 2020")
    assert zoom(reader) == near
    reader.map.get_by_role("button", name="Hele utvalget").click()
    expect(reader.map.locator(".frame")).not_to_have_attribute("data-zoom", near)
    assert float(zoom(reader)) < float(near)


def test_on_a_phone_the_sheet_has_headline_and_figures_and_three_heights(phone: Reader):
    page = phone.open("/?project=kraftsenter-st")
    phone.map_drawn()
    for place in ("h1", ".figures"):
        assert seen_whole(page.locator(place)), place
    sheet, grip = page.locator(".st-key-sheet"), page.locator(".grip")
    middle = box(sheet)["height"]
    heights = [middle]
    for by in (-260, 600):  # up, and all the way down
        start = box(grip)
        x, y = start["x"] + start["width"] / 2, start["y"] + 12
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, min(y + by, PHONE["height"] - 20), steps=6)
        page.mouse.up()
        expect(page.locator("html")).to_have_attribute("data-sheet", "high" if by < 0 else "low")
        sheet.evaluate(
            "(node) => Promise.all(node.parentElement.getAnimations().map((a) => a.finished))"
        )
        heights.append(box(sheet)["height"])
    assert heights[2] < middle < heights[1]
    grip.focus()
    page.keyboard.press("Enter")  # also without a finger
    expect(page.locator("html")).to_have_attribute("data-sheet", "middle")
    phone.picture("phone-kart")
    assert phone.third_parties() == []
    assert phone.errors == []


def test_on_a_phone_the_years_lie_over_no_notice(phone: Reader):
    phone.open("/?fylke=99")
    years = box(phone.page.locator(".st-key-filter-year"))
    said = box(phone.page.get_by_role("alert").locator("p").first)
    assert said["y"] >= years["y"] + years["height"]


def test_on_a_phone_a_chosen_kommunes_name_is_in_view(phone: Reader):
    page = phone.open("/?project=kraftsenter-st")
    phone.map_drawn()
    page.get_by_role("textbox", name="Finn en kommune").fill("Oppdal")
    page.get_by_role("button", name="Oppdal (1634)").click()
    name = page.get_by_role("heading", level=1)
    expect(name).to_contain_text("Oppdal")
    assert seen_whole(name)
    phone.picture("phone-story")
