"""The command line: python -m geo COMMAND, or naeringshagekart COMMAND; -h lists the commands."""

import argparse
import sys
from io import TextIOWrapper
from pathlib import Path

from geo.server import output

_INSTALLED = "naeringshagekart"  # the command that `pip install` makes
_run = __name__ == "__main__" or Path(sys.argv[0]).stem == _INSTALLED
if _run and sys.argv[1:2] == ["serve"]:
    output.only_lines()  # before importing libraries that may print or log

from geo.errors import GeoError
from geo.fetch import command
from geo.places import boundary_command
from geo.publish import site
from geo.server import serve
from geo.uploads import intake
from geo.versions import doctor, versions


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 1 after a GeoError or OSError, shown on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the C locale cannot encode æ, ø, å
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    intake.add_command(commands)
    boundary_command.add_command(commands)
    versions.add_command(commands)
    site.add_command(commands)
    command.add_commands(commands)
    doctor.add_command(commands)
    serve.add_command(commands)
    parsed = parser.parse_args(arguments)
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
