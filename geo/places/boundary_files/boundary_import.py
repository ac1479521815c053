"""Imports boundary files: the checks that every file passes, whether imported, added or fetched.

Matches numbers with a register, unites pieces, reports and drops what is not a kommune, clips the
sea, and compares the country's area and each kommune's position.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.columns import LABEL, NORWEGIAN_NAME, SHAPE_ID
from geo.errors import BoundaryRefused
from geo.places import coast, shapes
from geo.places.boundary_files import boundary_fit, boundary_reading
from geo.places.embedded import EMBEDDED_YEAR, embedded_metres
from geo.places.register import Register
from geo.settings import CRS_DEGREES, CRS_METRES
from geo.text.languages import COMMAND_LINE
from geo.text.messages import messages
from geo.text.said import Said

# Norway's land with fresh water is 323 800 km²; with the sea out to twelve nautical miles it is 470
# 000 km².
LAND_KM2 = (300_000, 335_000)
MOST_WITH_SEA_KM2 = 560_000
MOST_VERTICES = 150_000  # twice the embedded set; more is too slow in browsers
MOST_FILLED = 7  # small kommuner that a file may lack
# Svalbard, Jan Mayen and the continental shelf have numbers like kommuner but are not.
_NOT_KOMMUNER = ("21", "22", "23")
_MOST_NAMED = 6


@dataclass(frozen=True)
class Imported:
    """Repaired shapes (name, geometry) indexed by kommunenr, EPSG:25833, and the years they fit.

    `notes` reports what was left out, united or filled in, and what is doubtful.
    """

    shapes: gpd.GeoDataFrame
    years: tuple[int, ...]
    notes: tuple[Said, ...] = ()
    clipped: bool = False
    filled: tuple[str, ...] = ()


def read(
    paths: Path | Sequence[Path], register: Register, year: int | None = None, field: str = ""
) -> Imported:
    """Read and check a file, or several that together hold a year's kommuner.

    `year` requires a structure year, as does a year in the file's name. `field` names the field
    with the numbers. Raises BoundaryRefused, saying what is wrong and what to do.
    """
    several = [paths] if isinstance(paths, Path) else list(paths)
    name = several[0].name if len(several) == 1 else f"{several[0].name} and others"
    numbered = pd.concat(
        [_numbered(boundary_reading.read(path, field), path.name, field) for path in several]
    )
    claimed = year or year_in_name(several[0].name, register)
    return _accepted(gpd.GeoDataFrame(numbered, crs=CRS_METRES), name, register, claimed)


def accept(
    frame: gpd.GeoDataFrame, name: str, register: Register, claimed: int | None = None
) -> Imported:
    """Check and repair shapes read from `name`; they must fit the claimed year, if any.

    Raises BoundaryRefused if they do not fit.
    """
    return _accepted(_numbered(frame, name, ""), name, register, claimed)


def _numbered(frame: gpd.GeoDataFrame, name: str, field: str) -> gpd.GeoDataFrame:
    """Return nr (<NA> if a feature has none) and geometry of each feature, in EPSG:25833."""
    numbers = boundary_reading.numbers(frame, name, field)
    own = gpd.GeoDataFrame(
        {"nr": numbers.to_numpy()}, geometry=frame.geometry.to_numpy(), crs=frame.crs or CRS_DEGREES
    )
    drawn = own[~_shapeless(own)]
    _check_geometry(drawn[~drawn["nr"].str[:2].isin(_NOT_KOMMUNER).fillna(value=False)], name)
    nameless = drawn.index[drawn["nr"].isna()]
    if len(nameless):
        raise BoundaryRefused(
            f"{name}, feature {nameless[0] + 1}: a shape without a kommune number. Give it its "
            "number, or remove it."
        )
    return own.to_crs(CRS_METRES)


def _shapeless(frame: gpd.GeoDataFrame) -> Any:
    return frame.geometry.isna() | frame.geometry.is_empty


def _accepted(
    numbered: gpd.GeoDataFrame, name: str, register: Register, claimed: int | None
) -> Imported:
    drawn, notes = _left_out(numbered, register)
    if drawn.empty:
        raise BoundaryRefused(f"{name} holds no shapes of kommuner.")
    own = set(drawn["nr"])
    empty = sorted(set(numbered["nr"].dropna()) - own)
    years = fitting_years(own, register, claimed, name, empty)
    known = register.kommuner(years[0])
    missing = tuple(sorted(set(known.index) - own))
    frame = gpd.GeoDataFrame(
        {"name": drawn["nr"].map(known[NORWEGIAN_NAME]).to_numpy()},
        geometry=drawn.geometry.to_numpy(),
        index=pd.Index(drawn["nr"], name=SHAPE_ID),
        crs=CRS_METRES,
    )
    try:
        found, clipped = _on_land(shapes.repair(frame), name, register, years[0])
        found = _filled(found, missing, register, years[0])
        checked = boundary_fit.fit(found, register, years[0])
        _insist(checked.wrong, name)
        found = light(found)
    except (ValueError, shapely.GEOSException) as error:
        raise BoundaryRefused(f"{name}: {str(error).rstrip('.?')}.") from error
    notes += [Said("boundary.clipped")] if clipped else []
    notes += [_counted("boundary.filled", missing, known[LABEL])] if missing else []
    return Imported(found, years, (*notes, *checked.doubtful), clipped, missing)


def _left_out(
    numbered: gpd.GeoDataFrame, register: Register
) -> tuple[gpd.GeoDataFrame, list[Said]]:
    """Return the features that are shapes of kommuner, and messages about the others."""
    shapeless = _shapeless(numbered)
    blank = int((shapeless & numbered["nr"].isna()).sum())
    rest = numbered[numbered["nr"].notna()]
    none = rest["nr"].str[:2].isin(_NOT_KOMMUNER) & ~rest["nr"].isin(register.all_numbers)
    kommuner = rest[~none]
    drawn = kommuner[~_shapeless(kommuner)]
    twice = sorted(set(kommuner.loc[_shapeless(kommuner), "nr"]) & set(drawn["nr"]))
    pieces = sorted(set(drawn.loc[drawn["nr"].duplicated(), "nr"]))
    notes = [Said("boundary.blank", count=blank)] if blank else []
    notes += [_counted("boundary.not_kommuner", sorted(set(rest.loc[none, "nr"])))] * bool(
        none.any()
    )
    notes += [_counted("boundary.empty_twice", twice)] if twice else []
    notes += [_counted("boundary.pieces", pieces)] if pieces else []
    return drawn, notes


def _counted(key: str, numbers: Sequence[str], labels: "pd.Series[str] | None" = None) -> Said:
    named = [f"{nr} {labels[nr]}" if labels is not None else nr for nr in numbers]
    return Said(key, {"which": _some(named)}, len(numbers))


def _insist(wrong: Sequence[Said], name: str) -> None:
    if wrong:
        t = messages(COMMAND_LINE)
        raise BoundaryRefused(f"{name} cannot be right: {' '.join(one.text(t) for one in wrong)}")


# -- clipping to the coast -------------------------------------------------------------------------


def _on_land(
    kommuner: gpd.GeoDataFrame, name: str, register: Register, year: int
) -> tuple[gpd.GeoDataFrame, bool]:
    """Return the kommuner without the sea, and whether they were clipped.

    Raises BoundaryRefused if the area or the position is not Norway's.
    """
    delivered = km2 = _km2(kommuner)
    if not LAND_KM2[0] <= delivered <= MOST_WITH_SEA_KM2:
        raise BoundaryRefused(_not_norway(name, delivered))
    away = boundary_fit.misplaced(kommuner, register, year)
    _insist([away] if away else [], name)
    clipped = delivered > LAND_KM2[1]
    if clipped:
        kommuner = coast.clip(kommuner, register.area_km2(year))
        km2 = _km2(kommuner)
    if not LAND_KM2[0] <= km2 <= LAND_KM2[1]:
        raise BoundaryRefused(_not_norway(name, delivered))
    if not shapely.coverage_is_valid(kommuner.geometry.to_numpy()):
        raise BoundaryRefused(f"{name}: its kommuner overlap in a way that cannot be repaired.")
    return kommuner, clipped


def _not_norway(name: str, km2: float) -> str:
    return (
        f"{name}: its kommuner cover {km2:,.0f} km2; Norway's land is about 324,000 km2, with the "
        "sea about 470,000."
    )


def _km2(kommuner: gpd.GeoDataFrame) -> float:
    return float(kommuner.area.sum()) / 1e6


def _filled(
    kommuner: gpd.GeoDataFrame, missing: tuple[str, ...], register: Register, year: int
) -> gpd.GeoDataFrame:
    """Return the kommuner, with missing ones added from the embedded set."""
    if not missing:
        return kommuner
    twins = [register.same_land(nr, year, EMBEDDED_YEAR) for nr in missing]
    names = register.kommuner(year)[NORWEGIAN_NAME]
    added = gpd.GeoDataFrame(
        {"name": [names[nr] for nr in missing]},
        geometry=embedded_metres("fine").geometry.loc[twins].to_numpy(),
        index=pd.Index(missing, name=SHAPE_ID),
        crs=CRS_METRES,
    )
    both = pd.concat([kommuner, added]).sort_index()
    return shapes.repair(gpd.GeoDataFrame(both, crs=CRS_METRES).rename_axis(SHAPE_ID))


def light(kommuner: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the shapes in EPSG:25833 with at most MOST_VERTICES vertices.

    Columns and index stay; borders stay shared.
    """
    metres, lighter = 5.0, kommuner
    while shapely.get_num_coordinates(lighter.geometry.to_numpy()).sum() > MOST_VERTICES:
        metres *= 2
        simpler = shapely.coverage_simplify(kommuner.geometry.to_numpy(), metres)
        lighter = kommuner.set_geometry(
            gpd.GeoSeries(simpler, index=kommuner.index, crs=CRS_METRES)
        )
    return lighter


