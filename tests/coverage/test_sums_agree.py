"""Map, tables and downloads agree: each sum is computed from all of them."""

import csv
import io
import json

import pytest

from geo import columns as c
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.exports import csv_files
from geo.exports.rows import headings
from geo.places.boundaries import MEMBERS
from geo.report import looks, tables
from geo.report.explain import FIGURES, explain
from geo.webmap import webmap
from tests.views import look_of

VIEWS = [
    View(),
    View(project=("kraftsenter-st",)),
    View(project=("kraftsenter-st",), year=2020, lang="en"),
    View(year=2024),
    View(year=2018, evidence=c.DOCUMENTED),
    View(fylke=("16",)),
    View(hub=("tkk", "halti"), year=2020),
]
COVERED = (c.WHOLE, c.PARTLY)


def parsed(dataset, view, *, full=True):
    """The download, read as a spreadsheet program would."""
    text = csv_files.norwegian(dataset, view, full=full).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def number(text):
    return float(text.replace(",", "."))


@pytest.mark.parametrize("view", VIEWS)
def test_kommuner_agree_between_sums_frame_table_file_and_map(dataset, view):
    found = coverage(dataset, view)
    name = headings(dataset, view.lang)
    states = [row[name["state_code"]] for row in parsed(dataset, view)]
    table = tables.rows(dataset, view)
    counts = [
        found.totals.kommuner,
        int(found.frame[c.STATE].isin(COVERED).sum()),
        int(table[c.STATE].isin(COVERED).sum()),
        sum(state in COVERED for state in states),
        sum(len(shown & set(found.covered.index)) for shown in [on_map(dataset, view)]),
    ]
    assert len(set(counts)) == 1, counts


def on_map(dataset, view):
    """The kommuner on the shapes that the map's payload draws as covered."""
    members = dataset.boundaries(view.year).shapes[MEMBERS]
    return {nr for shape_id in drawn_as_covered(dataset, view) for nr in members[shape_id]}


def drawn_as_covered(dataset, view):
    """The ids of the shapes that the map's payload draws as covered."""
    payload = json.loads(webmap.payload(dataset, view))
    empty = {look["label"] for look in payload["looks"] if look["fill"] in _empty_fills()}
    looks_of = look_of(payload)
    return {
        shape_id
        for shape_id in dataset.boundaries(view.year).shapes.index
        if payload["looks"][looks_of.get(shape_id, payload["rest"])]["label"] not in empty
    }


@pytest.mark.parametrize("view", VIEWS)
def test_the_map_draws_no_shape_as_covered_that_holds_nobody_covered(dataset, view):
    covered = set(coverage(dataset, view).covered.index)
    # A kommune of 2018 may be drawn on several shapes of 2020, each with other neighbours.
    shapes = dataset.boundaries(view.year).shapes[MEMBERS]
    on_covered = {shape_id for shape_id, members in shapes.items() if covered & set(members)}
    assert drawn_as_covered(dataset, view) == on_covered


@pytest.mark.parametrize("view", VIEWS)
def test_the_legend_counts_every_covered_kommune_once(dataset, view):
    found = coverage(dataset, view)
    payload = json.loads(webmap.payload(dataset, view.but(points=False)))
    names = {str(dataset.project(p)["name"]) for p in dataset.choices.projects}
    counts = [int(e["count"]) for e in payload["legend"] if e["label"] in names]
    assert sum(counts) == found.totals.kommuner


def _empty_fills():
    return {look.fill for look in looks.EMPTY_LOOKS.values()}


@pytest.mark.parametrize("view", VIEWS)
def test_inhabitants_agree_between_sums_frame_table_and_file(dataset, view):
    found = coverage(dataset, view)
    name = headings(dataset, view.lang)
    rows = [r for r in parsed(dataset, view) if r[name["state_code"]] in COVERED]
    people = [
        found.totals.population_covered.value,
        found.frame[c.POPULATION_COVERED].sum(),
        _of_page(dataset, view),
        sum(number(row[name[c.POPULATION_COVERED]]) for row in rows),
    ]
    assert len(set(people)) == 1, people


