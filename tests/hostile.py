"""A package whose every text tries something: scripts, formulas, templates, and its mere length.

What each text would run names the column that it stands in, so that a failure says which.
"""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.dataset.package import DESCRIPTOR, known_tables
from geo.validation.text_checks import ADDRESSES

RAN = "__ran"  # what a text that runs leaves in its window
LONG = 10_000
NOWHERE = "http://127.0.0.1:1/"
HEBREW = "שלום"
# Each begins a cell: what a spreadsheet takes for a formula, or Markdown for something of its own.
OPENINGS = (
    '=HYPERLINK("{nowhere}{place}","x")', "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    "-1+1", "\t=1+1", "\r=1+1", "＝1+1", "# {place}", "1. {place}", "{hebrew}", "    {place}",
)  # fmt: skip
BODY = (
    " <script>window.__ran='{place}';alert(1)</script>"
    "<img src=x onerror=\"window.__ran='{place}'\">"
    "<svg onload=window.__ran='{place}'></svg>"
    "</script></style></title></textarea>--></div>]]>"
    "<iframe src=\"javascript:parent.__ran='{place}'\"></iframe>"
    '\' onmouseover=\'window.__ran=1\' " onfocus="window.__ran=1" autofocus x="'
    " {{{{7*7}}}}{{% raw %}}${{7*7}}#{{7*7}}<%= 7*7 %>{{0}}{{year}} $& $latex$ `code` $$x^2$$"
    " :red[colour] :material/home: ![]({nowhere}{place}.png) [press](javascript:window.__ran=1)"
    " **bold** _under_ ~~gone~~ <b>b</b> &lt;script&gt; &#60;i&#62; \u0301\u0335 漢字 🙂 {hebrew}"
    " {nowhere}{place} www.example.org |x| \\u003cscript\\u003e \\ "
)


def text(place: str, opening: int = 0) -> str:
    """Return the hostile text of a place; `opening` chooses how it begins."""
    known = {"place": place, "nowhere": NOWHERE, "hebrew": HEBREW}
    return (OPENINGS[opening % len(OPENINGS)] + BODY).format(**known)


def long(place: str, opening: int = 0) -> str:
    """Return a hostile text of 10,000 characters, most of it one word."""
    return text(place, opening).ljust(LONG, "W")[:LONG]


def free(table: str, field: Mapping[str, Any]) -> bool:
    """Say whether a column holds free text: no code, no reference, no address."""
    name, limits = field["name"], field.get("constraints", {})
    coded = "enum" in limits or "pattern" in limits or (table, name) in _MEANT
    leads = name.endswith(("_id", "_ids")) or ADDRESSES.get(table) == name
    return field["type"] == "string" and not coded and not leads


# Texts that the engine reads: a letter, a name to be found by, evidence, years, a version.
_MEANT = {
    ("candidates", "alternative"), ("claims", "unit"), ("kommune_changes", "evidence"),
    ("kommune_changes", "land_of"), ("coverage", "stated_years"),
    ("other_coverage", "stated_years"), ("corrections", "version_from"),
    ("corrections", "version_to"),
}  # fmt: skip


def poisoned(name: str, content: str, *, long_rows: int = 1) -> str:
    """Return a table with hostile text in every free column: 10,000 characters in the first rows.

    The last name is Hebrew and harmless, to see whether it stays in its place.
    """
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    resource = known_tables()[name]
    fields = [field["name"] for field in resource["schema"]["fields"] if free(name, field)]
    for n, row in enumerate(rows):
        for place, column in enumerate(c for c in fields if c in row):
            where = f"{name}.{column}"
            row[column] = (long if n < long_rows else text)(where, n + place)
            if column == "name" and n == len(rows) - 1:
                row[column] = HEBREW
        if name in ADDRESSES:
            row[ADDRESSES[name]] = f"{NOWHERE}{n})![](x.png)'$x$&lt;*b*#{name}"
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def package(source: Path) -> dict[str, bytes]:
    """Return the files of a hostile package, made from a harmless one."""
    descriptor = json.loads((source / DESCRIPTOR).read_text(encoding="utf-8"))
    files = {}
    for resource in descriptor["resources"]:
        name, path = resource["name"], source / resource["path"]
        content = path.read_bytes().decode("utf-8")
        # Of the country's kommuner there are hundreds: their texts are as hostile, but short.
        files[resource["path"]] = poisoned(name, content, long_rows=name not in _MANY).encode()
        for key in ("title", "description"):
            resource[key] = text(f"resources.{name}.{key}")
        for field in resource["schema"]["fields"]:
            field["title"] = field["description"] = text(f"fields.{field['name']}")
    said = {key: long(f"{key} of the package", 7) for key in ("title", "description")}
    limits = {language: [long("limits", 4), text("limits", 0)] for language in ("nb", "en")}
    people = [{"title": text("contributors"), "role": text("role")}]
    licence = [{"name": text("licence.name"), "title": long("licence"), "path": f"{NOWHERE}terms"}]
    about = {"limits": limits, "contributors": people, "sources": people, "licenses": licence}
    descriptor |= {**said, **about, "keywords": [text("keyword")]}
    files[DESCRIPTOR] = json.dumps(descriptor, ensure_ascii=False).encode()
    return files


_MANY = ("kommuner", "fylker", "kommune_changes", "fylke_changes", "population", "areas")


def write(source: Path, target: Path) -> Path:
    """Write a hostile package to a folder; return it."""
    target.mkdir(parents=True, exist_ok=True)
    for name, content in package(source).items():
        (target / name).write_bytes(content)
    return target
