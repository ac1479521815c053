"""The server of `make serve`, met with bare sockets: seats, patience, and what it says."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from geo.server import output
from geo.settings import ROOT
from tests import loops, patience
from tests.replicas import Replica, free_port, get, serve_command

WAIT = int(patience.SECONDS)
DROP = 0.2  # seconds between one drop and the next
SEATS = 200
# What a person brings along, and nobody may find afterwards.
PERSON = "/?kommune=0301&find=Kari%20Nordmann"
# Short patience, and everything that may be said by others than ourselves.
_LOUD = """
import ctypes, gc, logging, os, sys, threading, warnings
from geo.server import connections

connections.HEAD_SECONDS = 2.0
connections.WHOLE_SECONDS = 4.0
NAME = "Kari Nordmann"


class Falls:
    def __del__(self):
        raise ValueError(NAME)


def fails():
    raise ValueError(NAME)


def speak():
    warnings.simplefilter("always")
    warnings.warn(f"about {NAME}", stacklevel=1)
    warnings.warn_explicit(NAME, DeprecationWarning, "/usr/lib/python3.11/json/decoder.py", 7)
    for name in ("streamlit.anything", "uvicorn.error", "asyncio", "fiona", "py.warnings"):
        logging.getLogger(name).error("failed in %s for %s", "/srv/secret/app.py", NAME)
        try:
            fails()
        except ValueError:
            logging.getLogger(name).exception("failed\\nfuture: /srv/secret/app.py")
    logging.getLogger("bad.format").error("%d", NAME)
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    Falls()
    gc.collect()
    print("a plain print at /srv/secret/folder/app.py")
    print("in error from 203.0.113.77:443", file=sys.stderr)
    os.write(2, b"from a library in C: /srv/secret/folder/lib.c\\n\\xff\\xfe\\n")
    os.write(1, b"{\\"a\\": 1}\\n12\\n")
    ctypes.CDLL(None).puts(b"puts")
    ctypes.CDLL(None).fflush(None)


speak()
"""


@contextmanager
def serving(folder, *before, **environment) -> Iterator[Replica]:
    """Run a server, after some lines of Python in its process where they are given."""
    site = folder / "site"
    site.mkdir()
    if before:
        # Run when Streamlit's application is imported, in the middle of the start.
        (site / "sitecustomize.py").write_text("\n".join(before), encoding="utf-8")
        environment["PYTHONPATH"] = f"{site}:{ROOT}"
    replica = Replica(folder, environment=environment).start()
    try:
        yield replica
    finally:
        replica.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Replica]:
    short = "from geo.server import connections as c; c.HEAD_SECONDS, c.WHOLE_SECONDS = 2, 4"
    # On a busy machine the first of the crowd wait for the last.
    long = "from geo.server.middleware import admission; admission._FIRST_WORD = 600"
    with serving(tmp_path_factory.mktemp("served"), short, long) as replica:
        yield replica.until_ready()


# -- seats ----------------------------------------------------------------------------------------


async def _sit_down(replica, address, stack):
    """Open a reader's socket from one of this machine's addresses; return whether there is room."""
    opened = connect(
        f"ws://127.0.0.1:{replica.port}/_stcore/stream",
        subprotocols=["streamlit"],
        origin=replica.url,
        local_addr=(address, 0),
        open_timeout=WAIT,
    )
    with suppress(InvalidStatus):
        await stack.hold(opened)
        return True
    return False


async def _crowd(replica):
    async with _Stack() as stack:
        crowd = [await _sit_down(replica, "127.0.0.1", stack) for _ in range(221)]
        other = await _sit_down(replica, "127.0.0.2", stack)
        return sum(crowd), other, replica.counted("geo_sessions")


class _Stack:
    """Closes sockets at once, whatever they are in the middle of."""

    async def __aenter__(self):
        self._opened = []
        return self

    async def hold(self, opened):
        self._opened.append(await opened)

    async def __aexit__(self, *_):
        for one in self._opened:
            one.transport.abort()


def test_one_address_takes_half_of_the_seats_and_another_reader_still_gets_in(served):
    taken, other, counted = loops.run(_crowd(served))
    assert (taken, other) == (SEATS // 2, True)
    assert counted <= SEATS // 2 + 1


# -- patience -------------------------------------------------------------------------------------


async def _answers_after_the_idle_are_gone(replica):
    """Ping a reader's socket once a later connection, which said nothing, was cut."""
    reader = connect(
        f"ws://127.0.0.1:{replica.port}/_stcore/stream",
        subprotocols=["streamlit"],
        origin=replica.url,
        open_timeout=WAIT,
    )
    async with asyncio.timeout(WAIT), reader as opened:
        silent, sending = await asyncio.open_connection("127.0.0.1", replica.port)
        with suppress(ConnectionResetError):
            assert await silent.read() == b""
        sending.close()
        await (await opened.ping())


