"""A reader at a server with several workers, which answer her requests in turn."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import patience
from tests.server.test_workers import WORKERS, Several
from tests.stories.conftest import DESKTOP, Reader, reader_of
from tests.stories.test_own_data import NAME, drop, example, saved


@pytest.fixture(scope="module")
def several(tmp_path_factory) -> Iterator[Several]:
    with Several.of(tmp_path_factory.mktemp("workers")) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, several: Several) -> Iterator[Reader]:
    person = reader_of(browser, several.url, DESKTOP)
    yield person
    person.page.context.close()


def test_own_data_are_hers_on_every_page_whichever_worker_is_asked(reader: Reader):
    page = reader.open("/egne")
    drop(reader, "min.zip", example())
    expect(page.get_by_text("Datapakken er i orden")).to_be_visible()
    page.get_by_role("link", name="Kart", exact=True).click()
    reader.map_drawn()
    expect(reader.map.locator(".frame-title")).to_contain_text(NAME)
    page.get_by_role("radio", name="Tabell: 9 kommuner").click()
    for _ in range(2 * WORKERS):
        assert "Tromsø" in saved(reader, "Last ned det som vises").decode("utf-8-sig")
    page.get_by_role("link", name="Lag bilde", exact=True).click()
    expect(page.locator(".own-picture img")).to_be_visible()
    assert reader.errors == []
    assert reader.third_parties() == []


def test_a_reader_whose_worker_dies_is_back_at_the_same_view(reader: Reader, several: Several):
    page = reader.open("/?year=2020&project=voss&drawer=table")
    reader.map_drawn()
    title = page.locator("h1").first.inner_text()
    loaded = []
    page.on("load", lambda: loaded.append(page.url))
    drawn = several.counted("geo_rerun_seconds_count")
    workers = several.workers()
    with page.expect_websocket():
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
    patience.until(lambda: several.counted("geo_rerun_seconds_count") > drawn, "the page again")
    reader.settled()
    expect(page.locator("h1").first).to_have_text(title)
    assert "Voss" in saved(reader, "Last ned det som vises").decode("utf-8-sig")
    assert loaded == []
