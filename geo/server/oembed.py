"""Tell other sites how to build in a map whose address somebody pasted there (oEmbed 1.0).

The public edition has none: its files cannot see which view an address names.
"""

import sys
from urllib.parse import urljoin, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base.links import OEMBED, base_url
from geo.brief import picture_routes
from geo.brief.picture_sizes import SIZES
from geo.coverage.join import coverage
from geo.coverage.view import permalink
from geo.publish.page_addresses import map_for_others
from geo.report import citations
from geo.report.titles import title
from geo.server.middleware.page_head import Asked
from geo.text.messages import messages

WIDE = 700  # pixels: a column of text
_FIVE_MINUTES = "public, max-age=300"  # as the API


def routes() -> list[BaseRoute]:
    """Return the route to mount beside Streamlit's."""
    return [Route(OEMBED, _oembed)]


def _oembed(request: Request) -> Response:
    # Not a coroutine, since a view may have to be computed.
    asked = request.query_params
    if asked.get("format", "json") != "json":
        return PlainTextResponse("Only format=json is offered.", status_code=501)
    try:
        wide, high = (_pixels(asked.get(name)) for name in ("maxwidth", "maxheight"))
    except ValueError:
        said = "maxwidth and maxheight are whole numbers of pixels above 0."
        return PlainTextResponse(said, status_code=400)
    shown = _map_at(asked.get("url", ""))
    if shown is None:
        said = f"url must be the address of a map at {base_url() or 'a server with GEO_BASE_URL'}."
        return PlainTextResponse(said, status_code=404)
    headers = {"Cache-Control": _FIVE_MINUTES, "Access-Control-Allow-Origin": "*"}
    return JSONResponse(answer(shown, wide, high), headers=headers)


def _pixels(asked: str | None) -> int:
    """Return the most pixels that are asked for. Raises ValueError if it is no number above 0."""
    if asked is None:
        return sys.maxsize
    if not (asked.isascii() and asked.isdigit() and int(asked)):
        raise ValueError(asked)
    return int(asked)


def _map_at(url: str) -> Asked | None:
    """Return the view of the map that an address of ours shows; None for any other address."""
    try:
        own, given = urlsplit(base_url()), urlsplit(url)
    except ValueError:  # for example http://[
        return None
    if not base_url() or (given.scheme, given.netloc) != (own.scheme, own.netloc):
        return None
    if f"{given.path.rstrip('/')}/" != own.path:
        return None
    return Asked.of("", given.query.encode("latin-1", "replace"))


def answer(shown: Asked, wide: int, high: int) -> dict[str, object]:
    """Return what oEmbed says of a map; nothing in it has more pixels than `wide` and `high`."""
    dataset, view = shown.dataset, shown.view
    t = messages(view.lang)
    frame = min(wide, WIDE), min(high, citations.HIGH)
    version = dataset.data_version if "data" in dict(shown.query) else ""
    link = permalink(view, map_for_others(view) or base_url(), version)
    found: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": title(dataset, coverage(dataset, view), view),
        "provider_name": t("common.name"),
        "provider_url": base_url(),
        "cache_age": 300,
        "width": frame[0],
        "height": frame[1],
        "html": citations.embed(dataset, view, link, str(frame[0]), frame[1]),
    }
    picture = SIZES["preview"]
    if picture.wide <= wide and picture.high <= high:
        found |= {
            "thumbnail_url": urljoin(base_url(), picture_routes.address(dict(shown.query))),
            "thumbnail_width": picture.wide,
            "thumbnail_height": picture.high,
        }
    return found
