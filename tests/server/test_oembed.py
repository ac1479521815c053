"""Other sites learn how to build in a map from its address (oEmbed)."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from geo import settings
from geo.report.citations import HIGH
from geo.server.oembed import WIDE
from geo.text.languages import LANGUAGES

BASE = "https://kart.example.no/norge/"


@pytest.fixture(autouse=True)
def base(monkeypatch):
    """A dashboard that knows where readers find it."""
    monkeypatch.setattr(settings, "BASE_URL", BASE)


class Links(HTMLParser):
    """The addresses of a page's oEmbed descriptions."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if tag == "link" and about.get("type") == "application/json+oembed":
            self.found.append(about)


class Frame(HTMLParser):
    """The attributes of the only element of an embed code."""

    def __init__(self, text: str):
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert (tag, self.attributes) == ("iframe", {})
        self.attributes = dict(attrs)


def ask(dashboard, **query):
    return dashboard.get("/norge/oembed.json", params=query, headers={"host": "kart.example.no"})


def test_a_map_says_where_its_description_is_and_that_is_a_frame_of_the_same_view(dashboard):
    page = dashboard.get(
        "/norge/?project=voss&year=2020&lang=en",
        headers={"accept": "text/html", "host": "kart.example.no"},
    )
    (link,) = Links(page.text).found
    address = urlsplit(link["href"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{BASE}oembed.json"
    answer = dashboard.get(
        f"/norge/oembed.json?{address.query}", headers={"host": "kart.example.no"}
    )
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    said = answer.json()
    assert (said["version"], said["type"]) == ("1.0", "rich")
    assert said["title"] == unescape(link["title"])
    frame = Frame(said["html"]).attributes
    shown = urlsplit(frame["src"])
    assert frame["src"].startswith(f"{BASE}?")
    asked = parse_qs(shown.query)
    assert (asked["project"], asked["year"], asked["lang"]) == (["voss"], ["2020"], ["en"])
    assert asked["brief"] == ["1"]
    assert (frame["width"], frame["height"]) == (str(said["width"]), str(said["height"]))
    assert (said["width"], said["height"]) == (WIDE, HIGH)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_larger_than_was_asked_for(dashboard, lang):
    small = ask(dashboard, url=f"{BASE}?lang={lang}", maxwidth="320", maxheight="400").json()
    assert (small["width"], small["height"]) == (320, 400)
    assert "thumbnail_url" not in small
    large = ask(dashboard, url=f"{BASE}?lang={lang}").json()
    assert large["thumbnail_url"].startswith(f"{BASE}picture/preview.png?")
    assert large["thumbnail_width"] == 1200


def test_the_frame_is_the_public_editions_where_there_is_one(dashboard, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://utgave.example.no/")
    said = ask(dashboard, url=f"{BASE}?project=voss&lang=en").json()
    assert Frame(said["html"]).attributes["src"].startswith("https://utgave.example.no/en/?")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://other.example.no/norge/",
        "https://kart.example.no/",
        f"{BASE}metode",
        "x",
        "http:",
        "http://[",
        "https://kart.example.no:x/norge/",
    ],
)
def test_other_addresses_have_no_map(dashboard, url):
    answer = ask(dashboard, url=url)
    assert answer.status_code == 404
    assert BASE in answer.text


def test_a_server_without_an_address_of_its_own_describes_nothing(dashboard, monkeypatch):
    monkeypatch.setattr(settings, "BASE_URL", "")
    assert dashboard.get("/oembed.json", params={"url": "http://127.0.0.1/"}).status_code == 404
    page = dashboard.get("/", headers={"accept": "text/html"})
    assert not Links(page.text).found


@pytest.mark.parametrize("most", ["0", "-1", "wide", "3.5", "", "٣"])
def test_a_size_that_is_none_is_told(dashboard, most):
    assert ask(dashboard, url=BASE, maxwidth=most).status_code == 400


def test_another_format_is_told(dashboard):
    assert ask(dashboard, url=BASE, format="xml").status_code == 501


def test_hostile_text_stays_text(dashboard):
    said = ask(dashboard, url=f'{BASE}?project="><script>alert(1)</script>&lang=x').json()
    assert "<script" not in said["html"]
    assert Frame(said["html"]).attributes["src"].startswith(BASE)
