"""Read other people's boundary files: any usual format, field name and coordinate system."""

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo import shapes
from geo.columns import LABEL
from geo.errors import BoundaryRefused
from geo.register import Register
from geo.settings import CRS_DEGREES

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".parquet", ".geoparquet")
# Compared without case; the usual names in Norwegian files, short forms of shapefiles included.
NUMBER_FIELDS = (
    "kommunenr",
    "kommunenummer",
    "kommunenum",
    "kommune_no",
    "kommune_nr",
    "kommnr",
    "komm_nr",
    "komm",
    "knr",
    "kommune",
    "municipality_code",
    "location_code",
)
_MOST_NAMED = 6


@dataclass(frozen=True)
class Imported:
    """Shapes indexed by kommunenr, EPSG:25833, repaired; and the years whose register they fit."""

    shapes: gpd.GeoDataFrame
    years: tuple[int, ...]


def files(folder: Path) -> list[Path]:
    """Return the boundary files in a folder; the embedded set's own files do not count."""
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name != "recipe.json"
    )


def read(path: Path, register: Register, year: int | None = None) -> Imported:
    """Read and check a file. Raises BoundaryRefused, saying what is wrong and what to do.

    `year` insists on a structure year; a year in the file's name does the same.
    """
    return accept(_open(path), path.name, register, year or year_in_name(path.name, register))


def accept(
    frame: gpd.GeoDataFrame, name: str, register: Register, claimed: int | None = None
) -> Imported:
    """Check and repair shapes that were read from `name`; a claimed year must fit.

    Raises BoundaryRefused.
    """
    numbers = _numbers(frame, name)
    years = fitting_years(set(numbers), register, claimed, name)
    known = register.kommuner(years[0])["norwegian_name"]
    frame = gpd.GeoDataFrame(
        {"name": numbers.map(known).to_numpy()},
        geometry=frame.geometry.to_numpy(),
        index=pd.Index(numbers, name="shape_id"),
        crs=frame.crs or CRS_DEGREES,
    )
    _check_geometry(frame, name)
    try:
        return Imported(shapes.repair(frame), years)
    except (ValueError, shapely.GEOSException) as error:
        raise BoundaryRefused(f"{name}: {error}.") from error


def store(path: Path, register: Register, data_dir: Path, year: int | None = None) -> Path:
    """Check a file and put its repaired shapes into the data directory as GeoParquet.

    Written beside and moved into place, so that a failure leaves what was there. Raises
    BoundaryRefused.
    """
    imported = read(path, register, year)
    folder = data_dir / "boundaries"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"kommuner-{year if year in imported.years else imported.years[0]}.parquet"
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_bytes(parquet(imported.shapes))
    return unfinished.replace(target)


def parquet(repaired: gpd.GeoDataFrame) -> bytes:
    """Return the shapes as GeoParquet, as they are kept."""
    content = io.BytesIO()
    repaired.reset_index(names="kommunenr").to_parquet(content)
    return content.getvalue()


def levels(repaired: gpd.GeoDataFrame) -> Mapping[str, bytes]:
    """Return gzipped GeoJSON for the browser by level of detail."""
    return {
        detail: shapes.compressed(shapes.geojson(shapes.simplify(repaired, detail), detail))
        for detail in shapes.DETAILS
    }


def _open(path: Path) -> gpd.GeoDataFrame:
    if path.suffix.lower() not in {".parquet", ".geoparquet"}:
        return opened(path, path.name)
    try:
        frame = gpd.read_parquet(path)
    except Exception as error:  # pyarrow has errors of its own
        raise BoundaryRefused(_unreadable(path, path.name, error)) from error
    return _not_empty(frame, path.name)


