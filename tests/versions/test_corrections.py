"""What was published and was wrong is remembered: listed, fed, and named on frozen links."""

import csv
import io
import json
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from geo import settings
from geo.brief import factsheet, picture, slide
from geo.brief.picture_sizes import SIZES
from geo.coverage import dataset as datasets
from geo.coverage.counties import nearest_hub
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.version_order import version_key
from geo.errors import SettingInvalid
from geo.exports.formats import FORMATS
from geo.report.citations import figure_sentence
from geo.report.contact import message
from geo.report.figures import key_figures
from geo.report.story import story
from geo.report.story_text import sentences
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.validation.validate import validate
from geo.versions import reload, versions
from geo.versions.corrections import COMPARED, by_version, cells_table, corrections, notice
from geo.versions.feed import feed
from tests.pages.test_pages import opened, texts

DRAWN = (SIZES["slide"], picture.NO_WORDS)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def kept():
    return versions.dataset_version("1.0.0")


def _by_id(dataset):
    return {one.correction_id: one for one in corrections(dataset)}


# -- the list --------------------------------------------------------------------------------------


def test_every_correction_has_title_and_text_in_every_language(dataset):
    for one in corrections(dataset):
        assert all(one.title[code] and one.text[code] for code in LANGUAGES)


def test_the_figures_of_the_evidence_are_those_that_the_two_versions_give(dataset, kept):
    found = _by_id(dataset)
    views = {
        "evidence-kraftsenter": View(project=("kraftsenter-st",)),
        "evidence-programme": View(),
    }
    for name, view in views.items():
        counts = [coverage(one, view).totals.by_evidence["documented"] for one in (kept, dataset)]
        assert [found[name].old, found[name].new] == counts


def test_the_figures_of_people_are_those_that_the_versions_give(dataset, kept):
    found = _by_id(dataset)
    split = found["people-of-split-kommuner"]
    people = [
        coverage(one, View(year=2024)).totals.population_covered.value for one in (kept, dataset)
    ]
    assert [split.old, split.new] == people
    range_now = coverage(dataset, View(project=("kraftsenter-st",))).totals.population_covered
    assert found["ranges"].new == range_now.high

    assert range_now.low == 88_630


def test_the_distance_of_nesset_is_that_of_the_versions(dataset, kept):
    found = _by_id(dataset)["distance-nesset"]
    km = [nearest_hub(one, View(), "1543").km for one in (kept, dataset)]
    assert [found.old, found.new] == [round(one) for one in km]


def test_the_kommuner_of_hubs_outside_are_those_of_the_versions(dataset, kept):
    found = _by_id(dataset)["hubs-outside"]
    states = [coverage(one, View()).frame["state"] for one in (kept, dataset)]
    assert [found.old, found.new] == [(one == "elsewhere").sum() for one in states]


def test_the_unknown_people_of_trondheim_are_those_of_the_versions(dataset, kept):
    found = _by_id(dataset)["unknown-trondheim"]
    one, two = (coverage(one, View(year=2024)).frame.loc["5001"] for one in (kept, dataset))
    # In today's methods the kept version has the state too; it called all of Trondheim unknown.
    assert one["state"] == two["state"] == "partly_unknown"
    assert [found.old, found.new] == [two["population"], two["population_unknown"]]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_corrections_of_words_quote_what_is_said_now(dataset, language):
    view = View(lang=language, project=("kraftsenter-st",))
    pasted = [figure_sentence(dataset, view, one, "") for one in key_figures(dataset, view)]
    said = {
        "credit-of-people": pasted,
        "pasted-bracket": pasted,
        "assumed-pages": sentences(dataset, story(dataset, "1612", view), language),
    }
    for name, now in said.items():
        text = _by_id(dataset)[name].text[language].text
        old, *_, new = re.findall(r'[«"](.+?)[»"](?=[ .,])', text)
        assert any(new in one for one in now), new
        assert not any(old in one for one in now), old


def test_tables_are_compared_row_by_row_with_the_version_before(dataset):
    change = _by_id(dataset)["1.0.0-2.0.0-coverage"]
    assert (change.kind, change.day) == (COMPARED, "2026-11-26")
    relabelled = [cell for cell in change.cells if cell.column == "evidence"]
    assert ("nasjonalparken", "1634", "2015") in {cell.key for cell in relabelled}
    assert {(cell.old, cell.new) for cell in relabelled} == {("documented", "inferred")}
    shown = cells_table(dataset, change, "nb")
    row = ["nasjonalparken, 1634, 2015", "Grunnlag", "Dokumentert", "Utledet"]
    assert row in shown.to_numpy().tolist()
    assert f"Grunnlag ({len(relabelled)})" in change.text["nb"].text


