"""A server with readers, looked at from inside its own process: what do they leave behind?

Run as `python -m tests.inside`; prints one line of JSON. Its own process, because Streamlit has
one runtime per process.
"""

import asyncio
import gc
import json
import threading
import tracemalloc
from random import Random

import uvicorn
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession

from bench.client import session
from bench.readers import Reader
from tests import patience

PORT = 8671
ADDRESS = f"http://127.0.0.1:{PORT}"
READERS, CHANGES, ROUNDS = 4, 4, 2


def main() -> None:
    """Serve, let readers come and go, and tell what is left."""
    config = uvicorn.Config("dashboard:app", port=PORT, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        patience.until(lambda: server.started)
        print(json.dumps(asyncio.run(look())))
    finally:
        server.should_exit = True
        thread.join()


async def look() -> dict[str, float]:
    """Return what readers hold, and what is left of them."""
    await leave([await come()])  # what the first one loads is nobody's
    forget()
    threads = threading.active_count()
    tracemalloc.start()
    empty = traced()
    readers = [await come() for _ in range(READERS)]
    opened = traced()
    while_open = sessions()
    for _ in range(ROUNDS):
        await again(readers[0])
    changed = traced()
    await leave(readers)
    forget()
    return {
        "readers": READERS,
        "while_open": while_open,
        "mb_per_session": (opened - empty) / READERS / 1e6,
        "kb_per_rerun": (changed - opened) / (ROUNDS * (CHANGES + 1)) / 1e3,
        "left": sessions(),
        "threads_left": threading.active_count() - threads,
    }


async def come() -> Reader:
    """Return a reader who has looked at some views, always the same ones."""
    reader = Reader(await session(ADDRESS), Random(1))
    await again(reader)
    return reader


async def again(reader: Reader) -> None:
    """Let a reader walk the same way once more."""
    await reader.begin_anew(Random(1))
    for _ in range(CHANGES):
        await reader.next()[1]


async def leave(readers: list[Reader]) -> None:
    """Let readers go, and wait until the server knows."""
    for reader in readers:
        await reader.leave()
    await patience.until_async(lambda: not Runtime.instance()._session_mgr.num_active_sessions())


def forget() -> None:
    """Forget lost sessions at once, which Streamlit does after two minutes."""
    storage = Runtime.instance()._session_mgr._session_storage
    for lost in storage.list():
        lost.session.shutdown()
        storage.delete(lost.session.id)
    patience.until(lambda: not any("scriptThread" in one.name for one in threading.enumerate()))


def traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def sessions() -> int:
    """Return how many of Streamlit's sessions are alive."""
    gc.collect()
    return sum(isinstance(found, AppSession) for found in gc.get_objects())


if __name__ == "__main__":
    main()
