"""Routes for pictures of views, used by link previews, and for the addresses in pictures."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base.links import PICTURES, own_path
from geo.brief import short_links
from geo.brief.picture_sizes import SIZES
from geo.coverage.view import from_query, permalink
from geo.versions.versions import dataset_version


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    # Not a coroutine: Starlette runs it in a thread, so that drawing does not block the loop.
    return [Route(f"{PICTURES}{{size}}.png", _picture), short_links.route()]


def address(query: dict[str, str], size: str = "preview") -> str:
    """Return the path of a view's picture, with only the parameters that the view needs."""
    dataset = dataset_version(query.get("data", ""))
    view = from_query(query, dataset.choices)[0]
    file = own_path(f"{PICTURES}{size}.png")
    return permalink(view.but(kommune=""), file, dataset.data_version)


def _picture(request: Request) -> Response:
    size = request.path_params["size"]
    if size not in SIZES:
        return PlainTextResponse(f"No such size; there are {', '.join(SIZES)}.", status_code=404)
    # matplotlib is imported with the first picture: most readers, and every start, do without.
    from geo.brief import picture  # noqa: PLC0415

    query = dict(request.query_params)
    dataset = dataset_version(query.get("data", ""))
    view = from_query(query, dataset.choices)[0].but(kommune="")
    # The picture is shown to others: nothing but the view's codes may get into it.
    words = picture.Words(address=short_links.address(dataset, view))
    content = picture.png(dataset, view, size, words)
    return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=86400"})
