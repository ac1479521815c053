"""Fetches the hubs' current data from Enhetsregisteret (Brønnøysundregistrene).

hubs.csv is never changed. A hub with an organisation number is looked up by it; otherwise units
with exactly its name are searched, and a single match is a candidate. The PyPI client `brreg`
returns objects without the response they came from, which would lose size limit, checksum and
conditional requests; therefore our own transport is used.

Verified in recorded responses: the fields below, a dissolved unit having `slettedato`, status 410
for a removed one. Not confirmed: whether a search finds former names (`historiskeNavn`), and that
it never returns dissolved units.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx2
import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from geo.columns import FORMER_NAMES, HUB_ID, KOMMUNENR, LATER_NAMES, ORGNR, STRUCTURE_YEAR
from geo.coverage.dataset import Dataset
from geo.dataset.package import every_hub, split_ids
from geo.errors import AnswerRefused, FetchFailed
from geo.fetch.staged import Staged
from geo.fetch.transfer.transport import HttpAnswer, Transport, Wanted
from geo.official import hub_status as h
from geo.official.origin import Origin, now
from geo.official.services import BRREG
from geo.report.wording import listed
from geo.text.messages import Messages, messages
from geo.text.numbers import orgnr as spaced

FILE = f"{h.TABLE}.csv"
_MEDIA = ("application/vnd.brreg.enhetsregisteret.enhet.v2+json", "application/json")
_LIMIT = 10_000_000  # bytes of a response
_MOST_HITS = 500  # a name with more hits identifies nothing
_FORMS = frozenset({"as", "asa", "ans", "ba", "da", "sa"})
_Model = TypeVar("_Model", bound=BaseModel)


class _Form(BaseModel):
    kode: str = ""


class _Address(BaseModel):
    adresse: list[str | None] = []
    postnummer: str | None = None
    poststed: str | None = None
    kommunenummer: str | None = None


class _Name(BaseModel):
    navn: str


class _Unit(BaseModel):
    """A unit as the register returns it, with only the fields used here."""

    number: str = Field(alias="organisasjonsnummer")
    name: str = Field(alias="navn")
    form: _Form = Field(_Form(), alias="organisasjonsform")
    address: _Address | None = Field(None, alias="forretningsadresse")
    former: list[_Name] | None = Field(None, alias="historiskeNavn")
    registered: date | None = Field(None, alias="registreringsdatoEnhetsregisteret")
    bankrupt: bool | None = Field(None, alias="konkurs")
    ending: bool | None = Field(None, alias="underAvvikling")
    made_to_end: bool | None = Field(None, alias="underTvangsavviklingEllerTvangsopplosning")
    dissolved_on: date | None = Field(None, alias="slettedato")

    @property
    def kommunenr(self) -> str:
        return (self.address and self.address.kommunenummer) or ""

    @property
    def place(self) -> str:
        return (self.address and self.address.poststed) or ""

    @property
    def status(self) -> str:
        if self.dissolved_on:
            return h.DISSOLVED
        if self.bankrupt:
            return h.BANKRUPT
        return h.WINDING_UP if self.ending or self.made_to_end else h.ACTIVE


class _Units(BaseModel):
    enheter: list[_Unit] = []


class _Page(BaseModel):
    total: int = Field(alias="totalElements")


class _Search(BaseModel):
    """The response to a search; it has no units if nothing matches."""

    found: _Units = Field(_Units(), alias="_embedded")
    page: _Page


@dataclass(frozen=True)
class _Hub:
    """A hub of hubs.csv; `seat` is its kommune's current kommunenr, empty if unknown."""

    hub_id: str
    name: str
    orgnr: str
    names: tuple[str, ...]
    seat: tuple[str, ...]
    seat_label: str


@dataclass(frozen=True)
class _Checked:
    """The result for a hub; `others` are units with its name that may be other organisations."""

    hub: _Hub
    status: str
    unit: _Unit | None = None
    found_by: str = ""
    others: tuple[_Unit, ...] = ()


