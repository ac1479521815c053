"""Small static HTML pages in all languages, for refused requests and unknown addresses."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse, Response

from geo.base.links import ICONS, own_path
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages
from geo.webmap import policy

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{icon}">
<style>
body {{ font: 1.125rem/1.6 sans-serif; color: #1a1a1a; max-width: 36rem; margin: 12vh auto;
  padding: 0 1.25rem }}
h1, h2 {{ font-size: 1.5rem; line-height: 1.3 }}
h2 {{ margin-top: 3rem }}
a {{ color: #0b4f95 }}
</style></head><body><main>{languages}</main></body></html>
"""


def small_page(
    words: tuple[str, str],
    status: int,
    links: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a page; `words` are the message keys of its heading and its text.

    `links` maps the message key of each link's text to its address.
    """
    levels = {code: "h1" if code == DEFAULT else "h2" for code in LANGUAGES}
    parts = [_section(code, level, words, links) for code, level in levels.items()]
    called = messages(DEFAULT)("common.name")
    page = _PAGE.format(
        language=DEFAULT, name=called, icon=own_path(ICONS[0]), languages="".join(parts)
    )
    always = {"Cache-Control": "no-store", "Content-Security-Policy": policy.document(page)}
    return HTMLResponse(page, status, {**always, **(headers or {})})


def _section(lang: str, level: str, words: tuple[str, str], links: Mapping[str, str]) -> str:
    t = messages(lang)
    heading, text = (escape(t(key)) for key in words)
    leading = "".join(
        f'<p><a href="{escape(address)}">{escape(t(key))}</a></p>' for key, address in links.items()
    )
    return f'<section lang="{lang}"><{level}>{heading}</{level}><p>{text}</p>{leading}</section>'
