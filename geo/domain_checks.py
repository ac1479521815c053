"""What a schema cannot say: numbers of the right year, points in the right place, sums."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import prod

import geopandas as gpd

from geo import boundaries, package
from geo.columns import ASSUMED, LABEL
from geo.csv_accidents import Sheet
from geo.errors import GeoError
from geo.files import Files
from geo.messages import Messages, messages
from geo.package import split_ids
from geo.problem import Problem
from geo.register import NORWEGIAN_NAME, Register
from geo.settings import CRS_DEGREES, CRS_METRES

# A point is as good as it says; on a simplified coast it may stand a little out at sea.
_COAST_M = 1500
# Every figure of a view is counted once for each mix of alternatives.
_MOST_MIXES = 64


@dataclass(frozen=True)
class _Case:
    """The package under examination; `names` says which file holds each table."""

    files: Files
    sheets: Mapping[str, Sheet]
    names: Mapping[str, str]
    register: Register
    t: Messages

    def rows(self, table: str) -> list[tuple[int, dict[str, str]]]:
        return self.sheets[table].rows if table in self.sheets else []

    def problem(self, table: str, row: int, column: str, value: str, text: str) -> Problem:
        return Problem(self.names[table], row, column, value, text)

    @cached_property
    def hubs_of_projects(self) -> set[str]:
        return {row.get("hub_id", "") for _, row in self.rows("partners")}


def check(
    files: Files, names: Mapping[str, str], sheets: Mapping[str, Sheet], language: str
) -> list[Problem]:
    """Return every problem that the schemas cannot find; `names` says each table's file."""
    case = _Case(files, sheets, names, _register(files, sheets), messages(language))
    return [problem for find in _CHECKS for problem in find(case)]


def _register(files: Files, sheets: Mapping[str, Sheet]) -> Register:
    """Return the package's own register where it has a sound one, else the product's."""
    if not any(name in sheets for name in package.REGISTERS):
        return _products_register()
    try:
        loaded = package.load(files)
        tables = {**package.product().tables, **{n: loaded[n] for n in package.REGISTERS}}
        register = Register(replace(loaded, tables=tables))
        register.links(register.years[0], register.years[-1])
    except (GeoError, KeyError, ValueError, TypeError, IndexError):
        # What is wrong with its tables has been told by the schemas.
        return _products_register()
    return register


@cache
def _products_register() -> Register:
    return Register(package.product())


# -- kommuner --------------------------------------------------------------------------------


def _kommuner(case: _Case) -> Iterator[Problem]:
    for table in ("hubs", "coverage", "candidates"):
        for number, row in case.rows(table):
            nr, year = row.get("kommunenr", ""), row.get("structure_year", "")
            if not nr:
                continue
            if not year.isdecimal() or int(year) not in case.register.years:
                years = case.register.years
                text = case.t("validate.year", value=year, first=years[0], last=years[-1])
                yield case.problem(table, number, "structure_year", year, text)
            elif not case.register.exists(nr, int(year)):
                text = _not_a_kommune(case, nr, int(year))
                yield case.problem(table, number, "kommunenr", nr, text)
    for table in ("population", "areas"):
        for number, row in case.rows(table):
            nr, year = row.get("kommunenr", ""), row.get("year", "")
            known = year.isdecimal() and int(year) in case.register.years
            if known and not case.register.exists(nr, int(year)):
                text = _not_a_kommune(case, nr, int(year))
                yield case.problem(table, number, "kommunenr", nr, text)


def _not_a_kommune(case: _Case, nr: str, year: int) -> str:
    register, t = case.register, case.t
    kommuner = register.kommuner(year)
    named = kommuner[kommuner[NORWEGIAN_NAME].str.casefold() == nr.strip().casefold()]
    if len(named):
        options = ", ".join(f"{n} {label}" for n, label in named[LABEL].items())
        return t(
            "validate.name_not_number" if len(named) == 1 else "validate.two_of_a_name",
            value=nr,
            options=options,
        )
    padded = nr.zfill(4)
    if padded != nr and register.exists(padded, year):
        return t(
            "validate.lost_zero",
            value=nr,
            year=year,
            padded=padded,
            name=register.label(padded, year),
        )
    years = register.years_of(nr)
    if years:
        now = ", ".join(f"{n} {register.label(n, year)}" for n in register.now(nr, year))
        return t(
            "validate.other_year",
            value=nr,
            year=year,
            first=years[0],
            last=years[-1],
            name=register.label(nr, years[-1]),
            now=now,
        )
    return t("validate.no_kommune", value=nr, year=year)


# -- references and evidence -----------------------------------------------------------------


