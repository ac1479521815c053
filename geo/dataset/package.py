"""Reads a data package: the tables of a programme, typed by their schema and never modified."""

import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from geo import settings
from geo.base.cache import frames_of, lends
from geo.columns import (
    GRANT_KIND,
    GRANT_KINDS,
    LAT,
    LON,
    PROJECT_ID,
    SOURCE_ID,
    SOURCE_IDS,
)
from geo.dataset import cells, csv_accidents
from geo.dataset.storage import Files, Folder, Memory, files_of
from geo.errors import DescriptorInvalid, PackageInvalid, without_path
from geo.text import languages

# Tables a package must have; missing registers are taken from the shipped package.
REQUIRED = ("programmes", "projects", "coverage", "sources")
REGISTERS = (
    "kommuner",
    "fylker",
    "kommune_changes",
    "fylke_changes",
    "population",
    "areas",
)
# Optional additions to a register: taken from the shipped package only where that register is.
OF_REGISTER: Mapping[str, str] = {
    "split_people": "kommune_changes",
    "kommune_centres": "kommuner",
}
# Of the national programme: hubs outside the projects, whom they serve, and members by year.
NATIONAL = ("other_hubs", "other_coverage", "hub_years", "hub_totals")
# Hubs, who of them takes part in which project, and what is known beside the coverage.
OPTIONAL = (
    "hubs",
    "partners",
    "candidates",
    "assumptions",
    "claims",
    "deviations",
    "corrections",
    *NATIONAL,
)
_PLACED = ("hubs", "other_hubs")

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"  # of what we write
# Descriptor key, and file beside fetched registers, for the last year that was requested.
TO_YEAR, ABOUT_REGISTERS = "registers_to", "registers.json"
# Alternative coordinate columns, as Norwegian lists have them; not in the shipped tables.
EAST, NORTH = "x", "y"
_IN_METRES: list[dict[str, Any]] = [
    {
        "name": EAST,
        "type": "number",
        "title": "Øst",
        "description": "Easting in metres, EPSG:25833 (ETRS89 / UTM 33N), instead of lon",
    },
    {
        "name": NORTH,
        "type": "number",
        "title": "Nord",
        "description": "Northing in metres, EPSG:25833 (ETRS89 / UTM 33N), instead of lat",
    },
]
# Columns that a package may have though the shipped one, whose coverage hangs on hubs and whose
# amounts are all grants, has no use for them.
_MORE: Mapping[str, list[dict[str, Any]]] = {
    "coverage": [
        {
            "name": PROJECT_ID,
            "type": "string",
            "title": "Prosjekt",
            "description": "The project that the row is about; needed in a row without a hub. With "
            "a hub too, the row is about that hub in this project only",
        }
    ],
    "projects": [
        {
            "name": GRANT_KIND,
            "type": "string",
            "title": "Beløpet er",
            "description": "What grant_nok is: granted (also where the column is empty or left "
            "out), the upper limit of what the project may get, what was paid, or what it applied "
            "for",
            "constraints": {"enum": list(GRANT_KINDS)},
        }
    ],
}
_INSTEAD: Mapping[str, list[dict[str, Any]]] = dict.fromkeys(_PLACED, _IN_METRES)
# What these columns of a table refer to and are part of, where the table has them.
_MORE_KEYS: Mapping[str, Mapping[str, str]] = {"coverage": {PROJECT_ID: "projects"}}
_DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean", "date": "str"}


@lends("tables")
@dataclass(frozen=True)
class Package:
    """Tables by resource name, typed by their schema; multiple values in a cell are "a|b"."""

    files: Files
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the table of a resource: columns of its schema, RangeIndex. Raises KeyError."""
        return self.tables[name]

    @property
    def version(self) -> str:
        """The data version that figures and links cite."""
        return str(self.descriptor.get("version", "0"))

    @property
    def created(self) -> date | None:
        """The day of the data, as `created` in datapackage.json says; None if it does not."""
        return day_of(self.descriptor.get("created"))

    @property
    def default_year(self) -> int:
        """The structure year used when an address names none."""
        year = self.descriptor.get("default_year")
        return year if year in settings.STRUCTURE_YEARS else settings.DEFAULT_YEAR

    @property
    def private(self) -> bool:
        """Whether the package is an upload held in one session, without an address."""
        return isinstance(self.files, Memory)

    def title(self, language: str) -> str:
        """Return the name of the package's programme."""
        return languages.data_text(self["programmes"].iloc[0], "name", language).text


def day_of(written: object) -> date | None:
    """Return the day of an ISO date or date-time; None if it is neither."""
    try:
        return datetime.fromisoformat(str(written)).date()
    except ValueError:
        return None


