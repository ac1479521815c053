"""Sentences, citations, embeds, previews and frozen editions: what others take along."""

import json
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from geo import settings
from geo.brief import picture_routes
from geo.coverage.view import View, from_query, permalink
from geo.errors import EditionExists, PackageInvalid
from geo.report import citations
from geo.report.figures import key_figures
from geo.settings import ROOT
from geo.versions import versions
from tests import patience

KRAFTSENTER = View(project=("kraftsenter-st",))
LINK = "http://127.0.0.1:8501/?project=kraftsenter-st"


def test_a_sentence_holds_figure_evidence_year_source_and_link(dataset):
    text = citations.sentence(dataset, KRAFTSENTER, LINK)
    assert text.startswith(
        "Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker, kommunestruktur 2015"
        " (4 dokumentert, 14 utledet og 7 antatt). Kilder: dekning: "
    )
    assert f"data v{dataset.data_version}" in text
    assert text.endswith(LINK)


def test_a_sentence_can_be_had_in_english(dataset):
    text = citations.sentence(dataset, KRAFTSENTER.but(lang="en"), LINK)
    assert "(4 documented, 14 inferred and 7 assumed). Sources: coverage:" in text


@pytest.mark.parametrize("place", range(6))
def test_each_key_figure_can_be_quoted_with_its_year(dataset, place):
    figure = key_figures(dataset, KRAFTSENTER)[place]
    text = citations.figure_sentence(dataset, KRAFTSENTER, figure, LINK)
    assert figure.value in text
    assert text.count("struktur 2015") == (place < 4)  # a grant has one figure in all structures
    assert text.count("(") == text.count(")")
    assert "()" not in text


def test_a_citation_names_title_version_date_and_address(dataset):
    text = citations.citation(dataset, KRAFTSENTER, LINK)
    for part in ("25 kommuner i 3 fylker", f"data v{dataset.data_version}", "Hentet", LINK):
        assert part in text


def test_an_embed_is_html_that_nobody_can_break_out_of(dataset):
    text = citations.embed(dataset, KRAFTSENTER, 'http://127.0.0.1/?x="><script>')
    assert "<script>" not in text
    assert "&amp;brief=1" in text


def test_a_link_is_frozen_or_follows_the_newest_data():
    frozen = parse_qs(urlsplit(permalink(KRAFTSENTER, LINK, "1.0.0")).query)
    newest = parse_qs(urlsplit(permalink(KRAFTSENTER, LINK)).query)
    assert frozen["data"] == ["1.0.0"]
    assert "data" not in newest


# -- previews --------------------------------------------------------------------------------------


def test_the_preview_of_a_link_is_a_picture_of_its_view(dataset):
    path = picture_routes.address({"project": "voss", "lang": "en", "nonsense": "x"})
    query = {k: v[0] for k, v in parse_qs(urlsplit(path).query).items()}
    view, ignored = from_query(query, dataset.choices)
    assert (view, ignored) == (View(project=("voss",), lang="en"), [])
    with TestClient(Starlette(routes=picture_routes.routes())) as client:
        answer = client.get(path)
        assert answer.headers["content-type"] == "image/png"
        assert answer.content[:4] == b"\x89PNG"
        assert client.get("/picture/poster.png").status_code == 404


# -- editions --------------------------------------------------------------------------------------


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A data folder where version 2.0.0 was kept and 2.1.0 is current, with another purpose."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    versions.keep_version(folder)
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | {"version": "2.1.0"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    projects = folder / "projects.csv"
    text = projects.read_text(encoding="utf-8")
    projects.write_text(text.replace("i hele regionen", "i regionen", 1), encoding="utf-8")
    monkeypatch.setattr(settings, "DATA_DIR", folder)
    versions._read.cache_clear()
    yield folder
    versions._read.cache_clear()


@pytest.mark.usefixtures("newer")
def test_a_kept_edition_still_shows_what_it_showed():
    assert versions.kept_versions() == ("1.0.0", "2.0.0")
    assert (
        "i hele regionen"
        in versions.dataset_version("2.0.0").project("kraftsenter-st")["purpose_nb"]
    )
    assert "i regionen" in versions.dataset_version("").project("kraftsenter-st")["purpose_nb"]


@pytest.mark.usefixtures("newer")
def test_an_edition_that_was_not_kept_is_the_current_one():
    assert versions.dataset_version("0.9").data_version == "2.1.0"
    assert versions.dataset_version("../../etc").data_version == "2.1.0"


def test_a_kept_edition_cannot_be_overwritten(newer):
    path = newer / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | {"version": "2.0.0"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(EditionExists, match='raise "version"'):
        versions.keep_version(newer)


def test_keeping_twice_is_keeping_once(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    assert versions.keep_version(folder) == versions.keep_version(folder)


def test_a_broken_package_is_not_kept(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    kept = sorted((folder / "editions").iterdir())
    (folder / "coverage.csv").write_text("hub_id\n", encoding="utf-8")
    with pytest.raises(PackageInvalid):
        versions.keep_version(folder)
    assert sorted((folder / "editions").iterdir()) == kept


@pytest.mark.usefixtures("newer")
def test_a_frozen_view_says_that_newer_data_exist_and_leads_there():
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    at.query_params["data"] = "2.0.0"
    at.query_params["project"] = "kraftsenter-st"
    at.run()
    assert any("Nyere data finnes (v2.1.0)" in info.value for info in at.info)
    assert all("data=2.0.0" in link.proto.query_string for link in at.get("page_link"))
    at.button(key="newest").click().run()
    assert not at.info
    assert "data" not in at.query_params
