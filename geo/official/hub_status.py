"""Reads what Enhetsregisteret says about the hubs now, if fetched; hubs.csv is not changed."""

from datetime import date
from typing import Any

import pandas as pd

from geo.columns import HUB_ID, ORGNR
from geo.official.fetched import Fetched
from geo.text.messages import messages
from geo.text.numbers import day, orgnr

TABLE = "hub_status"
FOUND_BY, BY_NUMBER, BY_NAME = "found_by", "orgnr", "name"
STATUS, NAME_NOW = "status", "name_now"
ENDED, CHECKED = "dissolved_on", "checked_at"
COLUMNS = (
    HUB_ID,
    ORGNR,
    FOUND_BY,  # "orgnr", or "name": then only a candidate, since names are not unique
    NAME_NOW,
    "form",
    "address",
    "postcode",
    "place",
    "kommunenr_now",
    STATUS,
    "registered",
    ENDED,
    CHECKED,
)
ACTIVE, BANKRUPT, WINDING_UP, DISSOLVED = "active", "bankrupt", "winding_up", "dissolved"
REMOVED, NOT_FOUND, AMBIGUOUS = "removed", "not_found", "ambiguous"


def empty() -> pd.DataFrame:
    """Return a table with COLUMNS (str), RangeIndex and no rows."""
    return pd.DataFrame(columns=list(COLUMNS), dtype=str)


def read(found: Fetched) -> pd.DataFrame:
    """Return the fetched table: one row per hub, COLUMNS as str, RangeIndex; or empty."""
    path = found.tables().get(TABLE)
    if path is None:
        return empty()
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError):
        return empty()
    return table if tuple(table.columns) == COLUMNS else empty()


def status_text(table: pd.DataFrame, hub_id: str, language: str) -> str:
    """Return a sentence about a hub's status in Enhetsregisteret; "" if it was not looked up."""
    mine = table[table[HUB_ID] == hub_id]
    if mine.empty:
        return ""
    return _status_text(mine.iloc[0], language)


def _status_text(row: "pd.Series[Any]", language: str) -> str:
    t = messages(language)
    checked = day(date.fromisoformat(str(row[CHECKED])[:10]), language)
    status = t(f"fetch.status_{row[STATUS]}")
    if row[ENDED]:
        status += f" {day(date.fromisoformat(str(row[ENDED])), language)}"
    if row[STATUS] in {NOT_FOUND, AMBIGUOUS} or not row[NAME_NOW]:
        return t("fetch.hub_now_without", status=status, checked=checked)
    values = {"name": row[NAME_NOW], "orgnr": orgnr(str(row[ORGNR])), "status": status}
    if row[FOUND_BY] == BY_NAME:
        return t("fetch.hub_now_by_name", **values, checked=checked)
    return t("fetch.hub_now", **values, checked=checked)
