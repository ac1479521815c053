"""Fetches the registers of kommuner and fylker with their changes, and checks their consistency.

Source: SSB KLASS 131 and 104. Details of changes that were measured or researched by hand (area
shares, transferred strips) are not in KLASS and are kept.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import pandas as pd

from geo import columns as c
from geo.base.clock import today
from geo.coverage.dataset import Dataset
from geo.dataset.package import ABOUT_REGISTERS, TO_YEAR
from geo.errors import AnswerRefused, UnknownKommune
from geo.fetch import differences, klass
from geo.fetch.klass import FYLKER, KOMMUNER
from geo.fetch.staged import Staged
from geo.fetch.transfer.transport import Transport
from geo.official.origin import Origin

WHAT = "register"
_BETWEEN = " - "  # separates the names of a kommune in several languages
_IN_FYLKE = re.compile(r" \([^)]+\)$")  # KLASS marks namesakes: "Våler (Innlandet)"
_MOST_UNLIKE = 0.1  # share of a known year's numbers
Names = Mapping[int, Mapping[str, str]]


def fetch(transport: Transport, dataset: Dataset, years: tuple[int, ...]) -> Staged:
    """Fetch the registers of the given years, or of all from the first in use to this year.

    Other years are kept as they are. The staged tables have the columns of the package's. Raises
    FetchFailed if they cannot be fetched, AnswerRefused if they are inconsistent.
    """
    span = range(dataset.register.years[0], max(today().year, dataset.register.years[-1]) + 1)
    asked = sorted(set(years) & set(span)) or list(span)
    origins: dict[int, list[Origin]] = {KOMMUNER: [], FYLKER: []}
    names = {kind: _known(dataset, kind) for kind in origins}
    for year in asked:
        for kind, found in names.items():
            answer = klass.register(transport, kind, year)
            _like_before(answer, found.get(year), kind)
            found[year] = answer.names
            origins[kind].append(answer.origin)
    names = {kind: dict(sorted(found.items())) for kind, found in names.items()}
    changed = {kind: klass.changes(transport, kind, span) for kind in names}
    tables = {
        "kommuner": _kommuner(names[KOMMUNER], dataset),
        "fylker": _fylker(names[FYLKER], dataset.package["fylker"]),
    }
    tables["fylke_changes"] = _fylke_changes(changed[FYLKER], names[FYLKER], dataset)
    tables["kommune_changes"] = _kommune_changes(
        changed[KOMMUNER], names[KOMMUNER], dataset, tables["fylke_changes"]
    )
    files = {f"{name}.csv": differences.written(table) for name, table in tables.items()}
    files[ABOUT_REGISTERS] = json.dumps({TO_YEAR: max(names[KOMMUNER])}).encode()
    _fits(dataset, files, names, changed[KOMMUNER].origin.address)
    changes = differences.between(dataset, files, unlisted=_unlisted(changed[KOMMUNER], dataset))
    behind = {
        "kommuner.csv": tuple(origins[KOMMUNER]),
        ABOUT_REGISTERS: tuple(origins[KOMMUNER][-1:]),
        "fylker.csv": tuple(origins[FYLKER]),
        "kommune_changes.csv": (changed[KOMMUNER].origin,),
        "fylke_changes.csv": (changed[FYLKER].origin,),
    }
    return Staged(WHAT, files, behind, changes.sentences, replaces=bool(changes))


def _known(dataset: Dataset, kind: int) -> dict[int, Mapping[str, str]]:
    """Return the registers in use by year: number and official name."""
    register, years = dataset.register, dataset.register.years
    if kind == FYLKER:
        return {year: _named(register.fylker(year)["official_name"]) for year in years}
    return {year: _named(register.kommuner(year)[c.NAME]) for year in years}


def _named(names: "pd.Series[str]") -> dict[str, str]:
    return {str(nr): str(name) for nr, name in names.items()}


def _like_before(answer: klass.KlassRegister, known: Mapping[str, str] | None, kind: int) -> None:
    """Raise AnswerRefused if a year's register differs too much from the one in use."""
    least, most = (10, 25) if kind == FYLKER else (300, 500)
    if not least <= len(answer.names) <= most:
        raise AnswerRefused(answer.origin.address, f"holds {len(answer.names)} numbers")
    unlike = set(answer.names) ^ set(known if known is not None else answer.names)
    if known and len(unlike) > _MOST_UNLIKE * len(known):
        reason = f"holds other numbers than those of {answer.year}, among them {min(unlike)}"
        raise AnswerRefused(answer.origin.address, reason)


# -- tables ------------------------------------------------------------------------------------


def _spans(names: Names) -> list[tuple[str, int, int | None, str]]:
    """Return (number, first year, last year or None, name) for every name of every number."""
    last, found = max(names), []
    for nr in sorted({nr for year in names.values() for nr in year}):
        years = [year for year in names if nr in names[year]]
        begun = years[0]
        for year, after in pairwise([*years, 0]):
            if after != year + 1 or names[after][nr] != names[year][nr]:
                found.append((nr, begun, None if year == last else year, names[year][nr]))
                begun = after
    return found


def _kommuner(found: Names, dataset: Dataset) -> pd.DataFrame:
    before = dataset.package["kommuner"]
    known = before.drop_duplicates([c.KOMMUNENR, c.NAME])
    split = {(row[c.KOMMUNENR], row[c.NAME]): row for row in known.to_dict("records")}
    norwegian = set(before[c.NORWEGIAN_NAME])
    names = _unmarked(found, split)
    if names == _known(dataset, KOMMUNER):
        return before
    rows = []
    for nr, first, last, name in _spans(names):
        own = split.get((nr, name))
        parts = name.split(_BETWEEN)
        ours = next((part for part in parts if part in norwegian), parts[0])
        chosen = own[c.NORWEGIAN_NAME] if own else ours
        others = own[c.OTHER_NAMES] if own else "|".join(p for p in parts if p != chosen)
        rows.append((nr, first, last, name, chosen, others, nr[:2], "R01"))
    return _table(rows, before)


