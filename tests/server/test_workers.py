"""Several workers on one port: each session finds its own, and nobody notices one that dies."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest
from prometheus_client.core import Metric
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.client import rerun
from geo import settings
from geo.server import handover, metrics, worker_table
from geo.server.worker_table import WorkerTable
from geo.settings import ROOT
from geo.webmap import seats
from tests import loops, patience
from tests.replicas import Replica, free_port, get, serve_command

WORKERS = 3
READERS = 30
LARGE = 3_000_000  # bytes: more than a channel between workers holds, less than a reader may drop


# -- what workers know of each other --------------------------------------------------------------


def test_a_socket_counts_where_it_was_given_until_it_is_closed():
    table = WorkerTable(3)
    for worker in range(3):
        table.begin(worker, pid=100 + worker)
    for taker in (0, 1, 1, 2):
        table.give(0, taker)
    table.give(2, 2)
    assert [table.load(worker) for worker in range(3)] == [1, 2, 2]
    assert table.least_loaded() == 0
    table.close(1)
    table.close(1)
    assert table.load(1) == 0
    assert table.least_loaded() == 1


def test_a_new_worker_begins_without_the_sockets_of_the_one_that_died():
    table = WorkerTable(2)
    table.begin(0, pid=100)
    table.begin(1, pid=101)
    table.give(0, 1)
    table.end(1)
    assert table.pids() == [100]
    table.begin(1, pid=102)
    assert (table.load(1), table.pids()) == (0, [100, 102])


def test_the_server_is_ready_if_all_are_who_are_there():
    table = WorkerTable(2)
    assert not table.all_ready()
    table.begin(0, pid=100)
    assert not table.all_ready()
    table.begin(1, pid=101)
    assert table.all_ready()
    table.say(1, ready=False)
    assert not table.all_ready()
    assert table.least_loaded() == 0
    table.end(1)
    assert table.all_ready()


def test_a_worker_that_says_nothing_is_given_nothing(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(worker_table.time, "monotonic", lambda: now[0])
    table = WorkerTable(3)
    for worker in range(3):
        table.begin(worker, pid=100 + worker)
    now[0] += 31
    for worker in (1, 2):
        table.say(worker, ready=True)
        table.give(worker, worker)
    assert not table.alive(0)
    assert table.least_loaded() == 1
    first = handover.Worker(table, 2, *[None] * 2)  # type: ignore[arg-type]
    assert list(first.following(0)) == [(1, 2)]
    assert list(first.following(2)) == []


def test_readers_of_an_address_are_counted_in_all_workers():
    table = WorkerTable(2)
    table.seat(0, "192.0.2.1", 1)
    table.seat(1, "192.0.2.1", 1)
    table.seat(1, "192.0.2.2", 1)
    assert [table.seated(one) for one in ("192.0.2.1", "192.0.2.2", "192.0.2.3")] == [2, 1, 0]
    table.begin(1, pid=101)
    assert table.seated("192.0.2.1") == 1
    table.seat(0, "192.0.2.1", -1)
    assert table.seated("192.0.2.1") == 0


class _Process:
    def __init__(self, **values: float) -> None:
        self._values = values

    def collect(self) -> Iterator[Metric]:
        for name, value in self._values.items():
            metric = Metric(name, name, "gauge")
            metric.add_sample(name, {}, value)
            yield metric


def test_what_a_dying_process_does_not_tell_is_left_out_of_the_sums():
    whole = _Process(memory=5, process_start_time_seconds=9, open_files=3)
    dying = _Process(memory=2, process_start_time_seconds=7)
    found = metrics._summed([whole, dying])  # type: ignore[list-item]
    assert {metric.name: metric.samples[0].value for metric in found} == {
        "memory": 7,
        "process_start_time_seconds": 7,
        "open_files": 3,
    }


def test_a_session_is_here_until_it_can_connect_again_no_more(monkeypatch):
    monkeypatch.setattr(seats, "_open", {"seat": seats._Seat()})
    monkeypatch.setattr(seats, "_away", {})
    now = [1000.0]
    monkeypatch.setattr(seats.time, "monotonic", lambda: now[0])
    seats.hold("seat", "session", None)
    assert seats.here("session")
    assert not seats.here("another")
    seats.Seats(None)._closed("seat")
    now[0] += seats.KEEP_SECONDS - 1
    assert seats.here("session")
    now[0] += 1
    assert not seats.here("session")


def test_there_is_a_worker_per_core():
    assert int(os.environ.get("GEO_WORKERS", len(os.sched_getaffinity(0)))) == settings.WORKERS


@pytest.mark.parametrize("count", ["0", "-1", str(settings.MOST_WORKERS + 1)])
def test_a_strange_number_of_workers_is_refused_at_start(count):
    done = subprocess.run(
        [*serve_command(free_port()), "--workers", count],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 1
    assert "GEO_WORKERS" in json.loads(done.stdout.splitlines()[-1])["problem"]


def test_a_port_that_is_taken_ends_the_server(tmp_path):
    with Several.of(tmp_path) as first:
        second = Replica(tmp_path, first.port, {"GEO_WORKERS": "2"}).start()
        assert second.process.wait(patience.SECONDS) != 0
        assert "Address already in use" in second.log.read_text(encoding="utf-8")
        assert first.status("/readyz") == 200


# -- a server with workers ------------------------------------------------------------------------


@dataclass
class Several(Replica):
    """A server with several workers."""

    @classmethod
    def of(cls, folder: Path) -> Self:
        return cls(folder, environment={"GEO_WORKERS": str(WORKERS)})

    def __enter__(self) -> Self:
        self.start().until_ready()
        patience.until(lambda: len(self.workers()) == WORKERS, "all workers")
        return self

    def __exit__(self, *_: object) -> None:
        for pid in (*self.workers(), self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(patience.SECONDS)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        assert self.process is not None
        first = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in first.read_text().split()] if first.exists() else []
        return [
            pid for pid in pids if b"output.py" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


@pytest.fixture(scope="module")
def several(tmp_path_factory) -> Iterator[Several]:
    with Several.of(tmp_path_factory.mktemp("workers")) as running:
        yield running


def _sockets(pid: int) -> int:
    """Return how many connections of readers a process has."""
    opened = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    inodes = {one[len("socket:[") : -1] for one in opened if one.startswith("socket:[")}
    lines = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return sum(line[9] in inodes and line[3] == "01" for line in lines)


def _open(server: Replica, existing: str = "") -> connect:
    """Return a connection as Streamlit's browser code opens it, to an existing session perhaps."""
    spoken = ["streamlit", "no-token", existing] if existing else ["streamlit"]
    return connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        subprotocols=spoken,  # type: ignore[arg-type]
        origin=server.url,  # type: ignore[arg-type]
        max_size=None,
    )


