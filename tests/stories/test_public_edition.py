"""The public edition as a reader meets it: plain files, a real Chromium, and no internet."""

import csv
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, View, to_query
from geo.publish import folder
from geo.publish.page_addresses import KOMMUNER
from geo.publish.site import NOT_FOUND
from geo.report import tables
from geo.report.figures import key_figures
from geo.report.titles import credit, headline, kicker, summary, title
from geo.settings import ROOT
from geo.text.languages import DEFAULT
from geo.webmap import webmap
from tests import published
from tests.stories.conftest import DESKTOP, PHONE, Reader, reader_of, somebody
from tests.views import some_views

# The site lies in a folder of its host, to prove that it may lie anywhere, and not where it was
# said to be found when it was made.
UNDER = "under/en/sti/"


@pytest.fixture(scope="module")
def root(edition_files, tmp_path_factory) -> Path:
    host = tmp_path_factory.mktemp("host")
    # Only the page of addresses that are not there has full links: it may be shown at any depth.
    lost = edition_files[NOT_FOUND].replace(published.BASE.encode(), f"/{UNDER}".encode())
    folder.write(host / UNDER, edition_files | {NOT_FOUND: lost})
    return host


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    with published.served(root) as url:
        yield f"{url}/{UNDER}"


class Visitor(Reader):
    """A reader of the public edition."""

    def open(self, address=""):
        self.page.goto(self.server + address)
        if self.page.locator("#stage").count():
            self.shown()
        return self.page

    def shown(self):
        """Wait until the page shows what its address says."""
        query = json.dumps("?" + urlsplit(self.page.url).query)
        self.page.locator(f"#stage[data-shown={query}]").wait_for()


def _visitor(browser: Browser, site: str, viewport, **options) -> Visitor:
    person = reader_of(browser, site, viewport, **options)
    return Visitor(person.page, site).watch()


@contextmanager
def _visiting(browser: Browser, site: str, viewport, **options) -> Iterator[Visitor]:
    """Let somebody read the edition, which is the same wherever a test serves it as `site`."""
    with somebody(browser, site, viewport, **options) as reader:
        person = Visitor(reader.page, site).watch()
        yield person
        assert person.third_parties() == []
        assert person.errors == []


@pytest.fixture
def visitor(browser, site) -> Iterator[Visitor]:
    with _visiting(browser, site, DESKTOP) as person:
        yield person


@pytest.fixture
def traveller(browser, site) -> Iterator[Visitor]:
    with _visiting(browser, site, PHONE, is_mobile=True, has_touch=True) as person:
        yield person


