"""The GeoPackage opens in a GIS as the map: layers, relations, titles of columns and styles."""

import sqlite3
from contextlib import closing
from functools import cache
from itertools import pairwise

import defusedxml.ElementTree
import pandas as pd
import pyogrio
import pytest

from geo import columns as c
from geo.base.look_data import DARK, DRAWING, mixed
from geo.coverage.hub_seats import seats
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, View
from geo.exports import map_looks
from geo.exports.formats import FORMATS
from geo.exports.gis import map_layers
from geo.exports.gis.map_layers import HUBS, LINES, MARKS, SHAPES
from geo.report.looks import MIXED, kommune_look, project_colours, shape_look
from geo.text.languages import LANGUAGES
from geo.webmap.marks import marks
from tests.exports.test_export import read

LAYERS = ("kommuner", *map_layers.COLUMNS)
VIEWS = [View(year=2024), View(), View(project=("kraftsenter-st",), year=2020, lang="en")]


@pytest.fixture(scope="module")
def opened(dataset, tmp_path_factory):
    """Write a view's GeoPackage once; return the path."""
    folder = tmp_path_factory.mktemp("gis")

    @cache
    def path(view, *, full=True):
        written = folder / f"{abs(hash((view, full)))}.gpkg"
        written.write_bytes(FORMATS["gpkg"].write(dataset, view, full=full))
        return written

    return path


def asked(path, question, *given):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question, given).fetchall()


def layer(path, name):
    return pyogrio.read_dataframe(path, layer=name)


# -- layers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_every_layer_is_read_by_gdal_in_metres_with_its_columns(opened, view):
    names = dict(pyogrio.list_layers(opened(view)))
    assert next(iter(names)) == "kommuner"  # what programs open that name no layer
    for name, columns in map_layers.COLUMNS.items():
        frame = layer(opened(view), name)
        assert list(frame.columns) == [*(column.name for column in columns), "geometry"]
        assert frame.crs == "EPSG:25833"
        assert len(frame)
        assert frame.geometry.is_valid.all()
        assert f"{names[name]}".upper().replace(" ", "") in set(frame.geom_type.str.upper())


def test_qgis_stacks_the_layers_as_the_map_does():
    """It puts layers that are opened together in the order of their names."""
    listed = [HUBS, LINES, map_layers.BORDERS, MARKS, "kommuner", SHAPES, map_layers.AROUND]
    assert listed == sorted(LAYERS)


@pytest.mark.parametrize("view", VIEWS)
def test_a_shape_is_there_once_however_many_kommuner_it_stands_for(dataset, opened, view):
    shapes, drawn = layer(opened(view), SHAPES), dataset.boundaries(view.year)
    assert list(shapes[c.SHAPE_ID]) == list(drawn.members)
    assert [tuple(n.split("|")) for n in shapes["kommuner"]] == list(drawn.members.values())
    land = shapes.geometry.union_all().area
    assert shapes.area.sum() == pytest.approx(land, rel=1e-6)
    if drawn.shared:
        assert layer(opened(view), "kommuner").area.sum() > land * 1.001


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_added_up_over_the_relation_is_what_the_dashboard_says(dataset, opened, view):
    found = asked(
        opened(view),
        "SELECT count(*), sum(k.population_covered) FROM shape_kommuner r "
        "JOIN shapes s ON s.fid = r.base_id JOIN kommuner k ON k.fid = r.related_id "
        "WHERE r.main AND k.state_code IN ('whole', 'partly')",
    )
    totals = coverage(dataset, view).totals
    assert found == [(totals.kommuner, totals.population_covered.value)]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("full", [True, False])
def test_the_relation_names_rows_that_are_there_and_is_registered(opened, view, full):
    path = opened(view, full=full)
    pairs = asked(path, "SELECT base_id, related_id, shape_id, kommunenr FROM shape_kommuner")
    shapes = dict(asked(path, "SELECT fid, shape_id FROM shapes"))
    kommuner = dict(asked(path, "SELECT fid, kommunenr FROM kommuner WHERE geom NOT NULL"))
    assert {(shapes[one], kommuner[other]) for one, other, _, _ in pairs} == {p[2:] for p in pairs}
    assert {pair[1] for pair in pairs} == set(kommuner)
    assert {pair[0] for pair in pairs} == set(shapes)
    related = asked(path, "SELECT * FROM gpkgext_relations")
    assert related == [(1, "shapes", "fid", "kommuner", "fid", "features", "shape_kommuner")]
    extension = asked(
        path, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_related_tables'"
    )
    assert extension == [("gpkgext_relations",), ("shape_kommuner",)]


