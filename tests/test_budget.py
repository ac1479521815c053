"""What a change of filter costs, counted: no count may rise by a fifth unnoticed."""

import pytest

from bench import quick
from geo.coverage import dataset as datasets
from geo.coverage.selection import selection_of
from geo.settings import ROOT
from tests import loops
from tests.replicas import Replica


@pytest.fixture
def replica(tmp_path_factory):
    """A server as readers meet it."""
    started = Replica(tmp_path_factory.mktemp("counted")).start()
    yield started.until_ready()
    started.stop()


def test_a_view_that_nobody_has_seen_takes_no_more_calls_than_recorded():
    fresh = datasets.load(ROOT / "data")
    assert quick.exceeded({quick.ENGINE: quick.engine(fresh)}) == []


def test_a_change_sends_no_more_messages_and_bytes_than_recorded(replica, dataset):
    assert quick.exceeded(loops.run(quick.socket(dataset, replica.url))) == []


def test_a_count_a_quarter_above_its_budget_is_named():
    (told,) = quick.exceeded({quick.MESSAGES: quick.budget()[quick.MESSAGES] * 5 // 4 + 1})
    assert told.startswith(f"{quick.MESSAGES}: ")


def test_the_ten_views_count_different_things(dataset):
    assert len({selection_of(view) for view in quick.views(dataset)}) == 10