def test_a_reader_may_think_for_longer_than_a_request_may_take(served):
    loops.run(_answers_after_the_idle_are_gone(served))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127",
        b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
        b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: up",
    ],
    ids=["silent", "blank", "half-head", "half-body", "half-second", "half-handshake"],
)
def test_a_connection_that_stops_in_the_middle_is_closed(served, sent):
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)) as opened:
        opened.sendall(sent)
        assert _until_closed(opened) is not None


def test_a_connection_that_sends_drop_by_drop_is_closed(served):
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=DROP)) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\n")
        for number in range(WAIT * 5):
            try:
                opened.sendall(f"X-{number}: x\r\n".encode())
                if opened.recv(100) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("it is still listened to")


def test_headers_without_end_are_refused(served):
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(OSError):
            for _ in range(200):
                opened.sendall(b"X-Y: " + b"x" * 10_000 + b"\r\n")
        answer = _until_closed(opened)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def _until_closed(opened):
    """Return what is told until the other side closes."""
    received = b""
    with suppress(ConnectionError):
        while content := opened.recv(65_536):
            received += content
    return received


def test_whoever_asks_in_order_is_answered_over_one_connection(served):
    ask = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)) as opened:
        for _ in range(3):
            opened.sendall(ask)
            received = b""
            while b"alive" not in received:
                received += opened.recv(65_536)
            assert received.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "header",
    ["Sec-WebSocket-Key: x", "Sec-WebSocket-Key: \u00e6", "Sec-WebSocket-Version: 99",
     "Sec-WebSocket-Version: x", "Sec-WebSocket-Extensions: ;;=,",
     "Sec-WebSocket-Protocol: ,\u00e6,", "Connection: ,", "Upgrade: \u00e6",
     "Origin: http://[", "Host: ["],
)  # fmt: skip
def test_a_handshake_that_nobody_would_send_is_no_mistake_of_ours(served, header):
    usual = {
        "Host": f"127.0.0.1:{served.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade, close",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    name, _, value = header.partition(": ")
    lines = [f"{name}: {value}" for name, value in {**usual, name: value}.items()]
    text = "\r\n".join(["GET /_stcore/stream HTTP/1.1", *lines, "", ""])
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)) as opened:
        opened.sendall(text.encode("latin-1"))
        answer = opened.recv(100)
    assert answer.startswith(b"HTTP/1.1 ")
    assert answer[9:10] in b"1234"


# -- what it says ---------------------------------------------------------------------------------


def _lines(text):
    """Return the lines of a log; every one of them must be ours."""
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_json_from_the_first_to_the_last_whoever_speaks(tmp_path):
    with serving(tmp_path, _AT_IMPORT) as replica:
        replica.until_ready()
        get(replica.url + PERSON)
        get(f"{replica.url}/falls")
        replica.process.send_signal(signal.SIGTERM)
        assert replica.process.wait(timeout=WAIT) == 0
    text = replica.log.read_text(encoding="utf-8")
    lines = _lines(text)
    assert all({"time", "level", "event", "from"} <= line.keys() for line in lines)
    events = [line["event"] for line in lines]
    assert events[-1] == "stopped"
    assert "a plain print at app.py" in events
    assert "in error from [address]" in events
    assert "puts" in events
    kinds = {line.get("warning") for line in lines}
    assert {"UserWarning", "DeprecationWarning"} <= kinds
    assert "json/decoder.py:7" in [w for line in lines for w in line.get("where", ())]
    wanted = {"uncaught error in a thread", "error while tidying up", "failed"}
    assert wanted <= set(events)
    for trace in ("Nordmann", "203.0.113.77", "127.0.0.1", "kommune=", "/srv/", str(ROOT), "/usr/"):
        assert trace not in text


# The server's loggers are there when its application is imported.
_AT_IMPORT = f"""
import sys
from importlib.abc import MetaPathFinder


class Speaks(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "dashboard":
            sys.meta_path.remove(self)
            exec({_LOUD!r}, {{"__name__": "loud"}})
        return None


sys.meta_path.insert(0, Speaks())
"""


