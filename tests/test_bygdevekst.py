"""A programme without hubs, whose amounts are upper limits, in every page and file."""

import io
import json
import re
import sqlite3
import zipfile
from itertools import product

import pandas as pd
import pytest
from pptx import Presentation
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from geo import columns as c
from geo import settings
from geo.api import api_page, programme
from geo.api.kommuner import totals_of
from geo.brief import factsheet, picture, slide
from geo.coverage.join import coverage
from geo.coverage.money import grants, kind_of
from geo.coverage.view import SCOPES, from_query
from geo.exports import rows
from geo.exports.formats import FORMATS
from geo.report import projects
from geo.report.figures import main_figures
from geo.report.legend import legend
from geo.report.story import story
from geo.report.story_text import sentences
from geo.report.titles import summary
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.numbers import millions
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.validation.validate import validate
from geo.versions import reload
from tests import patience, published

FOLDER = ROOT / "data" / "programmes" / "bygdevekst"
MEMBER = "5622"  # Porsanger, of Midt-Finnmark
OTHER = "0301"
# The page that drops data describes every table that others may have.
PAGES = (
    "kart.py", "prosjekter.py", "fylker.py", "data_og_kilder.py", "metode.py", "rettelser.py",
    "brief.py",
)  # fmt: skip
PRODUCT = re.compile(r"(Næringshagekartet|næringshagekartet|[Tt]he næringshage map)")
HUB = re.compile(r"(?i).{0,40}(næringshag|\bhubs?\b).{0,40}")


@pytest.fixture(scope="module")
def pilots():
    """The programme as it is served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA_DIR", FOLDER)
        yield reload.current()


def mentions(text):
    return [found[0] for found in HUB.finditer(PRODUCT.sub("", text))]


def test_it_is_in_order_and_no_row_is_of_a_hub(pilots):
    assert validate(FOLDER) == []
    assert {file.stem for file in FOLDER.glob("*.csv")} == {
        "programmes", "projects", "coverage", "sources"
    }  # fmt: skip
    assert pilots.without_hubs
    assert (len(pilots.choices.projects), pilots.choices.hubs) == (10, ())
    totals = coverage(pilots, pilots.choices.view()).totals
    assert (totals.kommuner, totals.by_evidence[c.DOCUMENTED]) == (35, 35)
    assert totals.grant_nok == 20_000_000


def test_an_address_that_counts_hubs_is_told_that_there_are_none(pilots):
    view, ignored = from_query({"scope": SCOPES[1], "hub": "roros"}, pilots.choices)
    assert (view.scope, view.hub) == (SCOPES[0], ())
    assert {one.parameter for one in ignored} == {"scope", "hub"}


# -- every page and file -----------------------------------------------------------------------


def read(page, **query):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    if page != "kart.py":
        at.switch_page(page).run()
    assert not at.exception, at.exception
    found, blocks = [], [at.main, at.sidebar]
    while blocks:
        block = blocks.pop()
        blocks += getattr(block, "children", {}).values()
        found.append(str(getattr(block, "proto", "")))
    # Fields of what the map is sent and of addresses; they are empty.
    return re.sub(r'\\+"hubs\\+":\[\]|&hub=(?=&)', "", " ".join(found))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_of_hubs(pilots, page, language):
    queries = {
        "kart.py": [
            {},
            {"kommune": MEMBER, "year": "2018", "lines": "1"},
            {"kommune": OTHER},
            {"colour": "grant", "year": "2024"},
        ],
        "prosjekter.py": [{}, {"project": pilots.choices.projects[1]}],
        "fylker.py": [{}, {"fylke": "56", "year": "2024"}],
    }
    for query in queries.get(page, [{}]):
        said = read(page, lang=language, **query)
        assert len(said) > 1000
        assert mentions(said) == [], query


def texts_of(content, extension, folder):
    """Return every text of a file."""
    if extension in ("csv", "geojson"):
        return content.decode("utf-8-sig")
    if extension == "gpkg":
        (folder / "file.gpkg").write_bytes(content)
        book = sqlite3.connect(folder / "file.gpkg")
        tables = [
            name for (name,) in book.execute("select name from sqlite_master where type = 'table'")
        ]
        return " ".join(
            str(row) for name in tables if "rtree" not in name
            for row in book.execute(f'select * from "{name}"')  # noqa: S608
        )  # fmt: skip
    if extension == "parquet":
        table = pd.read_parquet(io.BytesIO(content))
        return " ".join([*table.columns, *(str(row) for row in table.to_numpy())])
    if extension == "fgb":  # texts lie in it as they are
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


@pytest.mark.parametrize(("code", "language"), [*product(FORMATS, LANGUAGES)])
def test_no_file_speaks_of_hubs(pilots, code, language, tmp_path):
    view = pilots.choices.view(lang=language)
    content = FORMATS[code].write(pilots, view, full=True)
    assert mentions(texts_of(content, FORMATS[code].extension, tmp_path)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_picture_and_no_document_speaks_of_hubs(pilots, language):
    view = pilots.choices.view(lang=language)
    assert mentions(picture.svg(pilots, view).decode()) == []
    pages = PdfReader(io.BytesIO(factsheet.pdf(pilots, view))).pages
    assert mentions(" ".join(page.extract_text() for page in pages)) == []
    (only,) = Presentation(io.BytesIO(slide.pptx(pilots, view))).slides
    assert mentions(" ".join(s.text_frame.text for s in only.shapes if s.has_text_frame)) == []


def strings(content):
    """Yield the texts of JSON: no names of fields, and no codes."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from strings(one)
    elif isinstance(content, str) and content != "hub":
        yield content


