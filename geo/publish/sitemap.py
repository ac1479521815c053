"""sitemap.xml and robots.txt."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from geo.publish.page_addresses import PageAddress
from geo.text.languages import LANGUAGES

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
# XML comments must not contain two hyphens, so the option is not spelled out.
_RELATIVE = "<!-- For search engines, give the base URL: these addresses are relative. -->\n"


def sitemap(places: Iterable[PageAddress], base_url: str) -> bytes:
    """Return sitemap.xml with every page in every language.

    Search engines require absolute URLs; without a base URL they are relative, and the file says
    so.
    """
    head = _HEAD if base_url else _HEAD + _RELATIVE
    return (head + "".join(_entries(place, base_url) for place in places) + "</urlset>\n").encode()


def _entries(place: PageAddress, base_url: str) -> str:
    """Return a page in every language, each with the others."""
    addresses = {language: escape(base_url + place.path(language)) for language in LANGUAGES}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in addresses.items()
    )
    return "".join(
        f"<url><loc>{address}</loc>{alternates}</url>\n" for address in addresses.values()
    )


def robots(base_url: str) -> bytes:
    """Return robots.txt: it allows everything and names the sitemap."""
    lines = ["User-agent: *", "Disallow:"]
    if base_url:
        lines.append(f"Sitemap: {base_url}sitemap.xml")
    return ("\n".join(lines) + "\n").encode()
