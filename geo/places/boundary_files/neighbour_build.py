"""Builds the land of neighbouring countries from a package's geometry, reproducibly."""

import argparse
import hashlib
import json
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.columns import SHAPE_ID
from geo.errors import BuildFailed
from geo.places import shapes
from geo.places.embedded import NEIGHBOURS, whole_land
from geo.settings import CRS_DEGREES, CRS_METRES

PACKAGE, VERSION = "world-atlas", "2.0.2"  # of npm's registry; Natural Earth 4.1
TARBALL_SHA256 = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"
MEMBER = "package/countries-10m.json"
RECIPE = "recipe.json"

NORWAY = "578"  # ISO 3166-1
_WINDOW = (-30, 49, 70, 82)  # degrees: what can be projected to UTM 33 without folding
_FRAME = (-1_400_000, 5_700_000, 2_500_000, 8_900_000)  # metres: beyond what the map can show
_UNDER_M = 9000  # how far a neighbour reaches under Norway, so that no strip of sea is left
_TOLERANCE_M = 3000
_FEWEST_POINTS = 4  # of a ring: some tiny islands of the source have fewer
_SMALLEST_ISLAND_M2, _SMALLEST_LAKE_M2 = 40e6, 150e6


def download(folder: Path) -> Path:
    """Download the tarball with npm into `folder`. Raises BuildFailed if npm fails."""
    npm = shutil.which("npm")
    if npm is None:
        raise BuildFailed(f"There is no npm to download {PACKAGE} {VERSION} with.")
    command = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)  # noqa: S603
    if done.returncode:
        raise BuildFailed(f"npm could not download {PACKAGE} {VERSION}:\n{done.stderr.strip()}")
    return next(folder.glob("*.tgz"))


def countries(tarball: Path) -> gpd.GeoDataFrame:
    """Return the countries around Norway: name and geometry by ISO number, in EPSG:25833.

    Raises BuildFailed if the tarball is not the expected file.
    """
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if digest != TARBALL_SHA256:
        raise BuildFailed(
            f"{tarball.name} is not the file the recipe was made for: its sha256 is {digest}, "
            f"expected {TARBALL_SHA256}. Download {PACKAGE} {VERSION} again."
        )
    with tarfile.open(tarball) as packed:
        member = packed.extractfile(MEMBER)
        topology = json.load(member) if member else {}
    found = dict(_near(topology))
    index = pd.Index(found, name=SHAPE_ID)
    names, geometry = zip(*found.values(), strict=True)
    return gpd.GeoDataFrame(
        {"name": names}, geometry=list(geometry), index=index, crs=CRS_DEGREES
    ).to_crs(CRS_METRES)


