"""A package whose every text is hostile goes through all that is made of it, and nothing runs."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from html.parser import HTMLParser

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from pptx import Presentation
from pyarrow import parquet
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from geo import settings
from geo.api import api_routes
from geo.api.resources import RESOURCES
from geo.base import links
from geo.brief import brief_files, factsheet, picture
from geo.brief.picture_sizes import SIZES
from geo.coverage import dataset as datasets
from geo.dataset.package import known_tables
from geo.exports.formats import FORMATS
from geo.report import citations
from geo.report.wording import shortened
from geo.server.middleware.security_headers import SecurityHeaders
from geo.settings import ROOT
from geo.text.languages import DEFAULT, LANGUAGES
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.validation.text_checks import LONGEST
from geo.validation.validate import validate
from geo.versions import reload
from geo.webmap import webmap
from pages.parts.plain import linked, plain
from tests import hostile, published

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
FORMULA = re.compile(r"[=+@\t\r\n＝＋－＠]|-(?=.)", re.DOTALL)
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
HANDLER = re.compile(r"on[a-z]+")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return hostile.write(EXAMPLE, tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture(scope="module")
def poisoned(folder):
    return datasets.load(folder)


@pytest.fixture(scope="module")
def view(poisoned):
    return poisoned.choices.view(project=poisoned.choices.projects[:1], lines=True)


# -- the package itself ----------------------------------------------------------------------------


def test_every_free_text_of_the_package_is_hostile_and_the_package_is_in_order(folder, poisoned):
    assert validate(folder) == []
    for name, resource in known_tables().items():
        here = name in {one["name"] for one in poisoned.package.descriptor["resources"]}
        for field in resource["schema"]["fields"] if here else ():
            if hostile.free(name, field):
                first = poisoned.package[name].iloc[0][field["name"]]
                # Spaces, tabs and line ends around a text are read away: four at most here.
                assert hostile.LONG - 4 <= len(first) <= hostile.LONG, (name, field["name"])
                assert hostile.RAN in first


def test_the_shipped_package_made_hostile_with_its_registers_is_in_order_too(tmp_path):
    assert validate(hostile.write(ROOT / "data", tmp_path / "data")) == []


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["csv", "csv_plain"])
def test_no_cell_of_a_csv_file_is_a_formula(poisoned, view, code):
    content = FORMATS[code].write(poisoned, view, full=False).decode("utf-8-sig")
    cells = _cells(content, ";" if code == "csv" else ",")
    assert any(hostile.RAN in cell for cell in cells)
    assert _formulas(cells) == []


def _cells(content: str, delimiter: str = ",") -> list[str]:
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


def _formulas(cells: list[str]) -> list[str]:
    return [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]


def test_a_workbook_holds_texts_and_numbers_and_no_formulas_or_links(poisoned, view):
    content = FORMATS["xlsx"].write(poisoned, view, full=True)
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(hostile.RAN in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    heights = [size.height or 0 for sheet in book for size in sheet.row_dimensions.values()]
    assert max(heights) <= 409  # higher rows make Excel repair the file
    _sound_parts(content)


def test_a_cell_of_a_workbook_is_cut_where_the_format_ends(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    hubs, coverage = tmp_path / "hubs.csv", tmp_path / "coverage.csv"
    rows = list(csv.DictReader(io.StringIO(hubs.read_text(encoding="utf-8"), newline="")))
    serving = coverage.read_text(encoding="utf-8").splitlines()[1].split(",")[1]
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "name": "W" * LONGEST} for row in rows)
    hubs.write_text(lines.getvalue(), encoding="utf-8")
    other = f"{rows[1]['hub_id']},{serving},2024,documented,,,S1,,\n"
    coverage.write_text(coverage.read_text(encoding="utf-8") + other, encoding="utf-8")
    long = datasets.load(tmp_path)
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].write(long, long.choices.view(), full=False)))
    texts = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert max(map(len, texts)) == 32_767
    assert any(text.endswith("W…") for text in texts)


def test_files_with_geometry_hold_the_texts_as_they_are(poisoned, view):
    name = poisoned.project(view.project[0])["name"]
    collection = json.loads(FORMATS["geojson"].write(poisoned, view, full=False))
    assert name in {one["properties"]["project_ids"] for one in collection["features"]}
    table = parquet.read_table(io.BytesIO(FORMATS["parquet"].write(poisoned, view, full=False)))
    assert name in set(table.column("project_ids").to_pylist())
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(FORMATS["gpkg"].write(poisoned, view, full=False))
        found = {row[0] for row in database.execute("SELECT project_ids FROM kommuner")}
        titles = {row[0] for row in database.execute("SELECT title FROM sources")}
        styles = database.execute("SELECT styleQML FROM layer_styles").fetchall()
        rules = database.execute("SELECT styleSLD FROM layer_styles").fetchall()
    read = [fromstring(text) for (text,) in styles + rules]
    legend = [one.get("label", one.text) for style in read for one in style.iter()]
    assert any(text and text.startswith(shortened(name)) for text in legend)
    assert name in found
    assert any(hostile.RAN in title for title in titles)


# -- what is taken into a briefing -----------------------------------------------------------------


def test_a_picture_in_svg_holds_no_script_and_leads_nowhere(poisoned, view):
    content = picture.svg(poisoned, view)
    # Every text of the package is there, in what the picture says of itself and in comments.
    assert hostile.RAN.encode() in content
    _harmless_xml(content)


def _harmless_xml(content: bytes) -> None:
    for element in fromstring(content).iter():
        tag = str(element.tag).rpartition("}")[2]
        assert tag not in {"script", "foreignObject", "iframe", "image", "a"}, tag
        for name, value in element.attrib.items():
            assert not HANDLER.fullmatch(name), name
            assert name.rpartition("}")[2] != "href" or value.startswith("#"), value


def test_a_slide_opens_and_leads_nowhere(poisoned, view):
    content = brief_files.KINDS["pptx"].make(poisoned, view, picture.NO_WORDS)
    shapes = Presentation(io.BytesIO(content)).slides[0].shapes
    assert any(hostile.RAN in shape.text_frame.text for shape in shapes if shape.has_text_frame)
    _sound_parts(content)


def _sound_parts(content: bytes) -> None:
    """Read every part of an office file; no relation leads out of it but to the web."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert "vba" not in name.lower()
            if name.endswith((".xml", ".rels")):
                for element in fromstring(parts.read(name)).iter():
                    assert element.get("TargetMode") != "External", element.attrib


