"""Check a data package, ours or anybody's, and say in plain words what is wrong and where."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo import csv_accidents, domain_checks, schema_checks, settings, text_checks
from geo.csv_accidents import Sheet
from geo.errors import PackageInvalid
from geo.files import Files, files_of
from geo.messages import messages
from geo.package import DESCRIPTOR, REQUIRED, read_descriptor
from geo.problem import Problem


def validate(package: Path | Files, language: str = "en") -> list[Problem]:
    """Return every problem of a package, sorted by file and row; empty if there is none.

    Checks spreadsheet accidents, the schemas (with frictionless) and what a schema cannot say: of
    texts, and of the country.
    Never raises for what the package holds.
    """
    files, t = files_of(package), messages(language)
    try:
        descriptor = read_descriptor(files)
    except PackageInvalid as error:
        return [Problem(DESCRIPTOR, None, "", "", str(error))]
    problems: list[Problem] = []
    sheets: dict[str, Sheet] = {}
    found: dict[str, Any] = {}
    for resource in descriptor["resources"]:
        wrong = _resource(files, resource, language)
        if wrong:
            problems.append(wrong)
            continue
        name, path = str(resource.get("name", "")), str(resource["path"])
        sheets[name], found[name] = csv_accidents.read(files.read(path)), resource
        for accident in sheets[name].accidents:
            text = t(f"validate.{accident.kind}", row=accident.row, value=accident.value)
            problems.append(Problem(path, accident.row, "", accident.value, text))
    readable = {name: sheet for name, sheet in sheets.items() if sheet.readable}
    names = {name: str(resource["path"]) for name, resource in found.items()}
    problems += _required(descriptor, readable, names, language)
    better = [
        *text_checks.check(descriptor, readable, names, language),
        *domain_checks.check(files, names, readable, language),
    ]
    cells = {(one.file, one.row, one.column) for one in better}
    schemas = schema_checks.check(files, {n: found[n] for n in readable}, language)
    # What is told of a cell with knowledge of the registers need not be told again without.
    problems += [one for one in schemas if (one.file, one.row, one.column) not in cells]
    problems += better
    return sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column, p.message))


def _resource(files: Files, resource: Any, language: str) -> Problem | None:
    """Return what is wrong with a resource, if anything."""
    t = messages(language)
    if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
        return Problem(DESCRIPTOR, None, "", "", t("validate.bad_resource"))
    path = resource["path"]
    if not files.holds(path):
        return Problem(DESCRIPTOR, None, "path", path, t("validate.outside", path=path))
    if not files.has(path):
        return Problem(DESCRIPTOR, None, "path", path, t("validate.no_file", file=path))
    if not isinstance((resource.get("schema") or {}).get("fields"), list):
        name = str(resource.get("name", ""))
        return Problem(DESCRIPTOR, None, name, "", t("validate.no_schema", table=name))
    return None


def _required(
    descriptor: dict[str, Any], sheets: dict[str, Sheet], files: dict[str, str], language: str
) -> Iterator[Problem]:
    """Yield the tables that must be there and are not, and those that hold nothing."""
    t = messages(language)
    listed = {r.get("name") for r in descriptor["resources"] if isinstance(r, dict)}
    for name in REQUIRED:
        if name not in listed:
            yield Problem(DESCRIPTOR, None, "", name, t("validate.no_table", table=name))
        elif name in sheets and not sheets[name].rows:
            yield Problem(files[name], None, "", "", t("validate.no_rows"))


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
