"""More than one machine, proved on one: nginx in front of three replicas, which die and restart."""

import asyncio
import itertools
import re
import secrets
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Browser, expect
from websockets.asyncio.client import ClientConnection, connect

from bench.client import rerun
from geo.webmap.geometry_routes import geometry_url
from tests import loops, patience, published
from tests.replicas import Front, Ports, Replica, get, needs_nginx, nginx
from tests.stories.conftest import DESKTOP, Reader

READERS = 30
SEAT = re.compile(r"geo_seat=([0-9a-f]{32}); Path=/; Secure; HttpOnly; SameSite=Lax")
VIEW = "/?year=2020&project=voss&drawer=table"


@pytest.fixture(scope="module")
def ports() -> Ports:
    return Ports()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory, ports) -> Iterator[list[Replica]]:
    needs_nginx()
    folder = tmp_path_factory.mktemp("replicas")
    started = [Replica(folder, environment=ports.environment).start() for _ in range(3)]
    yield started
    for replica in started:
        replica.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def front(replicas, ports, dataset, tmp_path_factory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    # The edition of one year and one kommune: nginx serves the rest in the same way.
    few = replace(dataset.choices, years=(2015,), kommuner=frozenset({"0301"}), fylker={2015: ()})
    site = published.write(replace(dataset, choices=few), folder / "site")
    for replica in replicas:
        replica.until_ready()
    with nginx(folder, site, [replica.port for replica in replicas], ports) as running:
        yield running


def _seat(front: Front) -> str:
    """Open the first page as a browser without cookies does; return the seat it is given."""
    with urllib.request.urlopen(f"{front.dashboard}/", context=front.trust) as answer:  # noqa: S310
        found = SEAT.fullmatch(answer.headers["Set-Cookie"])
    assert found is not None
    return found[1]


async def _sit_down(front: Front, seat: str) -> ClientConnection:
    socket = await connect(
        f"{front.dashboard.replace('https', 'wss')}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=front.dashboard,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"geo_seat={seat}"},
        ssl=front.trust,
        max_size=None,
    )
    await rerun(socket, {"year": "2020"})
    return socket


def _sessions(replicas: list[Replica]) -> list[int]:
    return [int(replica.counted("geo_sessions")) for replica in replicas]


async def _come_and_come_again(front: Front, replicas: list[Replica]) -> list[int]:
    seats = [_seat(front) for _ in range(READERS)]
    sockets = [await _sit_down(front, seat) for seat in seats]
    spread = _sessions(replicas)
    # Whoever comes a second time comes to the same replica.
    again = await _sit_down(front, seats[0])
    with_two = _sessions(replicas)
    await again.close()
    await sockets[0].close()
    await patience.until_async(lambda: sum(_sessions(replicas)) == READERS - 1)
    with_none = _sessions(replicas)
    assert sorted(a - b for a, b in zip(with_two, with_none, strict=True)) == [0, 0, 2]
    for socket in sockets:
        await socket.close()
    return spread


def test_readers_spread_over_all_replicas_and_keep_their_seats(front, replicas):
    spread = loops.run(_come_and_come_again(front, replicas))
    print(f"{READERS} readers sit as {spread}")
    assert sum(spread) == READERS
    assert min(spread) >= 1
    assert max(spread) <= 24  # far off what chance does to a third of 30


def test_counts_and_probes_are_not_for_the_world(front):
    for path in ("/metrics", "/_stcore/metrics", "/readyz", "/healthz"):
        assert get(front.dashboard + path, context=front.trust)[0] == 404


def test_what_is_the_same_for_everybody_comes_from_nginx_after_the_first_time(
    front, replicas, dataset
):
    address = front.dashboard + geometry_url(dataset.boundaries(2018), "normal")
    first = get(address, context=front.trust, Accept_Encoding="gzip")
    asked = sum(replica.counted("geo_requests_total") for replica in replicas)
    for coding in ("gzip", "gzip, deflate, br", "br, GZIP"):
        assert get(address, context=front.trust, Accept_Encoding=coding) == first
    # What the counting itself asks for: three requests for /metrics.
    assert sum(replica.counted("geo_requests_total") for replica in replicas) - asked <= 3


# -- whoever calls it otherwise -------------------------------------------------------------------

FALSE = "falsk-regjeringen.example"
PICTURE = "/picture/preview.png?year=2020&project=voss"


def _stored(front: Front) -> list[bytes]:
    """Return everything that nginx keeps for others."""
    return [path.read_bytes() for path in (front.folder / "cache").rglob("*") if path.is_file()]


def test_a_false_name_is_refused_and_leaves_nothing_in_what_is_kept_for_all(front, replicas):
    before = len(_stored(front))
    address = front.dashboard + PICTURE
    status, content = get(address, context=front.trust, Host=FALSE)
    assert (status, FALSE.encode() in content) == (421, False)
    assert len(_stored(front)) == before
    status, picture = get(address, context=front.trust)
    assert status == 200
    # The replica draws the same: what nginx kept is what the true name shows.
    drawn = get(replicas[0].url + PICTURE, Host=front.dashboard.removeprefix("https://"))
    assert drawn == (200, picture)
    assert not [one for one in _stored(front) if FALSE.encode() in one]


@pytest.mark.parametrize("name", [FALSE, f"{FALSE}:443", "x" * 5000, "", "127.0.0.1.example"])
def test_a_name_that_is_not_ours_is_told_so_on_every_port(front, name):
    for address in (f"{front.dashboard}/", f"{front.public}/", f"{front.plain}/"):
        assert get(address, context=front.trust, Host=name)[0] in {400, 421}


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "Forwarded", "X-Original-Host"]
)
def test_no_other_header_gets_a_name_into_a_page(front, header):
    sent = {header.replace("-", "_"): f"host={FALSE}" if header == "Forwarded" else FALSE}
    for path in ("/?project=voss", "/nothing", "/api", "/api/v1/openapi.json", "/robots.txt"):
        _, page = get(front.dashboard + path, context=front.trust, Accept="text/html", **sent)
        assert FALSE.encode() not in page


