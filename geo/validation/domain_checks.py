"""Checks what schemas cannot: kommune numbers by year, references, coordinates, years, amounts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

import geopandas as gpd

from geo.columns import (
    ASSUMPTION_ID,
    CHECKED_METRICS,
    CLAIM_ID,
    EVIDENCE,
    FROM_KOMMUNENR,
    FYLKESNR,
    GRANT_NOK,
    HUB_ID,
    KOMMUNE_METRICS,
    KOMMUNENR,
    LAT,
    LON,
    MEMBER,
    PEOPLE_SHARE,
    POINT_ACCURACY_M,
    PROJECT_ID,
    SOURCE_ID,
    SOURCE_IDS,
    STRUCTURE_YEAR,
    TO_KOMMUNENR,
    UNCHECKED_METRICS,
    YEAR_FROM,
    YEAR_TO,
)
from geo.coverage.bounds import MOST_OPEN, connected
from geo.dataset import cells, package
from geo.dataset.csv_accidents import Sheet
from geo.dataset.package import EAST, NORTH, split_ids
from geo.dataset.storage import Files
from geo.errors import GeoError
from geo.places import boundaries
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, parts_of
from geo.settings import CRS_DEGREES, CRS_METRES, STRUCTURE_YEARS
from geo.text.messages import Messages, messages
from geo.validation.issue import Issue

# Points near the simplified coastline may lie slightly offshore, beyond their stated accuracy.
_COAST_M = 1500
# Shares of a split are printed with three decimals.
_SHARES_OFF = 0.005
# Bounding box of Norway in degrees, with Svalbard and Jan Mayen.
_WEST, _EAST, _SOUTH, _NORTH = -10, 40, 55, 82
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_HUBS = ("hubs", "other_hubs")
_SERVING = {"projects": PROJECT_ID, "hubs": HUB_ID}
_PUBLISHED = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True)
class _Case:
    """The package being checked; `names` gives each table's file."""

    files: Files
    sheets: Mapping[str, Sheet]
    names: Mapping[str, str]
    register: Register
    t: Messages

    def rows(self, table: str) -> list[tuple[int, dict[str, str]]]:
        return self.sheets[table].rows if table in self.sheets else []

    def issue(self, table: str, row: int, column: str, value: str, text: str) -> Issue:
        return Issue(self.names[table], row, column, value, text)

    def year(self, text: str) -> int | None:
        """Return a year covered by the register, or None."""
        year = cells.integer_or_none(text)
        return year if year in self.register.years else None

    @property
    def unread(self) -> set[str]:
        """The tables that are there and cannot be read, which has been reported."""
        return self.names.keys() - self.sheets.keys()

    @cached_property
    def serving(self) -> dict[str, set[str]]:
        """The ids of those that may serve, by table."""
        return {
            table: {row.get(column, "") for _, row in self.rows(table)}
            for table, column in _SERVING.items()
        }

    @cached_property
    def hubs_of_projects(self) -> set[str]:
        return {row.get(HUB_ID, "") for _, row in self.rows("partners")}


def check(
    files: Files, names: Mapping[str, str], sheets: Mapping[str, Sheet], language: str
) -> list[Issue]:
    """Return every issue that schemas cannot find; `names` gives each table's file."""
    case = _Case(files, sheets, names, _register(files, sheets), messages(language))
    return [issue for find in _CHECKS for issue in find(case)]


def _register(files: Files, sheets: Mapping[str, Sheet]) -> Register:
    """Return the package's own register if it has a valid one, else the shipped one."""
    registers = (*package.REGISTERS, *package.OF_REGISTER)
    if not any(name in sheets for name in registers):
        return Register.of(package.product())
    try:
        register = Register.of(package.load(files))
        register.links(register.years[0], register.years[-1])
    except (GeoError, KeyError, ValueError, TypeError, IndexError):
        # The schema checks have already reported what is wrong.
        return Register.of(package.product())
    return register


# -- kommuner --------------------------------------------------------------------------------