def fetch(transport: Transport, dataset: Dataset, _: tuple[int, ...]) -> Staged:
    """Look up every hub; years are ignored, since the register only knows the present.

    The staged hub_status.csv has the columns of `hub_status.COLUMNS`, one row per hub. Raises
    FetchFailed if the register cannot be reached, AnswerRefused if a response is unexpected.
    """
    asking = _Asking(transport)
    checked = [asking.check(hub) for hub in _hubs(dataset)]
    before, after = dataset.hub_status, _table(checked)
    changed = _changed(before, after)
    return Staged(
        what="hubs",
        files={FILE: after.to_csv(index=False, lineterminator="\n").encode()},
        origins={FILE: tuple(asking.origins)},
        report=lambda language: _report(checked, changed, language),
        replaces=bool(changed),
    )


def _hubs(dataset: Dataset) -> list[_Hub]:
    latest = dataset.register.years[-1]
    found = []
    for row in every_hub(dataset.package).to_dict("records"):
        nr, year = str(row[KOMMUNENR]), row[STRUCTURE_YEAR]
        seat = dataset.register.now(nr, latest) if nr else ()
        names = (row["name"], *split_ids(row[FORMER_NAMES]), *split_ids(row[LATER_NAMES]))
        label = f"{dataset.register.label(nr, int(year))} ({nr})" if nr else ""
        found.append(_Hub(str(row[HUB_ID]), str(row["name"]), str(row[ORGNR]), names, seat, label))
    return found


class _Asking:
    """Looks up hubs one by one and collects the origins of the responses."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.origins: list[Origin] = []

    def check(self, hub: _Hub) -> _Checked:
        return self._by_number(hub) if hub.orgnr else self._by_name(hub)

    def _by_number(self, hub: _Hub) -> _Checked:
        try:
            answer = self._ask(f"enheter/{hub.orgnr}", hub.name)
        except FetchFailed as error:
            status = {404: h.NOT_FOUND, 410: h.REMOVED}.get(_status_code(error))
            if status is None:
                raise
            return _Checked(hub, status, found_by=h.BY_NUMBER)
        unit = _read(_Unit, answer)
        if unit.number != hub.orgnr:
            reason = f"is about {unit.number}, which was not asked for"
            raise AnswerRefused(answer.origin.address, reason)
        return _Checked(hub, unit.status, unit, h.BY_NUMBER)

    def _by_name(self, hub: _Hub) -> _Checked:
        """Search the hub's name, then former and later ones; accept only a single match."""
        others: list[_Unit] = []
        for name in hub.names:
            fitting = self._units_named(name, hub)
            near = [unit for unit in fitting if _may_sit(hub, unit)]
            if len(near) == 1:
                return _Checked(hub, near[0].status, near[0], h.BY_NAME)
            others += fitting
        status = h.AMBIGUOUS if others else h.NOT_FOUND
        return _Checked(hub, status, others=tuple(others))

    def _units_named(self, name: str, hub: _Hub) -> list[_Unit]:
        query = {"navn": name, "navnMetodeForSoek": "FORTLOEPENDE", "size": _MOST_HITS}
        answer = self._ask(f"enheter?{urlencode(query, quote_via=quote)}", hub.name)
        hits = _read(_Search, answer)
        if hits.page.total > _MOST_HITS:
            return []
        return [unit for unit in hits.found.enheter if _is_called(unit, name)]

    def _ask(self, path: str, label: str) -> HttpAnswer:
        wanted = Wanted(
            BRREG, f"{BRREG.base}/{path}", _MEDIA, _LIMIT, label=f"{BRREG.name}: {label}"
        )
        answer = self._transport.get(wanted)
        self.origins.append(answer.origin)
        return answer


def _status_code(error: FetchFailed) -> int:
    """Return the status code of an error response; 0 if there was no response."""
    cause = error.__cause__
    return cause.response.status_code if isinstance(cause, httpx2.HTTPStatusError) else 0


def _read(kind: type[_Model], answer: HttpAnswer) -> _Model:
    try:
        return kind.model_validate(answer.json())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the answer"
        reason = f"is not what Enhetsregisteret answers: {where}: {first['msg']}"
        raise AnswerRefused(answer.origin.address, reason) from error


def _is_called(unit: _Unit, name: str) -> bool:
    own = (unit.name, *(one.navn for one in unit.former or ()))
    return any(_fits(registered, name) for registered in own)


