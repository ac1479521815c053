"""WebSockets that are counted, and compress with a window that holds the answer before.

Two answers of a session have most of their bytes in common: the filters, the labels, the pages.
uvicorn's own compression has a window of 4 kB, which forgets them within one answer.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

from geo.server import handover

# 32 kB, the most there is: an answer has 20 kB. docs/operations.md has the memory per session.
_WINDOW_BITS = 15
_WINDOW_BITS_OF_READERS = 12  # what they send is small
_MEMORY_LEVEL = 8  # zlib's usual one


class Counted(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, which the workers' table counts until it is closed."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the WebSocket as closed."""
        super().connection_lost(exc)
        worker = handover.current()
        if worker is not None:
            worker.table.close(worker.place)


class Compressing(Counted):
    """A WebSocket that compresses for browsers that offer it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.available_extensions = [
            ServerPerMessageDeflateFactory(
                server_max_window_bits=_WINDOW_BITS,
                client_max_window_bits=_WINDOW_BITS_OF_READERS,
                compress_settings={"memLevel": _MEMORY_LEVEL},
            )
        ]
