"""What assistants may ask (Model Context Protocol): the API's answers, with the sources they name.

A tool is a resource of the API with some of its parameters, so that an answer is the one that the
API gives, and what is not understood is told in the same words.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from geo.api import parameters as p
from geo.api import programme
from geo.api.problems import ApiError, problem_details
from geo.api.resources import CHECK, JSON, RESOURCES, Resource, body
from geo.base.links import API, base_url, own_path
from geo.columns import SOURCE_ID, SOURCE_IDS
from geo.coverage.dataset import Dataset
from geo.places.search import Rank
from geo.text.languages import COMMAND_LINE
from geo.text.messages import messages

_RESOURCES = {one.name: one for one in (*RESOURCES, CHECK)}
_SOURCES = "sources"


@dataclass(frozen=True)
class Tool:
    """A tool: its name, the API's resource that answers, its parameters, and those it needs."""

    name: str
    resource: Resource
    parameters: tuple[str, ...]
    needed: tuple[str, ...] = ()

    def about(self, dataset: Dataset) -> str:
        """Return what it answers, in words for assistants."""
        return dataset.messages(COMMAND_LINE)(f"api.tool_{self.name}")


TOOLS: Mapping[str, Tool] = {
    one.name: one
    for one in (
        Tool(
            "coverage",
            _RESOURCES["coverage"],
            (p.KOMMUNE, p.YEAR, p.PROJECT, p.EVIDENCE, p.UNCOVERED, p.LANG),
            (p.KOMMUNE,),
        ),
        Tool("project", _RESOURCES["projects"], (p.PROJECT, p.YEAR, p.LANG), (p.PROJECT,)),
        Tool("check_claim", CHECK, (*p.FIGURE, p.LANG), p.NEEDED),
        Tool("sources", _RESOURCES[_SOURCES], (p.PROJECT, p.LANG)),
    )
}


def input_schema(dataset: Dataset, tool: Tool) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments, from the API's parameters."""
    return {
        "type": "object",
        "properties": {name: _property(dataset, name) for name in tool.parameters},
        "required": list(tool.needed),
        "additionalProperties": False,
    }


def _property(dataset: Dataset, name: str) -> dict[str, Any]:
    described = p.described(dataset, name)
    about = {"description": described["description"]}
    if name == p.KOMMUNE:
        return {"type": "string", "description": messages(COMMAND_LINE)("api.tool_kommune")}
    return {**described["schema"], **about}


class Refused(Exception):
    """A question that was not understood; `details` say why and what to do."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__(details["detail"])
        self.details = details


def ask(dataset: Dataset, tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a question; raise Refused if it is not understood."""
    texts = {name: _text(value) for name, value in given.items() if value is not None}
    query = {p.LANG: COMMAND_LINE, **texts}
    if p.KOMMUNE in query:
        query[p.KOMMUNE] = _number(dataset, query)
    request = p.asking(tool.resource.name, urlencode(query, safe=",:"))
    try:
        asked = p.read(request, tool.parameters, tool.resource.formats)
    except ApiError as problem:
        raise Refused(problem_details(request, problem).model_dump()) from problem
    answer = json.loads(body(tool.resource, asked, JSON))
    answer.pop("sums", None)  # of the whole view: who asks for one kommune would quote them for it
    inside = f"{API}/{tool.resource.name}?{request.url.query}"
    answer["meta"] |= {"page": _whole(answer["meta"]["page"]), "api": _whole(own_path(inside))}
    if tool.resource.name != _SOURCES:
        answer[_SOURCES] = _cited(asked, answer["data"])
    return dict(answer)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(int(value)) if isinstance(value, bool) else str(value)


def _whole(path: str) -> str:
    return urljoin(base_url(), path)


def _number(dataset: Dataset, query: Mapping[str, str]) -> str:
    """Return the kommune that is meant by a number or a name.

    Raises Refused if a name is none, or one of several.
    """
    text = query[p.KOMMUNE]
    if text.isdecimal():
        return text
    years = {str(year): year for year in dataset.choices.years}
    year = years.get(query.get(p.YEAR, ""), dataset.choices.default_year)
    ranks = dataset.search.ranks(text)
    hits = dataset.search.find(text, year)
    exact = [one for one in hits if ranks[one.kommunenr] == Rank.EXACT]
    found = exact or hits
    found = [one for one in found if year in one.years] or found
    if len(found) == 1:
        return found[0].kommunenr
    t = messages(COMMAND_LINE)
    known = "; ".join(f"{one.kommunenr} {one.name}" for one in found)
    key = "api.tool_several" if found else "api.tool_no_kommune"
    raise Refused({"detail": t(key, text=text[:40], known=known), p.KOMMUNE: text[:40]})


def _cited(asked: p.Asked, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sources that rows name, as the API gives them."""
    named = {
        one for row in rows for key, ids in row.items() if key.endswith(SOURCE_IDS) for one in ids
    }
    every = programme.source_rows(asked.dataset, asked.view.but(project=()))
    return [one.model_dump() for one in every if getattr(one, SOURCE_ID) in named]
