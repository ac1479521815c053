"""What the operations team relies on: probes, counts, limits, logs, and an orderly end."""

import asyncio
import json
import logging
import os
import re
import signal
import subprocess
import time
from contextlib import suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bench.client import rerun, session
from geo import settings
from geo.base import cache
from geo.server import health, logs, metrics
from geo.server.connections import Patient
from geo.server.middleware.admission import AdmissionMiddleware
from geo.server.middleware.request_metrics import RequestMetrics, kind_of
from geo.settings import ROOT
from geo.versions import reload
from tests import loops, patience
from tests.replicas import Replica, free_port, get, serve_command

HERE = ("127.0.0.1", 50000)
# What a person brings along, and nobody may find afterwards.
PERSON = {"X-Forwarded-For": "203.0.113.77", "User-Agent": "Kari Nordmanns nettleser"}


async def _hello(_request):
    return PlainTextResponse("hello")


async def _upload(_request):
    return PlainTextResponse("no such session", 400)


async def _stream(websocket):
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_bytes(await websocket.receive_bytes() * 2)


def _client(address=HERE):
    routes = [
        Route("/", _hello),
        Route("/_stcore/upload_file/a/b", _upload, methods=["PUT"]),
        WebSocketRoute("/_stcore/stream", _stream),
    ]
    app = Starlette(
        routes=routes, middleware=[Middleware(RequestMetrics), Middleware(AdmissionMiddleware)]
    )
    return TestClient(app, base_url="http://kart.example", client=address)


@pytest.fixture
def client():
    with _client() as found:
        yield found


def _value(name, **labels):
    return metrics._REGISTRY.get_sample_value(name, labels) or 0


# -- probes ---------------------------------------------------------------------------------------


def test_a_process_with_valid_data_is_alive_and_ready(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json() == {"ready": True, "leaving": False}


def test_a_process_with_faulty_data_is_not_ready_until_they_are_corrected(
    client, tmp_path, small_package, monkeypatch, caplog
):
    small_package(tmp_path)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(health, "_state", health._State())
    coverage = tmp_path / "coverage.csv"
    good = coverage.read_text(encoding="utf-8")
    coverage.write_text(good.replace("documented", "guessed"), encoding="utf-8")
    health.check()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert any("guessed" in record.fields["problem"] for record in caplog.records)
    coverage.write_text(good, encoding="utf-8")
    reload.reloader()._serving = None  # read again, as the process does by itself in some seconds
    assert client.get("/readyz").status_code == 200


def test_data_that_cannot_be_read_end_the_process_and_are_named_in_the_log(tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        serve_command(free_port()),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert any("datapackage.json" in line.get("problem", "") for line in lines)


# -- counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/prosjekter", "page"),
        ("/geo/2015-normal.json", "geometry"),
        ("/api/v1/hubs", "api"),
        ("/mcp", "mcp"),
        ("/picture/preview.png", "picture"),
        ("/static/js/index.js", "asset"),
        ("/favicon.png", "asset"),
        ("/media/1a2b.csv", "download"),
        ("/_stcore/upload_file/a/b", "upload"),
        ("/readyz", "probe"),
    ],
)
def test_requests_are_told_apart_by_their_kind(path, kind):
    assert kind_of(path) == kind


def test_requests_and_their_bytes_are_counted(client):
    requests = _value("geo_requests_total", kind="page", status="200")
    sent = _value("geo_sent_bytes_total", kind="page")
    client.get("/?project=voss")
    assert _value("geo_requests_total", kind="page", status="200") == requests + 1
    assert _value("geo_sent_bytes_total", kind="page") == sent + len("hello")


def test_readers_are_counted_while_they_are_connected(client):
    received = _value("geo_received_bytes_total", kind="websocket")
    sent = _value("geo_sent_bytes_total", kind="websocket")
    with client.websocket_connect("/_stcore/stream") as socket:
        assert _value("geo_sessions") == 1
        socket.send_bytes(b"abc")
        socket.receive_bytes()
    assert _value("geo_sessions") == 0
    assert _value("geo_received_bytes_total", kind="websocket") == received + 3
    assert _value("geo_sent_bytes_total", kind="websocket") == sent + 6


def test_remembered_results_are_counted():
    class Owner:
        pass

    @cache.cache_on(cache.YEARS)
    def double(_owner, number):
        return 2 * number

    owner = Owner()
    for number in (1, 2, 1, 1):
        double(owner, number)
    name = next(name for name in cache.tally() if name.endswith("double"))
    assert cache.tally()[name] == (2, 2)


def test_the_counts_are_for_this_machine_and_not_for_the_world(client):
    assert b"geo_sessions" in client.get("/metrics").content
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"):
        assert client.get("/metrics", headers={header: "x"}).status_code == 404
    with _client(("203.0.113.5", 50000)) as elsewhere:
        assert elsewhere.get("/metrics").status_code == 404
        assert elsewhere.get("/_stcore/metrics").status_code == 404


