"""The patterns of looks.json in matplotlib: the browser's tiles, laid over an area and cut to it.

matplotlib's own hatches are other patterns in other sizes, and none of them is a question mark.
"""

from functools import cache
from typing import Any

import numpy as np
import shapely
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from geo.base.look_data import DRAWING, mixed
from geo.brief.typeface import font
from geo.report.looks import Look

POINTS_PER_PIXEL = 0.8  # a pixel of the browser's, in points
_SOLID: dict[str, Any] = {"ground": 1}


def pattern_of(look: Look) -> dict[str, Any]:
    """Return how the pattern of a look is drawn, as looks.json has it."""
    return _SOLID if look.pattern == Look.pattern else DRAWING["patterns"][look.pattern]


def style_of(look: Look) -> dict[str, Any]:
    """Return matplotlib's patch properties for the ground and the outline of a look."""
    return {
        "facecolor": mixed(look.fill, pattern_of(look)["ground"]),
        "edgecolor": look.line,
        "linewidth": look.weight * POINTS_PER_PIXEL,
        "linestyle": (0, DRAWING["dashes"]) if look.dashed else "solid",
    }


def texture(
    look: Look, patch: Patch, area: Any, pixel: float, first: tuple[float, float] | None = None
) -> list[PathPatch]:
    """Return what lies on the ground of a patch, in its coordinates and cut to it.

    `area` is the patch as a shapely geometry, `pixel` the size of a browser's pixel in its units.
    `first` is where the first place of a tile comes to lie; tiles are laid from (0, 0) without it.
    """
    pattern, made = pattern_of(look), list[PathPatch]()
    if "stripe" in pattern:
        width = pattern["stripe"] * POINTS_PER_PIXEL
        lines = _stripes(pattern, area.bounds, pixel)
        made.append(PathPatch(lines, fill=False, edgecolor=look.fill, linewidth=width))
    if "places" in pattern:
        signs = _signs(pattern, _spots(pattern, area, pixel, first), pixel)
        made.append(PathPatch(signs, facecolor=look.fill, linewidth=0))
    for artist in made:
        artist.set(transform=patch.get_data_transform(), zorder=patch.get_zorder())
        artist.set_clip_path(patch)
    return made


def _stripes(pattern: dict[str, Any], bounds: Any, pixel: float) -> Path:
    """Return diagonals that rise to the right, across the bounds."""
    west, south, east, north = bounds
    step = pattern["tile"] * np.sqrt(2) * pixel  # along the lower edge
    starts = np.arange(np.floor((west - north) / step), np.ceil((east - south) / step) + 1) * step
    low = np.stack([starts + south, np.full_like(starts, south)], axis=1)
    high = np.stack([starts + north, np.full_like(starts, north)], axis=1)
    points = np.stack([low, high], axis=1).reshape(-1, 2)
    return Path(points, np.tile([Path.MOVETO, Path.LINETO], len(starts)))


def _spots(
    pattern: dict[str, Any], area: Any, pixel: float, first: tuple[float, float] | None
) -> Any:
    """Return the places of all tiles whose dot or sign touches the area, one row of x, y each."""
    tile = pattern["tile"]
    x, y = np.array(pattern["places"]).T
    # What a tile repeats at its far edge belongs to the next tile.
    x, y = x[x < tile] * pixel, -y[x < tile] * pixel
    left, top = (first[0] - x[0], first[1] - y[0]) if first else (0.0, 0.0)
    step = tile * pixel
    west, south, east, north = area.bounds
    columns = np.arange(np.floor((west - left) / step) - 1, np.ceil((east - left) / step) + 1)
    rows = np.arange(np.floor((south - top) / step) - 1, np.ceil((north - top) / step) + 2)
    grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 1, 2) * step
    spots = (grid + np.stack([x + left, y + top], axis=-1)).reshape(-1, 2)
    near = area.buffer(pattern.get("radius", pattern.get("size", 0) / 2) * pixel)
    shapely.prepare(near)
    return spots[shapely.contains_xy(near, spots)]


def _signs(pattern: dict[str, Any], spots: Any, pixel: float) -> Path:
    """Return the pattern's sign, or its dot, at all places: one path, which files hold once."""
    if "sign" in pattern:
        path, size = _letter(pattern["sign"]), pattern["size"]
    else:
        path, size = Path.unit_circle(), pattern["radius"]
    points = spots[:, None, :] + path.vertices * size * pixel
    codes: Any = path.codes
    return Path(points.reshape(-1, 2), np.tile(codes, len(spots)))


@cache
def _letter(sign: str) -> Path:
    """Return the outline of a sign one unit high, its middle at (0, 0)."""
    path = TextPath((0, 0), sign, size=1, prop=font(1, bold=True))
    box = path.get_extents()
    middle = Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2)
    return path.transformed(middle)