async def _first_run(socket: ClientConnection, page: str = "") -> tuple[str, str]:
    """Ask for a page; return the session's id and the path of a file made for it."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = "year=2020&project=voss"
    await socket.send(message.SerializeToString())
    session = path = ""
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(bytes(await asyncio.wait_for(socket.recv(), patience.SECONDS)))
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            session = answer.new_session.initialize.session_id
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "download_button":
            path = answer.delta.new_element.download_button.url or path
        if kind == "script_finished":
            return session, path


async def _all_come_at_once(server: Several) -> tuple[list[int], float]:
    before = [_sockets(pid) for pid in server.workers()]
    sockets = await asyncio.gather(*(_open(server) for _ in range(READERS)))
    spread = [_sockets(pid) - few for pid, few in zip(server.workers(), before, strict=True)]
    await asyncio.gather(*(rerun(socket, {"year": "2018"}) for socket in sockets))
    counted = await asyncio.to_thread(server.counted, "geo_sessions")
    await asyncio.gather(*(socket.close() for socket in sockets))
    return spread, counted


def test_readers_spread_evenly_and_are_counted_together(several):
    opened = several.counted("geo_sessions_opened_total")
    spread, counted = loops.run(_all_come_at_once(several))
    print(f"{READERS} readers sit as {spread}")
    assert max(spread) - min(spread) <= 3
    assert counted == READERS
    for _ in range(WORKERS):  # whichever is asked
        assert several.counted("geo_sessions_opened_total") == opened + READERS
    patience.until(lambda: several.counted("geo_sessions") == 0)


async def _come_again(server: Several) -> None:
    async with _open(server) as socket:
        session, _ = await _first_run(socket)
    for _ in range(2 * WORKERS):
        async with _open(server, session) as socket:
            assert (await _first_run(socket))[0] == session
    async with _open(server, "no-such-session") as socket:
        assert (await _first_run(socket))[0] not in {session, "no-such-session", ""}


def test_whoever_lost_the_connection_comes_back_to_the_same_session(several):
    loops.run(_come_again(several))


def _put(server: Replica, session: str, content: bytes) -> int:
    """Upload a file as the browser does, over a new connection; return the status."""
    with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:  # noqa: S310
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    part = b"--x\r\nContent-Disposition: form-data; name=f; filename=f.csv\r\n\r\n%b\r\n--x--\r\n"
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}/_stcore/upload_file/{session}/{os.urandom(8).hex()}",
        data=part % content,
        method="PUT",
        headers={
            "Content-Type": "multipart/form-data; boundary=x",
            "Cookie": cookie,
            "X-Xsrftoken": cookie.partition("=")[2],
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=patience.SECONDS) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


async def _files(server: Several) -> None:
    async with _open(server) as socket:
        session, path = await _first_run(socket, "brief")
        for _ in range(2 * WORKERS):
            status, content = await asyncio.to_thread(get, server.url + path)
            assert (status, content[:4]) == (200, b"\x89PNG")
        for content in (b"small", os.urandom(LARGE)):
            for _ in range(2 * WORKERS):
                assert await asyncio.to_thread(_put, server, session, content) == 204
        assert await asyncio.to_thread(_put, server, "nobody", b"small") == 404


def test_files_of_a_session_are_found_whichever_worker_is_asked_and_without_a_cookie(several):
    missing = several.counted("geo_requests_total", kind="download", status="404")
    loops.run(_files(several))
    assert several.counted("geo_requests_total", kind="download", status="404") == missing
    assert get(f"{several.url}/media/nothing.csv")[0] == 404
    assert get(f"{several.url}/geo/nothing.json")[0] == 404


async def _frames(server: Several) -> set[int]:
    frame = f"{server.url}/component/streamlit_folium.st_folium/index.html"
    async with _open(server) as socket:
        await _first_run(socket)
        return {(await asyncio.to_thread(get, frame))[0] for _ in range(4 * WORKERS)}


def test_the_maps_frame_is_found_if_one_worker_has_drawn_it(tmp_path):
    with Several.of(tmp_path) as fresh:
        assert loops.run(_frames(fresh)) == {200}


async def _ask(server: Several, paths: list[str]) -> list[int]:
    """Return the statuses of some addresses, asked for over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    found = []
    for path in paths:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        found.append(int(head.split()[1]))
    writer.close()
    return found


