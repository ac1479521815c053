"""What a structure year adds to shapes that several years share, as the browser gets it.

The fylke of each shape, and of each kommune its name, its inhabitants and where its name stands
on the map: in the middle of the widest part of a shape of its own, or where its people live if it
shares one.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo.base.cache import OWNER, SHAPES, cache_on
from geo.columns import LABEL, NAME
from geo.places.arcs import as_text
from geo.places.boundaries import BoundarySet
from geo.places.centres import centres
from geo.places.embedded import read_level
from geo.places.metres import in_metres
from geo.places.shapes import compressed
from geo.settings import CRS_METRES

STEP = 100  # metres; a name needs to stand no more exactly
_CLOSE = 300  # metres from the true middle


class Spot(NamedTuple):
    """Where a name stands, and how far it is from there to the border, in metres."""

    north: float
    east: float
    room: float


@cache_on(OWNER)
def year_file(drawn: BoundarySet) -> bytes:
    """Return what the year of a boundary set adds, as gzipped JSON.

    `fylker` lists the shape_ids of each fylkesnr, joined by spaces; `names` maps shape_ids to
    labels where the year's name differs from the drawn one; `kommuner` has a list or packed
    numbers (see `arcs`) per column, in the order of `numbers`: `names` are official ones, and
    `labels` maps numbers to labels where these differ; `shapes` are shape_ids joined by spaces;
    `people` is 0 where they were not counted; `north`, `east` and `room` are in steps of STEP
    metres, the first two as the difference from the kommune before.
    """
    named = zip(drawn.shapes.index, drawn.shapes["name"], drawn.shapes[LABEL], strict=True)
    fylker: dict[str, list[str]] = {}
    for shape_id, nr in drawn.fylke_of.items():
        fylker.setdefault(nr, []).append(shape_id)
    content = {
        "fylker": {nr: " ".join(ids) for nr, ids in fylker.items()},
        "names": {str(i): str(label) for i, name, label in named if name != label},
        "kommuner": _kommuner(drawn),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return compressed(text.encode())


@cache_on(OWNER)
def year_file_name(drawn: BoundarySet) -> str:
    """Return a name for the year's file that changes with its content."""
    return f"fylker-{drawn.year}-{hashlib.sha256(year_file(drawn)).hexdigest()[:10]}"


def _kommuner(drawn: BoundarySet) -> dict[str, Any]:
    shapes_of = dict(sorted(drawn.shapes_of.items()))  # neighbours follow each other
    register = drawn.register.kommuner(drawn.year).loc[list(shapes_of)]
    people = drawn.register.population(drawn.year).reindex(register.index).fillna(0)
    spots = _spots(drawn)
    placed = np.array([spots[nr] for nr in shapes_of])
    steps = np.round(placed / STEP).astype(int)
    moves = np.diff(steps[:, :2], axis=0, prepend=0)
    differing = register[register[NAME] != register[LABEL]]
    return {
        "step": STEP,
        "numbers": " ".join(shapes_of),
        "names": register[NAME].tolist(),
        "labels": {str(nr): str(label) for nr, label in differing[LABEL].items()},
        "shapes": [" ".join(ids) for ids in shapes_of.values()],
        "people": as_text(people.to_numpy(dtype=int)),
        "north": as_text(moves[:, 0]),
        "east": as_text(moves[:, 1]),
        "room": as_text(steps[:, 2]),
    }


def _spots(drawn: BoundarySet) -> dict[str, Spot]:
    """Return where the name of each kommune stands, by kommunenr."""
    middles, homes = _middles(drawn.levels["overview"]), centres(drawn.register, drawn.year)
    living = in_metres([one.lon for one in homes.values()], [one.lat for one in homes.values()])
    at_home = {nr: Spot(*point, 0) for nr, point in zip(homes, living, strict=True)}
    return {
        nr: at_home[nr]
        if nr in at_home and not drawn.shared.keys().isdisjoint(ids)
        else middles[ids[0]]
        for nr, ids in drawn.shapes_of.items()
    }


@lru_cache(SHAPES.most)
def _middles(level: bytes) -> Mapping[str, Spot]:
    """Return the middle of the largest circle inside the largest part of each shape."""
    shapes: gpd.GeoDataFrame = read_level(level).to_crs(CRS_METRES)
    parts = shapes.geometry.explode()
    order = parts.area.to_numpy().argsort()
    kept = dict(zip(parts.index[order], parts.to_numpy()[order], strict=True))  # the last one wins
    radii = shapely.maximum_inscribed_circle(np.array(list(kept.values())), tolerance=_CLOSE)
    ends = shapely.get_coordinates(radii).reshape(-1, 2, 2)
    lengths = shapely.length(radii)
    return {
        str(i): Spot(float(middle[1]), float(middle[0]), float(room))
        for i, middle, room in zip(kept, ends[:, 0], lengths, strict=True)
    }