def test_the_public_edition_does_not_speak_of_hubs(pilots):
    files = published.built(published.shorter(pilots, (MEMBER, "2020", OTHER)))
    pages = {name: text.decode() for name, text in files.items() if name.endswith(".html")}
    assert len(pages) > 50
    for name, text in pages.items():
        assert mentions(re.sub(r'data-setup="[^"]*"', "", text)) == [], name
    for name, content in files.items():
        if name.endswith((".xml", ".svg", ".csv", ".geojson")):
            assert mentions(content.decode("utf-8-sig")) == [], name
        if name.endswith(".json"):
            assert mentions(" ".join(strings(json.loads(content)))) == [], name
    assert any(f"inntil {millions(20e6, 'nb')}" in text for text in pages.values())


def test_the_api_has_its_projects_and_an_empty_list_of_hubs(pilots):
    view = pilots.choices.view(lang="nb")
    assert programme.hubs(pilots, view) == []
    [own] = programme.programmes(pilots, view)
    assert own.announced_total_nok is None
    found = programme.projects(pilots, view)
    assert {(one.grant_kind, tuple(one.hub_ids)) for one in found} == {(c.UPPER_LIMIT, ())}
    assert totals_of(pilots, view).grant_kind == c.UPPER_LIMIT
    for language in LANGUAGES:
        assert mentions(api_page.page(pilots, language, "http://127.0.0.1/")) == []


# -- what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told", "served"),
    [
        ("nb", "kunne få inntil 20 millioner kroner; det er inntil", "Prosjektet Midt-Finnmark"),
        ("nn", "kunne få inntil 20 millionar kroner; det er inntil", "Prosjektet Midt-Finnmark"),
        ("en", "could get up to NOK 20 million; that is up to NOK", "The project Midt-Finnmark"),
    ],
)
def test_it_reads_as_a_programme_of_upper_limits_and_groups(pilots, language, told, served):
    view = pilots.choices.view(lang=language)
    assert told in summary(pilots, coverage(pilots, view), view)
    texts = sentences(pilots, story(pilots, MEMBER, view), language)
    assert any(text.startswith(served) for text in texts)


def test_amounts_say_what_they_are_wherever_they_stand(pilots):
    view, t = pilots.choices.view(lang="nb"), pilots.messages("nb")
    [money] = [one for one in main_figures(pilots, view) if one.value.endswith("kr")]
    assert money.value == f"inntil {millions(20e6, 'nb')}"
    assert money.detail.startswith("inntil ")
    assert projects.amount(pilots, pilots.choices.projects[0], t) == f"inntil {millions(2e6, 'nb')}"
    assert projects.introduction(pilots, t).startswith(
        f"De 10 prosjektene: inntil {millions(20e6, 'nb')} til sammen."
    )
    by_grant = view.but(colour="grant")
    labels = [one.label for one in legend(pilots, coverage(pilots, by_grant), by_grant, t)]
    assert any(label.startswith("inntil ") for label in labels)
    table = rows.values(pilots, view, full=False)
    assert set(table[c.GRANT_KIND]) == {c.UPPER_LIMIT}
    assert rows.headings(pilots, "nb")[c.GRANT_PER_INHABITANT_YEAR].endswith("(inntil)")


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        ((c.PAID, c.PAID), c.PAID),
        ((c.APPLIED, c.APPLIED), c.APPLIED),
        ((c.GRANTED, c.PAID), c.GRANTED),
        ((c.GRANTED, c.UPPER_LIMIT), c.UPPER_LIMIT),
        ((c.PAID, c.APPLIED), c.UPPER_LIMIT),
    ],
)
def test_a_sum_of_several_kinds_is_no_more_than_the_least_sure(
    pilots, monkeypatch, kinds, together
):
    every = grants(pilots)
    two = dict(zip(pilots.choices.projects, kinds, strict=False))
    changed = {project: every[project]._replace(kind=kind) for project, kind in two.items()}
    monkeypatch.setattr("geo.coverage.money.grants", lambda _: changed)
    assert kind_of(pilots, tuple(two)) == together


def test_the_programme_that_ships_speaks_of_grants_and_has_no_other_columns(dataset):
    assert kind_of(dataset) == c.GRANTED
    assert rows.columns(dataset) == rows.COLUMNS
    assert not dataset.without_hubs


def test_a_project_without_hubs_lists_its_kommuner(pilots):
    one = pilots.choices.projects[1]
    assert projects.members(pilots, one, "nb") == ()
    [served] = projects.without_hub(pilots, one, "nb")
    assert served.names == "Gamvik, Lebesby, Nordkapp og Porsanger"


# -- the package -------------------------------------------------------------------------------


def dropped(**changed):
    """Return the package as a zip, some of its tables changed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for file in FOLDER.iterdir():
            text = changed.get(file.stem, file.read_text(encoding="utf-8"))
            target.writestr(file.name, text)
    return opened([Dropped("pakke.zip", content.getvalue())], "nb")


def test_it_can_be_dropped_as_it_is():
    found = dropped()
    assert found.issues == ()
    assert found.dataset is not None
    assert len(found.dataset.package["coverage"]) == 35


HEAD = "project_id,hub_id,kommunenr,structure_year,evidence,source_ids\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",,5622,2024,documented,B1", "hub_id"),
        ("nowhere,,5622,2024,documented,B1", "nowhere"),
        ("midt-finnmark,roros,5622,2024,documented,B1", "roros"),
    ],
)
def test_a_row_of_nobody_is_refused(row, says):
    issues = dropped(coverage=f"{HEAD}{row}\n").issues
    assert any(says in one.message and one.file == "coverage.csv" for one in issues), issues