def test_the_preview_picture_has_the_servers_own_address(front):
    page = get(f"{front.dashboard}/?project=voss", context=front.trust, Accept="text/html")[1]
    assert f'"og:image" content="{front.dashboard}/picture/preview.png?'.encode() in page


def test_an_address_without_tls_leads_to_the_one_with_it(front):
    asked = urllib.request.Request(f"{front.plain}/prosjekter?year=2020")  # noqa: S310
    opener = urllib.request.build_opener(_Stay)
    with pytest.raises(urllib.error.HTTPError) as redirect:
        opener.open(asked, timeout=patience.SECONDS)
    assert redirect.value.code == 301
    assert redirect.value.headers["Location"] == "https://127.0.0.1/prosjekter?year=2020"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


async def _neighbours(front: Front, replicas: list[Replica], doomed: Replica) -> None:
    """Kill a replica while others sit elsewhere; these must notice nothing."""
    sockets = [await _sit_down(front, secrets.token_hex(16)) for _ in range(8)]
    others = [replica for replica in replicas if replica is not doomed]
    elsewhere = sum(_sessions(others))
    await asyncio.to_thread(doomed.stop, signal.SIGKILL)

    def alive() -> list[ClientConnection]:
        return [socket for socket in sockets if socket.state.name == "OPEN"]

    # Those of the dead replica are told; all others go on, and can be used.
    await patience.until_async(lambda: len(alive()) <= elsewhere)
    for socket in alive():
        assert (await rerun(socket, {"year": "2018"})).content
    assert len(alive()) == elsewhere
    for socket in sockets:
        await socket.close()


def test_a_reader_whose_replica_dies_is_back_at_the_same_view_and_nobody_else_notices(
    browser: Browser, front, replicas
):
    context = browser.new_context(ignore_https_errors=True, locale="nb-NO", viewport=DESKTOP)
    context.set_default_timeout(patience.MILLISECONDS)
    reader = Reader(context.new_page(), front.dashboard).watch()
    page = reader.open(VIEW)
    reader.map_drawn()
    title = page.locator("h1").first.inner_text()
    assert "2020" in title
    loaded = []
    page.on("load", lambda: loaded.append(page.url))
    doomed = next(replica for replica in replicas if replica.counted("geo_sessions"))
    with page.expect_websocket():
        loops.run(_neighbours(front, replicas, doomed))
    others = [replica for replica in replicas if replica is not doomed]
    patience.until(lambda: sum(_sessions(others)) == 1, "the reader's seat at another replica")
    reader.settled()
    expect(page.locator("h1").first).to_have_text(title)
    assert page.url == front.dashboard + VIEW
    # It is a page that works and not the picture of one: files made for it can be taken away …
    with page.expect_download() as download:
        page.get_by_role("button", name="Last ned det som vises").click()
    assert "Voss" in download.value.path().read_text("utf-8-sig")
    # … and its filters filter.
    page.get_by_role("button", name="2024", exact=True).or_(
        page.get_by_role("radio", name="2024", exact=True)
    ).first.click()
    expect(page.locator("h1").first).to_contain_text("2024")
    expect(page).to_have_url(re.compile("year=2024"))
    assert sum(_sessions(others)) == 1
    assert loaded == []
    context.close()


def _keep_asking(front: Front, urls: list[str], stop: threading.Event, statuses: list[str]) -> None:
    """Ask for one thing after the other until told to stop; write down what came for each."""
    for url in itertools.cycle(urls):
        # Another Accept is another entry in nginx's store: the replicas must answer.
        accept = f"*/*;n={secrets.token_hex(8)}"
        try:
            statuses.append(str(get(url, context=front.trust, Accept=accept)[0]))
        except OSError as error:
            statuses.append(f"{error!r} {url}")
        if stop.wait(0.2):  # the processes that start need most of the machine
            break


def _has_answered(replica: Replica) -> bool:
    return replica.counted("geo_requests_total", kind="api") > 5


def test_a_rolling_restart_drops_no_request(front, replicas, dataset):
    """The replica that the test above killed, if it ran, is the first to come back."""
    replicas = sorted(replicas, key=lambda replica: replica.alive)
    own = [
        geometry_url(dataset.boundaries(2015), "overview"),
        "/api/v1/coverage?project=voss",
        "/api/v1/hubs",
    ]
    urls = [*(front.dashboard + path for path in own), f"{front.public}/", f"{front.public}/en/"]
    stop, statuses = threading.Event(), []
    with ThreadPoolExecutor(2) as askers:
        asking = [askers.submit(_keep_asking, front, urls, stop, statuses) for _ in range(2)]
        try:
            for replica in replicas:
                if replica.alive:
                    assert replica.stop(signal.SIGTERM) == 0
                replica.start().until_ready()
                # Each takes its share of the questions before the next one leaves.
                patience.until(partial(_has_answered, replica))
        finally:
            stop.set()
        for future in asking:
            future.result()
    print(f"{len(statuses)} requests during a rolling restart")
    assert [line for line in statuses if line != "200"] == []
