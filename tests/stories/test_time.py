"""The same areas in four structures: small maps, two years on one map, and what changed."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.stories.conftest import PHONE, Reader
from tests.stories.test_screen import at_rest, box, scrolls, seated, seen_whole

PROJECT = "/?project=kraftsenter-st"


def cut(reader: Reader, pane: str) -> str:
    """Return how a pane of the map is cut."""
    found = reader.map.locator(f".leaflet-{pane}-pane").evaluate("(pane) => pane.style.clipPath")
    return str(found)


def beside(reader: Reader, year: int) -> Locator:
    """Wait until the map shows another year beside its own; return the handle between them."""
    reader.map.locator(f".frame[data-beside='{year}']").wait_for()
    return reader.map.get_by_role("slider")


@pytest.mark.parametrize(("wide", "high"), [(1400, 900), (768, 1024), (390, 844)])
def test_four_small_maps_lead_to_their_year_and_the_changes_to_a_kommune(
    browser: Browser, server: str, wide: int, high: int
):
    with seated(browser, server, wide, high) as person:
        page = person.open(PROJECT)
        person.map_drawn()
        expect(page.locator(".small-map")).to_have_count(0)  # and nothing was sent for them
        if wide < 720:
            page.locator(".grip").click()
            at_rest(page.locator(".st-key-sheet"))
        page.get_by_role("radio", name="4 kommunestrukturer").click()
        expect(page.locator(".small-map svg")).to_have_count(4)
        card = page.get_by_role("button", name="2020")
        expect(card).to_contain_text("20 kommuner i 2 fylker")
        expect(card).to_contain_text("samme områder, 2 delvis")
        hue = page.locator(".small-map").nth(2).locator("path[fill*='2C5AB0' i]").first
        expect(hue).to_be_attached()
        changes = page.locator(".changes")
        expect(changes).to_contain_text("Hva som skjedde fra 2015 til 2024")
        orkland = changes.locator("li").filter(has_text="Orkland (2024)").first
        expect(orkland).to_contain_text("består av Agdenes, Meldal, Orkdal")
        expect(orkland).to_contain_text("del av Snillfjord")
        expect(changes.get_by_text("Kristiansand").first).to_be_hidden()
        changes.get_by_text(re.compile("endringer utenfor utvalget")).click()
        expect(changes.get_by_text("Kristiansand").first).to_be_visible()
        assert not scrolls(page)
        person.picture(f"structures-{wide}")
        card.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("20 kommuner i 2 fylker")
        expect(changes).to_contain_text("Hva som skjedde fra 2015 til 2020")
        orkland = changes.locator("li").filter(has_text="Orkland (2020)").first
        orkland.get_by_role("link", name="Meldal").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Orkland")
        expect(page).to_have_url(re.compile("kommune=1636"))
        assert person.errors == []


def test_two_years_lie_side_by_side_and_a_link_shows_them(reader: Reader):
    page = reader.open(f"{PROJECT}&drawer=years")
    reader.map_drawn()
    assert cut(reader, "overlay") == ""
    page.get_by_role("radiogroup", name="Sammenlign 2015").get_by_text("2024").click()
    handle = beside(reader, 2024)
    expect(page).to_have_url(re.compile("swipe=2024"))
    expect(handle).to_have_attribute("aria-label", "Skillet mellom 2015 og 2024")
    said = "2015 på 50 % av kartet til venstre, 2024 til høyre"
    expect(handle).to_have_attribute("aria-valuetext", said)
    expect(reader.map.locator(".swipe-year.right")).to_contain_text("20 kommuner i 2 fylker")
    left, right = cut(reader, "overlay"), cut(reader, "beside")
    assert left != right
    handle.focus()
    page.keyboard.press("PageUp")
    expect(handle).to_have_attribute("aria-valuenow", "60")
    assert cut(reader, "overlay") != left
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "2")
    start, frame = box(handle), box(page.locator(".st-key-map iframe"))
    page.mouse.move(start["x"] + 22, start["y"] + 22)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.25, start["y"] + 30, steps=4)
    page.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", "25")
    reader.picture("swipe-desk")
    # A press on the other side means a kommune of the other year.
    reader.map.locator(".leaflet-beside-pane path[fill='#2C5AB0']").first.dispatch_event("click")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Frøya")
    expect(page).to_have_url(re.compile("kommune=5014.*swipe=2024"))
    page.get_by_role("button", name="2024").click()  # the years change sides
    expect(page).to_have_url(re.compile("year=2024.*swipe=2015"))
    beside(reader, 2015)
    reader.map.get_by_role("button", name="Avslutt sammenligningen").click()
    expect(page).not_to_have_url(re.compile("swipe"))
    expect(handle).to_be_hidden()
    assert cut(reader, "overlay") == ""
    assert reader.errors == []


def test_on_a_phone_a_link_shows_both_years_and_a_finger_moves_the_handle(phone: Reader):
    page = phone.open(f"{PROJECT}&swipe=2020&lang=en")
    phone.map_drawn()
    handle = beside(phone, 2020)
    assert box(handle)["width"] >= 44
    for year in (phone.map.locator(".swipe-year.left"), phone.map.locator(".swipe-year.right")):
        place = box(year)
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= PHONE["width"]
        assert seen_whole(year)
    expect(handle).to_have_attribute(
        "aria-valuetext", "2015 on 50% of the map on the left, 2020 on the right"
    )
    phone.picture("swipe-phone")
    page.goto(f"{phone.server}{PROJECT}&swipe=2020&brief=1")
    phone.map_drawn()
    beside(phone, 2020)
    assert phone.errors == []
