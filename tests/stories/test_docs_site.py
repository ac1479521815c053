"""The documentation as a site: whole, without other hosts, searched without a server."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from geo.settings import ROOT
from tests import screenshots

PICTURE_AT_MOST = 150_000  # bytes
# What makes a browser load: the rest are links that a reader follows.
LOADING = {"src", "srcset", "poster", "data", "action", "background", "manifest"}
FOREIGN = re.compile(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"'`)\\]*")
REFERENCES = r"url\((?![\"']?data:)[^)]*\)|@import[^;]*|href=\"[^\"]*\""
# Addresses in the theme's scripts that this site never asks for, or that name and load nothing.
DORMANT = {
    "http://www.w3.org/": "names of XML vocabularies",
    "https://unpkg.com/mermaid@": "on a page with a Mermaid diagram",
    "https://unpkg.com/resize-observer-polyfill": "in browsers of before 2020",
    "https://api.github.com/": "where repo_url is set",
    "https://bit.ly/": "in a message",
}


def build(root: Path, to: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(to)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


class Loaded(HTMLParser):
    """The addresses that a browser loads with a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in LOADING]
        named = dict(attrs)
        if tag == "link" and named.get("rel") != "canonical":
            self.found.append(named.get("href") or "")
        self.found += re.findall(r"url\([^)]*\)", named.get("style") or "")


def foreign(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        inside = "".join(re.findall(r"<(?:style|script)\b.*?</(?:style|script)>", text, re.DOTALL))
        text = "\n".join([*Loaded(text).found, inside])
    elif file.suffix in {".css", ".svg"}:
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        text = "\n".join(re.findall(REFERENCES, text))
    else:
        text = "\n".join(re.findall(r"[\"'`](?:https?:)?//[^\"'`]*", text))
    return [one for one in FOREIGN.findall(text) if not one.startswith(tuple(DORMANT))]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<img src="https://cdn.example.com/a.png">'),
        ("a.html", '<link rel="preconnect" href="//fonts.example.com">'),
        ("a.html", '<script>fetch("https://count.example.com/x")</script>'),
        ("a.css", "@import 'https://fonts.example.com/css';"),
        ("a.js", 'load("https://cdn.example.com/a.js") // why'),
    ],
)
def test_a_reference_to_another_host_is_seen(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert foreign(tmp_path / name)


def test_no_file_of_the_site_asks_another_host_for_anything(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css", ".js", ".svg"}]
    files = [path for path in files if path.name != "search_index.js"]  # the texts themselves
    assert len(files) > 30
    assert {path.name: foreign(path) for path in files if foreign(path)} == {}


def test_its_lists_are_lists(site: Path) -> None:
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"<p>[^<]*\n(?:-|\d+\.|\|) .{0,60}", text), path.name


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(ROOT / "docs", root / "docs")
    for name in ("mkdocs.yml", *ROOT.glob("*.md"), *(ROOT / "data").rglob("README.md")):
        target = root / (ROOT / name).relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    with (root / "docs" / "growth.md").open("a", encoding="utf-8") as page:
        page.write("\n[a](nowhere.md) [b](../geo/nowhere.py) [c](operations.md#nowhere)\n")
    (root / "docs" / "alone.md").write_text("# In no menu\n")
    done = build(root, tmp_path / "site")
    assert done.returncode != 0
    for wrong in ("docs/nowhere.md", "geo/nowhere.py", "#nowhere", "alone.md"):
        assert wrong in done.stderr, wrong


def test_a_reader_finds_a_page_by_its_words_without_a_server(site: Path, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1300, "height": 850})
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / "index.html").as_uri())
    expect(page.get_by_role("heading", name="Where to begin")).to_be_visible()
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("two kommuner on one embedded shape")
    page.locator(".md-search-result__link[href*='boundaries.html']").first.click()
    expect(page.get_by_role("heading", name="Other boundaries")).to_be_visible()
    context.close()
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert errors == []


def test_the_pictures_of_the_docs_are_those_that_are_taken_and_small() -> None:
    sizes = {}
    for path in (ROOT / "docs").glob("*.png"):
        assert path.stat().st_size <= PICTURE_AT_MOST, path.name
        with Image.open(path) as picture:
            sizes[path.stem] = picture.size
    assert sizes == {name: (width, height) for name, _, width, height in screenshots.PICTURES}


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "docs/release.md"])
def test_what_papers_make_is_in_the_makefile(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = re.findall(r"(?:^ +|`)make ([a-z -]*[a-z])", text, re.MULTILINE)
    wanted = {target for names in named for target in names.split()}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert wanted
    assert wanted <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