def test_a_crash_says_where_in_lines_of_json(tmp_path):
    crash = _AT_IMPORT.replace(repr(_LOUD), repr("import ctypes; ctypes.string_at(0)"))
    with serving(tmp_path, crash) as replica:
        assert replica.process.wait(timeout=WAIT) == -signal.SIGSEGV
    # The lines are written by a process that outlives the crash.
    text = loops.run(_until_printed(replica, "Segmentation fault"))
    assert any("dashboard" in line["event"] or "File" in line["event"] for line in _lines(text))
    assert str(ROOT) not in text


async def _until_printed(replica, wanted):
    for _ in range(WAIT * 10):
        text = replica.log.read_text(encoding="utf-8")
        if wanted in text and text.endswith("\n"):
            return text
        await asyncio.sleep(0.1)
    pytest.fail(f"nobody said {wanted}")


@pytest.mark.parametrize(
    ("arguments", "environment", "wanted"),
    [
        ([], {"GEO_MAX_SESSIONS": "many"}, "GEO_MAX_SESSIONS"),
        ([], {"GEO_BASE_URL": "kart.example.no"}, "https://kart.example.no/"),
        ([], {"GEO_TRUSTED_PROXIES": "nginx"}, "GEO_TRUSTED_PROXIES"),
        ([], {"GEO_FRAME_ANCESTORS": "everybody"}, "GEO_FRAME_ANCESTORS"),
        ([], {"DATA_DIR": "/nowhere"}, "datapackage.json"),
        (["--host", "0.0.0.0"], {}, "GEO_BASE_URL"),  # noqa: S104 - it is refused
        (["--nothing"], {}, "--nothing"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_lines_of_json(arguments, environment, wanted):
    done = subprocess.run(
        [*serve_command(free_port()), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT * 2,
    )
    assert done.returncode != 0
    assert done.stderr == ""
    lines = _lines(done.stdout)
    assert wanted in " ".join(f"{line['event']} {line.get('problem', '')}" for line in lines)
    assert str(ROOT) not in done.stdout


def test_a_port_that_is_taken_is_told_in_lines_of_json(served):
    done = subprocess.run(
        serve_command(served.port),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT * 2,
    )
    assert done.returncode != 0
    assert done.stderr == ""
    assert any("in use" in line["event"] for line in _lines(done.stdout))


def test_the_log_of_the_server_that_was_tried_here_is_json_too(served):
    """After the tests above: silent sockets, half requests and 221 readers."""
    text = served.log.read_text(encoding="utf-8")
    assert _lines(text)
    assert "127.0.0.1" not in text
    assert "127.0.0.2" not in text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ('File "/a/b/lib/python3.11/asyncio/tasks.py", line 3', 'File "asyncio/tasks.py", line 3'),
        (
            f"in {ROOT}/geo/server/middleware/page_rewriter.py now",
            "in geo/server/middleware/page_rewriter.py now",
        ),
        ("/x/site-packages/streamlit/a.py:1", "streamlit/a.py:1"),
        ("cannot open /home/kari/hemmelig.csv", "cannot open hemmelig.csv"),
        ("from 10.0.0.1:80 and 2001:db8:0:1::7", "from [address] and [address]"),
        ("GET /?q=Kari failed", "GET /? failed"),
        ("version 1.2.3, 12:30", "version 1.2.3, 12:30"),
    ],
)
def test_what_others_say_is_told_without_paths_addresses_and_queries(said, written):
    assert output.plain(said) == written


def test_lines_are_told_whole_and_in_order(tmp_path):
    """Also the one without an end, and one that is too long for a line."""
    source, sink = os.pipe()
    written = tmp_path / "written"
    with written.open("wb") as target:
        command = [sys.executable, output.__file__, str(source)]
        keeper = subprocess.Popen(command, pass_fds=[source], stdout=target)
    os.close(source)
    own = json.dumps({"time": "now", "level": "info", "event": "ours"}).encode()
    deep = b"\n" + b"[" * 90_000 + b"\nend"
    for part in (own[:10], own[10:] + b"\n\nx", b"y\n", b"z" * 250_000, deep):
        os.write(sink, part)
    os.close(sink)
    assert keeper.wait(timeout=WAIT) == 0
    events = [line["event"] for line in _lines(written.read_text(encoding="utf-8"))]
    assert events[:2] == ["ours", "xy"]
    assert sum(event.count("z") for event in events) == 250_000
    assert events[-1] == "end"
