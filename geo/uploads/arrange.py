"""Assembles uploaded files into a data package in memory: decides which file holds which table."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from geo.base.clock import today
from geo.dataset.package import (
    DESCRIPTOR,
    OPTIONAL,
    REQUIRED,
    known_tables,
    needed_columns,
    offered_fields,
    read_descriptor,
)
from geo.dataset.storage import Memory
from geo.errors import PackageInvalid
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.uploads import cleaning, descriptors, grids
from geo.uploads.dropped import MOST_BYTES, MOST_DESCRIPTOR, MOST_DROPPED, Dropped, unpacked
from geo.uploads.grids import Grid
from geo.uploads.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Budget, TooMuch
from geo.validation.issue import Issue

_TABLES = ("csv", "xlsx")
_SPREADSHEETS = ("xls", "ods", "numbers", "xlsm", "xlsb")
_COMMON = {name: place for place, name in enumerate((*REQUIRED, *OPTIONAL))}
_NOT_LETTERS = re.compile(r"[\W_]+")
# The sheet of the template that documents the columns.
EXPLAINS = {"definitions", "definisjoner"}


@dataclass
class Arranged:
    """A package in memory; `shown` maps each path to the name the user knows the file by."""

    files: Memory = field(default_factory=lambda: Memory("", {}))
    shown: dict[str, str] = field(default_factory=dict)
    above: dict[str, int] = field(default_factory=dict)  # rows above each file's header
    tables: dict[str, Grid] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def arrange(dropped: Sequence[Dropped], t: Messages) -> Arranged:
    """Assemble uploaded files into a package; files that do not fit are reported in `issues`."""
    made = Arranged()
    if sum(len(file.content) for file in dropped) > MOST_DROPPED:
        most = MOST_DROPPED // 1_000_000
        made.issues.append(_issue(t("egne_data.all"), t("egne_data.too_heavy", most=most)))
        return made
    files = _inside(_opened(dropped, made, t))
    given = _given(files, made, t)
    listed = {
        str(r["path"]): r
        for r in (given or {}).get("resources", ())
        if isinstance(r, dict) and isinstance(r.get("path"), str)
    }
    budget = Budget()
    try:
        for file in files:
            if file.kind in _TABLES:
                _sort(file, listed, budget, made, t)
    except TooMuch:
        limits = {"rows": MOST_ROWS, "cells": MOST_CELLS, "columns": MOST_COLUMNS}
        shown = {name: number(value, t.language) for name, value in limits.items()}
        made.issues = [_issue(t("egne_data.all"), t("egne_data.too_large", **shown))]
        made.tables.clear()
        return made
    for path in sorted(set(listed) - {file.name for file in files}):
        text = t("validate.no_file", file=path[:80])
        made.issues.append(Issue(DESCRIPTOR, None, "path", path, text))
    _left_out(files, made, t)
    _complete(files, given, listed, made)
    return made


def _opened(dropped: Sequence[Dropped], made: Arranged, t: Messages) -> list[Dropped]:
    """Return all files, with zips unpacked; report unreadable file types."""
    found: list[Dropped] = []
    for file in dropped:
        if file.kind == "zip":
            inside, wrong = unpacked(file, t, MOST_BYTES - sum(len(f.content) for f in found))
            found += inside
            made.issues += wrong
        elif file.kind in (*_TABLES, "json"):
            found.append(file)
        else:
            key = "egne_data.old_workbook" if file.kind in _SPREADSHEETS else "egne_data.kind"
            made.issues.append(_issue(file.name, t(key)))
    return found


def _inside(files: list[Dropped]) -> list[Dropped]:
    """Return the files with paths relative to the package, which may be in a subfolder of a zip."""
    homes = [PurePosixPath(file.name).parent for file in files if _is_descriptor(file)]
    if not homes:
        return [Dropped(PurePosixPath(file.name).name, file.content) for file in files]
    home = min(homes, key=lambda path: len(path.parts))
    start = "" if home == PurePosixPath() else f"{home}/"
    return [Dropped(file.name.removeprefix(start), file.content) for file in files]


def _is_descriptor(file: Dropped) -> bool:
    return PurePosixPath(file.name).name == DESCRIPTOR


def _given(files: list[Dropped], made: Arranged, t: Messages) -> dict[str, Any] | None:
    """Return the uploaded descriptor; None if there is none or it is unreadable."""
    own = [file for file in files if file.name == DESCRIPTOR]
    if not own:
        return None
    try:
        if len(own[0].content) <= MOST_DESCRIPTOR:
            return read_descriptor(Memory("", {DESCRIPTOR: own[0].content}))
        made.issues.append(_issue(DESCRIPTOR, t("egne_data.long_descriptor")))
    except PackageInvalid:
        made.issues.append(_issue(DESCRIPTOR, t("egne_data.descriptor")))
    return None


def _sort(
    file: Dropped,
    listed: Mapping[str, Mapping[str, Any]],
    budget: Budget,
    made: Arranged,
    t: Messages,
) -> None:
    """Read a file and assign each of its tables. Raises TooMuch if the budget is spent."""
    found, notes, wrong = grids.read(file, budget, t)
    made.notes += notes
    made.issues += wrong
    for grid in found:
        resource = listed.get(grid.path)
        table = str(resource["name"]) if resource and resource.get("name") else _table_of(grid)
        if not table:
            _strange(grid, made, t)
        elif table in made.tables:
            text = t("egne_data.twice", table=table, other=made.tables[table].shown)
            made.issues.append(_issue(grid.shown, text))
        else:
            made.tables[table], notes = grids.mended(grid, table, t)
            made.notes += notes


def _strange(grid: Grid, made: Arranged, t: Messages) -> None:
    """Report a table that does not belong to the programme."""
    if not EXPLAINS.isdisjoint(map(str.casefold, grid.called)):
        return
    if cleaning.is_statbank(grid.rows):
        made.issues.append(_issue(grid.shown, t("egne_data.statbank")))
    elif _named_like(grid):
        made.notes.append(t("egne_data.only_called", sheet=grid.shown, table=_named_like(grid)))
    else:
        names = ", ".join(f"{name}.csv" for name in known_tables())
        text = t("egne_data.unknown_table", names=names)
        made.issues.append(_issue(grid.shown, text))


def _table_of(grid: Grid) -> str:
    """Return the table that a grid holds, by its name or else its columns; "" if unknown."""
    name = _named_like(grid)
    # An unrelated sheet may be named Befolkning; accept the name only if the columns fit.
    if name and (cleaning.fits(grid.header, name) or not cleaning.is_foreign(grid.rows)):
        return name
    header = set(grid.header)
    fitting = [
        # Of several of one form that which more packages have.
        (len(header & columns), -len(header - columns), -_COMMON.get(name, len(_COMMON)), name)
        for name in known_tables()
        if (columns := {field["name"] for field in offered_fields(name)})
        and header.issuperset(needed_columns(name))
    ]
    return max(fitting)[-1] if fitting else ""


def _named_like(grid: Grid) -> str:
    """Return the table that a grid is named after, whatever it contains; "" if none."""
    called = set(map(_bare, grid.called))
    named = (
        name
        for name, resource in known_tables().items()
        if not called.isdisjoint({_bare(name), _bare(resource["title"])})
    )
    return next(named, "")


def _bare(name: str) -> str:
    return _NOT_LETTERS.sub("", name.casefold())


def _left_out(files: Iterable[Dropped], made: Arranged, t: Messages) -> None:
    """Report which files of a zip were not used."""
    rest = [f.name for f in files if f.kind not in (*_TABLES, "md", "txt") and f.name != DESCRIPTOR]
    if rest:
        made.notes.append(t("egne_data.left_out", files=", ".join(rest[:6])[:200]))


def _complete(
    files: Iterable[Dropped],
    given: Mapping[str, Any] | None,
    listed: Mapping[str, Mapping[str, Any]],
    made: Arranged,
) -> None:
    """Build the package: tables as CSV, texts, and a newly written descriptor."""
    paths = {
        name: grid.path if grid.path in listed else f"{name}.csv"
        for name, grid in made.tables.items()
    }
    contents = {
        paths[name]: grid.written(descriptors.numbers(name)) for name, grid in made.tables.items()
    }
    contents |= {f.name: f.content for f in files if f.kind == "md" and "/" not in f.name}
    headers = {name: grid.header for name, grid in made.tables.items()}
    descriptor = descriptors.descriptor(given, headers, paths, today())
    contents[DESCRIPTOR] = json.dumps(descriptor, ensure_ascii=False, indent=1).encode()
    made.files = Memory(descriptor["name"], contents)
    made.shown = {paths[name]: grid.shown for name, grid in made.tables.items()}
    made.above = {paths[name]: grid.above for name, grid in made.tables.items()}


def missing(made: Arranged, t: Messages) -> list[Issue]:
    """Return an issue for each required table that is missing."""
    return [
        _issue(f"{name}.csv", t("egne_data.missing", holds=t(f"egne_data.holds_{name}")))
        for name in REQUIRED
        if name not in made.tables
    ]


def _issue(file: str, text: str) -> Issue:
    return Issue(file, None, "", "", text)
