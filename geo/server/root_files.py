"""Serve the files at the root of the host: favicon, robots.txt, and the data package."""

import gzip
import io
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urljoin

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo import settings
from geo.base.cache import OWNER, TABLES, cache_on
from geo.base.links import (
    DATA,
    FEED,
    FIRST_PAGE,
    ICONS,
    MEDIA,
    ROBOTS,
    STREAMLIT,
    base_url,
    own_path,
)
from geo.base.look_data import DRAWING
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR, sent_descriptor
from geo.text.languages import LANGUAGES
from geo.versions import corrections, feed, reload
from geo.webmap.geometry_routes import send_gzipped

_A_DAY = "public, max-age=86400"
_FIVE_MINUTES = "public, max-age=300"  # as the API
# As geo/publish/assets/icon.svg.
_SIGN, _PAPER = DRAWING["page"]["accent"], DRAWING["page"]["paper"]
_ICON_SIZES = ((16, 16), (32, 32), (48, 48))
_LARGE = 192  # pixels
_TYPES = {".json": "application/json", ".csv": "text/csv; charset=utf-8"}
# Made for one session; nothing for a search engine.
_NOT_FOR_ROBOTS = (STREAMLIT, MEDIA)


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [
        *(Route(path, _icon) for path in ICONS),
        Route(ROBOTS, _robots),
        Route(f"{DATA}{{name:path}}", _data),
        Route(f"{FEED}{{language}}.xml", _feed),
    ]


async def _icon(request: Request) -> Response:
    form = PurePosixPath(request.url.path).suffix[1:]
    kind = {"ico": "image/x-icon", "png": "image/png"}[form]
    return Response(icon(form), media_type=kind, headers={"Cache-Control": _A_DAY})


@cache
def icon(form: str) -> bytes:
    """Return the favicon as "ico", in the sizes that browsers use, or as "png"."""
    drawn = Image.new("RGBA", (_LARGE * 4, _LARGE * 4))
    unit = _LARGE * 4 / 32
    pen = ImageDraw.Draw(drawn)
    pen.rounded_rectangle((0, 0, 32 * unit - 1, 32 * unit - 1), 6 * unit, fill=_SIGN)
    corners = ((16, 5), (27, 16), (16, 27), (5, 16))
    pen.polygon([(x * unit, y * unit) for x, y in corners], fill=_PAPER)
    target = io.BytesIO()
    small = drawn.resize((_LARGE, _LARGE), Image.Resampling.LANCZOS)
    small.save(target, form, **({"sizes": _ICON_SIZES} if form == "ico" else {}))
    return target.getvalue()


async def _robots(_request: Request) -> Response:
    return PlainTextResponse(robots(), headers={"Cache-Control": _A_DAY})


def robots() -> str:
    """Return robots.txt; without a configured address it disallows everything."""
    if not base_url():
        return "User-agent: *\nDisallow: /\n"
    lines = ["User-agent: *", *(f"Disallow: {own_path(path)}" for path in _NOT_FOR_ROBOTS)]
    if settings.PUBLIC_URL:  # the public edition lists the pages in its sitemap
        lines.append(f"Sitemap: {settings.PUBLIC_URL.rstrip('/')}/sitemap.xml")
    return "\n".join(lines) + "\n"


def _data(request: Request) -> Response:
    # Not a coroutine, since it may read a file.
    name = request.path_params["name"]
    dataset = reload.current()
    if name not in _names(dataset):
        return PlainTextResponse("No such file.", status_code=404)
    kind = _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    answer = send_gzipped(request, _zipped(dataset, name, base_url()), kind, _FIVE_MINUTES)
    answer.headers["Access-Control-Allow-Origin"] = "*"  # as in the API
    return answer


def _feed(request: Request) -> Response:
    """Send the Atom feed of corrections in a language."""
    language = request.path_params["language"]
    if language not in LANGUAGES:
        return PlainTextResponse("No such file.", status_code=404)
    content = _zipped_feed(reload.current(), language)
    answer = send_gzipped(request, content, feed.MEDIA_TYPE, _FIVE_MINUTES)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@cache_on(TABLES)
def _zipped_feed(dataset: Dataset, language: str) -> bytes:
    itself = urljoin(base_url() or own_path(FIRST_PAGE), f"{FEED}{language}.xml".lstrip("/"))
    made = feed.feed(dataset, language, corrections.address(language), itself)
    return gzip.compress(made, mtime=0)


@cache_on(OWNER)
def _names(dataset: Dataset) -> frozenset[str]:
    """Return the files of the served package: the descriptor and its resources."""
    listed = dataset.package.descriptor["resources"]
    return frozenset({DESCRIPTOR, *(str(one["path"]) for one in listed)})


@cache_on(TABLES)
def _zipped(dataset: Dataset, name: str, homepage: str) -> bytes:
    package = dataset.package
    described = name == DESCRIPTOR
    content = sent_descriptor(package, homepage) if described else package.files.read(name)
    return gzip.compress(content, mtime=0)
