"""Rejects control characters, bidirectional overrides and non-web addresses in texts.

All text is escaped on output. What is rejected here cannot be escaped: XML files cannot hold
control characters, and a bidirectional override reverses the text after it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from geo.base.links import web
from geo.dataset.csv_accidents import Sheet
from geo.dataset.package import DESCRIPTOR
from geo.text.messages import Messages, messages
from geo.validation.issue import Issue

LONGEST = 20_000  # characters of a cell; a spreadsheet holds 32,767
# The columns with addresses, by table.
ADDRESSES = {"sources": "url", "hubs": "website", "other_hubs": "website"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# Embeddings, overrides and isolates; the marks U+200E and U+200F reverse nothing.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Used in file names and addresses.
_PLAIN = {
    "version": re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}"),
    "name": re.compile(r"[a-z0-9][a-z0-9._-]{0,99}"),
}


def check(
    descriptor: Mapping[str, Any],
    sheets: Mapping[str, Sheet],
    names: Mapping[str, str],
    language: str,
) -> Iterator[Issue]:
    """Yield every such text of a package; `names` gives each table's file."""
    t = messages(language)
    yield from _described(descriptor, t)
    for table, sheet in sheets.items():
        for column in sheet.header:
            for text in _wrong(column, t):
                yield Issue(names[table], 1, _visible(column), "", text)
        for number, row in sheet.rows:
            for column, value in row.items():
                wrong = [*_wrong(value, t), *_address(table, column, value, t)]
                for text in wrong:
                    yield Issue(names[table], number, column, _visible(value), text)


def _described(descriptor: Mapping[str, Any], t: Messages) -> Iterator[Issue]:
    for place, value in _texts(descriptor):
        for text in _wrong(value, t):
            yield Issue(DESCRIPTOR, None, place, _visible(value), text)
    for key, pattern in _PLAIN.items():
        value = str(descriptor.get(key, "0"))
        if not pattern.fullmatch(value):
            text = t(f"validate.bad_{key}", value=_visible(value))
            yield Issue(DESCRIPTOR, None, key, _visible(value), text)
    homepage = descriptor.get("homepage")
    if homepage is not None and not (isinstance(homepage, str) and web(homepage)):
        text = t("validate.not_web", value=_visible(str(homepage)))
        yield Issue(DESCRIPTOR, None, "homepage", _visible(str(homepage)), text)
    licences = descriptor.get("licenses")
    for one in licences if isinstance(licences, list) else ():
        path = one.get("path", "") if isinstance(one, dict) else ""
        # A licence's path may also be a file of the package.
        if not isinstance(path, str) or (_SCHEME.match(path) and not web(path)):
            text = t("validate.not_web", value=_visible(str(path)))
            yield Issue(DESCRIPTOR, None, "licenses", _visible(str(path)), text)


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a descriptor with its location: "licenses.0.title"."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in inside:
            yield from _texts(one, f"{place}.{_visible(str(key))}".lstrip("."))


def _wrong(value: str, t: Messages) -> Iterator[str]:
    """Yield what is wrong with a text, whatever its column."""
    if len(value) > LONGEST:
        yield t("validate.too_long", n=len(value), most=LONGEST)
    for kind, signs in (("control", _CONTROL), ("turning", _TURNING)):
        found = signs.search(value)
        if found:
            sign, place = f"U+{ord(found.group()):04X}", found.start() + 1
            yield t(f"validate.{kind}", sign=sign, place=place)


def _address(table: str, column: str, value: str, t: Messages) -> Iterator[str]:
    if value and ADDRESSES.get(table) == column and not web(value):
        yield t("validate.not_web", value=_visible(value))


def _visible(text: str) -> str:
    """Return the first 60 characters without control and bidirectional characters."""
    return _TURNING.sub("", _CONTROL.sub("", text))[:60]
