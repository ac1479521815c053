"""What is drawn from somebody's own data is theirs, and gone when their socket is closed."""

from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from geo.dataset import package
from geo.settings import ROOT
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.webmap import seats
from geo.webmap.geometry_routes import geometries
from geo.webmap.geometry_routes import routes as own_routes
from tests import loops

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"


async def page(socket):
    """Stand in for Streamlit: tell the page's seat, and stay until the reader leaves."""
    await socket.accept()
    await socket.send_text(",".join(socket.headers.getlist(seats.HEADER)))
    await socket.receive()


async def media(request):
    return Response(b"own", media_type=request.query_params["type"])


@pytest.fixture
def server():
    routes = [WebSocketRoute("/stream", page), Route("/media/{name}", media), *own_routes()]
    return TestClient(seats.Seats(Starlette(routes=routes)))


@contextmanager
def reader(server, **headers):
    with server.websocket_connect("/stream", headers=headers) as socket:
        yield socket.receive_text()
        socket.send_text("leave")


def ask(server, media_type):
    return server.get("/media/a.png", params={"type": media_type})


def test_own_files_are_served_uncached_while_the_tab_is_open_and_to_nobody_after(server):
    with reader(server) as seat:
        answer = ask(server, seats.marked("image/png", seat))
        assert (answer.status_code, answer.content) == (200, b"own")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, no-store"
    answer = ask(server, seats.marked("image/png", seat))
    assert (answer.status_code, answer.content) == (404, b"Not found.")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("seat", ["", "never-taken"])
def test_a_file_without_an_open_tab_is_served_to_nobody(server, seat):
    assert ask(server, seats.marked("text/csv", seat)).status_code == 404


def test_everybodys_files_are_served_and_kept_by_no_cache(server):
    answer = ask(server, "image/png")
    assert (answer.status_code, answer.content) == (200, b"own")
    assert answer.headers["cache-control"] == "private, no-store"


def test_no_reader_can_name_the_seat_of_another(server):
    with reader(server, **{seats.HEADER: "chosen"}) as seat:
        assert "chosen" not in seat
        assert len(seat) >= 20
        assert ask(server, seats.marked("image/png", "chosen")).status_code == 404


def test_the_shapes_of_own_data_are_lent_only_while_the_tab_is_open(server, monkeypatch):
    dataset = opened([Dropped("p.zip", package.archive(package.load(EXAMPLE)))], "nb").dataset
    own = dict.fromkeys(geometries(dataset), b"")
    # Shapes of one's own: those of the examples are everybody's.
    monkeypatch.setattr(
        "geo.webmap.geometry_routes.geometries", lambda one: own if one is dataset else {}
    )
    name = next(iter(own))
    own[name] = next(iter(dataset.boundaries(2015).levels.values()))
    with reader(server) as seat:
        seats.hold(seat, "session", dataset)
        answer = server.get(f"/geo/{name}.json")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        seats.hold(seat, "session", None)
        assert server.get(f"/geo/{name}.json").status_code == 404
        seats.hold(seat, "session", dataset)
    assert server.get(f"/geo/{name}.json").status_code == 404
    seats.hold(seat, "session", dataset)  # a run that ends after its reader left
    assert server.get(f"/geo/{name}.json").status_code == 404


def test_what_a_reader_held_is_freed_step_by_step_some_time_after_they_left(server):
    done = []
    with reader(server) as seat:
        seats.hold(
            seat, "session", None, (lambda: done.append("session"), lambda: done.append("files"))
        )
        seats.free(0)
        assert done == []
    seats.free(3600)
    assert done == []
    seats.free(0)
    assert done == ["session"]
    seats.free(0)
    seats.free(0)
    assert done == ["session", "files"]


def test_a_step_that_fails_stops_no_other(server):
    done = []
    for step in (lambda: 1 / 0, lambda: done.append("other")):
        with reader(server) as seat:
            seats.hold(seat, "session", None, (step,))
    seats.free(0)
    assert done == ["other"]


def test_a_socket_that_breaks_gives_up_its_seat_too():
    seen = []

    async def breaks(scope, *_):
        seen.append(dict(scope["headers"])[seats.HEADER.encode()].decode())
        raise ConnectionError

    with pytest.raises(ConnectionError):
        loops.run(seats.Seats(breaks)({"type": "websocket", "headers": []}, None, None))
    assert seen[0] not in seats._open