def test_a_fact_sheet_runs_nothing_and_its_links_lead_to_the_web(poisoned, view):
    reader = PdfReader(io.BytesIO(factsheet.pdf(poisoned, view)))
    assert hostile.RAN in "".join(page.extract_text() for page in reader.pages)
    actions = [one for one in _objects(reader.trailer, set()) if "/S" in one and "/Type" not in one]
    kinds = {one["/S"] for one in actions if one["/S"] in _ACTIONS}
    assert kinds <= {"/URI", "/GoTo"}
    assert all(str(one["/URI"]).startswith("http") for one in actions if "/URI" in one)
    for one in _objects(reader.trailer, set()):
        assert not {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles"} & one.keys()


_ACTIONS = {"/URI", "/GoTo", "/GoToR", "/Launch", "/JavaScript", "/SubmitForm", "/ImportData"}


def _objects(thing, seen):
    """Yield every dictionary of a PDF, each once."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in seen:
            return
        seen.add(thing.idnum)
        thing = thing.get_object()
    if isinstance(thing, DictionaryObject):
        yield thing
        for key in thing:
            yield from _objects(thing.raw_get(key), seen)
    elif isinstance(thing, ArrayObject):
        for place in range(len(thing)):
            yield from _objects(list.__getitem__(thing, place), seen)


def test_a_fact_sheet_keeps_every_letter_on_the_paper(poisoned, view):
    reader = PdfReader(io.BytesIO(factsheet.pdf(poisoned, view)))
    assert len(reader.pages) <= 6
    for page in reader.pages:
        wide, ends = float(page.mediabox.width), []

        def place(text, _transform, matrix, _font, size, ends=ends):
            longest = max(map(len, text.split("\n")), default=0)
            ends.append(matrix[4] + 0.2 * longest * size if text.strip() else 0)

        page.extract_text(visitor_text=place)
        assert max(ends) < wide


@pytest.mark.parametrize("letter", ["\ue000", "\U0010fffd", "漢", "🙂", "\u0301", "\u200e"])
def test_a_letter_that_the_standards_refuse_does_not_cost_the_fact_sheet(dataset, letter):
    words = picture.Words(title=f"Hage {letter}", note=letter)
    assert factsheet.pdf(dataset, dataset.choices.view(project=("voss",)), words).startswith(
        b"%PDF"
    )


def test_a_picture_has_no_letter_outside_its_panel(poisoned, view):
    drawn = picture._draw(poisoned, view, SIZES["slide"], picture.NO_WORDS)
    panel = SIZES["slide"].panel * drawn.bbox.width
    for text in drawn.texts:
        box = text.get_window_extent()
        assert box.x1 <= (panel if box.y0 > 0.12 * drawn.bbox.height else drawn.bbox.width)
        assert box.x0 >= 0


# -- the API ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA_DIR", folder)
        api_routes._app.cache_clear()
        app = Starlette(routes=api_routes.routes(), middleware=[Middleware(SecurityHeaders)])
        with TestClient(app) as found:
            yield found
        api_routes._app.cache_clear()
        reload._reloaders.pop(folder, None)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_every_answer_of_the_api_is_of_its_type_and_no_other(client, resource):
    for form in resource.formats:
        answer = client.get(f"{links.API}/{resource.name}?format={form}")
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in answer.headers["content-type"]
        if form == "csv":
            assert _formulas(_cells(answer.text)) == []
        else:
            assert answer.headers["content-type"].startswith("application/")
            answer.json()


def test_the_page_of_the_api_and_its_description_hold_no_script(client):
    page = client.get(f"{links.API}/")
    assert Markup(page.text).dangerous() == []
    assert client.get(f"{links.API}/openapi.json").json()["openapi"]


# -- the public edition ----------------------------------------------------------------------------


class Markup(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def dangerous(self) -> list[tuple[str, dict[str, str]]]:
        """Return what runs, sends or fetches something, but for files of the site itself."""
        return [(tag, found) for tag, found in self.found if _runs(tag, found)]


def _runs(tag: str, attributes: dict[str, str]) -> bool:
    if tag in {"iframe", "object", "embed", "base", "foreignobject", "animate", "set"}:
        return True
    source = attributes.get("src", "")
    if tag == "script" and attributes == {"type": "application/ld+json"}:
        return False  # data; that they cannot end the element: tests/exports/test_catalogue.py
    if tag == "script":
        return not re.fullmatch(r"(\.\./)*files/[0-9a-f]{10}/(first|map)\.js", source)
    links = (
        attributes.get(name, "") for name in ("href", "xlink:href", "src", "action", "formaction")
    )
    foreign = tag != "a" and ("//" in source or "//" in attributes.get("href", ""))
    led = any(re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE) for link in links)
    return led or foreign or any(HANDLER.fullmatch(name) for name in attributes)


@pytest.fixture(scope="module")
def edition(poisoned):
    served = poisoned.package["coverage"]["kommunenr"]
    return published.built(published.shorter(poisoned, served))


def test_no_page_of_the_public_edition_runs_anything_of_the_package(edition):
    pages = {name: text.decode() for name, text in edition.items() if name.endswith(".html")}
    assert sum(hostile.RAN in text for text in pages.values()) > 50
    fronts = {"index.html", *(f"{code}/index.html" for code in LANGUAGES if code != DEFAULT)}
    for name, text in pages.items():
        markup = Markup(text)
        assert markup.dangerous() == [], name
        scripts = sum(tag == "script" and "src" in found for tag, found in markup.found)
        assert scripts == (name in fronts), name


def test_what_the_public_edition_fetches_and_offers_is_sound(edition):
    for name, content in edition.items():
        if name.endswith(".json"):
            json.loads(content)
        elif name.endswith((".xml", ".svg")):
            fromstring(content)


# -- on the page -----------------------------------------------------------------------------------


def test_what_the_map_is_sent_cannot_end_its_script_and_is_short(poisoned, view):
    sent = webmap.payload(poisoned, view)
    assert not re.search(r"[<>&\u2028\u2029]|\{\{", sent)
    name = poisoned.project(view.project[0])["name"]
    assert json.loads(sent)["title"].startswith(shortened(name))
    assert len(json.loads(sent)["title"]) < 300


def test_the_code_to_embed_a_view_is_one_element(poisoned, view):
    found = Markup(
        citations.embed(poisoned, view, f'https://example.org/?a="><script>{hostile.RAN}')
    )
    assert [tag for tag, _ in found.found] == ["iframe"]
    assert set(found.found[0][1]) == {"src", "title", "width", "height", "frameborder", "loading"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- a", r"\- a"), ("1. a", r"1\. a"), ("12) a", r"12\) a"), ("+ a", r"\+ a"),
        ("=\nb", r"\= b"), ("    a", "a"), ("\ta\n\n# b", r"a \# b"), ("&lt;b&gt;", r"\&lt;b\&gt;"),
        (":red[a] kl. 8: b", r"\:red\[a\] kl. 8: b"), ("www.a.no a@b.no", r"www\.a.no a\@b.no"),
        ("5 000", "5 000"), ("2015-2017", "2015-2017"),
    ],
)  # fmt: skip
def test_text_of_others_shows_as_it_is_in_markdown(text, shown):
    assert plain(text) == shown


def test_only_an_address_of_the_web_becomes_a_link():
    assert linked("javascript:alert(1)") == r"javascript\:alert(1)"
    assert linked("https://a.no/x)![](http://b.no/c.png)").endswith(
        "(https://a.no/x%29!%5B%5D%28http://b.no/c.png%29)"
    )
    shown = r"[https\://a.no/å?b=c\&d=%20](https://a.no/%C3%A5?b=c&d=%20)"
    assert linked("https://a.no/å?b=c&d=%20") == shown


def test_a_name_is_cut_to_a_line_and_letters_from_the_right_turn_nothing_round():
    assert shortened("Hage\r\n\tVoss") == "Hage Voss"
    assert shortened("x" * 10_000) == "x" * 119 + "…"
    assert shortened("Ørland") == "Ørland"
    assert shortened(hostile.HEBREW) == f"\u200e{hostile.HEBREW}\u200e"


# -- what is refused -------------------------------------------------------------------------------

CONTROL = ["\x01", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe"]
TURNING = ["\u202a", "\u202e", "\u2066", "\u2069"]


@pytest.fixture
def issues_of(tmp_path):
    """Change a text in a copy of the example; return what validation says."""

    def change(file, old, new):
        for path in EXAMPLE.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
        return validate(tmp_path)

    return change


@pytest.mark.parametrize("sign", CONTROL + TURNING, ids=lambda sign: f"U+{ord(sign):04X}")
def test_control_characters_and_overrides_are_refused_with_their_place(issues_of, sign):
    issues = issues_of("sources.csv", "Ingenting her", f"Inge{sign}nting her")
    assert [(one.file, one.row, one.column) for one in issues] == [("sources.csv", 2, "says_nb")]
    assert f"(U+{ord(sign):04X})" in issues[0].message
    assert "character 5" in issues[0].message
    assert sign not in str(issues[0])


def test_a_file_with_zero_bytes_is_refused(issues_of):
    issues = issues_of("sources.csv", "Ingenting her", "Inge\x00nting her")
    assert {one.file for one in issues} == {"sources.csv"}


@pytest.mark.parametrize("sign", ["\x01", "\u202e"])
def test_the_descriptor_and_the_headings_are_read_as_strictly(issues_of, sign):
    escaped = json.dumps(sign)[1:-1]
    issues = issues_of("datapackage.json", '"title": "CC0 1.0"', f'"title": "CC0 {escaped}1.0"')
    places = [(one.file, one.column) for one in issues]
    assert places == [("datapackage.json", "licenses.0.title")]
    issues = issues_of("hubs.csv", "note_nb", f"note{sign}_nb")
    assert ("hubs.csv", 1, "note_nb") in {(one.file, one.row, one.column) for one in issues}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html;x", "//a.no", "https://a.no/ b", "http://<b>"],
)
def test_an_address_that_is_not_of_the_web_is_refused(issues_of, address):
    issues = issues_of("sources.csv", ",2026-11-24,,,,", f",2026-11-24,,,{address},")
    assert [(one.file, one.row, one.column) for one in issues] == [("sources.csv", 2, "url")]
    assert "is not a web address" in issues[0].message
    [issue] = issues_of("datapackage.json", "https://creativecommons", "javascript://x")
    assert (issue.file, issue.column) == ("datapackage.json", "licenses")


@pytest.mark.parametrize(
    ("key", "value"),
    [("version", "../../1"), ("version", "1<b>"), ("version", ""), ("name", "A b")],
)
def test_a_version_and_a_name_can_stand_in_a_path(issues_of, key, value):
    before = {"version": '"1.0.0"', "name": '"nummer-2024"'}[key]
    [issue] = issues_of("datapackage.json", f'"{key}": {before}', f'"{key}": {json.dumps(value)}')
    assert (issue.file, issue.column) == ("datapackage.json", key)
    assert "for example" in issue.message


def test_a_text_without_end_is_refused_with_its_length(issues_of):
    assert issues_of("sources.csv", "Ingenting", "x" * (LONGEST - 40)) == []
    [issue] = issues_of("sources.csv", "Ingenting", "x" * (LONGEST + 1))
    assert (issue.file, issue.row, issue.column) == ("sources.csv", 2, "says_nb")
    assert len(str(issue)) < 300


def test_a_line_that_only_some_programs_end_does_not_move_the_rows(issues_of):
    """A next-line sign is refused where it stands, and does not break its row in two."""
    issues = issues_of("hubs.csv", "Nav Vest", "Nav\x1cVest")
    assert [(one.file, one.row, one.column) for one in issues] == [("hubs.csv", 3, "name")]


def test_a_dropped_package_is_read_as_strictly(folder):
    def drop(**changed):
        contents = {path.name: path.read_bytes() for path in EXAMPLE.iterdir()} | changed
        return opened([Dropped(name, content) for name, content in contents.items()], "en")

    sources = (EXAMPLE / "sources.csv").read_bytes()
    turned = drop(**{"sources.csv": sources.replace(b"Ingenting", "Ing\u202eenting".encode())})
    assert turned.dataset is None
    assert "direction of writing" in turned.issues[0].message
    hostile_one = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert drop(**hostile_one).issues == ()