def _fits(registered: str, name: str) -> bool:
    """Return whether names are equal, ignoring case, spaces and a legal form missing in ours."""
    whole, own = _plain(registered), _plain(name)
    core, _, last = whole.rpartition(" ")
    return own == whole or (last in _FORMS and own == core)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _may_sit(hub: _Hub, unit: _Unit) -> bool:
    """Return whether a unit is in the hub's fylke; elsewhere it may be a namesake."""
    return not hub.seat or any(unit.kommunenr[:2] == nr[:2] for nr in hub.seat)


# -- the table -----------------------------------------------------------------------------------


def _table(checked: list[_Checked]) -> pd.DataFrame:
    at = now()
    return pd.DataFrame([_row(one, at) for one in checked], columns=list(h.COLUMNS), dtype=str)


def _row(one: _Checked, at: str) -> dict[str, str]:
    row = dict.fromkeys(h.COLUMNS, "") | {
        HUB_ID: one.hub.hub_id,
        ORGNR: one.hub.orgnr,
        h.FOUND_BY: one.found_by,
        h.STATUS: one.status,
        h.CHECKED: at,
    }
    unit = one.unit
    if unit is None:
        return row
    address = unit.address or _Address()
    return row | {
        ORGNR: unit.number,
        h.NAME_NOW: unit.name,
        "form": unit.form.kode,
        "address": ", ".join(line for line in address.adresse if line),
        "postcode": address.postnummer or "",
        "place": unit.place,
        "kommunenr_now": unit.kommunenr,
        "registered": str(unit.registered or ""),
        h.ENDED: str(unit.dissolved_on or ""),
    }


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the ids of hubs whose data differ from the last fetch."""
    columns = [column for column in h.COLUMNS if column != h.CHECKED]
    old = {row[HUB_ID]: row for row in before[columns].to_dict("records")}
    rows = after[columns].to_dict("records")
    return [str(row[HUB_ID]) for row in rows if old.get(row[HUB_ID], row) != row]


# -- the report ----------------------------------------------------------------------------------


def _report(checked: list[_Checked], changed: list[str], language: str) -> list[str]:
    """Return what was found, and where it differs from hubs.csv or the last fetch."""
    t = messages(language)
    by = [one.found_by for one in checked if one.unit]
    numbers = {"number": by.count(h.BY_NUMBER), "name": by.count(h.BY_NAME)}
    sentences = [t("fetch.hubs_found", found=len(by), total=len(checked), **numbers)]
    sentences += [sentence for one in checked for sentence in _differences(one, t)]
    lost = [one.hub.name for one in checked if one.status == h.NOT_FOUND and not one.hub.orgnr]
    if lost:
        sentences.append(t("fetch.hubs_not_found", hubs=listed(lost, language)))
    if changed:
        names = [one.hub.name for one in checked if one.hub.hub_id in changed]
        sentences.append(t("fetch.hubs_changed", hubs=listed(names, language)))
    return sentences


def _differences(one: _Checked, t: Messages) -> Iterable[str]:
    hub, unit = one.hub, one.unit
    if one.status == h.AMBIGUOUS:
        others = [f"{u.name} ({spaced(u.number)}, {u.place})" for u in one.others]
        yield t("fetch.hub_ambiguous", hub=hub.name, others=listed(others, t.language))
    if unit is None:
        if one.found_by:
            status = t(f"fetch.status_{one.status}")
            yield t("fetch.hub_gone", hub=hub.name, orgnr=spaced(hub.orgnr), status=status)
        return
    if not _fits(unit.name, hub.name):
        yield t("fetch.hub_renamed", hub=hub.name, now=unit.name, orgnr=spaced(unit.number))
    if hub.seat and unit.kommunenr and unit.kommunenr not in hub.seat:
        seat = {"place": unit.place, "before": hub.seat_label}
        yield t("fetch.hub_moved", hub=hub.name, kommunenr=unit.kommunenr, **seat)
    if one.status != h.ACTIVE:
        values = {"orgnr": spaced(unit.number), "status": t(f"fetch.status_{one.status}")}
        yield t("fetch.hub_gone", hub=hub.name, **values)
