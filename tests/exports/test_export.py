"""Every file is read back by a program that did not write it."""

import csv
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import defusedxml.ElementTree
import geopandas as gpd
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo import columns as c
from geo.coverage import dataset as datasets
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.exports import rows
from geo.exports.cell_text import defused
from geo.exports.formats import FORMATS
from geo.report import tables
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from tests import patience

VIEWS = [
    View(),
    View(project=("kraftsenter-st",), lang="en"),
    View(project=("kraftsenter-st",), year=2020),
    View(year=2024, evidence=c.DOCUMENTED),
    View(fylke=("16",)),
]
EMPTY = View(project=("voss",), hub=("roros",))
NAMES = [column.name for column in rows.COLUMNS]
COVERED = (c.WHOLE, c.PARTLY)
HOSTILE = ("=1+1", "Čáhci đŋŧž", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1")


@cache
def written(dataset, view, code, *, full=False):
    return FORMATS[code].write(dataset, view, full=full)


# -- read back: each returns the rows as dicts by column name, numbers as numbers ----------------


def read_csv(content, _view):
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    return [dict(zip(NAMES, row, strict=True)) for row in found[1:] if len(row) == len(NAMES)]


def read_plain(content, _view):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def read_xlsx(content, _view):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    lines = [row for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True) if row[0]]
    return [dict(zip(NAMES, row, strict=True)) for row in lines]


HEAD = 7  # the row of the workbook that holds the headings


def read_geojson(content, _view):
    return [feature["properties"] for feature in json.loads(content)["features"]]