def _kommuner(case: _Case) -> Iterator[Issue]:
    for table in (*_HUBS, "coverage", "other_coverage", "candidates", "claims", "kommune_centres"):
        for number, row in case.rows(table):
            nr, year = row.get(KOMMUNENR, ""), row.get(STRUCTURE_YEAR, "")
            known = case.year(year)
            if not nr and (known or cells.integer_or_none(year) is None):
                continue
            if known is None:
                years = case.register.years
                text = case.t("validate.year", value=year[:60], first=years[0], last=years[-1])
                yield case.issue(table, number, STRUCTURE_YEAR, year[:60], text)
            elif not case.register.exists(nr, known):
                text = _not_a_kommune(case, nr, known)
                yield case.issue(table, number, KOMMUNENR, nr, text)
    for table in ("population", "areas"):
        for number, row in case.rows(table):
            nr, year = row.get(KOMMUNENR, ""), row.get("year", "")
            known = case.year(year)
            if known and not case.register.exists(nr, known):
                text = _not_a_kommune(case, nr, known)
                yield case.issue(table, number, KOMMUNENR, nr, text)


def _not_a_kommune(case: _Case, nr: str, year: int) -> str:
    register, t = case.register, case.t
    named = register.named(nr, year)
    if named:
        options = ", ".join(f"{n} {register.label(n, year)}" for n in named)
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


def _centres(case: _Case) -> Iterator[Issue]:
    """Yield an issue for each centre of a kommune whose coordinates are no place in Norway."""
    for number, row in case.rows("kommune_centres"):
        pair = [row.get(column, "")[:30] for column in (LON, LAT)]
        lon, lat = map(cells.number_or_none, pair)
        if lon is not None and lat is not None and (key := _wrong_degrees(lon, lat)):
            text = case.t(f"validate.{key}", first=pair[0], second=pair[1])
            yield case.issue("kommune_centres", number, "lon, lat", " ".join(pair), text)


def _split_people(case: _Case) -> Iterator[Issue]:
    """Yield an issue for people of a part that never was, and for shares that miss 1."""
    kinds = {
        (str(r["date"]), str(r[FROM_KOMMUNENR]), str(r[TO_KOMMUNENR])): r["kind"]
        for r in case.register.changes.to_dict("records")
    }
    splits: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for number, row in case.rows("split_people"):
        key = (row.get("date", ""), row.get(FROM_KOMMUNENR, ""), row.get(TO_KOMMUNENR, ""))
        share = cells.number_or_none(row.get(PEOPLE_SHARE, ""))
        if kinds.get(key) not in ("split", "part-moved"):
            text = case.t("validate.no_such_part", date=key[0], old=key[1][:60], new=key[2][:60])
            yield case.issue("split_people", number, TO_KOMMUNENR, key[2], text)
        elif kinds[key] == "split" and share is not None:
            splits.setdefault(key[:2], []).append((number, share))
    for (day, old), given in splits.items():
        parts = [kind for key, kind in kinds.items() if key[:2] == (day, old) and kind == "split"]
        total = sum(share for _, share in given)
        if total > 1 + _SHARES_OFF or (len(given) == len(parts) and total < 1 - _SHARES_OFF):
            text = case.t("validate.shares_of_split", old=old, date=day, total=f"{total:.3f}")
            yield case.issue("split_people", given[-1][0], PEOPLE_SHARE, str(given[-1][1]), text)


# -- references and alternatives -------------------------------------------------------------


def _references(case: _Case) -> Iterator[Issue]:
    sources = {row.get(SOURCE_ID) for _, row in case.rows("sources")}
    if not sources:
        return
    for table, sheet in case.sheets.items():
        if SOURCE_IDS not in sheet.header:
            continue
        for number, row in sheet.rows:
            for source in split_ids(row.get(SOURCE_IDS, "")):
                if source not in sources:
                    text = case.t("validate.no_source", value=source)
                    yield case.issue(table, number, SOURCE_IDS, source, text)


def _served_by(case: _Case) -> Iterator[Issue]:
    """Yield an issue for each row of coverage of nobody, of somebody unknown, or of no pair."""
    together = {(row.get(PROJECT_ID), row.get(HUB_ID)) for _, row in case.rows("partners")}
    for number, row in case.rows("coverage"):
        project, hub = row.get(PROJECT_ID, ""), row.get(HUB_ID, "")
        unknown = _unlisted(case, "projects", project) or _unlisted(case, "hubs", hub)
        if not project and not hub:
            yield case.issue("coverage", number, HUB_ID, "", case.t("validate.nobody_serves"))
        elif unknown:
            yield case.issue("coverage", number, unknown["column"], unknown["value"],
                             case.t("validate.foreign_key", **unknown))  # fmt: skip
        elif project and hub and "partners" not in case.unread and (project, hub) not in together:
            text = case.t("validate.no_partner", hub=hub[:60], project=project[:60])
            yield case.issue("coverage", number, HUB_ID, hub[:60], text)


