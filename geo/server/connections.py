"""HTTP timeouts that uvicorn lacks: close idle connections and those that send or read too slowly.

uvicorn waits without limit for the rest of a request, and for a client that does not read its
response.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0  # from connecting, or from a request's first byte, to its last header
WHOLE_SECONDS = 120.0  # to the last byte of the body: 10 MB over a slow line
READING_SECONDS = 60.0  # while the send buffer stays full
LARGEST_HEAD = 65_536  # bytes


class Patient(HttpToolsProtocol):
    """uvicorn's HTTP protocol with timeouts and a limit on header size."""

    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _in_head = False
    _head = 0  # bytes of headers received so far
    _upgraded = False  # to a WebSocket: another protocol has the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the header timeout."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers."""
        self._stop_waiting()
        self._goes_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the data; limit the size of the headers and the time between requests."""
        began_in_head = self._in_head
        super().data_received(data)
        if self._upgraded or self.transport.is_closing():
            return
        if self._in_head and began_in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self.send_400_response("The headers are too large.")
        elif self._asking is None and self.timeout_keep_alive_task is None and not self._ours():
            self._wait(HEAD_SECONDS)  # not even the beginning of a request

    def on_message_begin(self) -> None:
        """Start the timeout for the headers."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if self._asking is None:
            self._wait(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """Start the timeout for the body."""
        super().on_headers_complete()
        self._in_head = False
        self._wait(WHOLE_SECONDS)

    def on_message_complete(self) -> None:
        """Cancel the timeout: the request is complete, and the response is up to us."""
        super().on_message_complete()
        self._stop_waiting()

    def handle_websocket_upgrade(self) -> None:
        """Cancel the timeout: WebSockets have pings of their own."""
        self._stop_waiting()
        self._upgraded = True
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """Start the timeout for the client to read the response."""
        super().pause_writing()
        self._goes_on()
        self._reading = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Cancel the timeout: the client reads again."""
        super().resume_writing()
        self._goes_on()

    def _ours(self) -> bool:
        """Return whether a response is due or being sent."""
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._asking = self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._asking = None
        if self._in_head and self._ours():  # pipelined: the previous response comes first
            self._wait(HEAD_SECONDS)
        else:
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _goes_on(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
