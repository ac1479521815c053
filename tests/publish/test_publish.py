"""The public edition as files: addresses, links, languages, hashes, sizes, and the folder."""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import brotli
import pytest

from geo import __main__ as command_line
from geo import settings
from geo.columns import NAME
from geo.coverage.dataset import load
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.errors import OutputRefused
from geo.exports.catalogue import CATALOGUE_TYPES
from geo.places.register import Register
from geo.publish import folder, hashed_files, html, numbers_page, page_addresses, site, texts
from geo.publish import made_from as making
from geo.publish.downloads import downloads
from geo.publish.hashed_files import HashedFiles
from geo.publish.made_from import made_from
from geo.report.titles import title
from geo.settings import ROOT
from geo.text.languages import DEFAULT, LANGUAGES
from tests import clock, published
from tests.published import BASE


@pytest.fixture(scope="module")
def files(edition_files) -> dict[str, bytes]:
    return edition_files


class Links(HTMLParser):
    """Collects what a page says of itself and where it leads."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def all(self, tag, **wanted):
        return [a for t, a in self.found if t == tag and wanted.items() <= a.items()]

    def targets(self):
        return [a[key] for _, a in self.found for key in ("href", "src") if key in a]


def pages(files):
    return {name: content for name, content in files.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def read(files) -> dict[str, Links]:
    """Every page of the edition as it is read: once for all tests, since there are thousands."""
    return {name: Links(content) for name, content in pages(files).items()}


# -- addresses -----------------------------------------------------------------------------------


def test_addresses_are_readable_and_in_the_readers_language(files):
    for name in (
        "index.html", "en/index.html", "nn/index.html", "nn/prosjekt/kraftsenter-st/index.html",
         "prosjekt/kraftsenter-st/index.html",
        "en/project/kraftsenter-st/index.html", "fylke/2015/sor-trondelag/index.html",
        "en/county/2015/sor-trondelag/index.html", "fylke/2024/more-og-romsdal/index.html",
        "kommune/1636/index.html", "en/kommune/1636/index.html", "data/index.html",
        "metode/index.html", "en/method/index.html", "404.html", "robots.txt", "sitemap.xml",
    ):  # fmt: skip
        assert name in files


def test_every_project_county_and_kommune_number_has_a_page_in_every_language(dataset, files):
    for language in LANGUAGES:
        places = [page_addresses.project(p) for p in dataset.choices.projects]
        places += [page_addresses.kommune(nr) for nr in dataset.choices.kommuner]
        places += [
            page_addresses.county(dataset, year, nr)
            for year, numbers in dataset.choices.fylker.items()
            for nr in numbers
        ]
        names = [place.file(language) for place in places]
        assert len(set(names)) == len(names)
        assert set(names) <= set(files)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sør-Trøndelag", "sor-trondelag"),
        ("../../etc", "etc"),
        ("Gáivuotna", "gaivuotna"),
        ("//", ""),
    ],
)
def test_readable_texts_cannot_leave_their_folder(text, expected):
    assert page_addresses.readable(text) == expected


@pytest.mark.parametrize(
    ("here", "there", "way"),
    [("", "", "./"), ("", "en/", "en/"), ("en/", "", "../"), ("a/b/", "a/b/", "./"),
     ("prosjekt/voss/", "data/", "../../data/")],
)  # fmt: skip
def test_the_way_from_page_to_page_is_relative(here, there, way):
    assert page_addresses.link(here, there) == way


def test_every_link_leads_to_a_file_and_none_to_another_host(files, read):
    wanted = {}
    for name, page in read.items():
        if name == "404.html":
            continue
        for target in page.targets():
            way = target.partition("?")[0].partition("#")[0]
            if re.match(r"https?:", target) or not way:
                continue
            file = f"{way}/index.html" if way.endswith(("/", ".")) else way
            path = os.path.normpath(Path(name).parent / file)
            wanted.setdefault(path, (name, target))
    lost = {path: where for path, where in wanted.items() if path not in files}
    assert not lost


def test_nothing_is_fetched_from_another_host(read):
    for name, page in read.items():
        for tag, attributes in page.found:
            fetches = tag in ("script", "img", "iframe", "source") or (
                tag == "link" and attributes.get("rel") in ("stylesheet", "preload", "icon")
            )
            address = attributes.get("src") or attributes.get("href", "")
            if fetches and name != "404.html":
                assert not re.match(r"(https?:)?//", address), (name, address)


# -- pages ---------------------------------------------------------------------------------------


def test_every_page_says_language_title_description_and_where_its_twin_is(files, read):
    for name, page in read.items():
        if name == "404.html":
            continue
        first = name.partition("/")[0]
        language = first if first in LANGUAGES else DEFAULT
        assert page.all("html")[0]["lang"] == language
        text = files[name].decode()
        assert re.search(r"<title>[^<]{8,}</title>", text), name
        assert len(page.all("meta", name="description")[0]["content"]) > 20, name
        canonical = page.all("link", rel="canonical")[0]["href"]
        assert canonical == BASE + name.removesuffix("index.html")
        others = page.all("link", rel="alternate")
        twins = {a["hreflang"]: a["href"] for a in others if "type" not in a}
        assert set(twins) == set(LANGUAGES)
        assert twins[language] == canonical
        for twin in twins.values():
            assert f"{twin.removeprefix(BASE)}index.html" in files
        assert text.count("<h1") == 1, name


def test_english_pages_explain_kommune_where_they_first_say_it(files):
    unexplained = []
    for name, content in pages(files).items():
        if not name.startswith("en/"):
            continue
        body = re.sub(r"(?s)<(head|script|style|template)\b.*?</\1>", " ", content.decode())
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
        first = re.search(r"(?i)\bkommune\w*.{0,18}", said)
        if first and not re.match(r"(?i)kommuner? \(municipalit(y|ies)\)", first[0]):
            unexplained.append((name, first[0]))
    assert unexplained == []


def test_no_page_has_a_script_or_style_of_its_own_and_each_forbids_them(read):
    for name, page in read.items():
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        scripts = [one for one in page.all("script") if one.get("type") != "application/ld+json"]
        assert all("src" in script for script in scripts)
        assert not page.all("style")
        assert not [
            a for _, a in page.found if any(k.startswith("on") or k == "style" for k in a)
        ], name


def test_the_summary_and_the_preview_are_the_engines(dataset, files):
    view = View(lang="en", project=("troms",))
    page = Links(files["en/project/troms/index.html"])
    assert (
        title(dataset, coverage(dataset, view), view)
        in files["en/project/troms/index.html"].decode()
    )
    picture = page.all("meta", property="og:image")[0]["content"]
    assert picture.removeprefix(BASE) in files
    assert page.all("meta", property="og:locale")[0]["content"] == "en_GB"


def test_uncovered_come_first_on_the_page_of_a_county(files):
    text = files["fylke/2015/sor-trondelag/index.html"].decode()
    assert text.index("Trondheim") < text.index("Agdenes")
    assert "Næringshagen i Orkdalsregionen AS, ca. 30" in text


def test_old_number_answers_and_points_on(files):
    text = files["kommune/1636/index.html"].decode()
    assert "I 2024 er Meldal en del av Orkland (5059)" in text
    assert 'href="../5059/"' in text
    assert "?kommune=1636" in text
    assert "Kaivuono" in files["kommune/1940/index.html"].decode()


def test_claims_stand_on_the_page_of_the_project_with_their_explanations(files):
    text = files["prosjekt/kraftsenter-st/index.html"].decode()
    said = "Delvis bekreftet: 18 kan navngis, 7 er antatt fordi 25 kommuner ble kunngjort"
    assert f"<strong>{said}</strong>" in text
    assert f"{said}." in text
    for page in ("prosjekt/kraftsenter-st", "prosjekt", "data"):
        tested, _, others = files[f"{page}/index.html"].decode().partition("som ikke prøver noe")
        folded = others.partition("</details>")[0]
        assert "Gjentar kilden" in folded or "Kan ikke kontrolleres" in folded
        assert "Stemmer" not in folded
        assert "Gjentar kilden" not in tested


def test_a_kommunes_page_has_its_map_its_time_and_what_it_is_made_of(files):
    text = files["kommune/5059/index.html"].decode()
    [path] = re.findall(r'<image href="\.\./\.\./(files/[^"]+\.svg)"', text)
    assert ET.fromstring(files[path]).tag.endswith("svg")  # noqa: S314 - our own
    assert path in "".join(
        re.findall(r"files/[^\"]+", files["en/kommune/5059/index.html"].decode())
    )
    assert text.count('role="img"') == 3
    assert "Orkdal 1638 2013–2017" in text
    for part in ("Agdenes", "Meldal", "Orkdal", "Snillfjord"):
        assert f">{part}</a>" in text
    assert text.index("Helt dekket, utledet") < text.index("18\u00a0217") < text.index("<figure")


def test_a_package_with_counts_of_some_years_only_is_published_too(tmp_path, small_package):
    small_package(tmp_path)
    dataset = load(tmp_path)
    counts = dataset.package["population"]
    tables = {**dataset.package.tables, "population": counts[counts["year"] != 2015]}
    fewer = replace(dataset.package, tables=tables)
    some = replace(dataset, package=fewer, register=Register(fewer))
    assert "NaN" not in json.dumps(numbers_page.of_year(some, 2018))


def test_without_an_address_there_are_no_full_addresses(tmp_path, small_package):
    small_package(tmp_path)
    small = published.built(published.shorter(load(tmp_path), ["0301"]))
    assert small["robots.txt"] == b"User-agent: *\nDisallow:\n"
    listed = small["sitemap.xml"].decode()
    assert "these addresses are relative" in listed
    assert "<loc>prosjekt/one/</loc>" in listed
    page = Links(small["index.html"])
    assert not page.all("link", rel="canonical")
    assert not page.all("meta", property="og:image")
    twins = [a for a in page.all("link", rel="alternate") if "type" not in a]
    assert {a["href"] for a in twins} == {"./", "en/", "nn/"}
    assert small["index.html"].count(b"Ett") > 1


def test_the_sitemap_lists_every_page_once(files):
    root = ET.fromstring(files["sitemap.xml"])  # noqa: S314 - our own file
    listed = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    expected = {BASE + n.removesuffix("index.html") for n in pages(files) if n != "404.html"}
    assert set(listed) == expected
    assert len(listed) == len(expected)
    assert f"Sitemap: {BASE}sitemap.xml" in files["robots.txt"].decode()


# -- files ---------------------------------------------------------------------------------------


def test_every_file_but_the_entry_pages_changes_its_address_with_its_content(files):
    feeds = set(map(page_addresses.feed, LANGUAGES))  # readers of feeds come back to them
    catalogues = {*(f"catalog.{form}" for form in CATALOGUE_TYPES), "croissant.json"}
    entries = {"robots.txt", "sitemap.xml", "404.html", folder.MARK, *feeds, *catalogues}
    for name, content in files.items():
        if name in entries or name.endswith("/index.html") or name == "index.html":
            continue
        place, digest, _ = name.split("/")
        assert place == hashed_files.FOLDER
        assert digest == hashlib.sha256(content).hexdigest()[:10]


def test_the_package_has_the_editions_address_and_croissant_names_its_tables(files):
    (package,) = [content for name, content in files.items() if name.endswith(".zip")]
    with ZipFile(io.BytesIO(package)) as zipped:
        assert json.loads(zipped.read("datapackage.json"))["homepage"] == BASE
    for one in json.loads(files["croissant.json"])["distribution"]:
        content = files[one["contentUrl"].removeprefix(BASE)]
        assert hashlib.sha256(content).hexdigest() == one["sha256"]


def test_the_front_page_is_light(files):
    assert 50_000 < site.first_view(files) <= 70_000
    assert len(brotli.compress(hashed_files.map_script())) <= 55_000


def test_most_pages_are_small(files):
    sizes = [
        len(gzip.compress(c)) for n, c in pages(files).items() if "kommune/" in n and "/index" in n
    ]
    assert sorted(sizes)[len(sizes) // 2] < 4_500


# Sent where some amounts are no grants, see tests/test_bygdevekst.py.
OF_SOME = ("coverage.amount_",)


def test_every_text_that_the_scripts_use_is_sent(dataset):
    code = "\n".join((hashed_files.ASSETS / name).read_text() for name in hashed_files.SCRIPTS)
    for language in LANGUAGES:
        sent = texts.of_language(dataset, language)["texts"]
        for key in re.findall(r'\.(?:text|plural)\("([a-z_.]+)"', code):
            assert key in sent, key
        for start in re.findall(r"\.(?:text|plural)\(`([a-z_.]+)\$", code):
            assert start in OF_SOME or any(key.startswith(start) for key in sent), start
        assert all(isinstance(text, str) or len(text) == 2 for text in sent.values())


def test_scripts_never_set_html_from_data():
    code = "\n".join((hashed_files.ASSETS / name).read_text() for name in hashed_files.SCRIPTS)
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert word not in code


def test_the_same_data_make_the_same_bytes(dataset):
    """Of a few kommuner and counties in two years: the other pages are made in the same way."""
    few = ("0301", "1636", "5059")
    code = (
        "import hashlib, sys; from geo.versions import reload; from tests import published;"
        f"few = published.shorter(reload.current(), {few!r});"
        f"files = published.built(few, {BASE!r});"
        "print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env=environment,
    ).stdout.strip()  # fmt: skip
    files = published.built(published.shorter(dataset, few), BASE)
    assert other == hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()


def test_pictures_and_files_of_a_view_are_real(dataset):
    kept = HashedFiles()
    found = downloads(dataset, View(project=("voss",)), "voss-2015", BASE, kept)
    assert kept.files[found.picture].startswith(b"\x89PNG")
    assert found.picture.endswith("/voss-2015.png")
    kinds = {Path(path).suffix: kept.files[path] for _, path, _ in found.files}
    assert kinds[".csv"].startswith(b"\xef\xbb\xbf")
    assert kinds[".xlsx"].startswith(b"PK")
    assert json.loads(kinds[".geojson"])["type"] == "FeatureCollection"


# -- HTML ----------------------------------------------------------------------------------------


def test_prose_of_the_catalogue_becomes_html_and_nothing_else_does():
    made = html.prose("**A** <b>\n\n- x\n- y [z](https://a.no/) [w](javascript:alert) ![v](b.png)")
    assert made.split("\n") == [
        "<p><strong>A</strong> &lt;b&gt;</p>",
        "<ul>",
        "<li>x</li>",
        '<li>y <a href="https://a.no/">z</a> [w](javascript:alert) !<a href="b.png">v</a></li>',
        "</ul>",
        "",
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host", ""])
def test_only_web_addresses_become_links(url):
    assert html.web(url) == ""
    assert html.web("https://a.no/") == "https://a.no/"


# -- the folder ----------------------------------------------------------------------------------


def edition(data_version="1"):
    return {"index.html": data_version.encode(), folder.MARK: folder.mark(data_version)}


def test_an_earlier_edition_is_replaced_and_nothing_of_it_is_left(tmp_path):
    out = tmp_path / "out"
    folder.write(out, edition() | {"old/page.html": b""})
    folder.write(out, edition("2"))
    assert (out / "index.html").read_text() == "2"
    assert not (out / "old").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_texts_have_compressed_copies_that_say_the_same():
    text, picture = "ærlig talt".encode() * 500, bytes(range(256)) * 50
    files = {"a/index.html": text, "index.html": text, "a.json": text, "b.png": picture}
    made = folder.packed(files | {"small.css": b"a", folder.MARK: text}, {"index.html"})
    texts = ("a/index.html", "index.html", "a.json")
    assert set(made) == {f"{name}.{kind}" for name in texts for kind in ("gz", "br")}
    for name in texts:
        assert gzip.decompress(made[f"{name}.gz"]) == text
        assert brotli.decompress(made[f"{name}.br"]) == text


def test_an_empty_folder_may_be_used(tmp_path):
    folder.write(tmp_path, edition())
    assert (tmp_path / "index.html").exists()


@pytest.mark.parametrize("name", ["letter.txt", folder.MARK])
def test_somebody_elses_folder_is_refused_and_left_alone(tmp_path, name):
    (tmp_path / name).write_text("{}")
    with pytest.raises(OutputRefused, match="not an earlier public edition"):
        folder.write(tmp_path, edition())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_refused(tmp_path):
    out = tmp_path / "file"
    out.write_text("x")
    with pytest.raises(OutputRefused, match="not a folder"):
        folder.check(out)


def test_a_failure_leaves_the_earlier_edition_in_place(tmp_path, monkeypatch):
    out = tmp_path / "out"
    folder.write(out, edition())

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OutputRefused, match=r"disk full\. An earlier edition there is as it was"):
        folder.write(out, edition("2"))
    assert (out / "index.html").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_base_address_must_be_one(dataset, tmp_path):
    with pytest.raises(OutputRefused, match="not a web address"):
        site.publish(dataset, tmp_path / "out", "kart.example.no")
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_was_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site, "publish", lambda *_: site.Written(10, 20, 3_000_000, 199_000))
    assert command_line.main(["publish", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The public edition is in")
    assert "10 pages, 20 files, 3.0 MB" in said
    assert "199 kB" in said
    assert len(said.splitlines()) < 10


def test_the_command_refuses_with_advice(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x")
    assert command_line.main(["publish", str(tmp_path)]) == 1
    assert "Name a new folder" in capsys.readouterr().err


def test_counties_of_the_same_name_get_different_addresses(dataset):
    for year, numbers in dataset.choices.fylker.items():
        paths = {page_addresses.county(dataset, year, nr).path("nb") for nr in numbers}
        assert len(paths) == len(dataset.register.fylker(year)[NAME])


# -- runs that were killed ------------------------------------------------------------------------

_WRITES_AND_WAITS = """
import pathlib, sys, time
from geo.publish import folder

