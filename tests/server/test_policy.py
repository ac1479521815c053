"""Every answer says what a browser may do with it, and pages may be framed as the setting says."""

import pytest

from geo import settings
from geo.errors import SettingInvalid
from geo.webmap import policy, tiles

PATHS = (
    "/", "/prosjekter", "/nothing.js", "/healthz", "/readyz", "/metrics", "/api/v1/",
    "/api/v1/projects", "/api/v1/nothing", "/_stcore/health", "/_stcore/host-config",
    "/_stcore/upload_file/a/b", "/media/nothing.csv", "/static/nothing.js", "/picture/preview.png",
    "/component/streamlit_folium.st_folium/index.html", "/geo/nothing.json", "/assets/0/map.js",
)  # fmt: skip


def directives(text):
    return {name: sources for name, *sources in (part.split() for part in text.split(";"))}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_every_answer_has_a_policy_and_is_not_guessed_at(dashboard, path, accept):
    headers = dashboard.get(path, headers={"accept": accept}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    found = directives(headers["content-security-policy"])
    assert found["default-src"] == ["'none'"]
    assert found["frame-ancestors"]
    if not path.startswith("/component/"):
        assert "unsafe" not in " ".join(found.get("script-src", []))


def test_no_source_is_another_machine(dashboard):
    for path in PATHS:
        for sources in directives(dashboard.get(path).headers["content-security-policy"]).values():
            assert all(one.startswith("'") or one in {"data:", "*"} for one in sources)


def test_only_the_script_and_the_style_that_stand_in_the_page_count():
    found = policy.page("<script>one()</script><script src='x'></script><style>a{}</style>")
    assert found.count("sha256") == 4  # these two, and two of Streamlit's styles
    assert policy.page("<script>two()</script><style>a{}</style>") != found
    assert policy.page("<script>one()</script><style>b{}</style>") != found


def test_cookies_hold_nothing_but_a_word_against_forgery(dashboard):
    cookies = {}
    for path in PATHS:
        for cookie in dashboard.get(path).headers.get_list("set-cookie"):
            name, _, rest = cookie.partition("=")
            cookies[name] = rest
    assert set(cookies) <= {"_streamlit_xsrf"}
    for rest in cookies.values():
        assert "samesite=lax" in rest.lower()
        assert "expires" not in rest.lower()
        assert "max-age" not in rest.lower()


@pytest.mark.parametrize(
    ("setting", "page", "component"),
    [
        ("*", ["*"], ["*"]),
        ("'none'", ["'none'"], ["'self'"]),
        ("'self'", ["'self'"], ["'self'"]),
        ("https://www.example.no https://*.example.org:8443",
         ["https://www.example.no", "https://*.example.org:8443"],
         ["'self'", "https://www.example.no", "https://*.example.org:8443"]),
    ],
)  # fmt: skip
def test_who_may_frame_the_pages_is_configured(monkeypatch, setting, page, component):
    monkeypatch.setattr(settings, "FRAME_ANCESTORS", setting)
    assert directives(policy.page(""))["frame-ancestors"] == page
    assert directives(policy.document(""))["frame-ancestors"] == page
    assert directives(policy.component())["frame-ancestors"] == component
    assert directives(policy.file())["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("setting", ["", "example.no", "*; script-src *", "https://a.no/path"])
def test_a_setting_that_means_nothing_is_told(monkeypatch, setting):
    monkeypatch.setattr(settings, "FRAME_ANCESTORS", setting)
    with pytest.raises(SettingInvalid, match="GEO_FRAME_ANCESTORS"):
        policy.ancestors()


def test_tiles_open_the_maps_frame_to_their_host_and_nothing_else(monkeypatch):
    before = directives(policy.component())
    monkeypatch.setattr(settings, "TILES", tiles.KARTVERKET)
    after = directives(policy.component())
    assert after.pop("img-src") == ["'self'", tiles.origin(), "data:"]
    assert before.pop("img-src") == ["'self'"]
    assert after == before


def test_every_exception_has_its_reason_in_the_documentation():
    text = (settings.ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for one in (*policy.PAGE, *policy.COMPONENT):
        assert f"| {one.directive} | `{one.source}` | {one.why}" in text
