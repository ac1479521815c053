"""Serve what describes the dashboard to others: DCAT, Croissant, security.txt, web manifest."""

import gzip
import json
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base import clock
from geo.base.cache import TABLES, cache_on
from geo.base.links import (
    API,
    CATALOGUE,
    CROISSANT,
    DATA,
    FIRST_PAGE,
    ICONS,
    MANIFEST,
    SECURITY,
    base_url,
    own_path,
)
from geo.base.look_data import DRAWING
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR
from geo.exports import croissant
from geo.exports.catalogue import CATALOGUE_TYPES, File, Published
from geo.report.contact import contact
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages
from geo.versions import reload
from geo.webmap.geometry_routes import send_gzipped

_NO_ADDRESS = "The catalogue needs the server's own address: set GEO_BASE_URL."
_A_DAY = "public, max-age=86400"
_FIVE_MINUTES = "public, max-age=300"  # as the API
_VALID = timedelta(days=180)  # RFC 9116 wants less than a year


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    return [
        *(Route(f"{CATALOGUE}{form}", _catalogue) for form in CATALOGUE_TYPES),
        Route(CROISSANT, _croissant),
        Route(SECURITY, _security),
        Route(MANIFEST, _manifest),
    ]


def published(dataset: Dataset) -> Published:
    """Return where the dashboard shows the dataset, with absolute addresses if it knows its own."""
    whole = base_url() or own_path(FIRST_PAGE)
    package = whole + f"{DATA}{DESCRIPTOR}".lstrip("/")
    api = whole + f"{API}/openapi.json".lstrip("/")
    name = str(dataset.package.descriptor["name"])
    return Published(
        whole,
        (
            File(package, "application/json", f"{name} (Data Package)"),
            File(api, "application/json", "OpenAPI"),
        ),
    )


def _catalogue(request: Request) -> Response:
    # Not a coroutine, since writing RDF takes a moment the first time.
    if not base_url():
        return PlainTextResponse(_NO_ADDRESS, status_code=404)
    form = request.url.path.rpartition(".")[2]
    content = _zipped_catalogue(reload.current(), form, contact())
    return _for_everyone(send_gzipped(request, content, CATALOGUE_TYPES[form], _FIVE_MINUTES))


def _croissant(request: Request) -> Response:
    if not base_url():
        return PlainTextResponse(_NO_ADDRESS, status_code=404)
    content = _zipped_croissant(reload.current(), base_url())
    return _for_everyone(send_gzipped(request, content, croissant.MEDIA_TYPE, _FIVE_MINUTES))


def _for_everyone(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@cache_on(TABLES, daily=True)
def _zipped_catalogue(dataset: Dataset, form: str, _contact: str) -> bytes:
    # Imported when it is asked for: most servers are started without it.
    from geo.exports import dcat  # noqa: PLC0415

    return gzip.compress(dcat.catalogue(dataset, published(dataset), form), mtime=0)


@cache_on(TABLES, daily=True)
def _zipped_croissant(dataset: Dataset, whole: str) -> bytes:
    data = whole + DATA.lstrip("/")
    listed = dataset.package.descriptor["resources"]
    tables = {str(one["name"]): data + str(one["path"]) for one in listed}
    return gzip.compress(croissant.croissant(dataset, published(dataset), tables), mtime=0)


async def _security(_request: Request) -> Response:
    if not contact():
        return PlainTextResponse("No such file.", status_code=404)
    return PlainTextResponse(security())


def security() -> str:
    """Return security.txt (RFC 9116), with an end that is reckoned from today."""
    end = clock.now().replace(microsecond=0) + _VALID
    lines = [
        f"Contact: mailto:{contact()}",
        f"Expires: {end.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
    ]
    if whole := base_url():
        lines.append(f"Canonical: {whole}{SECURITY.lstrip('/')}")
    return "\n".join(lines) + "\n"


async def _manifest(_request: Request) -> Response:
    headers = {"Cache-Control": _A_DAY}
    return Response(manifest(), media_type="application/manifest+json", headers=headers)


def manifest() -> str:
    """Return the web manifest: what the dashboard is called and looks like on a home screen."""
    name = messages(DEFAULT)("common.name")
    icon = {"src": own_path(ICONS[1]), "sizes": "192x192", "type": "image/png"}
    return json.dumps(
        {
            "name": name,
            "short_name": name,
            "lang": DEFAULT,
            "start_url": own_path(FIRST_PAGE),
            "display": "minimal-ui",
            "background_color": DRAWING["page"]["paper"],
            "theme_color": DRAWING["page"]["accent"],
            "icons": [icon],
        },
        ensure_ascii=False,
    )
