"""Query parameters of the API: the page's filters, but invalid values are errors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from geo.api.problems import NO_SUCH_PLACE, QUERY, ApiError, Wrong, language
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.coverage.view import SCOPES, Ignored, View, from_query, is_tag
from geo.text.languages import LANGUAGES
from geo.text.messages import Messages, messages
from geo.versions import corrections, reload, versions

YEAR, PROJECT, HUB, FYLKE, EVIDENCE = "year", "project", "hub", "fylke", "evidence"
KOMMUNE, UNCOVERED, LANG, DATA, FORMAT = "kommune", "uncovered", "lang", "data", "format"
SCOPE = "scope"
SEVERAL = (PROJECT, HUB, FYLKE)
COUNTED = (YEAR, PROJECT, HUB, FYLKE, SCOPE, EVIDENCE)
_KOMMUNENR = "[0-9]{4}"
EVERYWHERE = (LANG, DATA, FORMAT)


@dataclass(frozen=True)
class Asked:
    """A parsed request; `format` is empty if the Accept header decides."""

    dataset: Dataset
    view: View
    format: str
    frozen: bool  # whether the request names a data version
    corrected: str = ""  # what was corrected since that version, in a sentence; "" if nothing was


def read(request: Request, names: tuple[str, ...], formats: Iterable[str]) -> Asked:
    """Return the parsed query of a request.

    Raises ApiError with every parameter that was not understood.
    """
    t = messages(language(request))
    pairs = parameters_of(request)
    query = _joined(pairs)
    errors = _misnamed(pairs, names, t)
    for name, allowed in ((DATA, _versions()), (FORMAT, tuple(formats))):
        if name in query and query[name] not in allowed:
            errors.append(_wrong(name, query[name], _allowed_text(allowed, t)))
    dataset = versions.dataset_version(query.get(DATA, ""))
    filters = {k: v for k, v in query.items() if k in names and k not in {DATA, FORMAT}}
    view, ignored = from_query(filters, dataset.choices)
    nowhere = [one for one in ignored if _no_such_place(dataset, one)]
    errors += _all_wrong(dataset, view, [one for one in ignored if one not in nowhere], t)
    unplaced = _all_wrong(dataset, view, nowhere, t)
    if errors:
        raise ApiError(QUERY, (*errors, *unplaced), names=", ".join(names))
    if unplaced:
        raise ApiError(NO_SUCH_PLACE, tuple(unplaced), year=view.year)
    corrected = corrections.notice(dataset, view)
    return Asked(dataset, view, query.get(FORMAT, ""), DATA in query, corrected)


def parameters_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a request, without those that other sites add to links."""
    return [pair for pair in request.query_params.multi_items() if not is_tag(pair[0])]


def _joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return one text for each parameter: "a,b" for project=a&project=b."""
    query = dict(pairs)
    for name in SEVERAL:
        if name in query:
            query[name] = ",".join(text for given, text in pairs if given == name)
    return query


def _no_such_place(dataset: Dataset, one: Ignored) -> bool:
    """Return whether an ignored value is a well-formed number that no place has."""
    if one.parameter == FYLKE:
        return any(one.value in numbers for numbers in dataset.choices.fylker.values())
    return one.parameter == KOMMUNE and re.fullmatch(_KOMMUNENR, one.value) is not None


def _all_wrong(dataset: Dataset, view: View, ignored: list[Ignored], t: Messages) -> list[Wrong]:
    return [
        _wrong(one.parameter, one.value, _allowed(dataset, one.parameter, view.year, t))
        for one in ignored
    ]


def _misnamed(pairs: Sequence[tuple[str, str]], names: tuple[str, ...], t: Messages) -> list[Wrong]:
    """Return the parameters that are not the resource's, or occur twice but have one value."""
    given = [name for name, _ in pairs]
    errors = [
        Wrong(parameter=name, value=value, detail=t("api.unknown", names=", ".join(names)))
        for name, value in pairs
        if name not in names
    ]
    return errors + [
        Wrong(parameter=name, value="", detail=t("api.twice"))
        for name in dict.fromkeys(given)
        if name in names and name not in SEVERAL and given.count(name) > 1
    ]


def _wrong(name: str, value: str, detail: str) -> Wrong:
    return Wrong(parameter=name, value=value, detail=detail)


