"""One table of languages: nothing else lists them, and a further one is a line and a catalogue."""

import json
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from geo.api import programme
from geo.coverage.view import View
from geo.dataset import package
from geo.dataset.storage import Memory
from geo.publish import html, pages
from geo.publish.downloads import Downloads
from geo.publish.place_maps import Ground
from geo.report import provenance
from geo.report.claims import check
from geo.report.sources import said_by
from geo.report.wording import marked
from geo.settings import ROOT
from geo.text import languages
from geo.text.languages import LANGUAGES, DataText, data_text
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.validation.validate import validate
from tests import patience

# A language by its code, in a column's name, or with its country.
_CODES = "|".join(LANGUAGES)
NAMED = re.compile(rf"""["']({_CODES})["']|_({_CODES})\b|\b({_CODES})[_-][A-Z]{{2}}\b""")
ALLOWED = {
    "geo/text/languages.py": None,  # the table
    "geo/server/middleware/page_rewriter.py": '<html lang="en">',  # Streamlit's own page
    "geo/fetch/klass.py": '"language": "nb"',  # what KLASS is asked for
}


def test_nothing_but_the_table_names_languages():
    found = []
    for pattern in ("geo/**/*.py", "geo/**/*.js", "geo/**/*.html", "pages/**/*.py"):
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            allowed = ALLOWED.get(name, "")
            lines = path.read_text().splitlines() if allowed is not None else ()
            found += [
                f"{name}: {line.strip()}"
                for line in lines
                if NAMED.search(line.replace(allowed, "") if allowed else line)
            ]
    assert found == []


def test_the_search_for_named_languages_finds_them():
    for line in ('== "nb"', "('nb', 'en')", 'row["note_nn"]', "nn_NO", '"en-GB"'):
        assert NAMED.search(line), line


# -- texts of the data --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "language", "expected"),
    [
        ({"note_nb": "ikke", "note_en": "not"}, "nb", ("ikke", "nb")),
        ({"note_nb": "ikke", "note_en": "not"}, "nn", ("ikke", "nb")),
        ({"note_nb": "ikke", "note_nn": "ikkje"}, "nn", ("ikkje", "nn")),
        ({"note_nb": "ikke", "note_nn": ""}, "nn", ("ikke", "nb")),
        ({"note_nb": "ikke", "note_en": ""}, "en", ("", "en")),
        ({"note_nb": "", "note_nn": ""}, "nn", ("", "nn")),
    ],
)
def test_a_text_falls_back_to_bokmal_where_it_has_no_nynorsk(row, language, expected):
    for one in (row, pd.Series(row)):
        assert data_text(one, "note", language) == DataText(*expected)


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="note_nn"):
        data_text({"title": ""}, "note", "nn")


def test_what_falls_back_is_marked_as_bokmal():
    borrowed, own = DataText("Dekket <b>.", "nb"), DataText("Dekt.", "nn")
    assert marked(borrowed, "nn") == "Dekket <b>. (bokmål)"
    assert marked(own, "nn") == "Dekt."
    assert marked(DataText("", "nb"), "nn") == ""
    assert html.written(borrowed, "nn") == '<span lang="nb">Dekket &lt;b&gt;.</span>'
    assert html.written(own, "nn") == "Dekt."


def test_everything_that_ships_is_said_in_nynorsk_with_its_data_in_bokmal(dataset):
    assert {one.language for one in said_by(dataset, "nn").values()} == {"nb"}
    assert {one.language for one in provenance.limits(dataset, "nn")} == {"nb"}
    for one in check(dataset):
        assert f"{one.text['nb'].text} (bokmål)" in one.explanation("nn")
        assert "(bokmål)" not in one.explanation("nb") + one.explanation("en")


