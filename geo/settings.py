"""Plain names for what the rest of the code must agree on."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Another programme is served by pointing this at its package (see README).
DATA_DIR = Path(os.environ.get("DATA_DIR", ROOT / "data")).resolve()
LOCALE_DIR = ROOT / "locale"

REGISTER_YEARS = range(2013, 2025)  # the registers that ship: 2013 to 2024
STRUCTURE_YEARS = (2015, 2018, 2020, 2024)  # offered in the dashboard; 2015 is the grant's own
DEFAULT_YEAR = 2015

CRS_DEGREES = "EPSG:4326"  # interactive maps and files for others
CRS_METRES = "EPSG:25833"  # ETRS89 / UTM 33N: areas, distances, print

LANGUAGES = ("nb", "en")
