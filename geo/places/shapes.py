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
    metres = metres.set_geometry(
        metres.geometry.force_2d().make_valid(method="structure", keep_collapsed=False)
    )
    united = (
        metres.dissolve(by=metres.index.name, sort=True) if metres.index.has_duplicates else metres
    )
    cleaned = shapely.coverage_clean(united.geometry.to_numpy())
    _insist(cleaned, united)
    return united.set_geometry(gpd.GeoSeries(cleaned, index=united.index, crs=CRS_METRES))


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
            "geometry": rounded(shapely.geometry.mapping(geometry), decimals),
        }
        for shape_id, name, geometry in zip(
            shapes.index, shapes["name"], shapes.geometry, strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def rounded(value: Any, decimals: int) -> Any:
    """Return a GeoJSON geometry, or a part of one, rounded to `decimals`."""
    if isinstance(value, dict):
        return {key: rounded(part, decimals) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(part, decimals) for part in value]
    return round(value, decimals) if isinstance(value, float) else value


def compressed(content: bytes) -> bytes:
    """Return gzip with a fixed timestamp, so that the same content gives the same bytes."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def borders(
    shapes: gpd.GeoDataFrame, groups: Mapping[str, str], properties: Mapping[str, Any]
) -> bytes:
    """Return the lines between adjacent groups of shapes as GeoJSON, in EPSG:4326.

    `groups` maps each index value to its group, for example its fylke.
    """
    polygons = shapely.get_parts(shapes.geometry.to_numpy(), return_index=True)
    rings, of_polygon = shapely.get_rings(polygons[0], return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[:-1] == of_ring[1:]
    ends = np.hstack([points[:-1][same], points[1:][same]])
    backwards = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[backwards] = ends[backwards][:, [2, 3, 0, 1]]
    codes = {group: code for code, group in enumerate(sorted(set(groups.values())))}
    code_of_shape = np.array([codes[groups[str(i)]] for i in shapes.index])
    code = code_of_shape[polygons[1][of_polygon[of_ring[:-1][same]]]]
    lines = _between(ends, code)
    merged = shapely.line_merge(shapely.multilinestrings(lines)) if len(lines) else None
    geometry = shapely.geometry.mapping(merged) if merged else None
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": rounded(geometry, 4),
    }
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode()


def _between(ends: np.ndarray[Any, Any], code: np.ndarray[Any, Any]) -> Any:
    """Return the segments that belong to rings of two different groups."""
    unique, inverse = np.unique(ends, axis=0, return_inverse=True)
    lowest = np.full(len(unique), np.iinfo(np.int64).max)
    highest = np.full(len(unique), -1)
    np.minimum.at(lowest, inverse, code)
    np.maximum.at(highest, inverse, code)
    return shapely.linestrings(unique[lowest != highest].reshape(-1, 2, 2))
