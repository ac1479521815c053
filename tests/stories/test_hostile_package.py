"""A package whose every text tries to run in the reader's browser: it is shown, no more."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from geo.settings import ROOT
from tests import hostile
from tests.stories.conftest import DESKTOP, PHONE, Reader, running, somebody

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
ROOMS = ("/?lines=1", "/prosjekter", "/fylker", "/data", "/data?table=hubs", "/metode", "/brief",
         "/egne")  # fmt: skip

LINKS = {
    "": "Map",
    "prosjekter": "Projects",
    "fylker": "Counties",
    "data": "Data and sources",
    "metode": "Method",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return hostile.write(EXAMPLE, tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture(scope="module")
def hostile_server(folder) -> Iterator[str]:
    with running(DATA_DIR=str(folder)) as url:
        yield url


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def victim(browser: Browser, hostile_server: str, request) -> Iterator[Reader]:
    with somebody(browser, hostile_server, request.param) as person:
        person.page.on("dialog", lambda dialog: person.errors.append(f"dialog: {dialog.message}"))
        yield person


def nothing_ran(reader: Reader) -> None:
    for frame in reader.page.frames:
        assert frame.locator("body").evaluate(f"() => window.{hostile.RAN}") is None
        assert frame.locator("[onerror], [onload], [onfocus], [onmouseover]").count() == 0
        assert frame.locator("a[href^='javascript' i], iframe[src^='javascript' i]").count() == 0
    assert reader.third_parties() == []
    assert not any(url.startswith(hostile.NOWHERE) for url in reader.requests)
    assert reader.errors == []


def fits(reader: Reader) -> None:
    """Nothing makes the page wider than the window: a word of 10,000 letters would."""
    wide = reader.page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth")
    assert wide <= 0


def test_texts_of_every_page_are_only_shown(victim: Reader):
    # Bokmål is drawn as English is, and a phone as a desk: each of two is looked at once.
    lang = "nn" if victim.page.viewport_size == PHONE else "en"
    for room in ROOMS:
        page = victim.open(f"{room}{'&' if '?' in room else '?'}lang={lang}")
        victim.idle()
        expect(page.get_by_text("Traceback")).to_have_count(0)
        nothing_ran(victim)
        fits(victim)
    victim.page.goto(f"{victim.server}/?brief=1&lang={lang}")
    victim.map_drawn()
    nothing_ran(victim)


def test_a_kommunes_story_a_tooltip_and_the_explanations_are_only_shown(victim: Reader):
    victim.open("/?kommune=5001&lang=en")
    victim.map_drawn()
    # The map is where the kommune is; its first hub may not be.
    victim.map.get_by_role("button", name="The whole view").click()
    victim.map.locator(".hub").first.hover(force=True)
    expect(victim.map.locator(".frame-title")).to_contain_text("<script>")
    nothing_ran(victim)
    victim.page.get_by_role("button", name="Back to the overview").click()
    victim.page.get_by_role("button", name="How the figures are reckoned").click()
    expect(victim.page.get_by_role("dialog")).to_contain_text("Grants")
    nothing_ran(victim)
    fits(victim)


def test_dropped_as_ones_own_data_the_texts_are_only_shown_too(reader: Reader, folder):
    page = reader.open("/egne?lang=en")
    page.locator("input[type=file]").set_input_files(sorted(folder.iterdir()))
    page.locator(".st-key-own-data").first.wait_for()
    for path, name in LINKS.items():
        reader.follow(name, path)
        page.locator(".st-key-own-data").first.wait_for()
        reader.idle()
        nothing_ran(reader)
