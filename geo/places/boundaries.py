"""The shapes of a structure year: embedded, or exact where a file for the year is present."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.base.cache import lends
from geo.columns import FYLKESNR, LABEL
from geo.errors import BoundaryRefused
from geo.official import fetched
from geo.official.fetched import Fetched
from geo.official.origin import LOCK, Origin
from geo.places import shapes
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
from geo.text.messages import Messages
from geo.text.said import Said

EMBEDDED_SOURCE = "embedded"
MEMBERS = "members"
_OF_EMBEDDED = Credit(KARTVERKET, CC_BY)


@lends("shapes")
@dataclass(frozen=True, eq=False)
class BoundarySet:
    """Shapes for one structure year.

    `shapes` is indexed by shape_id, in EPSG:4326, with columns name, geometry, members (numbers
    of `year` that the shape stands for, the largest first), lon, lat (a point inside) and fylkesnr
    (of the largest member). `levels` holds gzipped GeoJSON by level of detail.
    """

    source: str  # "embedded" or a file's name
    base_year: int  # the year whose borders were drawn
    year: int  # the structure year that the members speak of
    shapes: gpd.GeoDataFrame
    levels: Mapping[str, bytes]
    credit: Credit = _OF_EMBEDDED

    def owner(self, t: Messages) -> str:
        """Return whose borders they are, as whoever put them there stated it."""
        return owner(self.credit, t)

    def licence(self, t: Messages) -> str:
        """Return what the borders may be used under, as whoever put them there stated it."""
        return licence(self.credit, t)

    def credit_line(self, t: Messages) -> str:
        """Return owner and licence as they stand beside the map."""
        return credit_line(self.credit, t)

    @cached_property
    def name(self) -> str:
        """A name that changes with the content; st_folium ignores what follows a "_"."""
        digest = hashlib.sha256(b"".join(self.levels.values())).hexdigest()[:10]
        kind = "embedded" if self.source == "embedded" else "exact"
        return f"{kind}-{self.base_year}-{digest}"

    @cached_property
    def shared(self) -> Mapping[str, tuple[str, ...]]:
        """The shapes that stand for several kommuner, with these."""
        several = self.shapes[MEMBERS][self.shapes[MEMBERS].map(len) > 1]
        return dict(several)

    @cached_property
    def shapes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The shapes that show each kommune of the year, its own shape first."""
        found: dict[str, list[str]] = {}
        for shape_id, members in self.shapes[MEMBERS].items():
            for place, nr in enumerate(members):
                found.setdefault(nr, []).insert(0 if place == 0 else 9, str(shape_id))
        return {nr: tuple(ids) for nr, ids in found.items()}

    def drawn_with(self, kommunenr: str) -> tuple[str, ...]:
        """Return the other kommuner that the map cannot tell apart from this one."""
        members = self.shapes.at[self.shapes_of[kommunenr][0], MEMBERS]
        return tuple(nr for nr in members if nr != kommunenr)

    def drawn(self, detail: str) -> gpd.GeoDataFrame:
        """Return name and geometry of each shape_id at a level of detail, in EPSG:4326."""
        return read_level(self.levels[detail])

    @property
    def exact(self) -> bool:
        """Whether every kommune of the year has one shape of its own."""
        return not self.shared

    @cached_property
    def county_lines(self) -> bytes:
        """What belongs to the year: the borders between its fylker as gzipped GeoJSON, EPSG:4326.

        Property names holds the names of shapes that the year calls otherwise than the drawing.
        """
        normal = read_level(self.levels["normal"])
        fylker = {str(i): str(nr) for i, nr in self.shapes[FYLKESNR].items()}
        named = zip(self.shapes.index, self.shapes["name"], self.shapes[LABEL], strict=True)
        names = {str(i): label for i, name, label in named if name != label}
        return shapes.compressed(shapes.borders(normal, fylker, {"names": names}))

    @cached_property
    def county_lines_name(self) -> str:
        """A name for the county lines that changes with their content."""
        return f"fylker-{self.year}-{hashlib.sha256(self.county_lines).hexdigest()[:10]}"


def owner(credit: Credit, t: Messages) -> str:
    """Return whose borders they are, or that this is not stated."""
    return _with_embedded(credit.owner or t("boundary.unstated"), credit, KARTVERKET)


def licence(credit: Credit, t: Messages) -> str:
    """Return what borders may be used under, or that this is not stated."""
    return _with_embedded(credit.licence or t("boundary.licence_unstated"), credit, CC_BY)


def credit_line(credit: Credit, t: Messages) -> str:
    """Return owner and licence as they stand beside the map."""
    return f"{owner(credit, t)} ({licence(credit, t)})"


