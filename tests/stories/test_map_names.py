"""Names on the map: the important ones are there, and none lies over anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from geo.base.look_data import DARK
from geo.coverage.dataset import Dataset
from geo.report.looks import project_colours
from tests.stories.conftest import Reader, reader_of

WIDTHS = {1400: 900, 768: 1024, 390: 844}
ADDRESSES = (
    "/",
    "/?project=kraftsenter-st&kommune=1638",
    "/?year=2020&fylke=54&lang=en",
    "/?year=2024&kommune=5055",
)
ZOOMS = 4
# Everything that is drawn over the shapes, as boxes in the frame; pairs that lie over each other,
# if one of them is a name. Half a pixel is rounding.
OVERLAPS = """(others) => {
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return { left, top, right, bottom, what: node.className.baseVal || `${node.className} ${node.textContent}` };
  };
  const all = (selector) => [...document.querySelectorAll(selector)].map(box);
  const names = all(".label");
  const fixed = [...all(".hub:not(.label), path.mark, .buttons, .leaflet-control-scale"), ...others];
  const over = (a, b) => a.left < b.right - .5 && b.left < a.right - .5 && a.top < b.bottom - .5 && b.top < a.bottom - .5;
  const found = [];
  names.forEach((name, place) => {
    [...names.slice(0, place), ...fixed].forEach((other) => { if (over(name, other)) found.push([name.what, other.what]); });
    if (name.left < 0 || name.top < 0 || name.right > innerWidth || name.bottom > innerHeight) found.push([name.what, "edge"]);
  });
  return { names: names.length, found };
}"""  # noqa: E501


@pytest.fixture(scope="module")
def people(browser: Browser, server: str) -> Iterator[dict[int, Reader]]:
    """Somebody at each width."""
    found = {w: reader_of(browser, server, {"width": w, "height": h}) for w, h in WIDTHS.items()}
    yield found
    for person in found.values():
        person.page.context.close()


def over_the_frame(reader: Reader) -> list[dict[str, object]]:
    """Return what the page lays over the map, as boxes in the frame."""
    frame = reader.page.locator(".st-key-map iframe").bounding_box()
    assert frame is not None
    found = []
    for selector in (".st-key-filter-year", ".st-key-sheet"):
        own = reader.page.locator(selector).bounding_box()
        if own is not None and reader.page.viewport_size["width"] < 720:
            left, top = own["x"] - frame["x"], own["y"] - frame["y"]
            right, bottom = left + own["width"], top + own["height"]
            box = {"left": left, "top": top, "right": right, "bottom": bottom}
            found.append({**box, "what": selector})
    return found


def names(reader: Reader, kind: str = "") -> list[str]:
    return reader.map.locator(f".label{kind}").all_inner_texts()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_name_lies_over_another_a_mark_a_seat_or_a_button(people: dict[int, Reader], width: int):
    person, seen = people[width], 0
    for address in ADDRESSES:
        person.open(address)
        person.map_drawn()
        for closer in range(ZOOMS):
            if closer:
                before = person.map.locator(".frame").get_attribute("data-zoom") or ""
                person.map.locator("button.zoom_in").click()
                frame = person.map.locator(".frame")
                expect(frame).not_to_have_attribute("data-zoom", before)
                person.map_drawn()
            shown = person.map.locator("body").evaluate(
                f"(_, others) => ({OVERLAPS})(others)", over_the_frame(person)
            )
            assert shown["found"] == [], (address, closer)
            seen += shown["names"]
    assert seen > 60


def test_what_matters_most_has_its_name(people: dict[int, Reader]):
    person = people[1400]
    person.open("/")
    person.map_drawn()
    assert len(names(person, ".project")) == 5
    assert "Kraftsenter Sør-Trøndelag\n25 kommuner" in names(person, ".project")
    assert {"SVERIGE", "FINLAND"} <= set(names(person, ".country"))
    assert "Halti" in names(person, ".hub")
    assert names(person, ".kommune") == []
    person.open("/?project=kraftsenter-st&kommune=1638")
    person.map_drawn()
    assert names(person, ".chosen") == ["Orkdal"]
    assert {"Snillfjord", "Meldal", "Oppdal", "Surnadal"} <= set(names(person, ".kommune"))


@pytest.mark.parametrize(
    ("kommune", "name"), [("0301", "Oslo"), ("1859", "Flakstad"), ("2021", "Kárášjohka\nKarasjok")]
)
def test_the_chosen_kommune_always_has_its_name(people: dict[int, Reader], kommune: str, name: str):
    person = people[390]
    person.open(f"/?kommune={kommune}")
    person.map_drawn()
    assert names(person, ".chosen") == [name]


def test_official_names_in_sami_and_kven_stand_on_the_map(people: dict[int, Reader]):
    person = people[1400]
    person.open("/?fylke=20")
    person.map_drawn()
    assert {"Kárášjohka\nKarasjok", "Porsanger\nPorsángu\nPorsanki"} <= set(names(person))


def seen(colour: str) -> str:
    """Return a colour as browsers say what they paint."""
    return "rgb({}, {}, {})".format(*bytes.fromhex(colour[1:]))


def test_map_and_legend_are_dark_where_the_system_wishes_it(
    browser: Browser, server: str, dataset: Dataset
):
    person = reader_of(browser, server, {"width": 1400, "height": 900}, color_scheme="dark")
    page = person.open("/?project=kraftsenter-st")
    person.map_drawn()
    light = project_colours(dataset)["kraftsenter-st"]
    shape, sign = "path[data-shape][fill='{}']", page.locator(f".legend svg [fill='{light}']").first
    expect(person.map.locator(shape.format(DARK[light])).first).to_be_attached()
    expect(sign).to_have_css("fill", seen(DARK[light]))
    assert person.map.locator(shape.format(light)).count() == 0
    page.emulate_media(color_scheme="light")  # the system changes its mind
    expect(person.map.locator(shape.format(light)).first).to_be_attached()
    expect(sign).to_have_css("fill", seen(light))
    assert person.errors == []
    page.context.close()


# What shapes and marks are filled with, patterns by what is drawn in them.
FILLS = """() => {
  const own = (one) => one.getAttribute("fill");
  const inside = (id) => [...document.getElementById(id).children].map(own);
  const drawn = (fill) => fill.startsWith("url") ? inside(fill.slice(5, -1)) : [fill];
  const all = [...document.querySelectorAll("#map_div path")].map(own);
  return [...new Set(all.filter((fill) => fill && fill !== "none").flatMap(drawn))].sort();
}"""


def test_a_dark_screen_is_printed_as_a_light_one(browser: Browser, server: str):
    found = {}
    for scheme in ("light", "dark"):
        person = reader_of(browser, server, {"width": 1400, "height": 900}, color_scheme=scheme)
        page = person.open("/?project=kraftsenter-st")
        person.map_drawn()
        frame = person.map.locator("body")
        frame.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        found[scheme] = frame.evaluate(FILLS)
        page.context.close()
    assert len(found["light"]) > 4
    assert found["light"] == found["dark"]
