"""Check a data package, ours or anybody's, and say in plain words what is wrong and where."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Package as FrictionlessPackage
from frictionless import system

from geo import csv_accidents, domain_checks, settings
from geo.csv_accidents import Sheet
from geo.errors import PackageInvalid
from geo.messages import messages
from geo.package import REQUIRED, read_descriptor
from geo.problem import Problem

# Reported by csv_accidents with better advice.
_TOLD_ALREADY = frozenset({"blank-row", "duplicate-row", "encoding-error", "source-error"})


def validate(folder: Path, language: str = "en") -> list[Problem]:
    """Return every problem of the package in `folder`, sorted by file and row; empty if none.

    Checks spreadsheet accidents, the schemas (with frictionless) and what a schema cannot say.
    Never raises for what the folder holds.
    """
    t = messages(language)
    try:
        descriptor = read_descriptor(folder)
    except PackageInvalid as error:
        return [Problem("datapackage.json", None, "", "", str(error))]
    problems: list[Problem] = []
    sheets: dict[str, Sheet] = {}
    files: dict[str, str] = {}
    for resource in descriptor["resources"]:
        name, path, wrong = _resource(folder, resource, language)
        if wrong or path is None:
            problems.append(wrong)  # type: ignore[arg-type]
            continue
        sheets[name], files[name] = csv_accidents.read(path), path.name
        for accident in sheets[name].accidents:
            text = t(f"validate.{accident.kind}", row=accident.row, value=accident.value)
            problems.append(Problem(path.name, accident.row, "", accident.value, text))
    for name in REQUIRED:
        if name not in {r.get("name") for r in descriptor["resources"] if isinstance(r, dict)}:
            text = t("validate.no_table", table=name)
            problems.append(Problem("datapackage.json", None, "", name, text))
    readable = {name for name, sheet in sheets.items() if sheet.readable}
    problems += _by_schema(folder, descriptor, readable, language)
    trusted = {name: sheet for name, sheet in sheets.items() if name in readable}
    problems += domain_checks.check(folder, files, trusted, language)
    return sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column, p.message))


def _resource(
    folder: Path, resource: Any, language: str
) -> tuple[str, Path | None, Problem | None]:
    """Return name and path of a resource, or what is wrong with it."""
    t = messages(language)
    if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
        return "", None, Problem("datapackage.json", None, "", "", t("validate.bad_resource"))
    name, path = str(resource.get("name", "")), (folder / resource["path"]).resolve()
    if not path.is_relative_to(folder.resolve()) or "://" in resource["path"]:
        text = t("validate.outside", path=resource["path"])
        return name, None, Problem("datapackage.json", None, "path", resource["path"], text)
    if not path.is_file():
        text = t("validate.no_file", file=resource["path"])
        return name, None, Problem("datapackage.json", None, "path", resource["path"], text)
    fields = (resource.get("schema") or {}).get("fields")
    if not isinstance(fields, list):
        text = t("validate.no_schema", table=name)
        return name, None, Problem("datapackage.json", None, name, "", text)
    return name, path, None


def _by_schema(
    folder: Path, descriptor: dict[str, Any], readable: set[str], language: str
) -> Iterator[Problem]:
    t = messages(language)
    wanted = [
        r for r in descriptor["resources"] if isinstance(r, dict) and r.get("name") in readable
    ]
    # A table that cannot be read is told once, not again by every table that points at it.
    for resource in wanted:
        schema = resource["schema"]
        keys = [k for k in schema.get("foreignKeys", []) if k["reference"]["resource"] in readable]
        resource["schema"] = {**schema, "foreignKeys": keys}
    if not wanted:
        return
    try:
        with system.use_context(trusted=True):
            checked = FrictionlessPackage.from_descriptor(
                {**descriptor, "resources": wanted}, basepath=str(folder)
            )
            report = checked.validate()
    except Exception as error:  # noqa: BLE001 - frictionless has no one error for bad descriptors
        text = t("validate.descriptor", error=getattr(error, "error", error))
        yield Problem("datapackage.json", None, "", "", text)
        return
    for fault in report.errors:
        yield Problem("datapackage.json", None, "", "", fault.message)
    files = {task.name: Path(task.place).name for task in report.tasks}
    for task in report.tasks:
        for fault in task.errors:
            if fault.type not in _TOLD_ALREADY:
                yield _plain(fault, files[task.name], language)


def _plain(fault: Any, file: str, language: str) -> Problem:
    """Return a frictionless error in plain words."""
    t = messages(language)
    row, column = getattr(fault, "row_number", None), getattr(fault, "field_name", "") or ""
    value = str(getattr(fault, "cell", "") or "")
    advice = _advice(fault, column, value)
    text = t(f"validate.{advice}", value=value, column=column, note=fault.note)
    return Problem(file, row, column, value, text)


def _advice(fault: Any, column: str, value: str) -> str:
    """Return the id of the message that helps most."""
    is_number = value.replace(",", "", 1).replace(".", "").lstrip("-").isdigit()
    if fault.type == "type-error" and "," in value and is_number:
        return "decimal_comma"
    if column.endswith("kommunenr") and value.isdigit() and len(value) < 4:
        return "leading_zero"
    known = {
        "type-error": "type",
        "primary-key": "primary_key",
        "foreign-key": "foreign_key",
        "missing-label": "missing_column",
        "incorrect-label": "missing_column",
        "extra-label": "extra_column",
        "missing-cell": "missing_cell",
        "extra-cell": "extra_cell",
    }
    if fault.type == "constraint-error":
        return "required" if not value else "constraint"
    return known.get(fault.type, "other")


def add_command(commands: Any) -> None:
    """Add `validate` to the command line."""
    parser = commands.add_parser("validate", help="check a data package")
    parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, metavar="DIR")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every problem; return 1 if there are any."""
    problems = validate(arguments.folder, arguments.lang)
    t = messages(arguments.lang)
    for problem in problems:
        print(problem)  # noqa: T201
    if problems:
        print(t.plural("validate.found", len(problems)))  # noqa: T201
        return 1
    print(t("validate.fine", folder=arguments.folder.name))  # noqa: T201
    return 0