def _unlisted(case: _Case, table: str, value: str) -> dict[str, str]:
    """Return the words of an issue if a table, where it can be read, lacks an id; else nothing."""
    if not value or table in case.unread or value in case.serving[table]:
        return {}
    return {"value": value[:60], "column": _SERVING[table], "table": table}


def _members(case: _Case) -> Iterator[Issue]:
    """Yield an issue for hubs listed twice, members that no table lists, and years unfounded."""
    listed = {row.get(HUB_ID, "") for _, row in case.rows("hubs")}
    others = [(number, row.get(HUB_ID, "")) for number, row in case.rows("other_hubs")]
    for number, hub in others:
        if hub in listed:
            text = case.t("validate.hub_twice", value=hub[:60])
            yield case.issue("other_hubs", number, HUB_ID, hub[:60], text)
    listed.update(hub for _, hub in others)
    for number, row in case.rows("hub_years"):
        hub, member = row.get(HUB_ID, ""), row.get(MEMBER, "")
        if hub not in listed:
            text = case.t("validate.no_hub", value=hub[:60])
            yield case.issue("hub_years", number, HUB_ID, hub[:60], text)
        if member in _SURE and not row.get(EVIDENCE):
            text = case.t("validate.no_member_evidence", value=member)
            yield case.issue("hub_years", number, EVIDENCE, "", text)


_SURE = ("yes", "no")  # what a source must have said of a year


def _open(case: _Case) -> Iterator[Issue]:
    """Yield an issue if too many candidates share kommuner for the ranges to be computed."""
    assumed = _of_assumptions(case, "coverage")
    named = _of_assumptions(case, "candidates")
    others = {assumption for assumption, _ in named.keys() - assumed.keys()}
    places = sorted(key for key in assumed | named if key[0] in others)
    claimed = [year for _, row in case.rows("claims") if row.get("metric") in KOMMUNE_METRICS
               if (year := case.year(row.get(STRUCTURE_YEAR, "")))]  # fmt: skip
    for year in STRUCTURE_YEARS:
        if year not in case.register.years:
            continue
        links = [link for one in {year, *claimed} for link in _sharing(case, places, one)]
        for group in connected(links):
            if len(group) > MOST_OPEN:
                number, row = max(named.get(key, (0, {})) for key in group)
                text = case.t("validate.too_many_open", n=len(group), year=year, most=MOST_OPEN)
                yield case.issue("candidates", number, KOMMUNENR, row.get(KOMMUNENR, ""), text)
                return


_Place: TypeAlias = tuple[str, KommuneOfYear]


def _of_assumptions(case: _Case, table: str) -> dict[_Place, tuple[int, dict[str, str]]]:
    """Return the rows of a table that rest on an assumption, by it and their kommune."""
    found = {}
    for number, row in case.rows(table):
        year, nr = case.year(row.get(STRUCTURE_YEAR, "")), row.get(KOMMUNENR, "")
        if row.get(ASSUMPTION_ID) and year and case.register.exists(nr, year):
            found[row[ASSUMPTION_ID], KommuneOfYear(nr, year)] = (number, row)
    return found


def _sharing(case: _Case, places: list[_Place], year: int) -> list[list[_Place]]:
    """Return the places with land in each kommune of a year."""
    found: dict[str, list[_Place]] = {}
    for place in places:
        for part in parts_of(case.register, *place[1], year):
            found.setdefault(part.kommunenr, []).append(place)
    return list(found.values())


# -- points ----------------------------------------------------------------------------------


