"""What the browser gets: geometry, our own files, and a page that calls nobody else."""

import hashlib
import io
import json
import re
import tomllib
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketDenialResponse

from geo import settings
from geo.base import clock
from geo.base.links import base_url, split_host
from geo.brief import picture, short_links
from geo.coverage.view import View, from_query
from geo.errors import SettingInvalid
from geo.server import catalogue_files, root_files
from geo.server.middleware import front_end
from geo.server.middleware.front_end import FrontEnd
from geo.server.middleware.page_rewriter import PageRewriter
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.versions import reload
from geo.webmap import geometry_routes

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
        *(Route(f"/{name}", page) for name in settings.PAGES),
        *catalogue_files.routes(),
    ]
    # Streamlit compresses behind our middleware.
    stack = [
        Middleware(PageRewriter),
        Middleware(FrontEnd),
        Middleware(GZipMiddleware, minimum_size=1),
    ]
    app = Starlette(routes=[*geometry_routes.routes(), *own], middleware=stack)
    with TestClient(app) as found:
        yield found


def html(client, address, **headers):
    return client.get(address, headers={"accept": "text/html", **headers})


# -- geometry and files ---------------------------------------------------------------------------


def test_geometry_is_sent_compressed_and_kept_for_ever(client):
    drawn = reload.current().boundaries(2015)
    answer = client.get(geometry_routes.geometry_url(drawn, "normal"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["ids"]) == 356


def test_geometry_is_sent_plain_to_whoever_cannot_read_gzip(client):
    url = geometry_routes.geometry_url(reload.current().boundaries(2015), "overview")
    answer = client.get(url, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert len(answer.json()["ids"]) == 356


def test_geometry_that_is_known_is_not_sent_again(client):
    url = geometry_routes.county_url(reload.current().boundaries(2015))
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
    script = client.get(geometry_routes.asset_url("map.js")).text
    words = json.loads(re.search(r"assign\(window\.coverageMap, (.*)\);", script)[1])["words"][
        language
    ]
    assert words["legend"] == messages(language)("map.legend")
    assert "{place}" in words["sits_in"]


def test_leaflet_comes_from_us_and_before_our_own(client):
    script = client.get(geometry_routes.asset_url("map.js")).text
    assert script.index("Leaflet") < script.index("window.coverageMap")
    style = client.get(geometry_routes.asset_url("map.css"))
    assert style.headers["content-type"].startswith("text/css")
    assert style.text.index(".leaflet-pane") < style.text.index(".frame-header")


# -- Streamlit's own files ---------------------------------------------------------------------


def test_streamlits_files_come_compressed_and_unchanged(client):
    name = front_end.with_imports("DataFrame")[0]
    answer = client.get(f"/static/js/{name}")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == geometry_routes.FOR_EVER
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
        answer = client.get(geometry_routes.asset_url(name))
        assert answer.status_code == 200
        assert re.fullmatch(
            rf"/assets/[0-9a-f]{{10}}/{re.escape(name)}", geometry_routes.asset_url(name)
        )


# -- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", ["staticAppId", "staticappid", "STATICAPPID"])
def test_the_parameter_that_calls_a_foreign_host_is_redirected_away(client, parameter):
    answer = client.get(f"/?{parameter}=x&year=2020&project=a%20b", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/?year=2020&project=a+b"


def test_the_redirect_never_leaves_our_origin(client):
    answer = client.get("//example.org/?staticAppId=x", follow_redirects=False)
    assert not answer.headers["location"].startswith("//")


@pytest.mark.parametrize(
    ("query", "language"), [("", "nb"), ("?lang=en", "en"), ("?lang=nn", "nn"), ("?lang=x", "nb")]
)
def test_the_page_says_which_language_it_is_in(client, query, language):
    answer = html(client, f"/{query}")
    assert f'<html lang="{language}">' in answer.text
    assert "<title>Streamlit</title>" not in answer.text
    assert "You need to enable" not in answer.text


def test_those_who_make_previews_get_title_text_and_picture(client, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://kart.example.no")
    page = client.get("/?project=voss", headers={"accept": "*/*", "accept-encoding": "gzip"}).text
    assert '<meta property="og:title" content="Næringshagen på Voss: 2 kommuner i 1 fylke' in page
    assert '<meta property="og:image" content="https://kart.example.no/picture/preview.png?' in page


class Head(HTMLParser):
    """The elements of a page's head: (tag, attributes), and the JSON-LD in it."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1] == ("script", {"type": "application/ld+json"}):
            self.data.append(data)

    def all(self, tag, **asked):
        return [a for name, a in self.found if name == tag and asked.items() <= a.items()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", *settings.PAGES])
def test_each_page_tells_search_engines_what_it_is_and_where(client, monkeypatch, page, language):
    monkeypatch.setattr(settings, "BASE_URL", "https://example.no/kart/")
    asked = html(client, f"/{page}?lang={language}&project=voss").text
    head = Head(asked)
    (said,) = head.all("meta", name="description")
    assert len(said["content"]) > 40
    own = f"https://example.no/kart/{page}" + ("" if language == "nb" else f"?lang={language}")
    assert [one["href"] for one in head.all("link", rel="canonical")] == [own]
    others = {
        one["hreflang"]: one["href"]
        for one in head.all("link", rel="alternate")
        if "type" not in one
    }
    assert len(others) == len(LANGUAGES)
    assert others["nn-NO"] == f"https://example.no/kart/{page}?lang=nn"
    assert bool(head.data) == (page in ("", "data"))


def test_every_page_is_described_in_its_own_words(client):
    pages = ("", "data", "metode", "rettelser", "brief", "egne")
    said = {
        one: Head(html(client, f"/{one}").text).all("meta", name="description")[0]["content"]
        for one in pages
    }
    assert len(set(said.values())) == len(pages)


def test_the_page_describes_the_dataset_to_catalogues(client, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://example.no/kart/")
    head = Head(html(client, "/?lang=en").text)
    found = json.loads("".join(head.data))
    assert (found["@type"], found["version"]) == ("Dataset", "2.0.0")
    assert "50 kommuner" in found["description"]
    assert found["temporalCoverage"] == "2015/.."  # no source states an end
    assert found["distribution"][0]["contentUrl"].startswith("https://example.no/kart/data/")
    forms = {one["type"]: one["href"] for one in head.all("link", rel="describedby")}
    for kind, address in forms.items():
        answer = client.get(address.removeprefix("/kart"))
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
        assert b"https://example.no/kart/#dataset" in answer.content
    assert forms["application/ld+json"] == "/kart/croissant.json"


@pytest.fixture(scope="module")
def files():
    """The routes of files, at the root of their own application."""
    app = Starlette(routes=[*root_files.routes(), *catalogue_files.routes()])
    with TestClient(app) as found:
        yield found


def test_the_files_that_croissant_names_are_served_as_it_describes_them(files, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://example.no/kart/")
    listed = files.get("/croissant.json").json()["distribution"]
    assert len(listed) > 20
    for one in listed:
        content = files.get(one["contentUrl"].removeprefix("https://example.no/kart")).content
        assert hashlib.sha256(content).hexdigest() == one["sha256"]


def test_the_descriptor_that_is_sent_names_the_address_it_is_sent_from(files, monkeypatch):
    assert "homepage" not in files.get("/data/datapackage.json").json()
    monkeypatch.setattr(settings, "BASE_URL", "https://example.no/kart/")
    sent = files.get("/data/datapackage.json").json()
    assert sent["homepage"] == "https://example.no/kart/"
    assert sent["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"


@pytest.mark.parametrize("path", ["/catalog.ttl", "/croissant.json"])
def test_without_an_address_of_its_own_a_server_has_no_catalogue_and_says_why(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "GEO_BASE_URL" in answer.text
    assert not Head(html(client, "/").text).all("link", rel="canonical")


def test_who_finds_a_weakness_is_told_whom_to_tell(client, monkeypatch):
    assert client.get("/.well-known/security.txt").status_code == 404
    monkeypatch.setattr(settings, "CONTACT", "kart@example.no")
    lines = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines()
    )
    assert lines["Contact"] == "mailto:kart@example.no"
    left = datetime.fromisoformat(lines["Expires"]) - clock.now()
    assert timedelta(days=179) < left < timedelta(days=365)


def test_the_manifest_names_an_icon_that_is_there(client):
    head = Head(html(client, "/").text)
    (link,) = head.all("link", rel="manifest")
    found = client.get(link["href"]).json()
    assert found["name"] == messages("nb")("common.name")
    assert found["icons"][0]["src"] == "/favicon.png"
    assert Image.open(io.BytesIO(root_files.icon("png"))).size == (192, 192)


def test_a_server_without_an_address_of_its_own_names_no_picture(client):
    assert 'og:image"' not in html(client, "/?project=voss").text


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
    assert geometry_routes.asset_url("shell.js") in answer.text


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


def test_served_geometry_is_made_of_the_embedded_files(client):
    drawn = reload.current().boundaries(2020)
    file = ROOT / "data" / "boundaries" / "kommuner-2020-fine.geojson.gz"
    assert drawn.levels["fine"] == file.read_bytes()
    sent = client.get(geometry_routes.geometry_url(drawn, "fine")).json()
    assert dict(zip(sent["ids"], sent["names"], strict=True)) == dict(drawn.drawn("fine")["name"])


def test_the_land_around_is_sent_from_the_same_server_and_kept_for_ever(client):
    answer = client.get(geometry_routes.neighbours_url())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == geometry_routes.FOR_EVER
    assert {"Sweden", "Finland", "Russia"} <= set(answer.json()["names"])


# -- the server's own address ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", ""),
        ("https://kart.example.no", "https://kart.example.no/"),
        ("HTTPS://Kart.Example.NO.:443/", "https://kart.example.no/"),
        ("http://localhost:8501", "http://localhost:8501/"),
        ("http://[::1]:80", "http://[::1]/"),
        ("https://Example.no/Kart", "https://example.no/Kart/"),
        ("https://example.no:443/a/b.c/", "https://example.no/a/b.c/"),
    ],
)
def test_an_address_is_written_in_one_way(monkeypatch, setting, expected):
    monkeypatch.setattr(settings, "BASE_URL", setting)
    assert base_url() == expected


@pytest.mark.parametrize(
    "setting",
    ["kart.example.no", "https://kart.example.no/a b/", "https://kart.example.no/../",
     "https://kart.example.no//", "https://kart.example.no/kårt/", "https://kart.example.no/%6b/",
     "https://kart.example.no/;x/", "https://a@kart.example.no", "https://",
     "https://kart.example.no:99999", "https://kårt.no", "javascript:alert(1)", "https://a b.no",
     "https://kart.example.no?x", "https://" + "x" * 300],
)  # fmt: skip
def test_an_address_that_is_none_is_told_with_what_is_expected(monkeypatch, setting):
    monkeypatch.setattr(settings, "BASE_URL", setting)
    with pytest.raises(SettingInvalid, match=r"GEO_BASE_URL=.*such as https://kart\.example\.no/"):
        base_url()


@pytest.mark.parametrize(
    "host",
    ["", "[", "[::1", "a b", "x" * 5000, "kart.no:x", "kart.no:", "kart.no/", "-", "..", "ø.no"],
)
def test_what_is_no_host_has_no_name(host):
    assert split_host(host) == ("", "")


# -- what others look for at the root ----------------------------------------------------------


def test_the_sign_is_our_own_in_every_size(dashboard):
    answer = dashboard.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/x-icon")
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        assert drawn.convert("RGB").getpixel((3, 24)) == (11, 92, 173)
        assert drawn.convert("RGB").getpixel((24, 24)) == (255, 255, 255)
    assert dashboard.get("/favicon.png").content == root_files.icon("png")


def test_robots_may_read_what_has_an_address(dashboard, monkeypatch):
    answer = dashboard.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "User-agent: *\nDisallow: /\n"  # a trial on somebody's own machine
    monkeypatch.setattr(settings, "BASE_URL", "https://kart.example.no")
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://apen.example.no/")
    lines = root_files.robots().splitlines()
    assert "Disallow: /" not in lines
    assert "Disallow: /media/" in lines
    assert "Sitemap: https://apen.example.no/sitemap.xml" in lines


def test_the_data_package_is_served_file_by_file(dashboard):
    answer = dashboard.get("/data/datapackage.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    resources = answer.json()["resources"]
    assert resources
    for resource in resources:
        table = dashboard.get(f"/data/{resource['path']}")
        assert table.headers["content-type"].startswith("text/csv")
        assert table.content == reload.current().package.files.read(resource["path"])
    known = {"If-None-Match": answer.headers["etag"]}
    assert dashboard.get("/data/datapackage.json", headers=known).status_code == 304


@pytest.mark.parametrize(
    "name",
    ["README.md", "../requirements.txt", "..%2fpyproject.toml", "boundaries/", "x.csv", "%00"],
)
def test_nothing_but_the_package_is_served_from_its_folder(dashboard, name):
    assert dashboard.get(f"/data/{name}").status_code in {400, 404}


@pytest.mark.parametrize(
    "path",
    ["/x.py", "/dashboard.py", "/index.html", "/sitemap.xml", "/.git/config", "/.env",
     "/api/v2/hubs", "/apix", "/static/js/nothing.js", "/assets/x", "/geo/x", "/picture/x",
     "/_stcore/nothing", "/_stcore/upload_file/a/b", "/media", "/component", "/data/x",
     "/app/static/x.css", "/apple-touch-icon.png", "/fylker/x.png", "/prosjekter/voss.html"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "*/*", "image/png"])
def test_what_is_neither_a_page_nor_a_file_is_404(dashboard, path, accept):
    answer = dashboard.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert "stcore" not in answer.text


# -- names and headers that nobody would send ------------------------------------------------------


@pytest.fixture(params=["", "https://kart.example.no"])
def own_name(request, monkeypatch):
    """Return how the server is called, with and without an address of its own."""
    monkeypatch.setattr(settings, "BASE_URL", request.param)
    return request.param.removeprefix("https://") or "127.0.0.1"


@pytest.mark.parametrize(
    "path", ["/", "/fylker", "/picture/preview.png", "/api/v1/", "/robots.txt"]
)
@pytest.mark.parametrize(
    "host",
    ["falsk.example", "x" * 5000, "", "[", "127.0.0.1.example", "kart.example.no.falsk.example"],
)
def test_a_name_that_is_not_ours_is_misdirected(dashboard, own_name, path, host):
    answer = dashboard.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["cache-control"] == "no-store"
    assert host[:50] not in answer.text or not host
    assert dashboard.get(path, headers={"Host": own_name}).status_code == 200


def test_two_names_are_none(dashboard):
    answer = dashboard.get("/", headers=[("Host", "127.0.0.1"), ("Host", "falsk.example")])
    assert answer.status_code == 421


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_answered_by_whatever_address_a_machine_has(dashboard, own_name, path):
    assert own_name
    assert dashboard.get(path, headers={"Host": "10.1.2.3:8501"}).status_code != 421


def test_a_picture_is_the_same_whatever_is_sent_beside_its_view(dashboard, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://kart.example.no")
    drawn = []
    monkeypatch.setattr(picture, "png", lambda *arguments: drawn.append(arguments) or b"x")
    path = "/picture/preview.png?year=2020&project=voss"
    true = {"Host": "kart.example.no"}
    strange = {"Host": "KART.example.no.:8443", "X-Forwarded-Host": "falsk.example",
               "Forwarded": "host=falsk.example", "Referer": "https://falsk.example/"}  # fmt: skip
    dashboard.get(path, headers=true)
    dashboard.get(f"{path}&x={'y' * 5000}&title=falsk&kommune=0301", headers=strange)
    assert len(drawn) == 2
    assert drawn[0] == drawn[1]
    address = drawn[0][-1].address
    assert address.startswith("https://kart.example.no/k/2020/voss/v")
    assert len(address) <= 60


def test_a_selection_of_everything_gives_way_to_a_short_address(dataset, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://kart.example.no")
    many = dataset.choices.view(hub=tuple(f"a-hub-of-many-{n}" for n in range(500)))
    assert short_links.address(dataset, many) == "https://kart.example.no/"


@pytest.mark.parametrize(
    "own", ["", "http://127.0.0.1:8501/", "http://localhost/", "http://[::1]/"]
)
def test_no_file_prints_an_address_that_readers_cannot_follow(dataset, own, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", own)
    assert short_links.address(dataset, dataset.choices.view()) == ""


def test_a_short_address_leads_to_its_view(dashboard, dataset, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "https://kart.example.no/deler/")
    view = View(project=("voss", "troms"), year=2020, colour="grant", points=False, lang="en")
    short = short_links.address(dataset, view)
    assert short.startswith("https://kart.example.no/deler/k/2020/voss,troms/")
    answer = dashboard.get(
        urlsplit(short).path, headers={"Host": "kart.example.no"}, follow_redirects=False
    )
    assert answer.status_code == 307
    there = urlsplit(answer.headers["location"])
    assert (there.netloc, there.path) == ("", "/deler/")
    query = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert query["data"] == dataset.data_version
    found, ignored = from_query(query, dataset.choices)
    assert set(found.project) == set(view.project)
    assert (found.but(project=view.project), ignored) == (view, [])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"project": "2020"},
        {"project": "v2", "year": "2024"},
        {"kommune": "5001", "data": "2.0.0"},
        {"fylke": "50,11", "hub": "a=b&c å"},
    ],
    ids=str,
)
def test_a_short_address_keeps_every_query(query):
    assert short_links.query_of(unquote(short_links.path(query))) == query


@pytest.mark.parametrize("path", ["/?staticAppId=x", "/fylker/", "/api", "/api/v1"])
def test_no_redirect_leads_to_a_name_that_was_sent(dashboard, own_name, path):
    headers = {"Host": f"{own_name}:1234", "X-Forwarded-Host": "falsk.example"}
    answer = dashboard.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code in {301, 307, 308}
    assert answer.headers["location"].startswith("/")


HOSTILE = {
    "Origin": ["http://[", "null", "http://", "://", "http://[::1", "http://\u00e6:x", "x" * 9000],
    "Referer": ["http://[", "x" * 9000],
    "Accept": [";;;/", "*/*;q=x", ","],
    "Accept-Encoding": ["gzip;q=x", "gzip;q=1e999", ";", ",,,", "\u00e6"],
    "Accept-Language": ["\u00e6;q=x", ";"],
    "If-None-Match": ['"', "W/", ",,", "*"],
    "If-Modified-Since": ["x", "0", "Mon, 99 Foo 99999 99:99:99 GMT"],
    "If-Range": ["x", '"'],
    "Range": ["bytes=-", "bytes=9-1", "bytes=x", "bytes=0-,0-,0-", "x", "bytes=" + "0-1," * 500],
    "Content-Length": ["x", "-1", "9" * 30],
    "Content-Type": ["multipart/form-data", "multipart/form-data; boundary=", ";", "\u00e6"],
    "Cookie": ['=;;"\\', "_streamlit_xsrf=\u00e6", "a=" + "x" * 9000, "_streamlit_user=x|y"],
    "X-Request-ID": ["[", "\u00e6" * 32],
    "X-Forwarded-For": ["[", ",,,", "1.2.3.4:x", "::%"],
    "X-Forwarded-Proto": ["[", "javascript"],
    "Authorization": ["Basic \u00e6", "x"],
}
WHERE = ("/", "/x.py", "/api/v1/hubs", "/_stcore/health", "/_stcore/host-config", "/media/x.csv",
         "/picture/x.png", "/component/x/y", "/_stcore/upload_file/a/b", "/robots.txt",
         "/data/datapackage.json", "/favicon.ico", "/static/js/x.js", "/healthz")  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, many in HOSTILE.items() for v in many])
def test_a_header_that_nobody_would_send_is_no_mistake_of_ours(dashboard, name, value):
    sent = {name: value.encode("latin-1")}
    for path in (*WHERE, geometry_routes.asset_url("map.js")):
        for method in ("GET", "PUT", "OPTIONS"):
            assert dashboard.request(method, path, headers=sent).status_code < 500, (method, path)


SOCKETS = {
    "Origin": ["http://[", "null", "https://falsk.example", "http://[::1"],
    "Host": ["[", "falsk.example", "x" * 5000],
}
OWN = {"Host": "127.0.0.1", "Origin": "http://127.0.0.1"}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, many in SOCKETS.items() for v in many])
def test_a_socket_with_a_strange_origin_or_name_is_refused_in_order(dashboard, name, value):
    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        dashboard.websocket_connect("/_stcore/stream", headers={**OWN, name: value}),
    ):
        pass
    assert refusal.value.status_code == {"Origin": 403, "Host": 421}[name]


@pytest.mark.parametrize(
    "protocols", ["\u00e6", ",,,", "streamlit, x, y", "x" * 9000, "streamlit,,\u00e6"]
)
def test_a_socket_with_strange_protocols_is_no_mistake_of_ours(dashboard, protocols):
    strange = {"Sec-WebSocket-Protocol": protocols.encode("latin-1"), "Cookie": "_streamlit_xsrf=x"}
    with dashboard.websocket_connect("/_stcore/stream", headers={**OWN, **strange}) as socket:
        socket.close()
