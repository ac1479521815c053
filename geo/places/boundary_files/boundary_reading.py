"""Opens untrusted map files: only listed formats, and only data in the file itself."""

import io
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyarrow import parquet as pq

from geo.columns import KOMMUNENR
from geo.errors import BoundaryRefused
from geo.places.boundary_files import map_formats
from geo.settings import CRS_DEGREES, CRS_METRES

PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", *PARQUET)
# Compared case-insensitively; common names in Norwegian files, and their shapefile short forms.
NUMBER_FIELDS = (
    KOMMUNENR,
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
MOST_BYTES = 500_000_000
_KINDS = "GeoJSON, GeoPackage, a shapefile with its .dbf and .prj, or GeoParquet"
_CREDIT = b"naeringshagekart"
_LONGEST_CREDIT = 300  # characters; shown in a corner of the map
_DEGREES_END = 360
_BOM = b"\xef\xbb\xbf"
# Magic bytes by suffix: GDAL identifies formats by content, so the content must match the name.
_BEGINS = {".gpkg": b"SQLite format 3\0", ".shp": b"\x00\x00\x27\x0a"}
_ELSEWHERE = re.compile(rb'"type"\s*:\s*"(link|url)"', re.IGNORECASE)
_NUMBER = re.compile(r"(?:K[-_ ]?|municip_nor)?(\d{3,4})(?:\.0+)?(?:[\s-]+\D.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Credit:
    """Owner, licence and source of boundaries, as stated by whoever added them; "" if unknown."""

    attribution: str = ""
    licence: str = ""
    source: str = ""
    with_embedded: bool = False  # the coast, or a small kommune, is the embedded set's

    @property
    def owner(self) -> str:
        """Attribution and source, as shown beside the map."""
        return ", ".join(dict.fromkeys(one for one in (self.attribution, self.source) if one))

    def printable(self) -> "Credit":
        """Return the credit without invisible characters, shortened to fit beside a map."""
        stated = map(_printable, (self.attribution, self.licence, self.source))
        attribution, licence, source = stated
        return Credit(attribution, licence, source, self.with_embedded)


def _printable(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:_LONGEST_CREDIT]


def read(path: Path, field: str = "") -> gpd.GeoDataFrame:
    """Return the features of a map file with its own columns and CRS.

    Raises BoundaryRefused if it cannot be read; the message names the file without its path.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BoundaryRefused(f"{path.name} is not {_KINDS}. Save it as one of these.")
    if not path.is_file():
        raise BoundaryRefused(f"{path.name}: there is no such file.")
    if path.stat().st_size > MOST_BYTES:
        most = f"{MOST_BYTES / 1e6:.0f} MB"
        raise BoundaryRefused(f"{path.name} is larger than {most}. Simplify its borders first.")
    if suffix == ".shp":
        with path.open("rb") as file:
            _check_begin(file.read(100), path.name)
        return opened(path.resolve(), path.name, field)
    content = path.read_bytes()
    if suffix in PARQUET:
        return _parquet(content, path.name)
    _check_begin(content[:100], path.name)
    return opened(content, path.name, field)


def credit_of(path: Path) -> Credit | None:
    """Return the credit that a file was imported with; None if it was not imported."""
    if path.suffix.lower() not in PARQUET:
        return None
    try:
        kept = (pq.read_schema(path).metadata or {}).get(_CREDIT)
        return Credit(**json.loads(kept)).printable() if kept else None
    except Exception:  # noqa: BLE001 - pyarrow raises many kinds of errors on bad files
        return None


def parquet(repaired: gpd.GeoDataFrame, credit: Credit | None = None) -> bytes:
    """Return shapes as GeoParquet for storage, with the credit in its metadata."""
    content = io.BytesIO()
    repaired.reset_index(names=KOMMUNENR).to_parquet(content)
    if credit is None:
        return content.getvalue()
    table = pq.read_table(content)
    about = json.dumps(vars(credit), ensure_ascii=False).encode()
    kept = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, _CREDIT: about}), kept)
    return kept.getvalue()


def _check_begin(begin: bytes, name: str) -> None:
    """Raise BoundaryRefused unless the first bytes match the file's suffix."""
    suffix = Path(name).suffix.lower()
    if suffix in _BEGINS:
        right = begin.startswith(_BEGINS[suffix])
    else:
        right = begin.removeprefix(_BOM).lstrip().startswith(b"{")
    if not right:
        kind = {".gpkg": "a GeoPackage", ".shp": "a shapefile"}.get(suffix, "GeoJSON")
        raise BoundaryRefused(
            f"{name} cannot be read as a map file (it is not {kind}, whatever its name says). "
            f"Use {_KINDS}."
        )


def _parquet(content: bytes, name: str) -> gpd.GeoDataFrame:
    try:
        frame = gpd.read_parquet(io.BytesIO(content))
    except Exception as error:  # pyarrow raises many kinds of errors
        raise BoundaryRefused(_unreadable(content, name, error)) from error
    return _not_empty(frame, name)


def opened(source: Path | bytes, name: str, field: str = "", **options: str) -> gpd.GeoDataFrame:
    """Read the kommuner of a map file or its content; options go to GDAL's driver.

    Returns the file's own columns and CRS; without a CRS, EPSG:4326, or EPSG:25833 if the
    coordinates are in metres. Files from Geonorge have several layers: kommuner, and the lines
    between them. Text that is not UTF-8 is read as Latin-1. Raises BoundaryRefused if the content
    is not a map file.
    """
    pyogrio.set_gdal_config_options(map_formats.NO_WAY_OUT)
    if isinstance(source, bytes) and name.lower().endswith(("json",)):
        source = _as_utf8(source)
        if _ELSEWHERE.search(source):
            raise BoundaryRefused(
                f"{name} states its coordinate system as a link to elsewhere, which is not "
                "followed. State it by name, or leave it out and give degrees."
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about fields that are not used
            try:
                frame = _layer(source, field, options)
            except UnicodeDecodeError:
                frame = _layer(source, field, {**options, "encoding": "ISO-8859-1"})
        return _with_system(_not_empty(frame, name))
    except BoundaryRefused:
        raise
    except Exception as error:  # drivers raise many kinds of errors
        raise BoundaryRefused(_unreadable(source, name, error)) from error


def _layer(source: Path | bytes, field: str, options: Mapping[str, str]) -> Any:
    layer = _layer_of_kommuner(source, field, options)
    return gpd.read_file(_fresh(source), layer=layer, **options)


def _as_utf8(content: bytes) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()
    return content


def _with_system(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Assume EPSG:25833 for coordinates in metres without a CRS; the position is checked later.

    GeoJSON without a CRS is in degrees, but files exported in metres may not state theirs.
    """
    in_degrees = frame.crs is None or frame.crs.is_geographic
    if in_degrees and abs(frame.total_bounds).max() > _DEGREES_END:
        return frame.set_crs(CRS_METRES, allow_override=True)
    return frame if frame.crs else frame.set_crs(CRS_DEGREES)


def _layer_of_kommuner(source: Path | bytes, field: str, options: Mapping[str, str]) -> int:
    """Return the index of the polygon layer with kommune numbers; 0 if there is none."""
    wanted = {field.casefold()} if field else set(NUMBER_FIELDS)
    for place, (_, kind) in enumerate(pyogrio.list_layers(_fresh(source))):
        if kind is None or "Polygon" in kind or "Unknown" in kind:
            about = pyogrio.read_info(_fresh(source), layer=place, **options)
            if {str(one).casefold() for one in about["fields"]} & wanted:
                return place
    return 0


def _fresh(source: Path | bytes) -> Any:
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _unreadable(source: Path | bytes, name: str, error: Exception) -> str:
    # Drivers include the full path in messages, which users must not see.
    said = str(error) if isinstance(source, bytes) else str(error).replace(str(source), name)
    return f"{name} cannot be read as a map file ({said}). Use {_KINDS}."


def _not_empty(frame: Any, name: str) -> gpd.GeoDataFrame:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise BoundaryRefused(f"{name} holds no shapes.")
    return frame


def numbers(frame: gpd.GeoDataFrame, file: str, field: str = "") -> "pd.Series[Any]":
    """Return the kommunenr of each feature, four digits, RangeIndex; <NA> if a feature has none.

    `field` names the field; without it the usual names are tried. Accepts 301 and 301.0 for 0301,
    "K-0301" and "0301 Oslo". Raises BoundaryRefused if there is no such field or number.
    """
    by_name = {str(column).casefold(): column for column in frame.columns}
    for name in [field.casefold()] if field else NUMBER_FIELDS:
        if name in by_name:
            return _read_numbers(frame[by_name[name]], file, str(by_name[name]))
    fields = ", ".join(str(c) for c in frame.columns if c != frame.geometry.name)
    if field:
        raise BoundaryRefused(f'{file} has no field "{field}" (its fields: {fields}).')
    raise BoundaryRefused(
        f"{file} has no field with kommune numbers (its fields: {fields}). Name the field "
        "kommunenr, or say which it is with --field."
    )


def _read_numbers(column: "pd.Series[Any]", file: str, name: str) -> "pd.Series[Any]":
    text = column.astype("string").str.strip().reset_index(drop=True)
    text = text.mask(text.isin(["", "nan", "None"]))
    found = text.str.extract(f"^{_NUMBER.pattern}$", flags=re.IGNORECASE, expand=False)
    bad = text[text.notna() & found.isna()]
    if len(bad):
        raise BoundaryRefused(
            f"{file}, feature {bad.index[0] + 1}, {name}: "
            f'"{bad.iloc[0][:60]}" is not a kommune number of four digits.'
        )
    return found.str.zfill(4)
