"""A programme of one's own: read from memory, told what is wrong with it, and forgotten."""

import csv
import gc
import io
import json
import re
import struct
import subprocess
import sys
import weakref
import zipfile
from tempfile import SpooledTemporaryFile

import openpyxl
import pytest
from streamlit.runtime import Runtime

from bench import examples
from geo.brief.brief_files import KINDS
from geo.brief.picture import Words
from geo.coverage import dataset as datasets
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, View, from_query, to_query
from geo.dataset import package
from geo.dataset.licence import licence
from geo.dataset.storage import Folder, Memory
from geo.drawings.county_bars import county_list, covered_list, uncovered_list
from geo.drawings.dress import packed
from geo.drawings.side_by_side import articles
from geo.exports.formats import FORMATS
from geo.places.register import Register
from geo.report import citations, display_tables, figures, projects, tables, titles
from geo.report.claims import check
from geo.report.story import story
from geo.report.story_text import sentences
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.uploads import template
from geo.uploads.dropped import MOST_BYTES, MOST_DROPPED, MOST_FILES, Dropped
from geo.uploads.opened import opened
from geo.validation.validate import validate
from geo.webmap import geometry_routes, webmap
from tests.conftest import TABLES, filled

EXAMPLES = sorted(path.parent for path in examples.EXAMPLES.glob("*/datapackage.json"))
HEADERS = {name: [f["name"] for f in package.known_tables()[name]["schema"]["fields"]]
           for name in TABLES}  # fmt: skip
# Only what a programme cannot do without, and a hub that nobody knows much about.
SPARSE = {
    "programmes": "programme_id,name_nb,name_en,year_from,announced_total_nok,grant_years,funder,"
    "source_ids\np,Et program,A programme,2015,1000000,2,Noen,S1\n",
    "projects": "project_id,programme_id,name,grant_nok,year_from,grant_years,years_basis,"
    "purpose_nb,purpose_en,source_ids\none,p,Ett,1000000,2015,2,project,Formål,Purpose,S1\n",
    "hubs": "hub_id,name,kommunenr,structure_year,lon,lat,source_ids\n"
    "h,Hage,0301,2015,10.75,59.91,S1\nalone,Alene,,,,,S1\n",
    "partners": "project_id,hub_id,role,evidence,source_ids\none,h,partner,documented,S1\n",
    "coverage": "hub_id,kommunenr,structure_year,evidence,source_ids\nh,0301,2015,documented,S1\n",
    "sources": "source_id,title\nS1,En kilde\n",
}


def small():
    """The files of the smallest package, with every column."""
    return {f"{n}.csv": f"{','.join(HEADERS[n])}\n{row}\n" for n, row in TABLES.items()}


def sparse():
    return {f"{name}.csv": text for name, text in SPARSE.items()}


def dropped(files):
    return [Dropped(n, c.encode() if isinstance(c, str) else c) for n, c in files.items()]


def zipped(files, folder=""):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(folder + name, text)
    return [Dropped("min.zip", content.getvalue())]


def workbook(files, change=None):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in files.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for row in csv.reader(io.StringIO(text)):
            sheet.append(row)
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return [Dropped("bok.xlsx", content.getvalue())]


@pytest.fixture(scope="module")
def own():
    """The sparsest programme, opened."""
    return opened(dropped(sparse()), "nb").dataset


def issues_of(files, language="en"):
    result = opened(files, language)
    assert result.dataset is None
    return [str(issue) for issue in result.issues]


# -- what may be dropped ------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["", "a/b/"])
def test_a_zip_of_a_package_is_opened_also_when_it_lies_in_a_folder(folder):
    files = {p.name: p.read_text("utf-8") for p in (ROOT / "data/examples/nummer-2024").iterdir()}
    result = opened(zipped(files, folder), "nb")
    assert result.issues == ()
    assert result.dataset.choices.projects == ("kyst", "hei")
    assert result.dataset.data_version == "1.0.0"
    assert result.dataset.choices.default_year == 2024


@pytest.mark.dates
def test_loose_tables_are_matched_by_name_or_by_columns_and_get_the_day_as_their_version(clock):
    files = sparse()
    files["hvem som helst.csv"] = files.pop("coverage.csv")
    result = opened(dropped(files), "nb")
    assert result.issues == ()
    assert result.dataset.package.title("nb") == "Et program"
    assert result.dataset.data_version == clock.day
    assert coverage(result.dataset, View()).totals.kommuner == 1


