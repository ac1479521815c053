"""Manages the boundary files in a data directory: imported, added by hand, removed."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.errors import BoundaryRefused
from geo.places.boundary_files import boundary_import, boundary_reading
from geo.places.boundary_files.boundary_import import Imported
from geo.places.boundary_files.boundary_reading import SUFFIXES, Credit
from geo.places.embedded import EMBEDDED_YEAR
from geo.places.register import Register

FOLDER = "boundaries"
BEFORE = ".before"  # suffix of the backup of a file that an import replaced
_SIDE = (".dbf", ".shx", ".prj", ".cpg", ".qpj", ".qmd", ".sbn", ".sbx", ".qix", ".xml")
_NOTES = (".md", ".txt", ".qml", ".html", ".pdf")
_EMBEDDED_NAME = re.compile(rf"kommuner-{EMBEDDED_YEAR}-\w+\.geojson\.gz")


def files(folder: Path) -> list[Path]:
    """Return the boundary files in a folder, without the embedded set's own."""
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name != "recipe.json"
    )


@dataclass(frozen=True)
class Stored:
    """An imported file, the result of reading it, and whether it replaced another."""

    path: Path
    imported: Imported
    replaced: bool


def store(
    paths: Path | Sequence[Path],
    register: Register,
    data_dir: Path,
    year: int | None = None,
    *,
    field: str = "",
    credit: Credit | None = None,
) -> Stored:
    """Check files and store their repaired shapes in the data directory as GeoParquet.

    Written to a temporary name and renamed, so that a failure leaves the old file; a replaced file
    is kept for `remove`. Raises BoundaryRefused if the files do not fit.
    """
    imported = boundary_import.read(paths, register, year, field)
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"kommuner-{year if year in imported.years else imported.years[0]}.parquet"
    with_embedded = imported.clipped or bool(imported.filled)
    kept = replace((credit or Credit()).printable(), with_embedded=with_embedded)
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_bytes(boundary_reading.parquet(imported.shapes, kept))
    replaced = target.exists()
    if replaced:
        shutil.copyfile(target, _before(target))
    return Stored(unfinished.replace(target), imported, replaced)


def _before(path: Path) -> Path:
    return path.with_name(path.name + BEFORE)


def remove(data_dir: Path, name: str) -> tuple[Path, ...]:
    """Remove a boundary file; a file that its import had replaced is restored.

    Returns the removed paths, including the parts of a shapefile. Raises BoundaryRefused if there
    is no such file.
    """
    folder = data_dir / FOLDER
    own = {path.name: path for path in files(folder)}
    own |= {useless: folder / useless for useless in unusable(folder)}
    if name not in own:
        there = f"There are: {', '.join(own)}." if own else "There are none."
        raise BoundaryRefused(f"{name} is not a boundary file in {folder.name}/. {there}")
    path = own[name]
    parts = sorted(folder.glob(f"{_escaped(path.stem)}.*")) if path.suffix == ".shp" else [path]
    for part in parts:
        part.unlink()
    if _before(path).exists():
        _before(path).replace(path)
    return tuple(parts)


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)


def unusable(folder: Path) -> dict[str, str]:
    """Return the files in a folder that cannot be boundary files, with the reason."""
    if not folder.is_dir():
        return {}
    drawn = tuple(f"{p.stem}." for p in files(folder) if p.suffix.lower() == ".shp")
    reasons = {}
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        known = suffix in (*SUFFIXES, *_NOTES, BEFORE) or path.name.startswith(".")
        side = suffix in _SIDE and path.name.startswith(drawn)
        if known or side or path.is_dir() or _EMBEDDED_NAME.fullmatch(path.name):
            continue
        reasons[path.name] = _why_unusable(path)
    return reasons


def _why_unusable(path: Path) -> str:
    if path.suffix == ".unfinished":
        return f"{path.name} is left of an import that was broken off. Remove it and import again."
    if path.suffix.lower() in {".zip", ".gz"}:
        return f"{path.name} is packed. Unpack it, and import what is in it."
    if path.suffix.lower() in _SIDE:
        return f"{path.name} belongs to a shapefile whose .shp is not here. Put it beside."
    return (
        f"{path.name} is not a kind of map that is read here: GeoJSON, GeoPackage, shapefile or "
        "GeoParquet. Save it as one of these."
    )
