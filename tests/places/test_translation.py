"""Kommuner that were merged, split and trimmed, in a country of three."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.translation import Translation

AREAS = pd.Series({"0001": 30.0, "0002": 10.0, "0003": 60.0})
COUNTS = {2019: {"0001": 90, "0002": 10, "0003": 50}}
SPLIT_COLUMNS = ["date", "from_kommunenr", "to_kommunenr", "people_share", "method"]
COLUMNS = ["date", "from_kommunenr", "to_kommunenr", "kind", "area_share", "area_km2", "land_of"]


def country(members, *changes, counts=(), people=()):
    """A country whose first year has kommuner 0001 (30 km2), 0002 (10) and 0003 (60).

    In 2019 they have 90, 10 and 50 people; `counts` are those of later years.
    """
    first = min(members)
    counted = [dict(zip(SPLIT_COLUMNS, one, strict=True)) for one in people]
    return Translation(
        {first - 1: list(AREAS.index), **members},
        pd.DataFrame([dict(zip(COLUMNS, one, strict=True)) for one in changes], columns=COLUMNS),
        AREAS,
        {**COUNTS, **dict(counts)},
        pd.DataFrame(counted, columns=SPLIT_COLUMNS),
    )


def change(year, old, new, kind, *, share=None, km2=None, land_of=""):
    return (f"{year}-01-01", old, new, kind, share, km2, land_of)


def links(found, old, new):
    table = found.links(old, new)
    rows = zip(table["from_kommunenr"], table["to_kommunenr"], table["share"], strict=True)
    return {(a, b): round(share, 4) for a, b, share in rows}


MERGED = country(
    {2020: ["0009", "0003"]},
    change(2020, "0001", "0009", "merged"),
    change(2020, "0002", "0009", "merged"),
)
SPLIT = country(
    {2020: ["0002", "0003", "0007", "0008"]},
    change(2020, "0001", "0007", "split", share=0.25),
    change(2020, "0001", "0008", "split", share=0.75),
)
TRIMMED = country(
    {2020: ["0001", "0002", "0003"]},
    change(2020, "0003", "0001", "part-moved", km2=6.0),
)
# Merged in 2020, and parted along the old border two years later.
PARTED = country(
    {2020: ["0003", "0009"], 2021: ["0003", "0009"], 2022: ["0003", "0011", "0012"]},
    change(2020, "0001", "0009", "merged"),
    change(2020, "0002", "0009", "merged"),
    change(2022, "0009", "0011", "split", land_of="0001"),
    change(2022, "0009", "0012", "split", land_of="0002"),
)


def test_a_merger_takes_all_of_both():
    assert links(MERGED, 2019, 2020) == {
        ("0001", "0009"): 1, ("0002", "0009"): 1, ("0003", "0003"): 1,
    }  # fmt: skip


def test_carried_back_a_merger_is_shared_out_by_land():
    assert links(MERGED, 2020, 2019) == {
        ("0003", "0003"): 1, ("0009", "0001"): 0.75, ("0009", "0002"): 0.25,
    }  # fmt: skip


def test_a_split_goes_by_the_published_shares():
    found = links(SPLIT, 2019, 2020)
    assert (found["0001", "0007"], found["0001", "0008"]) == (0.25, 0.75)


def test_a_strip_is_land_that_moved_across_a_border_that_stayed():
    table = TRIMMED.links(2019, 2020).set_index(["from_kommunenr", "to_kommunenr"])
    assert table["share"]["0003", "0001"] == pytest.approx(0.1)
    assert table["strip"].to_dict() == {
        ("0001", "0001"): False, ("0002", "0002"): False,
        ("0003", "0001"): True, ("0003", "0003"): False,
    }  # fmt: skip


def test_what_parts_along_the_old_border_gets_its_own_land_back():
    assert links(PARTED, 2019, 2022) == {
        ("0001", "0011"): 1, ("0002", "0012"): 1, ("0003", "0003"): 1,
    }  # fmt: skip


def test_cells_are_cut_along_the_borders_of_every_year():
    cells = PARTED.cells((2019, 2020), 2022)
    assert cells[["to_kommunenr", 2019, 2020, "m2"]].to_numpy().tolist() == [
        ["0003", "0003", "0003", 60_000_000],
        ["0011", "0001", "0009", 30_000_000],
        ["0012", "0002", "0009", 10_000_000],
    ]


def people(found, old, new):
    table = found.links(old, new)
    rows = zip(table["from_kommunenr"], table["to_kommunenr"], table["people_share"], strict=True)
    return {(a, b): round(share, 4) for a, b, share in rows}


def test_people_go_where_they_were_counted_not_where_the_land_went():
    found = country(
        {2020: ["0002", "0003", "0007", "0008"]},
        change(2020, "0001", "0007", "split", share=0.25),
        change(2020, "0001", "0008", "split", share=0.75),
        people=[
            ("2020-01-01", "0001", "0007", 0.8, "delomraader"),
            ("2020-01-01", "0001", "0008", 0.2, "delomraader"),
        ],
    )
    assert people(found, 2019, 2020)["0001", "0007"] == 0.8
    assert links(found, 2019, 2020)["0001", "0007"] == 0.25
    cells = found.cells((2019,), 2020).set_index("to_kommunenr")
    assert cells["people"]["0007"] == pytest.approx(72)
    assert cells["basis"].to_dict() == {
        "0002": "predecessors", "0003": "predecessors",
        "0007": "delomraader", "0008": "delomraader",
    }  # fmt: skip


def test_where_nobody_counted_people_are_spread_by_land_and_it_says_so():
    assert people(SPLIT, 2019, 2020)["0001", "0007"] == 0.25
    assert set(SPLIT.cells((2019,), 2020).set_index("to_kommunenr")["basis"]["0007":]) == {"area"}


def test_people_of_a_strip_are_a_share_of_the_whole_kommune():
    found = country(
        {2020: ["0001", "0002", "0003"]},
        change(2020, "0003", "0001", "part-moved", km2=6.0),
        people=[("2020-01-01", "0003", "0001", 0.02, "area_of_delomraade")],
    )
    assert people(found, 2019, 2020)["0003", "0001"] == 0.02
    assert links(found, 2019, 2020)["0003", "0001"] == 0.1


def test_chains_of_changes_multiply():
    found = country(
        {
            2020: ["0002", "0003", "0007", "0008"],
            2021: ["0003", "0008", "0009"],
            2022: ["0003", "0008", "0011", "0012"],
        },
        change(2020, "0001", "0007", "split", share=0.5),
        change(2020, "0001", "0008", "split", share=0.5),
        change(2021, "0007", "0009", "merged"),
        change(2021, "0002", "0009", "merged"),
        change(2022, "0009", "0011", "split", share=0.5),
        change(2022, "0009", "0012", "split", share=0.5),
        people=[
            ("2020-01-01", "0001", "0007", 0.8, "delomraader"),
            ("2020-01-01", "0001", "0008", 0.2, "delomraader"),
            ("2022-01-01", "0009", "0011", 0.9, "delomraader"),
            ("2022-01-01", "0009", "0012", 0.1, "delomraader"),
        ],
    )
    assert people(found, 2019, 2022)["0001", "0011"] == pytest.approx(0.8 * 0.9)
    assert people(found, 2019, 2022)["0001", "0012"] == pytest.approx(0.8 * 0.1)


def test_a_years_count_is_shared_as_the_years_before_were():
    found = country(
        {2020: ["0009", "0003"]},
        change(2020, "0001", "0009", "merged"),
        change(2020, "0002", "0009", "merged"),
        counts={2020: {"0009": 200, "0003": 50}},
    )
    cells = found.cells((2019,), 2020)
    assert cells[cells["to_kommunenr"] == "0009"]["people"].to_list() == pytest.approx([180, 20])


countries = st.sampled_from([MERGED, SPLIT, TRIMMED, PARTED])


@given(found=countries, years=st.tuples(*[st.sampled_from([2019, 2020])] * 2))
def test_all_land_of_every_kommune_goes_somewhere(found, years):
    shares = found.links(*years).groupby("from_kommunenr")["share"].sum()
    assert shares.to_list() == pytest.approx([1] * len(shares))


@given(share=st.floats(0.01, 0.99))
def test_a_split_and_its_rest_make_the_whole(share):
    found = country(
        {2020: ["0002", "0003", "0007", "0008"]},
        change(2020, "0001", "0007", "split", share=share),
        change(2020, "0001", "0008", "split", share=1 - share),
    )
    parts = found.links(2019, 2020).set_index("to_kommunenr")["share"]
    assert parts["0007"] == pytest.approx(share)
    assert found.cells((), 2020)["m2"].sum() == pytest.approx(100_000_000, abs=2)
