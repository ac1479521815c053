"""One fetch for everybody who looks: it can be watched, stopped, accepted and thrown away."""

import threading

import pytest

from geo.fetch import store
from geo.fetch.job import Job, Phase
from geo.fetch.staged import Staged
from geo.official import fetched, hub_status
from tests import patience, services
from tests.services import Given, as_json

API = "data.brreg.no/enhetsregisteret/api/enheter"
NOBODY = {"page": {"totalElements": 0}}


@pytest.fixture
def local():
    with services.running() as running:
        yield running


@pytest.fixture
def job(tmp_path, small_package, local):
    """A job of a small programme; the register knows none of its hubs."""
    local.put(API, as_json(NOBODY))
    small_package(tmp_path)
    return Job(tmp_path)


def until(job, phase):
    return waited(job, lambda now: now.phase is phase)


def waited(job, true):
    """Return the progress as soon as something is true of it."""
    patience.until(lambda: true(job.progress()))
    return job.progress()


def tables(data_dir):
    return set(fetched.fetched(data_dir).tables())


def test_nothing_is_in_use_before_the_yes(job, tmp_path):
    assert job.start("hubs")
    waiting = until(job, Phase.ASKING)
    assert waiting.staged[0].report("en")[0].startswith("0 of 1 hubs found")
    assert tables(tmp_path) == set()
    job.accept()
    assert job.progress().phase is Phase.DONE
    assert tables(tmp_path) == {hub_status.TABLE}


def test_no_throws_it_away(job, tmp_path):
    job.start("hubs")
    until(job, Phase.ASKING)
    job.refuse()
    job.accept()
    assert (job.progress().phase, job.progress().staged) == (Phase.REFUSED, ())
    assert tables(tmp_path) == set()


def test_there_is_one_fetch_at_a_time(local, job):
    local.put(API, as_json(NOBODY, pause=0.3))
    begun = [job.start("hubs") for _ in range(3)]
    assert begun == [True, False, False]
    until(job, Phase.ASKING)
    assert not job.start("hubs")
    job.refuse()
    assert job.start("hubs")
    until(job, Phase.ASKING)


def test_stopped_fetch_leaves_everything_as_it_was(local, job, tmp_path):
    content = b" " * 300 + b'{"page": {"totalElements": 0}}'
    local.put(API, Given(content, piece=10, pause=0.1))
    job.start("hubs")
    waited(job, lambda now: now.count)
    assert job.progress().total == len(content)
    assert "Brønnøysundregistrene" in job.progress().label
    job.cancel()
    until(job, Phase.STOPPED)
    assert tables(tmp_path) == set()
    with store.alone(tmp_path):
        pass  # nobody else is kept out


def test_failure_becomes_a_text(local, job, tmp_path):
    local.put(API, Given(b"<html>", media="text/html"))
    job.start("hubs")
    failed = until(job, Phase.FAILED)
    assert "Nothing was replaced" in failed.error
    assert tables(tmp_path) == set()
    local.put(API, as_json(NOBODY))
    assert job.start("hubs")
    until(job, Phase.ASKING)


def test_what_was_compared_with_other_data_is_not_put_in_use(job, tmp_path):
    job.start("hubs")
    until(job, Phase.ASKING)
    other = Staged("register", {"fylker.csv": b"x"}, {}, lambda _: [], replaces=False)
    store.commit(tmp_path, [other])
    job.accept()
    assert "Fetch again" in job.progress().error
    assert tables(tmp_path) == {"fylker"}


def test_of_two_who_say_yes_one_is_heard(job, tmp_path):
    job.start("hubs")
    until(job, Phase.ASKING)
    both = [threading.Thread(target=job.accept) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert job.progress().phase is Phase.DONE
    assert fetched.state(tmp_path).previous == ""


def test_while_another_process_fetches_the_page_says_so(job, tmp_path):
    with store.alone(tmp_path):
        job.start("hubs")
        assert "Another process" in until(job, Phase.FAILED).error


def test_version_before_comes_back(job, tmp_path):
    job.restore()
    assert "Nothing was fetched" in job.progress().error
    job.start("hubs")
    until(job, Phase.ASKING)
    job.accept()
    job.restore()
    assert job.progress().phase is Phase.RESTORED
    assert tables(tmp_path) == set()