def test_a_package_without_corrections_says_that_there_are_none(tmp_path, small_package):
    small_package(tmp_path)
    assert by_version(datasets.load(tmp_path), "nb") == []


def test_versions_are_ordered_by_their_numbers():
    listed = ["1.10.0", "2.0.0-abc1234", "1.9", "2.0.0"]
    assert sorted(listed, key=version_key) == ["1.9", "1.10.0", "2.0.0", "2.0.0-abc1234"]


# -- frozen links ----------------------------------------------------------------------------------


def test_the_newest_data_have_no_notice():
    assert notice(reload.current(), View()) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_version_names_first_what_is_about_the_view(kept, language):
    said = notice(kept, View(lang=language, project=("kraftsenter-st",)))
    first = messages(language)("corrections.since", version="1.0.0", what="").rstrip(".")
    assert said.startswith(f"{first}Kraftsenter Sør-Trøndelag: 4 kommun")


def test_a_frozen_page_shows_its_figures_and_what_was_corrected_since():
    at = opened(data="1.0.0", project="kraftsenter-st", evidence="documented")
    assert "18 kommuner i 3 fylker, bare dokumentert" in at.title[0].value
    (said,) = [info.value for info in at.info if "Rettet siden versjon 1.0.0" in info.value]
    assert "4 kommuner er dokumentert, ikke 18" in said
    links = [link.proto for link in at.get("page_link") if link.proto.label == "Se rettelsene"]
    assert {link.page for link in links} == {"rettelser"}


def test_files_of_a_kept_version_name_what_was_corrected_since(kept):
    view = View(year=2015, project=("kraftsenter-st",))
    said = notice(kept, view)
    assert "4 kommuner er dokumentert, ikke 18" in said
    foot = " ".join(text.get_text() for text in picture._draw(kept, view, *DRAWN).texts)
    (slide_of,) = Presentation(io.BytesIO(slide.pptx(kept, view))).slides
    on_slide = " ".join(shape.text_frame.text for shape in slide_of.shapes if shape.has_text_frame)
    sheet = PdfReader(io.BytesIO(factsheet.pdf(kept, view))).pages[0].extract_text()
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].write(kept, view, full=False)))
    cells = " ".join(str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True))
    for written in (foot, on_slide, sheet, cells):
        assert "".join(said.split()) in "".join(written.split())


def test_files_of_the_newest_data_have_no_such_line():
    drawn = picture._draw(reload.current(), View(project=("voss",)), *DRAWN)
    assert "Rettet siden" not in " ".join(text.get_text() for text in drawn.texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_corrections_of_words_and_of_tables(language):
    at = opened("rettelser.py", lang=language)
    t = messages(language)
    said = texts(at)
    assert at.title[0].value == t("corrections.title")
    assert "Kraftsenter Sør-Trøndelag" in said
    assert t("corrections.compared", old="1.0.0", new="2.0.0") in said
    assert any("<table" in block.proto.body for block in at.get("html"))


def test_an_answer_of_a_kept_version_has_its_figures_and_names_what_was_corrected(dashboard):
    address = "/api/v1/coverage?data=1.0.0&project=kraftsenter-st&evidence=documented"
    answer = dashboard.get(address)
    body = answer.json()
    assert body["sums"]["kommuner"]["value"] == 18
    assert "4 kommuner er dokumentert, ikke 18" in body["meta"]["corrected"]
    assert urlsplit(body["meta"]["corrections"]).path == "/rettelser"
    newest = '</api/v1/coverage?project=kraftsenter-st&evidence=documented>; rel="latest-version"'
    assert newest in answer.headers["link"]
    assert dashboard.get("/api/v1/programmes").json()["meta"]["corrected"] is None


def test_the_api_lists_corrections_and_those_since_a_version(dashboard):
    rows = dashboard.get("/api/v1/corrections").json()["data"]
    since_1 = dashboard.get("/api/v1/corrections?data=1.0.0&lang=en").json()["data"]
    assert [one["correction_id"] for one in since_1] == [one["correction_id"] for one in rows]
    (one,) = [row for row in since_1 if row["correction_id"] == "evidence-kraftsenter"]
    assert (one["old_value"], one["new_value"], one["unit"]) == (18, 4, "kommune")
    table = csv.DictReader(io.StringIO(dashboard.get("/api/v1/corrections?format=csv").text))
    assert len(list(table)) == len(rows)


def test_files_of_a_kept_version_name_what_was_corrected(kept):
    view = View(project=("kraftsenter-st",))
    about = json.loads(FORMATS["geojson"].write(kept, view, full=False))["about"]
    assert about["data_version"] == "1.0.0"
    assert "4 kommuner er dokumentert, ikke 18" in about["corrected"]
    assert about["corrected"].endswith("/rettelser?lang=nb")
    newest = json.loads(FORMATS["geojson"].write(reload.current(), view, full=False))["about"]
    assert newest["corrected"] == ""


# -- the feed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_tells_every_correction_and_is_the_same_every_time(dataset, language):
    content = feed(dataset, language, "https://example.org/rettelser", "https://example.org/f.xml")
    again = feed(datasets.load(ROOT / "data"), language, "https://example.org/rettelser",
                 "https://example.org/f.xml")  # fmt: skip
    assert content == again
    root = ET.fromstring(content)  # noqa: S314 - our own
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(corrections(dataset))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert root.findtext(f"{ATOM}updated") == "2026-11-26T00:00:00+00:00"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language


def test_ids_do_not_depend_on_where_the_feed_is_served(dataset):
    here, there = (
        ET.fromstring(feed(dataset, "nb", place, f"{place}feed.xml"))  # noqa: S314
        for place in ("./", "https://example.org/")
    )
    ids = [[one.text for one in found.iter(f"{ATOM}id")] for found in (here, there)]
    assert ids[0] == ids[1]


def test_the_feed_of_a_package_without_corrections_is_empty_and_dated(tmp_path, small_package):
    small_package(tmp_path)
    small = datasets.load(tmp_path)
    root = ET.fromstring(feed(small, "nb", "./", "feed.xml"))  # noqa: S314
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}updated")[:10] == small.data_day.isoformat()


