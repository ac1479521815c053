"""The map by keyboard alone."""

import re

from playwright.sync_api import Locator, expect

from tests.stories.conftest import Reader


def the_map(reader: Reader) -> Locator:
    return reader.map.get_by_role("application")


def said(reader: Reader) -> Locator:
    return reader.map.locator("[aria-live]")


def test_the_map_is_one_stop_and_says_where_one_is(reader: Reader):
    page = reader.open("/?project=kraftsenter-st")
    reader.map_drawn()
    stops = reader.map.locator(":is([tabindex]:not([tabindex='-1']), button, a[href]):visible")
    assert stops.evaluate_all("nodes => nodes.map((one) => one.className.split(' ')[0])") == [
        "leaflet-container", "zoom_in", "zoom_out", "home",
    ]  # fmt: skip
    expect(the_map(reader)).to_have_accessible_name(re.compile("Piltastene går fra kommune"))
    the_map(reader).focus()
    page.keyboard.press("ArrowDown")
    expect(said(reader)).not_to_be_empty()
    first = said(reader).inner_text()
    page.keyboard.press("ArrowRight")
    expect(said(reader)).not_to_have_text(first)
    expect(reader.map.locator(".label.chosen")).to_have_count(1)
    expect(reader.map.locator("path.focus")).to_have_count(1)


def test_enter_chooses_and_escape_goes_back(reader: Reader):
    page = reader.open("/?project=kraftsenter-st&kommune=1635")
    reader.map_drawn()
    the_map(reader).focus()
    page.keyboard.press("ArrowUp")  # from the chosen one, at once or after it is said
    page.keyboard.press("ArrowUp")
    expect(said(reader)).to_contain_text("innbyggere 1. januar 2015")
    name = said(reader).inner_text().split(".")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(said(reader)).to_contain_text(f"Valgt: {name}")
    reader.settled()
    expect(the_map(reader)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_contain_text("25 kommuner i 3 fylker")
    expect(page).not_to_have_url(re.compile("kommune="))
    assert reader.errors == []


def test_arrows_reach_everything_in_view(reader: Reader):
    """By the map's own rule, from every stop in view to every other."""
    reader.open("/?fylke=16")
    reader.map_drawn()
    lost = the_map(reader).evaluate(
        """() => {
          const all = coverageMap.stops().filter((stop) => stop.seen);
          const arrows = [[-1, 0], [1, 0], [0, -1], [0, 1]];
          const reached = new Set([all[0]]), edge = [all[0]];
          while (edge.length) {
            const here = edge.pop();
            arrows.map((arrow) => coverageKeys.next(all, here.point, arrow)).forEach((stop) => {
              if (stop && !reached.has(stop)) { reached.add(stop); edge.push(stop); }
            });
          }
          return [all.length, all.filter((stop) => !reached.has(stop)).map((stop) => stop.name)];
        }"""
    )
    assert lost[0] > 30
    assert lost[1] == []