# -- matching a year -------------------------------------------------------------------------------


def year_in_name(name: str, register: Register) -> int | None:
    """Return the first year in a file name that a register covers, or None."""
    years = [int(y) for y in re.findall(r"(?<!\d)(20\d\d)(?!\d)", name)]
    known = [y for y in years if y in register.years]
    return known[0] if known else None


def fitting_years(
    numbers: set[str],
    register: Register,
    claimed: int | None,
    name: str,
    empty: Sequence[str] = (),
) -> tuple[int, ...]:
    """Return the years whose kommuner these are, except a few small ones that can be filled in.

    `empty` are numbers without a shape in the file. Raises BoundaryRefused if no year fits.
    """
    own = {year: set(register.kommuner(year).index) for year in register.years}
    fitting = tuple(year for year in register.years if own[year] == numbers) or tuple(
        year
        for year in register.years
        if numbers < own[year] and _can_be_filled(own[year] - numbers, register, year)
    )
    if fitting and claimed in (None, *fitting):
        return fitting
    likely = max(register.years, key=lambda y: len(own[y] & numbers) - len(own[y] ^ numbers))
    if fitting:
        raise BoundaryRefused(
            f"{name} is taken to be of {claimed}, but its kommune numbers are those of "
            f"{_span(fitting)}. Is it the right file, and the right year?"
        )
    raise BoundaryRefused(_misfit(name, numbers, register, claimed or likely, empty))


