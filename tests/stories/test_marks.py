"""The 25 kommuner of Kraftsenter in 2015 are 20 shapes, and 25 things to point at."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.looks import project_colours
from tests.stories.conftest import DESKTOP, PHONE, Reader, somebody

PROJECT = "kraftsenter-st"
VIEW = View(project=(PROJECT,))
# A point of a shape with some room around it that nothing lies over, from its upper left corner.
FREE_POINT = """(shape) => {
  const box = shape.getBoundingClientRect();
  const mine = (x, y) => document.elementFromPoint(box.x + x, box.y + y) === shape;
  const around = [[0, 0], [2, 0], [-2, 0], [0, 2], [0, -2]];
  for (let step = 2; step < 60; step += 1)
    for (let i = 1; i < step; i += 1)
      for (let j = 1; j < step; j += 1) {
        const [x, y] = [box.width * i / step, box.height * j / step];
        if (around.every(([right, down]) => mine(x + right, y + down))) return { x, y };
      }
  return null;
}"""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Reader]:
    touch = {"has_touch": True} if request.param is PHONE else {}
    with somebody(browser, server, request.param, **touch) as person:
        person.open(f"/?project={PROJECT}")
        person.map_drawn()
        yield person


def marks(reader: Reader, of: str = "Kraftsenter") -> Locator:
    expect(reader.map.locator("path.mark").first).to_be_visible()
    return reader.map.locator(f"path.mark[data-mark*='{of}']")


def home(reader: Reader) -> None:
    """Look at the whole project again; wait until the map shows it."""
    reader.map.get_by_role("button", name="Hele utvalget").click()
    reader.map_drawn()


def chosen(reader: Reader) -> str:
    return parse_qs(urlsplit(reader.page.url).query).get("kommune", [""])[0]


def chosen_after(reader: Reader, before: str) -> str:
    """The kommune in the address, once it is another one."""
    pattern = rf"kommune=(?!{before}\b)\d" if before else r"kommune=\d"
    expect(reader.page).to_have_url(re.compile(pattern))
    reader.settled()
    return chosen(reader)


def press(target: Locator, reader: Reader, **where: object) -> str:
    """Click or tap; return the kommune that is chosen then, once the map shows it."""
    before, frame = chosen(reader), reader.map.locator(".frame")
    painted = frame.get_attribute("data-painted") or ""
    if reader.page.viewport_size == PHONE:
        target.tap(**where)
    else:
        target.click(**where)
    now = chosen_after(reader, before)
    expect(frame).not_to_have_attribute("data-painted", painted)
    reader.map_drawn()
    return now


def test_every_kommune_of_a_project_can_be_pointed_at(visitor: Reader, dataset: Dataset):
    hue = project_colours(dataset)[PROJECT].removeprefix("#")
    found = []
    for place in range(marks(visitor).count()):
        home(visitor)  # a chosen kommune is looked at closely, and others are out of view
        found.append(press(marks(visitor).nth(place), visitor))
    assert len(found) == len(set(found)) == 11
    shapes = visitor.map.locator(f"path[data-shape][fill*='{hue}' i]:not([fill*='tint'])")
    for shape_id in shapes.evaluate_all("nodes => nodes.map((one) => one.dataset.shape)"):
        home(visitor)
        shape = visitor.map.locator(f"path[data-shape='{shape_id}']")
        if where := shape.evaluate(FREE_POINT):
            found.append(press(shape, visitor, position=where))
    assert set(found) == set(coverage(dataset, VIEW).covered.index)


def test_a_mark_says_whom_it_stands_for(reader: Reader):
    reader.open(f"/?project={PROJECT}&year=2024")
    reader.map_drawn()
    marks(reader)
    halsa = reader.map.locator("path.mark[data-mark='Halsa (2015): Ikke med i disse prosjektene']")
    halsa.hover()
    tip = reader.map.locator(".leaflet-tooltip")
    expect(tip).to_contain_text("Halsa (2015)")
    expect(tip).to_contain_text("Ikke med i disse prosjektene")


def test_from_afar_only_the_shapes_speak(reader: Reader):
    reader.open("/")
    reader.map_drawn()
    expect(reader.map.locator("path.mark")).to_have_count(0)
