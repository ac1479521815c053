"""What real spreadsheets look like: read and told where it is certain, else one sentence."""

import csv
import io
import shutil

import pytest

from geo.coverage.view import View
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.uploads import cleaning, trial
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened


@pytest.fixture(autouse=True)
def _one_view(monkeypatch):
    """Try one view before data are taken into service: tests/dataset/test_cells.py tries all."""
    monkeypatch.setattr(trial, "views", lambda _dataset: [View()])


EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
SHIPPED = ROOT / "data"
CASES = ROOT.parent / "shared" / "cases"
MUST = ("programmes", "projects", "hubs", "partners", "coverage", "sources")


def shipped(**changed):
    """Return the shipped programme as loose tables, some of them changed."""
    names = (*MUST, "candidates", "assumptions", "claims", "deviations")
    files = {f"{name}.csv": (SHIPPED / f"{name}.csv").read_bytes() for name in names}
    for name, change in changed.items():
        files[f"{name}.csv"] = change(files[f"{name}.csv"].decode()).encode()
    return [Dropped(name, content) for name, content in files.items()]


def one_by_one(text, column, write):
    """Return a table with every value of a column written otherwise."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index(column)
    for row in rows[1:]:
        row[place] = write(row[place])
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def separated(text, sign):
    """Return a table with another sign between its columns."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=sign, lineterminator="\n")
    writer.writerows(csv.reader(io.StringIO(text)))
    return target.getvalue()


