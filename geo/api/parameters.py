"""Query parameters of the API: the page's filters, but invalid values are errors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from geo.api.problems import NO_SUCH_PLACE, QUERY, ApiError, Wrong, language
from geo.base.links import API
from geo.columns import EVIDENCE_LEVELS, PROGRAMME_ID, PROJECT_ID, SOURCE_ID
from geo.coverage.dataset import Dataset
from geo.coverage.view import SCOPES, Ignored, View, from_query, is_tag
from geo.report.claims import FIGURES, Figure, check
from geo.text.languages import LANGUAGES
from geo.text.messages import Messages, messages
from geo.versions import corrections, reload, versions

YEAR, PROJECT, HUB, FYLKE, EVIDENCE = "year", "project", "hub", "fylke", "evidence"
KOMMUNE, UNCOVERED, LANG, DATA, FORMAT = "kommune", "uncovered", "lang", "data", "format"
SCOPE = "scope"
ABOUT, CLAIM, IN_FYLKE, SOURCE = "about", "claim", "in_fylke", "source"
SEVERAL = (PROJECT, HUB, FYLKE)
LISTS = (*SEVERAL, CLAIM, SOURCE)
FIGURE = (ABOUT, CLAIM, YEAR, IN_FYLKE, SOURCE)
NEEDED = (ABOUT, CLAIM)
COUNTED = (YEAR, PROJECT, HUB, FYLKE, SCOPE, EVIDENCE)
_KOMMUNENR = "[0-9]{4}"
_CLAIM = re.compile(f"({'|'.join(FIGURES)}):[0-9]{{1,12}}")
EVERYWHERE = (LANG, DATA, FORMAT)


@dataclass(frozen=True)
class Asked:
    """A parsed request; `format` is empty if the Accept header decides."""

    dataset: Dataset
    view: View
    format: str
    frozen: bool  # whether the request names a data version
    corrected: str = ""  # what was corrected since that version, in a sentence; "" if nothing was
    figures: tuple[Figure, ...] = ()  # to be checked


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
    apart = {DATA, FORMAT, ABOUT, CLAIM, IN_FYLKE, SOURCE}
    filters = {k: v for k, v in query.items() if k in names and k not in apart}
    view, ignored = from_query(filters, dataset.choices)
    figures, unread = _figures(dataset, view, query) if CLAIM in names else ((), [])
    ignored += unread
    nowhere = [one for one in ignored if _no_such_place(dataset, one)]
    errors += _all_wrong(dataset, view, [one for one in ignored if one not in nowhere], t)
    unplaced = _all_wrong(dataset, view, nowhere, t)
    if errors:
        raise ApiError(QUERY, (*errors, *unplaced), names=", ".join(names))
    if unplaced:
        raise ApiError(NO_SUCH_PLACE, tuple(unplaced), year=view.year)
    corrected = corrections.notice(dataset, view)
    return Asked(dataset, view, query.get(FORMAT, ""), DATA in query, corrected, figures)


def asking(name: str, query: str) -> Request:
    """Return a request of our own for a resource."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"{API}/{name}",
        "query_string": query.encode(),
        "headers": [],
    }
    return Request(scope)


def parameters_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a request, without those that other sites add to links."""
    return [pair for pair in request.query_params.multi_items() if not is_tag(pair[0])]


def _joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return one text for each parameter: "a,b" for project=a&project=b."""
    query = dict(pairs)
    for name in LISTS:
        if name in query:
            query[name] = ",".join(text for given, text in pairs if given == name)
    return query


def _no_such_place(dataset: Dataset, one: Ignored) -> bool:
    """Return whether an ignored value is a well-formed number that no place has."""
    if one.parameter in {FYLKE, IN_FYLKE}:
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
        if name in names and name not in LISTS and given.count(name) > 1
    ]


def _wrong(name: str, value: str, detail: str) -> Wrong:
    return Wrong(parameter=name, value=value, detail=detail)


def _allowed_text(codes: Iterable[object], t: Messages) -> str:
    return t("api.allowed", codes=", ".join(map(str, codes)))


def _allowed(dataset: Dataset, name: str, year: int, t: Messages) -> str:
    """Return what a parameter may be, in words."""
    if name == CLAIM:
        return t("api.allowed_claim", names=", ".join(FIGURES), example=_example(dataset, CLAIM)[0])
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
        IN_FYLKE: dataset.choices.fylker[year],
        ABOUT: (*dataset.choices.projects, *_programmes(dataset)),
        SOURCE: tuple(dataset.package["sources"][SOURCE_ID]),
        SCOPE: SCOPES,
        EVIDENCE: EVIDENCE_LEVELS,
        UNCOVERED: (0, 1),
        LANG: LANGUAGES,
    }
    return choices.get(name, ())


def _versions() -> tuple[str, ...]:
    return tuple(dict.fromkeys((reload.current().data_version, *versions.kept_versions())))


def _programmes(dataset: Dataset) -> tuple[str, ...]:
    return tuple(dataset.package["programmes"][PROGRAMME_ID])


# -- figures to be checked ------------------------------------------------------------------------


