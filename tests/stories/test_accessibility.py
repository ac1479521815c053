"""axe finds nothing, of any impact, on any page of either edition."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from geo.publish.site import NOT_FOUND
from geo.settings import PAGES
from tests.stories.conftest import DESKTOP, PHONE, Reader, reader_of
from tests.stories.test_public_edition import Visitor, root, site

__all__ = ["root", "site"]  # fixtures
MAP = {
    "the whole": "/",
    "a project": "/?project=kraftsenter-st&year=2020",
    "a kommune": "/?kommune=1638",
    "the table": "/?drawer=table",
    "the structures": "/?drawer=years&project=kraftsenter-st",
    "English": "/?lang=en",
}
BESIDE = {path: f"/{path}" for path in PAGES} | {
    "a project's own": "/prosjekter?project=kraftsenter-st",
    "a county's own": "/fylker?fylke=16",
}
PUBLIC = {
    **{name: address.removeprefix("/") for name, address in MAP.items() if name != "English"},
    "English": "en/",
    "projects": "prosjekt/",
    "a project's own": "prosjekt/kraftsenter-st/",
    "counties": "fylke/2015/",
    "a county's own": "fylke/2015/sor-trondelag/",
    "kommuner": "kommune/",
    "a kommune's own": "kommune/1638/",
    "data": "data/",
    "method": "metode/",
    "corrections": "rettelser/",
    "nothing": NOT_FOUND,
}
SCREENS = {
    "desk": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "is_mobile": True, "has_touch": True},
}
# What is in order is not described: on a long page that takes most of the time.
PROBLEMS = {"resultTypes": ["violations"]}
# Of a screen set to dark only the colours are others.
COLOURS_ONLY = PROBLEMS | {"runOnly": ["color-contrast", "link-in-text-block"]}


def found(page: Page) -> list[str]:
    """Return what axe finds in a page and its frames: rule, impact and where."""
    axe = Axe()
    options = COLOURS_ONLY if page.evaluate(IS_DARK) else PROBLEMS
    for frame in page.frames[1:]:
        frame.evaluate(axe.axe_script)
    return [
        f"{problem['id']} ({problem['impact']}): {node['target']} {node['html'][:200]}"
        for problem in axe.run(page, options=options).response["violations"]
        for node in problem["nodes"]
    ]


IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
_GROUND = "getComputedStyle(document.querySelector('.stApp') ?? document.body).backgroundColor"


def found_in_the_dark(page: Page) -> list[str]:
    """Return what axe finds once the screen is set to dark, and set it back to light."""
    light = page.evaluate(_GROUND)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {_GROUND} !== light", arg=light)
    problems = found(page)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"light => {_GROUND} === light", arg=light)
    return problems


def nothing_is_found(page: Page) -> None:
    """Check a page as it is and, at a desk, on a screen that is set to dark."""
    assert found(page) == []
    if page.viewport_size == DESKTOP:
        assert found_in_the_dark(page) == []


# The page's policy, which other tests prove, would refuse axe itself.
@pytest.fixture(scope="module", params=SCREENS)
def reader(request, browser: Browser, server: str) -> Iterator[Reader]:
    somebody = reader_of(browser, server, bypass_csp=True, **SCREENS[request.param])
    yield somebody
    somebody.page.context.close()


@pytest.fixture(scope="module", params=SCREENS)
def visitor(request, browser: Browser, site: str) -> Iterator[Visitor]:
    somebody = reader_of(browser, site, bypass_csp=True, **SCREENS[request.param])
    yield Visitor(somebody.page, site)
    somebody.page.context.close()


@pytest.mark.parametrize("address", MAP.values(), ids=MAP)
def test_axe_finds_nothing_on_the_map(reader: Reader, address: str):
    page = reader.open(address)
    reader.map_drawn()
    nothing_is_found(page)


def test_axe_finds_nothing_where_the_map_is_alone(reader: Reader):
    reader.page.goto(f"{reader.server}/?brief=1&project=voss")
    reader.map_drawn()
    nothing_is_found(reader.page)


@pytest.mark.parametrize("address", BESIDE.values(), ids=BESIDE)
def test_axe_finds_nothing_on_the_pages_beside_it(reader: Reader, address: str):
    page = reader.open(address)
    reader.idle()
    nothing_is_found(page)


@pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC)
def test_axe_finds_nothing_in_the_public_edition(visitor: Visitor, address: str):
    page = visitor.open(address)
    visitor.idle()
    nothing_is_found(page)
