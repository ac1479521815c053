"""Read other people's boundary files: any usual format, field name and coordinate system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

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
    frame = _open(path)
    numbers = _numbers(frame, path)
    claimed = year or _year_in_name(path, register)
    years = _fitting_years(set(numbers), register, claimed, path)
    known = register.kommuner(years[0])["norwegian_name"]
    frame = gpd.GeoDataFrame(
        {"name": numbers.map(known).to_numpy()},
        geometry=frame.geometry.to_numpy(),
        index=pd.Index(numbers, name="shape_id"),
        crs=frame.crs or CRS_DEGREES,
    )
    _check_geometry(frame, path)
    try:
        return Imported(shapes.repair(frame), years)
    except ValueError as error:
        raise BoundaryRefused(f"{path.name}: {error}.") from error


def store(path: Path, register: Register, data_dir: Path, year: int | None = None) -> Path:
    """Check a file and put its repaired shapes into the data directory as GeoParquet.

    Written beside and moved into place, so that a failure leaves what was there. Raises
    BoundaryRefused.
    """
    imported = read(path, register, year)
    folder = data_dir / "boundaries"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"kommuner-{year if year in imported.years else imported.years[0]}.parquet"
    kommuner = imported.shapes.reset_index(names="kommunenr")
    unfinished = target.with_suffix(".unfinished")
    kommuner.to_parquet(unfinished)
    return unfinished.replace(target)


def levels(repaired: gpd.GeoDataFrame) -> Mapping[str, bytes]:
    """Return gzipped GeoJSON for the browser by level of detail."""
    return {
        detail: shapes.compressed(shapes.geojson(shapes.simplify(repaired, detail), detail))
        for detail in shapes.DETAILS
    }


def _open(path: Path) -> gpd.GeoDataFrame:
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            frame = gpd.read_parquet(path)
        else:
            frame = gpd.read_file(path)
    except Exception as error:  # every driver has errors of its own
        raise BoundaryRefused(
            f"{path.name} cannot be read as a map file ({error}). Use GeoJSON, GeoPackage, a "
            "shapefile with its .dbf and .prj, or GeoParquet."
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise BoundaryRefused(f"{path.name} holds no shapes.")
    return frame


def _numbers(frame: gpd.GeoDataFrame, path: Path) -> "pd.Series[str]":
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
                f"{path.name}, feature {bad.index[0] + 1}, {by_name[name]}: "
                f'"{bad.iloc[0]}" is not a kommune number of four digits.'
            )
    fields = ", ".join(str(c) for c in frame.columns if c != frame.geometry.name)
    raise BoundaryRefused(
        f"{path.name} has no field with kommune numbers (its fields: {fields}). Name the field "
        "kommunenr."
    )


def _year_in_name(path: Path, register: Register) -> int | None:
    years = [int(y) for y in re.findall(r"(?<!\d)(20\d\d)(?!\d)", path.stem)]
    known = [y for y in years if y in register.years]
    return known[0] if known else None


def _fitting_years(
    numbers: set[str], register: Register, claimed: int | None, path: Path
) -> tuple[int, ...]:
    own = {year: set(register.kommuner(year).index) for year in register.years}
    fitting = tuple(year for year in register.years if own[year] == numbers)
    if fitting and claimed in (None, *fitting):
        return fitting
    likely = max(register.years, key=lambda y: len(own[y] & numbers) - len(own[y] ^ numbers))
    if fitting:
        raise BoundaryRefused(
            f"{path.name} says {claimed}, but its kommune numbers are those of "
            f"{_span(fitting)}. Give it the year it is for."
        )
    raise BoundaryRefused(_misfit(path, numbers, register, claimed or likely))


def _misfit(path: Path, numbers: set[str], register: Register, year: int) -> str:
    kommuner = register.kommuner(year)[LABEL]
    missing = [f"{nr} {kommuner[nr]}" for nr in sorted(set(kommuner.index) - numbers)]
    unknown = sorted(numbers - set(kommuner.index))
    says = [f"{path.name} does not fit the {len(kommuner)} kommuner of {year}."]
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


def _check_geometry(frame: gpd.GeoDataFrame, path: Path) -> None:
    empty = frame.index[frame.geometry.isna() | frame.geometry.is_empty]
    if len(empty):
        raise BoundaryRefused(f"{path.name}: {_some(list(empty))} has no shape.")
    kinds = set(frame.geom_type) - {"Polygon", "MultiPolygon"}
    if kinds:
        raise BoundaryRefused(f"{path.name} holds {', '.join(sorted(kinds))}, not areas.")
    west, south, east, north = frame.to_crs(CRS_DEGREES).total_bounds
    if not (west > -15 and east < 45 and south > 50 and north < 85):
        raise BoundaryRefused(
            f"{path.name} does not lie in Norway: it reaches from {west:.1f} to {east:.1f} degrees "
            f"east and {south:.1f} to {north:.1f} north. Is its coordinate system stated?"
        )
