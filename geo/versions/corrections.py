"""What was published here and was wrong: written down, and found by comparing data versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urljoin

import pandas as pd

from geo.base.cache import OWNER, cache_on
from geo.base.links import CORRECTIONS, FIRST_PAGE, base_url, own_path
from geo.columns import CORRECTION_ID, EVIDENCE, EVIDENCE_LEVELS, SEAT_EVIDENCE, SOURCE_IDS
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.dataset.package import Package, split_ids
from geo.dataset.version_order import version_key
from geo.report import provenance
from geo.report.wording import listed, shortened
from geo.text.languages import LANGUAGES, DataText, in_each
from geo.text.messages import Messages, messages
from geo.text.numbers import day as written_day
from geo.text.numbers import kroner, number
from geo.versions import reload, versions
from geo.versions.comparison import CellChange, TableChange, compared

TABLE = "corrections"  # the package's own list; a change of it is no correction
COMPARED = "table"  # the kind and the subject of what was found by comparing tables
MOST_NAMED = 3  # corrections in a notice
MOST_CELLS = 200  # changed cells of a table on the page
_LONGEST_CELL = 80  # characters


@dataclass(frozen=True)
class Correction:
    """One correction; `title` and `text` by language, `day` an ISO date or "".

    `old` and `new` are figures in `unit`, None where the correction is of words. `cells` are the
    changed cells of a table that was compared.
    """

    correction_id: str
    day: str
    version_from: str
    version_to: str
    kind: str
    subject: str
    subject_id: str
    title: Mapping[str, DataText] = field(hash=False)
    text: Mapping[str, DataText] = field(hash=False)
    old: float | None = None
    new: float | None = None
    unit: str = ""
    source_ids: tuple[str, ...] = ()
    cells: tuple[CellChange, ...] = field(default=(), hash=False)

    def was(self, language: str) -> str:
        """Return both figures: "Before: 149 km. Now: 86 km."; "" if there are none."""
        if self.old is None or self.new is None:
            return ""
        old, new = (self.quantity(one, language) for one in (self.old, self.new))
        return messages(language)("corrections.was", old=old, new=new)

    def quantity(self, value: float, language: str) -> str:
        """Return a figure with its unit: "86 km"."""
        if self.unit == "NOK":
            return kroner(value, language, 0 if value == int(value) else 2)
        decimals = 0 if value == int(value) else 1
        shown = number(value, language, decimals)
        return messages(language).plural(f"corrections.unit_{self.unit}", round(value), shown)


@cache_on(OWNER)
def corrections(dataset: Dataset) -> tuple[Correction, ...]:
    """Return every correction of a dataset, the newest version first.

    Those of its own list, in the list's order, then what differs from version to version between
    the kept data versions beside it.
    """
    found = [*_written(dataset.package), *_compared(dataset)]
    return tuple(sorted(found, key=lambda one: version_key(one.version_to), reverse=True))


def since(dataset: Dataset) -> tuple[Correction, ...]:
    """Return what was corrected in the served data since those of a kept version; () if served."""
    if dataset.package.private:
        return ()
    shown = version_key(dataset.data_version)
    return tuple(
        one
        for one in corrections(reload.current())
        if version_key(one.version_from) <= shown < version_key(one.version_to)
    )


def notice(dataset: Dataset, view: View) -> str:
    """Return a sentence that names what was corrected since a kept version; "" if nothing was.

    What is about the view's project, hub or kommune is named first.
    """
    found = sorted(since(dataset), key=lambda one: not _is_about(one, view))
    if not found:
        return ""
    t = messages(view.lang)
    names = [one.title[view.lang].text for one in found[:MOST_NAMED]]
    rest = len(found) - len(names)
    names += [t.plural("corrections.more", rest)] if rest else []
    return t("corrections.since", version=dataset.data_version, what="; ".join(names))


@dataclass(frozen=True)
class OfVersion:
    """The corrections that a data version brought; `heading` names it and its day."""

    heading: str
    written: tuple[Correction, ...]
    compared: tuple[Correction, ...]
    compared_heading: str


def by_version(dataset: Dataset, language: str) -> list[OfVersion]:
    """Return the corrections of a dataset by the version that brought them, the newest first."""
    t = messages(language)
    found = []
    for version, group in groupby(corrections(dataset), key=lambda one: one.version_to):
        mine = tuple(group)
        day = max(one.day for one in mine)
        told = t("corrections.undated", version=version)
        if day:
            long = written_day(date.fromisoformat(day), language)
            told = t("corrections.version", version=version, day=long)
        tables = tuple(one for one in mine if one.kind == COMPARED)
        between = {"old": tables[0].version_from, "new": version} if tables else {}
        found.append(
            OfVersion(
                told,
                tuple(one for one in mine if one.kind != COMPARED),
                tables,
                t("corrections.compared", **between) if tables else "",
            )
        )
    return found


def cells_table(dataset: Dataset, one: Correction, language: str) -> pd.DataFrame:
    """Return the first changed cells of a compared table as text: row, column, old, new."""
    t = messages(language)
    headings = provenance.table_headings(dataset, one.subject_id, language) if one.cells else {}
    rows = [
        (
            ", ".join(cell.key),
            headings[cell.column],
            *(_cell(cell.column, text, t) for text in (cell.old, cell.new)),
        )
        for cell in one.cells[:MOST_CELLS]
    ]
    names = [t(f"corrections.head_{head}") for head in ("row", "column", "old", "new")]
    return pd.DataFrame(rows, columns=names)


def _cell(column: str, text: str, t: Messages) -> str:
    """Return a cell for display: codes of evidence in words, long texts shortened."""
    if column in (EVIDENCE, SEAT_EVIDENCE) and text in EVIDENCE_LEVELS:
        return t(f"coverage.{text}")
    return shortened(text, _LONGEST_CELL)


def address(language: str) -> str:
    """Return where the page of corrections is, absolute if the server knows its address."""
    page = urljoin(base_url() or own_path(FIRST_PAGE), CORRECTIONS)
    return f"{page}?lang={language}"


def _is_about(one: Correction, view: View) -> bool:
    chosen = {"project": view.project, "hub": view.hub, "kommune": (view.kommune,)}
    return bool(one.subject_id) and one.subject_id in chosen.get(one.subject, ())


# -- the package's own list -------------------------------------------------------------------


def _written(package: Package) -> Iterator[Correction]:
    for row in package[TABLE].to_dict("records"):
        yield Correction(
            correction_id=row[CORRECTION_ID],
            day=row["date"],
            version_from=row["version_from"],
            version_to=row["version_to"],
            kind=row["kind"],
            subject=row["subject"],
            subject_id=row["subject_id"],
            title=in_each(row, "title"),
            text=in_each(row, "text"),
            old=_figure(row["old_value"]),
            new=_figure(row["new_value"]),
            unit=row["unit"],
            source_ids=split_ids(row[SOURCE_IDS]),
        )


def _figure(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


# -- versions compared ------------------------------------------------------------------------


def _compared(dataset: Dataset) -> Iterator[Correction]:
    """Yield what differs between the kept versions, and between the last of them and today's."""
    own = dataset.package
    shown = version_key(own.version)
    kept = [one for one in versions.kept_packages(own.files) if version_key(one.version) < shown]
    for old, new in pairwise([*kept, own]):
        for change in compared(old, new, without=(TABLE,)):
            yield _of_table(dataset, old, new, change)


