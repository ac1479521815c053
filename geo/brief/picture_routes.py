"""Pictures at an address of their own, for previews of pasted links."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.base.links import PICTURES, base_url, own_path
from geo.brief import picture
from geo.brief.picture import SIZES, Words
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, from_query, permalink
from geo.versions.versions import dataset_version

_LONGEST_DRAWN = 600  # characters: four lines of small print


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    # Not a coroutine: Starlette runs it beside the loop, so that nobody waits for a drawing.
    return [Route(f"{PICTURES}{{size}}.png", _picture)]


def address(query: dict[str, str], size: str = "preview") -> str:
    """Return the path of the picture of a view, with only what the view needs."""
    dataset = dataset_version(query.get("data", ""))
    view = from_query(query, dataset.choices)[0]
    file = own_path(f"{PICTURES}{size}.png")
    return permalink(view.but(kommune=""), file, dataset.data_version)


def drawn_address(dataset: Dataset, view: View) -> str:
    """Return where a view is found, to be drawn; "" where the server was given no address.

    It begins with GEO_BASE_URL and not with what a request or a browser says. A selection that
    takes too many words gives way to the first page.
    """
    own = base_url()
    whole = permalink(view, own, dataset.data_version) if own else ""
    return whole if len(whole) <= _LONGEST_DRAWN else own


def _picture(request: Request) -> Response:
    size = request.path_params["size"]
    if size not in SIZES:
        return PlainTextResponse(f"No such size; there are {', '.join(SIZES)}.", status_code=404)
    query = dict(request.query_params)
    dataset = dataset_version(query.get("data", ""))
    view = from_query(query, dataset.choices)[0].but(kommune="")
    # Others are sent this picture too: of what was asked, only the view's codes may get into it.
    content = picture.png(dataset, view, size, Words(address=drawn_address(dataset, view)))
    return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=86400"})
