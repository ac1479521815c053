"""The main stories again, in Debian's Firefox: another engine draws, and none of them complains."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from geo.coverage.dataset import Dataset
from tests import firefox, patience
from tests.stories import test_public_edition as public
from tests.stories import test_screen as screen
from tests.stories import test_stories as stories
from tests.stories.conftest import PHONE, Reader, reader_of
from tests.stories.test_public_edition import Visitor, root, site, visitor

__all__ = ["root", "site", "visitor"]  # fixtures

READERS: list[Callable[[Reader], None]] = [
    stories.test_a_policymaker_finds_who_is_uncovered_in_a_county,
    stories.test_a_policymaker_presses_the_map_and_reads_a_kommunes_story,
    stories.test_a_policymaker_asks_why_this_number,
    stories.test_a_journalist_filters_by_county_and_keeps_the_link,
    stories.test_a_journalist_checks_the_25_kommuner,
    stories.test_a_journalist_takes_numbers_and_package_away,
    stories.test_a_journalist_finds_a_kommune_by_its_old_name_while_typing,
    stories.test_staff_take_a_picture_of_the_map_that_can_be_quoted,
    stories.test_staff_see_another_structure_without_the_map_being_fetched_again,
    screen.test_another_year_keeps_the_place_and_the_home_button_shows_the_view,
]
VISITORS: list[Callable[[Visitor], None]] = [
    public.test_old_name_leads_to_the_kommune_on_the_map_and_its_story,
    public.test_a_click_on_the_map_chooses_and_a_second_lets_go,
    public.test_keyboard_reaches_table_before_map_and_chooses,
]


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Firefox that can reach nothing but this machine."""
    if firefox.find() is None:
        pytest.skip("no Firefox (Debian: apt install firefox-esr)")
    started = playwright.firefox.launch(
        channel="moz-firefox",  # the one of the system, and not Playwright's own
        executable_path=firefox.program(tmp_path_factory.mktemp("firefox")),
        firefox_user_prefs=firefox.OFFLINE,
        timeout=patience.MILLISECONDS,
    )
    yield started
    started.close()


@pytest.mark.parametrize("story", READERS, ids=lambda story: story.__name__.removeprefix("test_"))
def test_the_dashboard_in_firefox(story: Callable[[Reader], None], reader: Reader):
    story(reader)
    assert reader.errors == []
    assert reader.third_parties() == []


@pytest.mark.parametrize("story", VISITORS, ids=lambda story: story.__name__.removeprefix("test_"))
def test_the_public_edition_in_firefox(story: Callable[[Visitor], None], visitor: Visitor):
    story(visitor)


def test_filters_of_the_public_edition_in_firefox(dataset: Dataset, visitor: Visitor):
    public.test_filters_work_in_the_browser_and_stand_in_the_address(dataset, visitor)


def test_a_narrow_window_in_firefox(browser: Browser, server: str):
    person = reader_of(browser, server, PHONE)
    person.open("/?project=kraftsenter-st")
    person.map_drawn()
    expect(person.page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert person.errors == []
    person.page.context.close()
