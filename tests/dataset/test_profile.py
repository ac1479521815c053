"""The descriptors that we write follow version 2 of Data Package; those of version 1 are read too.

https://datapackage.org/standard/data-package: what its profile demands, in our own words.
"""

import io
import json
import shutil
import socket
import zipfile
from datetime import date

import jsonschema
import pytest
from frictionless import validate as frictionless_validate

from geo.dataset import package
from geo.dataset.package import DESCRIPTOR, PROFILE, load, sent_descriptor
from geo.settings import ROOT
from geo.uploads import descriptors, template
from geo.validation.validate import validate

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
HOME = "https://kart.example.no/"
TEXT = {"type": "string"}
# A file of the package, or an address of the web.
PATH = {"type": "string", "pattern": r"^(?:https?://\S+|(?!.*\.\./)[^./~\\][^\\:]*)$"}
SCHEMA = {
    "type": "object",
    "required": ["$schema", "name", "title", "version", "created", "resources"],
    "not": {"required": ["profile"]},
    "properties": {
        "$schema": {"const": PROFILE},
        "name": {"type": "string", "pattern": "^[a-z0-9._/-]+$"},
        "id": {"type": "string", "minLength": 1},
        "homepage": {"type": "string", "pattern": "^https?://"},
        "created": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$",
        },
        "keywords": {"type": "array", "minItems": 1, "items": TEXT},
        "contributors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "anyOf": [{"required": ["title"]}, {"required": ["familyName"]}],
                "not": {"required": ["role"]},
                "properties": {"roles": {"type": "array", "minItems": 1, "items": TEXT}},
            },
        },
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {
                "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
                "properties": {
                    "name": {"type": "string", "pattern": "^[-a-zA-Z0-9._]+$"},
                    "path": PATH,
                },
            },
        },
        "sources": {"type": "array", "items": {"properties": {"title": TEXT, "path": PATH}}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["name", "path", "type", "schema"],
                "not": {"required": ["profile"]},
                "properties": {
                    "name": TEXT,
                    "path": PATH,
                    "type": {"const": "table"},
                    "mediatype": {"type": "string", "pattern": "^.+/.+$"},
                    "schema": {
                        "required": ["fields"],
                        "properties": {"fields": {"type": "array", "minItems": 1}},
                    },
                },
            },
        },
    },
}


def demand(described):
    jsonschema.Draft7Validator(SCHEMA).validate(described)


def of_template():
    with zipfile.ZipFile(io.BytesIO(template.package("nb"))) as empty:
        return json.loads(empty.read(DESCRIPTOR))


def of_version_one(folder):
    """Write the example as version 1 had it; return its descriptor."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    described = json.loads((folder / DESCRIPTOR).read_text("utf-8"))
    del described["$schema"]
    described |= {"profile": "tabular-data-package", "created": "2026-11-24"}
    described["contributors"] = [{"title": "Kari", "role": "author"}]
    for one in described["resources"]:
        del one["type"]
        one["profile"] = "tabular-data-resource"
    (folder / DESCRIPTOR).write_text(json.dumps(described), "utf-8")
    return described


@pytest.mark.parametrize("folder", ["data", "data/examples/national", "data/examples/nummer-2024"])
def test_what_ships_follows_the_profile(folder):
    demand(json.loads((ROOT / folder / DESCRIPTOR).read_text("utf-8")))


def test_the_shipped_package_has_an_id_and_says_who_made_it():
    described = load(ROOT / "data").descriptor
    assert described["id"].startswith("urn:uuid:")
    assert described["contributors"][0]["roles"] == ["creator"]


def test_the_template_and_what_is_made_of_an_upload_follow_the_profile(tmp_path):
    demand(of_template())
    headers = {"hubs": ["hub_id", "name", "kommunenr"]}
    paths, today = {"hubs": "hubs.csv"}, date(2026, 11, 24)
    demand(descriptors.descriptor(None, headers, paths, today))
    said = of_version_one(tmp_path) | {"id": "doi:10.1/x", "homepage": "javascript:alert(1)"}
    made = descriptors.descriptor(said, headers, paths, today)
    demand(made)
    assert made["contributors"] == [{"title": "Kari", "roles": ["author"]}]
    assert (made["id"], made.get("homepage")) == ("doi:10.1/x", None)
    assert descriptors.descriptor({"homepage": HOME}, headers, paths, today)["homepage"] == HOME


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("folder", ["data", "data/examples/nummer-2024"])
def test_frictionless_finds_a_package_of_ours_valid_without_asking_the_network(folder):
    report = frictionless_validate(str(ROOT / folder / DESCRIPTOR))
    assert report.errors == []
    assert len(report.tasks) >= 6
    assert [(task.name, one.note) for task in report.tasks for one in task.errors] == []


def test_a_package_of_version_one_stays_valid(tmp_path):
    of_version_one(tmp_path)
    assert validate(tmp_path) == []
    assert load(tmp_path).title("nb")
    kept = json.loads((ROOT / "data/editions/1.0.0" / DESCRIPTOR).read_text("utf-8"))
    assert kept["profile"] == "tabular-data-package"
    assert len(load(ROOT / "data/editions/1.0.0")["coverage"])


@pytest.mark.parametrize(
    "reference", [{"fields": ["hub_id"]}, {"resource": "", "fields": ["hub_id"]}]
)
def test_a_table_may_refer_to_itself_as_either_version_writes_it(tmp_path, reference):
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    described = json.loads((tmp_path / DESCRIPTOR).read_text("utf-8"))
    (hubs,) = [one for one in described["resources"] if one["name"] == "hubs"]
    hubs["schema"]["foreignKeys"].append({"fields": ["hub_id"], "reference": reference})
    (tmp_path / DESCRIPTOR).write_text(json.dumps(described), "utf-8")
    assert validate(tmp_path) == []


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "", 7])
def test_a_homepage_is_an_address_of_the_web(tmp_path, wrong):
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    described = json.loads((tmp_path / DESCRIPTOR).read_text("utf-8"))
    for homepage, places in ((HOME, []), (wrong, ["homepage"])):
        described["homepage"] = homepage
        (tmp_path / DESCRIPTOR).write_text(json.dumps(described), "utf-8")
        assert [one.column for one in validate(tmp_path)] == places


def test_what_is_sent_from_an_address_names_it_as_its_homepage_unless_the_package_has_its_own():
    ours = load(ROOT / "data")
    assert sent_descriptor(ours, "") == (ROOT / "data" / DESCRIPTOR).read_bytes()
    sent = json.loads(sent_descriptor(ours, HOME))
    demand(sent)
    assert {**ours.descriptor, "homepage": HOME} == sent
    theirs = package.Package(ours.files, {**ours.descriptor, "homepage": "https://a.no"}, {})
    assert sent_descriptor(theirs, HOME) == ours.files.read(DESCRIPTOR)
    with zipfile.ZipFile(io.BytesIO(package.archive(ours, HOME))) as zipped:
        assert json.loads(zipped.read(DESCRIPTOR))["homepage"] == HOME
