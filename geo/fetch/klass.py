"""Client for SSB's classifications of kommuner (KLASS 131) and fylker (KLASS 104).

`ssb-klass-python` is not used: it brings some thirty packages, including an interactive shell, and
requests data without time-outs or size limits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from geo.errors import AnswerRefused
from geo.fetch.transfer.transport import HttpAnswer, Transport, Wanted
from geo.official.origin import Origin
from geo.official.services import SSB

KOMMUNER, FYLKER = 131, 104
_LIMIT = 10_000_000  # bytes of a response
_MOST_CHANGES = 5_000  # some 700 since 2013; each becomes several rows of the register
_NUMBER = {KOMMUNER: re.compile(r"[0-9]{4}"), FYLKER: re.compile(r"[0-9]{2}")}
# Not kommuner: Svalbard, Jan Mayen, the continental shelf and unknown.
_NO_LAND = ("21", "22", "23", "25", "26", "88", "99")
_Model = TypeVar("_Model", bound=BaseModel)


class _Code(BaseModel):
    code: str
    name: str


class _Codes(BaseModel):
    codes: list[_Code]


class _Change(BaseModel):
    oldCode: str | None = None  # noqa: N815 - as the service spells it
    newCode: str | None = None  # noqa: N815
    changeOccurred: date  # noqa: N815


class _Changes(BaseModel):
    codeChanges: list[_Change]  # noqa: N815


@dataclass(frozen=True)
class KlassRegister:
    """Numbers and names of a classification on 1 January of a year."""

    year: int
    names: dict[str, str]
    origin: Origin


@dataclass(frozen=True)
class Changes:
    """Every change of numbers as (date, old number, new number), in order."""

    rows: tuple[tuple[date, str, str], ...]
    origin: Origin


def register(transport: Transport, classification: int, year: int) -> KlassRegister:
    """Return a classification as of 1 January. Source: KLASS `codesAt`.

    Raises FetchFailed if it cannot be fetched, AnswerRefused if the response is unexpected.
    """
    asked = {"date": f"{year}-01-01", "language": "nb"}
    answer = transport.get(_wanted(classification, "codesAt", asked, f"{classification}, {year}"))
    found: dict[str, str] = {}
    for one in _read(answer, _Codes).codes:
        if _belongs(classification, one.code):
            if one.code in found or not one.name.strip():
                raise _refused(answer, f"has {one.code} twice, or without a name")
            found[one.code] = " ".join(one.name.split())
    if not found:
        raise _refused(answer, f"holds no numbers for {year}")
    return KlassRegister(year, found, answer.origin)


def changes(transport: Transport, classification: int, years: Sequence[int]) -> Changes:
    """Return the changes of numbers from the first to the last year. Source: KLASS `changes`.

    Raises FetchFailed if they cannot be fetched, AnswerRefused if the response is unexpected.
    """
    asked = {"from": f"{years[0]}-01-01", "to": f"{years[-1]}-01-02", "language": "nb"}
    label = f"{classification}, {years[0]}\u2013{years[-1]}"
    answer = transport.get(_wanted(classification, "changes", asked, label))
    rows = {
        (one.changeOccurred, one.oldCode, one.newCode)
        for one in _read(answer, _Changes).codeChanges
        if one.oldCode and one.newCode and one.oldCode != one.newCode
        if _belongs(classification, one.oldCode) and _belongs(classification, one.newCode)
    }
    if len(rows) > _MOST_CHANGES:
        raise _refused(answer, f"lists {len(rows)} changes of numbers")
    return Changes(tuple(sorted(rows)), answer.origin)


def _wanted(classification: int, call: str, asked: dict[str, str], label: str) -> Wanted:
    address = f"{SSB.base}/klass/v1/classifications/{classification}/{call}?{urlencode(asked)}"
    return Wanted(SSB, address, limit=_LIMIT, label=f"KLASS {label}")


def _belongs(classification: int, code: str) -> bool:
    return bool(_NUMBER[classification].fullmatch(code)) and not code.startswith(_NO_LAND)


def _read(answer: HttpAnswer, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(answer.json())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"is not the list that was asked for ({where}: {first['msg']})"
        raise _refused(answer, reason) from error


def _refused(answer: HttpAnswer, why: str) -> AnswerRefused:
    return AnswerRefused(answer.origin.address, why)
