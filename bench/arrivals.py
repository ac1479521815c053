"""Readers who all come at once to a server that has just started: what a link in the news does."""

import asyncio
import re
import time
from urllib.parse import urlsplit

from bench.client import rerun, session

READERS = 20
_CONNECTIONS = 6  # that a browser opens to one host
_FILES = re.compile(r'(?:href|src)="\.?(/(?:static|assets)/[^"]+)"')
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


async def first_views(address: str, readers: int = READERS) -> list[float]:
    """Return how long each reader waits for the page, its files and the first view, sorted."""
    return sorted(await asyncio.gather(*(_first_view(address) for _ in range(readers))))


async def _first_view(address: str) -> float:
    begun = time.monotonic()
    page = (await _fetch(address, ["/"], accept="text/html"))[0].decode("utf-8")
    files = list(dict.fromkeys(_FILES.findall(page)))
    # As in a browser, the files of the page come first: without them it opens no socket.
    parts = [files[place::_CONNECTIONS] for place in range(_CONNECTIONS)]
    await asyncio.gather(*(_fetch(address, part) for part in parts))
    async with session(address) as socket:
        await rerun(socket, {})
    return time.monotonic() - begun


async def _fetch(address: str, paths: list[str], accept: str = "*/*") -> list[bytes]:
    """Return the bodies of some files, fetched one after the other over one connection.

    By hand, because a client library takes more of the machine for a file than the server does.
    """
    host = urlsplit(address).netloc
    reader, writer = await asyncio.open_connection(*host.split(":"))
    found = []
    try:
        for path in paths:
            asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n"
            writer.write(f"{asked}Accept-Encoding: gzip\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if not head.startswith(b"HTTP/1.1 200") or length is None:
                raise ConnectionError(f"{path}: {head[:80]!r}")
            found.append(await reader.readexactly(int(length[1])))
    finally:
        writer.close()
    return found
