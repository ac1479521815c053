"""Clips official boundaries, which extend twelve nautical miles out, to the coastline."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.official.origin import Origin, digest, now
from geo.places import shapes
from geo.places.embedded import CC_BY, embedded_file, whole_land
from geo.settings import CRS_METRES

# Along the national border, two drawings differ by slivers; the sea is one large area, or ponds
# that do not touch the border.
_WIDEST_SLIVER_M2 = 60e6
_TOO_LITTLE = 0.05  # of the published area; with less, the drawing has lost islands
CLIPPED = "klippet til kystlinjen i det innebygde settet"


def origin(credit: str = CLIPPED) -> Origin:
    """Return the lock-file origin of the coastline, or of a kommune that was filled in."""
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
    """Return the shapes without the sea, as a valid coverage in EPSG:25833, with the same index.

    Land is the embedded set's land, extended to the delivered national border. A kommune that would
    lose almost all of its published land area (km²) keeps its delivered shape. Raises ValueError if
    a shape vanishes.
    """
    delivered = repaired.geometry.to_numpy()
    clipped = shapely.intersection(delivered, _land_within(delivered))
    areas_only = np.array([shapes.areas(geometry) for geometry in clipped])
    published = published_km2.reindex(repaired.index).to_numpy(dtype=float) * 1e6
    lost = shapely.area(areas_only) < _TOO_LITTLE * published
    kept = np.where(lost, delivered, areas_only)
    return shapes.repair(
        repaired.set_geometry(gpd.GeoSeries(kept, index=repaired.index, crs=CRS_METRES))
    )


def _land_within(delivered: Any) -> Any:
    """Return the land, extended to the delivered national border."""
    country = shapely.coverage_union_all(delivered)
    outside = shapely.get_parts(shapely.difference(country, whole_land()))
    small = outside[shapely.area(outside) < _WIDEST_SLIVER_M2]
    edge = shapely.boundary(country)
    shapely.prepare(edge)
    slivers = small[shapely.intersects(edge, small)]
    return shapely.union_all([whole_land(), *slivers])
