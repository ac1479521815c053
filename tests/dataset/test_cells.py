"""The one reader: what validation lets pass loads, and every view of it can be made."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.columns import CHECKED_METRICS
from geo.coverage import dataset as datasets
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset import cells, package
from geo.dataset.storage import Memory
from geo.errors import PackageInvalid
from geo.report import claims
from geo.validation.validate import examine

NASTY = (
    "6_000_000", "٦٠٠٠", "٢٠١٥", "9223372036854775808", "-9223372036854775809", "nan", "NaN", "inf",
    "-inf", "1e400", "-0", "0x10", "1e3", "+5", "1.0", " 7 ", "\u00a07", "7\u200b", "９", "½",
    "1" * 5000,
    "true", "TRUE", "2015-02-30", "2015-02-28", "99999", "-1", "", "=1+1", '"', "a,b", "\x00", "𝟗",
    "1,5", "None", "NA", "null", "<NA>", "312000", "6945000", "91", "695.49", "Oslo", "301",
    "0301 ",
    "5001", "2024", "2013", "documented ", "assumed", "|", "h|h", "S1|", "\ud7ff", "🦆", "kommuner",
)  # fmt: skip


@pytest.mark.parametrize("text", ["0", "-7", "+7", "2015", "1000000000000000"])
def test_whole_numbers_are_read(text):
    assert cells.integer(text) == int(text)


@pytest.mark.parametrize(
    "text", ["1_0", "٢", "1.0", "", " 1", "1e3", "1" * 17, "10000000000000001"]
)
def test_what_is_not_a_plain_whole_number_is_not_read(text):
    with pytest.raises(cells.NotOfType):
        cells.integer(text)


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e400", "1_0.5", "٢.٥", "1,5", "", "1e16"])
def test_what_is_not_a_finite_number_is_not_read(text):
    with pytest.raises(cells.NotOfType):
        cells.number(text)


@pytest.mark.parametrize("text", ["2015-02-30", "2015-2-3", "20150203", "2015-13-01", "0000-01-01"])
def test_what_no_calendar_has_is_not_a_date(text):
    with pytest.raises(cells.NotOfType):
        cells.value(text, "date")


def test_the_known_metrics_are_those_that_can_be_checked():
    assert tuple(claims.FINDERS) == CHECKED_METRICS


@pytest.fixture(scope="module")
def small(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("small")
    request.getfixturevalue("write_small_package")(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def changed(content: bytes, row: int, column: int, value: str) -> bytes:
    """Return a table with another text in one cell; row 0 is the header."""
    lines = list(csv.reader(io.StringIO(content.decode())))
    lines[row % len(lines)][column % len(lines[0])] = value
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(lines)
    return target.getvalue().encode()


FILES = ("programmes", "projects", "hubs", "partners", "coverage", "sources")


@settings(
    derandomize=True, deadline=None, max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.lists(
        st.tuples(
            st.sampled_from(FILES), st.integers(0, 1), st.integers(0, 20), st.sampled_from(NASTY)
        ),
        min_size=1,
        max_size=2,
    )
)
def test_what_validates_loads_and_every_year_of_it_can_be_shown(small, changes):
    files = dict(small)
    for table, row, column, value in changes:
        files[f"{table}.csv"] = changed(files[f"{table}.csv"], row, column, value)
    report = examine(Memory("changed", files))
    if report.issues:
        assert all(str(issue) for issue in report.issues)
        return
    dataset = datasets.load(Memory("changed", files))
    for year in dataset.choices.years:
        coverage(dataset, View(year=year))


@pytest.mark.parametrize("value", ["6_000_000", "٦٠٠٠٠٠٠", "9223372036854775808", "nan", "1,5"])
def test_what_does_not_validate_does_not_load(small, value):
    files = {
        **small,
        "projects.csv": small["projects.csv"].replace(b",1000000,", f',"{value}",'.encode()),
    }
    assert examine(Memory("changed", files)).issues
    with pytest.raises(PackageInvalid, match=r"projects\.csv, row 2, grant_nok"):
        package.load(Memory("changed", files))
