"""Exports a GeoPackage for QGIS and other GIS programs."""

import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.columns import SOURCE_ID
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.about import about, behind, definitions
from geo.exports.geometry import shaped
from geo.exports.rows import SHAPE_COLUMNS, values
from geo.settings import CRS_METRES

LAYER = "kommuner"
# GeoPackage 1.2 is read by programs since 2018; newer versions make Debian 12's GDAL 3.6 warn.
_VERSION = "1.2"


def geopackage(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return a GeoPackage with the layer kommuner and the tables about, definitions and sources.

    The layer has the columns of `shaped` and is in EPSG:25833 (ETRS89 / UTM 33N), the usual CRS for
    maps of all Norway, in metres. Its metadata names title, source, licence and attribution.
    """
    said = about(dataset, view, full=full).texts()
    listed = behind(dataset, view, values(dataset, view, full=full))
    tables = {
        "about": pd.DataFrame(said.items(), columns=["name", "text"]),
        "definitions": pd.DataFrame(
            definitions(dataset, view.lang, SHAPE_COLUMNS),
            columns=["heading", "name", "meaning", "unit"],
        ),
        "sources": pd.DataFrame(
            [(s.source_id, s.title, s.publisher, s.when(view.lang), s.url) for s in listed],
            columns=[SOURCE_ID, "title", "publisher", "date", "address"],
        ),
    }
    # The day of the data, so that the same view gives the same file on any day.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{dataset.data_day}T00:00:00Z"})
    return _with_tables(_layer(shaped(dataset, view, full=full).to_crs(CRS_METRES), said), tables)


def _layer(frame: gpd.GeoDataFrame, said: dict[str, str]) -> bytes:
    """Return a GeoPackage with only the layer, written in memory."""
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


def _with_tables(content: bytes, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Add attribute tables in memory; GDAL could add them only to a file on disk."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        for name, table in tables.items():
            columns = "".join(f', "{column}" TEXT' for column in table.columns)
            database.execute(f'CREATE TABLE "{name}" ("fid" INTEGER PRIMARY KEY{columns})')
            places = ", ".join("?" * len(table.columns))
            rows = table.itertuples(index=False, name=None)
            insert = f'INSERT INTO "{name}" VALUES (NULL, {places})'  # noqa: S608 - our own table names
            database.executemany(insert, rows)
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
                "SELECT ?, 'attributes', ?, last_change FROM gpkg_contents WHERE table_name = ?",
                (name, name, LAYER),
            )
        database.commit()
        return database.serialize()
