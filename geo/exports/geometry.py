"""Joins the exported rows with their shapes, one row per kommune."""

import geopandas as gpd
import pandas as pd
import shapely

from geo import columns as c
from geo.base.cache import LEVELS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.exports import rows
from geo.exports.map_looks import of_shapes
from geo.places.boundaries import BoundarySet
from geo.settings import CRS_DEGREES

DETAIL = "fine"  # files are opened in programs that can zoom in


@cache_on(LEVELS)
def geometry(boundaries: BoundarySet, detail: str) -> gpd.GeoSeries:
    """Return geometries indexed by shape_id, outer rings counterclockwise, in EPSG:4326."""
    drawn = boundaries.drawn(detail)
    return drawn.geometry.set_crs(CRS_DEGREES).map(shapely.orient_polygons)


def shaped(dataset: Dataset, view: View, *, full: bool) -> gpd.GeoDataFrame:
    """Return `rows.values` with SHAPE_COLUMNS and geometry, in EPSG:4326, with a RangeIndex.

    Kommuner of the year that share a shape have one row each with the same geometry; shape_shared
    is then true, and shape_shared_with lists the others' kommunenr, separated by "|". map_look is
    the code of what the map draws the shape as (see `map_looks.Seen`). A kommune that does not
    exist in the structure year has no geometry.
    """
    table = rows.values(dataset, view, full=full)
    drawn = dataset.boundaries(view.year)
    of_year = coverage(dataset, view).frame[[c.SHAPE_ID, c.SHAPE_SHARED]].reindex(table.index)
    exists = of_year[c.SHAPE_ID].notna()
    others = ["|".join(drawn.drawn_with(str(nr))) if there else "" for nr, there in exists.items()]
    looks = {shape_id: one.code for shape_id, one in of_shapes(dataset, view).items()}
    columns = {
        c.SHAPE_ID: of_year[c.SHAPE_ID].fillna(""),
        c.SHAPE_SHARED: of_year[c.SHAPE_SHARED].eq(True),
        rows.SHARED_WITH: pd.Series(others, index=table.index, dtype="str"),
        c.MAP_LOOK: of_year[c.SHAPE_ID].map(looks).fillna(c.DID_NOT_EXIST).astype("str"),
    }
    found = geometry(drawn, DETAIL).reindex(of_year[c.SHAPE_ID]).to_numpy()
    frame = gpd.GeoDataFrame(table.assign(**columns), geometry=found, crs=CRS_DEGREES)
    return frame.reset_index(drop=True)
