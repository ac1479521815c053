"""Other people's maps: in the right place, of the right size, whole, and with their own credit."""

import io
import json
import shutil
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pyarrow import parquet as pq

from geo import settings
from geo.__main__ import main
from geo.brief import picture
from geo.coverage import dataset as datasets
from geo.coverage.view import View
from geo.dataset import package
from geo.errors import BoundaryRefused
from geo.exports.about import about
from geo.places import boundaries
from geo.places.boundary_files import (
    boundary_fit,
    boundary_folder,
    boundary_import,
    boundary_reading,
    map_formats,
)
from geo.places.boundary_files.boundary_reading import Credit
from geo.places.register import Register
from geo.publish import numbers_page
from geo.report import titles
from geo.settings import CRS_DEGREES, CRS_METRES, ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.versions import doctor
from geo.webmap import webmap
from tests import countries, official_maps

REGISTER = Register(package.load(ROOT / "data"))
NB, EN = messages("nb"), messages("en")
MAPS = [
    "kommuner-2017.geojson",
    "readymaps-2017.geojson",
    "readymaps-2018.geojson",
    "readymaps-2019.geojson",
    "readymaps-2021.geojson",
    "kartverket-2024-s.geojson",
]
OWNED = ["--attribution", "© Ola Nordmann", "--licence", "CC0 1.0", "--source", "Kartforlaget"]


@pytest.fixture(scope="module")
def of_2015():
    return countries.of(REGISTER, 2015)


@pytest.fixture(scope="module")
def of_2020():
    return countries.of(REGISTER, 2020)


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    kept = shutil.ignore_patterns("examples", "fetched", "editions")
    folder = shutil.copytree(ROOT / "data", tmp_path / "data", ignore=kept)
    monkeypatch.setattr(settings, "DATA_DIR", folder)
    return folder


def accept(country, name="kart.geojson"):
    return boundary_import.accept(country, name, REGISTER)


def notes_of(imported):
    return [note.text(EN) for note in imported.notes]


def run(*arguments):
    return main(["boundaries", *map(str, arguments)])


# -- in the right place ---------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2013, 2015, 2017, 2018, 2019, 2020, 2024])
def test_norway_as_it_is_fits_without_a_word(year):
    found = accept(countries.of(REGISTER, year))
    assert year in found.years
    assert not found.notes


@pytest.mark.parametrize("file", MAPS)
def test_every_real_map_fits_without_a_doubt_and_soon(real_boundaries, file):
    started = time.process_time()
    found = boundary_import.read(real_boundaries / file, REGISTER)
    assert time.process_time() - started < 30
    fit = boundary_fit.fit(found.shapes, REGISTER, found.years[0])
    assert fit == boundary_fit.Fit()


