"""Checks the list of corrections: versions in order, subjects that exist, figures with units."""

from collections.abc import Iterator, Mapping
from typing import Any

from geo.columns import CLAIM_ID, HUB_ID, KOMMUNENR, PROGRAMME_ID, PROJECT_ID, SOURCE_ID
from geo.dataset import package
from geo.dataset.csv_accidents import Sheet
from geo.dataset.version_order import version_key
from geo.text.messages import Messages, messages
from geo.validation.issue import Issue

_TABLE = "corrections"
# Where the subject of a correction is listed: table and column, by kind of subject.
_LISTED = {
    "programme": ("programmes", PROGRAMME_ID),
    "project": ("projects", PROJECT_ID),
    "hub": ("hubs", HUB_ID),
    "kommune": ("kommuner", KOMMUNENR),
    "claim": ("claims", CLAIM_ID),
    "source": ("sources", SOURCE_ID),
}
Row = Mapping[str, str]


def check(
    descriptor: Mapping[str, Any],
    sheets: Mapping[str, Sheet],
    names: Mapping[str, str],
    language: str,
) -> Iterator[Issue]:
    """Yield every issue of the corrections; `names` gives each table's file."""
    if _TABLE not in sheets:
        return
    t, version = messages(language), str(descriptor.get("version", "0"))
    for number, row in sheets[_TABLE].rows:
        for column, value, text in (
            *_versions(row, version, t),
            *_subject(row, sheets, names, t),
            *_figures(row, t),
        ):
            yield Issue(names[_TABLE], number, column, value[:60], text)


def _versions(row: Row, version: str, t: Messages) -> Iterator[tuple[str, str, str]]:
    first, last = row.get("version_from", ""), row.get("version_to", "")
    if first and last and version_key(first) >= version_key(last):
        text = t("validate.version_order", first=first[:60], last=last[:60])
        yield "version_from", first, text
    if version_key(last) > version_key(version):
        yield "version_to", last, t("validate.version_to_come", value=last[:60], version=version)


def _subject(
    row: Row, sheets: Mapping[str, Sheet], names: Mapping[str, str], t: Messages
) -> Iterator[tuple[str, str, str]]:
    listed, value = _LISTED.get(row.get("subject", "")), row.get("subject_id", "")
    if not listed:
        return
    table, column = listed
    if value not in _known(table, column, sheets):
        file = names.get(table, f"{table}.csv")
        yield "subject_id", value, t("validate.no_subject", value=value[:60], table=file)


def _known(table: str, column: str, sheets: Mapping[str, Sheet]) -> set[str]:
    """Return the ids of a table; the product's own where the package lacks a register."""
    if table in sheets:
        return {row.get(column, "") for _, row in sheets[table].rows}
    return set(package.product()[table][column]) if table in package.REGISTERS else set()


def _figures(row: Row, t: Messages) -> Iterator[tuple[str, str, str]]:
    for column in ("old_value", "new_value"):
        value = row.get(column, "")
        if value and not row.get("unit"):
            yield "unit", "", t("validate.no_unit", value=value[:60])
            return