def _of_page(dataset, view):
    """Add up the covered inhabitants that the page lists."""
    texts = tables.page_columns(dataset, view)[
        tables.headings(dataset, view.lang)[c.POPULATION_COVERED]
    ]
    digits = ("".join(filter(str.isdigit, text)) for text in texts)
    return sum(int(text) for text in digits if text)


@pytest.mark.parametrize("view", VIEWS)
def test_every_state_has_as_many_rows_in_the_file_as_on_the_map(dataset, view):
    counts = tables.state_counts(coverage(dataset, view))
    name = headings(dataset, view.lang)
    states = [row[name["state_code"]] for row in parsed(dataset, view)]
    assert {state: states.count(state) for state in c.STATES} == counts


@pytest.mark.parametrize("view", VIEWS)
def test_the_money_agrees_with_the_people_it_is_divided_by(dataset, view):
    totals = coverage(dataset, view).totals
    grants = dataset.package["projects"].set_index("project_id")
    yearly = sum(grants.loc[p, "grant_nok"] / grants.loc[p, "grant_years"] for p in totals.projects)
    # All grants are of 2015, and so are the numbers that coverage is recorded in.
    everybody = coverage(
        dataset, View(year=2015, project=totals.projects, evidence=view.evidence)
    ).totals.population_covered
    kroner = totals.grant_per_inhabitant_year
    assert kroner.value == pytest.approx(yearly / everybody.value)
    assert kroner.low == pytest.approx(yearly / everybody.high)


@pytest.mark.parametrize("view", VIEWS)
def test_why_this_number_gives_the_number(dataset, view):
    totals = coverage(dataset, view).totals
    found = {figure: explain(dataset, view, figure) for figure in FIGURES}
    assert len(found["kommuner"].rows) == totals.kommuner
    assert len(found["fylker"].rows) == len(totals.fylker)
    assert len(found[c.POPULATION_COVERED].rows) == totals.kommuner
    assert all(why.value and why.method for why in found.values())
    assert all(why.sources for why in found.values())


@pytest.mark.parametrize(
    ("state", "symbol"),
    [(c.NOT_COVERED, "-"), (c.NO_SOURCE, ".."), (c.DID_NOT_EXIST, "."), (c.OUTSIDE_VIEW, "x")],
)
def test_each_kind_of_empty_has_its_own_symbol_in_the_file(dataset, state, symbol):
    view = View(project=("kraftsenter-st",), year=2020)
    name = headings(dataset, view.lang)
    rows = [r for r in parsed(dataset, view) if r[name["state_code"]] == state]
    assert rows
    assert {row[name["symbol"]] for row in rows} == {symbol}
    assert {row[name[c.POPULATION_COVERED]] for row in rows} == {symbol}


def test_the_file_opens_in_norwegian_excel(dataset):
    content = csv_files.norwegian(dataset, View(), full=True)
    assert content.startswith(b"\xef\xbb\xbf")
    first = content.decode("utf-8-sig").splitlines()[0]
    assert first.startswith("Kommunenummer;Kommune;")
    row = next(r for r in parsed(dataset, View()) if r["Kommunenummer"] == "0432")
    assert row["Kroner per innbygger og år"] == "20,9319"


def test_shown_and_full_files_differ_only_by_what_is_outside_the_view(dataset):
    view = View(fylke=("16",))
    name = headings(dataset, view.lang)
    full = parsed(dataset, view)
    shown = parsed(dataset, view, full=False)
    assert len(shown) == 25
    assert shown == [r for r in full if r[name["state_code"]] != c.OUTSIDE_VIEW]


def test_table_text_uses_the_language_of_the_view(dataset):
    norwegian = tables.page_rows(dataset, View())
    english = tables.page_rows(dataset, View(lang="en"))
    assert norwegian["Dekkede innbyggere"].iloc[0].strip(tables.FIGURE_SPACE) == "2\u00a0418"
    assert english["Inhabitants covered"].iloc[0].strip(tables.FIGURE_SPACE) == "2,418"
