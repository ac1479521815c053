"""What the browser gets: geometry, our own files, and a page that calls nobody else."""

import gzip
import json
import re
import tomllib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from geo import front_end, live, routes
from geo.front_end import FrontEnd
from geo.messages import messages
from geo.settings import LANGUAGES, ROOT
from geo.shell import Shell

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head><body>'
    "<noscript>You need to enable JavaScript to run this app.</noscript></body></html>"
)


@pytest.fixture(scope="module")
def client():
    async def page(_request):
        return HTMLResponse(PAGE, headers={"ETag": '"old"'})

    async def plain(_request):
        return PlainTextResponse("plain")

    own = [
        Route("/", page),
        Route("/favicon.ico", page),  # Streamlit answers names it does not know with its page
        Route("/component/map.html", page),
        Route("/plain", plain),
    ]
    # Streamlit compresses behind our middleware.
    stack = [Middleware(Shell), Middleware(FrontEnd), Middleware(GZipMiddleware, minimum_size=1)]
    app = Starlette(routes=[*routes.routes(), *own], middleware=stack)
    with TestClient(app) as found:
        yield found


def html(client, address, **headers):
    return client.get(address, headers={"accept": "text/html", **headers})


# -- geometry and files ---------------------------------------------------------------------------


def test_geometry_is_sent_compressed_and_kept_for_ever(client):
    drawn = live.current().boundaries(2015)
    answer = client.get(routes.geometry_url(drawn, "normal"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["features"]) == 356


def test_geometry_is_sent_plain_to_whoever_cannot_read_gzip(client):
    url = routes.geometry_url(live.current().boundaries(2015), "overview")
    answer = client.get(url, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.json()["type"] == "FeatureCollection"


def test_geometry_that_is_known_is_not_sent_again(client):
    url = routes.county_url(live.current().boundaries(2015))
    etag = client.get(url).headers["etag"]
    answer = client.get(url, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/geo/nothing.json",
        "/assets/0000000000/map.js",
        "/assets/leaflet/leaflet.js",
        "/assets/0000000000/../../dashboard.py",
    ],
)
def test_what_does_not_exist_is_404(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_map_always_says_comes_with_its_script(client, language):
    script = client.get(routes.asset_url("map.js")).text
    words = json.loads(re.search(r"coverageMap\.words = (.*);", script)[1])[language]
    assert words["legend"] == messages(language)("map.legend")
    assert "{place}" in words["sits_in"]


def test_leaflet_comes_from_us_and_before_our_own(client):
    script = client.get(routes.asset_url("map.js")).text
    assert script.index("Leaflet") < script.index("window.coverageMap")
    style = client.get(routes.asset_url("map.css"))
    assert style.headers["content-type"].startswith("text/css")
    assert style.text.index(".leaflet-pane") < style.text.index(".frame-header")


# -- Streamlit's own files ---------------------------------------------------------------------


def test_streamlits_files_come_compressed_and_unchanged(client):
    name = front_end.with_imports("DataFrame")[0]
    answer = client.get(f"/static/js/{name}")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == routes.FOR_EVER
    assert answer.content == (front_end.folder() / "js" / name).read_bytes()


ELSEWHERE = ("js/nothing.js", "../index.html", "%2e%2e/%2e%2e/app.py", "js", "", "x" * 3000, "\0")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_only_streamlits_files_are_found_there(name):
    assert front_end.file(name) is None


@pytest.mark.parametrize("part", front_end.EARLY)
def test_the_page_asks_early_for_what_readers_wait_for(client, part):
    page = html(client, "/").text
    names = front_end.with_imports(part)
    assert len(names) > 10
    for name in names:
        assert f'<link rel="modulepreload" href="/static/js/{name}">' in page
        assert client.get(f"/static/js/{name}").status_code == 200


def test_our_files_change_their_address_with_their_content(client):
    for name in ("map.js", "map.css", "shell.js"):
        answer = client.get(routes.asset_url(name))
        assert answer.status_code == 200
        assert re.fullmatch(rf"/assets/[0-9a-f]{{10}}/{re.escape(name)}", routes.asset_url(name))


# -- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", ["staticAppId", "staticappid", "STATICAPPID"])
def test_the_parameter_that_calls_a_foreign_host_is_redirected_away(client, parameter):
    answer = client.get(f"/?{parameter}=x&year=2020&project=a%20b", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/?year=2020&project=a+b"


def test_the_redirect_never_leaves_our_origin(client):
    answer = client.get("//example.org/?staticAppId=x", follow_redirects=False)
    assert not answer.headers["location"].startswith("//")


@pytest.mark.parametrize(("query", "language"), [("", "nb"), ("?lang=en", "en"), ("?lang=x", "nb")])
def test_the_page_says_which_language_it_is_in(client, query, language):
    answer = html(client, f"/{query}")
    assert f'<html lang="{language}">' in answer.text
    assert "<title>Streamlit</title>" not in answer.text
    assert "You need to enable" not in answer.text


def test_those_who_make_previews_get_title_text_and_picture(client):
    page = client.get("/?project=voss", headers={"accept": "*/*", "accept-encoding": "gzip"}).text
    assert '<meta property="og:title" content="Næringshagen på Voss: 2 kommuner i 1 fylke' in page
    assert '<meta property="og:image" content="http://testserver/picture/preview.png?' in page


def test_a_view_cannot_write_into_the_page(client):
    page = html(client, '/?project="><script>x</script>&lang=en').text
    assert "<script>x" not in page


def test_a_page_in_the_place_of_a_picture_is_passed_on_as_it_is(client):
    answer = client.get("/favicon.ico", headers={"accept": "image/png"})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"


def test_the_page_is_whole_after_the_rewrite(client):
    answer = html(client, "/", **{"accept-encoding": "gzip", "if-none-match": '"old"'})
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers
    assert routes.asset_url("shell.js") in answer.text


def test_only_the_maps_frame_may_evaluate_scripts(client):
    page = html(client, "/").headers["content-security-policy"]
    frame = html(client, "/component/map.html").headers["content-security-policy"]
    assert "'unsafe-eval'" not in page.replace("'wasm-unsafe-eval'", "")
    assert "'unsafe-eval'" in frame
    assert "connect-src 'self'" in page
    assert "http://" not in page
    assert "https://" not in page


def test_other_answers_pass_unchanged(client):
    assert client.get("/plain").text == "plain"


def test_the_configuration_calls_nobody():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["serverAddress"] == "127.0.0.1"
    assert config["logger"]["hideWelcomeMessage"] is True
    assert config["server"]["fileWatcherType"] == "none"


def test_served_geometry_is_the_embedded_files_byte_for_byte():
    drawn = live.current().boundaries(2020)
    file = ROOT / "data" / "boundaries" / "kommuner-2020-fine.geojson.gz"
    assert drawn.levels["fine"] == file.read_bytes()
    assert json.loads(gzip.decompress(drawn.levels["fine"]))["features"]
