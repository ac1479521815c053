"""Take the sea away: official borders go out to twelve nautical miles, a map shows land."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.official.origin import Origin, digest, now
from geo.places import shapes
from geo.places.embedded import CC_BY, embedded_file, land
from geo.settings import CRS_METRES

# What lies between the land of two drawings along the border with a neighbouring country is a
# sliver; what the sea takes is one great area, and ponds that touch no border.
_WIDEST_SLIVER_M2 = 60e6
_TOO_LITTLE = 0.05  # of the published land: then the drawing has lost the kommune's islands
CLIPPED = "klippet til kystlinjen i det innebygde settet"


def origin(credit: str = CLIPPED) -> Origin:
    """Return where the coastline, or a kommune that was filled in, comes from: the lock's words."""
    path = embedded_file("fine")
    content = path.read_bytes()
    return Origin(
        address=f"data/boundaries/{path.name}",
        fetched_at=now(),
        size=len(content),
        sha256=digest(content),
        media_type="application/geo+json",
        service="Det innebygde settet",
        licence=CC_BY,
        credit=credit,
    )


def clip(repaired: gpd.GeoDataFrame, published_km2: "pd.Series[float]") -> gpd.GeoDataFrame:
    """Return the shapes without the sea, as a valid coverage in EPSG:25833.

    Land is where the embedded set has land, up to the delivered borders with other countries. A
    kommune of which almost nothing would be left, measured by its published land, keeps what was
    delivered. Raises ValueError if a shape vanishes.
    """
    delivered = repaired.geometry.to_numpy()
    clipped = shapely.intersection(delivered, _land_within(delivered))
    areas_only = np.array([_areas(geometry) for geometry in clipped])
    published = published_km2.reindex(repaired.index).to_numpy(dtype=float) * 1e6
    lost = shapely.area(areas_only) < _TOO_LITTLE * published
    kept = np.where(lost, delivered, areas_only)
    return shapes.repair(
        repaired.set_geometry(gpd.GeoSeries(kept, index=repaired.index, crs=CRS_METRES))
    )


def _land_within(delivered: Any) -> Any:
    """Return the land, let out to the delivered borders with other countries."""
    country = shapely.coverage_union_all(delivered)
    outside = shapely.get_parts(shapely.difference(country, land()))
    small = outside[shapely.area(outside) < _WIDEST_SLIVER_M2]
    edge = shapely.boundary(country)
    shapely.prepare(edge)
    slivers = small[shapely.intersects(edge, small)]
    return shapely.union_all([land(), *slivers])


def _areas(geometry: Any) -> Any:
    """Return the areas of a geometry without the lines and points of a mere touch."""
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
