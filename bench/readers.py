"""Readers as they are: each looks, thinks, changes a filter, goes to another page, leaves.

They know no more than a browser does: what they can change, and where they can go, they take from
the elements that the server sends them.
"""

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from bench.client import session

THINK_SECONDS = 10.0
_SHORTEST, _LONGEST, _EVENNESS = 1.0, 40.0, 4.0  # seconds of thinking, and their distribution
_PATIENCE = 60.0  # seconds, then an answer counts as missing

FIRST, CHANGE, PAGE = "first view", "change", "other page"
_MAP = ""
_OTHER_PAGES = ("prosjekter", "fylker", "data", "metode")
_BACK_TO_THE_MAP, _ANOTHER_PAGE, _THE_LANGUAGE = 0.6, 0.12, 0.2  # chances, see Reader.next
_LANGUAGE = "lang"
_FILTERS = (
    *(f"filter-{name}" for name in ("year", "project", "hub", "fylke", "evidence", "colour")),
    *("filter-points", "filter-lines", "filter-one-project", "filter-one-fylke", "uncovered"),
)


class Times:
    """What readers waited for, in seconds, and what went wrong."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._waited: list[tuple[str, float, float]] = []
        self._waiting: dict[object, tuple[str, float]] = {}

    def of(self, kind: str, since: float = 0.0) -> list[float]:
        """Return the waiting times of a kind since a moment, shortest first.

        Who still waits counts with what they have waited so far.
        """
        now = time.monotonic()
        over = [taken for what, begun, taken in self._waited if what == kind and begun >= since]
        still = [now - begun for what, begun in self._waiting.values() if what == kind]
        return sorted(over + still)

    @property
    def answers(self) -> int:
        """How many answers came."""
        return len(self._waited)

    async def time(self, kind: str, act: Awaitable[None]) -> None:
        """Wait for something, and keep how long it took."""
        begun = time.monotonic()
        self._waiting[act] = kind, begun
        try:
            await act
        finally:
            del self._waiting[act]
        self._waited.append((kind, begun, time.monotonic() - begun))


@dataclass
class _Seen:
    """What a run sent that a reader can press."""

    widgets: dict[str, Any] = field(default_factory=dict)  # by the end of their id, which is ours
    links: dict[str, Any] = field(default_factory=dict)  # by page
    failed: str = ""


class Reader:
    """One session, as its browser tab keeps it."""

    def __init__(self, socket: ClientConnection, random: Random) -> None:
        self._socket = socket
        self._random = random
        self._query = ""
        self._page = ""
        self._cached: list[str] = []
        self._seen = _Seen()
        self._here = _MAP

    async def arrive(self) -> None:
        """See the first page."""
        await self._run([])

    async def begin_anew(self, random: Random) -> None:
        """See the first page again, and go on by other chances."""
        self._random, self._query, self._page, self._here = random, "", "", _MAP
        await self._run([])

    async def leave(self) -> None:
        """Close the tab."""
        await self._socket.close()

    def next(self) -> tuple[str, Coroutine[Any, Any, None]]:
        """Return what the reader does next: of which kind it is, and the doing."""
        chance = self._random.random()
        if self._here != _MAP and chance < _BACK_TO_THE_MAP:
            return PAGE, self._go(_MAP)
        others = [page for page in _OTHER_PAGES if page in self._seen.links]
        if others and chance < _ANOTHER_PAGE:
            return PAGE, self._go(self._random.choice(others))
        # An empty page, beside which ours is measured, has neither our filters nor languages.
        filters = [name for name in self._seen.widgets if name in _FILTERS]
        if _LANGUAGE in self._seen.widgets and (chance < _THE_LANGUAGE or not filters):
            name = _LANGUAGE
        else:
            name = self._random.choice(filters or list(self._seen.widgets))
        return CHANGE if self._here == _MAP else PAGE, self._change(name)

    async def _go(self, page: str) -> None:
        link = self._seen.links[page]
        self._page, self._query, self._here = link.page_script_hash, link.query_string, page
        await self._run([])

    async def _change(self, name: str) -> None:
        states = {key: _as_shown(*one) for key, one in self._seen.widgets.items()}
        kind, widget = self._seen.widgets[name]
        states[name] = _changed(kind, widget, self._random)
        await self._run([state for state in states.values() if state is not None])

    async def _run(self, states: list[WidgetState]) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._page
        asked.cached_message_hashes.extend(self._cached)
        asked.widget_states.widgets.extend(states)
        await self._socket.send(message.SerializeToString())
        seen, self._cached = _Seen(), []
        async with asyncio.timeout(_PATIENCE):
            while not self._took(await self._socket.recv(), seen):
                pass
        self._seen = seen
        if seen.failed:
            raise PageFailed(seen.failed)

    def _took(self, content: str | bytes, seen: _Seen) -> bool:
        """Take in a message; say whether it was the run's last."""
        answer = ForwardMsg.FromString(bytes(content))  # type: ignore[arg-type]
        kind = answer.WhichOneof("type")
        if answer.metadata.cacheable:
            self._cached.append(answer.hash)
        if kind == "page_info_changed":
            self._query = answer.page_info_changed.query_string
        elif kind == "new_session":
            self._page = answer.new_session.page_script_hash
        elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            _take(answer.delta.new_element, seen)
        return kind == "script_finished" and answer.script_finished != _EARLY