def _of_table(dataset: Dataset, old: Package, new: Package, change: TableChange) -> Correction:
    return Correction(
        correction_id=f"{old.version}-{new.version}-{change.table}",
        day=_day(new),
        version_from=old.version,
        version_to=new.version,
        kind=COMPARED,
        subject=COMPARED,
        subject_id=change.table,
        title={code: _said(_title(dataset, change, code), code) for code in LANGUAGES},
        text={code: _said(_differences(dataset, change, code), code) for code in LANGUAGES},
        cells=change.cells,
    )


def _day(package: Package) -> str:
    """Return the package's own date; "" if it states none."""
    return package.created.isoformat() if package.created else ""


def _said(text: str, language: str) -> DataText:
    return DataText(text, language)


def _title(dataset: Dataset, change: TableChange, language: str) -> str:
    name = provenance.table_name(dataset, change.table, language)
    return messages(language)("corrections.table", name=name)


def _differences(dataset: Dataset, change: TableChange, language: str) -> str:
    """Return in a sentence how a table differs: rows changed by column, added and removed."""
    t = messages(language)

    def counted(key: str, n: int, **values: str) -> str:
        return t.plural(f"corrections.{key}", n, number(n, language), **values)

    if change.is_new:
        return counted("new_table", change.added)
    headings = provenance.table_headings(dataset, change.table, language)
    parts = []
    if change.changed:
        columns = [
            f"{headings[one]} ({number(n, language)})" for one, n in change.by_column.items()
        ]
        parts.append(counted("changed", change.changed, columns=listed(columns, language)))
    parts += [counted("added", change.added)] if change.added else []
    parts += [counted("removed", change.removed)] if change.removed else []
    if change.new_columns:
        columns = [headings[one] for one in change.new_columns]
        parts.append(counted("new_columns", len(columns), columns=listed(columns, language)))
    return " ".join(parts)
