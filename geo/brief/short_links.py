"""Short addresses of views, to be printed and typed: /k/2020/a-project/v2.0.0.

A part is a structure year, the codes of projects, or a data version; whatever else differs from
the programme's default view is written as in a query, such as colour=grant.
"""

import re
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from geo.base.links import FIRST_PAGE, SHORT, base_url
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, to_query

_LONGEST = 120  # characters: a line of small print
_BARE = (
    ("year", re.compile(r"\d{4}")),
    ("data", re.compile(r"v(\d+(?:\.\d+)*)")),
    ("project", re.compile(r"[a-z0-9,-]+")),
)
_PATTERNS = dict(_BARE)


def route() -> Route:
    """Return the route that leads from short addresses to the page they stand for."""
    return Route(f"{SHORT}{{path:path}}", _redirect)


def address(dataset: Dataset, view: View) -> str:
    """Return the short URL of a view to print; "" if readers could not follow it.

    It begins with GEO_BASE_URL, never with the request's host. If it is too long to print, it is
    the URL of the front page.
    """
    own = base_url()
    if not own or _on_this_machine(own):
        return ""
    query = to_query(view, dataset.choices.default_year) | {"data": dataset.data_version}
    whole = f"{own.removesuffix('/')}{SHORT}{path(query)}"
    return whole if len(whole) <= _LONGEST else own


def path(query: dict[str, str]) -> str:
    """Return the short address of a query, without what stands before it."""
    order = sorted(query, key=lambda name: (name == "data", name not in _PATTERNS, name != "year"))
    return "/".join(_part(name, query[name]) for name in order)


def query_of(path: str) -> dict[str, str]:
    """Return the query that a short address, decoded, stands for; unknown parts stay in it."""
    found: dict[str, str] = {}
    for part in filter(None, path.split("/")):
        name, _, value = part.partition("=")
        if value:
            found[name] = value
            continue
        kind, match = next(
            ((kind, m) for kind, pattern in _BARE if (m := pattern.fullmatch(part))), ("", None)
        )
        found[kind or part] = match[match.re.groups] if match else ""
    return found


def _part(name: str, value: str) -> str:
    bare = f"v{value}" if name == "data" else value
    if query_of(bare) == {name: value}:
        return bare
    return f"{quote(name, safe='')}={quote(value, safe=',')}"


def _on_this_machine(own: str) -> bool:
    host = urlsplit(own).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _redirect(request: Request) -> RedirectResponse:
    query = query_of(request.path_params["path"])
    asked = f"?{urlencode(query, safe=',')}" if query else ""
    return RedirectResponse(FIRST_PAGE + asked, status_code=307)