class PageFailed(Exception):
    """A page showed an error in place of its content."""


_EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_WIDGETS = ("multiselect", "selectbox", "radio", "checkbox", "button_group", "button")


def _take(element: Any, seen: _Seen) -> None:
    kind = element.WhichOneof("type")
    if kind in _WIDGETS:
        widget = getattr(element, kind)
        seen.widgets[widget.id.split("-", 2)[2]] = (kind, widget)
    elif kind == "page_link":
        seen.links[element.page_link.page] = element.page_link
    elif kind == "exception":
        seen.failed = element.exception.type or "exception"


def _as_shown(kind: str, widget: Any) -> WidgetState | None:
    """Return what a browser says of a widget that was not touched."""
    state = WidgetState(id=widget.id)
    if kind == "button":
        return None
    if kind == "checkbox":
        state.bool_value = widget.value if widget.set_value else widget.default
    elif kind in ("multiselect", "button_group"):
        state.string_array_value.data.extend(widget.raw_values)
    else:
        state.string_value = widget.raw_value or widget.options[widget.default]
    return state


def _changed(kind: str, widget: Any, random: Random) -> WidgetState:
    """Return what a browser says of a widget that was just pressed."""
    state = WidgetState(id=widget.id)
    if kind == "button":
        state.trigger_value = True
    elif kind == "checkbox":
        state.bool_value = not (widget.value if widget.set_value else widget.default)
    elif kind == "button_group":
        others = [o.content for o in widget.options if o.content not in widget.raw_values]
        state.string_array_value.data.append(random.choice(others))
    elif kind == "multiselect":
        most = random.choices((0, 1, 2), (2, 5, 2))[0]
        state.string_array_value.data.extend(
            random.sample(list(widget.options), min(most, len(widget.options)))
        )
    else:
        state.string_value = random.choice(list(widget.options))
    return state


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lie."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def thinking(random: Random, mean: float) -> float:
    """Return for how long a reader looks: around the mean, each time and each reader different."""
    return min(max(random.gammavariate(_EVENNESS, mean / _EVENNESS), _SHORTEST), _LONGEST)


async def read(address: str, times: Times, random: Random, think: float, changes: float) -> None:
    """Come, change some things with pauses in between, and go."""
    try:
        async with session(address) as socket:
            reader = Reader(socket, random)
            await times.time(FIRST, reader.arrive())
            done = 0
            while done < changes:
                await asyncio.sleep(thinking(random, think))
                await times.time(*reader.next())
                done += 1
    except (OSError, TimeoutError, WebSocketException, PageFailed) as error:
        times.errors.append(f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(1)  # nobody comes back at once


class Crowd:
    """So many readers at once; who leaves is followed by another."""

    def __init__(self, addresses: Sequence[str], think: float = THINK_SECONDS) -> None:
        self.times = Times()
        self._addresses = addresses
        self._think = think
        self._tasks: set[asyncio.Task[None]] = set()
        self._seeds = count(1)

    async def grow(self, size: int, over: float, stay: float = float("inf")) -> None:
        """Let readers come, one by one, until they are so many; `stay` is in changes."""
        missing = size - len(self._tasks)
        for _ in range(missing):
            self._start(stay)
            await asyncio.sleep(over / missing)

    def _start(self, stay: float) -> None:
        seed = next(self._seeds)
        random = Random(seed)
        changes = stay if stay == float("inf") else random.uniform(stay / 2, stay * 1.5)
        address = self._addresses[seed % len(self._addresses)]
        task = asyncio.create_task(read(address, self.times, random, self._think, changes))
        self._tasks.add(task)

        def left(task: asyncio.Task[None]) -> None:
            if task in self._tasks:
                self._tasks.discard(task)
                self._start(stay)

        task.add_done_callback(left)

    async def leave(self) -> None:
        """Let everybody go."""
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
