"""Run the garbage collector on a timer instead of after every Streamlit rerun.

Streamlit would walk all objects of the process after each rerun, which costs a quarter of the CPU
time with many sessions (.streamlit/config.toml turns that off).
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from geo.server import metrics
from geo.webmap import seats

_EVERY = 15.0  # seconds; a collection stops the process for about 0.2 s


@asynccontextmanager
async def collecting_garbage(every: float = _EVERY) -> AsyncIterator[None]:
    """Collect garbage while the context lasts; freeze the objects that exist when it begins."""
    gc.collect()
    gc.freeze()
    task = asyncio.create_task(_collect(every))
    try:
        yield
    finally:
        task.cancel()


async def _collect(every: float) -> None:
    while True:
        await asyncio.sleep(every)
        seats.free()
        metrics.count_memory()
        gc.collect()