out = pathlib.Path(sys.argv[1])
with folder.held(out):
    name = f".{out.name}.{folder.os.getpid()}.part"
    (out.parent / name).mkdir()
    (out.parent / name / "index.html").write_text("half")
    if sys.argv[2] == "taken":
        out.rename(out.parent / name.replace(".part", ".before"))
    print("under way", flush=True)
    time.sleep(600)
"""


@contextmanager
def publishing(out, *, taken=False):
    """Run somebody else's publishing to a folder, and stop it in the middle."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _WRITES_AND_WAITS, str(out), "taken" if taken else "kept"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"under way\n"
        try:
            yield
        finally:
            process.kill()


def test_the_next_run_clears_what_a_killed_one_left(tmp_path):
    out = tmp_path / "site"
    folder.write(out, edition())
    with publishing(out):
        assert len(list(tmp_path.glob(".site.*.part"))) == 1
    assert len(list(tmp_path.glob(".site.*.part"))) == 1  # nobody tidied up
    (tmp_path / ".site.2.7.part").mkdir()  # another folder's, of the name "site.2"
    with folder.held(out):
        folder.write(out, edition("2"))
    assert (out / "index.html").read_text() == "2"
    assert {path.name for path in tmp_path.glob(".site.*.part")} == {".site.2.7.part"}