def test_what_norwegian_excel_writes_is_read_and_said():
    files = sparse()
    hubs = files["hubs.csv"].replace("Hage", "Hæge").replace("10.75,59.91", '"10,75","59,91"')
    rows = list(csv.reader(io.StringIO(hubs)))
    text = "\r\n".join(";".join(row) for row in rows) + "\r\n"
    files["hubs.csv"] = text.encode("cp1252")
    files["projects.csv"] = "\ufeff" + files["projects.csv"]
    result = opened(dropped(files), "nb")
    assert result.issues == ()
    assert result.dataset.hub("h")["name"] == "Hæge"
    assert result.dataset.hub("h")["lon"] == 10.75
    assert any("hubs.csv" in note and "cp1252" in note for note in result.notes)
    assert any("semikolon" in note for note in result.notes)


def test_a_workbook_with_a_sheet_for_each_table_is_opened():
    result = opened(workbook(small()), "nb")
    assert result.issues == ()
    assert result.dataset.choices.hubs == ("h",)


def test_a_number_that_excel_made_of_a_kommune_is_told_by_sheet_and_row_and_never_mended():
    def as_number(book):
        book["coverage"]["B2"] = 301

    hit = next(p for p in issues_of(workbook(small(), as_number)) if "leading zero" in p)
    assert hit.startswith("bok.xlsx, sheet coverage, row 2, kommunenr")


def test_a_package_without_registers_cites_their_sources_even_where_its_own_have_their_numbers():
    files = sparse() | {"sources.csv": "source_id,title\nS1,En kilde\nR03,Min egen\n"}
    own = opened(dropped(files), "nb").dataset.package
    titles_of = dict(zip(own["sources"]["source_id"], own["sources"]["title"], strict=True))
    assert titles_of["R03"] == "Min egen"
    counted = set(own["population"]["source_id"])
    assert "R03" not in counted
    assert counted <= set(titles_of)


# -- what is wrong with it ----------------------------------------------------------------------


def test_a_wrong_cell_is_told_with_file_row_column_and_advice_in_the_readers_language():
    files = sparse() | {"coverage.csv": SPARSE["coverage"].replace("0301", "301")}
    issue = opened(dropped(files), "nb").issues[0]
    assert (issue.file, issue.row, issue.column) == ("coverage.csv", 2, "kommunenr")
    assert "nullen" in issue.message
    assert "0301" in issue.message


def test_every_missing_table_is_told_with_what_it_holds_and_the_others_are_checked():
    files = {"coverage.csv": SPARSE["coverage"].replace("0301", "9999")}
    found = issues_of(dropped(files))
    assert sum("The table is missing" in text for text in found) == 3
    assert any("One row per project" in text for text in found)
    assert any(text.startswith("coverage.csv, row 2, kommunenr") for text in found)


def test_a_misspelt_column_is_told_and_not_taken_for_one_of_their_own():
    files = sparse() | {"coverage.csv": SPARSE["coverage"].replace("hub_id,", "hub,")}
    assert any("coverage.csv" in text and "hub_id" in text for text in issues_of(dropped(files)))


def test_a_row_in_an_assumption_that_is_not_listed_is_told():
    coverage_csv = (
        "hub_id,kommunenr,structure_year,evidence,assumption_id,source_ids\n"
        "h,0301,2015,assumed,A9,S1\n"
    )
    found = issues_of(dropped(sparse() | {"coverage.csv": coverage_csv}))
    assert any("coverage.csv, row 2" in text for text in found)


def test_too_many_candidates_of_one_kommune_are_told_before_anybody_counts_them():
    """Nine of 2015 that may be in or not, all of them in one kommune of 2020 or two."""
    header = "candidate_id,project_id,kommunenr,structure_year,assumption_id,source_ids"
    orkland, heim = ("1622", "1636", "1638", "1613"), ("1612", "1571", "1617")
    named = [(nr, year) for nr in (*orkland, *heim) for year in (2015, 2016)]
    rows = [f"C{n},one,{nr},{year},A1,S1" for n, (nr, year) in enumerate(named)]
    files = sparse() | {"candidates.csv": "\n".join([header, *rows]) + "\n"}
    [told] = [text for text in issues_of(dropped(files)) if "hang together" in text]
    assert re.match(r"candidates\.csv, row \d+, kommunenr", told)


def encrypted():
    content = bytearray(zipped(small())[0].content)
    at = content.find(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, at + 8)[0]
    struct.pack_into("<H", content, at + 8, flags | 1)
    return bytes(content)


def lying_bomb():
    """A zip that says its member is small, and is not."""
    content = bytearray(zipped({"coverage.csv": b"0" * (MOST_BYTES + 1)})[0].content)
    at = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    return bytes(content)


