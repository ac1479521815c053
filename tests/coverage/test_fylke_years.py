"""A county filter survives a change of structure year."""

import pytest

from geo.coverage.fylke_years import carried


@pytest.mark.parametrize(
    ("numbers", "from_year", "to_year", "expected"),
    [
        (("16",), 2015, 2018, ("50",)),
        (("16", "15"), 2015, 2020, ("15", "50")),
        (("19",), 2015, 2024, ("55",)),
        (("30",), 2020, 2024, ("31", "32", "33")),
        (("31",), 2024, 2015, ("01",)),
        (("50",), 2020, 2015, ("16", "17")),
        (("11",), 2015, 2024, ("11",)),
        ((), 2015, 2020, ()),
    ],
)
def test_counties_follow_their_mergers_and_splits(dataset, numbers, from_year, to_year, expected):
    assert carried(dataset, numbers, from_year, to_year) == expected


def test_every_county_of_a_year_becomes_some_county_of_every_other(dataset):
    for year in dataset.choices.years:
        for other in dataset.choices.years:
            assert all(carried(dataset, (nr,), year, other) for nr in dataset.choices.fylker[year])
