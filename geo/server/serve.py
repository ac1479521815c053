"""The command that runs the server: `python -m geo serve`."""

import argparse
import logging
import os
import sys
from ipaddress import ip_address
from typing import Any

from geo import settings
from geo.base.links import base_url
from geo.errors import GeoError, SettingInvalid
from geo.server import logs
from geo.server.middleware import client
from geo.webmap import policy

_log = logging.getLogger(__name__)


def add_command(commands: Any) -> None:
    """Add `serve` to the command line."""
    parser = commands.add_parser("serve", help="serve the dashboard to readers")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1 unless a proxy is elsewhere")
    parser.add_argument("--port", type=int, default=8501)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal stops it; return 0 after a clean shutdown."""
    logs.start()
    try:
        _check(arguments.host)
        # Imported after logs.start, which must run before these create their loggers.
        from geo.server import health  # noqa: PLC0415
        from geo.server.uvicorn_server import serve  # noqa: PLC0415

        health.check()
        enter()
    except (GeoError, OSError) as error:
        _log.critical("cannot start", extra={"fields": {"problem": str(error)}})
        return 1
    return serve(arguments.host, arguments.port, settings.DRAIN_SECONDS)


def _check(host: str) -> None:
    """Raise SettingInvalid if a setting is not understood, or a public server has no base URL."""
    client.check()
    policy.ancestors()
    if not base_url() and not _loopback(host):
        raise SettingInvalid(
            "GEO_BASE_URL", settings.BASE_URL,
            f"the address at which others find the server, since it listens at {host}, such as "
            "https://kart.example.no/",
        )  # fmt: skip


def enter() -> None:
    """Go where the application lies: Streamlit reads its settings from the working directory."""
    os.chdir(settings.ROOT)
    sys.path.insert(0, str(settings.ROOT))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