def test_the_counts_can_be_opened_to_the_network_but_never_through_a_proxy(monkeypatch):
    monkeypatch.setattr(settings, "METRICS", "network")
    with _client(("203.0.113.5", 50000)) as elsewhere:
        assert elsewhere.get("/metrics").status_code == 200
        assert elsewhere.get("/metrics", headers={"X-Forwarded-Proto": "x"}).status_code == 404


# -- limits ---------------------------------------------------------------------------------------


def test_when_it_is_full_a_page_says_so_in_every_language_and_where_there_is_room(
    client, monkeypatch
):
    monkeypatch.setattr(settings, "MAX_SESSIONS", 1)
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://apen.example.no/")
    with client.websocket_connect("/_stcore/stream"):
        answer = client.get("/")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        for text in (
            "Prøv igjen om litt: adressen",
            "om litt: adressa",
            "Try again",
            'href="https://apen.example.no/"',
        ):
            assert text in answer.text
        assert client.get("/geo/x.json").status_code == 404  # what is no page is still answered
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/prosjekt", "/kart/2015", "/nothing", "/prosjekter/voss"])
def test_an_address_that_leads_nowhere_says_so_and_leads_to_the_map_with_the_same_view(
    dashboard, path
):
    answer = dashboard.get(f"{path}?year=2020&project=voss%22%3E", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Siden finnes ikke" in answer.text
    assert "There is no such page" in answer.text
    assert 'href="/?year=2020&amp;project=voss%22%3E"' in answer.text
    assert "sha256" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", *(f"/{name}" for name in settings.PAGES), "/fylker/"])
def test_every_page_is_let_through(dashboard, path):
    assert dashboard.get(path, headers={"Accept": "text/html"}).status_code == 200


def test_a_socket_that_came_too_late_is_refused_and_not_left_waiting(client, monkeypatch):
    monkeypatch.setattr(settings, "MAX_SESSIONS", 1)
    refused = _value("geo_sessions_refused_total", reason="full")
    stream = "/_stcore/stream"
    with client.websocket_connect(stream), client.websocket_connect(stream):  # one in reserve
        with pytest.raises(WebSocketDenialResponse) as refusal, client.websocket_connect(stream):
            pass
        assert refusal.value.status_code == 503
    assert _value("geo_sessions_refused_total", reason="full") == refused + 1


def test_one_address_leaves_seats_for_others(client, monkeypatch):
    monkeypatch.setattr(settings, "SEATS_PER_ADDRESS", 1)
    refused = _value("geo_sessions_refused_total", reason="address")
    stream = "/_stcore/stream"
    with client.websocket_connect(stream):
        answer = client.get("/")
        assert answer.status_code == 503
        assert "Mange fra nettverket ditt" in answer.text
        assert "Many people on your network" in answer.text
        with pytest.raises(WebSocketDenialResponse) as refusal, client.websocket_connect(stream):
            pass
        assert refusal.value.status_code == 503
        monkeypatch.setattr(settings, "TRUSTED_PROXIES", HERE[0])
        elsewhere = {"X-Forwarded-For": "203.0.113.5"}
        assert client.get("/", headers=elsewhere).status_code == 200
        with client.websocket_connect(stream, headers=elsewhere):
            assert _value("geo_sessions") == 2
    assert client.get("/").status_code == 200
    assert _value("geo_sessions_refused_total", reason="address") == refused + 2


def test_a_seat_that_was_left_is_free_and_its_address_forgotten():
    async def stream(_scope, _receive, _send):
        seen.append(dict(door._seats))

    seen = []
    door = AdmissionMiddleware(stream)
    scope = {"type": "websocket", "path": "/", "headers": [], "client": ("203.0.113.5", 1)}
    loops.run(door(scope, None, None))
    assert seen == [{"203.0.113.5": 1}]
    assert dict(door._seats) == {}


async def _silence(door):
    """Connect a reader to a server of the door's, say nothing, and return what that leads to."""
    config = uvicorn.Config(
        door, http=Patient, ws="websockets-sansio", log_config=None, lifespan="off", port=0
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server._serve())
        while not server.started:  # noqa: ASYNC110 - neither tells when
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}/_stcore/stream") as socket:
            taken = door._seats.total()
            with suppress(ConnectionClosed):
                async with asyncio.timeout(patience.SECONDS):
                    await socket.recv()
        while door._seats:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        server.should_exit = True
    return taken, socket.state.name


def test_a_socket_that_says_nothing_is_let_go_and_its_seat_is_free(monkeypatch):
    monkeypatch.setattr("geo.server.middleware.admission._FIRST_WORD", 0.05)
    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", _stream)])
    assert loops.run(_silence(AdmissionMiddleware(app))) == (1, "CLOSED")


