"""The command `boundaries`: build, import, list and remove boundary sets."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo import settings
from geo.dataset.package import load
from geo.errors import BoundaryRefused
from geo.places import boundaries
from geo.places.boundaries import Library, Standing
from geo.places.boundary_files import (
    boundary_build,
    boundary_folder,
    boundary_import,
    neighbour_build,
)
from geo.places.boundary_files.boundary_reading import Credit
from geo.places.register import Register
from geo.text import languages
from geo.text.messages import Messages, messages
from geo.text.said import Said


def add_command(commands: Any) -> None:
    """Add `boundaries` to the command line: build, import, list, remove."""
    parser = commands.add_parser("boundaries", help="make, import, list or remove boundary sets")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    boundary_build.add_action(actions)
    neighbour_build.add_action(actions)
    _add_import(actions)
    listing = actions.add_parser("list", help="show which set serves which year, and why")
    listing.set_defaults(run=_list)
    removing = actions.add_parser("remove", help="take a file out of the folder again")
    which = removing.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", help="the name of a file in the folder")
    which.add_argument("--year", type=int, help="every file with the borders of this year")
    removing.set_defaults(run=_remove)
    for action in (listing, removing):
        action.add_argument("--lang", choices=languages.LANGUAGES, default=languages.COMMAND_LINE)


def _add_import(actions: Any) -> None:
    importing = actions.add_parser("import", help="check files and let them serve their year")
    importing.add_argument("files", type=Path, nargs="+", metavar="FILE")
    importing.add_argument("--year", type=int, help="insist on this structure year")
    importing.add_argument("--field", default="", help="the field with the kommune numbers")
    importing.add_argument("--source", default="", help="where the file is from")
    importing.add_argument("--licence", default="", help="what it may be used under")
    importing.add_argument("--attribution", default="", help='whose it is: "© Kartverket"')
    importing.add_argument("--lang", choices=languages.LANGUAGES, default=languages.COMMAND_LINE)
    importing.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    register, t = Register.of(load(settings.DATA_DIR)), messages(arguments.lang)
    credit = Credit(arguments.attribution, arguments.licence, arguments.source)
    stored = boundary_folder.store(
        arguments.files,
        register,
        settings.DATA_DIR,
        arguments.year,
        field=arguments.field,
        credit=credit,
    )
    name = stored.path.name
    notes = [Said("boundary.kept", {"file": name, "folder": boundary_folder.FOLDER})]
    notes += [Said("boundary.took_place", {"file": name})] if stored.replaced else []
    notes += stored.imported.notes
    notes += [] if credit.owner else [Said("boundary.no_source")]
    print("\n".join(one.text(t) for one in notes))  # noqa: T201
    found = boundaries.standings(register, settings.DATA_DIR, settings.STRUCTURE_YEARS)
    print("\n".join(_years_of(name, found, t)))  # noqa: T201
    return 0


def _years_of(name: str, found: Library, t: Messages) -> Iterator[str]:
    """Yield how a file ranks in each structure year of the dashboard."""
    own = found.of_file(name)
    yield from (_line(year, standing, t) for year, standing in own.items())
    if not any(standing.serves for standing in own.values()):
        yield t("boundary.serves_none", file=name)


def _line(year: int, one: Standing, t: Messages) -> str:
    values = {"year": year, "base": one.base_year, "why": one.why.text(t)}
    source = t("data.embedded") if one.source == boundaries.EMBEDDED_SOURCE else one.source
    if one.serves:
        return t("boundary.serves", source=source, **values)
    return "  " + t("boundary.serves_not", year=year, source=source, why=values["why"])


def _list(arguments: argparse.Namespace) -> int:
    register, t = Register.of(load(settings.DATA_DIR)), messages(arguments.lang)
    found = boundaries.standings(register, settings.DATA_DIR, settings.STRUCTURE_YEARS)
    for year, standings in found.standings.items():
        shared = standings[0].shared
        detail = t.plural("data.shared", shared, str(shared)) if shared else t("data.exact")
        credit = boundaries.credit_line(standings[0].credit, t)
        print(f"{_line(year, standings[0], t)}. {detail} {credit}.")  # noqa: T201
        for standing in standings[1:]:
            print(_line(year, standing, t))  # noqa: T201
    for file, notes in found.notes.items():
        print("\n".join(f"{file}: {note.text(t)}" for note in notes))  # noqa: T201
    for file, refusal in found.refusals.items():
        print(t("boundary.refused", file=file, why=refusal))  # noqa: T201
    return 1 if found.refusals else 0


def _remove(arguments: argparse.Namespace) -> int:
    register, t = Register.of(load(settings.DATA_DIR)), messages(arguments.lang)
    names = [arguments.file] if arguments.file else _of_year(arguments.year, register)
    if not names:
        print(t("boundary.none_of_year", year=arguments.year))  # noqa: T201
        return 1
    removed = [p.name for name in names for p in boundary_folder.remove(settings.DATA_DIR, name)]
    print(t("boundary.removed", files=", ".join(removed)))  # noqa: T201
    return _list(arguments) and 0


def _of_year(year: int, register: Register) -> list[str]:
    """Return the files in the folder with the borders of a year, by their numbers or file name."""
    found = []
    for path in boundary_folder.files(settings.DATA_DIR / boundary_folder.FOLDER):
        try:
            years = boundary_import.read(path, register).years
        except BoundaryRefused:
            years = tuple(filter(None, [boundary_import.year_in_name(path.name, register)]))
        if year in years:
            found.append(path.name)
    return found
