"""Repairs polygons for maps: valid, a coverage without gaps, simplified with shared borders."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.settings import CRS_DEGREES, CRS_METRES

# Level of detail: (simplification in metres, decimals of a degree).
DETAILS: Mapping[str, tuple[float, int]] = {
    "overview": (2000, 3),
    "normal": (500, 4),
    "fine": (0, 5),
}
_MOST_NAMED = 6


def repair(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return valid polygons that share their borders exactly, in EPSG:25833.

    Same columns, one row per index value: pieces are dissolved (GEOS make_valid, coverage_clean).
    Raises ValueError if a shape vanishes.
    """
    metres = shapes.to_crs(CRS_METRES)
    metres = metres.set_geometry(_valid(metres.geometry.force_2d()))
    united = (
        metres.dissolve(by=metres.index.name, sort=True) if metres.index.has_duplicates else metres
    )
    cleaned = united.geometry.to_numpy()
    if not shapely.coverage_is_valid(cleaned):  # a third of the time that cleaning takes
        cleaned = shapely.coverage_clean(cleaned)
    _insist(cleaned, united)
    return united.set_geometry(gpd.GeoSeries(cleaned, index=united.index, crs=CRS_METRES))


def _valid(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes that are valid; most are, and asking takes a tenth of the time."""
    good = geometry.is_valid
    if good.all():
        return geometry
    mended = geometry[~good].make_valid(method="structure", keep_collapsed=False)
    return geometry.where(good, mended)


def simplify(repaired: gpd.GeoDataFrame, detail: str) -> gpd.GeoDataFrame:
    """Return the shapes at a level of detail, in EPSG:4326, rounded to its decimals.

    GEOS coverage_simplify moves both sides of a border alike, so that borders stay shared. Raises
    ValueError if a shape vanishes.
    """
    metres, decimals = DETAILS[detail]
    geometry = shapely.coverage_simplify(repaired.geometry.to_numpy(), metres)
    degrees = gpd.GeoSeries(geometry, index=repaired.index, crs=CRS_METRES).to_crs(CRS_DEGREES)
    rounded = shapely.set_precision(degrees.to_numpy(), 10.0**-decimals, mode="pointwise")
    # Rounding may make a narrow spit self-intersect.
    valid = shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    _insist(valid, repaired)
    oriented = shapely.orient_polygons(valid)
    return repaired.set_geometry(gpd.GeoSeries(oriented, index=repaired.index, crs=CRS_DEGREES))


def areas(geometry: Any) -> Any:
    """Return the polygons of a geometry, without lines and points where shapes only touch."""
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _insist(geometry: Any, shapes: gpd.GeoDataFrame) -> None:
    vanished = shapes.index[shapely.is_empty(geometry)]
    if len(vanished):
        shown = ", ".join(map(str, vanished[:_MOST_NAMED]))
        more = " and others" if len(vanished) > _MOST_NAMED else ""
        raise ValueError(f"nothing is left of {shown}{more} after repair; do shapes overlap?")


def geojson(shapes: gpd.GeoDataFrame, detail: str) -> bytes:
    """Return compact GeoJSON for the browser: id is the index, property n the name."""
    decimals = DETAILS[detail][1]
    features = [
        {
            "type": "Feature",
            "id": str(shape_id),
            "properties": {"n": name},
            "geometry": rounded(geometry, decimals),
        }
        for shape_id, name, geometry in zip(
            shapes.index, shapes["name"], shapes.geometry, strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def rounded(geometry: Any, decimals: int) -> dict[str, Any]:
    """Return a geometry as GeoJSON has it, rounded to `decimals`."""
    fewer = shapely.transform(geometry, lambda points: np.round(points, decimals))
    found: dict[str, Any] = shapely.geometry.mapping(fewer)
    return found


def compressed(content: bytes) -> bytes:
    """Return gzip with a fixed timestamp, so that the same content gives the same bytes."""
    return gzip.compress(content, compresslevel=9, mtime=0)