def test_a_socket_that_has_spoken_may_be_silent(client, monkeypatch):
    monkeypatch.setattr("geo.server.middleware.admission._FIRST_WORD", 0.05)
    with client.websocket_connect("/_stcore/stream") as socket:
        socket.send_bytes(b"abc")
        socket.receive_bytes()
        time.sleep(0.2)
        socket.send_bytes(b"abc")
        assert socket.receive_bytes() == b"abcabc"


def test_a_page_of_another_host_cannot_open_a_socket(client):
    foreign = {"Origin": "https://annen.example", "Host": "kart.example"}
    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect("/_stcore/stream", headers=foreign),
    ):
        pass
    assert refusal.value.status_code == 403
    own = {"Origin": "https://kart.example", "Host": "kart.example"}
    with client.websocket_connect("/_stcore/stream", headers=own):
        pass


def test_an_upload_for_another_replicas_session_lets_the_proxy_ask_the_next_one(client):
    assert client.put("/_stcore/upload_file/a/b").status_code == 404


# -- logs -----------------------------------------------------------------------------------------


def _record(name, text, *values, error=None, fields=None):
    about = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, "", 0, text, values, about)
    record.fields = fields or {}
    return json.loads(logs.LogLines().format(record))


def test_others_logs_are_written_without_the_values_they_name():
    line = _record("uvicorn.error", '%s - "WebSocket %s" [accepted]', "203.0.113.77:1", "/?q=Kari")
    assert line["event"] == '%s - "WebSocket %s" [accepted]'


def test_an_error_is_told_by_kind_and_place_and_not_by_what_somebody_typed():
    def page():
        try:
            {}["Kari Nordmann"]
        except KeyError as missing:
            raise ValueError("Kari Nordmann, født 1. april") from missing

    with pytest.raises(ValueError, match="Kari") as raised:
        page()
    line = _record("streamlit.error_util", "Uncaught app execution", error=raised.value)
    assert [error["error"] for error in line["errors"]] == ["ValueError", "KeyError"]
    assert re.fullmatch(r"tests.server.test_server\.py:\d+ page", line["errors"][0]["where"][-1])
    assert "Kari" not in json.dumps(line)


# -- the server as `make serve` runs it -----------------------------------------------------------


@pytest.fixture(scope="module")
def full_server(tmp_path_factory):
    """A server with room for two (and one in reserve), which others stop."""
    environment = {
        "GEO_MAX_SESSIONS": "2",
        "GEO_SEATS_PER_ADDRESS": "3",
        "GEO_DRAIN_SECONDS": "3600",
    }
    replica = Replica(tmp_path_factory.mktemp("served"), environment=environment).start()
    yield replica.until_ready()
    replica.stop(signal.SIGKILL)


async def _readers_come_and_the_server_leaves(server):
    open_sockets = []
    for _ in range(3):
        socket = await session(server.url).__aenter__()
        await rerun(socket, {"year": "2020"})
        open_sockets.append(socket)
    with pytest.raises(InvalidStatus) as refused:
        await session(server.url).__aenter__()
    assert refused.value.response.status_code == 503
    assert server.counted("geo_sessions") == 3
    assert server.counted("geo_rerun_seconds_count") == 3
    assert get(f"{server.url}/?kommune=0301", **PERSON)[0] == 503
    assert get(f"{server.url}/api/v1/hubs?project=voss", **PERSON)[0] == 200
    server.process.send_signal(signal.SIGTERM)
    await patience.until_async(lambda: server.status("/readyz") == 503)
    assert server.status("/healthz") == 200
    assert server.status("/api/v1/hubs") == 200
    await rerun(open_sockets[0], {"year": "2018"})  # those who are here go on


def test_a_server_that_is_told_to_stop_says_so_and_goes_on_until_told_again(full_server):
    loops.run(_readers_come_and_the_server_leaves(full_server))
    assert full_server.alive
    assert full_server.stop() == 0


async def _a_reader_sees_the_server_leave(server):
    async with session(server.url) as socket:
        await rerun(socket, {"year": "2020"})
        server.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(patience.SECONDS):
            await socket.wait_closed()
        return socket.close_code


def test_when_its_time_is_over_a_server_closes_its_sockets_and_ends_in_order(tmp_path):
    server = Replica(tmp_path, environment={"GEO_DRAIN_SECONDS": "0.2"}).start().until_ready()
    closed = loops.run(_a_reader_sees_the_server_leave(server))
    assert closed == 1012  # "service restart": browsers connect again
    assert server.stop() == 0


def test_the_log_is_json_and_holds_nothing_about_a_person(full_server):
    text = full_server.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    kinds = {line["kind"] for line in lines if line["event"] == "request"}
    assert {"page", "api"} <= kinds
    assert all({"time", "level", "event"} <= set(line) for line in lines)
    for trace in ("203.0.113.77", "127.0.0.1", "Nordmann", "project=voss", "kommune=0301"):
        assert trace not in text
