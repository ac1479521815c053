"""The tools for assistants, asked by the SDK's own client over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator

import jsonschema
import pytest
from mcp import Client

from geo.api import mcp_server
from geo.api.tools import TOOLS, Refused, ask, input_schema
from geo.base.links import API, MCP
from tests import loops, patience
from tests.api.web import WEB
from tests.replicas import Replica, free_port

KRAFTSENTER = {"about": "kraftsenter-st", "claim": ["kommuner:25", "fylker:3"], "year": 2015}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "sources", "arguments": {"project": ["voss"]}},
}
BOTH = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def address(served) -> str:
    return served.removesuffix("/") + MCP


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def called(address, *questions):
    """The answers to (name, arguments), asked in one go by one client."""

    async def asked():
        async with Client(address) as client:
            return [await client.call_tool(name, given) for name, given in questions]

    return loops.run(asked())


def posted(address, content=CALL, **headers):
    return WEB.post(address, json=content, headers={**BOTH, **headers})


# -- what is answered -----------------------------------------------------------------------------


def test_every_tool_is_listed_read_only_with_what_it_takes(address, dataset):
    async def listed():
        async with Client(address) as client:
            assert "evidence" in client.instructions
            return (await client.list_tools()).tools

    found = loops.run(listed())
    assert [one.name for one in found] == list(TOOLS)
    for one in found:
        assert one.description
        assert one.annotations.read_only_hint
        assert one.input_schema == input_schema(dataset, TOOLS[one.name])
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
        assert all(field["description"] for field in one.input_schema["properties"].values())


def test_a_kommune_is_answered_with_year_evidence_and_sources(address):
    (answer,) = called(address, ("coverage", {"kommune": "Hitra", "year": 2020}))
    found = answer.structured_content
    assert json.loads(answer.content[0].text) == found
    (row,) = found["data"]
    assert (row["name"], row["structure_year"], row["evidence"]) == ("Hitra", 2020, "inferred")
    assert found["meta"]["structure_year"] == 2020
    assert "Data v" in found["meta"]["source"]
    assert {one["source_id"] for one in found["sources"]} == set(row["source_ids"]) > set()
    assert all(one["publisher"] and one["says"] for one in found["sources"])
    assert "sums" not in found


def test_the_answers_are_those_of_the_api(address, served):
    questions = (
        ("check_claim", KRAFTSENTER),
        ("project", {"project": ["voss"], "year": 2018}),
        ("sources", {"project": ["voss"], "lang": "nb"}),
    )
    for answer in called(address, *questions):
        found = answer.structured_content
        same = WEB.get(served + found["meta"]["api"].lstrip("/")).json()
        assert found["data"] == same["data"]
        assert found["data"]


def test_a_claim_is_told_with_its_verdict(address):
    (answer,) = called(address, ("check_claim", KRAFTSENTER))
    kommuner, fylker = answer.structured_content["data"]
    assert (kommuner["verdict"], fylker["verdict"]) == ("partly_confirmed", "agrees")
    assert (kommuner["found"], kommuner["evidence"]) == (25, "assumed")


def test_what_is_not_understood_is_told_with_what_would_be(address):
    wrong = called(
        address,
        ("project", {"project": ["mars"], "colour": "red"}),
        ("coverage", {"kommune": "Mordor"}),
        ("coverage", {"kommune": "Våler", "year": 2018}),
        ("coverage", {"kommune": "Voss", "year": 1999}),
        ("check_claim", {"about": "voss"}),
        ("weather", {}),
    )
    assert all(one.is_error for one in wrong)
    told = [one.content[0].text for one in wrong]
    assert "kraftsenter-st" in told[0]
    assert "colour" in told[0]
    assert "Mordor" in told[1]
    assert "0137 Våler (Østfold)" in told[2]
    assert "3018" not in told[2]
    assert "2015, 2018" in told[3]
    assert "kommuner:25" in told[4]
    assert "check_claim" in told[5]


def test_a_kommune_may_be_named_by_an_old_number_or_name(dataset):
    for text in ("1617", "5056", "Hitra", "hitra"):
        found = ask(dataset, TOOLS["coverage"], {"kommune": text, "year": 2020})
        assert [row["kommunenr"] for row in found["data"]] == ["5056"]
    with pytest.raises(Refused):
        ask(dataset, TOOLS["coverage"], {"kommune": "9999"})


def test_a_failure_of_ours_is_told_without_its_insides(address, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(mcp_server, "ask", broken)
    (answer,) = called(address, ("sources", {}))
    assert answer.is_error
    assert "secret" not in answer.content[0].text


# -- who may ask, and how much ---------------------------------------------------------------------


def test_a_page_of_another_origin_is_refused_and_our_own_is_not(address):
    own = address.removesuffix(MCP)
    assert posted(address, Origin="https://evil.example").status_code == 403
    assert posted(address, Origin=own).status_code == 200


def test_a_question_that_is_too_large_is_refused(address):
    large = {**CALL, "padding": "x" * mcp_server.LARGEST_REQUEST}
    assert posted(address, large).status_code == 413
    pieces = (b"x" * 8192 for _ in range(10))  # without a length
    answer = WEB.post(address, content=pieces, headers=BOTH)
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_there_are_no_streams_and_no_sessions(address, method):
    answer = WEB.request(method, address, headers=BOTH)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    asked = posted(address)
    assert asked.headers["content-type"].startswith("application/json")
    assert "mcp-session-id" not in asked.headers


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"jsonrpc": "2.0"}', b"\xff"])
def test_what_is_no_question_is_refused(address, content):
    headers = {**BOTH, "Content-Type": "application/json"}
    answer = WEB.post(address, content=content, headers=headers)
    assert 400 <= answer.status_code < 500


def test_the_page_says_where_it_is(served):
    text = WEB.get(f"{served}{API[1:]}/?lang=en").text
    assert f"{served}{MCP[1:]}" in text
    assert all(f"<code>{name}</code>" in text for name in TOOLS)


def test_the_sdk_is_imported_at_the_first_question_only():
    code = (
        "import sys, geo.api.api_routes as a; a.routes();"
        "print([m for m in sys.modules if m.split('.')[0] in ('mcp', 'mcp_types', 'fastapi')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=patience.SECONDS,
    )
    assert done.stdout.strip() == "[]"


# -- the served dashboard --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def below(tmp_path_factory) -> Iterator[tuple[Replica, str]]:
    """A server with two workers below a path."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/kart/"
    environment = {"GEO_BASE_URL": base, "GEO_WORKERS": "2"}
    replica = Replica(tmp_path_factory.mktemp("mcp"), port, environment)
    try:
        replica.start().until_ready()
        yield replica, f"{base}{MCP[1:]}"
    finally:
        replica.stop()


def test_clients_come_and_go_and_any_worker_answers_below_a_path(below):
    replica, address = below
    for _ in range(6):  # connections of their own, so both workers get some
        first, second = called(address, ("check_claim", KRAFTSENTER), ("sources", {}))
        assert first.structured_content["data"][0]["verdict"] == "partly_confirmed"
        page = first.structured_content["meta"]["page"]
        assert page.startswith(address.removesuffix(MCP[1:]))
        assert not second.is_error
    assert replica.counted("geo_requests_total", kind="mcp", status="200") >= 12
    assert posted(address, Origin="https://evil.example").status_code == 403
    assert posted(address, Host="evil.example").status_code == 421
    outside = address.replace("/kart", "")
    assert posted(outside).status_code == 404
