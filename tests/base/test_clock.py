"""Nothing depends on the hour, the day's change, or where the machine says that it stands."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from functools import partial

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from geo.api import api_page
from geo.api.parameters import Asked
from geo.api.resources import RESOURCES, body
from geo.base import cache
from geo.base.clock import now, today
from geo.brief import factsheet, picture, slide
from geo.coverage import dataset as datasets
from geo.coverage.view import View
from geo.dataset import package
from geo.exports import dcat
from geo.exports.catalogue import Published
from geo.exports.formats import FORMATS
from geo.fetch.transfer import transport
from geo.publish import kommune_pages, pages, place_maps, stories
from geo.publish import texts as site_texts
from geo.publish.hashed_files import HashedFiles
from geo.publish.html_page import Frame
from geo.report import citations, tables, titles
from geo.settings import ROOT
from geo.text import numbers
from geo.text.languages import LANGUAGES
from geo.webmap import webmap
from tests import clock as clocks
from tests import patience, published

VOSS = View(project=("voss",))
# Each function with its arguments; the linter is given calls of them, and nothing here makes one.
WAYS = tuple(
    f"{function}({arguments})"
    for function, arguments in (
        ("datetime.date.today", ""),
        ("datetime.date.fromtimestamp", "0"),
        ("datetime.datetime.now", ""),
        ("datetime.datetime.now", "datetime.UTC"),
        ("datetime.datetime.today", ""),
        ("datetime.datetime.utcnow", ""),
        ("datetime.datetime.fromtimestamp", "0"),
        ("datetime.datetime", "2026, 1, 1"),
        ("time.time", ""),
        ("time.localtime", ""),
        ("time.strftime", "'%d'"),
    )
)


# -- the clock of the program ----------------------------------------------------------------------


def clock_rules(*arguments, **options):
    """Run ruff's rules about clocks, whatever a comment beside a line says."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "DTZ,TID251", "--ignore-noqa"]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **options
    )


def test_only_one_place_asks_the_clock():
    done = clock_rules(".")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("place", ["geo/x.py", "pages/x.py", "tests/x.py", "bench/x.py"])
def test_every_other_way_to_ask_it_is_seen(place):
    text = "\n".join(["import datetime", "import time", *(f"print({way})" for way in WAYS), ""])
    options = ["--output-format", "json", "--stdin-filename", str(ROOT / place), "-"]
    found = json.loads(clock_rules(*options, input=text).stdout)
    seen = {text.splitlines()[one["location"]["row"] - 1] for one in found}
    assert seen == {f"print({way})" for way in WAYS}


@pytest.mark.dates
def test_today_is_the_day_in_norway_where_the_machine_has_another(clock):
    assert today().isoformat() == clock.day
    assert clocks.machines_day() != clock.day


@pytest.mark.dates
@pytest.mark.parametrize(
    ("said", "seconds"), [("-0000", 60), ("+0000", 60), ("GMT", 60), ("+0100", 0)]
)
def test_a_service_that_names_a_time_to_wait_for_is_waited_for_as_long_in_every_zone(said, seconds):
    when = datetime.fromtimestamp(now().timestamp() + 60, UTC)
    text = f"{when:%a, %d %b %Y %H:%M:%S} {said}"
    response = transport.httpx2.Response(503, headers={"Retry-After": text})
    assert transport._retry_after(response) == pytest.approx(seconds, abs=50)


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.dates
def test_files_are_of_the_day_of_the_data_whatever_day_it_is(dataset, clock):
    made = dataset.package.created.isoformat()
    assert made != clock.day
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(dataset, VOSS, full=False)))
    assert book.properties.created.isoformat() == f"{made}T00:00:00"
    deck = Presentation(io.BytesIO(slide.pptx(dataset, VOSS))).core_properties
    assert {deck.created.isoformat(), deck.modified.isoformat()} == {f"{made}T00:00:00"}
    sheet = PdfReader(io.BytesIO(factsheet.pdf(dataset, VOSS))).metadata
    assert sheet.creation_date.date().isoformat() == made
    assert f"{made}T00:00:00".encode() in FORMATS["gpkg"].write(dataset, VOSS, full=False)
    assert tables.filename(dataset, VOSS, "x", "csv").startswith(made)


@pytest.mark.dates
@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_name_the_day_of_the_data_and_not_that_of_reading(dataset, dashboard, clock, lang):
    view = VOSS.but(lang=lang)
    made = numbers.day(dataset.package.created, lang)
    read = numbers.day(date.fromisoformat(clock.day), lang)
    texts = [
        titles.source_line(dataset, view),
        citations.sentence(dataset, view, ""),
        json.loads(webmap.payload(dataset, view))["source"],
        site_texts.of_language(dataset, lang)["version"],
        dashboard.get(f"/api/v1/coverage?project=voss&lang={lang}").text,
    ]
    assert [text for text in texts if made not in text or read in text] == []
    assert all(one in citations.citation(dataset, view, "") for one in (made, read))


@pytest.mark.dates
@pytest.mark.parametrize("write", [slide.pptx, factsheet.pdf, picture.png, picture.svg])
def test_a_brief_is_the_same_file_all_day_and_in_every_zone(dataset, write):
    view = VOSS.but(lines=True)
    first = write.__wrapped__(dataset, view)
    with clocks.living(clocks.Moment(f"{today()}T13:17:19Z", "Asia/Tokyo", "")):
        assert write.__wrapped__(dataset, view) == first


