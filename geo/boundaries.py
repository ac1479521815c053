"""The shapes of a structure year: embedded, or exact where a file for the year is present."""

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import boundary_import, fetched, shapes
from geo.columns import FYLKESNR, LABEL
from geo.errors import BoundaryRefused
from geo.fetch.origin import LOCK, Origin
from geo.fetched import Fetched
from geo.register import Register
from geo.settings import CRS_DEGREES, ROOT

EMBEDDED = ROOT / "data" / "boundaries"
EMBEDDED_YEAR = 2020
MEMBERS = "members"
KARTVERKET = "© Kartverket"
CC_BY = "CC BY 4.0"


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
    attribution: str = KARTVERKET
    licence: str = CC_BY

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
        return _read_level(self.levels[detail])

    @property
    def exact(self) -> bool:
        """Whether every kommune of the year has one shape of its own."""
        return not self.shared

    @cached_property
    def county_lines(self) -> bytes:
        """What belongs to the year: the borders between its fylker as gzipped GeoJSON, EPSG:4326.

        Property names holds the names of shapes that the year calls otherwise than the drawing.
        """
        normal = _read_level(self.levels["normal"])
        fylker = {str(i): str(nr) for i, nr in self.shapes[FYLKESNR].items()}
        named = zip(self.shapes.index, self.shapes["name"], self.shapes[LABEL], strict=True)
        names = {str(i): label for i, name, label in named if name != label}
        return shapes.compressed(shapes.borders(normal, fylker, {"names": names}))

    @cached_property
    def county_lines_name(self) -> str:
        """A name for the county lines that changes with their content."""
        return f"fylker-{self.year}-{hashlib.sha256(self.county_lines).hexdigest()[:10]}"


@dataclass(frozen=True, eq=False)
class Library:
    """All boundary sets at hand, and the files that were refused with the reason."""

    by_year: Mapping[int, BoundarySet]
    refusals: Mapping[str, str] = field(default_factory=dict)


def library(register: Register, data_dir: Path, years: tuple[int, ...]) -> Library:
    """Return the best set for each year: fewest kommuner that cannot be told apart, then nearest.

    Files that were put into the data directory go before fetched ones. Those that do not fit a
    register, or are damaged, are left out and listed with the reason.
    """
    found = fetched.fetched(data_dir)
    drawn = [_embedded()]
    refusals = _damaged(found)
    for path in boundary_import.files(data_dir / "boundaries"):
        try:
            drawn.append(_from_file(path, register))
        except BoundaryRefused as refusal:
            refusals[path.name] = str(refusal)
    for path in found.boundaries():
        try:
            if path.suffix in boundary_import.SUFFIXES:
                drawn.append(_from_fetched(path, found, register))
        except BoundaryRefused as refusal:
            refusals[f"{fetched.FOLDER}/{fetched.BOUNDARIES}/{path.name}"] = str(refusal)
    return Library({year: _best(drawn, register, year) for year in years}, refusals)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Shapes as drawn, indexed by the kommunenr of `years`, before they serve a structure year."""

    source: str
    years: tuple[int, ...]
    shapes: gpd.GeoDataFrame
    levels: Mapping[str, bytes]
    attribution: str = KARTVERKET
    licence: str = CC_BY

    def base_year(self, year: int) -> int:
        return min(self.years, key=lambda own: abs(own - year))


def _embedded() -> _Drawn:
    levels = {detail: embedded_file(detail).read_bytes() for detail in shapes.DETAILS}
    return _Drawn("embedded", (EMBEDDED_YEAR,), _read_level(levels["normal"]), levels)


def embedded_file(detail: str) -> Path:
    """Return the embedded set's file of a level of detail."""
    return EMBEDDED / level_name(EMBEDDED_YEAR, detail)


def embedded_shapes(detail: str) -> gpd.GeoDataFrame:
    """Return name and geometry of the embedded kommuner at a level of detail, in EPSG:4326."""
    return _read_level(embedded_file(detail).read_bytes())


def level_name(year: int, detail: str) -> str:
    """Return what the file of a level of detail is called."""
    return f"kommuner-{year}-{detail}.geojson.gz"


def _from_file(path: Path, register: Register) -> _Drawn:
    imported = boundary_import.read(path, register)
    levels = boundary_import.levels(imported.shapes)
    return _Drawn(path.name, imported.years, _read_level(levels["normal"]), levels)


def _from_fetched(path: Path, found: Fetched, register: Register) -> _Drawn:
    """Read the levels that were made when the file was fetched; making them takes seconds."""
    year = boundary_import.year_in_name(path.name, register)
    kept = {d: path.with_name(level_name(year, d)) for d in shapes.DETAILS} if year else {}
    if kept and set(kept.values()) <= set(found.boundaries()):
        levels = {detail: level.read_bytes() for detail, level in kept.items()}
        normal = _read_level(levels["normal"])
        years = boundary_import.fitting_years(set(normal.index), register, year, path.name)
        drawn = _Drawn(path.name, years, normal, levels)
    else:
        drawn = _from_file(path, register)
    origins = _origins(path, found)
    if not origins:
        return drawn
    owners = ", ".join(dict.fromkeys(origin.credit for origin in origins))
    licences = ", ".join(dict.fromkeys(origin.licence for origin in origins))
    return replace(drawn, attribution=owners, licence=licences)


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


def _read_level(content: bytes) -> gpd.GeoDataFrame:
    features = json.loads(gzip.decompress(content))["features"]
    frame = gpd.GeoDataFrame.from_features(features, crs=CRS_DEGREES)
    frame.index = pd.Index([feature["id"] for feature in features], name="shape_id")
    return frame.rename(columns={"n": "name"})


def _best(drawn: list[_Drawn], register: Register, year: int) -> BoundarySet:
    # Uniting shapes takes seconds, so that only the best set is drawn up.
    def rank(one: _Drawn) -> tuple[int, int, bool]:
        shared = sum(len(own) > 1 for own in _members(one, register, year).values())
        return shared, abs(one.base_year(year) - year), one.source == "embedded"

    return _serve(min(drawn, key=rank), register, year)


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
    return BoundarySet(
        drawn.source, base_year, year, frame, levels, drawn.attribution, drawn.licence
    )


def _united(
    drawn: _Drawn, members: Mapping[str, tuple[str, ...]]
) -> tuple[gpd.GeoDataFrame, Mapping[str, bytes]]:
    """Add the members; unite shapes that became one kommune, where the drawing is the older."""
    alone = Counter(m[0] for m in members.values() if len(m) == 1)
    into = {i: m[0] if len(m) == 1 and alone[m[0]] > 1 else i for i, m in members.items()}
    ids = [into[i] for i in drawn.shapes.index]
    if len(set(ids)) == len(ids):
        return drawn.shapes.assign(**{MEMBERS: [members[i] for i in ids]}), drawn.levels
    united = {d: _dissolved(_read_level(content), ids) for d, content in drawn.levels.items()}
    levels = {d: shapes.compressed(shapes.geojson(f, d)) for d, f in united.items()}
    frame = united["normal"]
    own = {new: members[old] for old, new in into.items()}
    return frame.assign(**{MEMBERS: [own[i] for i in frame.index]}), levels


def _dissolved(level: gpd.GeoDataFrame, ids: list[str]) -> gpd.GeoDataFrame:
    return level.set_index(pd.Index(ids, name="shape_id")).dissolve(by="shape_id", sort=True)