def _points(case: _Case) -> Iterator[Issue]:
    years = sorted({case.year(r[STRUCTURE_YEAR]) or 0 for _, r in _seated(case)})
    drawn = boundaries.library(case.register, case.files.boundaries, tuple(years)).by_year
    for table, number, row in _all_hubs(case):
        issue = _no_seat(case, table, number, row) or _misplaced(case, table, number, row)
        if issue:
            yield issue
            continue
        point = _degrees(row)
        year = case.year(row.get(STRUCTURE_YEAR, ""))
        if point is None or not year or not case.register.exists(row.get(KOMMUNENR, ""), year):
            continue
        away = _metres_away(drawn[year], row[KOMMUNENR], *point)
        accuracy = cells.integer_or_none(row.get(POINT_ACCURACY_M, "")) or 0
        if away > _COAST_M + accuracy:
            label = case.register.label(row[KOMMUNENR], year)
            km, (lon, lat) = round(away / 1000), point
            text = case.t("validate.point_outside", km=km, kommune=label, lon=lon, lat=lat)
            columns = LON if row.get(LON) else f"{EAST}, {NORTH}"
            yield case.issue(table, number, columns, f"{lon} {lat}", text)


def _all_hubs(case: _Case) -> list[tuple[str, int, dict[str, str]]]:
    return [(table, number, row) for table in _HUBS for number, row in case.rows(table)]


def _seated(case: _Case) -> list[tuple[int, dict[str, str]]]:
    return [
        (number, row)
        for _, number, row in _all_hubs(case)
        if (year := case.year(row.get(STRUCTURE_YEAR, "")))
        and case.register.exists(row.get(KOMMUNENR, ""), year)
    ]


def _no_seat(case: _Case, table: str, number: int, row: Mapping[str, str]) -> Issue | None:
    """Return an issue if a project's hub has no kommune or no point."""
    if row.get(HUB_ID) not in case.hubs_of_projects:
        return None
    name = row.get("name", "")[:60]
    if not row.get(KOMMUNENR) or not row.get(STRUCTURE_YEAR):
        text = case.t("validate.no_seat", value=name)
        return case.issue(table, number, KOMMUNENR, "", text)
    if not any(row.get(column) for column in (LON, LAT, EAST, NORTH)):
        return case.issue(table, number, LON, "", case.t("validate.no_point", value=name))
    return None


def _misplaced(case: _Case, table: str, number: int, row: Mapping[str, str]) -> Issue | None:
    """Return the issue with a point's coordinates themselves, regardless of its kommune."""
    pair = [row.get(column, "")[:30] for column in (LON, LAT)]
    metres = [row.get(column, "")[:30] for column in (EAST, NORTH)]
    both, key = "lon, lat", ""
    if any(pair) and any(metres):
        key, both = "point_twice", f"lon, lat, {EAST}, {NORTH}"
    elif any(pair) and not all(pair):
        key, metres = "half_point", pair
    elif any(metres) and not all(metres):
        key, both = "half_point", f"{EAST}, {NORTH}"
    elif any(metres):
        east, north = map(cells.number_or_none, metres)
        if east is not None and north is not None and not _in_utm33(east, north):
            key, both = "not_metres", f"{EAST}, {NORTH}"
    else:
        lon, lat = map(cells.number_or_none, pair)
        if lon is not None and lat is not None:
            key, metres = _wrong_degrees(lon, lat), pair
    if not key:
        return None
    values = " ".join(value for value in metres if value)
    text = case.t(f"validate.{key}", first=metres[0] or "-", second=metres[1] or "-")
    return case.issue(table, number, both, values, text)


def _wrong_degrees(lon: float, lat: float) -> str:
    """Return the message for degrees outside Norway; "" if they are inside."""
    if _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH:
        return ""
    if _WEST <= lat <= _EAST and _SOUTH <= lon <= _NORTH:
        return "swapped"
    return "metres" if _in_utm33(lon, lat) or _in_utm33(lat, lon) else "not_degrees"


def _in_utm33(east: float, north: float) -> bool:
    return -500_000 < east < 1_400_000 and 6_300_000 < north < 9_100_000


def _degrees(row: Mapping[str, str]) -> tuple[float, float] | None:
    """Return a hub's (lon, lat) in EPSG:4326; None if it has no valid point."""
    lon, lat = (cells.number_or_none(row.get(column, "")) for column in (LON, LAT))
    if lon is not None and lat is not None:
        return lon, lat
    east, north = (cells.number_or_none(row.get(column, "")) for column in (EAST, NORTH))
    if east is None or north is None:
        return None
    point = gpd.GeoSeries.from_xy([east], [north], crs=CRS_METRES).to_crs(CRS_DEGREES).iloc[0]
    return round(point.x, 6), round(point.y, 6)


