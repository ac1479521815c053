"""Routes for geometry and our own scripts and styles.

Addresses contain the version of their content, so that browsers can cache them for ever.
"""

import gzip
import hashlib
import json
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import rjsmin
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base import links
from geo.base.cache import OWNER, cache_on
from geo.base.font_source import FAMILY, original
from geo.base.kept import kept
from geo.base.links import own_path
from geo.base.look_data import DARK, DRAWING
from geo.coverage.dataset import Dataset
from geo.places import embedded
from geo.places.arcs import arcs, packed
from geo.places.boundaries import BoundarySet
from geo.places.shapes import compressed
from geo.places.year_file import year_file, year_file_name
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.text.numbers import symbols
from geo.versions import reload, versions
from geo.webmap import seats, swatches

ASSETS = Path(__file__).parent / "assets"
NEIGHBOURS_STEP = 500  # metres
FOR_EVER = "public, max-age=31536000, immutable"
# Leaflet and our own parts are prepended, so that the map waits for one request and not for each.
LEAFLET_BEFORE = {"map.js": "leaflet.js"}
PARTS_BEFORE = {
    "map.js": ("ground.js", "looks.js", "swipe.js", "labels.js", "keys.js"),
    "shell.js": ("ground.js", "looks.js", "small.js"),
    "page.css": ("shared.css",),
}
# Messages that no view changes; sent with the script, not again with each change of filter.
MAP_WORDS = (
    "map.legend", "map.failed", "map.two_fingers", "map.sits_in", "map.neighbours",
    "map.zoom_in", "map.zoom_out", "map.home", "map.keys", "map.back", "map.chosen", "map.people",
    "map.served_by", "map.sweden", "map.finland", "map.russia", "map.denmark",
    "map.swipe", "map.swipe_value", "map.swipe_end", "map.open_whole",
)  # fmt: skip
_TYPES = {".js": "text/javascript", ".css": "text/css"}


def geometry_url(boundaries: BoundarySet, detail: str) -> str:
    """Return the URL of a boundary set at a level of detail."""
    return geometry_template().format(set=boundaries.name, detail=detail)


def geometry_template() -> str:
    """Return the URL of any set, {set}, at any level, {detail}: the browser fills in both."""
    return own_path(f"{links.GEOMETRY}{{set}}-{{detail}}.json")


def county_url(boundaries: BoundarySet) -> str:
    """Return the URL of what a boundary set's year adds: which shapes form a county, names."""
    return own_path(f"{links.GEOMETRY}{year_file_name(boundaries)}.json")


def neighbours_url() -> str:
    """Return the URL of the land of the countries around."""
    name = f"neighbours-{hashlib.sha256(neighbours()).hexdigest()[:10]}"
    return own_path(f"{links.GEOMETRY}{name}.json")


@cache
def neighbours() -> bytes:
    """Return the land of the countries around as gzipped JSON (see places.arcs)."""

    def made() -> bytes:
        return compressed(packed(arcs(embedded.neighbours(), NEIGHBOURS_STEP)))

    return kept("neighbours", embedded.NEIGHBOURS.read_bytes(), made)


def asset_url(name: str) -> str:
    """Return the URL of one of our own files, with its content hash."""
    return own_path(f"{links.ASSETS}{_digest(name)}/{name}")


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(asset(name)).hexdigest()[:10]


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [
        Route(f"{links.GEOMETRY}{{name}}.json", _geometry),
        Route(f"{links.ASSETS}{{digest}}/{{name}}", _asset),
    ]


@cache_on(OWNER)
def geometries(dataset: Dataset) -> dict[str, bytes]:
    """Return the content of everything under /geo/ by name, as gzipped JSON (see places.arcs)."""
    found = {}
    for boundaries in dataset.library.by_year.values():
        for detail, content in boundaries.sent.items():
            found[f"{boundaries.name}-{detail}"] = content
        found[year_file_name(boundaries)] = year_file(boundaries)
    return found


def warm() -> None:
    """Read and compress our own files before the first request."""
    neighbours()
    for file in ("map.js", "map.css", "shell.js", "page.css"):
        _own(file)


async def _geometry(request: Request) -> Response:
    name = request.path_params["name"]
    if neighbours_url().endswith(f"/{name}.json"):
        return send_gzipped(request, neighbours(), "application/json", FOR_EVER)
    # A kept version may draw the years differently, if its register does.
    read = [versions.dataset_version(version) for version in ("", *versions.kept_versions())]
    # A page opened before a reload still requests the shapes of the earlier data.
    read += [before] if (before := reload.reloader().serving().before) else []
    for caching, datasets in ((FOR_EVER, read), (seats.FOR_ONE, seats.lent())):
        content = next((c for dataset in datasets if (c := geometries(dataset).get(name))), None)
        if content is not None:
            return send_gzipped(request, content, "application/json", caching)
    return PlainTextResponse("No such boundary set.", status_code=404)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    known = name in (p.name for p in ASSETS.iterdir() if p.is_file())
    if not known or request.path_params["digest"] != _digest(name):
        return PlainTextResponse("No such file.", status_code=404)
    return send_gzipped(request, _own(name), _TYPES[Path(name).suffix], FOR_EVER)