def _can_be_filled(missing: set[str], register: Register, year: int) -> bool:
    """Return whether these are few and small, and the embedded set has exactly their land."""
    areas = register.area_km2(year)
    return len(missing) <= MOST_FILLED and all(
        areas[nr] < boundary_fit.SMALL_KM2
        and register.same_land(nr, year, EMBEDDED_YEAR) in embedded_metres("fine").index
        for nr in missing
    )


def _misfit(
    name: str, numbers: set[str], register: Register, year: int, empty: Sequence[str]
) -> str:
    kommuner = register.kommuner(year)[LABEL]
    missing = [f"{nr} {kommuner[nr]}" for nr in sorted(set(kommuner.index) - numbers)]
    unknown = sorted(numbers - set(kommuner.index))
    says = [f"{name} does not fit the {len(kommuner)} kommuner of {year}."]
    if missing:
        says.append(f"Missing: {_some(missing)}.")
    if empty:
        says.append(f"Without a shape: {_some(list(empty))}.")
    if unknown:
        says.append(f"Not kommuner in {year}: {_some(unknown)}.")
    says.append(
        "A boundary file must hold every kommune of one year and no other; at most "
        f"{MOST_FILLED} small ones may be missing."
    )
    return " ".join(says)


def _some(items: list[str]) -> str:
    rest = len(items) - _MOST_NAMED
    return ", ".join(items[:_MOST_NAMED]) + (f" + {rest}" if rest > 0 else "")


def _span(years: tuple[int, ...]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"


def _check_geometry(frame: gpd.GeoDataFrame, name: str) -> None:
    if frame.empty:
        raise BoundaryRefused(f"{name} holds no shapes.")
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


def levels(repaired: gpd.GeoDataFrame) -> Mapping[str, bytes]:
    """Return gzipped GeoJSON for the browser by level of detail."""
    return {
        detail: shapes.compressed(shapes.geojson(shapes.simplify(repaired, detail), detail))
        for detail in shapes.DETAILS
    }
