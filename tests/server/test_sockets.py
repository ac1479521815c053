"""Sockets on the wire: what they compress, for whom, and what they refuse."""

import asyncio
import random
from contextlib import suppress

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bench.client import Wire
from geo import settings
from geo.server import uvicorn_server
from tests import loops

# An answer that cannot be compressed by itself, larger than what uvicorn's own window holds.
ANSWER = random.Random(1).randbytes(20_000)


async def answering(_scope, receive, send):
    """Send the same answer to whatever a reader says."""
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "websocket.send", "bytes": ANSWER})


async def _met(reader, **options):
    """Return what a reader makes of a server of ours."""
    server = uvicorn.Server(uvicorn_server.config(answering, "127.0.0.1", 0))
    server.config.lifespan = "off"
    async with asyncio.TaskGroup() as group:
        group.create_task(server._serve())
        while not server.started:  # noqa: ASYNC110 - it does not tell when
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        address = f"ws://127.0.0.1:{port}/"
        async with connect(address, create_connection=Wire, **options) as socket:
            found = await reader(socket)
        server.should_exit = True
    return found


async def _two_answers(socket):
    """Return the bytes on the wire of two answers, and how the socket is compressed."""
    sizes = []
    for _ in range(2):
        before = socket.received
        await socket.send("next")
        assert await socket.recv() == ANSWER
        sizes.append(socket.received - before)
    offered = socket.response.headers.get("Sec-WebSocket-Extensions", "")
    return sizes, offered


def test_an_answer_like_the_one_before_costs_next_to_nothing():
    (first, second), how = loops.run(_met(_two_answers))
    assert first > len(ANSWER)
    assert second < len(ANSWER) / 50
    assert "permessage-deflate" in how


def test_a_reader_who_does_not_offer_compression_gets_none():
    sizes, how = loops.run(_met(_two_answers, compression=None))
    assert min(sizes) > len(ANSWER)
    assert how == ""


def test_a_setting_turns_compression_off(monkeypatch):
    monkeypatch.setattr(settings, "COMPRESS_SOCKETS", False)
    sizes, how = loops.run(_met(_two_answers))
    assert min(sizes) > len(ANSWER)
    assert how == ""


async def _large_message(socket):
    with suppress(ConnectionClosed):
        await socket.send(bytes(uvicorn_server.LARGEST_MESSAGE + 1))
        await socket.recv()
    return socket.close_code


@pytest.mark.parametrize("compression", ["deflate", None])
def test_a_message_that_is_too_large_closes_the_socket_also_when_it_came_in_few_bytes(compression):
    assert loops.run(_met(_large_message, compression=compression)) == 1009
