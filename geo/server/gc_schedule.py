"""Garbage is collected now and then, not after every run of every reader's page.

Streamlit would walk all of the process's objects after each run: with many readers, a quarter of
what the process does (.streamlit/config.toml turns that off).
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from geo.webmap import seats

_EVERY = 15.0  # seconds; it stops everybody for some 0.2 s


@asynccontextmanager
async def sweeping(every: float = _EVERY) -> AsyncIterator[None]:
    """Collect garbage as long as the context lasts; what is there at its beginning is kept."""
    gc.collect()
    gc.freeze()
    task = asyncio.create_task(_sweep(every))
    try:
        yield
    finally:
        task.cancel()


async def _sweep(every: float) -> None:
    while True:
        await asyncio.sleep(every)
        seats.free()
        gc.collect()
