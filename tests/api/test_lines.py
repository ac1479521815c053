"""The lines to copy on the API's page do what they say in the tools that they are for."""

import html
import re
import shutil
import subprocess

import pytest

from geo.api.lines import LINES_OF, lines
from geo.base.links import API
from geo.text.languages import LANGUAGES
from tests import patience
from tests.api.web import WEB

ADDRESS = re.compile(r'"(http[^"]+)"')


@pytest.fixture(scope="module")
def own(dataset, served):
    return lines(dataset, served)


def test_every_tool_has_lines_with_addresses_of_this_server(own, served):
    assert set(own) == set(LINES_OF)
    for text in own.values():
        assert all(one.startswith(f"{served}api/v1/") for one in ADDRESS.findall(text))
        assert ADDRESS.search(text)


@pytest.mark.parametrize("tool", LINES_OF)
def test_every_address_answers_with_what_its_format_says(own, tool):
    for address in ADDRESS.findall(own[tool]):
        answer = WEB.get(address)
        assert answer.status_code == 200
        kind = {"csv": "text/csv", "geojson": "application/geo+json"}
        form = address.rpartition("format=")[2]
        assert answer.headers["content-type"].startswith(kind[form])
        assert answer.content


def test_the_lines_for_python_run(own, capsys):
    names = {}
    exec(own["python"], names)  # noqa: S102 - our own lines
    coverage, checked = names["coverage"], names["checked"]
    assert set(coverage["kommunenr"].str.len()) == {4}
    assert set(coverage["fylkesnr"].str.len()) == {2}
    assert {"kommuner", "fylker"} <= set(checked["metric"])
    assert "partly_confirmed" in capsys.readouterr().out


def test_the_lines_for_r_name_columns_that_there_are(own):
    (address,) = ADDRESS.findall(own["r"])
    heading = WEB.get(address).text.splitlines()[0].split(",")
    assert {"kommunenr", "fylkesnr", "state"} <= set(heading)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs GDAL: make tools")
def test_what_qgis_opens_is_a_layer(own):
    (address,) = ADDRESS.findall(own["qgis"])
    command = ["ogrinfo", "-ro", "-so", "-al", address]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=patience.SECONDS
    )
    rows = len(WEB.get(address).json()["features"])
    assert f"Feature Count: {rows}" in done.stdout
    assert "kommunenr: String" in done.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_them_with_its_own_address(own, served, lang):
    text = WEB.get(f"{served}api/v1/?lang={lang}").text
    shown = [html.unescape(one) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)]
    assert shown == list(own.values())


def test_they_lead_to_the_address_that_is_set_and_never_to_this_machine(served, monkeypatch):
    monkeypatch.setattr("geo.settings.BASE_URL", "https://example.no/kart/")
    text = WEB.get(f"{served}{API[1:]}/").text
    assert "https://example.no/kart/api/v1/coverage?project=" in html.unescape(text)
    assert "127.0.0.1" not in text
