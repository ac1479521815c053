"""Pictures at an address of their own, for previews of pasted links."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.brief import picture
from geo.brief.picture import SIZES, Words
from geo.editions import edition
from geo.view import from_query, permalink


def routes() -> list[BaseRoute]:
    """Return the routes to mount beside Streamlit's."""
    # Not a coroutine: Starlette runs it beside the loop, so that nobody waits for a drawing.
    return [Route("/picture/{size}.png", _picture)]


def address(query: dict[str, str], size: str = "preview") -> str:
    """Return the path of the picture of a view, with only what the view needs."""
    atlas = edition(query.get("data", ""))
    view = from_query(query, atlas.choices)[0]
    return permalink(view.but(kommune=""), f"/picture/{size}.png", atlas.data_version)


def _picture(request: Request) -> Response:
    size = request.path_params["size"]
    if size not in SIZES:
        return PlainTextResponse(f"No such size; there are {', '.join(SIZES)}.", status_code=404)
    query = dict(request.query_params)
    atlas = edition(query.get("data", ""))
    view = from_query(query, atlas.choices)[0].but(kommune="")
    link = permalink(view, str(request.base_url), atlas.data_version)
    content = picture.png(atlas, view, size, Words(address=link))
    return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=86400"})
