"""The dashboard below a path of its host, behind nginx as deploy/nginx-path.conf has it."""

import re
import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.replicas import Replica, free_port, get, needs_nginx, nginx_path
from tests.stories.conftest import DESKTOP, Reader, reader_of
from tests.stories.test_own_data import example


@pytest.fixture(scope="module")
def below(tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard below /kart/, without the slash behind it."""
    needs_nginx()
    port, folder = free_port(), tmp_path_factory.mktemp("below")
    address = f"https://127.0.0.1:{port}/kart"
    environment = {"GEO_BASE_URL": f"{address}/", "GEO_TRUSTED_PROXIES": "127.0.0.1"}
    replica = Replica(folder, environment=environment).start()
    try:
        replica.until_ready()
        with nginx_path(folder, replica.port, port) as trust:
            # Probes of the world end at nginx; those of the machine need no path.
            assert get(f"{address}/readyz", context=trust)[0] == 404
            yield address
    finally:
        replica.stop(signal.SIGKILL)


@pytest.fixture
def visitor(browser: Browser, below: str) -> Iterator[tuple[Reader, list[str]]]:
    """Somebody at a desk, and every answer with an error that their browser gets."""
    person = reader_of(browser, below, DESKTOP, ignore_https_errors=True)
    failed: list[str] = []

    def hear(answer: Response) -> None:
        if answer.status >= 400:
            failed.append(f"{answer.status} {answer.url}")

    person.page.on("response", hear)
    yield person, failed
    person.page.context.close()
    assert failed == []
    assert person.errors == []
    asked = [url for url in person.requests if urlsplit(url).scheme not in {"data", "blob"}]
    assert len(asked) > 50
    inside = re.sub("^https", "(https|wss)", re.escape(below)) + r"(/|\?|$)"
    assert [url for url in asked if not re.match(inside, url)] == []


def test_a_reader_below_a_path_looks_filters_goes_on_and_takes_a_file(visitor, below):
    reader, _ = visitor
    page = reader.open("/?year=2020&project=voss&drawer=table")
    reader.map_drawn()
    expect(page.locator("h1").first).to_contain_text("2020")
    page.get_by_role("button", name="2024", exact=True).or_(
        page.get_by_role("radio", name="2024", exact=True)
    ).first.click()
    expect(page.locator("h1").first).to_contain_text("2024")
    expect(page).to_have_url(re.compile(re.escape(f"{below}/?") + ".*year=2024"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Last ned det som vises").click()
    assert "Voss" in download.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="Del og siter").click()
    shared = page.locator("[data-testid=stCode]")
    expect(shared.first).to_contain_text(f"{below}/?")
    framed = shared.filter(has_text="<iframe")
    expect(framed).to_contain_text(f'<iframe src="{below}/?')
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Data og kilder", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(f"{below}/data?")))
    reader.settled()
    # The same page when it is the first that somebody opens.
    page.reload()
    reader.settled()
    expect(page.get_by_role("link", name="API")).to_have_attribute("href", "/kart/api/v1/")


def test_a_reader_below_a_path_drops_data_and_sees_pictures(visitor):
    reader, _ = visitor
    page = reader.open("/brief?project=voss")
    expect(
        page.locator("[data-testid=stImage] img, [data-testid=stImageContainer] img").first
    ).to_be_visible()
    reader.idle()
    page = reader.open("/egne")
    page.locator("input[type=file]").set_input_files(
        {"name": "min.zip", "mimeType": "application/zip", "buffer": example()}
    )
    expect(page.get_by_text("Datapakken er i orden")).to_be_visible()
    page.get_by_role("link", name="Lag bilde", exact=True).click()
    # Drawn for this reader alone, at an address that we write ourselves.
    shown = page.locator(".own-picture img")
    expect(shown).to_be_visible()
    expect(shown).to_have_attribute("src", re.compile("^/kart/media/"))
    reader.idle()


def test_the_path_without_its_slash_leads_to_the_map(visitor, below):
    reader, _ = visitor
    reader.open("?year=2018")
    reader.map_drawn()
    assert reader.page.url == f"{below}/?year=2018"