def _references(case: _Case) -> Iterator[Problem]:
    sources = {row.get("source_id") for _, row in case.rows("sources")}
    if not sources:
        return
    for table, sheet in case.sheets.items():
        if "source_ids" not in sheet.header:
            continue
        for number, row in sheet.rows:
            for source in split_ids(row.get("source_ids", "")):
                if source not in sources:
                    text = case.t("validate.no_source", value=source)
                    yield case.problem(table, number, "source_ids", source, text)


def _evidence(case: _Case) -> Iterator[Problem]:
    for number, row in case.rows("coverage"):
        assumption = row.get("assumption_id", "")
        if row.get("evidence") == ASSUMED and not assumption:
            text = case.t("validate.no_assumption")
            yield case.problem("coverage", number, "assumption_id", "", text)
        elif row.get("evidence") != ASSUMED and assumption:
            text = case.t("validate.needless_assumption", value=row.get("evidence"))
            yield case.problem("coverage", number, "assumption_id", assumption, text)


def _mixes(case: _Case) -> Iterator[Problem]:
    """Tell of assumptions whose alternatives together are too many to be counted through."""
    letters: dict[str, set[str]] = {}
    for _, row in case.rows("candidates"):
        sets = split_ids(row.get("alternative", ""))
        letters.setdefault(row.get("assumption_id", ""), set()).update(sets)
    mixes = prod(len(found) + 1 for found in letters.values())
    if mixes > _MOST_MIXES:
        number, row = case.rows("candidates")[-1]
        text = case.t("validate.too_many_mixes", n=mixes, most=_MOST_MIXES)
        yield case.problem("candidates", number, "alternative", row.get("alternative", ""), text)


# -- points ----------------------------------------------------------------------------------


def _points(case: _Case) -> Iterator[Problem]:
    years = sorted({int(r["structure_year"]) for _, r in case.rows("hubs") if _has_seat(case, r)})
    drawn = boundaries.library(case.register, case.files.boundaries, tuple(years)).by_year
    for number, row in case.rows("hubs"):
        if row.get("hub_id") not in case.hubs_of_projects:
            continue
        if not row.get("kommunenr") or not row.get("structure_year"):
            text = case.t("validate.no_seat", value=row.get("name", ""))
            yield case.problem("hubs", number, "kommunenr", "", text)
        try:
            lon, lat = float(row.get("lon", "")), float(row.get("lat", ""))
        except ValueError:
            if not row.get("lon") or not row.get("lat"):
                text = case.t("validate.no_point", value=row.get("name", ""))
                yield case.problem("hubs", number, "lon", "", text)
            continue
        if _has_seat(case, row):
            shapes = drawn[int(row["structure_year"])]
            away = _metres_away(shapes, row["kommunenr"], lon, lat)
            accuracy = row.get("point_accuracy_m", "")
            if away > _COAST_M + (int(accuracy) if accuracy.isdecimal() else 0):
                label = case.register.label(row["kommunenr"], int(row["structure_year"]))
                text = case.t(
                    "validate.point_outside", km=round(away / 1000), kommune=label, lon=lon, lat=lat
                )
                yield case.problem("hubs", number, "lon", f"{lon} {lat}", text)


def _has_seat(case: _Case, row: Mapping[str, str]) -> bool:
    year = row.get("structure_year", "")
    return year.isdecimal() and case.register.exists(row.get("kommunenr", ""), int(year))


def _metres_away(drawn: boundaries.BoundarySet, kommunenr: str, lon: float, lat: float) -> float:
    point = gpd.GeoSeries.from_xy([lon], [lat], crs=CRS_DEGREES).to_crs(CRS_METRES).iloc[0]
    own = drawn.shapes.geometry.loc[list(drawn.shapes_of[kommunenr])].to_crs(CRS_METRES)
    return float(own.distance(point).min())


# -- money -----------------------------------------------------------------------------------


def _grants(case: _Case) -> Iterator[Problem]:
    explained = {row.get("claim_id") for _, row in case.rows("deviations")}
    grants = {row.get("project_id"): row.get("grant_nok", "") for _, row in case.rows("projects")}
    total = sum(int(g) for g in grants.values() if g.isdecimal())
    for number, row in case.rows("claims"):
        if row.get("claim_id") in explained:
            continue
        stated = {"grant": grants.get(row.get("project_id")), "announced_total": str(total)}.get(
            row.get("metric", "")
        )
        if stated is not None and _differs(row.get("value", ""), stated):
            text = case.t("validate.unexplained", claimed=row.get("value"), register=stated)
            yield case.problem("claims", number, "value", row.get("value", ""), text)


def _differs(claimed: str, stated: str) -> bool:
    try:
        return float(claimed) != float(stated)
    except ValueError:
        return False


_CHECKS: tuple[Callable[[_Case], Iterator[Problem]], ...] = (
    _kommuner,
    _references,
    _evidence,
    _mixes,
    _points,
    _grants,
)
