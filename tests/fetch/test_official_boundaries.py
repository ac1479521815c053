"""Borders from local stand-ins of the official services: exact where good, untouched where not."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from geo.errors import FetchFailed
from geo.fetch import official_boundaries as fetching
from geo.fetch import store
from geo.fetch.official_maps import DATASETS, Way, serving
from geo.official.services import MIRROR
from geo.places import boundaries, coast
from geo.places.boundaries import MEMBERS
from geo.places.boundary_files import boundary_import
from geo.settings import CRS_METRES, STRUCTURE_YEARS
from tests import official_maps as official
from tests.fetch.test_unpacking import BOMB
from tests.services import HASTY, IMPATIENT, Given, as_json, hasty, running

UUID = {one.year: one.key for one in reversed(DATASETS) if one.way is Way.ORDER}
CURRENT = "nedlasting.geonorge.no/geonorge/Basisdata/Kommuner"
ZIP = "application/zip"


@pytest.fixture
def services():
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def of_2018(real_boundaries, dataset):
    return official.kommuner(real_boundaries / "readymaps-2018.geojson", dataset.register)


def served(staged, dataset, folder, years):
    """Put fetched files in use and return the boundary sets that a new start would serve."""
    store.commit(folder, [staged])
    return boundaries.library(dataset.register, folder, years)


def order_of(services):
    return next(asked.body["orderLines"][0] for asked in services.asked if asked.body)


# -- good answers ---------------------------------------------------------------------------------


def test_2015_comes_in_pages_and_shows_each_of_the_25_kommuner(
    services, dataset, tmp_path, real_boundaries
):
    title = "Historiske kommunegrenser 2013til2016 med forbedret nøyaktighet"
    frame = official.of_2015(real_boundaries, dataset.register)
    official.serve_pages(services, title, frame, "KOMMUNENR")
    staged = fetching.fetch(hasty(tmp_path), dataset, (2015,))
    assert len([a for a in services.asked if a.path.endswith("items.json")]) == 9
    sentence = (
        "2015: nøyaktige grenser for 428 kommuner (før: figurer fra 2020, der 47 står for flere)"
    )
    assert staged.report("nb") == [sentence]
    assert not staged.replaces
    drawn = served(staged, dataset, tmp_path, (2015,)).by_year[2015]
    assert drawn.exact
    assert len(drawn.shapes) == 428
    assert drawn.source == "kommuner-2015.parquet"
    assert (drawn.credit.licence, drawn.credit.owner) == (
        "NLOD 1.0",
        "© Kartverket, Statistisk sentralbyrå",
    )
    coverage = dataset.package["coverage"]
    partners = dataset.package["partners"]
    hubs = partners.loc[partners["project_id"].str.contains("kraftsenter"), "hub_id"]
    kommuner = set(coverage.loc[coverage["hub_id"].isin(hubs), "kommunenr"])
    assert len(kommuner) == 25
    assert all(drawn.shapes.at[nr, MEMBERS] == (nr,) for nr in kommuner)


def test_an_order_is_for_the_whole_country_in_geojson_and_metres(
    services, dataset, tmp_path, of_2018
):
    files = {
        "Fylker_geojson": official.wrapped(of_2018.head(9).rename(columns={"kommunenummer": "f"})),
        "Kommuner_simple_geojson": official.wrapped(of_2018.head(20)),
        "Kommuner_geojson": official.wrapped(of_2018),
    }
    official.offer(services, UUID[2018], Given(official.zipped(**files), media=ZIP))
    staged = fetching.fetch(hasty(tmp_path), dataset, (2018,))
    line = order_of(services)
    assert line["areas"] == [{"code": "0000", "type": "landsdekkende", "name": "Hele landet"}]
    assert line["projections"] == [{"code": "25833"}]
    assert line["formats"] == [{"name": "GeoJSON "}]
    drawn = served(staged, dataset, tmp_path, (2018,)).by_year[2018]
    assert drawn.exact
    assert drawn.base_year == 2018
    assert drawn.shapes.to_crs(CRS_METRES).area.sum() == pytest.approx(of_2018.area.sum(), 1e-3)
    origins = staged.origins["boundaries/kommuner-2018.parquet"]
    assert [origin.address.split("/")[4] for origin in origins] == ["order", "download"]

    found = boundaries.library(dataset.register, tmp_path, STRUCTURE_YEARS)
    atlas_after = replace(dataset, library=found)
    again = fetching.fetch(hasty(tmp_path), atlas_after, (2018,))
    assert not again.files
    assert again.report("en") == []


def test_an_order_that_takes_time_is_waited_for_and_its_gml_is_read(
    services, dataset, tmp_path, real_boundaries
):
    """The pieces of a kommune are delivered one by one; another year fails and is told."""
    pieces = gpd.read_file(real_boundaries / "readymaps-2021.geojson")
    pieces = pieces.rename(columns={"Kommunenummer": "kommunenummer"}).to_crs(CRS_METRES)
    assert len(pieces) == 359
    file = Given(official.zipped(Kommuner_gml=official.gml(pieces)), media=ZIP)
    official.offer(services, UUID[2020], file, polls=3, form="GML 3.2.1")
    staged = fetching.fetch(hasty(tmp_path), dataset, (2018, 2020))
    assert [a.path.split("/")[-1] for a in services.asked if "/api/order" in a.path] == [
        "order", "1a-2b", "1a-2b", "1a-2b"
    ]  # fmt: skip
    assert order_of(services)["formats"] == [{"name": "GML 3.2.1"}]
    assert {name.split("-")[1][:4] for name in staged.files} == {"2020"}
    for language, fails in (("nb", "2018: ikke hentet"), ("en", "2018: not fetched")):
        lines = staged.report(language)
        assert len(lines) == 3
        assert "3804, 3816, 4602" in lines[1]  # came in several parts
        assert lines[2].startswith(fails)
    drawn = served(staged, dataset, tmp_path, (2020,)).by_year[2020]
    assert drawn.source == "kommuner-2020.parquet"
    assert len(drawn.shapes) == 356


def test_borders_in_the_sea_are_clipped_to_the_coast(services, dataset, tmp_path, real_boundaries):
    real = official.kommuner(real_boundaries / "kartverket-2024-s.geojson", dataset.register)
    delivered = official.with_sea(real)
    assert delivered.area.sum() / 1e6 > 450_000
    file = official.zipped(Basisdata_Kommuner_geojson=official.wrapped(delivered))
    services.put(CURRENT, Given(file, media=ZIP))
    staged = fetching.fetch(hasty(tmp_path), dataset, (2024,))
    assert "klippet til kystlinjen i det innebygde settet" in staged.report("nb")[1]
    drawn = served(staged, dataset, tmp_path, (2024,)).by_year[2024]
    assert drawn.credit.owner == "© Kartverket, klippet til kystlinjen i det innebygde settet"
    path = tmp_path / "kommuner-2024.parquet"
    path.write_bytes(staged.files["boundaries/kommuner-2024.parquet"])
    clipped = boundary_import.read(path, dataset.register).shapes
    assert shapely.coverage_is_valid(clipped.geometry.to_numpy())
    assert len(clipped) == 357
    assert clipped.area.sum() == pytest.approx(real.area.sum(), 0.005)
    own = real.set_index("kommunenummer").area
    assert (clipped.area / own).min() > 0.95
    assert (clipped.area / own)[own > 300e6].between(0.98, 1.02).all()
    # The real file has shrunk small islands; the embedded coast is nearer the published land.
    published = dataset.register.area_km2(2024) * 1e6
    assert (clipped.area / published - 1).abs().mean() < (own / published - 1).abs().mean()


def test_two_kommuner_with_each_others_number_are_refused_by_name(
    services, dataset, tmp_path, of_2018
):
    wrong = of_2018.replace({"kommunenummer": {"0301": "1103", "1103": "0301"}})
    official.offer(services, UUID[2018], in_zip(Kommuner_geojson=official.wrapped(wrong)))
    with pytest.raises(FetchFailed, match=r"1103 Stavanger .* lies on the land of Oslo"):
        fetching.fetch(hasty(tmp_path), dataset, (2018,))


def test_small_islands_that_were_not_delivered_are_filled_in_and_told(
    services, dataset, tmp_path, of_2018
):
    fewer = of_2018[~of_2018["kommunenummer"].isin(["1144", "1835"])]
    official.offer(services, UUID[2018], in_zip(Kommuner_geojson=official.wrapped(fewer)))
    staged = fetching.fetch(hasty(tmp_path), dataset, (2018,))
    assert "1144 Kvitsøy, 1835 Træna" in staged.report("en")[1]
    last = staged.origins["boundaries/kommuner-2018.parquet"][-1]
    assert (last.service, last.credit) == ("Det innebygde settet", "© Kartverket")
    assert served(staged, dataset, tmp_path, (2018,)).by_year[2018].exact


def test_a_kommune_whose_land_is_not_drawn_keeps_what_was_delivered(dataset):
    far_out = shapely.box(-250_000, 7_400_000, -245_000, 7_405_000)
    inland = shapely.box(280_000, 6_750_000, 300_000, 6_770_000)
    frame = gpd.GeoDataFrame(geometry=[far_out, inland], index=["1835", "0301"], crs=CRS_METRES)
    frame = frame.rename_axis("shape_id")
    clipped = coast.clip(frame, dataset.register.area_km2(2018))
    assert clipped.area["1835"] == pytest.approx(25e6)
    assert clipped.area["0301"] == pytest.approx(400e6, rel=0.01)


def test_more_than_a_browser_can_draw_is_made_lighter_without_gaps(monkeypatch, of_2018):
    monkeypatch.setattr(boundary_import, "MOST_VERTICES", 20_000)
    light = boundary_import.light(of_2018)
    geometry = light.geometry.to_numpy()
    assert 5_000 < shapely.get_num_coordinates(geometry).sum() <= 20_000
    assert shapely.coverage_is_valid(geometry)
    assert light.area.sum() == pytest.approx(of_2018.area.sum(), 0.01)


@pytest.mark.parametrize("year", [*range(2013, 2025)])
def test_there_is_a_source_for_every_year_of_the_register(dataset, year):
    assert serving(year, dataset.register)


def test_the_next_source_is_asked_where_the_first_has_nothing(services, dataset, tmp_path, of_2018):
    official.serve_pages(services, "Historiske kommunegrenser 2018 med nøyaktighet", of_2018, "knr")
    staged = fetching.fetch(hasty(tmp_path), dataset, (2018,))
    assert staged.origins["boundaries/kommuner-2018.parquet"][0].service.endswith("(kart)")


# -- faults ---------------------------------------------------------------------------------------


def in_zip(**files):
    return Given(official.zipped(**files), media=ZIP)


def small(numbers):
    return official.wrapped(official.squares(numbers))


def squares_gml(numbers, **around):
    return official.gml(official.squares(numbers), **around)


def outside(numbers):
    return official.zipped(kommuner_geojson=small(numbers)).replace(
        b"kommuner.geo", b"../muner.geo"
    )


def points(numbers):
    frame = official.squares(numbers)
    return frame.set_geometry(frame.centroid).to_json().encode()


VRT = b"<OGRVRTDataSource></OGRVRTDataSource>"
HUGE = {"Content-Length": "900000000"}
NOT_ZIP = "cut short or damaged"
# Answers in the place of the zip with the kommuner of 2018, and what is said of them.
FAULTS = {
    "404": (lambda _: Given(status=404), "answered 404"),
    "429": (lambda _: Given(status=429, headers={"Retry-After": "3600"}), "answered 429"),
    "500": (lambda _: Given(status=500), "answered 500"),
    "slow drip": (lambda _: Given(bytes(900), media=ZIP, piece=9, pause=0.2), "not answer in time"),
    "cut in the middle": (lambda _: Given(bytes(9_000), media=ZIP, cut_after=99), "peer closed"),
    "web page": (lambda _: Given(b"<html>", media="text/html"), "a web page often means"),
    "web page said to be a zip": (lambda _: Given(b"<html></html>", media=ZIP), NOT_ZIP),
    "truncated zip": (lambda nr: Given(official.zipped(k_geojson=small(nr))[:-40], ZIP), NOT_ZIP),
    "zip bomb": (lambda _: in_zip(Kommuner_geojson=bytes(200_000_000)), "zip bomb"),
    "large": (lambda _: Given(media=ZIP, headers=HUGE, cut_after=0), "larger than agreed"),
    "path traversal": (lambda nr: Given(outside(nr), media=ZIP), "outside its folder"),
    "xml bomb": (lambda nr: in_zip(k_gml=squares_gml(nr, before=BOMB)), "declarations of its own"),
    "other xml": (lambda _: in_zip(k_gml=VRT), "begins with <OGRVRTDataSource>"),
    "xml in geojson": (lambda _: in_zip(k_geojson=VRT), "is not GeoJSON"),
    "gml cut": (lambda nr: in_zip(k_gml=squares_gml(nr)[:-500]), "is not GML"),
    "geojson cut": (lambda nr: in_zip(k_geojson=small(nr)[:-500]), "cannot be read"),
    "empty object": (lambda _: in_zip(k_geojson=b"{}"), "cannot be read"),
    "deep json": (lambda _: in_zip(k_geojson=b'{"a":' + b"[" * 100_000), "cannot be read"),
    "no map": (lambda _: in_zip(readme_txt=b"hei"), "holds no map"),
    "a kommune missing": (lambda nr: in_zip(k_geojson=small(nr[1:])), "Missing: 0101"),
    "size of a town": (lambda nr: in_zip(k_geojson=small(nr)), "cover 422 km2"),
    "points": (lambda nr: in_zip(k_geojson=points(nr)), "not areas"),
    "no numbers": (lambda nr: in_zip(k_geojson=small(nr).replace(b"300000.0", b"1e999")), "no use"),
}


def test_the_wrong_year_is_refused(services, dataset, tmp_path):
    numbers = dataset.register.kommuner(2020).index
    official.offer(services, UUID[2018], in_zip(Kommuner_geojson=small(numbers)))
    with pytest.raises(FetchFailed, match="of 2018, but its kommune numbers are those of 2020"):
        fetching.fetch(hasty(tmp_path), dataset, (2018,))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_answer_is_told_and_nothing_in_use_changes(fault, services, dataset, tmp_path):
    answer, why = FAULTS[fault]
    official.offer(services, UUID[2018], answer(list(dataset.register.kommuner(2018).index)))
    in_use = tmp_path / "fetched" / "in-use"
    in_use.parent.mkdir()
    in_use.write_bytes(b"good data")
    waits = IMPATIENT if fault == "slow drip" else HASTY
    with pytest.raises(FetchFailed, match=why) as failed:
        fetching.fetch(hasty(tmp_path, waits=waits), dataset, (2018,))
    assert "The borders of 2018 could not be fetched" in str(failed.value)
    assert "Nothing was replaced" in str(failed.value)
    assert in_use.read_bytes() == b"good data"
    kept = sum(f.stat().st_size for f in tmp_path.rglob("*") if f.is_file())
    assert kept < 1_000_000
    assert {f.parent.name for f in tmp_path.rglob("*") if f.is_file()} <= {"answers", "fetched"}


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("capabilities", Given(b"<html></html>", media="text/html"), "a web page often means"),
        ("capabilities", Given(b"<html></html>"), "is not JSON"),
        ("capabilities", Given(b"[" * 100_000), "is not JSON"),
        ("codelists/area", as_json({"areas": 1}), "is not what the service documents"),
        ("codelists/area", as_json([{"code": "0301"}]), "for all Norway"),
        ("codelists/area", as_json([{"code": "0000", "projections": [{"code": "25833",
            "formats": [{"name": "SOSI"}]}]}]), "neither as GeoJSON nor as GML"),
        ("order", as_json(None), "is not what the service documents"),
        ("order", as_json({"referenceNumber": "../../x", "files": []}), "referenceNumber"),
        ("order", as_json({"referenceNumber": "a", "files": [{"downloadUrl": None}]}), "files"),
        ("order", as_json({"referenceNumber": "a", "files": [{"downloadUrl":
            "https://example.org/x.zip", "status": "ReadyForDownload"}]}), "sends elsewhere"),
        ("order", as_json({"referenceNumber": "a", "files": []}), "has not made the ordered file"),
    ],
)  # fmt: skip
def test_an_order_that_goes_wrong_is_told(path, answer, why, *, services, dataset, tmp_path):
    official.offer(services, UUID[2018], Given(media=ZIP))
    services.put(f"{official.GEONORGE}/{path}", answer)
    with pytest.raises(FetchFailed, match=why):
        fetching.fetch(hasty(tmp_path), dataset, (2018,))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (as_json({"type": "FeatureCollection"}), "is not a page of features"),
        (as_json({"features": []}), "cannot be read|holds no shapes|no use"),
        (as_json({"features": [{}] * 50}), "goes on after 5000 features"),
        (as_json({"features": [{"type": "Feature"}], "numberMatched": 1}), "no use"),
        (as_json(None), "is not a page of features"),
    ],
)
def test_pages_that_go_wrong_are_told(answer, why, services, dataset, tmp_path):
    official.serve_pages(services, "Kommunegrenser 2013til2016", official.squares(["0301"]), "knr")
    services.put(f"{official.SSB}/{official.COLLECTION}/items.json", answer)
    with pytest.raises(FetchFailed, match=why):
        fetching.fetch(hasty(tmp_path), dataset, (2015,))


def test_a_year_without_a_register_is_told(dataset, tmp_path):
    with pytest.raises(FetchFailed, match="The kommuner of 1999 are not known"):
        fetching.fetch(hasty(tmp_path), dataset, (1999,))


def test_a_service_out_of_reach_is_not_tried_again_for_every_year(dataset, tmp_path, monkeypatch):
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:9")
    begun = []
    transport = hasty(tmp_path)
    ask = transport._once
    monkeypatch.setattr(transport, "_once", lambda wanted: begun.append(wanted) or ask(wanted))
    with pytest.raises(FetchFailed, match=r"the mirror 127\.0\.0\.1 cannot be used"):
        fetching.fetch(transport, dataset, ())
    assert len(begun) == 2 * transport.patience.attempts


# -- what is in use -------------------------------------------------------------------------------


def test_damaged_files_are_listed_and_what_is_whole_serves(services, dataset, tmp_path, of_2018):
    official.offer(services, UUID[2018], in_zip(Kommuner_geojson=official.wrapped(of_2018)))
    staged = fetching.fetch(hasty(tmp_path), dataset, (2018,))
    library = served(staged, dataset, tmp_path, (2018,))
    assert not library.refusals
    folder = next((tmp_path / "fetched" / "versions").iterdir()) / "boundaries"
    (folder / "kommuner-2018-fine.geojson.gz").write_bytes(b"damaged")
    library = boundaries.library(dataset.register, tmp_path, (2018,))
    assert list(library.refusals) == ["fetched/boundaries/kommuner-2018-fine.geojson.gz"]
    assert library.by_year[2018].source == "kommuner-2018.parquet"  # its levels are made anew
    (folder / "kommuner-2018.parquet").write_bytes(b"damaged")
    library = boundaries.library(dataset.register, tmp_path, (2018,))
    assert "python -m geo restore" in library.refusals["fetched/boundaries/kommuner-2018.parquet"]
    assert library.by_year[2018].source == "embedded"