@pytest.mark.dates
def test_zipped_files_hold_no_time_of_the_machine(dataset):
    for content in (slide.pptx(dataset, VOSS), package.archive(dataset.package)):
        with zipfile.ZipFile(io.BytesIO(content)) as made:
            assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# -- the day's change ------------------------------------------------------------------------------


def html_pages(dataset):
    """A page of each kind of the public edition; those with downloads say nothing else."""
    frame = Frame(dataset, "", "package.zip", "site.css", "fonts.css", "map.js", "icon.svg")
    story = stories.of_number(dataset, "1612")
    ground = place_maps.of_kommune(dataset, story.story, HashedFiles())
    made = [
        pages.all_projects(dataset, "nb"),
        pages.all_counties(dataset, 2020, "nn"),
        kommune_pages.kommune(dataset, "1612", "en", story, ground),
        pages.data(dataset, "nb", "package.zip", []),
        pages.method(dataset, "nb"),
    ]
    return [page.html(frame) for page in made]


PLACE = Published("https://kart.example.no/", ())
MAKERS = {
    "map": lambda dataset: webmap.payload(dataset, VOSS),
    "png": lambda dataset: picture.png(dataset, VOSS),
    "svg": lambda dataset: picture.svg(dataset, VOSS),
    "pdf": lambda dataset: factsheet.pdf(dataset, VOSS),
    "looked at": lambda dataset: factsheet.pages(dataset, VOSS),
    "pptx": lambda dataset: slide.pptx(dataset, VOSS),
    "api page": lambda dataset: api_page.page(dataset, "nn", "http://127.0.0.1/"),
    "package": lambda dataset: package.archive(dataset.package),
    "pages": html_pages,
    "catalogue": lambda dataset: dcat.catalogue(dataset, PLACE, "ttl"),
    **{code: partial(form.write, view=VOSS, full=True) for code, form in FORMATS.items()},
}
DAYS = ("2026-12-31T12:00Z", "2027-07-14T12:00Z")


@pytest.fixture(scope="module")
def on_two_days():
    """The same programme, read on each of two days, of which nothing was made yet."""
    return {day: datasets.load(ROOT / "data") for day in DAYS}


def living_at(moment):
    return clocks.living(clocks.Moment(moment, "UTC", ""))


@pytest.mark.parametrize("maker", MAKERS)
def test_whatever_leaves_has_the_same_bytes_on_every_day(on_two_days, maker):
    made = []
    for day, dataset in on_two_days.items():
        with living_at(day):
            made.append(MAKERS[maker](dataset))
    assert made[0] == made[1]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_an_answer_of_the_api_has_the_same_bytes_on_every_day(on_two_days, resource):
    made = []
    for day, dataset in on_two_days.items():
        asked = Asked(dataset, VOSS, "", frozen=False)
        with living_at(day):
            made.append([body(resource, asked, form) for form in resource.formats])
    assert made[0] == made[1]


def test_no_result_that_is_remembered_longer_than_a_day_names_the_day(monkeypatch):
    """A day that is asked for inside a remembered function is that function's for ever."""
    kept, of_a_day = set(), set()

    def asked():
        frame = sys._getframe()
        while frame := frame.f_back:
            code = frame.f_code
            cached = (code.co_filename, code.co_name) == (cache.__file__, "lookup")
            if cached:
                names = of_a_day if frame.f_locals["daily"] else kept
                names.add(frame.f_locals["function"].__qualname__)
        return datetime.fromisoformat("2026-12-31T23:30Z")

    monkeypatch.setattr("geo.base.clock.now", asked)
    own = datasets.load(ROOT / "data")
    for make in MAKERS.values():
        make(own)
    for form in FORMATS.values():
        form.write(own, VOSS, full=True)
    for language in LANGUAGES:
        api_page.page(own, language, "http://127.0.0.1/")
    published.built(published.shorter(own, ["0301", "1636"]))
    for path in ("", "prosjekter", "fylker", "data", "metode", "brief"):
        at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
        at.query_params["project"] = "troms"
        at.run()
        assert not at.exception, path
    assert of_a_day, "no cached function was seen"
    assert kept == set()


# -- the clock of the tests ------------------------------------------------------------------------

SAYS = "from geo.base.clock import now, today; print(today(), now().hour)"


@pytest.mark.dates
def test_processes_that_a_test_starts_have_its_clock(clock):
    command = [sys.executable, "-c", SAYS]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert output.split() == [clock.day, clock.at[11:13]]


@pytest.mark.parametrize(
    ("now", "wanted", "begins"),
    [
        ("2026-11-26T11:00Z", None, None),
        ("2026-11-26T19:59Z", None, None),
        ("2026-11-26T20:00Z", None, "2026-11-27T00:00Z"),
        ("2026-12-31T23:59Z", None, "2027-01-01T03:59Z"),
        ("2026-11-26T23:00Z", "2026-12-31T23:30Z", "2026-12-31T23:30Z"),
    ],
)
def test_no_day_ends_while_the_tests_run_unless_somebody_wants_it(now, wanted, begins):
    found = clocks.begins(datetime.fromisoformat(now), wanted)
    assert found == (begins and datetime.fromisoformat(begins))


def test_the_whole_suite_can_be_run_at_any_time(tmp_path):
    text = f"def test():\n    {SAYS}\n"
    (tmp_path / "test_when.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.clock", "-s", "--rootdir", tmp_path]
    done = subprocess.run(
        [*map(str, command), "--clock", "2031-07-01T22:30Z", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2031-07-02 22" in done.stdout, json.dumps([done.stdout, done.stderr])