def test_hubs_marks_and_lines_are_those_of_the_map(dataset, opened):
    view = View()
    found, path = coverage(dataset, view), opened(view)
    seat_of = seats(dataset, found.serving)
    hubs = layer(path, HUBS).set_index(c.HUB_ID)
    assert {i: (p.y, p.x) for i, p in hubs.geometry.items()} == {
        hub: seat.point for hub, seat in seat_of.items()
    }
    assert hubs["seat_guess"].to_dict() == {hub: seat.guess for hub, seat in seat_of.items()}
    drawn = [(m.kommunenr, *m.point) for m in marks(dataset, found, view)]
    placed = layer(path, MARKS)
    there = zip(placed[c.KOMMUNENR], placed.geometry.y, placed.geometry.x, strict=True)
    assert list(there) == drawn
    lines = layer(path, LINES)
    pairs = set(zip(lines[c.HUB_ID], lines[c.KOMMUNENR], strict=True))
    served = {(hub, nr) for nr, row in found.covered_rows.items() for hub in row.hub_ids}
    assert pairs == {(hub, nr) for hub, nr in served if hub in seat_of}
    assert len(lines) == len(pairs)
    starts = {
        hub: line.coords[0] for hub, line in zip(lines[c.HUB_ID], lines.geometry, strict=True)
    }
    assert {hub: end[::-1] for hub, end in starts.items()} == {h: seat_of[h].point for h in starts}


def test_a_file_of_what_is_shown_holds_its_shapes_and_the_land_around(dataset, opened):
    view = View(project=("voss",))
    shown, whole = opened(view, full=False), opened(view)
    listed = {i for nr in coverage(dataset, view).covered_rows
              for i in dataset.boundaries(view.year).shapes_of[nr]}  # fmt: skip
    assert set(layer(shown, SHAPES)[c.SHAPE_ID]) == listed
    assert "land" in set(layer(shown, map_layers.AROUND)["kind"])
    assert "land" not in set(layer(whole, map_layers.AROUND)["kind"])
    assert shown.stat().st_size < 700_000
    assert whole.stat().st_size < 4_500_000


def test_a_view_that_shows_nothing_has_layers_without_rows(opened):
    path = opened(View(project=("voss",), hub=("roros",)), full=False)
    assert len(layer(path, HUBS)) == len(layer(path, SHAPES)) == len(layer(path, "kommuner")) == 0
    assert asked(path, "SELECT count(*) FROM layer_styles") == [(len(LAYERS),)]


# -- titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_title_and_a_meaning_in_the_views_language(opened, language):
    path = opened(View(year=2024, lang=language))
    for name in (*LAYERS, "shape_kommuner"):
        columns = {row[1] for row in asked(path, "SELECT * FROM pragma_table_info(?)", name)}
        told = asked(
            path,
            "SELECT column_name, title, description FROM gpkg_data_columns WHERE table_name = ?",
            name,
        )
        assert {row[0] for row in told} == columns - {"fid", "geom", "base_id", "related_id"}
        assert all(title and meaning for _, title, meaning in told)


def test_every_table_is_registered_and_dated_with_the_data(dataset, opened):
    path = opened(View())
    rows = asked(path, "SELECT table_name, last_change, identifier FROM gpkg_contents")
    assert {when for _, when, _ in rows} == {f"{dataset.data_day}T00:00:00.000Z"}
    assert len({identifier for *_, identifier in rows}) == len(rows)
    assert asked(path, "SELECT DISTINCT update_time FROM layer_styles") == [(rows[0][1],)]
    assert asked(path, "PRAGMA integrity_check") == [("ok",)]
    assert asked(path, "PRAGMA foreign_key_check") == []


# -- looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", COLOURS)
def test_a_code_means_one_look_and_a_look_has_one_code(dataset, colour):
    view = View(year=2020, colour=colour)
    found, colours = coverage(dataset, view), project_colours(dataset)
    looks, codes = {}, {}
    for shape_id, one in map_looks.of_shapes(dataset, view).items():
        members = [found.of_view[nr] for nr in dataset.boundaries(2020).members[shape_id]]
        state, look = shape_look(members, colour, colours)
        assert (one.state, one.look) == (state, look)
        looks.setdefault(one.code, set()).add(look)
        codes.setdefault((look, state), set()).add(one.code)
    assert all(len(some) == 1 for some in [*looks.values(), *codes.values()])


@pytest.mark.parametrize("code", ["geojson", "gpkg", "fgb", "parquet"])
def test_a_row_has_the_look_of_the_shape_that_it_is_drawn_with(dataset, code):
    view = View(project=("kraftsenter-st",), year=2020)
    seen = map_looks.of_shapes(dataset, view)
    for row in read(dataset, view, code):
        expected = seen[row[c.SHAPE_ID]].code if row[c.SHAPE_ID] else c.DID_NOT_EXIST
        assert row[c.MAP_LOOK] == expected
    assert MIXED in {one.state for one in map_looks.of_shapes(dataset, View()).values()}


# -- styles ---------------------------------------------------------------------------------------


