"""Points in whole metres, as the map and the browser have them."""

from collections.abc import Iterable

import geopandas as gpd

from geo.settings import CRS_DEGREES, CRS_METRES


def in_metres(lon: Iterable[float], lat: Iterable[float]) -> list[tuple[int, int]]:
    """Return points given in degrees (WGS 84) as north, east in whole metres (EPSG:25833)."""
    degrees = gpd.GeoSeries.from_xy(list(lon), list(lat), crs=CRS_DEGREES)
    return [(round(point.y), round(point.x)) for point in degrees.to_crs(CRS_METRES)]
