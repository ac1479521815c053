"""Plain names for what the rest of the code must agree on."""

import os
from pathlib import Path


def _number(name: str, usual: str) -> float:
    """Return a setting that is a number; without one nothing starts."""
    value = os.environ.get(name, usual)
    try:
        return float(value)
    except ValueError:
        raise SystemExit(f"{name}={value!r} is not a number (usual: {usual}).") from None


ROOT = Path(__file__).resolve().parent.parent

# Another programme is served by pointing this at its package (see README).
DATA_DIR = Path(os.environ.get("DATA_DIR", ROOT / "data")).resolve()
LOCALE_DIR = ROOT / "locale"

TOOL_VERSION = "1.0.0"  # of this program, as in pyproject.toml; the data have their own

REGISTER_YEARS = range(2013, 2025)  # the registers that ship: 2013 to 2024
STRUCTURE_YEARS = (2015, 2018, 2020, 2024)  # offered in the dashboard; 2015 is the grant's own
DEFAULT_YEAR = 2015

# "kartverket" lays a grey map beneath the shapes; browsers then ask Kartverket for it.
TILES = os.environ.get("GEO_TILES", "")
# Whether the data page may fetch and restore: only where nobody else reaches the server.
FETCH_FROM_PAGE = os.environ.get("GEO_FETCH_FROM_PAGE") == "1"

# Who may show the dashboard in a frame of theirs (CSP's words, separated by spaces).
FRAME_ANCESTORS = os.environ.get("GEO_FRAME_ANCESTORS", "'self'" if FETCH_FROM_PAGE else "*")

# Where readers find the server; geo/base/links.py reads it. Without one it answers to this machine
# only.
BASE_URL = os.environ.get("GEO_BASE_URL", "")
# Networks of proxies that are believed about who asks; geo/server/middleware/client.py reads them.
TRUSTED_PROXIES = os.environ.get("GEO_TRUSTED_PROXIES", "")

# For `make serve`: docs/operations.md says how these were chosen.
MAX_SESSIONS = int(_number("GEO_MAX_SESSIONS", "200"))  # readers at once, per process
# Of these, for one address: half, since a whole ministry may sit behind it.
SEATS_PER_ADDRESS = int(_number("GEO_SEATS_PER_ADDRESS", str(max(1, MAX_SESSIONS // 2))))
DRAIN_SECONDS = _number("GEO_DRAIN_SECONDS", "3")  # not ready, but still answering
PUBLIC_URL = os.environ.get("GEO_PUBLIC_URL", "")  # the public edition, for whom there is no room
METRICS = os.environ.get("GEO_METRICS", "")  # "network": /metrics also for other machines

CRS_DEGREES = "EPSG:4326"  # interactive maps and files for others
CRS_METRES = "EPSG:25833"  # ETRS89 / UTM 33N: areas, distances, print

PAGES = ("prosjekter", "fylker", "data", "metode", "brief", "egne")  # besides the map, at "/"
