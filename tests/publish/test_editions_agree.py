"""Python and JavaScript agree, and nothing falls over, on packages that nobody wrote.

The dashboard's engine and the public edition's (in Node, without a browser) are given the same
generated programmes, and every text, figure, row and look of theirs is compared. The same
programmes go through every table, export, answer of the API and page. `make fuzz` does it with
many more of them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo import columns as c
from geo.api.parameters import Asked
from geo.api.resources import RESOURCES, body
from geo.coverage import counties
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage, totals_of
from geo.coverage.totals import Totals
from geo.coverage.view import COLOURS, Ignored, View, from_query, to_query
from geo.dataset.storage import Memory
from geo.drawings import timeline_svg
from geo.drawings.county_bars import county_list, covered_list, people_bar, uncovered_list
from geo.drawings.dress import packed
from geo.drawings.side_by_side import articles
from geo.drawings.timeline import timeline
from geo.exports.formats import FORMATS
from geo.places.register import Register
from geo.report import display_tables, projects, tables
from geo.report.citations import citation, embed, sentence
from geo.report.claims import Check
from geo.report.claims import check as check_claims
from geo.report.explain import FIGURES, explain
from geo.report.figures import key_figures, main_figures
from geo.report.story import story
from geo.report.story_text import sentences
from geo.report.titles import headline, kicker, lead, source_line, summary, title
from geo.server import startup
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.text.numbers import millions, number, percent
from geo.validation.validate import validate
from geo.webmap import webmap
from tests import generated, published
from tests.coverage.test_coverage import served_in
from tests.edition import Edition, running
from tests.views import some_views


def often(examples: int) -> settings:
    """So many packages in the suite, the same each time; many more, and others, in `make fuzz`."""
    return settings(
        max_examples=examples * generated.TIMES,
        deadline=None,
        derandomize=generated.TIMES == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )


@pytest.fixture(scope="module")
def edition() -> Iterator[Edition]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def programmes(dataset: Dataset) -> st.SearchStrategy:
    return generated.packages(generated.land_of(dataset))


# -- the same words and figures ------------------------------------------------------------------


def agree(dataset: Dataset, edition: Edition, view: View) -> None:
    """Compare everything that both editions say, count and draw of a view."""
    answer = edition.tell(view)
    found = coverage(dataset, view)
    assert answer["title"] == title(dataset, found, view)
    assert answer["kicker"] == kicker(dataset, found, view)
    assert answer["headline"] == headline(found, view)
    assert answer["lead"] == lead(dataset, found, view)
    assert answer["mainFigures"] == [
        {"title": figure.title, "value": figure.value, "detail": figure.detail}
        for figure in main_figures(dataset, view)
    ]
    assert answer["summary"] == summary(dataset, found, view)
    assert answer["source"] == source_line(dataset, view)
    assert answer["figures"] == [
        {
            **vars(figure),
            "method": explain(dataset, view, figure.figure).method,
        }
        for figure in key_figures(dataset, view)
    ]  # fmt: skip
    listed = tables.page_rows(dataset, view).map(lambda text: text.strip(tables.FIGURE_SPACE))
    assert answer["table"] == listed.to_numpy().tolist()
    assert answer["gone"] == [[nr, label] for nr, label in found.gone[c.LABEL].items()]
    _same_frame(answer["frame"], found.frame)
    _same_map(answer["map"], json.loads(webmap.payload(dataset, view)))
    _same_totals(answer["totals"], found.totals)
    query = to_query(view, dataset.choices.default_year)
    assert answer["query"].replace("%2C", ",") == urlencode(query, safe=",")
    assert answer["again"]["view"] == json.loads(json.dumps(vars(view)))
    assert answer["again"]["ignored"] == []


def _same_frame(rows: list[list[object]], frame: pd.DataFrame) -> None:
    money = frame[c.GRANT_PER_INHABITANT_YEAR].fillna(0)
    expected = zip(frame.index, frame[c.STATE], frame[c.POPULATION_COVERED], strict=True)
    assert [row[:3] for row in rows] == [list(row) for row in expected]
    assert [row[3] for row in rows] == pytest.approx(money.to_list())


def _same_map(shown: dict[str, object], expected: dict[str, object]) -> None:
    # An id and the ground are the page's own; `focus` is compared with nothing but itself.
    for apart in ("id", "focus", "ground"):
        shown.pop(apart, None)
        expected.pop(apart)
    assert shown == expected


def _same_totals(answer: dict[str, object], totals: Totals) -> None:
    def ends(figure: object) -> object:
        found = {"value": figure.value, "low": figure.low, "high": figure.high}
        return pytest.approx(found)

    assert answer["kommuner"] == totals.kommuner
    assert (answer["whole"], answer["partly"]) == (totals.whole, totals.partly)
    assert {n: k for n, k in totals.by_evidence.items() if k} == answer["byEvidence"]
    assert answer["kommunerByFylke"] == totals.kommuner_by_fylke
    assert answer["kommunerRange"] == ends(totals.kommuner_range)
    assert answer["fylkerRange"] == ends(totals.fylker_range)
    assert answer["byFylkeRange"].keys() == totals.by_fylke_range.keys()
    for fylke, figure in totals.by_fylke_range.items():
        assert answer["byFylkeRange"][fylke] == ends(figure)
    assert answer["populationByEvidence"] == totals.population_by_evidence
    assert answer["grantByEvidence"].keys() == totals.grant_by_evidence.keys()
    for level, kroner in totals.grant_by_evidence.items():
        assert answer["grantByEvidence"][level] == pytest.approx(kroner)
    assert answer["grantPeopleYears"] == list(totals.grant_people_years)
    assert answer["populationCovered"] == ends(totals.population_covered)
    assert answer["populationKommuner"] == totals.population_kommuner
    assert answer["populationTotal"] == totals.population_total
    assert answer["share"] == ends(totals.share)
    assert answer["grantNok"] == totals.grant_nok
    assert answer["projects"] == list(totals.projects)
    money = totals.grant_per_inhabitant_year
    assert (answer["grantPerInhabitantYear"] is None) == (money is None)
    if money is not None:
        assert answer["grantPerInhabitantYear"] == ends(money)


def test_both_editions_say_the_same_of_programmes_that_nobody_wrote(dataset, edition, programmes):
    @often(10)
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(dataset, files)
        claimed = data.draw(st.sampled_from([0, *found.choices.years]))
        found = generated.claiming(found, claimed) if claimed else found
        views = data.draw(st.lists(generated.views(found), min_size=3, max_size=6))
        edition.load(found, tuple({view.year for view in views}))
        for view in views:
            agree(found, edition, view)

    check()


def test_both_editions_say_the_same_of_the_programme_that_ships(dataset, edition):
    edition.load(dataset, dataset.choices.years)
    for place, lang in enumerate(LANGUAGES):
        for view in some_views(dataset, lang)[place :: 3 if generated.TIMES == 1 else 1]:
            agree(dataset, edition, view)


@pytest.mark.parametrize("colour", COLOURS)
def test_both_editions_paint_every_colour_mode_alike(dataset, edition, colour):
    edition.load(dataset, dataset.choices.years)
    for year in dataset.choices.years:
        agree(dataset, edition, View(year=year, colour=colour, lines=True))


def test_an_unknown_colour_mode_is_an_error_in_the_public_edition_too(dataset, edition):
    edition.load(dataset, (2015,))
    asked = {**vars(View()), "colour": "mauve"}
    with pytest.raises(pytest.fail.Exception, match="unknown colour mode: mauve"):
        edition.tell_raw(asked)


def test_the_names_of_alternatives_are_no_more_than_names(dataset, edition):
    """An alternative of several letters once gave the public edition a number of its own."""
    names = {"A": "Fosen", "B": "Sor", "A|B": "Fosen|Sor", "": ""}
    table = dataset.package["candidates"]
    renamed = table["alternative"].map(names)
    tables_ = {**dataset.package.tables, "candidates": table.assign(alternative=renamed)}
    found = replace(dataset, package=replace(dataset.package, tables=tables_))
    edition.load(found, (2015,))
    for project in ((), *((p,) for p in dataset.choices.projects)):
        agree(found, edition, View(project=project))
    assert edition.tell(View())["totals"]["populationCovered"]["high"] == 280_806


HALVES = [(n + half, 0) for n in (0, 1, 2, 999) for half in (0.5, 1.5)]
HUNDREDTHS = [(n / 1000, 2) for n in (5, 15, 1005, 2675, 12_345, 999_995)]
figures = st.tuples(
    st.floats(0, 1e13) | st.integers(0, 10**13) | st.integers(0, 10**8).map(lambda n: n / 1000),
    st.integers(0, 2),
)


def test_both_editions_write_any_number_alike(dataset, edition):
    edition.load(dataset, ())

    @often(100)
    @given(given=st.lists(figures, max_size=20).map(lambda found: [*HALVES, *HUNDREDTHS, *found]))
    def check(given):
        for lang in LANGUAGES:
            expected = [
                [number(value, lang, decimals), millions(value, lang), percent(value, lang)]
                for value, decimals in given
            ]
            assert edition.write(given, lang) == expected

    check()


def test_where_kommuner_of_two_years_overlap_both_editions_count_the_same_people(dataset, edition):
    """Ørskog of 2015 lies in Ålesund of 2024, and both in Ålesund of 2020, with Haram."""
    pairs = (("1523", 2015), ("1508", 2024), ("1613", 2015), ("5059", 2020))
    rows = [("tkk", *kommune) for kommune in pairs]
    found = served_in(dataset, rows)
    edition.load(found, found.choices.years)
    for year in found.choices.years:
        agree(found, edition, View(year=year))


def test_places_of_any_name_are_called_the_same(dataset, edition):
    """Where a programme brings registers of its own, names may be long and odd."""
    ends = {"kommuner": ("norwegian_name", " <b>" + "ø" * 150), "fylker": ("name", " שלום " * 30)}
    odd = {
        name: dataset.package[name].assign(**{column: dataset.package[name][column] + end})
        for name, (column, end) in ends.items()
    }
    package = replace(dataset.package, tables={**dataset.package.tables, **odd})
    found = replace(dataset, package=package, register=Register(package))
    edition.load(found, (2018,))
    for fylke in ((), ("50",), ("12", "50")):
        agree(found, edition, View(year=2018, fylke=fylke, uncovered=True))


ADDRESSES = st.dictionaries(
    st.sampled_from(
        ["year", "project", "hub", "fylke", "evidence", "lang", "lines", "utm_x", "mc_cid", "_",
         "yaer", "kommune"]
    ),
    st.sampled_from(
        ["2015", "2018", "1999", "p0", "p1,h0", "h0,,h1", "03,50", "16", "assumed", "1", "nb", "",
         "documented", "æ&=?#", "<b>", "0301", "5059"]
    ),
)  # fmt: skip


def test_both_editions_read_the_same_from_an_address(dataset, edition, programmes):
    @often(20)
    @given(files=programmes, query=ADDRESSES)
    def check(files, query):
        found = generated.read(dataset, files)
        edition.load(found, ())
        answer = edition.read("?" + urlencode(query), LANGUAGES[0])
        view, ignored = from_query(query, found.choices)
        assert answer["view"] == json.loads(json.dumps(vars(view)))
        assert [Ignored(*one[:2]) for one in answer["ignored"]] == ignored

    check()


# -- and nothing falls over ----------------------------------------------------------------------


def test_every_generated_programme_is_in_order(programmes):
    @often(6)
    @given(files=programmes)
    def check(files):
        assert [str(problem) for problem in validate(files)] == []

    check()


def test_every_text_and_table_can_be_made_of_any_programme(dataset, programmes):
    @often(4)
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(dataset, files)
        startup.prepare(found)
        for year in found.choices.years:
            view = data.draw(generated.views(found)).but(year=year, fylke=())
            _look_through(found, view)
        for lang in LANGUAGES:
            assert all(one.explanation(lang) for one in check_claims(found))
            assert all(map(_verdict_holds, check_claims(found)))
            for project in ("", *found.choices.projects):
                projects.differences(found, project, lang)
                display_tables.years_table(found, project, lang)
                projects.cited(found, project)
            for project in found.choices.projects:
                projects.members(found, project, lang)
                display_tables.money_table(found, project, lang)

    check()


def _verdict_holds(one: Check) -> bool:
    """Return whether a verdict fits the claim's values and sources."""
    if one.verdict in (c.UNCHECKED, c.DEVIATES):
        return (one.verdict == c.UNCHECKED) == (one.found is None or one.found == one.claimed)
    sources = [{source.source_id for source in s} for s in (one.claim_sources, one.found_sources)]
    if one.verdict == c.AGREES:
        return one.found == one.claimed and bool(sources[1] - sources[0])
    rests = bool(one.by_evidence.get(c.ASSUMED)) and one.named != one.claimed
    return one.found == one.claimed and rests == (one.verdict == c.PARTLY_CONFIRMED)