def test_an_edition_that_a_killed_run_had_taken_away_is_put_back(tmp_path):
    out = tmp_path / "site"
    folder.write(out, edition())
    with publishing(out, taken=True):
        assert not out.exists()
    with folder.held(out):
        assert (out / "index.html").read_text() == "1"
    assert not list(tmp_path.glob(".site.*.before"))


# -- runs that find nothing to do -----------------------------------------------------------------


@pytest.fixture
def package(tmp_path, small_package):
    data = tmp_path / "data"
    data.mkdir()
    small_package(data)
    return data


def run(out, package) -> tuple[bool, dict[str, bytes]]:
    """Publish as the command does; return whether the edition was made, and its files."""
    key = made_from(package, "")
    kept = site.unchanged(out, key)
    if not kept:
        site.publish(load(package), out, "", key)
    paths = (path for path in out.rglob("*") if path.is_file())
    return kept is None, {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def two_files(dataset, _base_url):
    return {"index.html": repr(dataset.package["projects"]).encode(), "a/b.txt": b""}


def edited(package):
    path = package / "projects.csv"
    path.write_text(path.read_text("utf-8").replace("Ett", "Et"), "utf-8")


def test_an_edition_is_made_again_when_anything_changed_and_only_then(
    tmp_path, package, monkeypatch
):
    monkeypatch.setattr(site, "build", two_files)
    out = tmp_path / "out"
    made, first = run(out, package)
    assert made
    assert run(out, package) == (False, first)
    (out / "index.html").write_text("mine")
    assert run(out, package) == (True, first)
    (out / "a" / "b.txt").unlink()
    assert run(out, package) == (True, first)
    (out / "stale.html").write_text("old")
    assert run(out, package) == (True, first)
    edited(package)
    made, second = run(out, package)
    assert made
    assert second != first
    assert run(tmp_path / "fresh", package) == (True, second)


def test_what_an_edition_is_made_from_is_known_by_everything_that_is_read(package, monkeypatch):
    found = [made_from(package, ""), made_from(package, BASE)]
    monkeypatch.setattr(settings, "CONTACT", "somebody@example.no")
    found.append(made_from(package, ""))
    monkeypatch.setattr(settings, "LOCALE_DIR", package)
    found.append(made_from(package, ""))
    monkeypatch.setattr(making, "program", lambda: "another")  # see tests/base/test_kept.py
    found.append(made_from(package, ""))
    with clock.travel(datetime(2031, 5, 1, tzinfo=UTC)):
        found.append(made_from(package, ""))
    edited(package)
    found.append(made_from(package, ""))
    assert len(set(found)) == len(found)


def test_files_behind_a_link_count_and_one_that_cannot_be_read_makes_all_again(package, tmp_path):
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "kart.geojson").write_text("1")
    (package / "boundaries").symlink_to(linked)
    (linked / "round").symlink_to(linked)
    found = [made_from(package, "")]
    assert made_from(package, "") == found[0]
    (linked / "kart.geojson").write_text("2")
    found.append(made_from(package, ""))
    (linked / "gone.geojson").symlink_to(tmp_path / "nothing")
    found += [made_from(package, ""), made_from(package, "")]
    assert len(set(found)) == len(found)


def test_no_page_depends_on_the_day_within_a_year(package):
    made = []
    for day in (datetime(2031, 1, 2, tzinfo=UTC), datetime(2031, 12, 30, tzinfo=UTC)):
        with clock.travel(day):
            files = published.built(published.shorter(load(package), ["0301"]))
            made.append((files, made_from(package, "")))
    assert made[0] == made[1]


def test_a_run_leaves_alone_what_another_one_is_writing(dataset, tmp_path):
    out = tmp_path / "site"
    with publishing(out):
        with pytest.raises(OutputRefused, match="Another run is publishing"):
            site.publish(dataset, out)
        assert len(list(tmp_path.glob(".site.*.part"))) == 1
