"""Every address is made in one place, and begins with the path that the dashboard runs below."""

import ast
import json
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketDenialResponse

from geo import settings
from geo.base import links
from geo.base.links import inner_path, own_path
from geo.coverage import dataset as datasets
from geo.server.middleware.below_path import BelowPath
from geo.server.root_files import robots
from geo.settings import ROOT
from geo.webmap import webmap
from tests import patience
from tests.replicas import Replica

HOST = "example.no"
BELOW = f"https://{HOST}/kart/"

# -- one place ------------------------------------------------------------------------------------

OURS = sorted(
    {
        path.strip("/").partition("/")[0]
        for name, value in vars(links).items()
        if name.isupper() and not name.startswith("_")
        for path in ((value,) if isinstance(value, str) else value)
        if isinstance(path, str)
    }
    - {""}
)
ROOMS = ("geo", "pages")
# A path of ours at the beginning of a text, or of an attribute in a piece of HTML.
WRITTEN = re.compile(rf"""(?:^|href=|src=|["'`])["'`]?/(?:{"|".join(map(re.escape, OURS))})\b""")
ROOTED = re.compile(r"""(?:href|src|action)=["']?/""")


def _texts(code: str) -> Iterator[str]:
    """Yield the texts of a module, of which docstrings are none."""
    tree = ast.parse(code)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value


def _written(code: str) -> list[str]:
    return [text for text in _texts(code) if WRITTEN.search(text) or ROOTED.search(text)]


@pytest.mark.parametrize(
    "code",
    ['Route("/geo/{name}.json", f)', 'f"/assets/{digest}"', "f'<a href=\"/{page}\">'",
     "'<script src=\"/nb/a.js\">' + x", 'st.link_button("API", "/api/v1/")',
     'path == "/healthz"', 're.compile("/_stcore/x")'],
)  # fmt: skip
def test_what_is_looked_for_is_found(code):
    assert _written(code)


def test_no_module_but_links_writes_a_path_of_ours():
    assert {"geo", "assets", "api", "_stcore", "media", "static", "healthz"} <= set(OURS)
    modules = [ROOT / "dashboard.py", *(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))]
    # The public edition has addresses of its own, and what is fetched comes from others'.
    ours = [path for path in modules if path.parent.name not in {"publish", "fetch"}]
    ours.remove(Path(links.__file__))
    found = {p.relative_to(ROOT): _written(p.read_text(encoding="utf-8")) for p in ours}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_no_script_or_style_of_the_dashboard_writes_a_path_of_ours():
    files = list((ROOT / "geo/webmap/assets").iterdir())
    found = {
        file.name: re.findall(rf"""["'`(]/(?:{"|".join(OURS)})\b[^"'`)]*""", text)
        for file in files
        if (text := file.read_text(encoding="utf-8"))
    }
    assert found == {file.name: [] for file in files}


# -- paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "address", "inner"),
    [
        ("", "/geo/a.json", "/kart/geo/a.json"),
        ("https://kart.example.no", "/geo/a.json", "/kart/geo/a.json"),
        (BELOW, "/kart/geo/a.json", "/geo/a.json"),
        ("https://example.no/a/kart", "/a/kart/geo/a.json", None),
    ],
)
def test_addresses_get_the_path_and_what_is_asked_for_loses_it(
    monkeypatch, setting, address, inner
):
    monkeypatch.setattr(settings, "BASE_URL", setting)
    assert own_path("/geo/a.json") == address
    assert inner_path("/kart/geo/a.json") == inner
    assert inner_path(own_path("/geo/a.json")) == "/geo/a.json"


@pytest.mark.parametrize(
    "asked", ["/", "/kar", "/karte", "/kart2/", "/x/kart/", "//kart/", "kart/"]
)
def test_what_is_outside_leads_nowhere(monkeypatch, asked):
    monkeypatch.setattr(settings, "BASE_URL", BELOW)
    assert inner_path(asked) is None


def test_robots_are_told_the_whole_path(monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", BELOW)
    assert "Disallow: /kart/media/" in robots().splitlines()


# -- what stands in front -------------------------------------------------------------------------


@pytest.fixture
def client(monkeypatch) -> Iterator[TestClient]:
    """An application that knows no path, below one."""

    async def reply(request):
        return PlainTextResponse(request.url.path)

    async def elsewhere(request):
        headers = {"location": request.query_params["to"]}
        return PlainTextResponse("", 307, headers)

    async def cookies(_request):
        answer = PlainTextResponse("")
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2", path="/own")
        answer.headers.append("set-cookie", "three=3; Path=/; SameSite=Lax")
        return answer

    routes = [
        Route("/to", elsewhere),
        Route("/cookies", cookies),
        Route("/page", reply),
        Route("/healthz", reply),
        Route("/", reply),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(BelowPath)])
    monkeypatch.setattr(settings, "BASE_URL", BELOW)
    with TestClient(app, base_url=f"https://{HOST}", follow_redirects=False) as found:
        yield found


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("/kart/page", 200, "/page"),
        ("/kart/", 200, "/"),
        ("/kart/healthz", 200, "/healthz"),
        ("/healthz", 200, "/healthz"),  # for whoever asks the process itself
    ],
)
def test_the_application_is_asked_without_the_path(client, asked, status, body):
    answer = client.get(asked)
    assert (answer.status_code, answer.text) == (status, body)


@pytest.mark.parametrize("asked", ["/", "/page", "/karte/page", "/x/kart/page"])
def test_outside_there_is_nothing_but_the_way_in(client, asked):
    answer = client.get(f"{asked}?year=2020")
    assert answer.status_code == 404
    assert 'href="/kart/?year=2020"' in answer.text


