"""The command line: python -m geo validate | boundaries | keep | publish."""

import argparse
import sys

from geo import boundary_build, editions, validate
from geo.errors import GeoError
from geo.publish import site


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    validate.add_command(commands)
    boundary_build.add_command(commands)
    editions.add_command(commands)
    site.add_command(commands)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except GeoError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
