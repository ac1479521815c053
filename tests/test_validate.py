"""Every mistake is told with file, row, column, value and what to do; nothing crashes."""

import json
import shutil
import subprocess
import sys

import pytest

from geo.settings import ROOT
from geo.validate import validate


@pytest.fixture
def copy(tmp_path):
    """A copy of the shipped package to break."""
    folder = tmp_path / "package"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("boundaries"))
    return folder


def change(folder, file, old, new, count=1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def told(folder, language="en"):
    return [str(problem) for problem in validate(folder, language)]


def test_the_shipped_package_is_in_order():
    assert validate(ROOT / "data") == []


def test_a_lost_leading_zero_names_file_row_column_and_the_kommune_meant(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    problems = validate(copy)
    hit = next(p for p in problems if "Rendalen" in p.message)
    assert (hit.file, hit.column, hit.value) == ("coverage.csv", "kommunenr", "432")
    assert hit.row == 4
    assert '"0432" (Rendalen)' in hit.message


def test_a_kommune_number_of_another_year_is_told_what_it_was(copy):
    change(copy, "coverage.csv", "orkdal,1636,2015", "orkdal,5059,2015")
    assert any('"5059" is not a kommune in 2015' in p and "Orkland" in p for p in told(copy))


@pytest.mark.parametrize("name", ["Os", "Bø", "Nes", "Herøy", "Sande", "Våler"])
def test_a_name_that_two_kommuner_share_lists_both(copy, name):
    change(copy, "coverage.csv", "roros,0441,", f"roros,{name},")
    hit = next(p for p in told(copy) if f'More than one kommune is called "{name}"' in p)
    assert hit.count("(") >= 2


def test_windows_1252_is_told_with_row_and_advice(copy):
    path = copy / "hubs.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    hit = next(p for p in validate(copy) if "Windows-1252" in p.message)
    assert hit.file == "hubs.csv"
    assert hit.row == 2


def test_semicolons_are_told_as_norwegian_excels(copy):
    change(copy, "partners.csv", ",", ";", count=-1)
    assert any("partners.csv" in p and "semicolons" in p for p in told(copy))


def test_a_bom_is_told(copy):
    path = copy / "partners.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert any("partners.csv" in p and "BOM" in p for p in told(copy))


def test_a_decimal_comma_is_told(copy):
    change(copy, "hubs.csv", ",11.384,", ',"11,384",')
    hit = next(p for p in validate(copy) if "decimal comma" in p.message)
    assert (hit.file, hit.row, hit.column, hit.value) == ("hubs.csv", 2, "lon", "11,384")


def test_trailing_blank_rows_are_told_with_their_number(copy):
    path = copy / "partners.csv"
    rows = path.read_text(encoding="utf-8").count("\n")
    path.write_text(path.read_text(encoding="utf-8") + ",,,,,,\n\n", encoding="utf-8")
    hits = [p for p in validate(copy) if "empty row at the end" in p.message]
    assert [p.row for p in hits] == [rows + 1, rows + 2]


def test_a_duplicated_row_names_the_row_it_repeats(copy):
    path = copy / "coverage.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    assert any(f"row {len(lines) + 1}" in p and "same as row 2" in p for p in told(copy))


def test_a_hub_outside_its_kommune_is_told_how_far(copy):
    change(copy, "hubs.csv", ",11.384,62.575,", ",10.4,63.43,")
    assert any("hubs.csv, row 2, lon" in p and "km from Røros" in p for p in told(copy))


def test_a_hub_of_a_project_needs_a_point(copy):
    change(copy, "hubs.csv", ",11.384,62.575,", ",,,")
    assert any("has no point" in p for p in told(copy))


def test_an_assumed_row_without_assumption_is_told(copy):
    change(copy, "coverage.csv", "assumed,A1,", "assumed,,")
    assert any("assumption_id" in p and "must name the assumption" in p for p in told(copy))


def test_an_unknown_source_is_told(copy):
    change(copy, "coverage.csv", "S06", "S99")
    assert any('source "S99"' in p for p in told(copy))


def test_a_grant_that_disagrees_with_an_unexplained_claim_is_told(copy):
    change(copy, "projects.csv", ",3500000,", ",3600000,")
    assert any("claims.csv" in p and "deviations.csv" in p for p in told(copy))


def test_all_problems_come_in_one_report_sorted_by_file_and_row(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    change(copy, "coverage.csv", "S08", "S98")
    change(copy, "hubs.csv", ",11.384,", ',"11,384",')
    found = [(p.file, p.row or 0) for p in validate(copy)]
    assert found == sorted(found)
    assert {"coverage.csv", "hubs.csv"} <= {file for file, _ in found}


def test_norwegian_gets_the_same_problems_in_norwegian(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    assert any("et regneark kan ha fjernet nullen" in p for p in told(copy, "nb"))


@pytest.mark.parametrize(
    "descriptor",
    [
        "",
        "{",
        "[]",
        '{"resources": 3}',
        '{"resources": [1, null, {}]}',
        '{"resources": [{"name": "hubs", "path": "../../etc/passwd"}]}',
        '{"resources": [{"name": "x", "path": "hubs.csv", "schema": {"fields": [{"name": 3}]}}]}',
        '{"resources": [{"name": "hubs", "path": "nowhere.csv"}]}',
    ],
)
def test_a_broken_descriptor_gets_a_message_and_never_a_traceback(tmp_path, descriptor):
    (tmp_path / "datapackage.json").write_text(descriptor, encoding="utf-8")
    (tmp_path / "hubs.csv").write_text("hub_id\nx\n", encoding="utf-8")
    assert validate(tmp_path)


def test_a_missing_folder_and_rubbish_get_messages(tmp_path, copy):
    assert validate(tmp_path / "nowhere")
    (copy / "hubs.csv").write_bytes(b"PK\x03\x04\x00\x00rubbish" * 50)
    assert any("not text" in p for p in told(copy))


def test_a_path_outside_the_package_is_refused(copy):
    descriptor = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["path"] = "../secret.csv"
    (copy / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (copy.parent / "secret.csv").write_text("a,b\n", encoding="utf-8")
    assert any("points outside the folder" in p for p in told(copy))


def test_a_package_that_leaves_the_registers_out_is_checked_against_the_products_own(
    tmp_path, small_package
):
    small_package(tmp_path)
    assert told(tmp_path) == []
    change(tmp_path, "coverage.csv", "0301", "301")
    assert any('try "0301" (Oslo)' in p for p in told(tmp_path))


def test_the_command_exits_with_1_and_prints_the_problem(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    command = [sys.executable, "-m", "geo", "validate", str(copy)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "coverage.csv, row 4, kommunenr" in done.stdout
    assert "Traceback" not in done.stderr
