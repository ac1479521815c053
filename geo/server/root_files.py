"""What others look for at the root of a host: its sign, what robots may read, and the data."""

import gzip
import io
from functools import cache
from pathlib import PurePosixPath

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo import settings
from geo.base.cache import OWNER, TABLES, cache_on
from geo.base.links import base_url
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR
from geo.versions import reload
from geo.webmap.geometry_routes import send_gzipped

DATA = "/data/"
_A_DAY = "public, max-age=86400"
_FIVE_MINUTES = "public, max-age=300"  # as the API
_SIGN, _PAPER = "#0b5cad", "#ffffff"  # as geo/publish/assets/icon.svg
_ICON_SIZES = ((16, 16), (32, 32), (48, 48))
_LARGE = 192  # pixels
_TYPES = {".json": "application/json", ".csv": "text/csv; charset=utf-8"}
# What is made for one reader is nothing to find again.
_NOT_FOR_ROBOTS = ("/_stcore/", "/media/")


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [
        Route("/favicon.ico", _icon),
        Route("/favicon.png", _icon),  # Streamlit's page asks for it, and has a sign of its own
        Route("/robots.txt", _robots),
        Route(f"{DATA}{{name:path}}", _data),
    ]


async def _icon(request: Request) -> Response:
    form = PurePosixPath(request.url.path).suffix[1:]
    kind = {"ico": "image/x-icon", "png": "image/png"}[form]
    return Response(icon(form), media_type=kind, headers={"Cache-Control": _A_DAY})


@cache
def icon(form: str) -> bytes:
    """Return our sign as "ico", in the sizes that browsers show, or as "png"."""
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
    """Return robots.txt: where nobody gave the server an address, there is nothing to find."""
    if not base_url():
        return "User-agent: *\nDisallow: /\n"
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS)]
    if settings.PUBLIC_URL:  # it tells the same, page by page
        lines.append(f"Sitemap: {settings.PUBLIC_URL.rstrip('/')}/sitemap.xml")
    return "\n".join(lines) + "\n"


def _data(request: Request) -> Response:
    # Not a coroutine: it may read a file.
    name = request.path_params["name"]
    dataset = reload.current()
    if name not in _names(dataset):
        return PlainTextResponse("No such file.", status_code=404)
    kind = _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    answer = send_gzipped(request, _zipped(dataset, name), kind, _FIVE_MINUTES)
    answer.headers["Access-Control-Allow-Origin"] = "*"  # as the API
    return answer


@cache_on(OWNER)
def _names(dataset: Dataset) -> frozenset[str]:
    """Return the files of the package that is served: the descriptor, and what it lists."""
    listed = dataset.package.descriptor["resources"]
    return frozenset({DESCRIPTOR, *(str(one["path"]) for one in listed)})


@cache_on(TABLES)
def _zipped(dataset: Dataset, name: str) -> bytes:
    return gzip.compress(dataset.package.files.read(name), mtime=0)