def twice():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        target.writestr("hubs.csv", "a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            target.writestr("hubs.csv", "b")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.zip", b"not a zip at all", "not a zip file"),
        ("a.zip", zipped(small())[0].content[:-40], "damaged"),
        ("a.zip", encrypted(), "password"),
        ("a.zip", lying_bomb(), "larger than|damaged"),
        ("a.zip", zipped({"x.csv": b"0" * (MOST_BYTES + 1)})[0].content, "larger than 20 MB"),
        ("a.zip", zipped({f"{n}.csv": "" for n in range(MOST_FILES + 1)})[0].content, "201 files"),
        ("a.zip", zipped({"../../etc/cron.csv": "x"})[0].content, "points out of the folder"),
        ("a.zip", zipped({"/etc/cron.csv": "x"})[0].content, "points out of the folder"),
        ("a.zip", zipped({"C:\\hubs.csv": "x"})[0].content, "points out of the folder"),
        ("a.zip", zipped({"inner.zip": "x"})[0].content, "inside the zip"),
        ("a.zip", twice(), "in the zip file twice"),
        ("a.exe", b"MZ", "kind of file is not read"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "spreadsheet format is not read"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0 locked", "protected by a password"),
        ("a.xlsx", zipped({"x.xml": b"0" * (MOST_BYTES + 1)})[0].content, "larger than any"),
        ("datapackage.json", b"[]", "not a valid description"),
        ("datapackage.json", b"[" * 100_000, "not a valid description"),
        ("hubs.csv", b"\x00\x01\x02", "not text"),
        ("hubs.csv", b"a\n" * 50_002, "larger than any"),
        ("noe.csv", b"a,b\n1,2\n", "Neither its name nor its columns"),
        ("hubs.csv", b"0" * (MOST_DROPPED + 1), "Together the files"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_plain_words(name, content, says):
    found = issues_of([Dropped(name, content)])
    assert any(part in text for text in found for part in says.split("|")), found


def test_a_strangers_descriptor_is_neither_followed_nor_run():
    files = small()
    described = json.loads((ROOT / "data/examples/nummer-2024/datapackage.json").read_text("utf-8"))
    described["resources"] = [
        {
            "name": name,
            "path": f"{name}.csv",
            "dialect": "http://127.0.0.1:9/dialect.json",
            "schema": {
                "fields": [
                    {"name": c, "type": "string", "constraints": {"pattern": "^(a+)+$"}}
                    for c in HEADERS[name]
                ]
            },
        }
        for name in TABLES
    ]
    described["name"] = "../../x"
    files["hubs.csv"] = files["hubs.csv"].replace(",Hage,", f",{'a' * 40}!,")
    result = opened(zipped(files | {"datapackage.json": json.dumps(described)}), "nb")
    assert result.issues == ()
    assert "/" not in result.dataset.package.descriptor["name"]


# -- the empty template --------------------------------------------------------------------------


def test_the_template_has_the_years_of_the_sources_and_what_they_mean():
    with zipfile.ZipFile(io.BytesIO(template.package("en"))) as found:
        assert "stated_years" in found.read("coverage.csv").decode().split(",")
        assert "2014 plan|2015-2017|2020" in found.read("README.md").decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_an_unchanged_template_gets_a_friendly_word(kind, language):
    content = template.package(language) if kind == "zip" else template.workbook(language)
    issues = opened([Dropped(f"mal.{kind}", content)], language).issues
    assert len(issues) == 1
    assert "coverage" in issues[0].message


def test_a_template_that_was_filled_in_is_opened_zip_and_workbook():
    with zipfile.ZipFile(io.BytesIO(template.package("nb"))) as source:
        files = {name: source.read(name).decode() for name in source.namelist()}
    assert {"datapackage.json", "README.md", "coverage.csv"} <= set(files)
    for table in TABLES:
        files[f"{table}.csv"] += filled(table, files[f"{table}.csv"]) + "\n"
    assert opened(zipped(files), "nb").issues == ()
    book = openpyxl.load_workbook(io.BytesIO(template.workbook("nb")))
    assert "definitions" in book.sheetnames
    for table, row in TABLES.items():
        book[table].append(next(csv.reader([row])))
    content = io.BytesIO()
    book.save(content)
    assert opened([Dropped("mal.xlsx", content.getvalue())], "nb").issues == ()


def test_a_template_sheet_keeps_the_zero_of_a_kommune_number():
    book = openpyxl.load_workbook(io.BytesIO(template.workbook("nb")))
    place = HEADERS["coverage"].index("kommunenr") + 1
    columns = book["coverage"].column_dimensions.values()
    formats = [column.number_format for column in columns if column.min <= place <= column.max]
    assert formats == ["@"]


# -- every page, every download -------------------------------------------------------------------


def walk(dataset, formats, years):
    """Work out what every page shows; a crash anywhere is a crash there."""
    texts = []
    first = dataset.choices.projects[0]
    for lang in LANGUAGES:
        for year in years:
            fylke = dataset.choices.fylker[year][0]
            whole = View(lang=lang, year=year)
            one = whole.but(fylke=(fylke,), uncovered=True)
            hub = whole.but(hub=(dataset.choices.hubs[0],), lines=True, evidence="documented")
            colours = [whole.but(colour=colour) for colour in COLOURS]
            for view in (*colours, whole.but(project=(first,)), hub, one):
                found = coverage(dataset, view)
                webmap.payload(dataset, view)
                tables.page_rows(dataset, view)
                texts += [titles.title(dataset, found, view), titles.summary(dataset, found, view)]
                texts += [
                    citations.sentence(dataset, view, ""),
                    citations.citation(dataset, view, ""),
                ]
            for figure in figures.key_figures(dataset, whole):
                texts.append(citations.figure_sentence(dataset, whole, figure, ""))
            t = messages(lang)
            county_list(dataset, whole, t, {}, packed)
            uncovered_list(dataset, one, t, {}, packed)
            covered_list(dataset, one, t, {}, packed)
            articles(dataset, whole, t, {}, packed)
            for nr in dataset.register.kommuner(year).index[::150]:
                texts += sentences(dataset, story(dataset, nr, whole), lang)
        for project in ("", *dataset.choices.projects[:2]):
            mine = [one for one in check(dataset) if one.project_id == project]
            display_tables.claims_table(mine, lang)
            display_tables.years_table(dataset, project, lang)
            projects.cited(dataset, project)
            if project:
                projects.members(dataset, project, lang)
                display_tables.money_table(dataset, project, lang)
        texts += display_tables.quality_flags(dataset, lang)
    for form in formats:
        for full in (True, False):
            form.write(dataset, View(year=dataset.choices.default_year), full=full)
    check(dataset)
    package.archive(dataset.package)
    return texts


def test_the_examples_are_what_their_maker_makes(tmp_path):
    examples.main(tmp_path)
    for folder in EXAMPLES:
        for file in folder.iterdir():
            assert file.read_bytes() == (tmp_path / folder.name / file.name).read_bytes(), file


def test_the_national_example_covers_every_kommune_with_40_hubs_and_3000_rows():
    national = package.load(examples.EXAMPLES / "national")
    assert len(national["hubs"]) == 40
    assert len(national["coverage"]) == 3000
    assert national["coverage"]["kommunenr"].nunique() == 428


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_is_valid_says_that_it_is_invented_and_fills_every_page(folder):
    assert validate(folder) == []
    dataset = datasets.load(folder)
    assert "oppdiktet" in dataset.package.title("nb")
    assert "invented" in dataset.package.title("en")
    texts = walk(dataset, FORMATS.values(), (2015, 2024))
    assert not [text for text in texts if text.startswith(("0 ", "Ingen 0"))]


def test_the_sparsest_programme_fills_every_page_too(own):
    texts = walk(own, [FORMATS["csv"], FORMATS["xlsx"]], (2015, 2020))
    assert not [text for text in texts if " nan" in text or "None" in text]


def test_an_address_without_a_year_means_the_packages_own_and_survives_a_round_trip():
    choices = datasets.load(examples.EXAMPLES / "nummer-2024").choices
    assert from_query({}, choices)[0].year == 2024
    for year in choices.years:
        view = View(year=year)
        assert from_query(to_query(view, choices.default_year), choices) == (view, [])


def test_own_data_are_cited_by_their_own_name_and_terms_and_never_by_ours(own):
    for lang in LANGUAGES:
        view = View(lang=lang)
        said = [citations.sentence(own, view, ""), citations.citation(own, view, "")]
        said.append(licence(own.package, lang))
        assert all("Næringshagekart" not in text for text in said)
        assert all(own.package.title(lang) in text for text in said)


# -- nothing is written, nothing is kept -----------------------------------------------------------

WRITES = """
import resource, sys
from pathlib import Path
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.exports.formats import FORMATS
from geo.brief.brief_files import KINDS
from geo.brief.picture import Words
from geo.dataset.package import archive
from geo.coverage.view import View
from geo import coverage

content = Path(sys.argv[1]).read_bytes()
# From here on the kernel refuses every byte to every file, whoever writes it.
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    Path(sys.argv[1]).write_bytes(b"x")
except OSError:
    pass
else:
    raise SystemExit("the limit does not work")
dataset = opened([Dropped("min.zip", content)], "nb").dataset
view = View(project=dataset.choices.projects[:1])
for form in FORMATS.values():
    assert form.write(dataset, view, full=False)
for kind in KINDS.values():
    assert kind.make(dataset, view, Words())
assert archive(dataset.package)
print("whole", len(dataset.package["coverage"]))
"""


def test_reading_drawing_and_every_download_write_nothing_to_any_disk(tmp_path):
    spare = tmp_path / "min.zip"
    spare.write_bytes(package.archive(package.load(examples.EXAMPLES / "nummer-2024")))
    done = subprocess.run(
        [sys.executable, "-B", "-c", WRITES, str(spare)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "whole 9\n", done.stderr


@pytest.fixture
def upload(dashboard, monkeypatch):
    """Send bytes to where Streamlit takes uploads, as a session's page would; return the status."""
    monkeypatch.setattr(Runtime.instance(), "is_active_session", lambda _: True)
    dashboard.get("/_stcore/health")
    header = {"X-Xsrftoken": dashboard.cookies["_streamlit_xsrf"]}

    def send(content):
        address, files = "/_stcore/upload_file/session/file", {"file": ("min.zip", content)}
        return dashboard.put(address, files=files, headers=header).status_code

    yield send
    Runtime.instance().uploaded_file_mgr.remove_session_files("session")


def test_what_is_uploaded_stays_in_memory(upload, monkeypatch):
    written = []
    monkeypatch.setattr(SpooledTemporaryFile, "rollover", lambda _: written.append(1))
    assert upload(b"x" * (MOST_DROPPED - 1)) == 204
    assert written == []


def test_an_upload_above_the_limit_is_refused_whoever_sends_it(upload):
    assert upload(b"x" * (MOST_DROPPED * 11 // 10)) == 413


def test_own_data_are_collected_when_the_session_lets_them_go():
    dataset = opened(zipped(small()), "nb").dataset
    walk(dataset, [FORMATS["geojson"]], (2015,))
    KINDS["square"].make(dataset, View(), Words())
    name = next(iter(geometry_routes.geometries(dataset)))
    # The register is the shipped one, and stays.
    gone = [weakref.ref(one) for one in (dataset, dataset.package, dataset.boundaries(2015))]
    assert name
    del dataset
    gc.collect()
    assert [ref() for ref in gone] == [None, None, None]


def test_a_register_of_ones_own_is_collected_with_the_data():
    folder = ROOT / "data"
    names = [r["path"] for r in package.read_descriptor(folder)["resources"]]
    contents = {name: (folder / name).read_bytes() for name in (*names, package.DESCRIPTOR)}
    contents["population.csv"] = contents["population.csv"].replace(b",2418,", b",2419,")
    dataset = datasets.load(Memory("own", contents))
    gone = [weakref.ref(dataset), weakref.ref(dataset.register)]
    assert dataset.register is not Register.of(package.product())
    del dataset
    gc.collect()
    assert [ref() for ref in gone] == [None, None]


def test_a_folder_and_memory_hold_the_same_package():
    folder = Folder(examples.EXAMPLES / "nummer-2024")
    on_disk = package.load(folder)
    in_memory = opened([Dropped("p.zip", package.archive(on_disk))], "nb").dataset.package
    for table in on_disk.tables:
        assert on_disk[table].equals(in_memory[table])


def test_nothing_in_the_code_knows_the_programme_that_ships():
    shipped = package.product()
    columns = (
        ("projects", "project_id"), ("projects", "name"), ("projects", "other_names"),
        ("hubs", "hub_id"), ("hubs", "name"), ("hubs", "former_names"), ("hubs", "later_names"),
        ("programmes", "programme_id"), ("programmes", "name_nb"), ("programmes", "name_en"),
    )  # fmt: skip
    names = {one for table, column in columns for cell in shipped[table][column]
             for one in package.split_ids(cell)}  # fmt: skip
    kinds = ("geo/**/*.py", "geo/**/*.js", "geo/**/*.html", "geo/**/*.typ", "pages/**/*.py",
             "locale/**/*.po", "dashboard.py")  # fmt: skip
    for path in (path for kind in kinds for path in ROOT.glob(kind)):
        words = f" {path.read_text('utf-8')} "
        # An id may be a word of the language too (nord), and catalogues hold nothing but words.
        for name in (name for name in names if path.suffix != ".po" or not name.islower()):
            start = words.find(name)
            while start >= 0:
                around = words[start - 1] + words[start + len(name)]
                assert any(sign.isalnum() or sign in "-_" for sign in around), (path.name, name)
                start = words.find(name, start + 1)