def _with_nynorsk(*, declared):
    """Return the files that ship with a nynorsk purpose of the first project only."""
    folder = ROOT / "data"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    head, first, *rest = files["projects.csv"].decode().splitlines()
    lines = [f"{head},purpose_nn", f"{first},Utvikle næringslivet.", *(f"{one}," for one in rest)]
    files["projects.csv"] = ("\n".join(lines) + "\n").encode()
    descriptor = json.loads(files[package.DESCRIPTOR])
    if declared:
        resource = next(r for r in descriptor["resources"] if r["name"] == "projects")
        resource["schema"]["fields"].append({"name": "purpose_nn", "type": "string"})
    files[package.DESCRIPTOR] = json.dumps(descriptor).encode()
    return files


def test_a_package_may_have_columns_of_nynorsk_and_may_leave_cells_empty(dataset):
    files = Memory("p", _with_nynorsk(declared=True))
    assert validate(files) == []
    loaded = package.load(files)
    said = [data_text(row, "purpose", "nn") for row in loaded["projects"].to_dict("records")]
    assert said[0] == DataText("Utvikle næringslivet.", "nn")
    assert {one.language for one in said[1:]} == {"nb"}
    assert "purpose_nn" not in dataset.package["projects"]  # nobody else's tables get wider


def test_own_data_may_have_columns_of_nynorsk_without_a_descriptor():
    files = _with_nynorsk(declared=False)
    del files[package.DESCRIPTOR]
    given = [Dropped(name, content) for name, content in files.items() if name.endswith(".csv")]
    found = opened(given, "nn")
    assert found.issues == ()
    row = found.dataset.package["projects"].iloc[0]
    assert data_text(row, "purpose", "nn").language == "nn"


def test_the_public_edition_says_which_texts_are_in_bokmal(dataset):
    page = pages.project(
        dataset, "voss", "nn", Downloads("picture.png", ()), Ground("map.svg", "", ())
    )
    assert page.content["purpose"].language == "nb"
    method = pages.method(dataset, "nn")
    parts = [text for one in method.content["assumptions"] for _, text in one["parts"]]
    assert {text.language for text in parts if text} == {"nb"}


def test_the_api_answers_in_nynorsk(dataset):
    row = programme.projects(dataset, View(lang="nn", project=("voss",)))[0]
    assert row.purpose == programme.projects(dataset, View(project=("voss",)))[0].purpose


# -- a further language ---------------------------------------------------------------------------

LINE = '    Language("da", "dansk", "da_DK", falls_back="nb"),\n'
OFFERED = """
import json, sys
from streamlit.testing.v1 import AppTest
from geo.api import parameters
from geo.publish import page_addresses
from geo.text import languages, numbers
from geo.versions import reload
at = AppTest.from_file("pages/app.py", default_timeout=float(sys.argv[1]))
at.query_params["lang"] = "da"
at.run()
choice = at.selectbox(key="lang")
print(json.dumps({
    "faults": [one.value for one in at.exception],
    "choice": [choice.options, choice.value],
    "title": at.title[0].value,
    "api": parameters.allowed_codes(reload.current(), "lang", 2015),
    "address": page_addresses.project("voss").path("da"),
    "number": numbers.number(12345.5, "da", 1),
}))
"""


def test_a_further_language_is_one_line_and_a_catalogue(tmp_path):
    for folder in ("geo", "pages", "locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pyc*"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    table = tmp_path / "geo" / "text" / "languages.py"
    before, start, after = table.read_text().partition("TABLE = (\n")
    table.write_text(before + start + after.replace("\n)\n", f"\n{LINE})\n", 1))
    shutil.copytree(tmp_path / "locale" / "nb", tmp_path / "locale" / "da")
    titles = tmp_path / "locale" / "da" / "titles.po"
    titles.write_text(titles.read_text().replace("kommunestruktur", "kommunalstruktur"))
    done = subprocess.run(
        [sys.executable, "-c", OFFERED, str(patience.SECONDS)],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["faults"] == []
    assert answer["choice"] == [
        [*(languages.language(c).heading for c in LANGUAGES), "Dansk"],
        "da",
    ]
    assert "kommunalstruktur" in answer["title"]
    assert answer["api"] == [*LANGUAGES, "da"]
    assert answer["address"] == "da/prosjekt/voss/"
    assert answer["number"] == "12.345,5"