def test_opened_as_a_file_it_has_its_figures_and_says_how_to_see_the_map(browser, root):
    page = browser.new_page(viewport=DESKTOP)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((root / UNDER / "index.html").as_uri())
    expect(page.locator("#as-file")).to_contain_text("python3 -m http.server")
    expect(page.locator("#headline")).to_contain_text("50 kommuner")
    expect(page.locator("form:visible, button:visible")).to_have_count(0)
    expect(page.locator("#rows")).to_contain_text("Vaksdal")
    Reader(page, "").picture("edition-as-file")
    page.goto((root / UNDER / KOMMUNER.file(DEFAULT)).as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert errors == []
    page.close()


# -- the figures ---------------------------------------------------------------------------------


def heading(dataset: Dataset, view: View) -> str:
    """Return what the page's first heading says of a view."""
    found = coverage(dataset, view)
    return f"{kicker(dataset, found, view)} {headline(found, view)}"


def query(view: View) -> str:
    return "?" + "&".join(f"{name}={text}" for name, text in to_query(view).items())


# Walks through views in one page, and returns what it shows of each.
WALK = """async (queries) => {
  const seen = [];
  for (const query of queries) {
    history.pushState(null, "", query);
    dispatchEvent(new PopStateEvent("popstate"));
    const stage = document.getElementById("stage");
    while (stage.dataset.shown !== (location.search || "?")) {
      await new Promise((done) => setTimeout(done, 2));
    }
    const texts = (where) => [...document.querySelectorAll(where)].map((one) => one.textContent);
    seen.push({
      query: query,
      title: texts("#title")[0],
      mapTitle: texts(".frame-title")[0],
      summary: texts("#summary")[0],
      source: texts("#source")[0],
      figures: [...document.querySelectorAll(".figure dl")].map((one) =>
        [...one.children].map((part) => part.textContent)),
      legend: [...document.querySelectorAll(".legend li")].map((one) =>
        [...one.querySelectorAll("span, b")].map((part) => part.textContent).join("")),
      notice: texts("#notice p"),
      table: [...document.querySelectorAll("#rows tr")].map((row) =>
        [...row.children].map((cell) => cell.textContent))
    });
  }
  return seen;
}"""


def walk(visitor: Visitor, views: list[View]):
    visitor.open("en/" if views[0].lang == "en" else "")
    return visitor.page.evaluate(WALK, [query(view) for view in views])


EIGHTH = slice(None, None, 8)  # the rest are compared in Node: tests/publish/test_editions_agree.py


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_browser_shows_the_figures_of_the_engine(dataset, visitor, lang):
    views = some_views(dataset, lang)[EIGHTH]
    seen = walk(visitor, views)
    assert len(seen) == len(views)
    for view, shown in zip(views, seen, strict=True):
        found = coverage(dataset, view)
        expected = [
            [part for part in (f.title, f.value, f.detail) if part]
            for f in key_figures(dataset, view)
        ]
        assert shown["figures"] == expected, shown["query"]
        assert shown["title"] == heading(dataset, view), shown["query"]
        assert shown["mapTitle"] == title(dataset, found, view)
        assert shown["summary"] == summary(dataset, found, view), shown["query"]
        assert shown["source"] == credit(dataset, view)
        content = json.loads(webmap.payload(dataset, view))
        legend = [
            entry["label"] + ("" if "told" in entry else entry.get("count", ""))
            for entry in content["legend"]
        ]
        assert shown["legend"] == legend, shown["query"]
        assert shown["table"] == _table(dataset, view), shown["query"]
        assert shown["notice"] == []


def _table(dataset, view):
    table = tables.page_rows(dataset, view)
    if table.empty:
        return _head(dataset, view, table)
    table = table.map(lambda text: text.strip(tables.FIGURE_SPACE))
    return _head(dataset, view, table) + [
        list(row) for row in _kept(dataset, view, table).to_numpy()
    ]


def _kept(dataset, view, table):
    names = tables.headings(dataset, view.lang)
    said = {names["fylke"]: len(view.fylke) == 1, names["project_ids"]: len(view.project) == 1}
    full = table.loc[:, (table != "").any()]
    return full.drop(columns=[name for name, known in said.items() if known and name in full])


def _head(dataset, view, table):
    return [list(_kept(dataset, view, table).columns)]


# Gives each view to the browser's engine, and returns what the map would be sent.
SENT = """async (views) => {
  const setup = JSON.parse(document.body.dataset.setup);
  const get = (url) => fetch(url).then((answer) => answer.json());
  const urls = [setup.programme, setup.texts, setup.search];
  const [programme, texts, index] = await Promise.all(urls.map(get));
  const search = edition.search(index);
  const sent = [];
  for (const view of views) {
    const engine = edition.engine(programme, await get(setup.numbers[view.year]));
    const words = edition.words(texts, engine, setup);
    const shown = view.kommune ? search.now(search.get(view.kommune), view.year) : [];
    sent.push(words.payload(engine.coverage(view), { ...view, shown: shown }));
  }
  return sent;
}"""


def test_the_map_is_sent_what_the_dashboard_sends_it(dataset, visitor):
    few = some_views(dataset)[EIGHTH]
    views = [view.but(colour=COLOURS[n % len(COLOURS)]) for n, view in enumerate(few)]
    views += [
        View(year=year, kommune=nr)
        for year in dataset.choices.years
        for nr in ("1636", "5059", "1613", "5012")
    ]
    visitor.open()
    sent = visitor.page.evaluate(SENT, [vars(view) for view in views])
    for view, shown in zip(views, sent, strict=True):
        expected = json.loads(webmap.payload(dataset, view))
        for apart in ("id", "counties", "focus", "ground"):
            expected.pop(apart)
            shown.pop(apart, None)
        assert shown == expected, view


def test_search_finds_what_the_dashboard_finds(dataset, visitor):
    visitor.open()
    texts = [
        "Meldal",
        "1636",
        "Gáivuotna",
        "gaivuotna",
        "Kaivuono",
        "os",
        "Våler",
        "Ør",
        "røyrvik",
        "royrvik",
        "50",
        "sandnes",
        "xyz",
        "Nordre",
        "ål",
    ]
    for year in dataset.choices.years:
        found = visitor.page.evaluate(
            """async ([texts, year]) => {
              const setup = JSON.parse(document.body.dataset.setup);
              const index = await fetch(setup.search).then((answer) => answer.json());
              const found = (text) => edition.search(index).find(text, year, 6);
              return texts.map((text) => found(text).map((hit) => [hit.nr, hit.name]));
            }""",
            [texts, year],
        )
        expected = [[[h.kommunenr, h.name] for h in dataset.search.find(t, year, 6)] for t in texts]
        assert found == expected


def test_the_search_asks_where_it_is_not_certain_and_says_what_is_no_kommune(visitor):
    page = visitor.open()
    page.locator("#search").fill("Trondhiem")
    expect(page.locator("#near-said")).to_have_text("Mente du …?")
    expect(page.locator("#near a").first).to_contain_text("Trondheim")
    expect(page.locator("#hits a")).to_have_count(0)
    page.locator("#search").press("Enter")  # nothing is chosen that was not named
    page.locator("#search").fill("Trøndelag")
    expect(page.locator("#hits-said")).to_have_text("Trøndelag er et fylke, ikke en kommune.")
    expect(page.locator("#near-said")).to_be_empty()
    page.locator("#search").fill("xyzzy")
    expect(page.locator("#hits-said")).to_contain_text("Ingen kommune")
    assert "kommune" not in urlsplit(page.url).query


# -- what a reader does --------------------------------------------------------------------------


def test_filters_work_in_the_browser_and_stand_in_the_address(dataset, visitor):
    page = visitor.open()
    page.get_by_role("radio", name="2020").check()
    visitor.shown()
    page.locator("#chosen-project").click()
    page.get_by_label("Kraftsenter Sør-Trøndelag").check()
    visitor.shown()
    page.locator("#chosen-project").click()
    expect(page.get_by_label("Vis linjer til kommunene")).to_be_hidden()
    page.get_by_text("Flere valg").click()
    page.get_by_label("Vis linjer til kommunene").check()
    visitor.shown()
    page.get_by_label("Bare dokumentert").check()
    visitor.shown()
    view = View(year=2020, project=("kraftsenter-st",), evidence="documented", lines=True)
    assert urlsplit(page.url).query == query(view)[1:]
    expect(page.locator("h1")).to_have_text(heading(dataset, view))
    page.locator(".frame[data-painted]").wait_for()
    page.go_back()
    visitor.shown()
    expect(page.get_by_label("Alt, også antatt")).to_be_checked()
    expect(page.locator("#chosen-project")).to_have_text("Kraftsenter Sør-Trøndelag")
    page.get_by_role("link", name="Nullstill utvalget").click()
    visitor.shown()
    expect(page.locator("h1")).to_contain_text("50 kommuner i 7 fylker")


def test_a_chosen_county_follows_into_the_next_structure(visitor):
    page = visitor.open("?fylke=16,17")
    page.get_by_role("radio", name="2018").check()
    visitor.shown()
    expect(page).to_have_url(re.compile("fylke=50"))
    expect(page.locator("#chosen-fylke")).to_have_text("Trøndelag")


def test_old_name_leads_to_the_kommune_on_the_map_and_its_story(visitor):
    page = visitor.open("?year=2020")
    page.get_by_label("Finn en kommune").fill("Meldal")
    page.get_by_role("link", name="Meldal (5023), i 2020: Orkland").click()
    visitor.shown()
    story = page.locator("#story")
    expect(story).to_contain_text("Meldal (5023, 2018–2019) er i 2020 del av Orkland (5059)")
    expect(story).to_contain_text("Utledet helt dekket i 2015–2017: Orkland")
    expect(page.locator("#story-title")).to_be_focused()
    page.locator(".frame[data-painted]").wait_for()
    expect(page.locator("path[stroke='#000000']").first).to_be_attached()
    visitor.picture("public-story")
    page.get_by_role("link", name="Egen side om Meldal").click()
    expect(page.locator("h1")).to_have_text(re.compile(r"kommunenummer 5023.*Meldal"))


@pytest.mark.parametrize("text", ["1636", "Gáivuotna", "Kaivuono"])
def test_numbers_and_sami_and_kven_names_are_found(visitor, text):
    page = visitor.open()
    page.get_by_label("Finn en kommune").fill(text)
    expect(page.locator("#hits a").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#story")).to_be_visible()
    expect(page).to_have_url(re.compile("kommune="))


def test_nothing_found_is_said(visitor):
    page = visitor.open()
    page.get_by_label("Finn en kommune").fill("Atlantis")
    expect(page.locator("#hits-said")).to_contain_text("Atlantis")


def test_a_click_on_the_map_chooses_and_a_second_lets_go(visitor):
    page = visitor.open("?project=voss")
    page.locator(".frame[data-painted]").wait_for()
    page.wait_for_load_state("networkidle")  # finer shapes take the place of the first
    shape = page.locator("path.leaflet-interactive[fill='#14583A']").first
    shape.scroll_into_view_if_needed()
    box = shape.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)
    expect(page.locator("#story")).to_be_visible()
    visitor.shown()
    page.mouse.click(*middle)
    expect(page.locator("#story")).to_be_hidden()


def test_nonsense_in_the_address_is_told_and_left_out(visitor):
    page = visitor.open("?project=voss,nix&year=1999&fylke=99&kommune=301&foo=<b>&utm_source=x")
    notice = page.locator("#notice")
    for part in ("project=nix", "year=1999", "fylke=99", "kommune=301", "foo=<b>"):
        expect(notice).to_contain_text(part)
    expect(notice).not_to_contain_text("utm")
    expect(page.locator("#title")).to_contain_text("2 kommuner i 1 fylke")


def test_a_link_of_the_dashboard_opens_the_same_view_in_its_language(dataset, visitor):
    view = View(lang="en", year=2018, project=("troms",), evidence="inferred")
    page = visitor.open(query(view))
    page.wait_for_url("**/en/?**")
    visitor.shown()
    expect(page.locator("h1")).to_have_text(heading(dataset, view))
    page.get_by_role("link", name="Bokmål").click()
    visitor.shown()
    expect(page.locator("h1")).to_contain_text("kommunestrukturen fra 2018")
    expect(page).to_have_url(re.compile("project=troms"))


def test_english_page_speaks_english(visitor):
    page = visitor.open("en/")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    visitor.picture("public-front-en")


def test_keyboard_reaches_table_before_map_and_chooses(visitor):
    page = visitor.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til tabellen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#rows")).to_be_visible()
    page.locator("#list .sheet").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#rows a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#story-title")).to_be_focused()
    sections = page.locator("#stage section").evaluate_all("all => all.map(one => one.id)")
    assert sections == ["story", "list", "map"]


def test_the_shown_rows_can_be_taken_away(visitor):
    page = visitor.open("?project=voss")
    page.get_by_role("button", name="Tabell: 2 kommuner").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Last ned utvalget (CSV, rader: 2)").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith('"Kommunenummer";"Kommune"')
    assert len(text.splitlines()) == 3


def test_the_map_stands_alone_for_a_briefing_or_an_embed(visitor):
    page = visitor.open("?project=voss&brief=1")
    expect(page.locator(".frame")).to_be_visible()
    for hidden in (".top", ".side", "h1", "#list", ".bottom"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_without_scripts_the_page_has_figures_table_picture_and_links(browser, site, dataset):
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    view = View()
    assert page.locator("h1").text_content() == heading(dataset, view)
    values = page.locator(".figure dt + dd").all_inner_texts()
    assert values == [figure.value for figure in key_figures(dataset, view)]
    assert page.locator("#rows tbody tr").count() == len(tables.page_rows(dataset, view))
    assert page.locator("figure.picture img").is_visible()
    assert page.locator("#filters").is_hidden()
    assert page.locator("#search-form").is_hidden()
    page.get_by_role("link", name="Sør-Trøndelag", exact=True).click()
    assert "Trondheim" in page.locator("main").inner_text()
    page.goto(site)
    page.locator("#rows a", has_text="Alvdal").click()
    context.close()


# When the map is painted, by the clock that the browser's list of requests has.
PAINTED = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".frame[data-painted]")) return;
  window.paintedAt = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