def styles(path, kind="styleQML"):
    rows = asked(
        path, "SELECT f_table_name, styleQML, styleSLD FROM layer_styles WHERE useAsDefault"
    )
    place = ("f_table_name", "styleQML", "styleSLD").index(kind)
    return {row[0]: defusedxml.ElementTree.fromstring(row[place]) for row in rows}


@pytest.mark.parametrize("colour", COLOURS)
def test_every_layer_has_one_default_style_that_covers_what_it_holds(opened, colour):
    path = opened(View(colour=colour))
    found = styles(path)
    assert set(found) == set(LAYERS) == set(styles(path, "styleSLD"))
    drawn_by = dict.fromkeys(("kommuner", SHAPES, MARKS, HUBS, LINES), c.MAP_LOOK)
    for name, attribute in {**drawn_by, map_layers.AROUND: "kind"}.items():
        held = set(layer(path, name)[attribute])
        values = [one.get("value") for one in found[name].iter("category")]
        assert held <= set(values)
        assert len(set(values)) == len(values)
        filters = {
            one.text for one in styles(path, "styleSLD")[name].iter() if one.tag.endswith("Literal")
        }
        assert held <= filters


def inks(look):
    """The colours that a look is drawn in: ground, pattern and line."""
    pattern = DRAWING["patterns"].get(look.pattern)
    grounds = {mixed(look.fill, pattern["ground"])} if pattern else {look.fill}
    drawn = pattern and ("stripe" in pattern or "places" in pattern)
    return {one.upper() for one in grounds | ({look.fill} if drawn else set()) | {look.line}}


def as_hex(text):
    return "#" + "".join(f"{int(n):02X}" for n in text.split(",")[:3])


def colours_of(symbol):
    options = [one for one in symbol.iter("Option") if one.get("name", "").endswith("color")]
    return {as_hex(one.get("value")) for one in options}


@pytest.mark.parametrize("colour", COLOURS)
def test_qgis_draws_the_colours_and_patterns_of_the_map(dataset, opened, colour):
    view = View(colour=colour)
    style = styles(opened(view))[SHAPES]
    seen = {one.code: one for one in map_looks.of_shapes(dataset, view).values()}
    symbols = {one.get("name"): one for one in style.find("renderer-v2/symbols")}
    for category in style.iter("category"):
        one, symbol = seen[category.get("value")], symbols[category.get("symbol")]
        assert colours_of(symbol) == inks(one.look)
        assert category.get("label") == one.label
        parts = [part.get("class") for part in symbol.findall("layer")]
        pattern = DRAWING["patterns"].get(one.look.pattern, {})
        assert ("LinePatternFill" in parts) == ("stripe" in pattern)
        assert ("PointPatternFill" in parts) == ("places" in pattern)
        dashed = [o for o in symbol.iter("Option") if o.get("name") == "customdash"]
        assert bool(dashed) == one.look.dashed


def test_no_style_has_a_colour_that_the_looks_do_not_have(opened):
    grounds = [1, *(one["ground"] for one in DRAWING["patterns"].values())]
    known = {mixed(one, share).upper() for one in DARK for share in grounds}
    for colour in COLOURS:
        for style in styles(opened(View(colour=colour))).values():
            assert colours_of(style) <= known
        for style in styles(opened(View(colour=colour)), "styleSLD").values():
            parameters = [one for one in style.iter() if one.get("name") in ("fill", "stroke")]
            assert {one.text.upper() for one in parameters} <= known


def test_wide_outlines_are_drawn_over_thin_ones(dataset, opened):
    clause = styles(opened(View()))[SHAPES].find("renderer-v2/orderby/orderByClause").text
    seen = {one.code: one.look for one in map_looks.of_shapes(dataset, View()).values()}
    order = [code for code in clause.split("'") if code in seen]
    assert set(order) == set(seen)
    assert all(seen[a].weight <= seen[b].weight for a, b in pairwise(order))


def test_marks_have_the_look_of_what_they_stand_for(dataset, opened):
    view = View()
    found, colours = coverage(dataset, view), project_colours(dataset)
    codes = layer(opened(view), MARKS)[c.MAP_LOOK]
    style = styles(opened(view))[MARKS]
    symbols = {one.get("name"): one for one in style.find("renderer-v2/symbols")}
    symbol_of = {one.get("value"): symbols[one.get("symbol")] for one in style.iter("category")}
    for mark, code in zip(marks(dataset, found, view), codes, strict=True):
        look = kommune_look(mark.member, view.colour, colours)
        assert look.fill.upper() in colours_of(symbol_of[code])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_of_a_style_is_in_the_views_language(opened, language):
    found = styles(opened(View(lang=language)))
    labels = pd.Series([one.get("label") for one in found[SHAPES].iter("category")])
    assert labels.str.len().min() > 0
    others = styles(opened(View(lang="en" if language != "en" else "nb")))[SHAPES].iter("category")
    assert set(labels) != {one.get("label") for one in others}