def _look_through(dataset: Dataset, view: View) -> None:
    """Make what the pages show of a view, and check what must hold of any."""
    found = coverage(dataset, view)
    assert totals_of(dataset, view) == found.totals
    both = (found.frame[c.STATE] == c.WHOLE) & found.frame[c.NO_SOURCE_PREDECESSORS].map(bool)
    assert not both.any()
    # What hubs outside the projects serve may be a part of a kommune too.
    known = found.frame[found.frame[c.STATE] != c.ELSEWHERE]
    assert known[c.UNCOVERED_PREDECESSORS].map(bool).equals(known[c.STATE] == c.PARTLY)
    unknown = found.frame[c.NO_SOURCE_PREDECESSORS].map(bool)
    assert unknown[found.frame[c.STATE].isin((c.NO_SOURCE, c.PARTLY_UNKNOWN))].all()
    assert not (found.frame[c.POPULATION_UNKNOWN] > 0)[~unknown].any()
    left = found.frame[c.POPULATION] - found.frame[c.POPULATION_COVERED]
    assert (found.frame[c.POPULATION_UNKNOWN] <= left).all()
    people = found.totals.population_covered
    assert 0 <= people.low <= people.value <= people.high <= found.totals.population_total
    assert (found.frame[c.POPULATION_COVERED] <= found.frame[c.POPULATION]).all()
    assert len(tables.rows(dataset, view, full=True)) == len(found.frame) + len(found.gone)
    assert len(tables.page_rows(dataset, view)) <= len(tables.rows(dataset, view))
    for figure in FIGURES:
        assert explain(dataset, view, figure).value
    for write in (sentence, citation, embed):
        assert write(dataset, view, "http://127.0.0.1/?year=2015")
    counties.summary(dataset, view)
    t = messages(view.lang)
    assert county_list(dataset, view, t, {}, packed)
    assert articles(dataset, view, t, {}, packed)
    for nr in (*found.covered.index[:6], *found.gone.index[:2]):
        assert sentences(dataset, story(dataset, nr, view), view.lang)
        if nr in found.frame.index:
            own = view.but(fylke=(found.frame.at[nr, c.FYLKESNR],))
            for draw in (uncovered_list, covered_list):
                assert draw(dataset, own, t, {}, packed)
            assert people_bar(dataset, own, t, packed)
            one = story(dataset, nr, view)
            assert timeline_svg.drawn(timeline(dataset, one, t), timeline_svg.NARROW, t)