def _near(topology: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield ISO number, name and geometry in degrees of each country within the window."""
    arcs = _arcs(topology)
    for country in topology["objects"]["countries"]["geometries"]:
        given = country.get("arcs", [])
        polygons = given if country["type"] == "MultiPolygon" else [given]
        parts = [_polygon(rings, arcs) for rings in polygons if rings]
        near = shapely.intersection(parts, shapely.box(*_WINDOW))
        geometry = shapely.union_all(near)
        if not geometry.is_empty and "id" in country:
            yield country["id"], (country["properties"]["name"], geometry)


def _arcs(topology: Mapping[str, Any]) -> list[Any]:
    """Return the arcs in degrees (the TopoJSON specification, 2.1.3 and 2.1.4)."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]


def _polygon(rings: list[list[int]], arcs: list[Any]) -> Any:
    joined: list[Any] = []
    for ring in rings:
        points = np.vstack([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring])
        # What crosses 180 degrees would reach around the whole world.
        crosses = np.ptp(points[:, 0]) > 180
        joined.append(points + np.where(crosses & (points < 0), [360, 0], 0))
    holes = [hole for hole in joined[1:] if len(hole) >= _FEWEST_POINTS]
    if len(joined[0]) < _FEWEST_POINTS:
        return shapely.Polygon()
    return shapely.make_valid(shapely.Polygon(joined[0], holes))


def neighbours(around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the land that the map shows of each country but Norway, simplified, in EPSG:4326.

    `around` has the countries in EPSG:25833. Where they meet Norway they reach some kilometres
    under it, since the two sources draw the border differently.
    """
    cut = around.geometry.make_valid().intersection(shapely.box(*_FRAME))
    norway = cut[NORWAY].intersection(whole_land().buffer(_UNDER_M))
    others = cut.drop(NORWAY)[~cut.drop(NORWAY).is_empty]
    under = others.union(others.buffer(_UNDER_M).intersection(norway)).map(shapes.areas)
    repaired = shapes.repair(around.loc[others.index].set_geometry(under))
    simple = shapely.coverage_simplify(repaired.geometry.to_numpy(), _TOLERANCE_M)
    kept = repaired.set_geometry(gpd.GeoSeries(map(_large, simple), repaired.index, CRS_METRES))
    return kept[~kept.geometry.is_empty].to_crs(CRS_DEGREES)


def _large(geometry: Any) -> Any:
    """Return a geometry without small islands and lakes."""
    islands = [part for part in shapely.get_parts(geometry) if part.area > _SMALLEST_ISLAND_M2]
    lakes = [
        [ring for ring in part.interiors if shapely.Polygon(ring).area > _SMALLEST_LAKE_M2]
        for part in islands
    ]
    with_lakes = zip(islands, lakes, strict=True)
    return shapely.MultiPolygon([(part.exterior, own) for part, own in with_lakes])


def build(tarball: Path, folder: Path) -> dict[str, Any]:
    """Write the neighbouring countries and their recipe into `folder`; return the recipe."""
    found = neighbours(countries(tarball))
    content = shapes.compressed(shapes.geojson(found, "overview"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NEIGHBOURS.name).write_bytes(content)
    recipe = {
        "source": {
            "registry": "npm",
            "package": PACKAGE,
            "version": VERSION,
            "tarball_sha256": TARBALL_SHA256,
            "path": MEMBER,
        },
        "content": "land of the countries around Norway, EPSG:4326",
        "attribution": "Made with Natural Earth, https://www.naturalearthdata.com/, public domain",
        "steps": [
            f"cut to {_WINDOW} degrees and {_FRAME} metres of EPSG:25833",
            f"Norway left out; its neighbours reach {_UNDER_M} m under it",
            "coverage_clean: neighbours share their borders exactly",
            f"coverage_simplify, {_TOLERANCE_M} m",
            f"no islands below {_SMALLEST_ISLAND_M2 / 1e6:.0f} km2",
            f"no lakes below {_SMALLEST_LAKE_M2 / 1e6:.0f} km2",
            "EPSG:4326, rounded to 3 decimals",
        ],
        "countries": sorted(found["name"]),
        "made_with": {
            "python": platform.python_version(),
            "shapely": shapely.__version__,
            "geos": shapely.geos_version_string,
            "geopandas": gpd.__version__,
        },
        "file": {
            "name": NEIGHBOURS.name,
            "vertices": int(shapely.get_num_coordinates(found.geometry.to_numpy()).sum()),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    }
    text = json.dumps(recipe, ensure_ascii=False, indent=2) + "\n"
    (folder / RECIPE).write_text(text, encoding="utf-8")
    return recipe


def make(tarball: Path | None = None, folder: Path = NEIGHBOURS.parent) -> dict[str, Any]:
    """Build the file from the tarball, downloading it if none is given."""
    if tarball:
        return build(tarball, folder)
    with tempfile.TemporaryDirectory() as scratch:
        return build(download(Path(scratch)), folder)


def add_action(actions: Any) -> None:
    """Add `neighbours` to the command `boundaries`."""
    building = actions.add_parser("neighbours", help="make the land around from its source")
    building.add_argument("--tarball", type=Path, help=f"a downloaded {PACKAGE} {VERSION} package")
    building.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    made = make(arguments.tarball)["file"]
    print(f"{made['name']}: {made['vertices']} vertices, {made['bytes']} bytes")  # noqa: T201
    return 0
