"""sitemap.xml and robots.txt."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from geo.publish.html_page import Page
from geo.text.languages import LANGUAGES

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
# XML comments must not contain two hyphens, so the option is not spelled out.
_RELATIVE = "<!-- For search engines, give the base URL: these addresses are relative. -->\n"


def sitemap(pages: Iterable[Page], base_url: str) -> bytes:
    """Return sitemap.xml with every page in every language.

    Search engines require absolute URLs; without a base URL they are relative, and the file says
    so.
    """
    head = _HEAD if base_url else _HEAD + _RELATIVE
    return (head + "".join(_entry(page, base_url) for page in pages) + "</urlset>\n").encode()


def _entry(page: Page, base_url: str) -> str:
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" '
        f'href="{escape(base_url + page.place.path(language))}"/>'
        for language in LANGUAGES
    )
    return f"<url><loc>{escape(base_url + page.path)}</loc>{alternates}</url>\n"


def robots(base_url: str) -> bytes:
    """Return robots.txt: it allows everything and names the sitemap."""
    lines = ["User-agent: *", "Disallow:"]
    if base_url:
        lines.append(f"Sitemap: {base_url}sitemap.xml")
    return ("\n".join(lines) + "\n").encode()