async def _serve_on(server: Several) -> None:
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_open(server)) for _ in range(WORKERS)]
        files = [(await _first_run(socket, "brief"))[1] for socket in sockets]
        paths = ["/media/none.csv", *files, "/api/v1/hubs", "/geo/none.json", *files, "/healthz"]
        expected = [404, *[200] * WORKERS, 200, 404, *[200] * WORKERS, 200]
        for _ in range(WORKERS):
            assert await _ask(server, paths) == expected


def test_a_connection_serves_on_after_it_was_passed_on(several):
    loops.run(_serve_on(several))


async def _put_in_chunks(server: Several) -> bytes:
    """Upload for a session that nobody has, in chunks that hold another request; return all."""
    inner = f"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        f"PUT /_stcore/upload_file/nobody/x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{len(inner):x}\r\n{inner}\r\n"
        "0\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    return answer


def test_no_request_is_smuggled_in_the_chunks_of_another(several):
    for _ in range(2 * WORKERS):
        answer = loops.run(_put_in_chunks(several))
        assert answer.startswith(b"HTTP/1.1 411 ")
        assert answer.count(b"HTTP/1.1 ") == 1


def _events(server: Replica) -> list[str]:
    lines = server.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines]


async def _one_dies(server: Several) -> None:
    await patience.until_async(lambda: server.counted("geo_sessions") == 0)
    sockets = []
    for _ in range(2 * WORKERS):  # one after the other, so that each worker has two
        sockets.append(await _open(server))
        await rerun(sockets[-1], {"year": "2018"})
    opened = await asyncio.to_thread(server.counted, "geo_sessions_opened_total")
    before = server.workers()
    listened = _events(server).count("listening")
    os.kill(before[0], signal.SIGKILL)
    statuses: list[int] = []

    def replaced() -> bool:
        statuses.append(server.status("/readyz"))
        return _events(server).count("listening") > listened

    while not await asyncio.to_thread(replaced):
        alive = [one for one in sockets if one.state.name == "OPEN"]
        with contextlib.suppress(ConnectionClosed):  # perhaps that of the dead worker
            assert (await rerun(alive[-1], {"year": "2020"})).content
    alive = [one for one in sockets if one.state.name == "OPEN"]
    assert len(alive) == 2 * WORKERS - 2
    for socket in alive:
        assert (await rerun(socket, {"year": "2024"})).content
    assert set(statuses) == {200}
    # Those of the dead worker come back, and the new one takes them, since it has the fewest.
    again = []
    for _ in range(2):
        again.append(await _open(server, "lost"))
        await rerun(again[-1], {"year": "2018"})
    new = next(pid for pid in server.workers() if pid not in before)
    assert _sockets(new) == 2
    counted = await asyncio.to_thread(server.counted, "geo_sessions_opened_total")
    assert counted == opened + 2
    assert await asyncio.to_thread(server.counted, "geo_sessions") == 2 * WORKERS
    for socket in (*alive, *again):
        await socket.close()


