"""Caches results on the object they were computed from, so that both are freed together."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial, wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from geo.base.clock import today

Owner = TypeVar("Owner")
Rest = ParamSpec("Rest")
Result = TypeVar("Result")
Function: TypeAlias = Callable[Concatenate[Owner, Rest], Result]

_memories: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_listing = Lock()


def cache_on(
    maxsize: int, *, daily: bool = False
) -> Callable[[Function[Owner, Rest, Result]], Function[Owner, Rest, Result]]:
    """Cache up to `maxsize` results on the first argument, keyed by the other arguments.

    The first argument is the owner: a dataset, a register, a boundary set. Unlike a cache on the
    function, which would keep every data package ever opened alive, the results are
    garbage-collected with their owner.

    `daily` adds the current date to the key, for results that contain it.
    """

    def remember(function: Function[Owner, Rest, Result]) -> Function[Owner, Rest, Result]:
        place = f"remembered {function.__module__}.{function.__qualname__}"

        @wraps(function)
        def recall(owner: Owner, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Result:
            memory = vars(owner).get(place)
            if memory is None:
                new = lru_cache(maxsize)(partial(_of_a_day, function, owner))
                # setdefault is atomic: two threads that arrive together share one cache.
                memory = vars(owner).setdefault(place, new)
                with _listing:
                    _memories[memory] = f"{function.__module__}.{function.__qualname__}"
            result: Result = memory(today() if daily else None, *args, **kwargs)
            return result

        return recall

    return remember


def _of_a_day(
    function: Callable[..., Result], owner: object, _day: date | None, *args: Any, **kwargs: Any
) -> Result:
    return function(owner, *args, **kwargs)


def tally() -> dict[str, tuple[int, int]]:
    """Return (hits, misses) of each cached function, summed over the living owners."""
    with _listing:
        known = list(_memories.items())
    hits: Counter[str] = Counter()
    misses: Counter[str] = Counter()
    for memory, name in known:
        about = memory.cache_info()
        hits[name] += about.hits
        misses[name] += about.misses
    return {name: (hits[name], misses[name]) for name in misses}