def _unmarked(names: Names, known: Mapping[tuple[str, str], object]) -> Names:
    """Return the names without the fylke that KLASS adds to namesakes, unless ours have it."""
    return {
        year: {
            nr: name if (nr, name) in known else _IN_FYLKE.sub("", name) for nr, name in own.items()
        }
        for year, own in names.items()
    }


def _fylker(names: Names, before: pd.DataFrame) -> pd.DataFrame:
    split = {(row[c.FYLKESNR], row["official_name"]): row for row in before.to_dict("records")}
    rows = []
    for nr, first, last, official in _spans(names):
        own = split.get((nr, official))
        short = own[c.NAME] if own else official.partition(_BETWEEN)[0]
        rows.append((nr, first, last, short, official, "R02"))
    return _table(rows, before)


def _fylke_changes(found: klass.Changes, names: Names, dataset: Dataset) -> pd.DataFrame:
    before = dataset.package["fylke_changes"]
    known = set(zip(before["date"], before["from_fylkesnr"], before["to_fylkesnr"], strict=True))
    rows = [
        (str(day), old, new, kind, "R02")
        for (day, old, new), kind in zip(found.rows, _kinds(found.rows, names), strict=True)
        if (str(day), old, new) not in known
    ]
    return _with(before, rows)


def _kommune_changes(
    found: klass.Changes, names: Names, dataset: Dataset, fylke_changes: pd.DataFrame
) -> pd.DataFrame:
    before = dataset.package["kommune_changes"]
    known = _pairs(before)
    moved = set(zip(fylke_changes["from_fylkesnr"], fylke_changes["to_fylkesnr"], strict=True))
    rows = []
    for (day, old, new), numbers in zip(found.rows, _kinds(found.rows, names), strict=True):
        if (str(day), old, new) in known:
            continue
        elsewhere = old[:2] != new[:2] and (old[:2], new[:2]) not in moved
        kind = "county-changed" if elsewhere and numbers == "renumbered" else numbers
        note = "share of the land not known" if kind == "split" else ""
        rows.append((str(day), old, new, kind, elsewhere, None, None, "", note, "KLASS131", "R01"))
    return _with(before, rows)


def _kinds(rows: Sequence[tuple[date, str, str]], names: Names) -> list[str]:
    """Return the kind of each change: one becomes several is split, several become one merged."""
    parts = Counter((day, old) for day, old, _ in rows)
    wholes = Counter((day, new) for day, _, new in rows)
    return [
        "split"
        if parts[day, old] > 1
        else "merged"
        if wholes[day, new] > 1 or new in names.get(day.year - 1, ())
        else "renumbered"
        for day, old, new in rows
    ]


def _pairs(changes: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(
        zip(changes["date"], changes[c.FROM_KOMMUNENR], changes[c.TO_KOMMUNENR], strict=True)
    )


def _unlisted(found: klass.Changes, dataset: Dataset) -> int:
    """Return how many changes in use KLASS lacks, without strips, which it never lists."""
    ours = dataset.package["kommune_changes"]
    numbers = ours[c.FROM_KOMMUNENR] != ours[c.TO_KOMMUNENR]
    listed = ours[numbers & (ours["kind"] != "part-moved") & (ours[c.EVIDENCE] == "KLASS131")]
    return len(_pairs(listed) - {(str(day), old, new) for day, old, new in found.rows})


def _table(rows: Sequence[tuple[object, ...]], like: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a table with the columns and dtypes of `like`."""
    return pd.DataFrame(rows, columns=list(like.columns)).astype(like.dtypes.to_dict())


def _with(before: pd.DataFrame, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return the changes with rows added, sorted by date."""
    if not rows:
        return before
    both = pd.concat([before, _table(rows, before)], ignore_index=True)
    return both.sort_values("date", kind="stable", ignore_index=True)


# -- consistency -------------------------------------------------------------------------------


def _fits(
    dataset: Dataset, files: Mapping[str, bytes], names: Mapping[int, Names], address: str
) -> None:
    """Raise AnswerRefused unless the changes lead from each year's kommuner to the next year's."""
    for year, numbers in names[KOMMUNER].items():
        homeless = sorted(nr for nr in numbers if nr[:2] not in names[FYLKER][year])
        if homeless:
            raise AnswerRefused(address, f"has no fylke for {', '.join(homeless[:5])} in {year}")
        counted = _counted(dataset, year)
        uncounted = sorted(set(numbers) - counted) if counted else []
        if uncounted:
            reason = f"has in {year} what has no population figure: {', '.join(uncounted[:5])}"
            raise AnswerRefused(address, reason)
    try:
        register = differences.with_tables(dataset, files).register
        for year, after in pairwise(register.years):
            links = register.links(year, after)
            led = set(links[c.TO_KOMMUNENR])
            lost = sorted(led ^ set(register.kommuner(after).index))
            if lost:
                reason = f"do not lead from the kommuner of {year} to those of {after}"
                raise AnswerRefused(address, f"lists changes that {reason}: {', '.join(lost[:5])}")
    except (KeyError, ValueError, UnknownKommune) as error:
        reason = f"lists changes that contradict the register ({error})"
        raise AnswerRefused(address, reason) from error


def _counted(dataset: Dataset, year: int) -> set[str]:
    """Return the kommuner with population figures in a year."""
    figures = dataset.package["population"]
    return set(figures.loc[figures[c.YEAR] == year, c.KOMMUNENR])
