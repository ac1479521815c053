"""What MkDocs does not know of this repository: pages outside docs/, and links to other files.

A page that lies elsewhere comes under a name of its own. A link to a page leads to where the site
has it; one to a file that is no page becomes the file's path, since the repository has no public
address. A link to what does not exist is a warning, and a warning fails the build.
"""

import logging
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
# Pages of the site by the file in the repository that holds them.
ELSEWHERE = {
    "README.md": "readme.md",
    "README.nb.md": "readme-nb.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting.md",
    "data/README.md": "data.md",
    "data/boundaries/README.md": "boundaries.md",
}
_SOURCES = {page: source for source, page in ELSEWHERE.items()}
_LINK = re.compile(r"(?P<picture>!?)\[(?P<label>[^\]]*)\]\((?P<to>[^)\s]+)\)")
_log = logging.getLogger("mkdocs.hooks.repository_pages")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside docs/."""
    for source, page in ELSEWHERE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, files: Files, **_: object) -> str:
    """Return a page with links that lead to where the site has what they name."""
    name = page.file.src_uri
    folder = posixpath.dirname(_SOURCES.get(name, f"docs/{name}"))
    return _LINK.sub(lambda link: _link(link, folder, name, files), markdown)


def _link(link: re.Match[str], folder: str, page: str, files: Files) -> str:
    to = urlsplit(link["to"])
    if to.scheme or not to.path:
        return link[0]
    file = posixpath.normpath(posixpath.join(folder, to.path))
    uri = ELSEWHERE.get(file, file.removeprefix("docs/"))
    if (file in ELSEWHERE or file.startswith("docs/")) and files.get_file_from_path(uri):
        there = posixpath.relpath(uri, posixpath.dirname(page) or ".")
        anchor = f"#{to.fragment}" if to.fragment else ""
        return f"{link['picture']}[{link['label']}]({there}{anchor})"
    if not (ROOT / file).exists():
        _log.warning("%s links to %s, which does not exist", page, file)
    return link["label"] if file in link["label"] else f"{link['label']} (`{file}`)"
