"""What is remembered goes with its owner; a frame that several share cannot be spoilt by one."""

import ast
import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from geo.base import cache
from geo.coverage import counties
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.places.embedded import embedded_metres, neighbours
from geo.report import claims, tables
from geo.settings import ROOT

VIEW = View(year=2020, project=("kraftsenter-st",))
IN_PLACE: dict[str, Any] = {"inplace": True}
# Every public way to a frame that others see too.
FRAMES: dict[str, Callable[[Any], Any]] = {
    "coverage": lambda d: coverage(d, VIEW).frame,
    "coverage.covered": lambda d: coverage(d, VIEW).covered,
    "coverage.gone": lambda d: coverage(d, VIEW).gone,
    "tables.rows": lambda d: tables.rows(d, VIEW),
    "tables.page_rows": lambda d: tables.page_rows(d, VIEW),
    "tables.export_rows": lambda d: tables.export_rows(d, VIEW),
    "counties.summary": lambda d: counties.summary(d, VIEW),
    "counties.uncovered": lambda d: counties.uncovered(d, VIEW, "50"),
    "claims.kommuner_by_year": lambda d: claims.kommuner_by_year(d, "voss"),
    "dataset.project": lambda d: d.project("voss"),
    "dataset.hub": lambda d: d.hub("voss"),
    "dataset.hub_status": lambda d: d.hub_status,
    "boundaries.shapes": lambda d: d.boundaries(2020).shapes,
    "embedded_metres": lambda _: embedded_metres("normal"),
    "embedded.neighbours": lambda _: neighbours(),
    "register.kommuner": lambda d: d.register.kommuner(2020),
    "register.fylker": lambda d: d.register.fylker(2020),
    "register.population": lambda d: d.register.population(2020),
    "register.area_km2": lambda d: d.register.area_km2(2020),
    "register.links": lambda d: d.register.links(2015, 2020),
}


@pytest.fixture(params=sorted(FRAMES))
def found(request, dataset) -> Callable[[], Any]:
    """A way to a shared frame."""
    return lambda: FRAMES[request.param](dataset)


def _changes(frame: Any) -> Iterator[Callable[[Any], object]]:
    """Yield ways to change a frame or series of this form in place."""
    if frame.empty:
        yield lambda frame: frame.__setitem__("new", "")
        return
    if isinstance(frame, pd.Series):
        last = frame.iloc[-1]
        yield lambda frame: frame.__setitem__(frame.index[0], last)
        yield lambda frame: frame.iloc.__setitem__(0, last)
        yield lambda frame: frame.to_numpy().__setitem__(0, last)
        yield lambda frame: frame.array.__setitem__(0, last)
        yield lambda frame: frame.pop(frame.index[0])
        return
    for name in list(frame.columns):
        other = frame[name].iloc[-1]
        yield lambda frame, name=name, other=other: frame.loc.__setitem__(
            (frame.index[0], name), other
        )
        yield lambda frame, name=name, other=other: frame[name].array.__setitem__(0, other)
        yield lambda frame, name=name, other=other: frame[name].to_numpy().__setitem__(0, other)
        yield lambda frame, name=name: frame.__setitem__(name, frame[name].iloc[::-1].to_numpy())
    yield lambda frame: frame.to_numpy().__setitem__((0, 0), frame.iloc[-1, 0])
    yield lambda frame: frame.iloc.__setitem__((0, 0), frame.iloc[-1, 0])
    yield lambda frame: frame.insert(0, "new", 1)
    yield lambda frame: frame.sort_values(frame.columns[0], ascending=False, **IN_PLACE, key=_texts)
    yield lambda frame: frame.rename(columns={frame.columns[0]: "other"}, **IN_PLACE)
    yield lambda frame: setattr(frame.index, "name", "other")
    yield lambda frame: frame.drop(columns=frame.columns[-1], **IN_PLACE)
    yield lambda frame: frame.drop(index=frame.index[0], **IN_PLACE)
    yield lambda frame: setattr(frame, "columns", range(len(frame.columns)))


def _texts(column: "pd.Series[Any]") -> "pd.Series[str]":
    return column.astype(str)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_whoever_changes_a_shared_frame_changes_it_for_nobody_else(found):
    before = found().copy(deep=True)
    for change in _changes(before):
        try:
            change(found())
        except (ValueError, TypeError, KeyError, IndexError):
            continue  # refused, or no longer there: fine too
        finally:
            _equal(found(), before)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_package_tables_are_lent_by_name(dataset):
    for name in dataset.package.tables:
        before = dataset.package[name].copy(deep=True)
        for lend in (dataset.package.__getitem__, dataset.package.tables.__getitem__):
            for change in _changes(before):
                try:
                    change(lend(name))
                except (ValueError, TypeError, KeyError, IndexError):
                    continue
                finally:
                    _equal(dataset.package[name], before)


def _equal(found: Any, expected: Any) -> None:
    assert found.index.name == expected.index.name
    if isinstance(found, pd.Series):
        pd.testing.assert_series_equal(found, expected)
    else:
        pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(expected))


def test_a_loan_may_be_changed_by_who_took_it(dataset):
    loan = coverage(dataset, VIEW).frame
    loan["seen"] = True
    loan.loc["5055", "population"] = 0
    assert loan.at["5055", "population"] == 0
    assert "seen" not in coverage(dataset, VIEW).frame
    assert coverage(dataset, VIEW).frame.at["5055", "population"] > 0


def test_a_frozen_frame_refuses_to_be_written_to_even_without_a_loan():
    columns = {"n": [1, 2], "x": [1.5, 2], "id": [("a",), ("b",)]}
    plain = pd.DataFrame({**columns, "n?": pd.array([1, None], dtype="Int64")})
    frame = cache.frozen(gpd.GeoDataFrame(plain, geometry=[Point(0, 0), Point(1, 1)]))
    for name in frame.columns:
        with pytest.raises(ValueError, match="read-only"):
            frame[name].array[0] = frame[name].iloc[1]


def test_results_are_collected_with_their_owner():
    class Owner:
        pass

    @cache.cache_on(cache.OWNER)
    def found(_owner):
        return pd.DataFrame({"n": [1]})

    owner = Owner()
    held = weakref.ref(owner)
    assert found(owner).equals(found(owner))
    del owner
    gc.collect()
    assert held() is None


def test_every_size_stands_in_the_table_with_a_reason():
    """No cache in the code has a number of its own: it names an entry, and every entry is used."""
    named = {name for name, value in vars(cache).items() if isinstance(value, cache.Size)}
    assert all(len(getattr(cache, name).why) > 20 for name in named)
    used = set()
    for path in [*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        if path != Path(cache.__file__):
            used |= set(_sizes(ast.parse(path.read_text(encoding="utf-8"))))
    assert used == named


def _sizes(tree: ast.AST) -> Iterator[str]:
    """Yield the names of the sizes that caches are made with."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            if call.func.id == "cache_on":
                yield ast.unparse(call.args[0])
            elif call.func.id == "lru_cache":
                yield ast.unparse(call.args[0]).removesuffix(".most")
