"""What keeps many readers cheap: nothing is made twice, copied per reader, or kept after them.

How many readers a server holds is measured by bench/load.py; here stand the reasons, which a slow
machine cannot change.
"""

import cProfile
import gc
import json
import os
import pstats
import subprocess
import sys
import weakref
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from bench.load import trend
from geo.base import cache
from geo.coverage import counties
from geo.coverage import dataset as datasets
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report import figures
from geo.report.explain import explain
from geo.server.gc_schedule import collecting_garbage
from geo.settings import ROOT
from geo.webmap import webmap
from tests import loops, patience

NATIONAL = ROOT / "data" / "examples" / "national"
MAP_CALLS, COUNTY_CALLS = 200_000, 400_000  # of Python functions: a third of what they once were
KB_PER_RERUN, MB_PER_SESSION = 10.0, 1.0
EXPLAIN = "geo.report.explain._explain"  # as the tally calls it
LAST_SERVED = 2  # sessions: Streamlit's loops keep the last one in a variable


@pytest.fixture(scope="module")
def national():
    """A programme that serves every kommune, 3,000 times."""
    return datasets.load(NATIONAL)


def opened(**query):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def made():
    """How often any result had to be made, by its name, for the datasets that are in use."""
    gc.collect()  # what was made for a dataset that is gone leaves the count with it
    return Counter({name: misses for name, (_, misses) in cache.tally().items()})


@pytest.mark.parametrize("query", [{"fylke": "16"}, {"project": "voss", "lang": "en"}])
def test_what_one_reader_has_seen_is_not_made_again_for_the_next(query):
    opened(**query)
    before = made()
    opened(**query)
    assert made() - before == Counter()


def test_the_map_page_makes_no_explanation_that_nobody_opened():
    dataset = datasets.load(ROOT / "data")  # of which nothing was explained before
    before = made()
    found = figures.key_figures(dataset, View(fylke=("15",), lang="en"))
    assert len(found) == len(figures.FIGURES)
    assert made()[EXPLAIN] == before[EXPLAIN]
    explain(dataset, View(fylke=("15",), lang="en"), found[0].figure)
    assert made()[EXPLAIN] == before[EXPLAIN] + 1


def test_every_view_shows_the_same_geometry_and_not_a_copy(dataset):
    shapes = {id(shape) for shape in dataset.boundaries(2020).shapes.geometry}
    for view in (View(year=2020), View(year=2020, fylke=("50",)), View(year=2020, lang="en")):
        assert {id(shape) for shape in coverage(dataset, view).frame.geometry} <= shapes


def test_a_map_of_a_whole_country_is_made_in_few_steps(national):
    webmap.payload(national, View(year=2020))  # what belongs to the year, and not to the view
    view = View(year=2020, project=("alfa",), lines=True)
    assert calls(webmap.payload, national, view) < MAP_CALLS


def test_the_counties_of_a_whole_country_are_added_up_in_few_steps(national):
    counties.summary(national, View(year=2018))
    assert calls(counties.summary, national, View(year=2018, project=("beta",))) < COUNTY_CALLS


def calls(function, *args):
    """How many Python functions a call calls."""
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    return pstats.Stats(profile).total_calls


def test_counties_add_up_to_what_their_own_views_say(national):
    view = View(year=2020, project=("alfa", "beta"), evidence="inferred")
    found = counties.summary(national, view)
    for nr, county in found.iterrows():
        own = coverage(national, view.but(fylke=(nr,)))
        states = own.frame.loc[own.frame["fylkesnr"] == nr, "state"].value_counts()
        assert county["whole"] == states.get("whole", 0)
        assert county["partly"] == states.get("partly", 0)
        assert county["population_covered"] == own.totals.population_covered.value


def test_streamlit_leaves_the_garbage_to_us():
    assert "postScriptGC = false" in (ROOT / ".streamlit" / "config.toml").read_text("utf-8")


def test_garbage_is_collected_while_the_server_runs():
    class Session:
        pass

    async def run():
        async with collecting_garbage(every=0.01):
            session = Session()
            session.itself = session
            gone = weakref.ref(session)
            gc.disable()
            del session
            await patience.until_async(lambda: gone() is None)
            return gone() is None

    try:
        assert loops.run(run())
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.fixture(scope="module")
def seen_from_inside():
    """What a server holds while readers look, and after they left (tests/inside.py)."""
    command = [sys.executable, "-m", "tests.inside"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    output = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True, timeout=patience.SECONDS
    ).stdout
    return json.loads(output.splitlines()[-1])


def test_a_session_that_goes_on_changing_its_view_does_not_grow(seen_from_inside):
    assert seen_from_inside["kb_per_rerun"] < KB_PER_RERUN


def test_an_open_session_holds_less_than_a_megabyte(seen_from_inside):
    assert seen_from_inside["mb_per_session"] < MB_PER_SESSION


def test_nothing_of_a_session_is_left_when_it_is_over(seen_from_inside):
    assert seen_from_inside["while_open"] == seen_from_inside["readers"]
    assert seen_from_inside["left"] <= LAST_SERVED
    assert seen_from_inside["threads_left"] <= 0


@pytest.mark.parametrize(("growth", "flat"), [(0.0, True), (5.0, True), (60.0, False)])
def test_a_soak_tells_flat_memory_from_a_leak(tmp_path, growth, flat):
    hours = [n / 120 for n in range(121)]
    filling = [min(hour, 0.3) * 400 for hour in hours]  # caches: not a leak
    rows = [
        f"{hour * 3600},0,{300 + full + hour * growth + n % 3},9,0.3,{n},0,0.2,0.0"
        for n, (hour, full) in enumerate(zip(hours, filling, strict=True))
    ]
    samples = tmp_path / "soak.csv"
    head = "seconds,rss,uss,threads,p95,changes,errors,server,others"
    samples.write_text("\n".join([head, *rows]), encoding="utf-8")
    found = trend(samples)
    assert found.flat is flat
    assert found.slope == pytest.approx(growth, abs=2)
