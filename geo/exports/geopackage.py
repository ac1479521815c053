"""Exports a GeoPackage for QGIS and other GIS programs."""

import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.about import about, behind, definitions
from geo.exports.geometry import shaped
from geo.exports.gis import map_layers, qml, sld
from geo.exports.gis.map_layers import Layer
from geo.exports.gis.package_tables import Package, Relation, Style, described
from geo.exports.map_looks import of_shapes
from geo.exports.rows import SHAPE_COLUMNS, ExportColumn, columns, values
from geo.settings import CRS_METRES
from geo.text.messages import messages

LAYER = "kommuner"
RELATION = "shape_kommuner"
# GeoPackage 1.2 is read by programs since 2018; newer versions make Debian 12's GDAL 3.6 warn.
_VERSION = "1.2"
# Where a shape stands for several kommuner their marks have their names.
_NAMES = f'if("{c.SHAPE_SHARED}", NULL, "{c.LABEL}")'


def geopackage(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return a GeoPackage that opens in QGIS looking like the view's map.

    The first layer is kommuner, with the columns of `shaped`; the others are those of
    `map_layers.layers`, and shape_kommuner relates shapes to kommuner. All are in EPSG:25833
    (ETRS89 / UTM 33N), the usual CRS for maps of all Norway, in metres. The tables about,
    definitions and sources explain them, and the metadata names title, source, licence and
    attribution.
    """
    said = about(dataset, view, full=full).texts()
    # The day of the data, so that the same view gives the same file on any day.
    day = f"{dataset.data_day}T00:00:00.000Z"
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": day})
    frame = shaped(dataset, view, full=full).to_crs(CRS_METRES)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(_first_layer(frame, said))
        package = Package(database, day)
        found = map_layers.layers(dataset, view, full=full)
        _add_layers(package, found, view)
        _relate(package, dataset, view, frame, found)
        for name, table in _tables(dataset, view, said, full=full).items():
            package.attributes(name, name, table)
        package.titles(_titles(dataset, view, found))
        package.styles(_styles(dataset, view, found), said["title"])
        database.commit()
        return database.serialize()


def _first_layer(frame: gpd.GeoDataFrame, said: dict[str, str]) -> bytes:
    """Return a GeoPackage with only the layer of kommuner, written in memory."""
    target = io.BytesIO()
    pyogrio.write_dataframe(
        frame,
        target,
        layer=LAYER,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        dataset_options={"VERSION": _VERSION},
        layer_options={"IDENTIFIER": said["title"], "DESCRIPTION": said["source"]},
        layer_metadata=said,
    )
    return target.getvalue()


def _add_layers(package: Package, found: list[Layer], view: View) -> None:
    t = messages(view.lang)
    for layer in found:
        title = t(f"export.layer_{layer.name}")
        package.layer(layer, title, t(f"export.means_layer_{layer.name}"))


def _relate(
    package: Package, dataset: Dataset, view: View, frame: gpd.GeoDataFrame, found: list[Layer]
) -> None:
    """Relate each shape to the kommuner that it stands for, as far as they are in the file."""
    shapes = next(layer.frame for layer in found if layer.name == map_layers.SHAPES)
    # Rows are numbered from 1 in the order in which they were written.
    shape_fids = {shape: fid for fid, shape in enumerate(shapes[c.SHAPE_ID], start=1)}
    fids = {nr: fid for fid, nr in enumerate(frame[c.KOMMUNENR], start=1)}
    pairs = [
        (shape_fids[shape], fids[nr], shape, nr, main)
        for shape, nr, main in map_layers.relation(dataset, view, fids)
    ]
    title = messages(view.lang)(f"export.layer_{RELATION}")
    relation = Relation(RELATION, map_layers.SHAPES, LAYER, map_layers.PAIRS)
    package.related(relation, title, pairs)


def _tables(
    dataset: Dataset, view: View, said: dict[str, str], *, full: bool
) -> Mapping[str, pd.DataFrame]:
    listed = behind(dataset, view, values(dataset, view, full=full))
    return {
        "about": pd.DataFrame(said.items(), columns=["name", "text"]),
        "definitions": pd.DataFrame(
            definitions(dataset, view.lang, SHAPE_COLUMNS),
            columns=["heading", "name", "meaning", "unit"],
        ),
        "sources": pd.DataFrame(
            [(s.source_id, s.title, s.publisher, s.when(view.lang), s.url) for s in listed],
            columns=[c.SOURCE_ID, "title", "publisher", "date", "address"],
        ),
    }


def _titles(
    dataset: Dataset, view: View, found: list[Layer]
) -> dict[str, list[tuple[str, str, str]]]:
    """Return what each column of each layer is called and means."""
    of_table: dict[str, tuple[ExportColumn, ...]] = {
        LAYER: (*columns(dataset), *SHAPE_COLUMNS),
        **{layer.name: layer.columns for layer in found},
        RELATION: map_layers.PAIRS,
    }
    return {name: described(dataset, of_layer, view.lang) for name, of_layer in of_table.items()}


def _styles(dataset: Dataset, view: View, found: list[Layer]) -> list[Style]:
    t = messages(view.lang)
    looks = {one.code: one for one in of_shapes(dataset, view).values()}
    kommuner = Style(LAYER, qml.shape_style(looks, _NAMES), sld.shape_style(LAYER, looks), LAYER)
    others = [
        Style(layer.name, qml.style(layer, t), sld.style(layer, t), layer.name) for layer in found
    ]
    return [kommuner, *others]
