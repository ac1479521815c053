"""Fetched files are put in use at one stroke, and the version before can be brought back."""

import json
import multiprocessing
import resource
import signal

import pytest

from geo.errors import FetchedElsewhere, FetchFailed, LockDamaged, NothingToRestore
from geo.fetch import store
from geo.fetch.staged import Staged
from geo.official import fetched, origin
from geo.official.fetched import State
from geo.official.origin import LOCK, Origin

ORIGIN = Origin(
    address="https://data.ssb.no/api/x",
    fetched_at="2026-11-24T00:00:00Z",
    size=3,
    sha256="0" * 64,
    media_type="application/json",
    service="Statistisk sentralbyrå",
    licence="CC BY 4.0",
    credit="Statistisk sentralbyrå",
)


def staged(**files):
    contents = {f"{name}.csv": text.encode() for name, text in files.items()}
    return Staged("register", contents, dict.fromkeys(contents, (ORIGIN,)), lambda _: [], True)


def texts(data_dir):
    tables = fetched.fetched(data_dir).tables()
    return {name: path.read_text(encoding="utf-8") for name, path in tables.items()}


def test_nothing_fetched_is_nothing_in_use(tmp_path):
    found = fetched.fetched(tmp_path)
    assert (found.folder, found.tables(), found.damaged) == (None, {}, ())
    assert found.digest(["kommuner"]) == ""


def test_committed_files_are_in_use_with_their_provenance(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a")])
    assert texts(tmp_path) == {"kommuner": "a"}
    entry = fetched.fetched(tmp_path).lock.entry("kommuner.csv")
    assert entry.origins == (ORIGIN,)
    assert entry.what == "register"
    assert entry.made_with == "1.0.0"
    assert entry.made_at.endswith("Z")


def test_what_was_not_fetched_again_stays(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a", fylker="b")])
    store.commit(tmp_path, [staged(kommuner="c", population="d")])
    assert texts(tmp_path) == {"kommuner": "c", "fylker": "b", "population": "d"}


def test_restore_brings_back_the_version_before_and_the_newer_again(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a")])
    store.commit(tmp_path, [staged(kommuner="b")])
    store.restore(tmp_path)
    assert texts(tmp_path) == {"kommuner": "a"}
    store.restore(tmp_path)
    assert texts(tmp_path) == {"kommuner": "b"}


def test_restore_after_the_first_fetch_brings_back_what_shipped(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a")])
    store.restore(tmp_path)
    assert texts(tmp_path) == {}
    with pytest.raises(NothingToRestore):
        store.restore(tmp_path / "elsewhere")


def test_only_the_version_before_is_kept(tmp_path):
    for text in "abcd":
        store.commit(tmp_path, [staged(kommuner=text)])
    assert len(list((tmp_path / "fetched" / "versions").iterdir())) == 2


def test_damaged_file_is_not_used_and_is_named(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a", fylker="b")])
    found = fetched.fetched(tmp_path)
    (found.folder / "kommuner.csv").write_text("x", encoding="utf-8")
    again = fetched.fetched(tmp_path)
    assert again.damaged == ("kommuner.csv",)
    assert texts(tmp_path) == {"fylker": "b"}
    store.commit(tmp_path, [staged(population="c")])
    assert texts(tmp_path) == {"fylker": "b", "population": "c"}


@pytest.mark.parametrize(
    "state", ["", "{", "[]", '{"current": "../../etc", "previous": ""}', '{"current": 5}']
)
def test_damaged_state_means_nothing_fetched(tmp_path, state):
    store.commit(tmp_path, [staged(kommuner="a")])
    (tmp_path / "fetched" / "state.json").write_text(state, encoding="utf-8")
    assert fetched.state(tmp_path) == State()
    assert texts(tmp_path) == {}


def test_damaged_lock_is_named_and_nothing_of_it_used(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a")])
    lock = fetched.fetched(tmp_path).folder / LOCK
    lock.write_text(lock.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert fetched.fetched(tmp_path).damaged == (LOCK,)
    assert texts(tmp_path) == {}


@pytest.mark.parametrize("name", ["../kommuner.csv", "/etc/passwd", "a\\..\\b"])
def test_lock_cannot_lead_out_of_its_folder(tmp_path, name):
    store.commit(tmp_path, [staged(kommuner="a")])
    lock = json.loads((fetched.fetched(tmp_path).folder / LOCK).read_text(encoding="utf-8"))
    lock["files"][0]["file"] = name
    with pytest.raises(LockDamaged, match=r"files\.0\.file"):
        origin.read(json.dumps(lock))


def test_answers_that_nothing_was_made_of_are_cleared_away(tmp_path):
    folder = store.answers(tmp_path)
    folder.mkdir(parents=True)
    for name, digest in (("used", "0" * 64), ("old", "1" * 64)):
        about = ORIGIN.model_copy(update={"sha256": digest})
        (folder / f"{name}.json").write_text(about.model_dump_json(), encoding="utf-8")
        (folder / f"{name}.body").write_bytes(b"abc")
    store.commit(tmp_path, [staged(kommuner="a")])
    assert {path.stem for path in folder.iterdir()} == {"used"}


def test_two_processes_do_not_fetch_into_the_same_folder(tmp_path):
    with store.alone(tmp_path), pytest.raises(FetchedElsewhere), store.alone(tmp_path):
        pass
    with store.alone(tmp_path):
        pass


# -- faults --------------------------------------------------------------------------------------


def test_full_disk_leaves_what_was_in_use(tmp_path):
    store.commit(tmp_path, [staged(kommuner="a")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(FetchFailed, match="Nothing was replaced"):
            store.commit(tmp_path, [staged(kommuner="b" * 60_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert texts(tmp_path) == {"kommuner": "a"}
    assert len(list((tmp_path / "fetched" / "versions").iterdir())) == 1


def _killed_while_committing(data_dir, moment):
    """Commit, but die when the file named `moment` is flushed."""
    flush = store._flush

    def deadly(path):
        if path.name == moment:
            signal.raise_signal(signal.SIGKILL)
        flush(path)

    store._flush = deadly
    store.commit(data_dir, [staged(kommuner="new")])


@pytest.mark.parametrize("moment", ["kommuner.csv", LOCK, "state.part"])
def test_killed_at_any_moment_the_old_version_is_whole(tmp_path, moment):
    store.commit(tmp_path, [staged(kommuner="old")])
    forked = multiprocessing.get_context("fork")
    process = forked.Process(target=_killed_while_committing, args=(tmp_path, moment))
    process.start()
    process.join(20)
    assert process.exitcode == -signal.SIGKILL
    assert texts(tmp_path) == {"kommuner": "old"}
    store.commit(tmp_path, [staged(kommuner="newer")])
    assert texts(tmp_path) == {"kommuner": "newer"}
    assert len(list((tmp_path / "fetched" / "versions").iterdir())) == 2