READ = {
    "a title row above the header": lambda t: f"Dekning 2015\n\n{t}",
    "sep=; above the header": lambda t: "sep=;\n" + separated(t, ";"),
    "forty empty columns": lambda t: "".join(f"{line}{',' * 40}\n" for line in t.splitlines()),
    "tabs": lambda t: separated(t, "\t"),
    "numbers with a decimal": lambda t: one_by_one(t, "kommunenr", lambda nr: f"{nr}.0"),
    "years with a decimal": lambda t: one_by_one(t, "structure_year", lambda year: f"{year}.0"),
    "numbers with a prefix": lambda t: one_by_one(t, "kommunenr", lambda nr: f"K-{nr}"),
    "numbers as formulas": lambda t: one_by_one(t, "kommunenr", lambda nr: f'="{nr}"'),
    "padded ids": lambda t: one_by_one(t, "hub_id", lambda hub: f"  {hub}\u00a0"),
    "a header with a space": lambda t: t.replace("kommunenr,", "kommunenr ,", 1),
    "a header with a no-break space": lambda t: t.replace("kommunenr,", "kommunenr\u00a0,", 1),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", READ.values(), ids=READ.keys())
def test_what_is_certain_is_read_and_said_once(change, language):
    found = opened(shipped(coverage=change), language)
    assert found.issues == ()
    coverage = found.dataset.package["coverage"]
    assert (coverage["kommunenr"].iloc[0], coverage["hub_id"].iloc[0]) == ("1640", "roros")
    about = [note for note in found.notes if "coverage" in note]
    if change is not READ["tabs"] and change is not READ["forty empty columns"]:
        assert len(about) == 1 or change is READ["sep=; above the header"]


def named(text):
    """Write each kommune with the name it had in its row's year."""
    from geo.dataset.package import product  # noqa: PLC0415
    from geo.places.register import Register  # noqa: PLC0415

    names = Register(product()).kommuner(2015)["norwegian_name"]
    return one_by_one(text, "kommunenr", lambda nr: f"{nr} {names[nr]}")


def test_a_number_with_its_name_is_read_where_the_two_agree():
    found = opened(shipped(coverage=named), "nb")
    assert found.issues == ()
    assert sum("navnet stemmer med registeret" in note for note in found.notes) == 1


def test_a_number_with_another_kommunes_name_is_one_problem_and_not_read():
    wrong = opened(shipped(coverage=lambda t: t.replace(",1640,", ",1640 Oslo,", 1)), "nb")
    [issue] = wrong.issues
    assert (issue.file, issue.row, issue.column) == ("coverage.csv", 2, "kommunenr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "column", "write"),
    [
        ("coverage", "kommunenr", lambda nr: f"nr. {nr}"),
        ("coverage", "evidence", lambda _: "sikker"),
        ("coverage", "structure_year", lambda _: "2015-01"),
        ("coverage", "source_ids", lambda _: "S999"),
        ("sources", "published", lambda _: "i fjor"),
    ],
)
def test_a_column_that_is_wrong_throughout_is_one_sentence_with_its_rows(
    table, column, write, language
):
    found = opened(shipped(**{table: lambda t: one_by_one(t, column, write)}), language)
    about = [one for one in found.issues if one.column == column and table in one.file]
    assert len(about) == 1
    assert messages(language)("validate.also", n="#", rows="#").split("#")[0] in about[0].message


def test_statistics_norways_layout_is_one_sentence_that_says_what_to_do():
    if not CASES.is_dir():
        pytest.skip("the cases do not lie beside the project")
    workbook = Dropped("ssb-07459.xlsx", (CASES / "ssb-07459.xlsx").read_bytes())
    found = opened([*shipped(), workbook], "nb")
    [issue] = found.issues
    assert "Statistikkbanken" in issue.message
    assert "kommunenr, year, population" in issue.message


def test_a_sheet_that_is_merely_called_like_a_table_is_left_out_and_told():
    if not CASES.is_dir():
        pytest.skip("the cases do not lie beside the project")
    workbook = Dropped("befolkning-sheet.xlsx", (CASES / "befolkning-sheet.xlsx").read_bytes())
    found = opened([*shipped(), workbook], "nb")
    assert found.issues == ()
    assert any("Befolkning" in note and "ikke brukt" in note for note in found.notes)


@pytest.mark.parametrize("encoding", ["cp1252", "cp865", "mac_roman", "utf-16"])
def test_a_file_in_another_encoding_is_read_with_its_letters_and_told(encoding):
    files = shipped()
    text = next(file for file in files if file.name == "hubs.csv").content.decode()
    rest = [file for file in files if file.name != "hubs.csv"]
    changed = Dropped("hubs.csv", text.replace("–", "-").encode(encoding, errors="replace"))
    found = opened([*rest, changed], "nb")
    assert found.issues == ()
    assert "Rørosregionen Næringshage AS" in set(found.dataset.package["hubs"]["name"])
    assert any(encoding in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "value"),
    [("6 000 000", 6_000_000), ("6\u00a0000\u00a0000", 6_000_000), ("6000000.0", 6_000_000)],
)
def test_amounts_as_people_write_them_are_read_and_told(text, value):
    change = {"projects": lambda t: t.replace(",6000000,", f",{text},", 1)}
    found = opened(shipped(**change), "nb")
    assert found.issues == ()
    assert found.dataset.package["projects"]["grant_nok"].iloc[0] == value
    assert any("grant_nok" in note for note in found.notes)


def test_an_excel_day_is_read_as_a_date():
    found = cleaning.cleaned([["source_id", "published"], ["S1", "42240"]], "sources")
    assert found.rows[1] == ["S1", "2015-08-24"]


def test_rows_above_the_header_do_not_shift_the_rows_that_are_told():
    change = {"coverage": lambda t: "Dekning\n\n" + t.replace(",1640,", ",9999,", 1)}
    [issue] = opened(shipped(**change), "nb").issues
    assert issue.row == 4


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"resources": 3}'])
def test_a_broken_descriptor_is_told_in_the_readers_language(content, tmp_path):
    from geo.validation.validate import validate  # noqa: PLC0415

    shutil.copytree(EXAMPLE, tmp_path / "p")
    (tmp_path / "p" / "datapackage.json").write_bytes(content)
    [norwegian] = validate(tmp_path / "p", "nb")
    [english] = validate(tmp_path / "p", "en")
    assert norwegian.message != english.message