def layer(content, name="kommuner"):
    """A layer of a GeoPackage, read by GDAL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kommuner.gpkg"
        path.write_bytes(content)
        return pyogrio.read_dataframe(path, layer=name)


def read_gpkg(content, _view):
    return layer(content).to_dict("records")


def flat(content):
    """FlatGeobuf, read by GDAL."""
    return pyogrio.read_dataframe(io.BytesIO(content))


def read_fgb(content, _view):
    return flat(content).to_dict("records")


def read_parquet(content, _view):
    return gpd.read_parquet(io.BytesIO(content)).to_dict("records")


READERS = {
    "csv": read_csv,
    "csv_plain": read_plain,
    "xlsx": read_xlsx,
    "geojson": read_geojson,
    "gpkg": read_gpkg,
    "fgb": read_fgb,
    "parquet": read_parquet,
}


def number(value):
    return float(value.replace(",", ".")) if isinstance(value, str) else float(value)


def read(dataset, view, code, *, full=False):
    return READERS[code](written(dataset, view, code, full=full), view)


# -- all formats ----------------------------------------------------------------------------------


def test_every_format_is_read_back():
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("code", FORMATS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_file_adds_up_to_the_dashboards_sums(dataset, view, code):
    totals = coverage(dataset, view).totals
    for full in (False, True):
        covered = [r for r in read(dataset, view, code, full=full) if r["state_code"] in COVERED]
        assert len(covered) == totals.kommuner
        people = sum(number(row[c.POPULATION_COVERED]) for row in covered)
        assert people == totals.population_covered.value
        levels = [row["evidence_code"] for row in covered]
        assert {level: levels.count(level) for level in c.EVIDENCE_LEVELS} == totals.by_evidence


@pytest.mark.parametrize("code", FORMATS)
@pytest.mark.parametrize("view", VIEWS)
def test_what_is_shown_is_what_is_downloaded(dataset, view, code):
    heading = tables.headings(dataset, view.lang)[c.KOMMUNENR]
    shown = list(tables.page_rows(dataset, view)[heading])
    assert [row[c.KOMMUNENR] for row in read(dataset, view, code)] == shown
    everything = [row[c.KOMMUNENR] for row in read(dataset, view, code, full=True)]
    assert len(everything) == rows.count(dataset, view)
    assert set(dataset.register.kommuner(view.year).index) <= set(everything)


def test_the_uncovered_are_in_the_file_when_the_page_lists_them(dataset):
    states = [row["state_code"] for row in read(dataset, View(uncovered=True), "csv")]
    assert c.NOT_COVERED in states
    assert c.NOT_COVERED not in [row["state_code"] for row in read(dataset, View(), "csv")]


@pytest.mark.parametrize("code", FORMATS)
def test_kommune_numbers_keep_their_zeros_and_names_their_letters(dataset, code):
    found = {row[c.KOMMUNENR]: row[c.LABEL] for row in read(dataset, View(), code, full=True)}
    assert found["0301"] == "Oslo"
    assert found["0101"] == "Halden"
    assert found["1504"] == "Ålesund"
    assert found["1640"] == "Røros"
    official = {row[c.KOMMUNENR]: row[c.NAME] for row in read(dataset, View(), code, full=True)}
    assert official["2021"] == "Kárášjohka - Karasjok"


@pytest.mark.dates
@pytest.mark.parametrize("code", FORMATS)
def test_the_same_view_is_the_same_file(dataset, code):
    once, again = (FORMATS[code].write(dataset, View(), full=False) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("code", FORMATS)
def test_a_view_without_rows_gives_a_file_that_can_be_read(dataset, code):
    assert read(dataset, EMPTY, code) == []


def test_a_file_without_rows_says_why(dataset):
    reason = messages("nb")("export.nothing", year=2015)
    assert reason in written(dataset, EMPTY, "csv").decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(written(dataset, EMPTY, "xlsx"))).worksheets[0]
    assert sheet["A2"].value == reason
    assert json.loads(written(dataset, EMPTY, "geojson"))["about"]["rows"] == reason
    table = layer(written(dataset, EMPTY, "gpkg"), "about")
    assert reason in set(table["text"])
    assert reason in flat_about(written(dataset, EMPTY, "fgb"))["rows"]
    assert reason in parquet_about(written(dataset, EMPTY, "parquet"))["rows"]


@pytest.mark.parametrize("code", FORMATS)
def test_a_name_says_what_the_file_holds(dataset, code):
    one = FORMATS[code]
    names = {one.filename(dataset, View(project=("voss",)), full=full) for full in (False, True)}
    assert len(names) == 2
    for name in names:
        assert name.startswith(f"{dataset.package.created}_voss_struktur-2015_")
        assert name.endswith(f".{one.extension}")


def test_no_two_files_have_the_same_name(dataset):
    names = [
        f.filename(dataset, View(), full=full) for f in FORMATS.values() for full in (False, True)
    ]
    assert len(set(names)) == len(names)


# -- CSV ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_norwegian_excel_finds_its_commas_in_every_language(dataset, language):
    content = written(dataset, View(lang=language), "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    row = next(r for r in read_csv(content, None) if r[c.KOMMUNENR] == "0432")
    assert row[c.GRANT_PER_INHABITANT_YEAR] == "20,9319"


def test_plain_csv_follows_rfc_4180(dataset):
    content = written(dataset, View(), "csv_plain")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.split(b"\r\n")[0].decode().split(",") == NAMES
    row = next(r for r in read_plain(content, None) if r[c.KOMMUNENR] == "0432")
    assert row[c.GRANT_PER_INHABITANT_YEAR] == "20.9319"


def test_plain_csv_leaves_missing_figures_empty_and_says_why(dataset):
    row = next(
        r for r in read(dataset, View(uncovered=True), "csv_plain") if r[tables.SYMBOL] == "-"
    )
    assert row[c.POPULATION_COVERED] == ""
    assert row["state_code"] == c.NOT_COVERED


# -- formulas -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The shipped programme with hub names that a spreadsheet would run."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", folder)
    path = folder / "hubs.csv"
    found = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for row, name in zip(found, HOSTILE, strict=False):
        row["name"] = name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)
    return datasets.load(folder)


@pytest.mark.parametrize("code", ["csv", "csv_plain"])
def test_no_cell_of_a_csv_file_runs(hostile, code):
    cells = [
        str(cell) for row in read(hostile, View(), code, full=True) for cell in row.values() if cell
    ]
    assert any(cell.startswith("'=1+1") for cell in cells)
    assert any("Čáhci đŋŧž" in cell for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n＝" and cell != "-"]


def test_no_cell_of_a_workbook_is_a_formula(hostile):
    content = written(hostile, View(), "xlsx", full=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
    hubs = {row[c.HUB_IDS] for row in read_xlsx(content, None)}
    assert any(cell and cell.startswith("=1+1") for cell in hubs)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_a_sign_that_stands_alone_is_not_defused():
    assert defused("-") == "-"
    assert defused("--") == "'--"
    assert defused("Å") == "Å"


# -- the workbook ---------------------------------------------------------------------------------


def sheets(dataset, view, *, full=False):
    return openpyxl.load_workbook(io.BytesIO(written(dataset, view, "xlsx", full=full)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_explains_itself(dataset, language):
    book = sheets(dataset, View(lang=language), full=True)
    t = messages(language)
    wanted = [t(f"export.sheet_{name}") for name in ("data", "definitions", "symbols", "sources")]
    assert book.sheetnames == wanted
    assert book.worksheets[0]["A1"].value.endswith("2015")
    assert all(len(sheet.tables) == 1 for sheet in book)
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_a_workbook_has_real_numbers_and_a_frozen_heading(dataset):
    sheet = sheets(dataset, View()).worksheets[0]
    assert sheet.freeze_panes == f"C{HEAD + 1}"  # number and name stay in sight
    row = {
        cell.value: value
        for cell, value in zip(
            sheet[HEAD], next(r for r in sheet.values if r[0] == "0432"), strict=True
        )
    }
    assert row["Kommunenummer"] == "0432"
    assert row["Innbyggere"] == dataset.register.population(2015)["0432"]
    assert row["Kroner per innbygger og år"] == pytest.approx(20.9319)


def test_every_column_is_defined_with_its_unit(dataset):
    lines = list(sheets(dataset, View()).worksheets[1].values)
    defined = {row[1]: row for row in lines if row[1]}
    assert set(NAMES) <= set(defined)
    assert defined[c.AREA_KM2][3] == "km²"
    assert all(all(cell for cell in defined[name]) for name in NAMES)


def test_the_symbols_of_empty_cells_are_statistics_norways(dataset):
    lines = {row[1]: row[0] for row in sheets(dataset, View()).worksheets[2].values}
    assert lines[c.DID_NOT_EXIST] == "."
    assert lines[c.NO_SOURCE] == lines[c.PARTLY_UNKNOWN] == ".."
    assert lines[c.NOT_COVERED] == "-"
    empty = [r for r in read(dataset, View(), "xlsx", full=True) if r["state_code"] == c.NO_SOURCE]
    assert {row[c.POPULATION_COVERED] for row in empty} == {".."}


@pytest.mark.parametrize("view", VIEWS)
def test_every_source_of_a_row_is_on_the_sheet_of_sources(dataset, view):
    book = sheets(dataset, view)
    listed = {row[0]: row for row in book.worksheets[3].values}
    for row in read(dataset, view, "xlsx"):
        for source in (row[c.SOURCE_IDS] or "").split("|"):
            assert not source or all(listed[source][:3])
    assert "07459" in "".join(str(row[1]) for row in listed.values())


def test_an_empty_cell_is_blank_and_no_empty_text(dataset):
    """ISBLANK in Excel is true of a cell that is not there, and false of an empty text."""
    content = written(dataset, View(uncovered=True), "xlsx", full=True)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = defusedxml.ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
    assert [text for text in texts.itertext() if not text] == []
    assert all("".join(one.itertext()) for one in texts)
    row = next(r for r in read(dataset, View(), "xlsx") if r[c.KOMMUNENR] == "0432")
    assert row[c.UNCOVERED_PREDECESSORS] is None


@pytest.mark.parametrize("view", [VIEWS[1], EMPTY])
def test_libreoffice_opens_the_workbook(dataset, view, tmp_path):
    office = shutil.which("localc")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt install libreoffice-calc")
    (tmp_path / "book.xlsx").write_bytes(written(dataset, view, "xlsx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")],
        check=True,
        timeout=patience.SECONDS,
    )
    lines = list(csv.reader((tmp_path / "book.csv").read_text(encoding="utf-8").splitlines()))
    numbers = [line[0] for line in lines[HEAD:] if line[0]]
    assert numbers == [row[c.KOMMUNENR] for row in read(dataset, view, "csv")]


# -- shapes ---------------------------------------------------------------------------------------


def frames(dataset, view, *, full=True):
    return {
        "geojson": gpd.read_file(io.BytesIO(written(dataset, view, "geojson", full=full))),
        "gpkg": layer(written(dataset, view, "gpkg", full=full)),
        "fgb": flat(written(dataset, view, "fgb", full=full)),
        "parquet": gpd.read_parquet(io.BytesIO(written(dataset, view, "parquet", full=full))),
    }


def flat_about(content):
    return json.loads(pyogrio.read_info(io.BytesIO(content))["layer_metadata"]["DESCRIPTION"])


def parquet_about(content):
    return json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"about"])


@pytest.mark.parametrize("year", [2015, 2024])
def test_a_shared_shape_says_so_in_every_row_that_it_stands_for(dataset, year):
    drawn = dataset.boundaries(year)
    for frame in frames(dataset, View(year=year)).values():
        found = frame.set_index(c.KOMMUNENR)
        assert found.index.is_unique
        for members in drawn.shared.values():
            for nr in members:
                row = found.loc[nr]
                assert bool(row[c.SHAPE_SHARED])
                assert set(row[rows.SHARED_WITH].split("|")) == set(drawn.drawn_with(nr))
        alone = found[~found[c.SHAPE_SHARED].astype(bool)]
        assert (alone[rows.SHARED_WITH].fillna("") == "").all()
        assert alone[c.SHAPE_ID].is_unique or (alone["state_code"] == c.DID_NOT_EXIST).any()


def test_all_geo_files_hold_the_same_valid_shapes(dataset):
    found = frames(dataset, View())
    for frame in found.values():
        here = frame[frame.geometry.notna()]
        assert here.geometry.is_valid.all()
        assert len(here) == len(dataset.register.kommuner(2015))
    assert found["gpkg"].crs == "EPSG:25833"
    areas = {code: frame.to_crs("EPSG:25833").area.sum() for code, frame in found.items()}
    assert areas["gpkg"] == pytest.approx(areas["parquet"], rel=1e-9)
    assert areas["fgb"] == pytest.approx(areas["parquet"], rel=1e-9)
    assert areas["gpkg"] == pytest.approx(areas["geojson"], rel=1e-4)


def test_a_kommune_that_is_gone_has_a_row_without_a_shape(dataset):
    view = View(project=("kraftsenter-st",), year=2020)
    gone = set(coverage(dataset, view).gone.index)
    assert gone
    for frame in frames(dataset, view, full=False).values():
        assert set(frame.loc[frame.geometry.isna(), c.KOMMUNENR]) == gone


def test_geojson_follows_rfc_7946(dataset):
    content = json.loads(written(dataset, View(), "geojson", full=True))
    assert "crs" not in content
    assert {feature["id"] for feature in content["features"]} >= {"0301", "0101"}
    for feature in content["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        polygons = getattr(shape, "geoms", [shape])
        assert all(one.exterior.is_ccw for one in polygons)
        assert not any(ring.is_ccw for one in polygons for ring in one.interiors)
        west, south, east, north = shape.bounds
        assert -10 < west < east < 35
        assert 55 < south < north < 85


def test_geo_files_name_owner_licence_year_and_version(dataset, tmp_path):
    view = View(year=2020)
    path = tmp_path / "kommuner.gpkg"
    path.write_bytes(written(dataset, view, "gpkg"))
    said = [
        json.loads(written(dataset, view, "geojson"))["about"],
        pyogrio.read_info(path, layer="kommuner")["layer_metadata"],
        flat_about(written(dataset, view, "fgb")),
        parquet_about(written(dataset, view, "parquet")),
    ]
    for about in said:
        assert "© Kartverket, CC BY 4.0" in about["attribution"]
        assert "CC BY 4.0" in about["licence"]
        assert about["structure_year"] == "2020"
        assert about["data_version"] == dataset.data_version
        assert "Kilde" in about["source"]


def test_ogrinfo_opens_the_geopackage(dataset, tmp_path):
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        pytest.skip("ogrinfo is not installed: apt install gdal-bin")
    path = tmp_path / "kommuner.gpkg"
    path.write_bytes(written(dataset, View(), "gpkg", full=True))
    done = subprocess.run(
        [ogrinfo, "-so", "-al", str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=patience.SECONDS,
    )
    assert done.stderr == ""
    assert "Feature Count: 428" in done.stdout
    assert 'ID["EPSG",25833]' in done.stdout
    assert "© Kartverket" in done.stdout
    for layer in ("kommuner", "shapes", "hubs", "about", "definitions", "sources"):
        assert f"Layer name: {layer}" in done.stdout


# -- on the map page ------------------------------------------------------------------------------


def test_the_page_offers_both_scopes_in_every_format_and_keeps_it_out_of_the_address():
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    at.query_params.update({"project": "voss", "drawer": "table"})
    at.run()
    labels = [button.proto.label for button in at.get("download_button")]
    assert labels == ["Last ned det som vises (2 rader)", "Last ned alt (428 rader)"]
    assert at.selectbox(key="format").options == [one.label("nb") for one in FORMATS.values()]
    for code in FORMATS:
        at.selectbox(key="format").set_value(code).run()
        assert not at.exception
        assert set(at.query_params) == {"project", "drawer"}


def test_the_count_on_the_button_is_the_number_of_rows(dataset):
    for view in VIEWS:
        assert rows.count(dataset, view) == len(tables.export_rows(dataset, view, full=True))


@pytest.mark.parametrize("code", sorted(READERS))
def test_every_format_says_which_years_the_sources_speak_of(dataset, code):
    view = View(project=("kraftsenter-st",))
    found = READERS[code](written(dataset, view, code), view)
    stated = {row[c.KOMMUNENR]: row[c.STATED_YEARS] for row in found}
    assert stated["0432"] == "2014 plan|2015 count|2020"
    assert stated["1617"] == "2015"
    assert stated["1612"] in ("", None)