def _metres_away(drawn: boundaries.BoundarySet, kommunenr: str, lon: float, lat: float) -> float:
    point = gpd.GeoSeries.from_xy([lon], [lat], crs=CRS_DEGREES).to_crs(CRS_METRES).iloc[0]
    own = drawn.shapes.geometry.loc[list(drawn.shapes_of[kommunenr])].to_crs(CRS_METRES)
    return float(own.distance(point).min())


# -- years, dates and counties ---------------------------------------------------------------


def _years(case: _Case) -> Iterator[Issue]:
    """Yield an issue for each implausible year of a grant."""
    for table, column in (
        ("programmes", YEAR_FROM),
        ("programmes", YEAR_TO),
        ("projects", YEAR_FROM),
    ):
        for number, row in case.rows(table):
            year = cells.integer_or_none(row.get(column, ""))
            if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
                first, last = str(_FIRST_YEAR), str(_LAST_YEAR)
                text = case.t("validate.no_such_year", value=year, first=first, last=last)
                yield case.issue(table, number, column, str(year), text)


def _published(case: _Case) -> Iterator[Issue]:
    """Yield an issue for each date not in the calendar; the schema checks the format."""
    for number, row in case.rows("sources"):
        day = row.get("published", "")
        try:
            if _PUBLISHED.fullmatch(day):
                date.fromisoformat(f"{day}-01-01"[:10])
        except ValueError:
            text = case.t("validate.not_date", value=day)
            yield case.issue("sources", number, "published", day, text)


def _claims(case: _Case) -> Iterator[Issue]:
    known = (*CHECKED_METRICS, *UNCHECKED_METRICS)
    for number, row in case.rows("claims"):
        metric, fylke, value = (row.get(c, "") for c in ("metric", FYLKESNR, "value"))
        if metric and metric not in known:
            text = case.t("validate.metric", value=metric[:60], known=", ".join(known))
            yield case.issue("claims", number, "metric", metric[:60], text)
        if (cells.number_or_none(value) or 0) < 0:
            text = case.t("validate.negative", value=value)
            yield case.issue("claims", number, "value", value, text)
        year = case.year(row.get(STRUCTURE_YEAR, ""))
        years = [year] if year else case.register.years
        if fylke and not any(fylke in case.register.fylker(y).index for y in years):
            text = case.t("validate.no_fylke", value=fylke[:60], year=year or "-")
            yield case.issue("claims", number, FYLKESNR, fylke[:60], text)


# -- money -----------------------------------------------------------------------------------


def _grants(case: _Case) -> Iterator[Issue]:
    explained = {row.get(CLAIM_ID) for _, row in case.rows("deviations")}
    grants = {row.get(PROJECT_ID): row.get(GRANT_NOK, "") for _, row in case.rows("projects")}
    if any((cells.integer_or_none(grant) or 0) < 0 for grant in grants.values()):
        return  # already reported as a negative amount
    total = sum(cells.integer_or_none(grant) or 0 for grant in grants.values())
    for number, row in case.rows("claims"):
        if row.get(CLAIM_ID) in explained:
            continue
        stated = {"grant": grants.get(row.get(PROJECT_ID)), "announced_total": str(total)}.get(
            row.get("metric", "")
        )
        if stated is not None and _differs(row.get("value", ""), stated):
            text = case.t("validate.unexplained", claimed=row.get("value"), register=stated)
            yield case.issue("claims", number, "value", row.get("value", ""), text)


def _differs(claimed: str, stated: str) -> bool:
    numbers = cells.number_or_none(claimed), cells.number_or_none(stated)
    return None not in numbers and numbers[0] != numbers[1]


_CHECKS: tuple[Callable[[_Case], Iterator[Issue]], ...] = (
    _kommuner,
    _split_people,
    _centres,
    _references,
    _served_by,
    _members,
    _open,
    _points,
    _years,
    _published,
    _claims,
    _grants,
)
