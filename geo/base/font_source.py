"""Where Source Sans is taken from, and what it is called here (see `base.fonts`)."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Kart Sans"
ORIGINAL = "Source Sans 3"  # what it is called where it is installed


@cache
def original() -> Path:
    """Return Streamlit's variable font. Raises FileNotFoundError if this Streamlit has none."""
    found = find_spec("streamlit")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        for path in sorted(Path(place).glob("static/static/media/SourceSansVF-Upright.*.woff2")):
            return path
    raise FileNotFoundError("the installed Streamlit has no static/media/SourceSansVF-Upright")
