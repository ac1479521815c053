"""Reads the boundaries that ship: the kommuner of 2020, and the land of the countries around."""

import gzip
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.base.cache import SHAPES, frozen, lent
from geo.columns import SHAPE_ID
from geo.settings import CRS_DEGREES, CRS_METRES, ROOT

EMBEDDED = ROOT / "data" / "boundaries"
EMBEDDED_YEAR = 2020
NEIGHBOURS = EMBEDDED / "neighbours" / "land.geojson.gz"
KARTVERKET = "© Kartverket"
CC_BY = "CC BY 4.0"


def level_name(year: int, detail: str) -> str:
    """Return the file name of a level of detail."""
    return f"kommuner-{year}-{detail}.geojson.gz"


def embedded_file(detail: str) -> Path:
    """Return the path of the embedded set's file of a level of detail."""
    return EMBEDDED / level_name(EMBEDDED_YEAR, detail)


def embedded_shapes(detail: str) -> gpd.GeoDataFrame:
    """Return name and geometry of the embedded kommuner, indexed by kommunenr, in EPSG:4326."""
    return read_level(embedded_file(detail).read_bytes())


def embedded_metres(detail: str) -> gpd.GeoDataFrame:
    """Return name and geometry of the embedded kommuner by kommunenr, in EPSG:25833."""
    return lent(_embedded_metres(detail))


@cache
def _embedded_metres(detail: str) -> gpd.GeoDataFrame:
    return frozen(embedded_shapes(detail).to_crs(CRS_METRES))


@cache
def whole_land() -> Any:
    """Return the land of the embedded set as one geometry in EPSG:25833."""
    return shapely.union_all(embedded_metres("fine").geometry.to_numpy())


def neighbours() -> gpd.GeoDataFrame:
    """Return name and geometry of the countries around, by ISO 3166-1 number, in EPSG:25833.

    They are cut to what the map can show, and reach some kilometres under Norway.
    """
    return lent(_neighbours())


@cache
def _neighbours() -> gpd.GeoDataFrame:
    return frozen(read_level(NEIGHBOURS.read_bytes()).to_crs(CRS_METRES))


def read_level(content: bytes) -> gpd.GeoDataFrame:
    """Return name and geometry from gzipped GeoJSON, indexed by shape_id, in EPSG:4326."""
    return lent(_read_level(content))


@lru_cache(SHAPES.most)
def _read_level(content: bytes) -> gpd.GeoDataFrame:
    features = json.loads(gzip.decompress(content))["features"]
    frame = gpd.GeoDataFrame.from_features(features, crs=CRS_DEGREES)
    frame.index = pd.Index([feature["id"] for feature in features], name=SHAPE_ID)
    return frozen(frame.rename(columns={"n": "name"}))
