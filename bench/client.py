"""Readers without browsers: a client that speaks Streamlit's own websocket protocol."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


@dataclass(frozen=True)
class Load:
    """What some sessions got done: reruns per second, and their waiting times in seconds."""

    reruns_per_second: float
    median: float
    p95: float


class Wire(ClientConnection):
    """A connection that counts what comes over the wire, compressed as it is."""

    received = 0  # bytes

    def data_received(self, data: bytes) -> None:
        """Count the bytes."""
        self.received += len(data)
        super().data_received(data)


@dataclass(frozen=True)
class Answer:
    """What a run sent: bytes of its messages before compression, and their number."""

    content: int
    messages: int


async def rerun(socket: ClientConnection, query: dict[str, str]) -> Answer:
    """Ask for a run with another address, wait until it has finished, return what it sent."""
    message = BackMsg()
    message.rerun_script.query_string = urlencode(query)
    await socket.send(message.SerializeToString())
    received = messages = 0
    while True:
        content = await asyncio.wait_for(socket.recv(), timeout=600)
        received += len(content)
        messages += 1
        answer = ForwardMsg()
        answer.ParseFromString(bytes(content))  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "script_finished":
            return Answer(received, messages)


def session(address: str) -> connect:
    """Return a connection as a browser would open it."""
    return connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=address,  # type: ignore[arg-type]
        max_size=None,
        create_connection=Wire,
    )


async def _reader(
    address: str,
    queries: list[dict[str, str]],
    ready: asyncio.Barrier,
    seconds: float,
    times: list[float],
) -> None:
    async with session(address) as socket:
        await rerun(socket, queries[0])
        await ready.wait()
        until = time.monotonic() + seconds
        place = 1
        while time.monotonic() < until:
            begun = time.monotonic()
            await rerun(socket, queries[place % len(queries)])
            times.append(time.monotonic() - begun)
            place += 1


async def load(address: str, queries: list[dict[str, str]], sessions: int, seconds: float) -> Load:
    """Let sessions change their filter as fast as they are answered."""
    times: list[float] = []
    ready = asyncio.Barrier(sessions)
    readers = (_reader(address, queries, ready, seconds, times) for _ in range(sessions))
    await asyncio.gather(*readers)
    # Each session works until its last answer, which may come after the time is up.
    taken = sum(times) / sessions
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return Load(len(times) / taken, ordered[len(ordered) // 2], p95)


@dataclass(frozen=True)
class Sent:
    """What a change of filter sends, medians: bytes of its messages and on the wire, messages."""

    content: int
    wire: int
    messages: int


async def sent_per_change(address: str, queries: list[dict[str, str]]) -> Sent:
    """Return what a change of filter sends over the socket."""
    changes = []
    async with session(address) as socket:
        await rerun(socket, queries[0])
        for n in range(1, 11):
            before = socket.received
            answer = await rerun(socket, queries[n % len(queries)])
            changes.append((answer.content, socket.received - before, answer.messages))
    return Sent(*map(statistics.median_high, zip(*changes, strict=True)))