LOADED = """() => performance.getEntriesByType("resource")
  .map((one) => [one.name, one.startTime <= window.paintedAt])"""


def test_the_front_page_takes_150_kilobytes_until_its_map_is_painted(root, browser, site):
    visitor = _visitor(browser, site, DESKTOP)  # who has nothing of it in store
    visitor.page.add_init_script(PAINTED)
    visitor.open()
    visitor.page.wait_for_load_state("networkidle")
    paths = [(urlsplit(url).path, first) for url, first in visitor.page.evaluate(LOADED)]
    sizes = {UNDER: 0} | {path.lstrip("/"): 0 for path, first in paths if first}
    for path in sizes:
        file = root / path
        file = file / "index.html" if file.is_dir() else file
        sizes[path] = len(gzip.compress(file.read_bytes(), 9))
    assert sum(sizes.values()) <= 150_000, sizes
    assert {path.rpartition("/")[2] for path, first in paths if not first} > {
        "site.js", "fonts.css", "neighbours.json", "programme.json",
    }  # fmt: skip
    visitor.page.context.close()


# The box around some paths of the page, in pixels, and the colours they are filled with.
SPANNED = """(paths) => {
  const boxes = paths.map((one) => one.getBoundingClientRect()).filter((box) => box.width);
  const most = (side) => Math.max(...boxes.map((box) => box[side]));
  const least = (side) => Math.min(...boxes.map((box) => box[side]));
  return [least("left"), least("top"), most("right"), most("bottom")].map(Math.round);
}"""
FILLED = """(paths) => [...new Set(paths.map((one) => one.getAttribute("fill")))]
  .filter((fill) => fill !== "none")
  .map((fill) => fill.replace(/^url.#[a-z]+-/, "").replace(")", "")).sort()"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_land_is_painted_before_leaflet_comes_and_stays_where_it_is(browser, site, viewport):
    visitor = _visitor(browser, site, viewport)
    page = visitor.page
    page.route("**/map.js", lambda route: route.abort())
    page.goto(site)
    land = page.locator("#first path")
    land.first.wait_for()
    size = page.locator("#first").bounding_box()
    span, fills = (land.evaluate_all(asked) for asked in (SPANNED, FILLED))
    page.unroute("**/map.js")
    visitor.open()
    expect(page.locator("#first")).to_have_count(0)
    assert size == pytest.approx(page.locator("#map_div").bounding_box(), abs=0.5)
    lines = page.locator(".leaflet-borders-pane path")
    assert span == pytest.approx(lines.evaluate_all(SPANNED), abs=1)
    assert fills == page.locator("path[data-shape]").evaluate_all(FILLED)
    page.context.close()


def test_where_shapes_do_not_come_the_map_says_so(browser, site):
    visitor = _visitor(browser, site, DESKTOP)
    visitor.page.route("**/*-overview.json", lambda route: route.abort())
    visitor.page.goto(site)
    expect(visitor.page.locator(".frame-title")).to_be_visible()
    expect(visitor.page.locator("#first")).to_have_count(0)
    visitor.page.context.close()


# Texts that nobody sees, but for those that are meant for screen readers.
SQUEEZED = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const box = one.getBoundingClientRect();
  const meant = one.closest(".aside, .frame > .said, [hidden], #notice, #drawer, .sheet thead");
  return own && !meant && box.width > 0 && (box.width <= 1 || box.height <= 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("address", "name"),
    [("", "front"), ("?project=kraftsenter-st&year=2020&colour=evidence&lines=1", "project-view"),
     ("prosjekt/kraftsenter-st/", "project"), ("fylke/2015/sor-trondelag/", "county"),
     ("kommune/1636/", "kommune"), ("fylke/2015/", "counties"), ("prosjekt/", "projects"),
     ("data/", "data"), ("metode/", "method"), ("kommune/", "kommuner"), (NOT_FOUND, "404")],
)  # fmt: skip
def test_pages_look_right_wide_and_narrow(visitor, traveller, address, name):
    for person, size in ((visitor, "wide"), (traveller, "phone")):
        page = person.open(address)
        if page.locator("#map .frame").count():
            page.locator(".frame[data-painted]").wait_for()
        person.picture(f"public-{name}-{size}")
        assert page.evaluate(SQUEEZED) == []
        wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= person.page.viewport_size["width"], wide


@pytest.mark.parametrize(
    ("wide", "high", "least"),
    [(1400, 900, 0.6), (1920, 1080, 0.7), (768, 1024, 0.5), (390, 844, 0.5)],
)
def test_the_map_has_most_of_the_screen(browser, site, wide, high, least):
    person = _visitor(browser, site, {"width": wide, "height": high})
    page = person.open()
    page.locator(".frame[data-painted]").wait_for()
    frame = page.locator("#map").bounding_box()
    low = frame["y"] + frame["height"]
    if wide < 720:
        low = min(low, page.locator("#sheet").bounding_box()["y"])
    assert frame["width"] * (low - frame["y"]) / (wide * high) >= least
    size = page.evaluate("() => [document.body.scrollHeight, document.body.scrollWidth]")
    assert size <= [high, wide]
    for place in ("#title", "#main-figures") + (("#legend", "#filters") if wide == 1400 else ()):
        box = page.locator(place).bounding_box()
        assert box["y"] + box["height"] <= high, place
    person.picture(f"public-screen-{wide}")
    page.context.close()


def test_one_sheet_explains_the_figures(visitor):
    page = visitor.open("?project=kraftsenter-st")
    page.get_by_role("button", name="Slik er tallene regnet").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Fordelt på fylker: Hedmark 6")
    expect(sheet.locator(".figure")).to_have_count(6)
    sheet.get_by_role("button", name="Lukk").click()
    expect(sheet).to_be_hidden()


def test_a_phone_has_all_filters_in_the_sheet(traveller):
    page = traveller.open()
    page.get_by_label("Dokumentert og utledet").check()
    traveller.shown()
    expect(page).to_have_url(re.compile("evidence=inferred"))
    page.locator(".grip").click()
    expect(page.locator("html")).to_have_attribute("data-sheet", "high")
    traveller.picture("public-front-filters-phone")


# Where each name stands the moment the browser prints, and once a later frame has been drawn.
PRINTED_NAMES = """async () => {
  const names = () => [...document.querySelectorAll(".label")].map((name) => {
    const { left, top } = name.getBoundingClientRect();
    return [name.textContent, Math.round(left), Math.round(top)].join(" ");
  }).sort();
  dispatchEvent(new Event("beforeprint"));
  const printed = names();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [printed, names()];
}"""


def test_the_printed_page_holds_the_whole_map(visitor):
    page = visitor.open()
    page.locator(".frame[data-painted]").wait_for()
    printed, later = page.evaluate(PRINTED_NAMES)
    assert len(printed) > 5
    assert printed == later
    page.emulate_media(media="print")
    frame = page.locator("#map_div").bounding_box()
    marks = page.locator("#map .hub").all()
    assert len(marks) > 5
    for mark in marks:
        box = mark.bounding_box()
        assert frame["x"] < box["x"] < frame["x"] + frame["width"]
        assert frame["y"] < box["y"] < frame["y"] + frame["height"]
    assert frame["width"] < 700
    visitor.picture("public-print")


def test_the_front_page_is_printed_on_one_page(visitor, tmp_path):
    page = visitor.open()
    page.locator(".frame[data-painted]").wait_for()
    page.pdf(path=tmp_path / "kart.pdf", prefer_css_page_size=True)
    (only,) = PdfReader(tmp_path / "kart.pdf").pages
    text = only.extract_text().replace("\u00a0", " ")
    for part in ("50 kommuner i 7 fylker", "248 550", "Utledet (skravert)", "Kilder: tilskudd"):
        assert part in text, part


# -- the same areas in four structures ------------------------------------------------------------


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_four_small_maps_the_changes_and_two_years_on_one_map(visitor, traveller, size):
    person = visitor if size == "wide" else traveller
    page = person.open("?project=kraftsenter-st")
    assert not any("changes.json" in url for url in person.requests)
    if size == "phone":
        page.locator(".grip").click()
    page.get_by_role("button", name="4 kommunestrukturer").click()
    expect(page.locator(".structure svg")).to_have_count(4)
    expect(page.locator(".structure").nth(2)).to_contain_text("20 kommuner i 2 fylker")
    expect(page.locator(".structure").nth(2)).to_contain_text("samme områder, 2 delvis")
    page.get_by_role("link", name="2020 20 kommuner").click()
    person.shown()
    expect(page).to_have_url(re.compile("year=2020.*drawer=years"))
    changes = page.locator(".changes")
    expect(changes).to_contain_text("Hva som skjedde fra 2015 til 2020")
    orkland = changes.locator("li").filter(has_text="Orkland (2020)").first
    expect(orkland).to_contain_text("del av Snillfjord")
    expect(changes.get_by_text("Kristiansand").first).to_be_hidden()
    page.get_by_role("button", name="2015", exact=True).click()
    person.shown()
    page.locator(".frame[data-beside='2015']").wait_for()
    person.picture(f"public-swipe-{size}")
    handle = page.get_by_role("slider")
    handle.focus()
    page.keyboard.press("PageDown")
    said = "2015 på 40 % av kartet til venstre, 2020 til høyre"
    expect(handle).to_have_attribute("aria-valuetext", said)
    expect(page).to_have_url(re.compile("swipe=2015"))
    page.locator(".leaflet-beside-pane path[fill='#2C5AB0']").first.dispatch_event("click")
    expect(page.locator("#story")).to_contain_text("i 2020")
    page.get_by_role("radio", name="2015").check()  # the years change sides
    person.shown()
    expect(page).to_have_url(re.compile("swipe=2020"))
    if size == "phone":
        page.locator(".grip").click()
        expect(page.locator("html")).to_have_attribute("data-sheet", "low")
    page.get_by_role("button", name="Avslutt sammenligningen").click()
    person.shown()
    expect(handle).to_be_hidden()
    expect(page).not_to_have_url(re.compile("swipe"))


# -- hostile texts -------------------------------------------------------------------------------

# They are added to the names, so that addresses stay what they are.
NASTY = (
    "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"
    "${document.title='ran'} [press](javascript:document.title='ran') $& ![](https://example.org/x)"
)
TEXTS = {
    "projects.csv": ("name", "other_names", "purpose_nb", "purpose_en", "note_nb", "note_en"),
    "hubs.csv": ("name", "former_names", "place", "note_nb", "note_en"),
    "sources.csv": ("title", "publisher", "says_nb", "says_en", "published_note_nb"),
    "assumptions.csv": ("published_nb", "assumed_nb", "reasons_nb", "alternatives_nb"),
    "claims.csv": ("text_nb", "text_en"),
    "coverage.csv": ("note_nb", "note_en"),
    "programmes.csv": ("name_nb", "name_en", "funder"),
    "kommuner.csv": ("name",),
}


def _poison(path: Path, columns: tuple[str, ...]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update({column: f"{row[column]} {NASTY}" for column in columns})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _nothing_ran(reader: Reader) -> None:
    for frame in reader.page.frames:
        assert frame.title() != "ran"
        assert frame.locator("img[onerror], a[href^='javascript']").count() == 0
    assert reader.third_parties() == []
    assert reader.errors == []


@pytest.fixture(scope="module")
def nasty_site(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile-edition")
    shutil.copytree(ROOT / "data", folder / "data")
    for name, columns in TEXTS.items():
        _poison(folder / "data" / name, columns)
    read = datasets.load(folder / "data")
    few = published.shorter(read, read.package["coverage"]["kommunenr"], counties=None)
    published.write(few, folder / "site")
    with published.served(folder / "site") as url:
        yield f"{url}/"


@pytest.mark.parametrize(
    "address",
    ["?project=voss&kommune=1235&lines=1", "en/", "prosjekt/kraftsenter-st/", "prosjekt/",
     "fylke/2015/sor-trondelag/", "kommune/1636/", "kommune/", "data/", "metode/"],
)  # fmt: skip
def test_texts_that_carry_scripts_are_only_shown(browser, nasty_site, address):
    victim = _visitor(browser, nasty_site, DESKTOP)
    page = victim.open(address)
    if page.locator("#search").count():
        page.locator("#search").fill("Voss")
        expect(page.locator("#hits a").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.locator("path.leaflet-interactive[fill='#14583A']").first.hover(force=True)
        page.locator(".hub").first.hover(force=True)
        expect(page.locator("#title")).to_contain_text("<script>" if "voss" in address else "")
    victim.idle()
    _nothing_ran(victim)
    page.context.close()