def opened(source: Path | bytes, name: str, **options: str) -> gpd.GeoDataFrame:
    """Read the kommuner of a map file, or of its content; options are those of GDAL's driver.

    Files as Geonorge delivers them hold several layers: kommuner, and the lines between them.
    Raises BoundaryRefused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields that are not read anyway
            layer = _layer_of_kommuner(source, options)
            return _not_empty(gpd.read_file(_fresh(source), layer=layer, **options), name)
    except BoundaryRefused:
        raise
    except Exception as error:  # every driver has errors of its own
        raise BoundaryRefused(_unreadable(source, name, error)) from error


def _layer_of_kommuner(source: Path | bytes, options: Mapping[str, str]) -> int:
    """Return the place of the layer of areas with kommune numbers; 0 if there is none."""
    for place, (_, kind) in enumerate(pyogrio.list_layers(_fresh(source))):
        if kind is None or "Polygon" in kind or "Unknown" in kind:
            about = pyogrio.read_info(_fresh(source), layer=place, **options)
            if {str(field).lower() for field in about["fields"]} & set(NUMBER_FIELDS):
                return place
    return 0


def _fresh(source: Path | bytes) -> Any:
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _unreadable(source: Path | bytes, name: str, error: Exception) -> str:
    # The drivers name the whole path, and readers see what is said here.
    said = str(error) if isinstance(source, bytes) else str(error).replace(str(source), name)
    return (
        f"{name} cannot be read as a map file ({said}). Use GeoJSON, GeoPackage, a shapefile "
        "with its .dbf and .prj, or GeoParquet."
    )


def _not_empty(frame: Any, name: str) -> gpd.GeoDataFrame:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise BoundaryRefused(f"{name} holds no shapes.")
    return frame


def _numbers(frame: gpd.GeoDataFrame, file: str) -> "pd.Series[str]":
    by_name = {str(column).lower(): column for column in frame.columns}
    for name in NUMBER_FIELDS:
        if name in by_name:
            # Half of the files in use store the number as a number: 0301 has become 301.
            text = frame[by_name[name]].astype("string").str.strip()
            text = text.str.removesuffix(".0").str.replace(r"^municip_nor", "", regex=True)
            if text.str.fullmatch(r"\d{3,4}").fillna(False).all():
                padded: pd.Series[str] = text.str.zfill(4)
                return padded
            bad = text[~text.str.fullmatch(r"\d{3,4}").fillna(False)]
            raise BoundaryRefused(
                f"{file}, feature {bad.index[0] + 1}, {by_name[name]}: "
                f'"{bad.iloc[0]}" is not a kommune number of four digits.'
            )
    fields = ", ".join(str(c) for c in frame.columns if c != frame.geometry.name)
    raise BoundaryRefused(
        f"{file} has no field with kommune numbers (its fields: {fields}). Name the field "
        "kommunenr."
    )


def year_in_name(name: str, register: Register) -> int | None:
    """Return the first year in a file's name that there is a register of."""
    years = [int(y) for y in re.findall(r"(?<!\d)(20\d\d)(?!\d)", name)]
    known = [y for y in years if y in register.years]
    return known[0] if known else None


def fitting_years(
    numbers: set[str], register: Register, claimed: int | None, name: str
) -> tuple[int, ...]:
    """Return the years whose kommuner these are. Raises BoundaryRefused if there are none."""
    own = {year: set(register.kommuner(year).index) for year in register.years}
    fitting = tuple(year for year in register.years if own[year] == numbers)
    if fitting and claimed in (None, *fitting):
        return fitting
    likely = max(register.years, key=lambda y: len(own[y] & numbers) - len(own[y] ^ numbers))
    if fitting:
        raise BoundaryRefused(
            f"{name} is taken to be of {claimed}, but its kommune numbers are those of "
            f"{_span(fitting)}. Is it the right file, and the right year?"
        )
    raise BoundaryRefused(_misfit(name, numbers, register, claimed or likely))


def _misfit(name: str, numbers: set[str], register: Register, year: int) -> str:
    kommuner = register.kommuner(year)[LABEL]
    missing = [f"{nr} {kommuner[nr]}" for nr in sorted(set(kommuner.index) - numbers)]
    unknown = sorted(numbers - set(kommuner.index))
    says = [f"{name} does not fit the {len(kommuner)} kommuner of {year}."]
    if missing:
        says.append(f"Missing: {_some(missing)}.")
    if unknown:
        says.append(f"Not kommuner in {year}: {_some(unknown)}.")
    says.append("A boundary file must hold every kommune of one year and no other.")
    return " ".join(says)


def _some(items: list[str]) -> str:
    rest = len(items) - _MOST_NAMED
    return ", ".join(items[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _span(years: tuple[int, ...]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"


def _check_geometry(frame: gpd.GeoDataFrame, name: str) -> None:
    empty = frame.index[frame.geometry.isna() | frame.geometry.is_empty]
    if len(empty):
        raise BoundaryRefused(f"{name}: {_some(list(empty))} has no shape.")
    kinds = set(frame.geom_type) - {"Polygon", "MultiPolygon"}
    if kinds:
        raise BoundaryRefused(f"{name} holds {', '.join(sorted(kinds))}, not areas.")
    if not np.isfinite(shapely.get_coordinates(frame.geometry.to_numpy())).all():
        raise BoundaryRefused(f"{name} has coordinates that are not numbers.")
    west, south, east, north = frame.to_crs(CRS_DEGREES).total_bounds
    if not (west > -15 and east < 45 and south > 50 and north < 85):
        raise BoundaryRefused(
            f"{name} does not lie in Norway: it reaches from {west:.1f} to {east:.1f} degrees "
            f"east and {south:.1f} to {north:.1f} north. Is its coordinate system stated?"
        )
