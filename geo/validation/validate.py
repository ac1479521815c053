"""Validates a data package and explains in plain words what is wrong and where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.dataset import csv_accidents
from geo.dataset.csv_accidents import Sheet
from geo.dataset.package import DESCRIPTOR, REQUIRED, is_shipped, read_descriptor
from geo.dataset.storage import Files, files_of
from geo.errors import DescriptorInvalid, without_path
from geo.text.languages import COMMAND_LINE
from geo.text.messages import Messages, messages
from geo.validation import (
    cell_checks,
    correction_checks,
    descriptor_checks,
    domain_checks,
    evidence_checks,
    schema_checks,
    text_checks,
)
from geo.validation.issue import Issue


@dataclass(frozen=True)
class Report:
    """The result of validation: issues, and notes on what was corrected while reading."""

    issues: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()


def validate(package: Path | Files, language: str = COMMAND_LINE) -> list[Issue]:
    """Return every issue of a package, sorted by file and row; empty if it is valid.

    Never raises because of the package's content.
    """
    return list(examine(package, language).issues)


def examine(package: Path | Files, language: str = COMMAND_LINE) -> Report:
    """Check a package for spreadsheet accidents, schema violations and domain errors.

    A package without issues can be loaded: cells are parsed as in `geo.dataset.package`. Never
    raises because of the package's content.
    """
    files, t = files_of(package), messages(language)
    try:
        descriptor = read_descriptor(files)
    except DescriptorInvalid as error:
        text = t(f"validate.descriptor_{error.why}", detail=error.detail)
        return Report((Issue(DESCRIPTOR, None, "", "", text),))
    case = _read(files, descriptor, t)
    readable = {name: sheet for name, sheet in case.sheets.items() if sheet.readable}
    better = [
        *text_checks.check(descriptor, readable, case.names, language),
        *domain_checks.check(files, case.names, readable, language),
        *evidence_checks.check(readable, case.names, language),
        *correction_checks.check(descriptor, readable, case.names, language),
    ]
    unreadable = cell_checks.check(readable, case.resources, case.names, t)
    resources = {name: case.resources[name] for name in readable}
    schemas = schema_checks.check(readable, resources, case.shipped, language)
    issues = [
        *case.issues,
        *descriptor_checks.whole(descriptor, t),
        *_required(descriptor, readable, case.names, language),
        *_one_for_each_cell(better, unreadable, schemas),
    ]
    return Report(_sorted(issues), _sorted(case.notes))


@dataclass
class _Case:
    """The tables of a package as read, with the issues and notes from reading them.

    `shipped` names those that are the shipped ones, byte by byte.
    """

    resources: dict[str, Any] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    shipped: set[str] = field(default_factory=set)

    @property
    def names(self) -> dict[str, str]:
        """The file of each table."""
        return {name: str(one["path"]) for name, one in self.resources.items()}


def _read(files: Files, descriptor: Mapping[str, Any], t: Messages) -> _Case:
    case = _Case()
    for resource in descriptor["resources"]:
        wrong = descriptor_checks.resource(files, resource, t)
        if wrong:
            case.issues.append(wrong)
            continue
        name, path = resource["name"], resource["path"]
        try:
            content = files.read(path)
        except OSError as error:
            text = t("validate.unreadable", error=without_path(error))
            case.issues.append(Issue(path, None, "", "", text))
            continue
        sheet = csv_accidents.read(content)
        case.sheets[name], case.resources[name] = sheet, resource
        if is_shipped(resource, content):
            case.shipped.add(name)
        for accident in sheet.accidents:
            text = t(f"validate.{accident.kind}", row=accident.row, value=accident.value)
            case.issues.append(Issue(path, accident.row, "", accident.value, text))
        for note in sheet.notes:
            text = t.plural(f"validate.{note.kind}", note.count, column=note.column)
            case.notes.append(Issue(path, note.row, note.column, "", text))
    return case


def _one_for_each_cell(*finders: Iterable[Issue]) -> Iterator[Issue]:
    """Yield the issues, for each cell only those of the first checker that reports it."""
    reported: set[tuple[str, int | None, str]] = set()
    for found in map(list, finders):
        yield from (one for one in found if not one.column or reported.isdisjoint(one.cells))
        reported.update(cell for one in found for cell in one.cells)


def _sorted(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(set(issues), key=lambda p: (p.file, p.row or 0, p.column, p.message)))


def _required(
    descriptor: dict[str, Any], sheets: dict[str, Sheet], files: dict[str, str], language: str
) -> Iterator[Issue]:
    """Yield an issue for each required table that is missing or empty."""
    t = messages(language)
    listed = [r.get("name") for r in descriptor["resources"] if isinstance(r, dict)]
    for name in REQUIRED:
        if name not in listed:
            yield Issue(DESCRIPTOR, None, "", name, t("validate.no_table", table=name))
        elif name in sheets and not sheets[name].rows:
            yield Issue(files[name], None, "", "", t("validate.no_rows"))