def _with_embedded(stated: str, credit: Credit, embedded: str) -> str:
    """Add what is the embedded set's where its coast or a kommune of it was taken."""
    return f"{stated}, {embedded}" if credit.with_embedded and embedded not in stated else stated


@dataclass(frozen=True)
class Standing:
    """A set that could serve a structure year: why it does, or why another goes before it."""

    source: str
    base_year: int
    shared: int  # shapes that stand for several kommuner
    serves: bool
    why: Said
    credit: Credit
    own: bool  # a file in the data directory, not fetched or embedded


@dataclass(frozen=True, eq=False)
class Library:
    """All boundary sets at hand, and the files that were refused with the reason.

    `standings` has, for each structure year, every set that could serve it, the best first;
    `notes` what was told of each file while it was read.
    """

    by_year: Mapping[int, BoundarySet]
    refusals: Mapping[str, str] = field(default_factory=dict)
    standings: Mapping[int, tuple[Standing, ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)

    def of_file(self, name: str) -> Mapping[int, Standing]:
        """Return where a file in the data directory stands, by structure year."""
        return {
            year: one
            for year, all_ in self.standings.items()
            for one in all_
            if one.own and one.source == name
        }


def library(register: Register, data_dir: Path, years: tuple[int, ...]) -> Library:
    """Return the best set for each year: fewest kommuner that cannot be told apart, then nearest.

    Files that were put into the data directory go before fetched ones. Those that do not fit a
    register, or are damaged, are left out and listed with the reason.
    """
    drawn, refusals = _at_hand(register, data_dir)
    served = {year: _served(drawn, refusals, register, year) for year in years}
    kept = [one for one in drawn if one.source not in refusals]
    return Library(
        served, refusals, _standings(kept, register, years), {d.source: d.notes for d in kept}
    )


def standings(register: Register, data_dir: Path, years: tuple[int, ...]) -> Library:
    """Return what `library` tells without drawing up any set, which takes seconds."""
    drawn, refusals = _at_hand(register, data_dir)
    return Library(
        {}, refusals, _standings(drawn, register, years), {one.source: one.notes for one in drawn}
    )


def _at_hand(register: Register, data_dir: Path) -> tuple[list["_Drawn"], dict[str, str]]:
    """Return the sets that are in order, and what was refused with the reason."""
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
    """Return the best set for a year; one that cannot be drawn is refused, and the next serves."""
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


# What goes first where two sets serve a year equally well.
_IMPORTED, _PUT, _FETCHED, _EMBEDDED = range(4)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Shapes as drawn, indexed by the kommunenr of `years`, before they serve a structure year."""

    source: str
    years: tuple[int, ...]
    make: Callable[[], Mapping[str, bytes]]  # its levels, which takes seconds for a new file
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
    """Read the levels that were made when the file was fetched; making them takes seconds."""
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
    """Return the damaged files that matter for the map, with what to do."""
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
    """Return the sets, the best for a year first; uniting shapes takes seconds, and comes later."""
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
    """Return what lets one set go before another."""
    if best.shared < other.shared:
        return Said("boundary.why_exact" if not best.shared else "boundary.why_fewer")
    if best.distance < other.distance:
        return Said("boundary.why_nearer", {"base": str(best.base_year)})
    if best.drawn.kind < other.drawn.kind:
        return Said(f"boundary.why_kind_{best.drawn.kind}")
    return Said("boundary.why_name")


def _members(drawn: _Drawn, register: Register, year: int) -> Mapping[str, tuple[str, ...]]:
    """Return the kommuner of a year on the land of each shape, the largest first."""
    links = register.links(drawn.base_year(year), year)
    # A strip that moved is too narrow to make a shape stand for the kommune it came from.
    links = links[~links["strip"]].sort_values("share", ascending=False, kind="stable")
    grouped = links.groupby("from_kommunenr")["to_kommunenr"]
    return {str(nr): tuple(own) for nr, own in grouped}


def _serve(drawn: _Drawn, register: Register, year: int) -> BoundarySet:
    """Let shapes drawn for one year serve another: each stands for the kommuner on its land."""
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
    return BoundarySet(drawn.source, base_year, year, frame, levels, drawn.credit)


def _united(
    drawn: _Drawn, members: Mapping[str, tuple[str, ...]]
) -> tuple[gpd.GeoDataFrame, Mapping[str, bytes]]:
    """Add the members; unite shapes that became one kommune, where the drawing is the older."""
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
    return level.set_index(pd.Index(ids, name="shape_id")).dissolve(by="shape_id", sort=True)