def every_hub(package: Package) -> pd.DataFrame:
    """Return the hubs of the projects and the others known: columns of hubs, RangeIndex."""
    return pd.concat([package["hubs"], package["other_hubs"]], ignore_index=True)


def split_ids(cell: object) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by "|"."""
    return tuple(cell.split("|")) if isinstance(cell, str) and cell else ()


def read_descriptor(package: Path | Files) -> dict[str, Any]:
    """Return the content of datapackage.json.

    Raises DescriptorInvalid if it is missing, not JSON, or without a list of resources.
    """
    files = files_of(package)
    try:
        descriptor = json.loads(files.read(DESCRIPTOR).decode("utf-8-sig"))
        # JSON can contain a lone surrogate ("\\ud800"), which UTF-8 cannot encode.
        json.dumps(descriptor, ensure_ascii=False).encode("utf-8")
    except FileNotFoundError:
        raise DescriptorInvalid(
            "missing",
            f"{files.name}: datapackage.json is missing. A data package needs it beside its CSV "
            "files; copy the one that ships in data/ and adapt it.",
            files.name,
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        reason = without_path(error)
        text = f"datapackage.json cannot be read as JSON: {reason}"
        raise DescriptorInvalid("not_json", text, reason) from error
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise DescriptorInvalid("no_list", "datapackage.json has no list of resources.")
    return descriptor


class _Shipped(NamedTuple):
    """The shipped package, and the digest of each of its tables as they were read."""

    package: Package
    digests: Mapping[str, str]


@cache
def _shipped() -> _Shipped:
    folder = Folder(settings.ROOT / "data")
    descriptor = read_descriptor(folder)
    contents = {r["name"]: folder.read(r["path"]) for r in descriptor["resources"]}
    tables = {r["name"]: _read(r, contents[r["name"]]) for r in descriptor["resources"]}
    package = Package(folder, descriptor, {**tables, **_in_degrees(tables)})
    return _Shipped(
        package, {r["name"]: _digest(r, contents[r["name"]]) for r in descriptor["resources"]}
    )


def product() -> Package:
    """Return the shipped package, whose registers complete all others."""
    return _shipped().package


def is_shipped(resource: Mapping[str, Any], content: bytes) -> bool:
    """Return whether a table and its schema are the shipped ones, byte by byte.

    What is known of those need not be found out again.
    """
    return _shipped().digests.get(str(resource["name"])) == _digest(resource, content)


def _digest(resource: Mapping[str, Any], content: bytes) -> str:
    schema = json.dumps(resource["schema"], sort_keys=True).encode()
    return sha256(schema + b"\n" + content).hexdigest()


def shipped_tables(package: Package) -> set[str]:
    """Return the names of a package's tables that are the shipped ones."""
    ours, theirs = frames_of(product().tables), frames_of(package.tables)
    return {n for n in theirs if n in ours and theirs.original(n) is ours.original(n)}


@cache
def known_tables() -> Mapping[str, Mapping[str, Any]]:
    """Return the shipped package's resource descriptors by table name."""
    return {r["name"]: r for r in read_descriptor(settings.ROOT / "data")["resources"]}


def known_fields(table: str) -> dict[str, dict[str, Any]]:
    """Return the fields that the engine knows of a table, by name; none for a foreign table.

    Those of the shipped package, those that may stand in their place, and the same texts in
    languages that the shipped package lacks.
    """
    expected = _expected_fields(table)
    translated = (own for field in expected.values() for own in languages.own_columns(field))
    return expected | {own["name"]: own for own in translated if own["name"] not in expected}


def _expected_fields(table: str) -> dict[str, dict[str, Any]]:
    """Return the fields that every table of this name has once it is loaded, by name."""
    instead = _INSTEAD.get(table, ())
    return {field["name"]: field for field in (*offered_fields(table), *instead)}


def offered_fields(table: str) -> tuple[Mapping[str, Any], ...]:
    """Return the fields that a template of a table has: the shipped ones, and what others need."""
    shipped = known_tables()[table]["schema"]["fields"] if table in known_tables() else ()
    return (*shipped, *_MORE.get(table, ()))


def more_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table that some packages need and others, as the shipped, lack."""
    return tuple(field["name"] for field in _MORE.get(table, ()))


def keys_of(table: str, columns: Collection[str]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the primary key and the foreign keys of a known table that has these columns."""
    schema, more = known_tables()[table]["schema"], _MORE_KEYS.get(table, {})
    own = {column: other for column, other in more.items() if column in columns}
    foreign = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in own.items()
    ]
    primary = [column for column in schema["primaryKey"] if column in columns]
    return [*own, *primary], [*schema["foreignKeys"], *foreign]


