"""Caches results: how long, how many, and frozen so that callers cannot change them.

One rule. A result computed from an owner (a dataset, a register, a boundary set) is cached by
`cache_on`, lives on the owner and is freed with it. A result without an owner (from a file of ours,
a setting, a number to be formatted) is cached by functools: `cache` where few values exist,
`lru_cache` where their number is unbounded. Sizes are in the table below, with reasons.

Shared frames are frozen: their arrays are read-only, and callers get a shallow copy, so that
pandas' copy-on-write keeps changes from other callers. `cache_on` does this for results, `lends`
for the fields of a class. A copy takes 10 to 200 microseconds, depending on the number of columns.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial, wraps
from threading import Lock
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from geo.base.clock import today


class Size(NamedTuple):
    """How many results of a function are kept, and why that many."""

    most: int
    why: str


# -- by owner ---------------------------------------------------------------------------------
OWNER = Size(1, "there is nothing to ask but the owner")
LEVELS = Size(16, "a boundary set has three levels of detail, with and without a map beneath")
YEARS = Size(64, "a dozen years have registers; some are asked for in each language")
YEAR_PAIRS = Size(256, "of a dozen years, each with each")
KOMMUNER = Size(4096, "three times what a register has: some 430 numbers in four structure years")
PROJECTS = Size(64, "a programme has some ten projects, told in each language and structure year")
TABLES = Size(64, "a package has some fifteen tables, told in each language")
SUMS = Size(512, "a few kilobytes each; a page asks for those of every county")
VIEWS = Size(256, "a quarter of a megabyte each; readers ask for the same hundred over and over")
VIEW_TABLES = Size(128, "as heavy as views, and asked for by those who scroll down to the table")
COUNTS = Size(64, "only what views that differ in their counties share")
ALTERNATIVES = Size(16, "up to 64 mixes each, and used at once by the sums of all counties")
DRAWINGS = Size(32, "half a second and half a megabyte each; a link to one is opened by several")
PICTURES = Size(64, "as drawings; they also stand in the previews of links")
FACTSHEETS = Size(16, "as drawings, with all their pages")
# -- without an owner ---------------------------------------------------------------------------
SETTINGS = Size(4, "there is one at a time; tests use a few")
VERSIONS = Size(4, "datasets of tens of megabytes: the one in use and those last linked to")
SHAPES = Size(
    4, "megabytes each: the embedded set's levels, which every dataset draws, and a file's"
)
SENT = Size(16, "up to 200 kB each; every dataset sends those of its sets, mostly the same")
DESCRIPTIONS = Size(2, "the dataset in use and the one before it")
ANSWERS = Size(128, "up to a megabyte each; programs ask for the same few again and again")
NUMBERS = Size(8192, "the same inhabitants and areas stand in every table")

Owner = TypeVar("Owner")
Rest = ParamSpec("Rest")
Result = TypeVar("Result")
Class = TypeVar("Class", bound=type)
Function: TypeAlias = Callable[Concatenate[Owner, Rest], Result]

_caches: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_listing = Lock()


def cache_on(
    size: Size, *, daily: bool = False
) -> Callable[[Function[Owner, Rest, Result]], Function[Owner, Rest, Result]]:
    """Cache up to `size` results on the first argument, keyed by the other arguments.

    The first argument is the owner: a dataset, a register, a boundary set. Unlike a cache on the
    function, which would keep every data package ever opened alive, the results are
    garbage-collected with their owner. A frame is returned as a shallow copy.

    `daily` adds the current date to the key, for results that contain it.
    """

    def cached(function: Function[Owner, Rest, Result]) -> Function[Owner, Rest, Result]:
        place = f"cached {function.__module__}.{function.__qualname__}"

        @wraps(function)
        def lookup(owner: Owner, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Result:
            cache = vars(owner).get(place)
            if cache is None:
                new = lru_cache(size.most)(partial(_of_a_day, function, owner))
                # setdefault is atomic: two threads that arrive together share one cache.
                cache = vars(owner).setdefault(place, new)
                with _listing:
                    _caches[cache] = f"{function.__module__}.{function.__qualname__}"
            result: Result = cache(today() if daily else None, *args, **kwargs)
            return lent(result)

        return lookup

    return cached


def _of_a_day(
    function: Callable[..., Result], owner: object, _day: date | None, *args: Any, **kwargs: Any
) -> Result:
    return frozen(function(owner, *args, **kwargs))


def tally() -> dict[str, tuple[int, int]]:
    """Return (hits, misses) of each cached function, summed over the living owners."""
    with _listing:
        known = list(_caches.items())
    hits: Counter[str] = Counter()
    misses: Counter[str] = Counter()
    for cache, name in known:
        about = cache.cache_info()
        hits[name] += about.hits
        misses[name] += about.misses
    return {name: (hits[name], misses[name]) for name in misses}


# -- shared frames ------------------------------------------------------------------------------


class Frames(Mapping[str, pd.DataFrame]):
    """Tables by name, each lent to whoever asks for it."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = {name: frozen(table) for name, table in tables.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a loan of a table. Raises KeyError."""
        return lent(self._tables[name])

    def original(self, name: str) -> pd.DataFrame:
        """Return the frozen table itself, for others who keep it. Raises KeyError."""
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._tables)


def frames_of(tables: Mapping[str, pd.DataFrame]) -> Frames:
    """Return tables that are lent as what lends them. Raises TypeError for others."""
    if not isinstance(tables, Frames):
        raise TypeError(f"{type(tables).__name__} lends no tables")
    return tables


def frozen(value: Result) -> Result:
    """Return the value; the arrays of a frame or series refuse to be written to from now on."""
    if isinstance(value, pd.DataFrame | pd.Series):
        for block in value._mgr.blocks:  # noqa: SLF001 - what pandas hands out are views
            for array in _arrays(block.values):
                array.setflags(write=False)
    return value


def _arrays(values: Any) -> Iterator["np.ndarray[Any, Any]"]:
    """Yield the numpy arrays that hold some values; texts lie in Arrow's, which never change."""
    parts = (values, *(getattr(values, name, None) for name in ("_ndarray", "_data", "_mask")))
    return (part for part in parts if isinstance(part, np.ndarray))


def lent(value: Result) -> Result:
    """Return a frame or series as a shallow copy that may be changed; anything else as it is."""
    if isinstance(value, pd.DataFrame | pd.Series):
        _drop_dead_references(value)
        return cast("Result", value.copy(deep=False))
    return value


def _drop_dead_references(value: "pd.DataFrame | pd.Series[Any]") -> None:
    """Let pandas drop its weak references to earlier copies, of which it keeps up to 500 each."""
    counted = [block.refs for block in value._mgr.blocks]  # noqa: SLF001 - it has no public name
    for references in (*counted, getattr(value.index, "_references", None)):
        if references is not None:
            references.has_reference()


class _Lent:
    """A field that freezes the frame it is given and lends it to whoever reads it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, owner: object, _class: type | None = None) -> Any:
        """Return a loan of the frame."""
        if owner is None:
            raise AttributeError(self._name)
        return lent(vars(owner)[self._name])

    def __set__(self, owner: object, value: object) -> None:
        """Freeze a frame, or each of several by name, and keep it."""
        kept = Frames(value) if isinstance(value, Mapping) else frozen(value)
        vars(owner)[self._name] = kept


def lends(*fields: str) -> Callable[[Class], Class]:
    """Let some fields of a dataclass hold shared frames: frozen when set, lent when read."""

    def decorate(decorated: Class) -> Class:
        for name in fields:
            setattr(decorated, name, _Lent(name))
        return decorated

    return decorate
