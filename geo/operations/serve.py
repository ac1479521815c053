"""The command that serves readers: `python -m geo serve`."""

import argparse
from typing import Any

from geo import settings
from geo.operations import logs


def add_command(commands: Any) -> None:
    """Add `serve` to the command line."""
    parser = commands.add_parser("serve", help="serve the dashboard to readers")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1 unless a proxy is elsewhere")
    parser.add_argument("--port", type=int, default=8501)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal says to stop; return 0 if everything ended in order."""
    logs.start()
    # After the logs, which must be there before the loggers of these are made.
    from geo.operations import health  # noqa: PLC0415
    from geo.operations.server import serve  # noqa: PLC0415

    health.check()
    return serve(arguments.host, arguments.port, settings.DRAIN_SECONDS)