def described(resource: Any) -> bool:
    """Return whether a resource descriptor has a name, a path and named fields."""
    if not isinstance(resource, dict) or not isinstance(resource.get("schema"), dict):
        return False
    fields = resource["schema"].get("fields")
    texts = [resource.get("name"), resource.get("path")]
    if not isinstance(fields, list) or not fields:
        return False
    texts += [f.get("name") if isinstance(f, dict) else None for f in fields]
    return all(isinstance(text, str) and text for text in texts)


def paths_of(descriptor: Mapping[str, Any]) -> list[str]:
    """Return the file paths in a descriptor, ignoring malformed resources."""
    named = (one.get("path") for one in descriptor["resources"] if isinstance(one, dict))
    return [path for path in named if isinstance(path, str)]


def referred_to(resource: Mapping[str, Any]) -> set[str]:
    """Return the tables that a table's foreign keys name; "" is itself."""
    keys = resource["schema"].get("foreignKeys") or ()
    # Version 2 of Data Package lets a reference to the table itself say nothing.
    return {key["reference"].get("resource", "") for key in keys}


def fields_of(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a resource; known columns have the types that the program expects."""
    own = known_fields(str(resource.get("name")))
    return [own.get(f["name"], f) for f in resource["schema"]["fields"]]


def needed_columns(table: str) -> list[str]:
    """Return the required columns of a table; empty for an unknown table."""
    fields = known_tables()[table]["schema"]["fields"] if table in known_tables() else ()
    return [f["name"] for f in fields if f.get("constraints", {}).get("required")]


def load(package: Path | Files) -> Package:
    """Read a validated package; registers it lacks are added from fetched data or the shipped one.

    Raises PackageInvalid if a required table or column is missing or a value has another type.
    """
    files = files_of(package)
    descriptor = read_descriptor(files)
    if not all(map(described, descriptor["resources"])):
        raise PackageInvalid("datapackage.json has a resource without name, path or fields.")
    tables = {r["name"]: _table(files, r) for r in descriptor["resources"]}
    missing = [name for name in REQUIRED if name not in tables]
    if missing:
        raise PackageInvalid(f"datapackage.json lists no resource {', '.join(missing)}.")
    for name in OPTIONAL:
        tables.setdefault(name, product()[name].iloc[:0])
    tables |= _in_degrees(tables)
    return Package(files, descriptor, _with_registers(tables, files.registers()))


def _in_degrees(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of hubs that are there, with their points in degrees."""
    return {name: _placed(tables[name]) for name in _PLACED if name in tables}


def _placed(hubs: pd.DataFrame) -> pd.DataFrame:
    """Return hubs with lon and lat (EPSG:4326), also where x and y (EPSG:25833) were given."""
    if EAST not in hubs:
        return hubs  # the shipped table, which stands in for one that was left out
    in_metres = hubs[EAST].notna() & hubs[NORTH].notna() & hubs[LON].isna()
    degrees = hubs.drop(columns=[EAST, NORTH])
    if in_metres.any():
        there = hubs.loc[in_metres]
        points = gpd.GeoSeries.from_xy(there[EAST], there[NORTH], crs=settings.CRS_METRES)
        found = points.to_crs(settings.CRS_DEGREES)
        # Six decimals are about a tenth of a metre.
        degrees.loc[in_metres, LON] = found.x.round(6)
        degrees.loc[in_metres, LAT] = found.y.round(6)
    return degrees


def _with_registers(
    tables: dict[str, pd.DataFrame], fetched: Mapping[str, bytes]
) -> dict[str, pd.DataFrame]:
    """Add missing registers, fetched or from the shipped package, with the sources they cite."""
    own = {
        name: read_table(name, fetched[name]) if name in fetched else _original(name)
        for name in REGISTERS
        if name not in tables
    }
    for name, register in OF_REGISTER.items():
        if name not in tables:
            shipped = _original(name)
            own[name] = shipped if register in own else shipped.iloc[:0]
    cells = {cell for table in own.values() for cell in table[_source_column(table)].unique()}
    cited = {source for cell in cells for source in split_ids(cell)}
    listed = product()["sources"]
    ours = listed[listed[SOURCE_ID].isin(cited)]
    theirs = dict(zip(tables["sources"][SOURCE_ID], tables["sources"]["title"], strict=True))
    titles = zip(ours[SOURCE_ID], ours["title"], strict=True)
    # If the package uses one of our source ids for another source, ours gets a prefix.
    renamed = {i: f"register-{i}" for i, title in titles if theirs.get(i, title) != title}
    for name, table in own.items():
        tables[name] = _renumbered(table, renamed)
    ours = ours.assign(source_id=ours[SOURCE_ID].replace(renamed))
    added = ours[~ours[SOURCE_ID].isin(theirs)]
    return {**tables, "sources": pd.concat([tables["sources"], added], ignore_index=True)}


def _source_column(table: pd.DataFrame) -> str:
    return SOURCE_IDS if SOURCE_IDS in table else SOURCE_ID


def _renumbered(table: pd.DataFrame, renamed: Mapping[str, str]) -> pd.DataFrame:
    """Return the table with its source ids replaced."""
    if not renamed:
        return table
    column = _source_column(table)
    cells = {c: "|".join(renamed.get(i, i) for i in split_ids(c)) for c in table[column].unique()}
    return table.assign(**{column: table[column].map(cells)})


def _table(files: Files, resource: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table of a package; the shipped one itself, where it is the same.

    Raises PackageInvalid if it cannot be read.
    """
    path = str(resource["path"])
    try:
        content = files.read(path)
    except OSError as error:
        raise PackageInvalid(f"{path} cannot be read: {without_path(error)}") from error
    if is_shipped(resource, content):
        return _original(str(resource["name"]))
    return _read(resource, content)


def _original(name: str) -> pd.DataFrame:
    return frames_of(product().tables).original(name)


def _read(resource: Mapping[str, Any], content: bytes) -> pd.DataFrame:
    """Return a table typed by its schema. Raises PackageInvalid if it cannot be read so."""
    path = str(resource["path"])
    kinds = {str(f["name"]): str(f.get("type", "string")) for f in fields_of(resource)}
    sheet = csv_accidents.read(content)
    if not sheet.readable:
        accidents = ", ".join(accident.kind for accident in sheet.accidents)
        raise PackageInvalid(f"{path} cannot be read as a table ({accidents}). Run: geo validate")
    absent = [name for name in kinds if name not in sheet.header]
    if absent:
        raise PackageInvalid(f"{path} lacks the column {', '.join(absent)}.")
    rows = sheet.rows
    columns = {name: _typed(path, name, kinds.get(name, "string"), rows) for name in sheet.header}
    return _completed(str(resource["name"]), pd.DataFrame(columns), dtypes_of(kinds))


def _typed(
    path: str, name: str, kind: str, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> "pd.Series[Any]":
    """Return a column, parsed as in validation. Raises PackageInvalid for another type."""
    found = []
    for number, row in rows:
        try:
            found.append(cells.value(row.get(name, ""), kind))
        except cells.NotOfType as error:
            text = f'{path}, row {number}, {name}: "{str(error)[:60]}" is not of type {kind}.'
            raise PackageInvalid(text) from None
    return pd.Series(found, dtype=_DTYPES.get(kind, "str"))


def dtypes_of(kinds: Mapping[str, str]) -> dict[Any, Any]:
    """Return the pandas dtype of each column from its schema type."""
    return {name: _DTYPES.get(kind, "str") for name, kind in kinds.items()}


def _completed(name: str, table: pd.DataFrame, dtypes: Mapping[Any, Any]) -> pd.DataFrame:
    """Add missing optional columns and fill empty text with "".

    Raises PackageInvalid if a required column is missing.
    """
    fields = _expected_fields(name).values()
    absent = {f["name"]: _DTYPES.get(f["type"], "str") for f in fields if f["name"] not in table}
    needed = [column for column in needed_columns(name) if column in absent]
    if needed:
        raise PackageInvalid(f"the table {name} lacks the column {', '.join(needed)}.")
    empty = {
        c: pd.Series([None] * len(table), index=table.index, dtype=d) for c, d in absent.items()
    }
    texts = [column for column, kind in {**dtypes, **absent}.items() if kind == "str"]
    return table.assign(**empty).fillna(dict.fromkeys(texts, ""))


def read_table(name: str, content: bytes) -> pd.DataFrame:
    """Return a known table from CSV content: columns of its schema, RangeIndex.

    Raises PackageInvalid if the content does not fit the schema.
    """
    return _read(known_tables()[name], content)


def sent_descriptor(package: Package, homepage: str) -> bytes:
    """Return datapackage.json as it is sent from a public address: with that as its homepage.

    A homepage that the package states is kept, and so is a file without an address to add.
    """
    content = package.files.read(DESCRIPTOR)
    if not homepage or package.descriptor.get("homepage"):
        return content
    described = {}
    for key, value in json.loads(content.decode("utf-8-sig")).items():
        if key == "resources":
            described["homepage"] = homepage
        described[key] = value
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def archive(package: Package, homepage: str = "") -> bytes:
    """Return the package as a zip: the descriptor, its tables and its .md files.

    `homepage` is the public address that it is sent from, "" if there is none.
    """
    files = package.files
    names = [*(str(r["path"]) for r in package.descriptor["resources"]), *files.texts()]
    tables = {name: files.read(name) for name in names}
    return zipped({DESCRIPTOR: sent_descriptor(package, homepage), **tables})


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return files as a zip; the same files always give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return content.getvalue()
