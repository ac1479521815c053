"""Selects the boundary set of each structure year: exact if a file for it exists, else embedded."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.base.cache import SENT, SHAPES, lends
from geo.base.kept import kept
from geo.columns import FROM_KOMMUNENR, FYLKESNR, LABEL, LAT, LON, SHAPE_ID, TO_KOMMUNENR
from geo.errors import BoundaryRefused
from geo.official import fetched
from geo.official.fetched import Fetched
from geo.official.origin import LOCK, Origin
from geo.places import arcs, shapes
from geo.places.arcs import Arcs
from geo.places.boundary_files import boundary_folder, boundary_import, boundary_reading
from geo.places.boundary_files.boundary_reading import SUFFIXES, Credit
from geo.places.embedded import (
    CC_BY,
    EMBEDDED_YEAR,
    KARTVERKET,
    embedded_file,
    level_name,
    read_level,
)
from geo.places.register import Register
from geo.settings import CRS_DEGREES, CRS_METRES
from geo.text.messages import Messages
from geo.text.said import Said

EMBEDDED_SOURCE = "embedded"
MEMBERS = "members"
_OF_EMBEDDED = Credit(KARTVERKET, CC_BY)


BOX_METRES, POINT_METRES = 1000, 100  # as fine as a view of a shape, and a line's end, are drawn


class Place(NamedTuple):
    """Where a shape lies, in metres (EPSG:25833): bounds around it, and a point inside.

    Bounds are multiples of BOX_METRES, the point's coordinates of POINT_METRES.
    """

    west: int
    south: int
    east: int
    north: int
    inside: tuple[int, int]  # north, east: the order in which the map takes points


def _place(bounds: Sequence[float], inside: shapely.Point) -> Place:
    west, south = (math.floor(side / BOX_METRES) * BOX_METRES for side in bounds[:2])
    east, north = (math.ceil(side / BOX_METRES) * BOX_METRES for side in bounds[2:])
    up, right = (round(n / POINT_METRES) * POINT_METRES for n in (inside.y, inside.x))
    return Place(west, south, east, north, (up, right))


@lends("shapes")
@dataclass(frozen=True, eq=False)
class BoundarySet:
    """Shapes for one structure year.

    `shapes` is indexed by shape_id, in EPSG:4326, with columns name, geometry, members (tuple of
    the kommunenr of `year` that the shape represents, largest first), lon, lat (a point inside,
    degrees), fylkesnr (of the largest member) and label. `levels` holds gzipped GeoJSON by level of
    detail.
    """

    source: str  # "embedded" or a file name
    base_year: int  # the year of the drawn borders
    year: int  # the structure year of the members
    shapes: gpd.GeoDataFrame
    levels: Mapping[str, bytes]
    register: Register
    credit: Credit = _OF_EMBEDDED

    def owner(self, t: Messages) -> str:
        """Return the owner of the boundaries, as stated when the file was added."""
        return owner(self.credit, t)

    def licence(self, t: Messages) -> str:
        """Return the licence of the boundaries, as stated when the file was added."""
        return licence(self.credit, t)

    def credit_line(self, t: Messages) -> str:
        """Return owner and licence for display beside the map."""
        return credit_line(self.credit, t)

    @cached_property
    def name(self) -> str:
        """A name that changes with the content, without "_", where st_folium would cut it off."""
        digest = hashlib.sha256(b"".join(self.sent.values())).hexdigest()[:10]
        kind = "embedded" if self.source == "embedded" else "exact"
        return f"{kind}-{self.base_year}-{digest}"

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The kommuner of the year that each shape represents, largest first, by shape_id."""
        return {str(shape_id): numbers for shape_id, numbers in self.shapes[MEMBERS].items()}

    @cached_property
    def geometry_of(self) -> Mapping[str, BaseGeometry]:
        """The geometry of each shape by shape_id, in EPSG:4326."""
        ids = map(str, self.shapes.index)
        return dict(zip(ids, self.shapes.geometry.to_numpy(), strict=True))

    @cached_property
    def shared(self) -> Mapping[str, tuple[str, ...]]:
        """The members of each shape that represents several kommuner, by shape_id."""
        return {shape_id: numbers for shape_id, numbers in self.members.items() if len(numbers) > 1}

    @cached_property
    def shapes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The shape_ids that show each kommune of the year, its own shape first."""
        found: dict[str, list[str]] = {}
        for shape_id, members in self.shapes[MEMBERS].items():
            for place, nr in enumerate(members):
                found.setdefault(nr, []).insert(0 if place == 0 else 9, str(shape_id))
        return {nr: tuple(ids) for nr, ids in found.items()}

    @cached_property
    def adjacent(self) -> Mapping[str, frozenset[str]]:
        """The shape_ids that border on each shape, by shape_id."""
        geometry = self.shapes.geometry
        one, other = geometry.sindex.query(geometry, predicate="intersects")
        ids = [str(shape_id) for shape_id in self.shapes.index]
        found: dict[str, set[str]] = {shape_id: set() for shape_id in ids}
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            if a != b:
                found[ids[a]].add(ids[b])
        return {shape_id: frozenset(others) for shape_id, others in found.items()}

    def drawn_with(self, kommunenr: str) -> tuple[str, ...]:
        """Return the kommunenr of the other kommuner in the same shape."""
        members = self.shapes.at[self.shapes_of[kommunenr][0], MEMBERS]
        return tuple(nr for nr in members if nr != kommunenr)

    def drawn(self, detail: str) -> gpd.GeoDataFrame:
        """Return name and geometry at a level of detail, indexed by shape_id, in EPSG:4326."""
        return read_level(self.levels[detail])

    @property
    def exact(self) -> bool:
        """Whether every kommune of the year has its own shape."""
        return not self.shared

    def arcs(self, detail: str) -> Arcs:
        """Return the shapes at a level of detail as arcs that neighbours share."""
        return _arcs(self.levels[detail], detail)

    @cached_property
    def sent(self) -> Mapping[str, bytes]:
        """What the browser draws, as gzipped JSON by level of detail (see `arcs.packed`)."""
        return {detail: _packed(content, detail) for detail, content in self.levels.items()}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where each shape lies, by shape_id."""
        bounds = self.shapes.geometry.to_crs(CRS_METRES).bounds
        points = gpd.GeoSeries.from_xy(self.shapes[LON], self.shapes[LAT], crs=CRS_DEGREES)
        places = zip(self.shapes.index, bounds.to_numpy(), points.to_crs(CRS_METRES), strict=True)
        return {str(shape_id): _place(box, point) for shape_id, box, point in places}

    @cached_property
    def fylke_of(self) -> Mapping[str, str]:
        """The fylkesnr of each shape in the set's year, by shape_id."""
        return {str(i): str(nr) for i, nr in self.shapes[FYLKESNR].items()}