def test_a_socket_outside_is_refused(client):
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/page"):
        pass
    assert refused.value.status_code == 404


def test_the_path_without_its_slash_leads_to_the_first_page(client):
    answer = client.get("/kart?year=2020")
    assert (answer.status_code, answer.headers["location"]) == (308, "/kart/?year=2020")


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/page?a=/b", "/kart/page?a=/b"),
        ("https://example.no/page", "https://example.no/kart/page"),
        ("https://other.no/page", "https://other.no/page"),
        ("//other.no/page", "//other.no/page"),
        ("page", "page"),
    ],
)
def test_redirects_stay_below_the_path(client, to, location):
    assert client.get("/kart/to", params={"to": to}).headers["location"] == location


def test_a_redirect_of_the_router_stays_below_the_path(client):
    assert client.get("/kart/page/").headers["location"] == f"https://{HOST}/kart/page"


def test_cookies_are_for_the_path_alone(client):
    sent = client.get("/kart/cookies").headers.get_list("set-cookie")
    paths = [re.search(r"(?i)path=([^;]*)", cookie)[1] for cookie in sent]
    assert paths == ["/kart/", "/own", "/kart/"]
    assert sent[2] == "three=3; Path=/kart/; SameSite=Lax"


def test_the_map_asks_for_its_files_below_the_path(monkeypatch, tmp_path, small_package):
    monkeypatch.setattr(settings, "BASE_URL", BELOW)
    small_package(tmp_path)
    dataset = datasets.load(tmp_path)
    base = webmap.BaseMap(tiled=False, bare=True)
    asked = re.findall(r'"(/[^"]+)"', base._template.script(base))
    asked += [address for _, address in [*base.default_js, *base.default_css]]
    sent = json.loads(webmap.payload(dataset, dataset.choices.view()))
    asked.append(sent["counties"])
    assert len(asked) > 4
    assert all(one.startswith(("/kart/geo/", "/kart/assets/")) for one in asked)


# -- the whole program ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Below:
    """A process that was told a path, asked as a proxy asks it."""

    port: int

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience.SECONDS)
        connection.request("GET", path, headers={"Host": HOST, **headers})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", errors="replace")
        connection.close()
        return answer, text


@pytest.fixture(scope="module")
def below(tmp_path_factory, write_small_package) -> Iterator[Below]:
    folder = tmp_path_factory.mktemp("below")
    write_small_package(folder)
    environment = {"GEO_BASE_URL": BELOW, "DATA_DIR": str(folder)}
    replica = Replica(folder, environment=environment).start()
    try:
        replica.until_ready()
        yield Below(replica.port)
    finally:
        replica.stop(signal.SIGKILL)


def _addresses(text: str) -> list[str]:
    """Return the addresses of attributes and JSON that begin with a slash, relative ones apart."""
    found = re.findall(r"""(?:href|src|content)=["'](/[^"']*|https?://example\.no[^"']*)""", text)
    return found + re.findall(r'"(?:url|page|type|instance)": ?"(/[^"]*)"', text)


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/?lang=en", 10),  # our style and script, and the hints
        ("/prosjekter", 10),
        ("/nothing", 1),
        ("/api/v1/", 10),
        ("/api/v1/openapi.json", 1),
        ("/api/v1/hubs", 1),
        ("/api/v1/nothing", 2),
    ],
)
def test_every_address_in_an_answer_begins_with_the_path(below, path, least):
    _, text = below.get(f"/kart{path}", Accept="text/html,*/*")
    found = _addresses(text)
    assert len(found) >= least
    wrong = [one for one in found if not one.removeprefix(f"https://{HOST}").startswith("/kart/")]
    assert wrong == []


def test_every_address_of_the_first_page_leads_to_something(below):
    _, page = below.get("/kart/", Accept="text/html")
    relative = re.findall(r"""(?:href|src)=["']\./([^"']*)""", page)
    assert relative
    asked = [*_addresses(page), *(f"/kart/{one}" for one in relative)]
    answers = {one: below.get(one.removeprefix(f"https://{HOST}"))[0].status for one in asked}
    assert {one: status for one, status in answers.items() if status != 200} == {}


def test_the_preview_of_a_link_shows_the_picture_below_the_path(below):
    _, page = below.get("/kart/", Accept="text/html")
    assert f'"og:image" content="{BELOW}picture/preview.png?' in page


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/kart", "/kart/"),
        ("/kart/api", "/kart/api/v1/"),
        ("/kart/?staticAppId=x&year=2015", "/kart/?year=2015"),
    ],
)
def test_redirects_of_the_program_stay_below_the_path(below, asked, to):
    assert below.get(asked)[0].headers["Location"] == to


def test_what_is_outside_the_path_is_not_the_programs(below):
    for path in ("/", "/prosjekter", "/api/v1/hubs", "/static/index.html", "/_stcore/health"):
        assert below.get(path)[0].status == 404


def test_the_process_is_probed_at_the_root_and_below_the_path(below):
    for path in ("/healthz", "/readyz", "/kart/healthz", "/kart/readyz"):
        assert below.get(path)[0].status == 200


def test_geometry_pictures_and_data_are_below_the_path(below):
    for path in ("/picture/preview.png", "/data/datapackage.json", "/robots.txt", "/favicon.ico"):
        assert below.get(f"/kart{path}")[0].status == 200


def test_what_a_cookie_is_for_is_the_path(below):
    cookies = [
        cookie
        for path in ("/", "/_stcore/health", "/_stcore/host-config")
        for cookie in below.get(f"/kart{path}")[0].headers.get_all("Set-Cookie", [])
    ]
    assert cookies
    assert all("Path=/kart/;" in cookie for cookie in cookies)
