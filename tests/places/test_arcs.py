"""Shapes as the browser gets them: small, with shared borders once, and the same when unpacked."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.places import arcs, shapes
from geo.places.embedded import embedded_metres, neighbours
from geo.places.year_file import year_file
from geo.settings import CRS_METRES
from geo.webmap import geometry_routes
from tests import patience

HARNESS = Path(__file__).parent.parent / "ground.js"
# Kilobytes (1000 bytes) of the embedded set by detail, gzipped.
LARGEST = {"overview": 61, "normal": 130, "fine": 200}


def frame(**geometry):
    index = [name.removeprefix("s") for name in geometry]
    return gpd.GeoDataFrame(
        {"name": [f"Shape {i}" for i in index]}, geometry=list(geometry.values()), index=index,
        crs=CRS_METRES,
    )  # fmt: skip


def unpacked(found):
    """Return what the map's script makes of packed arcs; skips where there is no Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node (Debian: apt install nodejs)")
    script = str(geometry_routes.ASSETS / "ground.js")
    done = subprocess.run(
        [node, str(HARNESS), script], input=arcs.packed(found), capture_output=True, check=True,
        timeout=patience.SECONDS,
    )  # fmt: skip
    return json.loads(done.stdout)


def drawn(read):
    """Return the geometry of each shape that the map would draw, by id."""
    return {
        shape_id: shapely.union_all([shapely.make_valid(_polygon(rings)) for rings in polygons])
        for shape_id, polygons in read["shapes"].items()
    }


def _polygon(rings):
    outer, *holes = [[(east, north) for north, east in ring] for ring in rings]
    return shapely.Polygon(outer, holes)


@pytest.mark.parametrize("detail", shapes.DETAILS)
def test_the_embedded_set_is_sent_in_few_bytes(dataset, detail):
    assert len(dataset.boundaries(2015).sent[detail]) < LARGEST[detail] * 1000


@pytest.mark.parametrize("detail", shapes.DETAILS)
def test_the_map_draws_every_kommune_where_it_is(detail):
    given, step = embedded_metres(detail), arcs.STEPS[detail]
    read = unpacked(arcs.arcs(given, step))
    assert read["names"] == dict(given["name"])
    shown = drawn(read)
    assert sorted(shown) == sorted(given.index)
    # Rounding moves each point half a step at most, in each direction.
    for shape_id, geometry in shown.items():
        moved = shapely.symmetric_difference(geometry, given.geometry[shape_id])
        assert moved.area <= given.geometry[shape_id].length * step, shape_id


def test_a_border_is_sent_once_and_known_to_both_sides():
    left, right = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
    found = arcs.arcs(frame(s1=left, s2=right), 100)
    read = unpacked(found)
    assert len(found.lines) == 3
    assert sorted(border["beside"] for border in read["borders"]) == [["1"], ["1", "2"], ["2"]]
    both = next(border for border in read["borders"] if len(border["beside"]) == 2)
    assert {tuple(at) for at in both["line"]} == {(0, 1000), (1000, 1000)}


def test_an_enclave_shares_the_whole_border_with_what_is_around_it():
    inner = shapely.box(3000, 3000, 6000, 6000)
    outer = shapely.difference(shapely.box(0, 0, 9000, 9000), inner)
    read = unpacked(arcs.arcs(frame(s1=outer, s2=inner), 100))
    assert sorted(border["beside"] for border in read["borders"]) == [["1"], ["1", "2"]]
    shown = drawn(read)
    assert shown["1"].equals(outer)
    assert shown["2"].equals(inner)


def test_a_shape_smaller_than_the_grid_is_still_drawn():
    tiny = shapely.box(4_010, 7_010, 4_020, 7_020)
    found = arcs.arcs(frame(s1=tiny, s2=shapely.box(0, 0, 1000, 1000)), 100)
    shown = drawn(unpacked(found))
    assert shown["1"].bounds == (4000, 7000, 4100, 7100)
    assert shown["2"].equals(shapely.box(0, 0, 1000, 1000))


def test_a_spit_that_falls_together_leaves_no_line_behind():
    spit = shapely.box(1000, 480, 3000, 520)
    found = arcs.arcs(frame(s1=shapely.union(shapely.box(0, 0, 1000, 1000), spit)), 100)
    assert drawn(unpacked(found))["1"].equals(shapely.box(0, 0, 1000, 1000))


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_borders_of_fylker_of_any_year_come_from_the_same_arcs(dataset, year):
    boundaries = dataset.boundaries(year)
    found = boundaries.arcs("normal")
    fylker = boundaries.fylke_of
    beside = unpacked(found)["borders"]
    between = [b for b in beside if len({fylker[i] for i in b["beside"]}) == 2]
    lines = found.borders(fylker)
    assert len(lines) == len(between) > 20
    for line, border in zip(lines, between, strict=True):
        assert [tuple(at) for at in border["line"]] == [(n, e) for e, n in line.tolist()]


def test_what_a_year_adds_names_every_shape_once(dataset):
    for year in dataset.choices.years:
        boundaries = dataset.boundaries(year)
        content = json.loads(gzip.decompress(year_file(boundaries)))
        grouped = [i for ids in content["fylker"].values() for i in ids.split()]
        assert sorted(grouped) == sorted(boundaries.shapes.index)
        assert content["fylker"].keys() == dict.fromkeys(boundaries.shapes["fylkesnr"]).keys()


def test_neighbours_reach_under_norway_so_that_no_sea_lies_between():
    land = embedded_metres("overview").geometry.union_all()
    sweden = neighbours().geometry["752"]
    border = shapely.LineString([(348_000, 6_950_000), (358_000, 6_950_000)])
    assert border.within(shapely.union(land, sweden))
    assert "578" not in neighbours().index


def test_neighbours_are_sent_in_few_bytes_and_only_after_the_map():
    assert len(geometry_routes.neighbours()) < 15_000


def test_what_a_year_adds_has_every_kommune_with_its_official_name_and_a_place_for_it(dataset):
    for year in dataset.choices.years:
        boundaries = dataset.boundaries(year)
        sent = json.loads(gzip.decompress(year_file(boundaries)))["kommuner"]
        register = dataset.register.kommuner(year)
        assert sent["numbers"].split() == register.index.tolist()
        assert sent["names"] == register["name"].tolist()
        shapes_of = [" ".join(boundaries.shapes_of[nr]) for nr in register.index]
        assert sent["shapes"] == shapes_of
        assert len(year_file(boundaries)) < 10_000
