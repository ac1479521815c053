"""Checks shapes for position and size by comparing them with the embedded map.

A kommune of another year is compared with the embedded shapes of 2020 that its land is in, by the
register's translation between years, and with its published area.

The limits are based on six third-party maps, of 2017 to 2024, from 0.7 to 1.6 MB, one with its
small islands shrunk. Measured in them, kommune by kommune:

- inside (the share of a shape within the embedded shapes of its land): at least 0.63 (Vågsøy, part
  of which was transferred in 2020) and 0.69 (Kvitsøy, 6 km²); half of all above 0.98;
- size (the shape's area divided by the published area) of kommuner above 100 km²: 0.71 (Frøya) to
  1.20 (Jondal); of smaller ones 0.14 (Kvitsøy, Træna) to 1.05;
- the whole map: at most 7 metres from the embedded one (median offset);
- exchanged (two kommuner in one embedded shape, so that position cannot tell them apart: how much
  better their sizes would fit with the numbers swapped, as a sum of logarithms): at most 0.005.
  A limit of 0.03 detects nine in ten swapped pairs of 2015; pairs of equal size go undetected.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.base.cache import YEARS, cache_on
from geo.columns import FROM_KOMMUNENR, TO_KOMMUNENR
from geo.places.embedded import EMBEDDED_YEAR, embedded_metres
from geo.places.register import Register
from geo.text.said import Said

SMALL_KM2 = 100
MOST_DOUBTFUL = 0.1  # share of the kommuner; above it the map as a whole is doubtful
FARTHEST_KM, DOUBTFUL_KM = 2.0, 0.2
FARTHEST_WITH_SEA_KM = 30.0  # the sea shifts the centroid of a kommune
_MOST_NAMED = 6


@dataclass(frozen=True)
class FitLimits:
    """The least share inside, and the range of area relative to the published area."""

    inside: float
    size: tuple[float, float]
    size_of_small: tuple[float, float]  # small islands are often drawn coarsely
    exchanged: float


POSSIBLE = FitLimits(0.3, (0.5, 1.75), (0.05, 3.0), 0.2)
USUAL = FitLimits(0.6, (0.65, 1.25), (0.12, 1.5), 0.03)


@dataclass(frozen=True)
class Fit:
    """What is wrong with a map, and what is doubtful; both empty if it fits."""

    wrong: tuple[Said, ...] = ()
    doubtful: tuple[Said, ...] = ()


def misplaced(kommuner: gpd.GeoDataFrame, register: Register, year: int) -> Said | None:
    """Return how far the whole map is from the embedded one, if that is implausible.

    Shapes are indexed by the kommunenr of `year`, in EPSG:25833, and may include the sea.
    """
    east, north = _offset(kommuner, register, year)
    return _away(east, north) if math.hypot(east, north) > FARTHEST_WITH_SEA_KM else None


def fit(kommuner: gpd.GeoDataFrame, register: Register, year: int) -> Fit:
    """Compare shapes with the embedded map.

    Shapes are indexed by the kommunenr of `year`, in EPSG:25833, without the sea.
    """
    east, north = _offset(kommuner, register, year)
    away = math.hypot(east, north)
    if away > FARTHEST_KM:
        return Fit((_away(east, north),))
    measured = _measured(kommuner, register, year)
    wrong = list(_outliers(measured, register, year, POSSIBLE))
    doubtful = list(_outliers(measured, register, year, USUAL))
    if wrong:
        return Fit((_named("boundary.wrong", wrong),))
    if len(doubtful) > MOST_DOUBTFUL * len(kommuner):
        return Fit((_named("boundary.many_doubtful", doubtful),))
    doubts = [_named("boundary.doubtful", doubtful)] if doubtful else []
    doubts += [_away(east, north)] if away > DOUBTFUL_KM else []
    return Fit(doubtful=tuple(doubts))


def _named(key: str, misfits: list[Said]) -> Said:
    shown: list[object] = list(misfits[:_MOST_NAMED])
    if len(misfits) > _MOST_NAMED:
        shown.append(Said("boundary.and_more", count=len(misfits) - _MOST_NAMED))
    return Said(key, {"which": tuple(shown)}, len(misfits))


def _away(east: float, north: float) -> Said:
    values = {
        "east": f"{abs(east):.1f}",
        "north": f"{abs(north):.1f}",
        "x": Said("boundary.east" if east >= 0 else "boundary.west"),
        "y": Said("boundary.north" if north >= 0 else "boundary.south"),
    }
    return Said("boundary.away", values)


@cache_on(YEARS)
def _references(register: Register, year: int) -> "pd.Series[Any]":
    """Return the embedded land of each kommune of a year: the union of the shapes it is in."""
    links = register.links(year, EMBEDDED_YEAR)
    links = links[~links["strip"]]
    embedded = embedded_metres("normal").geometry
    drawn = dict(zip(embedded.index, embedded, strict=True))
    own = {
        str(nr): shapely.union_all([drawn[part] for part in parts if part in drawn])
        for nr, parts in links.groupby(FROM_KOMMUNENR)[TO_KOMMUNENR]
    }
    return pd.Series(own, dtype=object)


def _offset(kommuner: gpd.GeoDataFrame, register: Register, year: int) -> tuple[float, float]:
    """Return the median offset (east, north) in km of the map from the embedded one."""
    drawn = embedded_metres("normal").geometry
    twins = {
        nr: twin
        for nr in map(str, kommuner.index)
        if (twin := register.same_land(nr, year, EMBEDDED_YEAR)) in drawn.index
    }
    if not twins:
        return 0.0, 0.0
    here = shapely.centroid(kommuner.geometry.loc[list(twins)].to_numpy())
    there = shapely.centroid(drawn.loc[list(twins.values())].to_numpy())
    east = np.median(shapely.get_x(here) - shapely.get_x(there))
    north = np.median(shapely.get_y(here) - shapely.get_y(there))
    return float(east) / 1000, float(north) / 1000


def _measured(kommuner: gpd.GeoDataFrame, register: Register, year: int) -> pd.DataFrame:
    """Return inside (0 to 1), km2, published (km²) and geometry of each kommune."""
    shapes = kommuner.geometry.to_numpy()
    references = _references(register, year).reindex(kommuner.index).to_numpy()
    area = shapely.area(shapes)
    return pd.DataFrame(
        {
            "inside": shapely.area(shapely.intersection(shapes, references)) / area,
            "km2": area / 1e6,
            "published": register.area_km2(year).reindex(kommuner.index).to_numpy(dtype=float),
            "geometry": shapes,
        },
        index=kommuner.index,
    )


def _outliers(
    measured: pd.DataFrame, register: Register, year: int, limits: FitLimits
) -> Iterator[Said]:
    """Yield a message for each kommune outside the limits."""
    yield from _exchanged(measured, register, year, limits.exchanged)
    for nr, row in measured.iterrows():
        who = {"nr": str(nr), "name": register.label(str(nr), year)}
        if row["inside"] < limits.inside:
            share = f"{100 * row['inside']:.0f}"
            lies = _land_of(row["geometry"])
            key = "boundary.on_land_of" if lies else "boundary.outside"
            yield Said(key, {**who, "share": share, "where": lies})
            continue
        small = row["published"] < SMALL_KM2
        least, most = limits.size_of_small if small else limits.size
        if row["published"] > 0 and not least <= row["km2"] / row["published"] <= most:
            yield Said("boundary.size", {**who, "km2": row["km2"], "published": row["published"]})


def _exchanged(
    measured: pd.DataFrame, register: Register, year: int, limit: float
) -> Iterator[Said]:
    """Yield the pairs in one embedded shape whose sizes fit better with swapped numbers."""
    links = register.links(EMBEDDED_YEAR, year)
    links = links[~links["strip"] & links[TO_KOMMUNENR].isin(measured.index)]
    km2, published = measured["km2"], measured["published"]

    def misfit(drawn: str, number: str) -> float:
        return abs(math.log(km2[drawn] / published[number]))

    pairs = {
        pair
        for _, own in links.groupby(FROM_KOMMUNENR)[TO_KOMMUNENR]
        for pair in combinations(sorted(own), 2)
        if all(published[nr] > 0 for nr in pair)
    }
    for one, other in sorted(pairs):
        own = misfit(one, one) + misfit(other, other)
        if own - misfit(one, other) - misfit(other, one) > limit:
            names = {nr: f"{nr} {register.label(nr, year)}" for nr in (one, other)}
            yield Said("boundary.exchanged", {"one": names[one], "other": names[other]})


def _land_of(geometry: Any) -> str:
    """Return the embedded kommune that contains most of a shape; "" if none has half of it."""
    drawn = embedded_metres("normal")
    shared = shapely.area(shapely.intersection(drawn.geometry.to_numpy(), geometry))
    most = int(np.argmax(shared))
    return str(drawn["name"].iloc[most]) if shared[most] > shapely.area(geometry) / 2 else ""
