"""The command line: python -m geo COMMAND, or naeringshagekart COMMAND; -h lists the commands."""

import argparse
import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from geo.server import output

_INSTALLED = "naeringshagekart"  # the command that `pip install` makes
_run = __name__ == "__main__" or Path(sys.argv[0]).stem == _INSTALLED
if _run and sys.argv[1:2] == ["serve"]:
    output.only_lines()  # before importing libraries that may print or log

from geo.errors import GeoError


def _add_validate(commands: Any) -> None:
    from geo.uploads import intake

    intake.add_command(commands)


def _add_boundaries(commands: Any) -> None:
    from geo.places import boundary_command

    boundary_command.add_command(commands)


def _add_keep(commands: Any) -> None:
    from geo.versions import versions

    versions.add_command(commands)


def _add_publish(commands: Any) -> None:
    from geo.publish import site

    site.add_command(commands)


def _add_fetch_and_restore(commands: Any) -> None:
    from geo.fetch import command

    command.add_commands(commands)


def _add_doctor(commands: Any) -> None:
    from geo.versions import doctor

    doctor.add_command(commands)


def _add_serve(commands: Any) -> None:
    from geo.server import serve

    serve.add_command(commands)


# Importing the modules of every command takes a second longer than those of one.
_ADD: Mapping[str, Callable[[Any], None]] = {
    "validate": _add_validate,
    "boundaries": _add_boundaries,
    "keep": _add_keep,
    "publish": _add_publish,
    "fetch": _add_fetch_and_restore,
    "restore": _add_fetch_and_restore,
    "doctor": _add_doctor,
    "serve": _add_serve,
}


def _add_commands(commands: Any, name: str) -> None:
    """Add the command of this name; without one, for the help and the error, add all."""
    for add in [_ADD[name]] if name in _ADD else dict.fromkeys(_ADD.values()):
        add(commands)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 1 after a GeoError or OSError, shown on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the C locale cannot encode æ, ø, å
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    given = sys.argv[1:] if arguments is None else arguments
    _add_commands(commands, given[0] if given else "")
    parsed = parser.parse_args(given)
    try:
        return int(parsed.run(parsed))
    except GeoError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        # Files are written to a temporary name and renamed when complete, so nothing is half
        # written.
        advice = "Check the disk's space and the permissions; what was there is as it was."
        print(f"{error}. {advice}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