def test_the_dashboard_serves_the_feed_and_every_page_names_it(dashboard):
    for language in LANGUAGES:
        answer = dashboard.get(f"/feed/{language}.xml")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert f'hreflang="{language}"' in dashboard.get("/metode").text
    assert '<link rel="alternate" type="application/atom+xml"' in dashboard.get("/").text
    assert dashboard.get("/feed/xx.xml").status_code == 404


# -- telling of a fault ----------------------------------------------------------------------------


def test_a_message_holds_the_address_and_the_data_version(monkeypatch):
    monkeypatch.setattr(settings, "CONTACT", "kart@example.no")
    link = "https://example.no/?year=2015&project=voss"
    mail = urlsplit(message("Voss: 2 kommuner", link, "2.0.0", "nb"))
    assert (mail.scheme, mail.path) == ("mailto", "kart@example.no")
    fields = parse_qs(mail.query)
    assert "Voss: 2 kommuner" in fields["subject"][0]
    assert f"Side: {link}\r\nDataversjon: 2.0.0" in fields["body"][0]


def test_every_page_offers_the_message_only_with_an_address(monkeypatch):
    def offered(at):
        return [one.proto.body for one in at.get("html") if "mailto:" in one.proto.body]

    assert offered(opened()) == []
    monkeypatch.setattr(settings, "CONTACT", "kart@example.no")
    (body,) = offered(opened(project="voss", kommune="1235"))
    assert "project%3Dvoss" in body
    assert "kommune%3D1235" in body
    assert "data%3D2.0.0" in body
    assert len(offered(opened("rettelser.py"))) == 1


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setattr(settings, "CONTACT", "not an address")
    with pytest.raises(SettingInvalid, match="GEO_CONTACT"):
        message("", "", "", "nb")


# -- validation ------------------------------------------------------------------------------------

GOOD = "a,2026-01-01,0.0.1,0.1.0,figure,project,one,T,T,X,X,1,2,km,"


def _issues(folder, line, language="en"):
    shipped = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = [one for one in shipped["resources"] if one["name"] == "corrections"]
    path = folder / "datapackage.json"
    own = json.loads(path.read_text(encoding="utf-8"))
    others = [one for one in own["resources"] if one["name"] != "corrections"]
    path.write_text(json.dumps({**own, "resources": [*others, resource]}), encoding="utf-8")
    header = ",".join(field["name"] for field in resource["schema"]["fields"])
    (folder / "corrections.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    return [(one.row, one.column, one.message) for one in validate(folder, language)]


@pytest.mark.parametrize(
    ("change", "column", "hint"),
    [
        (("0.0.1,", "0.1.0,"), "version_from", "does not come before"),
        ((",0.1.0,", ",0.2.0,"), "version_to", "newer than the package"),
        ((",one,", ",two,"), "subject_id", "is not in projects.csv"),
        (("project,one", "kommune,0399"), "subject_id", "is not in kommuner.csv"),
        ((",km,", ",,"), "unit", "has no unit"),
        (("2026-01-01", "2026-02-30"), "date", ""),
        ((",figure,", ",mistake,"), "kind", ""),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(tmp_path, small_package, change, column, hint):
    small_package(tmp_path)
    assert _issues(tmp_path, GOOD) == []
    ((row, where, text),) = _issues(tmp_path, GOOD.replace(*change, 1))
    assert (row, where) == (2, column)
    assert hint in text