def test_a_worker_that_is_killed_is_replaced_and_nobody_else_notices(several):
    loops.run(_one_dies(several))
    lines = [json.loads(line) for line in several.log.read_text("utf-8").splitlines()]
    died = [line for line in lines if line["event"] == "worker died"]
    assert [line["exit_code"] for line in died] == [-signal.SIGKILL]


def test_memory_of_all_workers_is_added_up(several):
    whole = several.counted("process_resident_memory_bytes")
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in several.workers()]
    assert whole == pytest.approx(sum(pages) * os.sysconf("SC_PAGE_SIZE"), rel=0.2)


async def _leave(server: Several) -> list[int | None]:
    sockets = await asyncio.gather(*(_open(server) for _ in range(WORKERS)))
    for socket in sockets:
        await rerun(socket, {"year": "2018"})
    for pid in (*server.workers(), server.process.pid):  # as a service manager may do
        os.kill(pid, signal.SIGTERM)
    await patience.until_async(lambda: server.status("/readyz") == 503)
    assert (await rerun(sockets[0], {"year": "2020"})).content  # those who are here go on
    server.process.send_signal(signal.SIGTERM)
    for socket in sockets:
        async with asyncio.timeout(patience.SECONDS):
            await socket.wait_closed()
    return [socket.close_code for socket in sockets]


def test_all_workers_leave_in_order(tmp_path):
    server = Several.of(tmp_path)
    server.environment["GEO_DRAIN_SECONDS"] = "3600"
    with server:
        workers = server.workers()
        assert loops.run(_leave(server)) == [1012] * WORKERS
        assert server.process.wait(patience.SECONDS) == 0
        assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
        assert lines[-1]["event"] == "stopped"


def test_a_new_worker_has_the_data_that_the_others_read_meanwhile(tmp_path, small_package):
    data = tmp_path / "data"
    data.mkdir()
    small_package(data)
    server = Several.of(tmp_path)
    server.environment["DATA_DIR"] = str(data)
    with server:
        descriptor = json.loads((data / "datapackage.json").read_text("utf-8"))
        descriptor["version"] = "9.9.9"
        (data / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        patience.until(lambda: server.status("/readyz") == 200, "a new worker")
        assert b'data="9.9.9"' in get(f"{server.url}/metrics")[1]


def test_workers_do_not_outlive_the_process_that_started_them(tmp_path):
    with Several.of(tmp_path) as server:
        workers = server.workers()
        server.stop(signal.SIGKILL)
        patience.until(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()])
