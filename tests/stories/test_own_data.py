"""Somebody drops a programme of their own, in a real browser, and takes it away again."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geo.dataset import package
from geo.settings import ROOT
from tests import patience
from tests.conftest import TABLES, filled
from tests.stories.conftest import DESKTOP, Reader, reader_of

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
ROOMS = {
    "prosjekter": "Prosjekter",
    "fylker": "Fylker",
    "data": "Data og kilder",
    "metode": "Metode",
    "brief": "Lag bilde",
}
NAME = "Syntetisk program i 2024-numre (oppdiktet)"


@pytest.fixture
def other(browser: Browser, server: str) -> Iterator[Reader]:
    """Somebody else on the same server."""
    person = reader_of(browser, server, DESKTOP)
    yield person
    person.page.context.close()


def drop(reader: Reader, name: str, content: bytes) -> None:
    """Give a file to the field for files, as dropping it does; what comes of it comes later."""
    kind = "application/zip" if name.endswith(".zip") else "text/csv"
    reader.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )


def example() -> bytes:
    return package.archive(package.load(EXAMPLE))


def saved(reader: Reader, button: str) -> bytes:
    """Press a download button; return the file."""
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name=button).first.click()
    return waiting.value.path().read_bytes()


def test_a_dropped_package_is_on_every_page_and_in_downloads_for_this_reader_only(
    reader: Reader, other: Reader
):
    page = reader.open("/egne?project=voss")
    drop(reader, "min.zip", example())
    expect(page.get_by_text("Du ser på egne data")).to_be_visible()
    expect(page.get_by_text("Datapakken er i orden")).to_be_visible()
    # What the address still asks for does not exist in these data, and that is said.
    expect(page.get_by_text("Noe i adressen ga ikke mening")).to_be_visible()
    reader.picture("own-dropped")
    page.get_by_role("link", name="Kart", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(f"{re.escape(NAME)}.* 9 kommuner i 3 fylker")
    )
    reader.map_drawn()
    expect(reader.map.locator(".frame-title")).to_contain_text(NAME)
    reader.picture("own-map")
    page.get_by_role("radio", name="Tabell: 9 kommuner").click()
    content = saved(reader, "Last ned det som vises").decode("utf-8-sig")
    assert "Tromsø" in content
    page.get_by_role("button", name="Del og siter").click()
    expect(page.get_by_text("bare finnes i denne fanen")).to_be_visible()
    assert "iframe" not in page.locator("[data-testid=stPopoverBody]").inner_text()
    page.keyboard.press("Escape")
    for path, name in ROOMS.items():
        reader.follow(name, path)
        expect(page.get_by_text("Du ser på egne data")).to_be_visible()
    reader.picture("own-brief")
    elsewhere = other.open("/")
    expect(elsewhere.get_by_role("heading", level=1)).not_to_contain_text(NAME)
    expect(elsewhere.get_by_text("Du ser på egne data")).to_have_count(0)
    page.get_by_role("button", name="Tilbake til").click()
    # Streamlit forgets a press that another one interrupts before its callback ran, so wait for it.
    expect(page.get_by_text("Du ser på egne data")).to_have_count(0)
    page.get_by_role("link", name="Kart", exact=True).click()
    expect(page).to_have_url(re.compile(r"//[^/]+/(\?|$)"))
    reader.map_drawn()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(NAME)
    expect(page.get_by_text("Du ser på egne data")).to_have_count(0)
    assert reader.errors == []
    assert reader.third_parties() == []


def test_a_brief_of_own_data_is_nowhere_once_the_tab_is_closed(reader: Reader):
    page = reader.open("/egne")
    drop(reader, "min.zip", example())
    expect(page.get_by_text("Datapakken er i orden")).to_be_visible()
    page.get_by_role("link", name="Lag bilde", exact=True).click()
    shown = page.locator(".own-picture img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("image => image.naturalWidth") > 1000
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Last ned Lysbilde").click()
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")
    addresses = [str(shown.evaluate("image => image.src")), waiting.value.url]
    assert all("/media/" in address for address in addresses)
    asking = page.context.request
    for address in addresses:
        answer = asking.get(address)
        assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
        assert answer.headers["content-type"] == "image/png"
    page.close()
    for address in addresses:
        patience.until(lambda address=address: asking.get(address).status == 404)
        assert asking.get(address).headers["cache-control"] == "private, no-store"


@dataclass
class Held:
    """What the server says after the map, which does not reach the browser until let go."""

    on: bool = False
    after_map: bool = False

    def route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda content: self._pass(socket, content))

    def _pass(self, socket: WebSocketRoute, content: str | bytes) -> None:
        if self.after_map:
            return
        socket.send(content)
        message = ForwardMsg()
        message.ParseFromString(bytes(content))
        self.after_map = self.on and message.delta.new_element.HasField("component_instance")


def test_the_notice_about_own_data_goes_before_the_map_of_others_comes(reader: Reader):
    """The rest of a page may take its time, on a busy server more than anybody waits."""
    held = Held()
    reader.page.route_web_socket("**/_stcore/stream", held.route)
    page = reader.open("/egne")
    drop(reader, "min.zip", example())
    expect(page.get_by_text("Du ser på egne data")).to_be_visible()
    reader.follow("Kart", "")
    reader.map_drawn()
    held.on = True
    page.get_by_role("button", name="Tilbake til").click()
    expect(reader.map.locator(".frame-title")).not_to_contain_text(NAME)
    assert held.after_map
    expect(page.get_by_text("Du ser på egne data")).to_have_count(0)
    assert reader.errors == []


def test_a_reload_forgets(reader: Reader):
    page = reader.open("/egne")
    drop(reader, "min.zip", example())
    expect(page.get_by_text("Du ser på egne data")).to_be_visible()
    page.reload()
    reader.settled()
    expect(page.get_by_text("Du ser på egne data")).to_have_count(0)


def test_a_wrong_table_gets_errors_with_file_row_and_column(phone: Reader):
    page = phone.open("/egne?lang=en")
    drop(phone, "coverage.csv", b"hub_id;kommunenr;structure_year;evidence;source_ids\n"
         b"h;301;2015;documented;S1\n")  # fmt: skip
    row = page.locator(".problems li").filter(has_text="coverage.csv, row 2, kommunenr").first
    expect(row).to_contain_text("leading zero")
    expect(page.locator(".problems").get_by_text("One row per project")).to_be_visible()
    expect(page.get_by_text("You are looking at your own data")).to_have_count(0)
    phone.picture("own-errors-phone")


def test_the_template_goes_out_empty_and_comes_back_filled_in(reader: Reader):
    page = reader.open("/egne")
    empty = saved(reader, "Tom mal, CSV-filer (zip)")
    drop(reader, "mal.zip", empty)
    expect(page.get_by_text("Malen er tom")).to_be_visible()
    back = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(empty)) as source, zipfile.ZipFile(back, "w") as target:
        for name in source.namelist():
            table, head = name.removesuffix(".csv"), source.read(name)
            row = f"{filled(table, head.decode())}\n" if table in TABLES else ""
            target.writestr(name, head + row.encode())
    drop(reader, "fylt.zip", back.getvalue())
    expect(page.get_by_text("Du ser på egne data: Et program, versjon 0.1.0")).to_be_visible()