def _figures(
    dataset: Dataset, view: View, query: Mapping[str, str]
) -> tuple[tuple[Figure, ...], list[Ignored]]:
    """Return the figures that a query states, and what of it is missing or means nothing."""
    given = {name: _split(query.get(name, "")) for name in (ABOUT, CLAIM, IN_FYLKE, SOURCE)}
    allowed = {name: allowed_codes(dataset, name, view.year) for name in (ABOUT, IN_FYLKE, SOURCE)}
    ignored = [
        Ignored(name, one) for name in allowed for one in given[name] if one not in allowed[name]
    ]
    ignored += [Ignored(CLAIM, one) for one in given[CLAIM] if not _CLAIM.fullmatch(one)]
    ignored += [Ignored(name, "") for name in NEEDED if not given[name]]
    ignored += [Ignored(n, query[n]) for n in (ABOUT, IN_FYLKE) if len(given[n]) > 1]
    if ignored:
        return (), ignored
    programme, project = _subject(dataset, given[ABOUT][0])
    county = "".join(given[IN_FYLKE])
    stated = (one.split(":") for one in given[CLAIM])
    return tuple(
        Figure(programme, project, name, float(value), view.year, county, given[SOURCE])
        for name, value in stated
    ), []


def stated(dataset: Dataset) -> tuple[str, tuple[str, ...]]:
    """Return a project and figures that were published of it, as they are asked about."""
    known = [one for one in check(dataset) if one.project_id and one.metric in FIGURES]
    of = {one.metric: one.project_id for one in reversed(known)}
    about = next((of[name] for name in FIGURES if name in of), dataset.choices.projects[0])
    said = {one.metric: one.claimed for one in known if one.project_id == about}
    figures = tuple(f"{name}:{said[name] or 0:.0f}" for name in FIGURES if name in said)
    return about, figures or (f"{next(iter(FIGURES))}:1",)


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, text.split(","))))


def _subject(dataset: Dataset, about: str) -> tuple[str, str]:
    """Return the ids of a programme and a project; "" for the project if the programme is meant."""
    if about not in dataset.choices.projects:
        return about, ""
    projects = dataset.package["projects"].set_index(PROJECT_ID)
    return str(projects.loc[about, PROGRAMME_ID]), about


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
    ABOUT: "Whom the figures are about: the id of a project, or of a programme for all of its "
    "projects.",
    CLAIM: "Figures as name:number, separated by commas, or claim=a&claim=b; grant in NOK.",
    IN_FYLKE: "Kommuner are counted in this county only, a number of the structure year. A number "
    "of another year is answered with 404.",
    SOURCE: "Ids of the sources that state the figures, if they are known here: what the data have "
    "from them alone confirms nothing.",
    LANG: "Language of names and texts; codes are the same in both.",
    DATA: "A data version: this one, or an earlier one that was kept. The newest if left out.",
    FORMAT: "Comes before the Accept header.",
}


def described(dataset: Dataset, name: str, formats: Iterable[str] = ()) -> dict[str, Any]:
    """Return a parameter's OpenAPI description."""
    return {
        "name": name,
        "in": "query",
        "required": name in NEEDED,
        "description": _MEANINGS[name],
        "schema": _schema(dataset, name, formats),
        "example": _example(dataset, name),
        # The page's links may have "project=", an empty choice.
        **({"style": "form", "explode": False} if name in LISTS else {}),
        **({"allowEmptyValue": True} if name in SEVERAL else {}),
    }


def _example(dataset: Dataset, name: str) -> Any:
    """Return a value that the parameter may have."""
    about, figures = stated(dataset)
    if name in NEEDED:
        return about if name == ABOUT else list(figures)
    if name in (DATA, FORMAT, KOMMUNE):
        return {DATA: _versions()[0], FORMAT: "csv"}.get(name, min(dataset.choices.kommuner))
    codes = allowed_codes(dataset, name, dataset.choices.default_year)
    if name in LISTS:
        return list(codes[:2])
    return codes[-1]


def _schema(dataset: Dataset, name: str, formats: Iterable[str]) -> dict[str, Any]:
    if name in LISTS:
        return {"type": "array", **_list_schema(dataset, name)}
    if name == KOMMUNE:
        numbers = f"^({_KOMMUNENR})?$"
        return {"type": "string", "pattern": numbers, "maxLength": 4, "examples": ["1636", "0301"]}
    default = dataset.choices.view()
    texts: Mapping[str, Sequence[object]] = {
        DATA: _versions(),
        FORMAT: tuple(formats),
        ABOUT: allowed_codes(dataset, ABOUT, default.year),
        IN_FYLKE: _of_every_year(dataset, IN_FYLKE),
    }
    if name in texts:
        return {"type": "string", "enum": list(texts[name])}
    codes = allowed_codes(dataset, name, default.year)
    kind = "integer" if isinstance(codes[0], int) else "string"
    value = getattr(default, name)
    return {
        "type": kind,
        "enum": list(codes),
        "default": int(value) if kind == "integer" else value,
    }


def _list_schema(dataset: Dataset, name: str) -> dict[str, Any]:
    if name == CLAIM:
        return {"items": {"type": "string", "pattern": f"^{_CLAIM.pattern}$"}, "minItems": 1}
    return {"items": {"type": "string", "enum": _of_every_year(dataset, name)}, "default": []}


def _of_every_year(dataset: Dataset, name: str) -> list[str]:
    of_years = (allowed_codes(dataset, name, year) for year in dataset.choices.years)
    return sorted({str(code) for some in of_years for code in some})
