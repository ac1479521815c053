"""Python and JavaScript agree, and nothing falls over, on packages that nobody wrote.

The dashboard's engine and the public edition's (in Node, without a browser) are given the same
generated programmes, and every text, figure, row and look of theirs is compared. The same
programmes go through every table, export, answer of the API and page. `make fuzz` does it with
many more of them.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from geo import claims, columns as c, counties, projects, reasons, reports, tables, titles, webmap
from geo.api import parameters as p
from geo.api.resources import RESOURCES, body
from geo.atlas import Atlas
from geo.coverage import coverage, sums_of
from geo.explain import FIGURES, explain
from geo.exports.formats import FORMATS
from geo.figures import key_figures
from geo.quotes import citation, embed, sentence
from geo.settings import LANGUAGES
from geo.story import story
from geo.story_text import sentences
from geo.titles import credit, source_line, summary, title
from geo.validate import validate
from geo.view import Ignored, View, from_query, to_query
from tests import generated, published
from tests.edition import Edition, running


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
def programmes(atlas: Atlas) -> st.SearchStrategy:
    return generated.packages(generated.land_of(atlas))


# -- the same words and figures ------------------------------------------------------------------


def agree(atlas: Atlas, edition: Edition, view: View) -> None:
    """Compare everything that both editions say, count and draw of a view."""
    told = edition.tell(view)
    found = coverage(atlas, view)
    assert told["title"] == title(atlas, found, view)
    assert told["summary"] == summary(atlas, found, view)
    assert told["source"] == source_line(atlas, view)
    assert told["figures"] == [
        {
            "title": figure.title, "value": figure.value, "detail": figure.detail,
            "method": explain(atlas, view, figure.figure).method,
        }
        for figure in key_figures(atlas, view)
    ]  # fmt: skip
    listed = tables.listed(atlas, view).map(lambda text: text.strip(tables.FIGURE_SPACE))
    assert told["table"] == listed.to_numpy().tolist()
    assert told["gone"] == [[nr, label] for nr, label in found.gone[c.LABEL].items()]
    _same_frame(told["people"], found.frame)
    _same_map(told["map"], json.loads(webmap.payload(atlas, view)))
    _same_sums(told["sums"], found.sums)
    query = to_query(view, atlas.choices.default_year)
    assert told["query"].replace("%2C", ",") == urlencode(query, safe=",")
    assert told["again"]["view"] == json.loads(json.dumps(vars(view)))
    assert told["again"]["ignored"] == []


def _same_frame(rows: list[list[object]], frame: pd.DataFrame) -> None:
    money = frame[c.GRANT_PER_INHABITANT_YEAR].fillna(0)
    expected = zip(frame.index, frame[c.STATE], frame[c.POPULATION_COVERED], strict=True)
    assert [row[:3] for row in rows] == [list(row) for row in expected]
    assert [row[3] for row in rows] == pytest.approx(money.to_list())


def _same_map(shown: dict[str, object], expected: dict[str, object]) -> None:
    # An id is the page's own, and `focus` is compared with nothing but itself.
    for apart in ("id", "focus"):
        shown.pop(apart, None)
        expected.pop(apart)
    assert shown == expected


def _same_sums(told: dict[str, object], sums: object) -> None:
    def ends(figure: object) -> object:
        found = {"value": figure.value, "low": figure.low, "high": figure.high}
        return pytest.approx(found)

    assert told["kommuner"] == sums.kommuner
    assert (told["whole"], told["partly"]) == (sums.whole, sums.partly)
    assert {n: k for n, k in sums.by_evidence.items() if k} == told["byEvidence"]
    assert told["byFylke"] == sums.kommuner_by_fylke
    assert told["kommunerRange"] == ends(sums.kommuner_range)
    assert told["people"] == ends(sums.population_covered)
    assert told["total"] == sums.population_total
    assert told["share"] == ends(sums.share)
    assert told["grant"] == sums.grant_nok
    assert told["projects"] == list(sums.projects)
    money = sums.grant_per_inhabitant_year
    assert (told["perHead"] is None) == (money is None)
    if money is not None:
        assert told["perHead"] == ends(money)


def test_both_editions_say_the_same_of_programmes_that_nobody_wrote(atlas, edition, programmes):
    @often(25)
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(atlas, files)
        views = data.draw(st.lists(generated.views(found), min_size=3, max_size=6))
        edition.load(found, tuple({view.year for view in views}))
        for view in views:
            agree(found, edition, view)

    check()


def test_every_generated_programme_is_in_order(programmes):
    @often(8)
    @given(files=programmes)
    def check(files):
        assert [str(problem) for problem in validate(files)] == []

    check()
