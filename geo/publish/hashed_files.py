"""Files with a content hash in their path, so that they can be cached for ever."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.base import fonts
from geo.base.font_source import FAMILY
from geo.webmap import geometry_routes

FOLDER = "files"
ASSETS = Path(__file__).parent / "assets"
# The parts of the front page's scripts, each after those that it needs: what paints the land, what
# draws the map as the page was made, and what comes when it is drawn.
FIRST_SCRIPTS = ("first.js",)
MAP_SCRIPTS = ("start.js",)
SCRIPTS = ("engine.js", "words.js", "address.js", "search.js", "years.js", "site.js")


@dataclass
class HashedFiles:
    """The content-hashed files of an edition, by path from the site's root."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, content: bytes) -> str:
        """Add a file; return its path: files/1a2b3c4d5e/name."""
        path = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:10]}/{name}"
        self.files[path] = content
        return path

    def put_json(self, name: str, content: Any) -> str:
        """Add a JSON file that a script fetches; return its path."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return self.put(name, text.encode("utf-8"))


def first_script() -> bytes:
    """Return what paints the front page's first view before Leaflet is there."""
    return b"\n".join([geometry_routes.ground("coverageFirst"), *_own(FIRST_SCRIPTS)])


def map_script() -> bytes:
    """Return Leaflet, the dashboard's map and what draws the front page's first view with them."""
    return b"\n".join(
        [geometry_routes.asset("map.js"), geometry_routes.sheet(), *_own(MAP_SCRIPTS)]
    )


def script() -> bytes:
    """Return the front page's other scripts as one file."""
    return b"\n".join([geometry_routes.small_maps(), *_own(SCRIPTS)])


def _own(names: Iterable[str]) -> list[bytes]:
    return [geometry_routes.minified((ASSETS / name).read_bytes()) for name in names]


def style() -> bytes:
    """Return the styles of the map and of the pages as one file."""
    shared = geometry_routes.asset("shared.css")
    own = (ASSETS / "site.css").read_bytes()
    return b"\n".join([geometry_routes.map_style(), shared, geometry_routes.dark_drawings(), own])


def font_style(hashed: HashedFiles) -> bytes:
    """Add the fonts to the hashed files; return the style sheet that names them.

    It lies beside them, and is apart from the others so that the map can come first.
    """
    faces = [_face(hashed, weight, part) for weight in fonts.WEIGHTS for part in fonts.PARTS]
    return "\n".join([f"/* {fonts.LICENCE} */", *faces]).encode()


def _face(hashed: HashedFiles, weight: int, part: str) -> str:
    path = hashed.put(f"kart-sans-{weight}-{part}.woff2", fonts.woff2(weight, part))
    place = path.replace(FOLDER, "..", 1)
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap; '
        f'src: url({place}) format("woff2"); unicode-range: {fonts.unicode_range(part)}; }}'
    )