@cache
def asset(name: str) -> bytes:
    """Return one of our own files, with what belongs to it: Leaflet, words, looks, the sheet."""
    if name == "map.css":
        return b"\n".join([map_style(), _map_font()])
    behind = {
        "map.js": _map_words, "shell.js": _shell_parts, "page.css": dark_drawings,
    }.get(name)  # fmt: skip
    parts = [_read(ASSETS / part) for part in (*PARTS_BEFORE.get(name, ()), name)]
    if before := LEAFLET_BEFORE.get(name):
        parts.insert(0, leaflet(before))
    return b"\n".join(parts) + (behind() if behind else b"")


def dark_drawings() -> bytes:
    """Return the style of drawings on dark screens, in both editions."""
    return f"\n{swatches.dark_style()}\n".encode()


def map_style() -> bytes:
    """Return the style of the map in both editions, each of which adds the font."""
    return b"\n".join([leaflet("leaflet.css"), (ASSETS / "map.css").read_bytes(), _map_colours()])


def _map_font() -> bytes:
    """Return the font of the map in the dashboard: Streamlit's own file, which its page loads."""
    place = f"../..{links.STATIC}media/{original().name}"
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 200 900; font-display: swap; '
        f'src: url({place}) format("woff2"); }}\n'
    ).encode()


def sheet() -> bytes:
    """Return the script of the sheet that lies over the map on a phone, in both editions."""
    return _read(ASSETS / "sheet.js")


def minified(script: bytes) -> bytes:
    """Return a script of ours without comments and needless spaces."""
    shorter: str = rjsmin.jsmin(script.decode())
    return shorter.encode()


def _read(path: Path) -> bytes:
    return minified(path.read_bytes()) if path.suffix == ".js" else path.read_bytes()


def small_maps() -> bytes:
    """Return the script that draws small maps, which wants that of the ground and the looks."""
    return _read(ASSETS / "small.js")


def ground(name: str) -> bytes:
    """Return the scripts of the ground and the looks without Leaflet's, and colours by a name."""
    colours = json.dumps({"drawing": DRAWING, "dark": DARK}, separators=(",", ":"))
    parts = [_read(ASSETS / "ground.js"), _read(ASSETS / "looks.js")]
    return b"\n".join([*parts, f"window.{name} = {colours};".encode()])


def _shell_parts() -> bytes:
    """Return the sheet, and how looks are drawn on small maps."""
    return sheet() + f"\nwindow.coverageDrawing = {json.dumps(DRAWING)};\n".encode()


def _map_words() -> bytes:
    """Return the map's words by language and name, and how looks are drawn, for its script."""
    words = {
        language: {
            **{key.partition(".")[2]: messages(language)(key) for key in MAP_WORDS},
            "group": symbols(language)["group"],
        }
        for language in LANGUAGES
    }
    given = {"words": words, "drawing": DRAWING, "dark": DARK}
    return f"Object.assign(window.coverageMap, {json.dumps(given)});\n".encode()


def _map_colours() -> bytes:
    """Return the colours that the style of the map shares with what is drawn on it."""
    light, dark = DRAWING["sea"], DARK[DRAWING["sea"]]
    wish = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --sea: {dark}; }} }}"
    return f":root {{ --sea: {light}; }}\n{wish}\n".encode()


@cache
def _own(name: str) -> bytes:
    return zipped(asset(name))


def zipped(content: bytes) -> bytes:
    """Return a content as gzip, which an earlier run may have made."""
    return kept("gzip", content, partial(gzip.compress, content, mtime=0))


def leaflet(name: str) -> bytes:
    """Return one of Leaflet's own files."""
    spec = find_spec("xstatic.pkg.leaflet")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "xstatic-leaflet is not installed: pip install -r requirements.txt"
        )
    return (Path(spec.origin).parent / "data" / name).read_bytes()


def send_gzipped(request: Request, gzipped: bytes, media_type: str, caching: str) -> Response:
    """Return the response with gzipped content, uncompressed for clients without gzip, or 304."""
    etag = f'"{hashlib.sha256(gzipped).hexdigest()[:20]}"'
    headers = {
        "Cache-Control": caching,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(gzipped, media_type=media_type, headers=headers)
    return Response(gzip.decompress(gzipped), media_type=media_type, headers=headers)
