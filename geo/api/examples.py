"""Examples in the description of the API: real answers, cut to a row."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from geo.api.parameters import FYLKE, IN_FYLKE, KOMMUNE, LANG, NEEDED, asking, read, stated
from geo.api.problems import (
    NO_SUCH_PLACE,
    NOT_ACCEPTABLE,
    QUERY,
    STATUS,
    ApiError,
    problem_response,
)
from geo.api.resources import CSV, GEOJSON, JSON, MEDIA_TYPES, Resource, as_csv, body
from geo.coverage.dataset import Dataset
from geo.text.languages import COMMAND_LINE

_NEVER = "1"  # not a language


def question(dataset: Dataset, resource: Resource) -> str:
    """Return the query that a resource needs to answer; "" if it needs none."""
    about, figures = stated(dataset)
    needed = dict(zip(NEEDED, (about, ",".join(figures)), strict=True))
    return "&".join(f"{k}={v}" for k, v in needed.items() if k in resource.parameters)


def answers(dataset: Dataset, resource: Resource) -> dict[str, Any]:
    """Return an example of each of a resource's answers, by media type."""
    asked = read(_request(dataset, resource), resource.parameters, resource.formats)
    found = {
        MEDIA_TYPES[JSON]: _first_row(body(resource, asked, JSON)),
        MEDIA_TYPES[CSV]: as_csv(resource.model, resource.rows(asked)[:1]).decode(),
    }
    if GEOJSON in resource.formats:
        found[MEDIA_TYPES[GEOJSON]] = _smallest(body(resource, asked, GEOJSON))
    return found


def problems(dataset: Dataset, resource: Resource) -> dict[int, Any]:
    """Return an example of each of a resource's problems, by status."""
    offered = ", ".join(MEDIA_TYPES[form] for form in resource.formats)
    plain = _request(dataset, resource)
    found = {
        STATUS[NOT_ACCEPTABLE]: _details(plain, ApiError(NOT_ACCEPTABLE, offered=offered)),
        STATUS[QUERY]: _refused(_request(dataset, resource, LANG, _NEVER), resource),
    }
    for name, number in _nowhere(dataset).items():
        if name in resource.parameters:
            asked = _request(dataset, resource, name, number)
            found[STATUS[NO_SUCH_PLACE]] = _refused(asked, resource)
    return found


def _nowhere(dataset: Dataset) -> Mapping[str, str]:
    """Return numbers of the right form that are no place in the default year."""
    years = dataset.choices.fylker
    gone = {nr for numbers in years.values() for nr in numbers}
    gone -= set(years[dataset.choices.default_year])
    found = dict.fromkeys((FYLKE, IN_FYLKE), min(gone)) if gone else {}
    return {KOMMUNE: "0000", **found}


def _request(dataset: Dataset, resource: Resource, name: str = "", value: str = "") -> Request:
    own = f"{name}={value}" if name else ""
    english = "" if name == LANG else f"{LANG}={COMMAND_LINE}"
    query = "&".join(filter(None, (question(dataset, resource), own, english)))
    return asking(resource.name, query)


def _refused(request: Request, resource: Resource) -> Any:
    try:
        read(request, resource.parameters, resource.formats)
    except ApiError as problem:
        return _details(request, problem)
    raise AssertionError(str(request.url))


def _details(request: Request, problem: ApiError) -> Any:
    return json.loads(bytes(problem_response(request, problem).body))


def _first_row(content: bytes) -> Any:
    answer = json.loads(content)
    return _of_one(answer, "data", answer["data"][:1])


def _smallest(content: bytes) -> Any:
    """Return the answer with the feature that takes least room, of those that have a shape."""
    answer = json.loads(content)
    drawn = [one for one in answer["features"] if one["geometry"]]
    return _of_one(answer, "features", sorted(drawn, key=lambda one: len(str(one)))[:1])


def _of_one(answer: dict[str, Any], key: str, rows: list[Any]) -> dict[str, Any]:
    return {**answer, "meta": {**answer["meta"], "count": len(rows)}, key: rows}