@pytest.mark.parametrize("code", FORMATS)
def test_every_file_can_be_written_of_any_programme(dataset, programmes, code):
    @often(3)
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(dataset, files)
        view = data.draw(generated.views(found))
        for full in (False, True):
            assert FORMATS[code].write(found, view, full=full)

    check()


def test_the_api_answers_for_any_programme_in_every_format(dataset, programmes):
    @often(4)
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(dataset, files)
        view = data.draw(generated.views(found))
        for resource in RESOURCES:
            for form in resource.formats:
                assert body(resource, Asked(found, view, form, frozen=False), form)

    check()


def test_the_public_edition_of_any_programme_can_be_built(dataset, programmes):
    @often(1)
    @given(files=programmes.filter(generated.of_several_years))
    def check(files):
        found = generated.read(dataset, files)
        named = sorted(set(found.package["coverage"][c.KOMMUNENR]))
        edition = published.built(published.shorter(found, named))
        assert {f"kommune/{nr}/index.html" for nr in named} <= set(edition)

    check()


def test_one_row_in_another_years_numbers_is_a_row_like_any_other(dataset, edition):
    """`orkdal,5027,2020` is in order, and once stopped the server, publishing and own data."""
    folder = ROOT / "data"
    contents = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    contents["coverage.csv"] += b"orkdal,5027,2020,documented,2015,,S08,,\n"
    files = Memory("mixed", contents)
    assert validate(files) == []
    found = generated.read(dataset, files)
    startup.prepare(found)
    edition.load(found, found.choices.years)
    for year in found.choices.years:
        _look_through(found, View(year=year))
        for evidence in c.EVIDENCE_LEVELS:
            agree(found, edition, View(year=year, evidence=evidence, uncovered=True))
    assert published.built(published.shorter(found, ["1648", "5027"]))
