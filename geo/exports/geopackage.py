"""A GeoPackage for QGIS and its like."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.atlas import Atlas
from geo.exports.about import about, behind, definitions
from geo.exports.rows import COLUMNS, SHAPE_COLUMNS, values
from geo.exports.shapes import shaped
from geo.settings import CRS_METRES
from geo.view import View

LAYER = "kommuner"
# Programs of 2018 and later read this version; a newer one makes GDAL 3.6 of Debian 12 warn.
_VERSION = "1.2"


def geopackage(atlas: Atlas, view: View, *, full: bool) -> bytes:
    """Return a GeoPackage with the layer kommuner, and the tables about, definitions and sources.

    The layer is in EPSG:25833 (ETRS89 / UTM 33N), as maps of all Norway are: areas and distances
    measured in it are right. Its metadata names title, source, licence and attribution.
    """
    said = about(atlas, view, full=full).texts()
    listed = behind(atlas, view, values(atlas, view, full=full))
    tables = {
        "about": pd.DataFrame(said.items(), columns=["name", "text"]),
        "definitions": pd.DataFrame(
            definitions(view.lang, (*COLUMNS, *SHAPE_COLUMNS)),
            columns=["heading", "name", "meaning", "unit"],
        ),
        "sources": pd.DataFrame(
            [(s.source_id, s.title, s.publisher, s.when(view.lang), s.url) for s in listed],
            columns=["source_id", "title", "publisher", "date", "address"],
        ),
    }
    # The day, not the moment: the same view is the same file all day.
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": f"{datetime.now(tz=UTC):%Y-%m-%d}T00:00:00Z"}
    )
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "kommuner.gpkg"
        _write_layer(shaped(atlas, view, full=full).to_crs(CRS_METRES), said, path)
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG")
        return path.read_bytes()


def _write_layer(frame: gpd.GeoDataFrame, said: dict[str, str], path: Path) -> None:
    pyogrio.write_dataframe(
        frame,
        path,
        layer=LAYER,
        driver="GPKG",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        dataset_options={"VERSION": _VERSION},
        layer_options={"IDENTIFIER": said["title"], "DESCRIPTION": said["source"]},
        layer_metadata=said,
    )
