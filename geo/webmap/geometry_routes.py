"""What the browser fetches by itself: geometry and our own files.

Addresses change with the content, so that what they hold may be kept for ever.
"""

import gzip
import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base.cache import OWNER, cache_on
from geo.coverage.dataset import Dataset
from geo.places.boundaries import BoundarySet
from geo.settings import LANGUAGES
from geo.text.messages import messages
from geo.versions import reload, versions
from geo.webmap import seats

ASSETS = Path(__file__).parent / "assets"
FOR_EVER = "public, max-age=31536000, immutable"
# Leaflet travels in front of our own, so that the map waits for one file and not for two.
LEAFLET_BEFORE = {"map.js": "leaflet.js", "map.css": "leaflet.css"}
# What the map says in every view; with the file, because a change of filter should not send it.
MAP_WORDS = ("map.legend", "map.failed", "map.two_fingers", "map.sits_in")
_TYPES = {".js": "text/javascript", ".css": "text/css"}


def geometry_url(boundaries: BoundarySet, detail: str) -> str:
    """Return the address of a boundary set at a level of detail."""
    return f"/geo/{boundaries.name}-{detail}.json"


def county_url(boundaries: BoundarySet) -> str:
    """Return the address of the county borders of a boundary set's year."""
    return f"/geo/{boundaries.county_lines_name}.json"


@cache
def asset_url(name: str) -> str:
    """Return the address of one of our own files."""
    digest = hashlib.sha256(asset(name)).hexdigest()[:10]
    return f"/assets/{digest}/{name}"


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [
        Route("/geo/{name}.json", _geometry),
        Route("/assets/{digest}/{name}", _asset),
    ]


@cache_on(OWNER)
def geometries(dataset: Dataset) -> dict[str, bytes]:
    """Return everything under /geo/ by name, gzipped."""
    found = {}
    for boundaries in dataset.library.by_year.values():
        for detail, content in boundaries.levels.items():
            found[f"{boundaries.name}-{detail}"] = content
        found[boundaries.county_lines_name] = boundaries.county_lines
    return found


def warm() -> None:
    """Read our own files once, before the first reader comes."""
    for file in ("map.js", "map.css", "shell.js", "page.css"):
        _own(file)


async def _geometry(request: Request) -> Response:
    name = request.path_params["name"]
    # An edition may draw the years otherwise, where its registers say so.
    read = [versions.dataset_version(version) for version in ("", *versions.kept_versions())]
    # A page that was open when the data changed still asks for the shapes it was told of.
    read += [before] if (before := reload.reloader().serving().before) else []
    for caching, datasets in ((FOR_EVER, read), (seats.FOR_ONE, seats.lent())):
        content = next((c for dataset in datasets if (c := geometries(dataset).get(name))), None)
        if content is not None:
            return send_gzipped(request, content, "application/json", caching)
    return PlainTextResponse("No such boundary set.", status_code=404)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if request.url.path not in (asset_url(p.name) for p in ASSETS.iterdir() if p.is_file()):
        return PlainTextResponse("No such file.", status_code=404)
    return send_gzipped(request, _own(name), _TYPES[Path(name).suffix], FOR_EVER)


@cache
def asset(name: str) -> bytes:
    """Return one of our own files, with Leaflet in front and the words behind it in the map's."""
    own = (ASSETS / name).read_bytes() + (_map_words() if name == "map.js" else b"")
    before = LEAFLET_BEFORE.get(name)
    return leaflet(before) + b"\n" + own if before else own


def _map_words() -> bytes:
    """Return the map's words by language and name, as a line of its script."""
    words = {
        language: {key.partition(".")[2]: messages(language)(key) for key in MAP_WORDS}
        for language in LANGUAGES
    }
    return f"window.coverageMap.words = {json.dumps(words)};\n".encode()


@cache
def _own(name: str) -> bytes:
    return gzip.compress(asset(name), mtime=0)


def leaflet(name: str) -> bytes:
    """Return one of Leaflet's own files."""
    spec = find_spec("xstatic.pkg.leaflet")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "xstatic-leaflet is not installed: pip install -r requirements.txt"
        )
    return (Path(spec.origin).parent / "data" / name).read_bytes()


def send_gzipped(request: Request, gzipped: bytes, media_type: str, caching: str) -> Response:
    """Return the answer to a request for a file: compressed if it may be, or "unchanged"."""
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
