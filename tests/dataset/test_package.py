"""The package that ships: complete, sourced, and the same file every time."""

import io
import zipfile

import pytest

from geo.dataset import package
from geo.dataset.package import split_ids
from geo.errors import PackageInvalid
from geo.settings import ROOT

PACKAGE = package.load(ROOT / "data")


def test_the_five_projects_of_the_announcement_have_their_grants():
    grants = PACKAGE["projects"].set_index("project_id")["grant_nok"]
    assert sorted(grants) == [3_500_000, 4_000_000, 6_000_000, 6_000_000, 6_000_000]
    assert grants.sum() == 25_500_000


def test_the_programme_is_as_announced():
    programme = PACKAGE["programmes"].iloc[0]
    assert programme["announced_total_nok"] == 30_000_000
    assert (programme["applications"], programme["projects_funded"]) == (31, 5)
    assert programme["grant_years"] == 3


def test_every_coverage_row_has_evidence_and_a_source_and_assumed_rows_their_assumption():
    coverage = PACKAGE["coverage"]
    assert (coverage["source_ids"] != "").all()
    assert ((coverage["evidence"] == "assumed") == (coverage["assumption_id"] != "")).all()


def test_coverage_of_the_projects_has_the_known_mix_of_evidence():
    mine = PACKAGE["coverage"]["hub_id"].isin(PACKAGE["partners"]["hub_id"])
    counts = PACKAGE["coverage"][mine]["evidence"].value_counts()
    assert counts.to_dict() == {"documented": 11, "inferred": 32, "assumed": 7}


def test_every_source_that_is_cited_is_listed():
    known = set(PACKAGE["sources"]["source_id"])
    for table in PACKAGE.tables.values():
        if "source_ids" in table:
            assert {s for cell in table["source_ids"] for s in split_ids(cell)} <= known


def test_kommune_numbers_keep_their_leading_zeros():
    assert PACKAGE["kommuner"]["kommunenr"].str.fullmatch(r"\d{4}").all()
    assert "0301" in set(PACKAGE["kommuner"]["kommunenr"])


def test_the_archive_is_the_package_as_it_is_and_the_same_every_time():
    content = package.archive(PACKAGE)
    assert content == package.archive(PACKAGE)
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert zipped.read("coverage.csv") == (ROOT / "data" / "coverage.csv").read_bytes()
        assert "datapackage.json" in zipped.namelist()


def test_a_package_without_descriptor_is_refused_with_advice(tmp_path):
    with pytest.raises(PackageInvalid, match=r"datapackage\.json is missing"):
        package.load(tmp_path)


def test_registers_that_a_package_leaves_out_are_the_products_own(tmp_path, small_package):
    small_package(tmp_path)
    assert len(package.load(tmp_path)["kommuner"]) == len(PACKAGE["kommuner"])


def test_a_table_that_is_gone_is_told_without_where_the_server_keeps_it(tmp_path, small_package):
    small_package(tmp_path)
    (tmp_path / "hubs.csv").unlink()
    with pytest.raises(PackageInvalid, match=r"^hubs.csv cannot be read: No such file[^/]*$"):
        package.load(tmp_path)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_assumption_says_what_was_found_for_and_against_and_its_weakest_member(language):
    (assumption,) = PACKAGE["assumptions"].to_dict("records")
    assert "Osen" in assumption[f"assumed_{language}"].rsplit(". ", 1)[-1]
    assert all(source in assumption[f"reasons_{language}"] for source in ("N13", "N20", "N22"))
    assert all(source in assumption[f"against_{language}"] for source in ("S08", "N05", "N06"))
    assert "18" in assumption[f"missing_{language}"]
    assert {"S08", "N05", "N06", "N13", "N20"} <= set(split_ids(assumption["source_ids"]))