@lru_cache(SHAPES.most)
def _arcs(level: bytes, detail: str) -> Arcs:
    return arcs.arcs(read_level(level).to_crs(CRS_METRES), arcs.STEPS[detail])


@lru_cache(SENT.most)
def _packed(level: bytes, detail: str) -> bytes:
    def packed() -> bytes:
        return shapes.compressed(arcs.packed(_arcs(level, detail)))

    return kept(f"shapes-{detail}", level, packed)


def owner(credit: Credit, t: Messages) -> str:
    """Return the owner of the boundaries, or that it is not stated."""
    return _with_embedded(credit.owner or t("boundary.unstated"), credit, KARTVERKET)


def licence(credit: Credit, t: Messages) -> str:
    """Return the licence of the boundaries, or that it is not stated."""
    return _with_embedded(credit.licence or t("boundary.licence_unstated"), credit, CC_BY)


def credit_line(credit: Credit, t: Messages) -> str:
    """Return owner and licence for display beside the map."""
    return f"{owner(credit, t)} ({licence(credit, t)})"


def _with_embedded(stated: str, credit: Credit, embedded: str) -> str:
    """Add the embedded set's credit if its coast or one of its kommuner was used."""
    return f"{stated}, {embedded}" if credit.with_embedded and embedded not in stated else stated


