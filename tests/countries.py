"""Norway in the shapes of any year, made of the embedded set, and what could be wrong with it."""

import geopandas as gpd
import shapely

from geo.places.embedded import EMBEDDED_YEAR, embedded_metres
from geo.places.register import Register
from geo.settings import CRS_METRES

NUMBER = "kommunenr"


def of(register: Register, year: int) -> gpd.GeoDataFrame:
    """The kommuner of a year: embedded shapes, cut into strips where several share one."""
    drawn = embedded_metres("normal").geometry
    links = register.links(EMBEDDED_YEAR, year)
    pieces: dict[str, list] = {}
    for shape_id, own in links[~links["strip"]].groupby("from_kommunenr"):
        parts = own.sort_values("to_kommunenr")
        strips = _strips(drawn[shape_id], list(parts["share"]))
        for nr, strip in zip(parts["to_kommunenr"], strips, strict=True):
            pieces.setdefault(str(nr), []).append(strip)
    numbers = sorted(pieces)
    shapes = [_areas(shapely.union_all(pieces[nr])) for nr in numbers]
    return gpd.GeoDataFrame({NUMBER: numbers}, geometry=shapes, crs=CRS_METRES)


def _strips(shape, shares: list[float]) -> list:
    """Cut a shape from west to east into parts of so much of its area."""
    west, south, east, north = shape.bounds
    cut, taken, whole = west, 0.0, sum(shares)
    strips = []
    for share in shares[:-1]:
        taken += share / whole
        low, high = cut, east
        for _ in range(20):
            middle = (low + high) / 2
            left = shapely.clip_by_rect(shape, west, south, middle, north)
            low, high = (middle, high) if left.area < taken * shape.area else (low, middle)
        strips.append(shapely.intersection(shape, shapely.box(cut, south, high, north)))
        cut = high
    return [*strips, shapely.intersection(shape, shapely.box(cut, south, east, north))]


def _areas(shape):
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])


def swapped(country: gpd.GeoDataFrame, one: str, other: str) -> gpd.GeoDataFrame:
    """Two kommuner with each other's number."""
    return country.replace({NUMBER: {one: other, other: one}})


def scaled(country: gpd.GeoDataFrame, factor: float, numbers=None) -> gpd.GeoDataFrame:
    """Shapes so many times as wide and as high, all of them or some."""
    chosen = country[NUMBER].isin(numbers if numbers is not None else country[NUMBER])
    sized = country.geometry.scale(factor, factor, origin="center")
    return country.set_geometry(country.geometry.where(~chosen, sized))


def moved(country: gpd.GeoDataFrame, degrees: float) -> gpd.GeoDataFrame:
    """The whole country so many degrees to the east."""
    there = country.to_crs("EPSG:4326")
    return there.set_geometry(there.translate(degrees, 0))


def as_if_in(country: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """The same coordinates, said to be of another system."""
    return country.set_crs(crs, allow_override=True)


def buffered(country: gpd.GeoDataFrame, metres: float) -> gpd.GeoDataFrame:
    """Every shape let out, over its neighbours and into the sea."""
    return country.set_geometry(country.buffer(metres, quad_segs=2))
