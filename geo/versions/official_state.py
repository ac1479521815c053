"""The official data in use and their origin, as tables of text for a page."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

import pandas as pd

from geo import settings
from geo.columns import HUB_ID, ORGNR
from geo.coverage.dataset import Dataset
from geo.official import fetched
from geo.official import hub_status as h
from geo.official.origin import LockEntry
from geo.text.messages import messages
from geo.text.numbers import NO_BREAK_SPACE, moment, number, orgnr
from geo.versions import doctor
from geo.versions.reload import reloader, stamp


@dataclass(frozen=True)
class Held:
    """What the data directory holds, as tables of text with translated column names.

    `findings` has subject, state, found and advice; `hubs` a row per hub looked up in
    Enhetsregisteret; `files` a row per fetched file. `lock` is the text of the lock file, and
    `restorable` says whether fetched data can be rolled back.
    """

    findings: pd.DataFrame
    hubs: pd.DataFrame
    files: pd.DataFrame
    lock: str
    restorable: bool


def held(dataset: Dataset, language: str) -> Held:
    """Return what the data directory holds, as text in a language."""
    data_dir = settings.DATA_DIR
    found, state = fetched.fetched(data_dir), fetched.state(data_dir)
    return Held(
        _findings(dataset, language),
        _hubs(dataset, language),
        _files(found.lock.files, language),
        found.lock.text() if found.lock.files else "",
        bool(state.current or state.previous),
    )


def caught_up() -> bool:
    """Return whether the served data are the ones on disk now."""
    return reloader().serving().stamp == stamp(settings.DATA_DIR)


def _findings(dataset: Dataset, language: str) -> pd.DataFrame:
    t = messages(language)
    rows = [
        {
            t("doctor.column_subject"): one.subject.text(t),
            t("doctor.column_state"): t(f"doctor.state_{one.state}"),
            t("doctor.column_found"): one.found.text(t),
            t("doctor.column_advice"): one.advice.text(t).replace("`", "") if one.advice else "",
        }
        for one in doctor.examine(settings.DATA_DIR, dataset, reloader().serving().refused)
    ]
    return pd.DataFrame(rows)


def _hubs(dataset: Dataset, language: str) -> pd.DataFrame:
    """Return one row per hub that was looked up in Enhetsregisteret, with a default index.

    Columns, by their translated names: hub, name now, organisation number, status, found by.
    """
    t = messages(language)
    known = set(dataset.package["hubs"][HUB_ID])
    rows = [
        {
            t("doctor.hub"): str(dataset.hub(row[HUB_ID])["name"]),
            t("doctor.hub_name_now"): row[h.NAME_NOW],
            t("doctor.hub_orgnr"): orgnr(row[ORGNR]) if row[ORGNR] else "",
            t("doctor.hub_status"): t(f"fetch.status_{row[h.STATUS]}"),
            t("doctor.hub_found_by"): t(f"doctor.hub_by_{row[h.FOUND_BY]}")
            if row[h.FOUND_BY]
            else "",
        }
        for row in dataset.hub_status.to_dict("records")
        if row[HUB_ID] in known
    ]
    return pd.DataFrame(rows)


def _files(entries: tuple[LockEntry, ...], language: str) -> pd.DataFrame:
    """Return one row per fetched file, with a default index.

    Columns, by their translated names: file, service, address, time, size (kB), start of the
    SHA-256, licence, tool. Of several requests it shows the last and counts the others.
    """
    t = messages(language)
    rows = []
    for one in entries:
        last = one.origins[-1] if one.origins else None
        more = f" (+ {len(one.origins) - 1})" if len(one.origins) > 1 else ""
        rows.append(
            {
                t("doctor.lock_file"): one.file,
                t("doctor.lock_service"): last.service if last else "",
                t("doctor.lock_address"): unquote(last.address) + more if last else "",
                t("doctor.lock_time"): moment(datetime.fromisoformat(one.made_at), language),
                t("doctor.lock_size"): f"{number(one.size / 1000, language, 1)}{NO_BREAK_SPACE}kB",
                t("doctor.lock_sha"): one.sha256[:12],
                t("doctor.lock_licence"): last.licence.replace(" ", NO_BREAK_SPACE) if last else "",
                t("doctor.lock_tool"): one.made_with,
            }
        )
    return pd.DataFrame(rows)
