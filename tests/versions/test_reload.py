"""Data that change on disk are shown when they are valid as a whole, and never before."""

import json
import shutil
import time

import pytest

from geo.errors import PackageInvalid
from geo.fetch import store
from geo.fetch.staged import Staged
from geo.settings import ROOT
from geo.versions import reload
from geo.versions.reload import Reloader
from tests import patience


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the shipped data, looked at all the time."""
    monkeypatch.setattr(reload, "LOOK_EVERY", 0.05)
    folder = tmp_path / "data"
    kept = shutil.ignore_patterns("boundaries", "examples", "fetched", "editions")
    shutil.copytree(ROOT / "data", folder, ignore=kept)
    return folder


def version(data, text):
    path = data / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**descriptor, "version": text}), encoding="utf-8")


def until(met, serves):
    """Let readers come until something is so; return what is served then."""
    patience.until(lambda: met(serves.serving()))
    return serves.serving()


def edit(data, file, old, new):
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_same_data_are_read_once(data):
    serves = Reloader(data)
    first = serves.serving().dataset
    for _ in range(5):
        time.sleep(0.06)
        assert serves.serving().dataset is first


def test_valid_change_is_picked_up_while_readers_look(data):
    serves = Reloader(data)
    first = serves.serving().dataset
    version(data, "2.0.1")
    found = until(lambda s: s.dataset.data_version == "2.0.1", serves)
    assert found.before is first
    assert found.refused == ()


def test_new_data_are_made_ready_before_they_are_served(data):
    serves = Reloader(data)
    serves.serving()
    ready = []
    serves.prepare = lambda dataset: ready.append((dataset, serves.serving().dataset))
    version(data, "2.0.1")
    found = until(lambda s: s.dataset.data_version == "2.0.1", serves)
    [(dataset, served_meanwhile)] = ready
    assert dataset is found.dataset
    assert served_meanwhile is found.before


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("coverage.csv", ",documented,", ",certain,", "coverage.csv, row 2"),
        ("hubs.csv", "1640", "164", "hubs.csv, row 2"),
        ("datapackage.json", "{", "{{", "datapackage.json"),
        ("projects.csv", "\n", "", "projects.csv"),
    ],
)
def test_invalid_change_leaves_the_last_good_data_and_says_why(data, file, old, new, reason):
    serves = Reloader(data)
    good = serves.serving().dataset
    edit(data, file, old, new)
    found = until(lambda s: s.refused, serves)
    assert found.dataset is good
    assert any(reason in issue for issue in found.refused)
    edit(data, file, new, old) if new else shutil.copy(ROOT / "data" / file, data / file)
    healed = until(lambda s: not s.refused, serves)
    assert healed.dataset.data_version == good.data_version


def test_removed_table_leaves_the_last_good_data(data):
    serves = Reloader(data)
    good = serves.serving().dataset
    (data / "coverage.csv").unlink()
    assert until(lambda s: s.refused, serves).dataset is good


def test_boundary_file_damaged_after_start_leaves_the_last_good_shapes(data, real_boundaries):
    (data / "boundaries").mkdir()
    exact = data / "boundaries" / "kommuner-2018.geojson"
    shutil.copy(real_boundaries / "readymaps-2018.geojson", exact)
    serves = Reloader(data)
    good = serves.serving().dataset
    assert good.boundaries(2018).exact
    exact.write_bytes(exact.read_bytes()[:100_000])
    found = until(lambda s: s.refused, serves)
    assert found.dataset.boundaries(2018).exact
    assert "kommuner-2018.geojson" in found.refused[0]


def test_data_that_were_never_valid_are_not_served(data):
    (data / "coverage.csv").unlink()
    with pytest.raises(PackageInvalid, match=r"coverage\.csv"):
        Reloader(data).serving()


def test_fetched_and_restored_data_are_picked_up(data):
    table = (data / "population.csv").read_text(encoding="utf-8")
    more = table.replace("0301,2015,647676", "0301,2015,700000", 1)
    assert more != table
    serves = Reloader(data)
    before = serves.serving().dataset
    files = {"population.csv": more.encode()}
    store.commit(data, [Staged("population", files, {}, lambda _: [], replaces=True)])
    found = until(lambda s: s.dataset is not before, serves)
    assert found.dataset.register.population(2015)["0301"] == 700_000
    assert found.dataset.data_version.startswith(f"{before.data_version}-")
    store.restore(data)
    restored = until(lambda s: s.dataset.data_version == before.data_version, serves)
    assert restored.dataset.register.population(2015)["0301"] == 647_676


def resources(data, change):
    path = data / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = change(descriptor["resources"])
    path.write_text(json.dumps(descriptor), encoding="utf-8")


BAD_ENTRIES = {
    "text": lambda r: [*r, "x"],
    "a path with NUL": lambda r: [*r, {"name": "x", "path": "a\x00b"}],
    "a path that is a number": lambda r: [*r, {"name": "x", "path": 3}],
    "an endless path": lambda r: [*r, {"name": "x", "path": "a" * 100_000}],
    "a path with a surrogate": lambda r: [*r, {"name": "x", "path": "\ud800"}],
    "a list": lambda r: [*r, [[]]],
}


@pytest.mark.parametrize("change", BAD_ENTRIES.values(), ids=BAD_ENTRIES.keys())
def test_a_bad_entry_in_the_descriptor_is_refused_and_told(data, change):
    serves = Reloader(data)
    good = serves.serving().dataset
    resources(data, change)
    found = until(lambda s: s.refused, serves)
    assert found.dataset is good
    assert "datapackage.json" in found.refused[0]


def test_a_check_that_raises_is_a_refusal_and_takes_the_place_of_an_older_notice(
    data, monkeypatch, caplog
):
    serves = Reloader(data)
    good = serves.serving().dataset
    edit(data, "coverage.csv", ",documented,", ",certain,")
    assert "coverage.csv" in until(lambda s: s.refused, serves).refused[0]

    def fail(*_arguments):
        raise ValueError("nobody thought of this")

    monkeypatch.setattr(reload, "validate", fail)
    edit(data, "coverage.csv", ",certain,", ",documented,")
    found = until(lambda s: s.refused and "coverage.csv" not in s.refused[0], serves)
    assert found.dataset is good
    assert "nobody thought of this" in found.refused[0]
    assert "data refused" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr(reload, "LOOK_EVERY", 0.05)
    version(data, "2.0.2")
    assert until(lambda s: not s.refused, serves).dataset.data_version == "2.0.2"


def test_data_that_cannot_be_prepared_are_refused_and_told(data):
    serves = Reloader(data)
    good = serves.serving().dataset

    def fail(_dataset):
        raise KeyError("5027")

    serves.prepare = fail
    version(data, "2.0.1")
    found = until(lambda s: s.refused, serves)
    assert found.dataset is good
    assert "5027" in found.refused[0]


# -- nothing that lies on disk may break a page ----------------------------------------------------

ADDRESSES = (
    "/", "/data", "/metode", "/api/v1/coverage?year=2020", "/api/v1/projects", "/healthz",
    "/picture/preview.png", "/metrics", "/?data=0.9.0", "/api/v1/hubs?data=0.9.0",
)  # fmt: skip


def dangling(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere")


def written(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def in_place_of(path):
    path.unlink()
    path.mkdir()


DAMAGE = {
    "a bad entry": lambda d: resources(d, BAD_ENTRIES["text"]),
    "a path with NUL": lambda d: resources(d, BAD_ENTRIES["a path with NUL"]),
    "no descriptor": lambda d: (d / "datapackage.json").unlink(),
    "a descriptor in Latin-1": lambda d: written(d / "datapackage.json", b'{"name": "\xe6"}'),
    "a folder for a table": lambda d: in_place_of(d / "hubs.csv"),
    "NUL in a table": lambda d: written(d / "claims.csv", b"claim_id\n\x00" * 3000),
    "a dangling link": lambda d: dangling(d / "boundaries" / "kommuner-2018.geojson"),
    "a folder for a map": lambda d: (d / "boundaries/kommuner-2018.geojson").mkdir(parents=True),
    "an empty map": lambda d: written(d / "boundaries" / "kommuner-2018.gpkg", b""),
    "an edition that is empty": lambda d: written(d / "editions/0.9.0/datapackage.json", b""),
    "an edition with a bad entry": lambda d: written(
        d / "editions/0.9.0/datapackage.json", b'{"version": "0.9.0", "resources": ["x"]}'
    ),
    "a file for the editions": lambda d: written(d / "editions", b"x"),
    "a state that is a list": lambda d: written(d / "fetched/state.json", b"[]"),
    "a state that leads nowhere": lambda d: written(
        d / "fetched/state.json", b'{"current": "20260101T000000Z-abc", "previous": ""}'
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_whatever_lies_on_disk_every_address_answers(data, damage, dashboard, monkeypatch):
    monkeypatch.setattr("geo.settings.DATA_DIR", data)
    reload.current()
    damage(data)
    changed = reload.stamp(data)
    until(lambda s: s.stamp == changed, reload.reloader())
    answers = {address: dashboard.get(address).status_code for address in ADDRESSES}
    assert {a: status for a, status in answers.items() if status >= 500} == {}
