"""Every mistake is told with file, row, column, value and what to do; nothing crashes."""

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from geo.dataset import package
from geo.dataset.storage import Folder
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.uploads.intake import examined
from geo.validation import schema_checks
from geo.validation.validate import examine, validate


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


def issues_of(folder, language="en"):
    return [str(issue) for issue in validate(folder, language)]


def test_the_shipped_package_is_in_order():
    assert validate(ROOT / "data") == []


def test_a_lost_leading_zero_names_file_row_column_and_the_kommune_meant(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    issues = validate(copy)
    hit = next(p for p in issues if "Rendalen" in p.message)
    assert (hit.file, hit.column, hit.value) == ("coverage.csv", "kommunenr", "432")
    assert hit.row == 4
    assert '"0432" (Rendalen)' in hit.message


def test_a_kommune_number_of_another_year_is_told_what_it_was(copy):
    change(copy, "coverage.csv", "orkdal,1636,2015", "orkdal,5059,2015")
    assert any('"5059" is not a kommune in 2015' in p and "Orkland" in p for p in issues_of(copy))


@pytest.mark.parametrize("file", ["coverage.csv", "claims.csv"])
def test_a_year_without_a_register_is_told_once_with_the_years_there_are(copy, file):
    lines = (copy / file).read_text("utf-8").splitlines()
    place = lines[0].split(",").index("structure_year")
    rows = list(csv.reader(lines))
    number, row = next((n, r) for n, r in enumerate(rows[1:], start=2) if r[place])
    row[place] = "2099"
    with (copy / file).open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(rows)
    about = [
        line for line in issues_of(copy) if line.startswith(f"{file}, row {number}, structure_year")
    ]
    assert len(about) == 1
    assert "2013" in about[0]
    assert "2024" in about[0]


@pytest.mark.parametrize("name", ["Os", "Bø", "Nes", "Herøy", "Sande", "Våler"])
def test_a_name_that_two_kommuner_share_lists_both(copy, name):
    change(copy, "coverage.csv", "roros,0441,", f"roros,{name},")
    hit = next(p for p in issues_of(copy) if f'More than one kommune is called "{name}"' in p)
    assert hit.count("(") >= 2


def test_windows_1252_is_told_with_row_and_advice(copy):
    path = copy / "hubs.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    hit = next(p for p in validate(copy) if "Windows-1252" in p.message)
    assert hit.file == "hubs.csv"
    assert hit.row == 2


def test_semicolons_are_told_as_norwegian_excels(copy):
    change(copy, "partners.csv", ",", ";", count=-1)
    assert any("partners.csv" in p and "semicolons" in p for p in issues_of(copy))


def test_a_bom_is_told(copy):
    path = copy / "partners.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert any("partners.csv" in p and "BOM" in p for p in issues_of(copy))


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
    assert any(f"row {len(lines) + 1}" in p and "same as row 2" in p for p in issues_of(copy))


def test_a_hub_outside_its_kommune_is_told_how_far(copy):
    change(copy, "hubs.csv", ",11.384,62.575,", ",10.4,63.43,")
    assert any("hubs.csv, row 2, lon" in p and "km from Røros" in p for p in issues_of(copy))


def test_a_hub_of_a_project_needs_a_point(copy):
    change(copy, "hubs.csv", ",11.384,62.575,", ",,,")
    assert any("has no point" in p for p in issues_of(copy))


def test_an_assumed_row_without_assumption_is_told(copy):
    change(copy, "coverage.csv", "assumed,,A1,", "assumed,,,")
    assert any("assumption_id" in p and "must name the assumption" in p for p in issues_of(copy))


def test_an_unknown_source_is_told(copy):
    change(copy, "coverage.csv", "S06", "S99")
    assert any('source "S99"' in p for p in issues_of(copy))


def test_a_table_that_ships_is_checked_again_where_one_that_it_refers_to_was_changed(copy):
    """Schemas of shipped tables are checked once, which must not hide what others break."""
    assert validate(ROOT / "data") == []
    change(copy, "hubs.csv", "\nroros,", "\nroros-og-omegn,")
    files = {issue.file for issue in validate(copy) if issue.value == "roros"}
    assert files >= {"partners.csv", "coverage.csv"}


def test_a_shipped_table_that_was_deleted_meanwhile_is_not_held_to_be_in_order(copy, monkeypatch):
    on_disk = replace(package.product(), files=Folder(copy))
    monkeypatch.setattr(schema_checks, "product", lambda: on_disk)
    (copy / "hubs.csv").unlink()
    found = schema_checks._in_order.__wrapped__()
    assert "hubs" not in found
    assert {"kommuner", "sources"} <= found


def test_a_table_that_ships_under_another_schema_is_another_table(copy):
    descriptor = json.loads((copy / "datapackage.json").read_text("utf-8"))
    (table,) = [r for r in descriptor["resources"] if r["name"] == "partners"]
    table["schema"]["primaryKey"] = ["project_id"]  # which has several hubs
    (copy / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert any(issue.file == table["path"] for issue in validate(copy))


def test_a_grant_that_disagrees_with_an_unexplained_claim_is_told(copy):
    change(copy, "projects.csv", ",3500000,", ",3600000,")
    assert any("claims.csv" in p and "deviations.csv" in p for p in issues_of(copy))


def test_all_problems_come_in_one_report_sorted_by_file_and_row(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    change(copy, "coverage.csv", "S08", "S98")
    change(copy, "hubs.csv", ",11.384,", ',"11,384",')
    found = [(p.file, p.row or 0) for p in validate(copy)]
    assert found == sorted(found)
    assert {"coverage.csv", "hubs.csv"} <= {file for file, _ in found}


def test_norwegian_gets_the_same_problems_in_norwegian(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    assert any("et regneark kan ha fjernet nullen" in p for p in issues_of(copy, "nb"))


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
    assert any("not text" in p for p in issues_of(copy))


def test_a_path_outside_the_package_is_refused(copy):
    descriptor = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["path"] = "../secret.csv"
    (copy / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (copy.parent / "secret.csv").write_text("a,b\n", encoding="utf-8")
    assert any("points outside the folder" in p for p in issues_of(copy))


def test_a_package_that_leaves_the_registers_out_is_checked_against_the_products_own(
    tmp_path, small_package
):
    small_package(tmp_path)
    assert issues_of(tmp_path) == []
    change(tmp_path, "coverage.csv", "0301", "301")
    assert any('try "0301" (Oslo)' in p for p in issues_of(tmp_path))


def test_the_command_exits_with_1_and_prints_the_problem(copy):
    change(copy, "coverage.csv", "roros,0432,", "roros,432,")
    command = [sys.executable, "-m", "geo", "validate", str(copy)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "coverage.csv, row 4, kommunenr" in done.stdout
    assert "Traceback" not in done.stderr


# -- points, numbers and days ----------------------------------------------------------------


def one(folder, file, row, columns):
    """Return the only problem of a package, which must be of this cell."""
    [issue] = validate(folder)
    assert (issue.file, issue.row, issue.column) == (file, row, columns)
    return issue.message


def test_a_hub_in_metres_is_told_with_its_coordinate_system(copy):
    change(copy, "hubs.csv", ",11.384,62.575,", ",312000,6945000,")
    message = one(copy, "hubs.csv", 2, "lon, lat")
    assert "look like metres in EPSG:25833: 312000, 6945000" in message
    assert "columns x and y" in message


@pytest.mark.parametrize(
    ("lon", "lat", "columns", "words"),
    [
        ("11.384", "91", "lon, lat", "no place in Norway"),
        ("11.384", "695.49", "lon, lat", "no place in Norway"),
        ("62.575", "11.384", "lon, lat", "swapped"),
        ("nan", "62.575", "lon", "not a number"),
        ("11.384", "inf", "lat", "not a number"),
        ("1e400", "62.575", "lon", "not a number"),
        ("1" * 5000, "62.575", "lon", "not a number"),
        ("", "62.575", "lon, lat", "only half there"),
        ("6945000", "312000", "lon, lat", "look like metres"),
    ],
)
def test_a_point_that_cannot_be_gets_one_sentence(copy, lon, lat, columns, words):
    change(copy, "hubs.csv", ",11.384,62.575,", f",{lon},{lat},")
    assert words in one(copy, "hubs.csv", 2, columns)


def with_metres(folder, east, north, lon="", lat=""):
    """Give the hubs columns x and y, and the first hub a point in them."""
    path = folder / "hubs.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    first = first.replace(",11.384,62.575,", f",{lon},{lat},") + f",{east},{north}"
    lines = [f"{header},x,y", first, *(f"{line},," for line in rest)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    about = folder / "datapackage.json"
    descriptor = json.loads(about.read_text(encoding="utf-8"))
    hubs = next(r for r in descriptor["resources"] if r["name"] == "hubs")
    hubs["schema"]["fields"] += [{"name": "x", "type": "number"}, {"name": "y", "type": "number"}]
    about.write_text(json.dumps(descriptor), encoding="utf-8")


def test_points_in_utm_33_are_accepted_in_columns_of_their_own(copy):
    with_metres(copy, "314200", "6943700")
    assert validate(copy) == []
    hub = package.load(copy)["hubs"].set_index("hub_id").loc["roros"]
    assert (hub["lon"], hub["lat"]) == pytest.approx((11.384, 62.575), abs=0.05)


@pytest.mark.parametrize(
    ("numbers", "columns", "words"),
    [
        (("314200", ""), "x, y", "only half there"),
        (("6943700", "314200"), "x, y", "no place in Norway in EPSG:25833"),
        (("314200", "nan"), "y", "not a number"),
        (("314200", "6943700", "11.384", "62.575"), "lon, lat, x, y", "both in degrees"),
        (("14200", "6943700"), "x, y", "km from Røros"),
    ],
)
def test_metres_that_cannot_be_get_one_sentence(copy, numbers, columns, words):
    with_metres(copy, *numbers)
    assert words in one(copy, "hubs.csv", 2, columns)


@pytest.mark.parametrize(
    ("file", "old", "new", "column"),
    [
        ("projects.csv", ",6000000,", ",6_000_000,", "grant_nok"),
        ("projects.csv", ",6000000,", ",٦٠٠٠٠٠٠,", "grant_nok"),
        ("projects.csv", ",6000000,", ",-6000000,", "grant_nok"),
        ("programmes.csv", ",2015,", ",9223372036854775808,", "year_from"),
        ("programmes.csv", ",2015,", ",99999,", "year_from"),
        ("programmes.csv", ",31,", ",-31,", "applications"),
        ("coverage.csv", ",2015,", f",{'9' * 5000},", "structure_year"),
        ("coverage.csv", ",2015,", ",٢٠١٥,", "structure_year"),
        ("claims.csv", ",6000000,", ",nan,", "value"),
        ("claims.csv", ",31,", ",-31,", "value"),
        ("claims.csv", ",grant,", ",grannt,", "metric"),
        ("claims.csv", ",2015,16,", ",2015,97,", "fylkesnr"),
        ("sources.csv", "2015-08-24", "2015-02-30", "published"),
        ("kommune_changes.csv", "2017-01-01", "2017-02-30", "date"),
        ("split_people.csv", "2020-01-01,1850,1806,", "2021-01-01,1850,1806,", "to_kommunenr"),
        ("split_people.csv", "5012,5055,202,", "5012,5054,202,", "to_kommunenr"),
        ("split_people.csv", ",0.4498,", ",0.7498,", "people_share"),
        ("split_people.csv", ",0.4498,", ",0.1498,", "people_share"),
        ("split_people.csv", "888,0.4652,delomraader", "888,0.4652,guessed", "method"),
        ("split_people.csv", ",0.086,", ",1.086,", "people_share"),
        ("split_people.csv", ",998,", ",-998,", "people"),
        ("kommune_centres.csv", "2015,0101,", "2015,0199,", "kommunenr"),
        ("kommune_centres.csv", ",11.388,59.125,", ",59.125,11.388,", "lon, lat"),
        ("kommune_centres.csv", ",Halden,settlement,", ",Halden,guess,", "method"),
    ],
)
def test_a_number_year_day_or_code_that_cannot_be_gets_one_sentence(copy, file, old, new, column):
    change(copy, file, old, new)
    [issue] = [p for p in validate(copy) if p.file == file]
    assert issue.column == column
    assert len(issue.message) < 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_of_a_schema_is_in_the_words_of_the_checker(copy, language):
    change(copy, "projects.csv", ",6000000,", ",-6000000,")
    change(copy, "partners.csv", ",partner,", ",boss,")
    change(copy, "hubs.csv", "roros,", "tkk,")
    change(
        copy,
        "coverage.csv",
        "roros,1640,2015,documented,2014,,S06",
        "roros,1640,2015,documented,2014,,",
    )
    messages = [issue.message for issue in validate(copy, language)]
    assert len(messages) >= 4
    assert [m for m in messages if "constraint" in m or "position" in m or "primary key" in m] == []


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u200b", "\ufeff", "\t"])
def test_spaces_around_names_and_values_are_read_and_told(copy, space):
    change(copy, "coverage.csv", "hub_id,kommunenr,", f"hub_id,kommunenr{space},")
    change(copy, "coverage.csv", "\nroros,1640,", f"\n{space}roros,1640{space},")
    report = examine(copy)
    assert report.issues == ()
    notes = [str(note) for note in report.notes]
    assert any("coverage.csv, row 1, kommunenr" in text for text in notes)
    assert any("coverage.csv, row 2, hub_id" in text for text in notes)
    table = package.load(copy)["coverage"]
    assert list(table.columns[:2]) == ["hub_id", "kommunenr"]
    assert tuple(table.loc[0, ["hub_id", "kommunenr"]]) == ("roros", "1640")


def broken_off(folder, **changes):
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for name, change_it in changes.items():
        descriptor[name] = change_it(descriptor.get(name))
    path.write_text(json.dumps(descriptor), encoding="utf-8")


DESCRIPTORS = {
    "an entry that is text": {"resources": lambda r: [*r, "x"]},
    "an entry that is a list": {"resources": lambda r: [*r, [1]]},
    "a path with NUL": {"resources": lambda r: [*r, {"name": "y", "path": "a\x00b"}]},
    "a path with a surrogate": {"resources": lambda r: [*r, {"name": "y", "path": "a\ud800"}]},
    "an endless path": {"resources": lambda r: [*r, {"name": "y", "path": "a" * 100_000}]},
    "a path that is a number": {"resources": lambda r: [*r, {"name": "y", "path": 3}]},
    "no name": {"resources": lambda r: [*r, {"path": "hubs.csv"}]},
    "a table twice": {"resources": lambda r: [*r, r[0]]},
    "a field without name": {
        "resources": lambda r: [{**r[0], "schema": {"fields": [{"type": "string"}]}}, *r[1:]]
    },
    "fields that are words": {"resources": lambda r: [{**r[0], "schema": {"fields": "x"}}, *r[1:]]},
    "a schema that is a word": {"resources": lambda r: [{**r[0], "schema": "x"}, *r[1:]]},
    "a package without name": {"name": lambda _: None},
    "a day that is none": {"created": lambda _: "i går"},
    "limits that are numbers": {"limits": lambda _: {"nb": [1]}},
    "limits that are a list": {"limits": lambda _: ["x"]},
    "registers to a word": {"registers_to": lambda _: "always"},
}


@pytest.mark.parametrize("changes", DESCRIPTORS.values(), ids=DESCRIPTORS.keys())
def test_a_descriptor_with_a_bad_entry_is_told_and_does_not_load(copy, changes):
    broken_off(copy, **changes)
    issues = validate(copy)
    assert issues
    assert any(issue.file == "datapackage.json" for issue in issues)


def test_a_day_of_the_data_that_is_none_is_told_with_its_key(copy):
    path = copy / "datapackage.json"
    described = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(described | {"created": "i går"}), encoding="utf-8")
    [hit] = [p for p in validate(copy) if "is not a day" in p.message]
    assert (hit.file, hit.column, hit.value) == ("datapackage.json", "created", "i går")


def test_a_field_without_type_holds_text(copy):
    def without_types(resources):
        for field in resources[1]["schema"]["fields"]:
            field.pop("type")
        return resources

    broken_off(copy, resources=without_types)
    assert validate(copy) == []
    assert package.load(copy)["projects"]["grant_nok"].sum() == 25_500_000


def test_a_view_that_cannot_be_made_is_told_by_validate(copy, monkeypatch):
    def fail(*_arguments):
        raise KeyError("1640")

    monkeypatch.setattr("geo.uploads.trial.coverage", fail)
    [issue] = examined(copy).issues
    assert "cannot be made" in issue.message
    assert "2015" in issue.message


@pytest.mark.parametrize("language", LANGUAGES)
def test_years_of_sources_in_another_form_are_told_with_row_and_column(copy, language):
    change(copy, "coverage.csv", "documented,2014,", "documented,juni 2014,")
    hit = next(p for p in validate(copy, language) if "juni 2014" in p.message)
    assert (hit.file, hit.row, hit.column) == ("coverage.csv", 2, "stated_years")
    assert "2014 plan|2015-2017|2020" in hit.message


@pytest.mark.parametrize("years", ["2013", "2018", "2015 plan", "2015 count|2020", "2014 region"])
def test_a_documented_row_needs_a_year_of_the_programmes_time(copy, years):
    change(copy, "coverage.csv", "documented,2014,", f"documented,{years},")
    hit = next(p for p in validate(copy) if p.column == "stated_years")
    assert (hit.file, hit.row, hit.value) == ("coverage.csv", 2, years)
    assert "2014–2017" in hit.message


@pytest.mark.parametrize("years", ["", "2015 seat|2020", "2010-2014"])
def test_a_documented_row_may_state_no_years_a_seat_or_a_span_that_meets_them(copy, years):
    change(copy, "coverage.csv", "documented,2014,", f"documented,{years},")
    assert validate(copy) == []


def test_the_years_a_source_must_speak_of_follow_from_the_package(copy):
    change(copy, "programmes.csv", ",2015,,30000000,3,", ",2015,2020,30000000,3,")
    change(copy, "coverage.csv", "documented,2014,", "documented,2020,")
    assert validate(copy) == []


def test_a_package_without_the_years_of_its_sources_is_in_order(copy):
    path = copy / "coverage.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    described = json.loads((copy / "datapackage.json").read_text("utf-8"))
    fields = next(r for r in described["resources"] if r["name"] == "coverage")["schema"]["fields"]
    fields[:] = [f for f in fields if f["name"] != "stated_years"]
    (copy / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as target:
        names = [f["name"] for f in fields]
        writer = csv.DictWriter(target, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert validate(copy) == []
    assert set(package.load(copy)["coverage"]["stated_years"]) == {""}


@pytest.mark.parametrize(
    ("changed", "place", "said"),
    [
        (
            ("other_hubs.csv", "\nfi,", "\nroros,"), (2, "hub_id", "roros"),
            "“roros” is in hubs too",
        ),
        (
            ("hub_years.csv", "\nroros,2015,", "\nrøros,2015,"), (2, "hub_id", "røros"),
            "“røros” is neither in hubs nor in other_hubs",
        ),
        (
            ("hub_years.csv", "roros,2015,yes,documented,", "roros,2015,yes,,"),
            (2, "evidence", ""), "“yes” needs evidence",
        ),
    ],
)  # fmt: skip
def test_hubs_of_the_country_and_their_years_are_told_with_file_row_and_column(
    copy, changed, place, said
):
    change(copy, *changed)
    [hit] = [p for p in validate(copy) if said in p.message]
    assert (hit.file, hit.row, hit.column, hit.value) == (changed[0], *place)


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("2017-01-01,0720,0704,", "2016-01-01,0720,0704,", (2, "to_kommunenr", "0704"),
         "No part of 0720 went to 0704 on 2016-01-01"),
        (",435,0.4498,", ",435,0.9,", (17, "people_share", "0.9"), "must sum to 1"),
    ],
)  # fmt: skip
def test_people_who_went_nowhere_are_told_with_file_row_and_column(copy, old, new, place, said):
    change(copy, "split_people.csv", old, new)
    [hit] = [p for p in validate(copy) if said in p.message]
    assert (hit.file, hit.row, hit.column, hit.value) == ("split_people.csv", *place)