def _allowed_text(codes: Iterable[object], t: Messages) -> str:
    return t("api.allowed", codes=", ".join(map(str, codes)))


def _allowed(dataset: Dataset, name: str, year: int, t: Messages) -> str:
    """Return what a parameter may be, in words."""
    codes = allowed_codes(dataset, name, year)
    return _allowed_text(codes, t) if codes else t("api.allowed_kommune", **dataset.register.span)


def allowed_codes(dataset: Dataset, name: str, year: int) -> tuple[object, ...]:
    """Return the codes that a parameter may have; none for kommuner, which are too many to list.

    Raises UnknownYear if `year` is not a structure year.
    """
    dataset.require(year)
    choices: Mapping[str, tuple[object, ...]] = {
        YEAR: dataset.choices.years,
        PROJECT: dataset.choices.projects,
        HUB: dataset.choices.hubs,
        FYLKE: dataset.choices.fylker[year],
        SCOPE: SCOPES,
        EVIDENCE: EVIDENCE_LEVELS,
        UNCOVERED: (0, 1),
        LANG: LANGUAGES,
    }
    return choices.get(name, ())


def _versions() -> tuple[str, ...]:
    return tuple(dict.fromkeys((reload.current().data_version, *versions.kept_versions())))


# -- OpenAPI --------------------------------------------------------------------------------------

_MEANINGS = {
    YEAR: "Kommune structure: the year whose kommuner are counted.",
    PROJECT: "Project ids separated by commas, or project=a&project=b; none means all.",
    HUB: "Hub ids separated by commas, or hub=a&hub=b; none means all.",
    FYLKE: "County numbers of the structure year, separated by commas, or fylke=15&fylke=16; none "
    "means all. A number of another year is answered with 404.",
    SCOPE: "Whose coverage is counted: that of the projects, or of all hubs that are known. Where "
    "projects or hubs are chosen, only those count.",
    EVIDENCE: "The weakest evidence that still counts.",
    KOMMUNE: "A kommune number of any year: only the kommuner that its land lies in now, whatever "
    "their state. Sums stay those of the whole view. A number that never was one gives 404.",
    UNCOVERED: "1 lists the kommuner without coverage too, as the page does on request.",
    LANG: "Language of names and texts; codes are the same in both.",
    DATA: "A data version: this one, or an earlier one that was kept. The newest if left out.",
    FORMAT: "Comes before the Accept header.",
}


def described(dataset: Dataset, name: str, formats: Iterable[str] = ()) -> dict[str, Any]:
    """Return a parameter's OpenAPI description."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": _MEANINGS[name],
        "schema": _schema(dataset, name, formats),
        "example": _example(dataset, name),
        # The page's links may have "project=", an empty choice.
        **({"style": "form", "explode": False, "allowEmptyValue": True} if name in SEVERAL else {}),
    }


def _example(dataset: Dataset, name: str) -> Any:
    """Return a value that the parameter may have."""
    if name in (DATA, FORMAT, KOMMUNE):
        return {DATA: _versions()[0], FORMAT: "csv"}.get(name, min(dataset.choices.kommuner))
    codes = allowed_codes(dataset, name, dataset.choices.default_year)
    return list(codes[:2]) if name in SEVERAL else codes[-1]


def _schema(dataset: Dataset, name: str, formats: Iterable[str]) -> dict[str, Any]:
    default = dataset.choices.view()
    if name == KOMMUNE:
        numbers = f"^({_KOMMUNENR})?$"
        return {"type": "string", "pattern": numbers, "maxLength": 4, "examples": ["1636", "0301"]}
    if name in SEVERAL:
        of_years = (allowed_codes(dataset, name, year) for year in dataset.choices.years)
        known = sorted({str(code) for some in of_years for code in some})
        return {"type": "array", "items": {"type": "string", "enum": known}, "default": []}
    if name == DATA:
        return {"type": "string", "enum": list(_versions())}
    if name == FORMAT:
        return {"type": "string", "enum": list(formats)}
    codes = allowed_codes(dataset, name, default.year)
    kind = "integer" if isinstance(codes[0], int) else "string"
    value = getattr(default, name)
    return {
        "type": kind,
        "enum": list(codes),
        "default": int(value) if kind == "integer" else value,
    }
