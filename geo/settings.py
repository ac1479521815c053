"""Constants, and settings read from the environment."""

import os
import sys
from pathlib import Path

from platformdirs import user_cache_path


def _number(name: str, usual: str) -> float:
    """Return a numeric setting from the environment. Raises SystemExit if it is not a number."""
    value = os.environ.get(name, usual)
    try:
        return float(value)
    except ValueError:
        raise SystemExit(f"{name}={value!r} is not a number (usual: {usual}).") from None


MOST_WORKERS = 64


def _cores() -> int:
    """Return how many cores this process may use; 1 outside Linux, where there are no workers."""
    return min(MOST_WORKERS, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


def _root() -> Path:
    """Return the folder of pages, texts and data: the project's, or where `pip install` puts them.

    An installed program keeps them in a folder of its own beside the package; pyproject.toml names
    it too.
    """
    beside = Path(__file__).resolve().parent.parent
    installed = beside / "naeringshagekart"
    return installed if installed.is_dir() else beside


ROOT = _root()

# DATA_DIR selects the data package to serve, for instance another programme's (see README).
DATA_DIR = Path(os.environ.get("DATA_DIR", ROOT / "data")).resolve()
LOCALE_DIR = ROOT / "locale"
# What need not be made again at the next start; whoever runs the program may empty it.
CACHE_DIR = Path(os.environ.get("GEO_CACHE_DIR") or user_cache_path("naeringshagekart")).absolute()

TOOL_VERSION = "1.0.0"  # of the program (pyproject.toml reads it); data packages have their own

REGISTER_YEARS = range(2013, 2025)  # the registers that ship: 2013 to 2024
STRUCTURE_YEARS = (2015, 2018, 2020, 2024)  # offered in the dashboard; the grants used 2015's
DEFAULT_YEAR = 2015

# "kartverket" adds Kartverket's grey base map, which browsers then request from Kartverket.
TILES = os.environ.get("GEO_TILES", "")
# Whether the data page may fetch and restore; enable only on a server that is not public.
FETCH_FROM_PAGE = os.environ.get("GEO_FETCH_FROM_PAGE") == "1"

# Sites that may embed the dashboard in a frame (CSP frame-ancestors, space-separated).
FRAME_ANCESTORS = os.environ.get("GEO_FRAME_ANCESTORS", "'self'" if FETCH_FROM_PAGE else "*")

# Where readers find the server, maybe below a path; geo/base/links.py reads it. Without one it
# answers to this machine only.
BASE_URL = os.environ.get("GEO_BASE_URL", "")
# Networks of trusted proxies (X-Forwarded-For); read by geo/server/middleware/client.py.
TRUSTED_PROXIES = os.environ.get("GEO_TRUSTED_PROXIES", "")

# For `make serve`: docs/operations.md says how these were chosen.
WORKERS = int(_number("GEO_WORKERS", str(_cores())))  # processes on one port
MAX_SESSIONS = int(_number("GEO_MAX_SESSIONS", "200"))  # readers at once, per process
# Of these, for one address: half, since a whole ministry may sit behind it.
SEATS_PER_ADDRESS = int(_number("GEO_SEATS_PER_ADDRESS", str(max(1, MAX_SESSIONS // 2))))
# "0": answers are sent as they are, for servers that are short of memory and not of bandwidth.
COMPRESS_SOCKETS = os.environ.get("GEO_COMPRESS_SOCKETS", "1") != "0"
DRAIN_SECONDS = _number("GEO_DRAIN_SECONDS", "3")  # not ready, but still answering
PUBLIC_URL = os.environ.get("GEO_PUBLIC_URL", "")  # public edition, linked when the server is full
# The mail address that readers tell of faults; without one no page offers it.
CONTACT = os.environ.get("GEO_CONTACT", "")
METRICS = os.environ.get("GEO_METRICS", "")  # "network": /metrics also for other machines

CRS_DEGREES = "EPSG:4326"  # interactive maps and exported files
CRS_METRES = "EPSG:25833"  # ETRS89 / UTM 33N: areas, distances, print

# Besides the map, at "/".
PAGES = ("prosjekter", "fylker", "data", "metode", "rettelser", "brief", "egne")
