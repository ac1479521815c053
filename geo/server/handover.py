"""Pass a connection on to the worker of its session, with the request that has been read.

Workers accept from one port, so a request may reach a worker that does not have its session: the
reader's browser connects again, uploads a file, or asks for one that was made for it. The
connection itself is passed on (SCM_RIGHTS): no proxy, and no cookie that a frame on another site
would not get.

Nobody knows which worker has a file. The connection goes from each to the next, and the last one
answers.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import Scope

from geo.server.connections import Patient
from geo.server.worker_table import WorkerTable
from geo.webmap import seats

_EXTENSION, _CONNECTION = "naeringshagekart.handover", "connection"  # in an ASGI scope
_SUBPROTOCOL = b"sec-websocket-protocol"
_EXISTING = 2  # in it Streamlit's browser code sends the id of the session to connect to again
_SENT = 2  # descriptors: the connection, and what was read
_SETTLED = 255  # instead of the number of workers that do not have it: the taker keeps it


@dataclass(frozen=True)
class Worker:
    """This process among the workers: its place, and a channel to each."""

    table: WorkerTable
    place: int
    inbox: socket.socket
    outboxes: tuple[socket.socket, ...]

    def following(self, asked: int) -> Iterator[tuple[int, int]]:
        """Yield the workers to ask next, and how many are asked then, if `asked` were."""
        for step in range(1, self.table.workers - asked):
            place = (self.place + step) % self.table.workers
            if self.table.alive(place):
                yield place, asked + step

    def least_load(self) -> int:
        """Return the number of WebSockets of the worker that has the fewest."""
        return self.table.load(self.table.least_loaded())

    def taker(self) -> int:
        """Return the worker for a new session: this one, unless another has fewer WebSockets."""
        least = self.table.least_loaded()
        return least if self.table.load(least) < self.table.load(self.place) else self.place

    def keep(self) -> None:
        """Count a WebSocket that stays here."""
        self.table.give(self.place, self.place)


@dataclass
class _State:
    worker: Worker | None = None


_state = _State()


def join(worker: Worker) -> None:
    """Make this process one of several workers."""
    _state.worker = worker


def current() -> Worker | None:
    """Return this process among the workers; None if it is alone."""
    return _state.worker


def channels(workers: int) -> tuple[tuple[socket.socket, socket.socket], ...]:
    """Return each worker's inbox, and the socket that sends to it; none blocks."""
    made = tuple(socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(workers))
    for inbox, outbox in made:
        inbox.setblocking(False)
        outbox.setblocking(False)
    return made


class Passing(Patient):
    """An HTTP connection of one of several workers; another may have read its beginning."""

    _asked = 0  # workers that do not have what this request is for
    _carried = b""  # what they had read of it
    _given = False  # to another worker: nothing more is read or written here

    def carry(self, content: bytes, asked: int) -> None:
        """Begin with what other workers have read."""
        self._carried, self._asked = content, asked

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Read what others have read before anything that arrives."""
        super().connection_made(transport)
        if self._carried:
            self.data_received(self._carried)
            self._carried = b""

    def on_message_begin(self) -> None:
        """Forget who was asked for the request before."""
        super().on_message_begin()
        if not self._carried:
            self._asked = 0

    def on_headers_complete(self) -> None:
        """Let the application pass the request on."""
        self.scope["extensions"] = {_EXTENSION: {_CONNECTION: self}}
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """Keep a WebSocket, or give it to the worker of its session or with the fewest."""
        worker = _state.worker
        if worker is not None and self._asked != _SETTLED:
            if not self._ours() and self._given_away(worker):
                return
            worker.keep()
        super().handle_websocket_upgrade()

    def _given_away(self, worker: Worker) -> bool:
        session = _existing_session(self.headers)
        if session and seats.here(session):
            return False
        return bool(session and self._give_to_next(worker)) or self._give_to_least_loaded(worker)

    def pass_on(self) -> bool:
        """Pass the request that is answered now on to the next worker; return whether it was.

        It is not if all workers were asked, if another request was read, or if the body came in
        chunks, whose lengths are gone.
        """
        worker = _state.worker
        if worker is None or self.pipeline or self.cycle.scope is not self.scope:
            return False
        if self.cycle.response_started or _has(self.headers, b"transfer-encoding"):
            return False
        self._given = self._give_to_next(worker, bytes(self.cycle.body))
        self.cycle.disconnected |= self._given  # uvicorn misses no response then
        return self._given

    @property
    def given(self) -> bool:
        """Whether the connection is another worker's now."""
        return self._given

    def _give_to_next(self, worker: Worker, body: bytes = b"") -> bool:
        following = worker.following(self._asked)
        return any(self._give(worker, taker, asked, body) for taker, asked in following)

    def _give_to_least_loaded(self, worker: Worker) -> bool:
        taker = worker.taker()
        if taker == worker.place or not self._give(worker, taker, _SETTLED):
            return False
        worker.table.give(worker.place, taker)
        return True

    def _give(self, worker: Worker, taker: int, asked: int, body: bytes = b"") -> bool:
        """Send the connection and what was read of its request; return whether it was taken."""
        if self.transport.get_write_buffer_size():
            return False  # of an earlier answer
        connection = self.transport.get_extra_info("socket").fileno()
        try:
            with _in_memory(self._read_so_far() + body) as content:
                socket.send_fds(worker.outboxes[taker], [bytes([asked])], [connection, content])
        except OSError:  # the channel is full, or no descriptor is left: it is answered here
            return False
        self.transport.abort()  # the taker's copy stays open
        return True

    def _read_so_far(self) -> bytes:
        """Return the head of the request, as uvicorn writes it for a WebSocket."""
        method, version = self.scope["method"], self.scope["http_version"]
        first = b"%b %b HTTP/%b" % (method.encode("ascii"), self.url, version.encode("ascii"))
        lines = [first, *(b"%b: %b" % header for header in self.headers)]
        return b"\r\n".join([*lines, b"", b""])


def connection_of(scope: Scope) -> Passing | None:
    """Return the connection of a request that may be passed on."""
    found: Passing | None = scope.get("extensions", {}).get(_EXTENSION, {}).get(_CONNECTION)
    return found


def received(inbox: socket.socket) -> Iterator[tuple[socket.socket, bytes, int]]:
    """Yield the connections in an inbox: each with what was read, and how many were asked."""
    while True:
        try:
            asked, descriptors, _, _ = socket.recv_fds(inbox, 1, _SENT)
        except BlockingIOError:
            return
        if len(descriptors) != _SENT:  # this process has no descriptor left
            for descriptor in descriptors:
                os.close(descriptor)
            continue
        connection = socket.socket(fileno=descriptors[0])
        connection.setblocking(False)
        with os.fdopen(descriptors[1], "rb") as content:
            content.seek(0)
            yield connection, content.read(), asked[0]


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """Yield a file descriptor with a content of any length, which never reaches a disk."""
    descriptor = os.memfd_create("request")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        yield descriptor


def _has(headers: list[tuple[bytes, bytes]], name: bytes) -> bool:
    return any(one == name for one, _ in headers)


def _existing_session(headers: list[tuple[bytes, bytes]]) -> str:
    """Return the id of the session that a browser had before it lost its connection, or ""."""
    sent = next((value for name, value in headers if name == _SUBPROTOCOL), b"")
    parts = sent.decode("latin-1").split(",")
    return parts[_EXISTING].strip() if len(parts) > _EXISTING else ""
