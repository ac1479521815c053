"""The command that runs the server: `python -m geo serve`."""

import argparse
import logging
import os
import sys
import tempfile
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
    parser.add_argument(
        "--workers",
        type=int,
        default=settings.WORKERS,
        help="processes that share the port, by default one per core (GEO_WORKERS)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal stops it; return 0 after a clean shutdown."""
    logs.start()
    try:
        _check(arguments.host, arguments.workers)
        # Imported after logs.start, which must run before these create their loggers.
        from geo.server import health  # noqa: PLC0415

        health.check()
        enter()
        return _serve(arguments.host, arguments.port, arguments.workers)
    except (GeoError, OSError) as error:
        _log.critical("cannot start", extra={"fields": {"problem": str(error)}})
        return 1


def _serve(host: str, port: int, count: int) -> int:
    # What a page fetches is known to the process that fetches it only.
    if count == 1 or settings.FETCH_FROM_PAGE:
        from geo.server import uvicorn_server  # noqa: PLC0415 - as in `run`

        return uvicorn_server.serve(host, port, settings.DRAIN_SECONDS)
    # Workers count in files. The library looks for their folder when it is imported.
    with tempfile.TemporaryDirectory(prefix="naeringshagekart-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        from geo.server import workers  # noqa: PLC0415 - after the folder is known

        return workers.serve(host, port, settings.DRAIN_SECONDS, count)


def _check(host: str, count: int) -> None:
    """Raise SettingInvalid if a setting is not understood, or a public server has no base URL."""
    client.check()
    policy.ancestors()
    most = settings.MOST_WORKERS if sys.platform == "linux" else 1
    if not 1 <= count <= most:
        raise SettingInvalid(
            "GEO_WORKERS", str(count),
            f"a number from 1 to {settings.MOST_WORKERS}, outside Linux 1",
        )  # fmt: skip
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