@dataclass(frozen=True)
class Standing:
    """A set that can be used for a structure year, and why it is or is not chosen."""

    source: str
    base_year: int
    shared: int  # number of shapes that represent several kommuner
    serves: bool
    why: Said
    credit: Credit
    own: bool  # a file in the data directory, neither fetched nor embedded


@dataclass(frozen=True, eq=False)
class Library:
    """All available boundary sets, and the files that were refused, with reasons.

    `standings` ranks, for each structure year, the sets that can be used, best first; `notes` holds
    messages from reading each file.
    """

    by_year: Mapping[int, BoundarySet]
    refusals: Mapping[str, str] = field(default_factory=dict)
    standings: Mapping[int, tuple[Standing, ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)

    def of_file(self, name: str) -> Mapping[int, Standing]:
        """Return how a file in the data directory ranks, by structure year."""
        return {
            year: one
            for year, all_ in self.standings.items()
            for one in all_
            if one.own and one.source == name
        }


def library(register: Register, data_dir: Path, years: tuple[int, ...]) -> Library:
    """Return the best set for each year: fewest shared shapes, then nearest in time.

    Files added to the data directory are preferred to fetched ones. Damaged files and files that do
    not match a register are left out and listed with the reason.
    """
    drawn, refusals = _at_hand(register, data_dir)
    served = {year: _served(drawn, refusals, register, year) for year in years}
    kept = [one for one in drawn if one.source not in refusals]
    return Library(
        served, refusals, _standings(kept, register, years), {d.source: d.notes for d in kept}
    )


def standings(register: Register, data_dir: Path, years: tuple[int, ...]) -> Library:
    """Return the result of `library` without building the sets, which takes seconds."""
    drawn, refusals = _at_hand(register, data_dir)
    return Library(
        {}, refusals, _standings(drawn, register, years), {one.source: one.notes for one in drawn}
    )


def _at_hand(register: Register, data_dir: Path) -> tuple[list["_Drawn"], dict[str, str]]:
    """Return the valid sets, and the refused files with reasons."""
    found = fetched.fetched(data_dir)
    drawn = [_embedded()]
    folder = data_dir / boundary_folder.FOLDER
    refusals = {**_damaged(found), **boundary_folder.unusable(folder)}
    for path in boundary_folder.files(folder):
        try:
            drawn.append(_from_file(path, register))
        except BoundaryRefused as refusal:
            refusals[path.name] = str(refusal)
    for path in found.boundaries():
        try:
            if path.suffix in SUFFIXES:
                drawn.append(_from_fetched(path, found, register))
        except BoundaryRefused as refusal:
            refusals[f"{fetched.FOLDER}/{fetched.BOUNDARIES}/{path.name}"] = str(refusal)
    return drawn, refusals


def _served(
    drawn: Sequence["_Drawn"], refusals: dict[str, str], register: Register, year: int
) -> BoundarySet:
    """Return the best set for a year; if it cannot be built, refuse it and try the next."""
    for one in _ranked(drawn, register, year):
        source = one.drawn.source
        if source in refusals:
            continue
        try:
            return _serve(one.drawn, register, year)
        except (ValueError, shapely.GEOSException) as error:
            if one.drawn.kind == _EMBEDDED:
                raise
            refusals[source] = f"{source} cannot be drawn: {error}."
    raise AssertionError("the embedded set serves every year")


# Order of preference among sets that suit a year equally well.
_IMPORTED, _PUT, _FETCHED, _EMBEDDED = range(4)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Shapes as drawn, indexed by the kommunenr of `years`, not yet adapted to a structure year."""

    source: str
    years: tuple[int, ...]
    make: Callable[[], Mapping[str, bytes]]  # makes the levels of detail, in seconds for a new file
    kind: int
    credit: Credit = _OF_EMBEDDED
    notes: tuple[Said, ...] = ()

    @cached_property
    def levels(self) -> Mapping[str, bytes]:
        return self.make()

    @cached_property
    def shapes(self) -> gpd.GeoDataFrame:
        return read_level(self.levels["normal"])

    def base_year(self, year: int) -> int:
        return min(self.years, key=lambda own: abs(own - year))


def _embedded() -> _Drawn:
    def levels() -> Mapping[str, bytes]:
        return {detail: embedded_file(detail).read_bytes() for detail in shapes.DETAILS}

    return _Drawn(EMBEDDED_SOURCE, (EMBEDDED_YEAR,), levels, _EMBEDDED)


def _from_file(path: Path, register: Register) -> _Drawn:
    imported = boundary_import.read(path, register)
    kept = boundary_reading.credit_of(path)
    credit = kept or Credit(with_embedded=imported.clipped or bool(imported.filled))
    kind = _PUT if kept is None else _IMPORTED
    make = partial(boundary_import.levels, imported.shapes)
    return _Drawn(path.name, imported.years, make, kind, credit, imported.notes)


def _from_fetched(path: Path, found: Fetched, register: Register) -> _Drawn:
    """Read the levels stored when the file was fetched, since making them takes seconds."""
    year = boundary_import.year_in_name(path.name, register)
    kept = {d: path.with_name(level_name(year, d)) for d in shapes.DETAILS} if year else {}
    if kept and set(kept.values()) <= set(found.boundaries()):
        levels = {detail: level.read_bytes() for detail, level in kept.items()}
        normal = read_level(levels["normal"])
        years = boundary_import.fitting_years(set(normal.index), register, year, path.name)
        drawn = _Drawn(path.name, years, lambda: levels, _FETCHED)
    else:
        drawn = replace(_from_file(path, register), kind=_FETCHED)
    origins = _origins(path, found)
    if not origins:
        return drawn
    owners = ", ".join(dict.fromkeys(origin.credit for origin in origins))
    licences = ", ".join(dict.fromkeys(origin.licence for origin in origins))
    return replace(drawn, credit=Credit(owners, licences))


def _origins(path: Path, found: Fetched) -> tuple[Origin, ...]:
    entry = found.lock.entry(f"{fetched.BOUNDARIES}/{path.name}")
    return entry.origins if entry else ()


def _damaged(found: Fetched) -> dict[str, str]:
    """Return the damaged boundary and lock files, with advice."""
    return {
        f"{fetched.FOLDER}/{file}": f"{fetched.FOLDER}/{file} is not as it was fetched. Fetch it "
        "again with `python -m geo fetch boundaries`, or go back with `python -m geo restore`."
        for file in found.damaged
        if file == LOCK or file.startswith(f"{fetched.BOUNDARIES}/")
    }


@dataclass(frozen=True, eq=False)
class _Candidate:
    drawn: _Drawn
    base_year: int
    shared: int
    distance: int  # years between its borders and the structure year

    @property
    def rank(self) -> tuple[int, int, int, str]:
        return self.shared, self.distance, self.drawn.kind, self.drawn.source


def _ranked(drawn: Sequence[_Drawn], register: Register, year: int) -> list[_Candidate]:
    """Return the sets, best first for a year; shapes, which take seconds, are merged later."""
    found = []
    for one in drawn:
        base = one.base_year(year)
        shared = sum(len(own) > 1 for own in _members(one, register, year).values())
        found.append(_Candidate(one, base, shared, abs(base - year)))
    return sorted(found, key=lambda one: one.rank)


def _standings(
    drawn: Sequence[_Drawn], register: Register, years: Sequence[int]
) -> dict[int, tuple[Standing, ...]]:
    return {year: _standing(_ranked(drawn, register, year)) for year in years}


def _standing(ranked: Sequence[_Candidate]) -> tuple[Standing, ...]:
    best, *others = ranked
    first = _why(best, others[0]) if others else Said("boundary.why_only")
    behind = [(one, Said("boundary.behind", _behind(best, one))) for one in others]
    standings = [(best, first), *behind]
    return tuple(
        Standing(
            one.drawn.source,
            one.base_year,
            one.shared,
            one is best,
            why,
            one.drawn.credit,
            one.drawn.kind in {_IMPORTED, _PUT},
        )
        for one, why in standings
    )


def _behind(best: _Candidate, other: _Candidate) -> dict[str, object]:
    return {"best": _source(best), "why": _why(best, other)}


def _source(one: _Candidate) -> object:
    return Said("data.embedded") if one.drawn.kind == _EMBEDDED else one.drawn.source


def _why(best: _Candidate, other: _Candidate) -> Said:
    """Return why one set is preferred to another."""
    if best.shared < other.shared:
        return Said("boundary.why_exact" if not best.shared else "boundary.why_fewer")
    if best.distance < other.distance:
        return Said("boundary.why_nearer", {"base": str(best.base_year)})
    if best.drawn.kind < other.drawn.kind:
        return Said(f"boundary.why_kind_{best.drawn.kind}")
    return Said("boundary.why_name")


def _members(drawn: _Drawn, register: Register, year: int) -> Mapping[str, tuple[str, ...]]:
    """Return the kommuner of a year on the land of each shape, largest first."""
    links = register.links(drawn.base_year(year), year)
    # Ignore transferred strips: a shape does not represent a kommune for so little of its land.
    links = links[~links["strip"]].sort_values("share", ascending=False, kind="stable")
    grouped = links.groupby(FROM_KOMMUNENR)[TO_KOMMUNENR]
    return {str(nr): tuple(own) for nr, own in grouped}


def _serve(drawn: _Drawn, register: Register, year: int) -> BoundarySet:
    """Adapt shapes to another year: each represents the kommuner on its land."""
    base_year = drawn.base_year(year)
    members = _members(drawn, register, year)
    shown, levels = _united(drawn, members)
    inside = shown.geometry.representative_point()
    kommuner = register.kommuner(year)
    fylker, labels = kommuner[FYLKESNR].to_dict(), kommuner[LABEL].to_dict()
    own = list(shown[MEMBERS])
    frame = shown.assign(
        lon=inside.x,
        lat=inside.y,
        **{
            FYLKESNR: [fylker[m[0]] for m in own],
            LABEL: [" + ".join(labels[nr] for nr in m) for m in own],
        },
    )
    return BoundarySet(drawn.source, base_year, year, frame, levels, register, drawn.credit)


def _united(
    drawn: _Drawn, members: Mapping[str, tuple[str, ...]]
) -> tuple[gpd.GeoDataFrame, Mapping[str, bytes]]:
    """Add the members, and merge shapes that became one kommune if the drawing is older."""
    alone = Counter(m[0] for m in members.values() if len(m) == 1)
    into = {i: m[0] if len(m) == 1 and alone[m[0]] > 1 else i for i, m in members.items()}
    ids = [into[i] for i in drawn.shapes.index]
    if len(set(ids)) == len(ids):
        return drawn.shapes.assign(**{MEMBERS: [members[i] for i in ids]}), drawn.levels
    united = {d: _dissolved(read_level(content), ids) for d, content in drawn.levels.items()}
    levels = {d: shapes.compressed(shapes.geojson(f, d)) for d, f in united.items()}
    frame = united["normal"]
    own = {new: members[old] for old, new in into.items()}
    return frame.assign(**{MEMBERS: [own[i] for i in frame.index]}), levels


def _dissolved(level: gpd.GeoDataFrame, ids: list[str]) -> gpd.GeoDataFrame:
    return level.set_index(pd.Index(ids, name=SHAPE_ID)).dissolve(by=SHAPE_ID, sort=True)
