"""Examples in the description of the API are answers that it gives, and keep its promises."""

import json

import jsonschema
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.api import api_routes
from geo.api.examples import question
from geo.api.resources import CSV, EVERY, JSON, MEDIA_TYPES
from geo.base.links import API


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=api_routes.routes())) as found:
        yield found


@pytest.fixture(scope="module")
def described(client):
    return client.get(f"{API}/openapi.json").json()


def contents(described, resource):
    responses = described["paths"][f"/{resource.name}"]["get"]["responses"]
    return [
        (int(status), media_type, content)
        for status, response in responses.items()
        for media_type, content in response.get("content", {}).items()
    ]


@pytest.mark.parametrize("resource", EVERY, ids=lambda one: one.name)
def test_every_answer_has_an_example_that_fits_its_schema(described, resource):
    for _, _, content in contents(described, resource):
        schema = {**content["schema"], "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(content["example"])


@pytest.mark.parametrize("resource", EVERY, ids=lambda one: one.name)
def test_an_example_is_what_is_answered(client, dataset, described, resource):
    asked = f"{API}/{resource.name}?{question(dataset, resource)}&lang=en&format="
    for status, media_type, content in contents(described, resource):
        example = content["example"]
        if status >= 400:
            assert (example["status"], bool(example["advice"])) == (status, True)
            if status != 406:
                answer = client.get(example["instance"])
                assert (answer.status_code, answer.json()) == (status, example)
            continue
        form = next(form for form, one in MEDIA_TYPES.items() if one == media_type)
        answer = client.get(asked + form)
        if form == CSV:
            assert answer.text.startswith(example)
            continue
        key = "data" if form == JSON else "features"
        whole = answer.json()
        (row,) = example[key]
        assert row in whole[key]
        assert {k: v for k, v in example.items() if k not in {key, "meta"}} == {
            k: v for k, v in whole.items() if k not in {key, "meta"}
        }


def test_examples_are_short(client):
    assert len(client.get(f"{API}/openapi.json").content) < 200_000
    assert json.loads(client.get(f"{API}/openapi.json").content)