WRONG = {
    "two numbers exchanged": (
        lambda c: countries.swapped(c, "0301", "1103"),
        "2 kommuner.*1103 Stavanger.*land of Oslo.*0301 Oslo.*land of Stavanger",
    ),
    "two neighbours exchanged": (
        lambda c: countries.swapped(c, "3024", "3025"),
        "3025 Asker.*land of Bærum.*3024 Bærum.*land of Asker",
    ),
    "10 degrees east": (lambda c: countries.moved(c, 10), r"536\.\d km east"),
    "one degree east": (lambda c: countries.moved(c, 1), r"53\.\d km east"),
    "one zone off": (lambda c: countries.as_if_in(c, "EPSG:25832"), r"\d+ km west"),
    "three zones off": (lambda c: countries.as_if_in(c, "EPSG:32630"), "km west|not lie in Norway"),
    "3 km east": (lambda c: c.set_geometry(c.translate(3000, 0)), r"3\.0 km east"),
    "shrunk to 1 %": (lambda c: countries.scaled(c, 0.1), "cover 3,2.. km2"),
    "one shrunk to 1 %": (
        lambda c: countries.scaled(c, 0.1, ["0301"]),
        "0301 Oslo .5 km² drawn, 454 km² of land published",
    ),
    "islands blown up": (
        lambda c: countries.scaled(c, 4, ["1144", "1835", "1856", "4633"]),
        "1144 Kvitsøy|1835 Træna",
    ),
    "12 miles into the sea": (lambda c: countries.buffered(c, 22_224), "nothing is left of"),
    "a kilometre into the sea": (lambda c: countries.buffered(c, 1000), "4633 Fedje"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_right_is_refused_with_numbers_and_names(of_2020, case):
    change, why = WRONG[case]
    with pytest.raises(BoundaryRefused, match=why):
        accept(change(of_2020))


def test_exchanged_kommuner_are_told_where_the_embedded_map_has_one_shape_for_both(of_2015):
    """Hemne and Snillfjord would go unseen by their place; Sandefjord and Andebu too."""
    why = "0706 Sandefjord and 0719 Andebu .each has the size"
    with pytest.raises(BoundaryRefused, match=why):
        accept(countries.swapped(of_2015, "0706", "0719"))


def test_what_may_be_wrong_is_accepted_with_a_warning(of_2020):
    (doubt,) = notes_of(accept(countries.scaled(of_2020, 0.75, ["0301"])))
    assert doubt.startswith("look at 1 kommune, which may not be right: 0301 Oslo (2")
    moved = of_2020.set_geometry(of_2020.translate(400, 0))
    assert any("0.4 km east" in one for one in notes_of(accept(moved)))


def test_a_warning_is_told_by_import_list_and_doctor(data_dir, of_2020, tmp_path, capsys):
    path = tmp_path / "kart-2020.geojson"
    of_2020.set_geometry(of_2020.translate(400, 0)).to_file(path)
    assert run("import", path) == 0
    assert "0.4 km east" in capsys.readouterr().out
    run("list")
    assert "0.4 km east" in capsys.readouterr().out
    findings = doctor.examine(data_dir, datasets.load(data_dir), [])
    assert any("0.4 km east" in one.found.text(EN) for one in findings)
    assert any("0.4 km øst" in one.found.text(NB) for one in findings)


# -- the sea --------------------------------------------------------------------------------------


def test_borders_in_the_sea_are_clipped_by_import_as_by_fetch(tmp_path, real_boundaries):
    land = official_maps.kommuner(real_boundaries / "kartverket-2024-s.geojson", REGISTER)
    path = tmp_path / "kommuner-2024.gpkg"
    official_maps.with_sea(land).to_file(path)
    found = boundary_import.read(path, REGISTER)
    assert found.clipped
    assert any("coastline of the embedded set" in one for one in notes_of(found))
    assert found.shapes.area.sum() == pytest.approx(land.area.sum(), 0.005)


# -- rows that are no kommuner, or not whole ------------------------------------------------------


def saved(country, path):
    """Write features as somebody's program does, null shapes included."""
    path.write_text(country.to_crs(CRS_DEGREES).to_json(), encoding="utf-8")
    return path


def row(number, shape=None):
    return gpd.GeoDataFrame({"kommunenr": [number]}, geometry=[shape], crs=CRS_METRES)


def with_rows(country, *rows):
    return gpd.GeoDataFrame(pd.concat([country, *rows], ignore_index=True), crs=CRS_METRES)


def test_empty_rows_are_dropped_with_a_word(tmp_path, of_2020):
    path = saved(with_rows(of_2020, row(None), row("")), tmp_path / "kart.geojson")
    assert notes_of(boundary_import.read(path, REGISTER)) == ["2 empty rows were left out"]


def test_svalbard_and_jan_mayen_are_dropped_with_a_word(tmp_path, of_2020):
    svalbard = shapely.box(400_000, 8_600_000, 700_000, 8_900_000)
    jan_mayen = shapely.box(-780_000, 7_950_000, -760_000, 7_970_000)
    country = with_rows(of_2020, row("2111", svalbard), row("2211", jan_mayen))
    found = boundary_import.read(saved(country, tmp_path / "kart.geojson"), REGISTER)
    assert len(found.shapes) == 356
    assert notes_of(found)[0].endswith("2111, 2211")


def test_a_kommune_twice_once_empty_is_taken_once(tmp_path, of_2020):
    found = boundary_import.read(
        saved(with_rows(of_2020, row("0301")), tmp_path / "kart.geojson"), REGISTER
    )
    assert len(found.shapes) == 356
    text = "1 kommune stands twice, once without a shape, which was left out: 0301"
    assert notes_of(found) == [text]


def test_a_kommune_in_parts_is_united_with_a_word(of_2020):
    oslo = of_2020.set_index("kommunenr").geometry["0301"]
    west, south, east, north = oslo.bounds
    halves = [
        row("0301", shapely.clip_by_rect(oslo, *box))
        for box in (
            (west, south, (west + east) / 2, north),
            ((west + east) / 2, south, east, north),
        )
    ]
    found = accept(with_rows(of_2020[of_2020["kommunenr"] != "0301"], *halves))
    assert notes_of(found) == ["1 kommune came in several parts, which were united: 0301"]
    assert found.shapes.area["0301"] == pytest.approx(oslo.area, 1e-4)


@pytest.mark.parametrize("how", ["left out", "null"])
def test_small_islands_that_are_missing_are_filled_in_with_a_word(tmp_path, of_2020, how):
    small = ["1144", "1835", "1856", "4633", "1151", "1857", "1145"]
    country = of_2020[~of_2020["kommunenr"].isin(small)]
    if how == "null":
        country = with_rows(country, *map(row, small))
    found = boundary_import.read(saved(country, tmp_path / "kart.geojson"), REGISTER)
    assert found.filled == tuple(sorted(small))
    assert "7 small kommuner" in notes_of(found)[0]
    assert len(found.shapes) == 356
    assert shapely.coverage_is_valid(found.shapes.geometry.to_numpy())


def test_the_real_map_without_two_islands_is_filled_in(real_boundaries):
    found = boundary_import.read(real_boundaries / "readymaps-2017.geojson", REGISTER)
    assert found.filled == ("1144", "1835")
    assert found.years == (2017,)


@pytest.mark.parametrize(
    "missing", [["0301"], ["1144", "1835", "1856", "4633", "1151", "1857", "1145", "4632"]]
)
def test_what_is_large_or_many_is_not_filled_in(of_2020, missing):
    with pytest.raises(BoundaryRefused, match=f"Missing: {min(missing)}"):
        accept(of_2020[~of_2020["kommunenr"].isin(missing)])


def test_a_large_kommune_without_a_shape_is_named(tmp_path, of_2020):
    country = with_rows(of_2020[of_2020["kommunenr"] != "0301"], row("0301"))
    path = saved(country, tmp_path / "kart.geojson")
    with pytest.raises(BoundaryRefused, match=r"Missing: 0301 Oslo\. Without a shape: 0301"):
        boundary_import.read(path, REGISTER)


def test_a_shape_without_a_number_is_told_with_its_feature(of_2020):
    country = with_rows(of_2020, row(None, shapely.box(0, 6_700_000, 1000, 6_701_000)))
    with pytest.raises(BoundaryRefused, match="feature 357: a shape without a kommune number"):
        accept(country)


# -- how numbers and letters are written ----------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["K-{}", "K{}", "{} Navn på Ø", "{} - Navn", " {} ", "{}.0", "municip_nor{}"]
)
def test_numbers_are_read_as_programs_and_people_write_them(of_2020, written):
    texts = of_2020["kommunenr"].map(written.format)
    assert list(accept(of_2020.assign(kommunenr=texts)).shapes.index) == list(of_2020["kommunenr"])


@pytest.mark.parametrize("written", ["{}9", "x{}", "{}A", "Oslo"])
def test_what_is_no_number_is_told(of_2020, written):
    texts = of_2020["kommunenr"].map(written.format)
    with pytest.raises(BoundaryRefused, match=r"feature 1, kommunenr: .* is not a kommune number"):
        accept(of_2020.assign(kommunenr=texts))


def test_latin1_is_read(tmp_path, of_2020):
    path = tmp_path / "kart.geojson"
    country = of_2020.assign(navn="Sør-Ærøy på Å").to_crs(CRS_DEGREES)
    path.write_bytes(country.to_json(ensure_ascii=False).encode("latin-1"))
    assert len(boundary_import.read(path, REGISTER).shapes) == 356


def test_a_shapefile_in_latin1_is_read(tmp_path, of_2020):
    path = tmp_path / "kart.shp"
    of_2020.assign(navn="Sør-Ærøy på Å").to_file(path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    assert len(boundary_import.read(path, REGISTER).shapes) == 356


def test_the_number_field_can_be_named(tmp_path, of_2020):
    path = tmp_path / "kart.geojson"
    of_2020.rename(columns={"kommunenr": "KODE"}).to_file(path)
    with pytest.raises(BoundaryRefused, match=r"its fields: KODE.*--field"):
        boundary_import.read(path, REGISTER)
    assert len(boundary_import.read(path, REGISTER, field="kode").shapes) == 356
    with pytest.raises(BoundaryRefused, match='no field "nr"'):
        boundary_import.read(path, REGISTER, field="nr")


def test_several_county_files_are_one_map(tmp_path, of_2020):
    """In different formats and coordinate systems, too."""
    paths = []
    for place, (fylke, own) in enumerate(of_2020.groupby(of_2020["kommunenr"].str[:2])):
        paths.append(tmp_path / f"fylke-{fylke}.{('geojson', 'gpkg', 'shp')[place % 3]}")
        own.to_crs(("EPSG:4326", "EPSG:25833", "EPSG:25832")[place % 3]).to_file(paths[-1])
    assert len(boundary_import.read(paths, REGISTER).shapes) == 356
    with pytest.raises(BoundaryRefused, match=r"and others does not fit.*Missing"):
        boundary_import.read(paths[1:], REGISTER)


# -- only the formats we name ---------------------------------------------------------------------


def test_gdal_knows_no_other_formats_than_those_we_name():
    assert set(pyogrio.list_drivers()) == map_formats.OPENED


@pytest.fixture
def elsewhere():
    """A server that nobody should ask; what is asked of it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def vrt(path):
    source = f"<SrcDataSource>{path}</SrcDataSource>"
    return f"<OGRVRTDataSource><OGRVRTLayer name='secret'>{source}</OGRVRTLayer></OGRVRTDataSource>"


@pytest.mark.parametrize("suffix", ["geojson", "json", "gpkg", "shp", "parquet"])
@pytest.mark.parametrize("around", ["{}", '{{"type": "FeatureCollection", "a": "{}"}}', "{{}}{}"])
def test_a_description_of_another_file_is_not_followed(tmp_path, of_2020, suffix, around):
    secret = tmp_path / "secret.geojson"
    of_2020.to_file(secret)
    path = tmp_path / f"kart.{suffix}"
    path.write_text(around.format(vrt(secret)), encoding="utf-8")
    with pytest.raises(BoundaryRefused, match=r"kart\.\w+ (cannot be read|holds no shapes)") as no:
        boundary_import.read(path, REGISTER)
    assert str(tmp_path) not in str(no.value)


LINKS = [
    '{{"type": "link", "properties": {{"href": "{}/crs", "type": "ogcwkt"}}}}',
    '{{"type": "URL", "properties": {{"url": "{}/crs"}}}}',
    '{{"type": "\\u006cink", "properties": {{"href": "{}/crs"}}}}',
    '{{"type": "name", "properties": {{"name": "{}/crs"}}}}',
]


@pytest.mark.parametrize("crs", LINKS)
def test_a_coordinate_system_that_is_a_link_is_not_asked_for(tmp_path, of_2020, elsewhere, crs):
    url, asked = elsewhere
    feature = json.loads(of_2020.head(1).to_crs(CRS_DEGREES).to_json())["features"]
    path = tmp_path / "kart.geojson"
    path.write_text(
        f'{{"type": "FeatureCollection", "crs": {crs.format(url)}, '
        f'"features": {json.dumps(feature)}}}',
        encoding="utf-8",
    )
    with pytest.raises(BoundaryRefused):
        boundary_import.read(path, REGISTER)
    assert not asked


@pytest.mark.parametrize("prefix", ["/vsicurl/", "/vsicurl_streaming/", "/vsizip//vsicurl/", ""])
def test_an_address_in_place_of_a_file_is_not_asked_for(data_dir, elsewhere, prefix, capsys):
    url, asked = elsewhere
    assert run("import", f"{prefix}{url}/kart.geojson") == 1
    assert "there is no such file" in capsys.readouterr().err
    assert not asked
    assert not boundary_folder.files(data_dir / "boundaries")


def test_gml_that_points_elsewhere_is_not_followed(of_2020, elsewhere, tmp_path):
    url, asked = elsewhere
    linked = f'<gml:featureMember xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}/x"/>'
    content = official_maps.gml(
        of_2020.head(3).rename(columns={"kommunenr": "kommunenummer"}), after=linked
    )
    schema = f'xsi:schemaLocation="{url}/a {url}/schema.xsd" gml:id="c"'.encode()
    content = content.replace(
        b'gml:id="c"', b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' + schema, 1
    )
    options = {"DOWNLOAD_SCHEMA": "NO", "SKIP_RESOLVE_ELEMS": "ALL"}
    assert len(boundary_reading.opened(content, "kart.gml", **options)) == 3
    path = tmp_path / "kart.geojson"
    path.write_bytes(content)
    with pytest.raises(BoundaryRefused, match="it is not GeoJSON, whatever its name says"):
        boundary_import.read(path, REGISTER)
    assert not asked


def test_a_geopackage_with_a_table_elsewhere_is_not_followed(of_2020, elsewhere, tmp_path):
    url, asked = elsewhere
    secret, path = tmp_path / "secret.gpkg", tmp_path / "kart.gpkg"
    of_2020.to_file(secret)
    of_2020.head(1).to_file(path, layer="annet")
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA writable_schema = ON")
        for name, source in (("kart", secret), ("nett", f"/vsicurl/{url}/x.gpkg")):
            sql = f"CREATE VIRTUAL TABLE {name} USING VirtualOGR('{source}')"
            base.execute(
                "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) "
                "VALUES ('table', ?, ?, 0, ?)",
                (name, name, sql),
            )
            base.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
                "VALUES (?, 'features', ?, 25833)",
                (name, name),
            )
    with pytest.raises(BoundaryRefused):
        boundary_import.read(path, REGISTER)
    assert not asked


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".parquet"])
@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b"PAR1", b"\0" * 5000])
def test_rubbish_is_refused_in_a_sentence(tmp_path, suffix, content):
    path = tmp_path / f"kart{suffix}"
    path.write_bytes(content)
    with pytest.raises(BoundaryRefused, match="kart"):
        boundary_import.read(path, REGISTER)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path, monkeypatch, of_2020):
    path = tmp_path / "kart.geojson"
    of_2020.to_file(path)
    monkeypatch.setattr(boundary_reading, "MOST_BYTES", 1000)
    with pytest.raises(BoundaryRefused, match="larger than 0 MB"):
        boundary_import.read(path, REGISTER)


# -- whose map it is ------------------------------------------------------------------------------


@pytest.fixture
def path_2020(tmp_path, of_2020):
    path = tmp_path / "mitt-kart.geojson"
    of_2020.to_file(path)
    return path


def test_the_credit_is_kept_with_the_file_and_shown_wherever_the_map_is(data_dir, path_2020):
    assert run("import", path_2020, *OWNED) == 0
    kept = data_dir / "boundaries" / "kommuner-2020.parquet"
    assert b"Ola Nordmann" in pq.read_schema(kept).metadata[b"naeringshagekart"]
    dataset, view = datasets.load(data_dir), View(year=2020)
    line = "© Ola Nordmann, Kartforlaget (CC0 1.0)"
    assert line in titles.credit(dataset, view)  # briefs, fact sheets, slides, exports, the API
    assert json.loads(webmap.payload(dataset, view))["attribution"] == line
    assert "© Ola Nordmann, Kartforlaget, CC0 1.0" in about(dataset, view, full=False).attribution
    assert numbers_page.of_year(dataset, 2020)["attribution"] == dict.fromkeys(LANGUAGES, line)
    assert "Ola Nordmann" in picture._about(dataset, view)["Source"]


def test_a_map_of_unknown_source_says_so_and_does_not_name_kartverket(data_dir, path_2020, capsys):
    assert run("import", path_2020) == 0
    assert "whose borders these are is not stated" in capsys.readouterr().out
    dataset = datasets.load(data_dir)
    for language, text in (
        ("nb", "kilde ikke oppgitt (lisens ikke oppgitt)"),
        ("en", "source not stated (licence not stated)"),
    ):
        said = titles.credit(dataset, View(year=2020, lang=language))
        assert text in said
        assert "© Kartverket" not in said


def test_a_file_put_into_the_folder_by_hand_is_not_kartverkets(data_dir, path_2020):
    shutil.copyfile(path_2020, data_dir / "boundaries" / "kommuner-2020.geojson")
    drawn = boundaries.library(REGISTER, data_dir, (2020,)).by_year[2020]
    assert drawn.credit_line(EN) == "source not stated (licence not stated)"


def test_where_islands_are_the_embedded_sets_kartverket_is_named_too(data_dir, tmp_path, of_2020):
    path = tmp_path / "kart.geojson"
    of_2020[of_2020["kommunenr"] != "1144"].to_file(path)
    run("import", path, *OWNED)
    drawn = boundaries.library(REGISTER, data_dir, (2020,)).by_year[2020]
    assert drawn.credit_line(EN) == (
        "© Ola Nordmann, Kartforlaget, © Kartverket (CC0 1.0, CC BY 4.0)"
    )


@pytest.mark.parametrize("hostile", ["a\x00b\ufffe\ud800c\u202ed\ne", "x" * 10_000])
def test_a_credit_is_made_printable_and_short(hostile):
    shown = Credit(hostile, hostile, hostile).printable()
    assert shown.owner.isprintable()
    assert len(shown.licence) <= 300


@pytest.mark.parametrize("about", [b"{", b"[]", b'{"x": 1}', b'{"attribution": 7}', b"null"])
def test_a_credit_that_somebody_spoilt_is_none(tmp_path, of_2020, about):
    path = tmp_path / "kommuner-2020.parquet"
    content = boundary_reading.parquet(of_2020.set_index("kommunenr"), Credit("x"))
    table = pq.read_table(io.BytesIO(content))
    metadata = {**table.schema.metadata, b"naeringshagekart": about}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    assert boundary_reading.credit_of(path) is None


# -- which file serves which year, and the way back -----------------------------------------------


@pytest.mark.usefixtures("data_dir")
def test_import_says_truly_which_years_it_serves_and_why(path_2020, tmp_path, capsys):
    assert run("import", path_2020, *OWNED) == 0
    out = capsys.readouterr().out
    assert "2020: kommuner-2020.parquet serves, borders of 2020" in out
    older = tmp_path / "kommuner-2019.geojson"
    countries.of(REGISTER, 2019).to_file(older)
    newer = tmp_path / "kommuner-2018.geojson"
    countries.of(REGISTER, 2018).to_file(newer)
    run("import", newer, *OWNED)
    capsys.readouterr()
    run("import", older, *OWNED)
    out = capsys.readouterr().out
    assert "2018: kommuner-2019.parquet does not serve (kommuner-2018.parquet goes before" in out
    assert "2020: kommuner-2019.parquet does not serve (kommuner-2020.parquet goes before" in out
    assert "kommuner-2019.parquet serves no year that the dashboard offers" in out


def test_a_file_that_serves_no_year_is_named_by_import_list_and_doctor(data_dir, path_2020, capsys):
    run("import", path_2020, *OWNED)
    shutil.copyfile(path_2020, data_dir / "boundaries" / "kommuner-2021.geojson")
    run("list")
    out = capsys.readouterr().out
    assert "2020: kommuner-2021.geojson does not serve (kommuner-2020.parquet goes before it" in out
    found = [
        (one.subject.text(EN), one.found.text(EN), one.advice.text(EN) if one.advice else "")
        for one in doctor.examine(data_dir, datasets.load(data_dir), [])
    ]
    finding = next(one for one in found if one[0] == "kommuner-2021.geojson")
    assert finding[1].startswith("serves no year that the dashboard offers: 2015: kommuner-2020")
    assert "boundaries remove kommuner-2021.geojson" in finding[2]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kommuner.zip", "is packed"),
        ("kommuner.geojson.gz", "is packed"),
        ("kommuner.kml", "not a kind of map that is read here"),
        ("kommuner.gml", "not a kind of map that is read here"),
        ("kommuner.dbf", "belongs to a shapefile whose .shp is not here"),
        ("kommuner-2015.unfinished", "broken off"),
        ("kommuner-2015.geojson", "cannot be read as a map file"),
    ],
)
def test_a_file_that_cannot_serve_is_named_by_doctor_with_the_reason(data_dir, name, why, capsys):
    (data_dir / "boundaries" / name).write_bytes(b"x")
    findings = {
        one.subject.text(EN): (one.state, one.found.text(EN))
        for one in doctor.examine(data_dir, datasets.load(data_dir), [])
    }
    assert findings[name][0] == doctor.DAMAGED
    assert why in findings[name][1]
    assert run("list") == 1
    assert name in capsys.readouterr().out
    assert run("remove", name) == 0
    assert run("list") == 0


def test_the_embedded_files_and_notes_beside_them_are_not_complained_of():
    assert boundary_folder.unusable(ROOT / "data" / "boundaries") == {}


def test_remove_takes_an_import_back_and_the_one_before_returns(data_dir, path_2020, capsys):
    run("import", path_2020, "--attribution", "den første")
    run("import", path_2020, "--attribution", "den andre")
    assert "took the place of an earlier file" in capsys.readouterr().out

    def owner():
        return boundaries.library(REGISTER, data_dir, (2020,)).by_year[2020].credit.owner

    assert owner() == "den andre"
    assert run("remove", "kommuner-2020.parquet") == 0
    assert owner() == "den første"
    assert run("remove", "--year", 2020) == 0
    assert owner() == "© Kartverket"
    assert run("remove", "--year", 2020) == 1


def test_remove_takes_a_shapefile_with_all_its_parts(data_dir, of_2020):
    of_2020.to_file(data_dir / "boundaries" / "mitt.shp")
    assert run("remove", "mitt.shp") == 0
    assert not list((data_dir / "boundaries").glob("mitt.*"))


@pytest.mark.parametrize(
    "name", ["../hubs.csv", "kommuner-2020-fine.geojson.gz", "recipe.json", "README.md", "x"]
)
def test_remove_touches_nothing_but_boundary_files_of_the_folder(data_dir, name, capsys):
    before = sorted(data_dir.rglob("*"))
    assert run("remove", name) == 1
    assert "is not a boundary file in boundaries/" in capsys.readouterr().err
    assert sorted(data_dir.rglob("*")) == before


def test_an_import_that_fails_leaves_what_was_there(data_dir, path_2020, tmp_path):
    run("import", path_2020, *OWNED)
    before = (data_dir / "boundaries" / "kommuner-2020.parquet").read_bytes()
    broken = tmp_path / "kommuner-2020.geojson"
    broken.write_text("{", encoding="utf-8")
    assert run("import", broken) == 1
    assert (data_dir / "boundaries" / "kommuner-2020.parquet").read_bytes() == before
    assert not list((data_dir / "boundaries").glob("*.unfinished"))
