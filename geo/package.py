"""A data package: the tables of a programme, read once and never changed."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import PackageInvalid
from geo.settings import ROOT

# What a package must hold; registers it leaves out are the product's own.
REQUIRED = ("programmes", "projects", "hubs", "partners", "coverage", "sources")
REGISTERS = (
    "kommuner",
    "fylker",
    "kommune_changes",
    "fylke_changes",
    "population",
    "areas",
)
OPTIONAL = ("candidates", "assumptions", "claims", "deviations")

_DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean", "date": "str"}


@dataclass(frozen=True)
class Package:
    """The tables by resource name, typed by their schema; several values in a cell are "a|b"."""

    folder: Path
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the table of a resource; treat it as frozen."""
        return self.tables[name]

    @property
    def version(self) -> str:
        """The data version that every figure and link names."""
        return str(self.descriptor.get("version", "0"))


def split_ids(cell: object) -> tuple[str, ...]:
    """Return the values of a cell that holds several, separated by "|"."""
    return tuple(cell.split("|")) if isinstance(cell, str) and cell else ()


def read_descriptor(folder: Path) -> dict[str, Any]:
    """Return the content of datapackage.json. Raises PackageInvalid if it cannot be read."""
    path = folder / "datapackage.json"
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise PackageInvalid(
            f"{folder.name}: datapackage.json is missing. A data package needs it beside its CSV "
            "files; copy the one that ships in data/ and adapt it."
        ) from None
    except (OSError, ValueError) as error:
        raise PackageInvalid(f"datapackage.json cannot be read as JSON: {error}") from error
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise PackageInvalid("datapackage.json has no list of resources.")
    return descriptor


def load(folder: Path) -> Package:
    """Read a package that has been validated; registers it lacks come from the shipped one.

    Raises PackageInvalid if a required table or column is missing or a value has another type.
    """
    descriptor = read_descriptor(folder)
    tables = {r["name"]: _read(folder, r) for r in descriptor["resources"]}
    missing = [name for name in REQUIRED if name not in tables]
    if missing:
        raise PackageInvalid(f"datapackage.json lists no resource {', '.join(missing)}.")
    own = {r["name"]: r for r in read_descriptor(ROOT / "data")["resources"]}
    for name in (*REGISTERS, *OPTIONAL):
        if name in tables:
            continue
        default = _read(ROOT / "data", own[name])
        tables[name] = default if name in REGISTERS else default.iloc[:0]
    return Package(folder, descriptor, tables)


def _read(folder: Path, resource: Mapping[str, Any]) -> pd.DataFrame:
    fields = resource["schema"]["fields"]
    dtypes: dict[Any, Any] = {f["name"]: _DTYPES.get(f["type"], "str") for f in fields}
    path = folder / str(resource["path"])
    try:
        table = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])
    except (OSError, ValueError, UnicodeError, csv.Error) as error:
        raise PackageInvalid(f"{path.name} cannot be read: {error}") from error
    absent = [f["name"] for f in fields if f["name"] not in table]
    if absent:
        raise PackageInvalid(f"{path.name} lacks the column {', '.join(absent)}.")
    texts = [f["name"] for f in fields if dtypes[f["name"]] == "str"]
    return table.fillna(dict.fromkeys(texts, ""))


def archive(package: Package) -> bytes:
    """Return the package as it is, as a zip: the descriptor, its tables and its texts."""
    names = ["datapackage.json", *(str(r["path"]) for r in package.descriptor["resources"])]
    names += [p.name for p in sorted(package.folder.glob("*.md"))]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in names:
            # A fixed date: the same package is the same file.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, (package.folder / name).read_bytes())
    return content.getvalue()
