"""Asking a service: patient with its faults, and never more is taken than was agreed."""

import gzip
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geo.errors import AnswerRefused, FetchFailed
from geo.fetch.transfer.progress import Silent
from geo.fetch.transfer.transport import Transport, Wanted
from geo.official.services import MIRROR, SSB, asked_at
from tests import services
from tests.services import HASTY, IMPATIENT, Given, as_json, hasty

PATH = "data.ssb.no/api/x"
WANTED = Wanted(SSB, "https://data.ssb.no/api/x")
CONTENT = b'"' + bytes(range(65, 91)) * 4000 + b'"'


@pytest.fixture
def local():
    with services.running() as running:
        yield running


def stored(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_answer_carries_where_when_and_what(local, tmp_path):
    local.put(PATH, as_json({"æ": 1}, headers={"ETag": '"1"'}))
    answer = hasty(tmp_path).get(WANTED)
    assert answer.json() == {"æ": 1}
    origin = answer.origin
    assert origin.address == "https://data.ssb.no/api/x"
    assert (origin.size, origin.etag, origin.licence) == (9, '"1"', "CC BY 4.0")
    assert len(origin.sha256) == 64


@pytest.mark.parametrize(
    ("mark", "asked"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_what_has_not_changed_is_not_sent_again(local, tmp_path, mark, asked):
    value = '"7"' if mark == "ETag" else "Tue, 24 Nov 2026 00:00:00 GMT"
    sent = as_json([1], headers={mark: value})
    local.put(PATH, lambda q: Given(status=304) if q.headers.get(asked) == value else sent)
    first = hasty(tmp_path).get(WANTED)
    again = hasty(tmp_path).get(WANTED)
    assert again.unchanged
    assert again.content == first.content
    assert again.origin == first.origin


def test_kept_answer_that_was_damaged_is_asked_for_again(local, tmp_path):
    local.put(PATH, as_json([1], headers={"ETag": '"7"'}))
    hasty(tmp_path).get(WANTED)
    next((tmp_path / "answers").glob("*.body")).write_bytes(b"[2]")
    answer = hasty(tmp_path).get(WANTED)
    assert answer.content == b"[1]"
    assert "If-None-Match" not in local.asked[-1].headers


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_passing_faults_are_tried_again(local, tmp_path, status):
    answers = iter([as_json({}, status=status), as_json({}, status=status), as_json([1])])
    local.put(PATH, lambda _: next(answers))
    assert hasty(tmp_path).get(WANTED).content == b"[1]"


@pytest.mark.parametrize(("status", "times"), [(404, 1), (403, 1), (410, 1), (429, 3), (500, 3)])
def test_lasting_faults_end_with_a_plain_message(local, tmp_path, status, times):
    local.put(PATH, as_json({}, status=status))
    with pytest.raises(FetchFailed, match=f"answered {status}.*goes on with the data it has"):
        hasty(tmp_path).get(WANTED)
    assert len(local.asked) == times


def test_a_service_may_say_how_long_to_wait(local, tmp_path):
    answers = iter([as_json({}, status=429, headers={"Retry-After": "1"}), as_json([1])])
    local.put(PATH, lambda _: next(answers))
    transport = Transport(tmp_path, Silent(), replace(HASTY, longest_pause=5))
    started = time.monotonic()
    transport.get(WANTED)
    assert time.monotonic() - started >= 1


def test_two_requests_keep_the_distance_that_the_service_asks_for(local, tmp_path):
    local.put(PATH, as_json([1]))
    service = replace(SSB, pause=0.3)
    transport = Transport(tmp_path, Silent(), replace(HASTY, polite=True))
    started = time.monotonic()
    for _ in range(3):
        transport.get(replace(WANTED, service=service))
    assert time.monotonic() - started >= 0.6


def resuming(asked):
    """Answer as servers do that know ranges, but break off every whole answer."""
    part = asked.headers.get("Range")
    if part and asked.headers.get("If-Range") == '"1"':
        start = int(part.removeprefix("bytes=").rstrip("-"))
        content_range = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        return Given(
            CONTENT[start:], status=206, headers={"Content-Range": content_range, "ETag": '"1"'}
        )
    return Given(CONTENT, headers={"ETag": '"1"'}, cut_after=70_000)


def test_what_was_cut_off_is_taken_up_where_it_ended(local, tmp_path):
    local.put(PATH, resuming)
    assert hasty(tmp_path).get(WANTED).content == CONTENT
    assert local.asked[-1].headers["Range"] == "bytes=70000-"


def test_what_was_cut_off_is_taken_up_by_another_run(local, tmp_path):
    local.put(PATH, Given(CONTENT, headers={"ETag": '"1"'}, cut_after=70_000))
    with pytest.raises(FetchFailed):
        Transport(tmp_path, Silent(), replace(HASTY, attempts=1)).get(WANTED)
    local.put(PATH, resuming)
    assert Transport(tmp_path, Silent(), HASTY).get(WANTED).content == CONTENT
    assert local.asked[-1].headers["Range"] == "bytes=70000-"


def test_a_file_that_changed_in_between_is_taken_from_its_beginning(local, tmp_path):
    local.put(PATH, Given(CONTENT, headers={"ETag": '"1"'}, cut_after=70_000))
    with pytest.raises(FetchFailed):
        Transport(tmp_path, Silent(), replace(HASTY, attempts=1)).get(WANTED)
    local.put(PATH, Given(b'"new"', headers={"ETag": '"2"'}))
    assert Transport(tmp_path, Silent(), HASTY).get(WANTED).content == b'"new"'


def test_wrong_part_is_not_glued_on(local, tmp_path):
    def wrong(asked):
        if "Range" in asked.headers:
            return Given(CONTENT[5:], status=206, headers={"Content-Range": "bytes 5-9/10"})
        return Given(CONTENT, headers={"ETag": '"1"'}, cut_after=None if whole else 70_000)

    whole = False
    local.put(PATH, wrong)
    with pytest.raises(FetchFailed):
        Transport(tmp_path, Silent(), replace(HASTY, attempts=1)).get(WANTED)
    whole = True
    assert Transport(tmp_path, Silent(), HASTY).get(WANTED).content == CONTENT


def test_an_answer_cut_off_without_a_mark_is_never_taken_for_whole(local, tmp_path):
    local.put(PATH, Given(CONTENT, cut_after=70_000))
    with pytest.raises(FetchFailed):
        hasty(tmp_path).get(WANTED)
    assert not list((tmp_path / "answers").glob("*.body"))


@pytest.mark.parametrize("said", [True, False])
def test_more_than_agreed_is_refused_before_it_fills_the_disk(local, tmp_path, said):
    headers = {} if said else {"Content-Length": "", "Transfer-Encoding": "", "Connection": "close"}
    local.put(PATH, Given(b"x" * 5_000_000, headers=headers, cut_after=None if said else 5_000_000))
    with pytest.raises(AnswerRefused, match="larger than agreed"):
        hasty(tmp_path).get(replace(WANTED, limit=100_000))
    assert stored(tmp_path) < 200_000


def test_what_swells_when_unpacked_is_counted_unpacked(local, tmp_path):
    bomb = gzip.compress(b" " * 50_000_000)
    local.put(PATH, Given(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(AnswerRefused, match="larger than agreed"):
        hasty(tmp_path).get(replace(WANTED, limit=1_000_000))
    assert stored(tmp_path) < 2_000_000


def test_drops_are_not_waited_for(local, tmp_path):
    local.put(PATH, Given(b"x" * 1000, pause=0.1, piece=1))
    with pytest.raises(FetchFailed, match="in time"):
        hasty(tmp_path, waits=IMPATIENT).get(WANTED)
    assert stored(tmp_path) < 1000


def test_a_web_page_in_place_of_data_is_told_as_such(local, tmp_path):
    local.put(PATH, Given(b"<html>Log in</html>", media="text/html; charset=utf-8"))
    with pytest.raises(AnswerRefused, match=r"text/html.*login page"):
        hasty(tmp_path).get(WANTED)
    assert len(local.asked) == 1


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 200_000])
def test_what_is_called_json_and_is_not_is_refused(local, tmp_path, content):
    local.put(PATH, Given(content))
    with pytest.raises(AnswerRefused, match="is not JSON"):
        hasty(tmp_path).get(WANTED).json()


def test_a_question_with_a_body_is_kept_apart_from_others(local, tmp_path):
    local.put(PATH, lambda asked: as_json(asked.body))
    transport = hasty(tmp_path)
    for year in ("2015", "2024"):
        assert transport.get(replace(WANTED, body={"year": year})).json() == {"year": year}
    assert {one.method for one in local.asked} == {"POST"}


# -- no internet, a proxy, a mirror --------------------------------------------------------------


def unknown_name(*_, **__):
    raise OSError("Name or service not known")


def test_no_network_is_said_plainly(monkeypatch, tmp_path):
    monkeypatch.delenv(MIRROR, raising=False)
    monkeypatch.setattr("socket.getaddrinfo", unknown_name)
    with pytest.raises(FetchFailed, match=r"cannot be reached.*HTTPS_PROXY.*GEO_MIRROR"):
        hasty(tmp_path).get(WANTED)


def test_mirror_takes_the_place_of_every_service(monkeypatch):
    monkeypatch.setenv(MIRROR, "http://mirror.example/geo/")
    address = "https://data.ssb.no/api/x?year=2015"
    assert asked_at(address) == "http://mirror.example/geo/data.ssb.no/api/x?year=2015"
    monkeypatch.setenv(MIRROR, "")
    assert asked_at(address) == address


def test_a_mirror_that_is_down_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:9")
    with pytest.raises(FetchFailed, match=r"mirror 127\.0\.0\.1.*GEO_MIRROR"):
        hasty(tmp_path).get(WANTED)


@pytest.fixture
def proxy(monkeypatch):
    """A proxy that answers for every host, and remembers what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, content = (407, b"") if "closed" in self.path else (200, b"[1]")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv(MIRROR, raising=False)
    yield asked
    server.shutdown()
    server.server_close()


def test_a_proxy_in_the_environment_is_used(proxy, tmp_path):
    address = "http://services.example/api"
    assert hasty(tmp_path).get(replace(WANTED, address=address)).content == b"[1]"
    assert proxy == [address]


@pytest.mark.usefixtures("proxy")
def test_a_proxy_that_wants_a_password_is_told(tmp_path):
    with pytest.raises(FetchFailed, match="407"):
        hasty(tmp_path).get(replace(WANTED, address="http://services.example/closed"))


# -- the disk ------------------------------------------------------------------------------------


def test_full_disk_is_said_and_loses_nothing(local, tmp_path, monkeypatch):
    local.put(PATH, as_json([1], headers={"ETag": '"1"'}))
    hasty(tmp_path).get(WANTED)
    part = next((tmp_path / "answers").glob("*.body")).with_suffix(".part")
    part.symlink_to("/dev/full")
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_, **__: None)
    local.put(PATH, as_json([2], headers={"ETag": '"2"'}))
    with pytest.raises(FetchFailed, match="No space left"):
        hasty(tmp_path).get(WANTED)
    assert next((tmp_path / "answers").glob("*.body")).read_bytes() == b"[1]"
