"""The API as an ASGI application with an OpenAPI 3.1 description."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from geo.api import api_page, examples
from geo.api.answers import Content, answer, send
from geo.api.parameters import FORMAT, FYLKE, IN_FYLKE, described
from geo.api.problems import (
    BROKEN,
    MEDIA_TYPE,
    METHOD,
    NOT_FOUND,
    ApiError,
    ProblemDetails,
    language,
    problem_response,
)
from geo.api.reading import METHODS, Reading
from geo.api.resources import CSV, EVERY, GEOJSON, JSON, MEDIA_TYPES, TAGS, Resource
from geo.base.cache import DESCRIPTIONS
from geo.base.links import API, FIRST_PAGE, base_url, own_path
from geo.coverage.dataset import Dataset
from geo.dataset.licence import licence_name, licence_url
from geo.report.contact import contact
from geo.text.languages import COMMAND_LINE
from geo.text.messages import messages
from geo.versions import reload
from geo.webmap import policy

VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{model}"


def build() -> ASGIApp:
    """Return the API: read-only, CORS open to all origins."""
    return Reading(application())


def application() -> FastAPI:
    """Return the FastAPI application with a route for each resource."""
    app = FastAPI(
        title="Næringshagekart",
        version=VERSION,
        summary="Who serves which kommune: data, coverage and sources",
        openapi_tags=[{"name": tag, "description": about} for tag, about in TAGS.items()],
        docs_url=None,  # FastAPI's own pages load scripts from a CDN
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    for resource in EVERY:
        app.add_api_route(
            f"/{resource.name}",
            _endpoint(resource),
            methods=["GET"],
            operation_id=resource.name,
            summary=resource.summary,
            description=messages(COMMAND_LINE)(f"api.about_{resource.name}"),
            tags=[resource.tag],
            response_model=resource.answer,
            responses=_responses(resource),
            openapi_extra={"parameters": _parameters(resource)},
        )
    app.add_route("/", _page, include_in_schema=False)
    app.add_route("/openapi.json", _description(app), include_in_schema=False)
    app.add_exception_handler(ApiError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_failure)
    return app


def _endpoint(resource: Resource) -> Callable[[Request], Response]:
    # Not async: computing a new view takes a while and would block the event loop.
    def endpoint(request: Request) -> Response:
        return answer(request, resource)

    return endpoint


def _page(request: Request) -> Response:
    lang = language(request)
    # Without GEO_BASE_URL only names of this machine are answered.
    root = base_url() or str(request.base_url.replace(path=FIRST_PAGE))
    text = api_page.page(reload.current(), lang, root)
    headers = {
        "Vary": "Accept-Encoding",
        "Content-Language": lang,
        "Content-Security-Policy": policy.document(text),
    }
    return send(request, Content.of(text.encode()), "text/html; charset=utf-8", headers)


# -- errors ---------------------------------------------------------------------------------------


def _on_problem(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, ApiError):
        raise problem
    return problem_response(request, problem)


def _on_http(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        response = problem_response(
            request, ApiError(METHOD, method=request.method, methods=METHODS)
        )
        response.headers["Allow"] = METHODS
        return response
    names = ", ".join(own_path(f"{API}/{resource.name}") for resource in EVERY)
    return problem_response(
        request, ApiError(NOT_FOUND, path=own_path(request.url.path), names=names)
    )


def _on_failure(request: Request, _error: Exception) -> Response:
    return problem_response(request, ApiError(BROKEN))


# -- OpenAPI --------------------------------------------------------------------------------------


def _parameters(resource: Resource) -> list[dict[str, Any]]:
    """Return references to the shared parameters; `format` differs between resources."""
    own = described(reload.current(), FORMAT, resource.formats)
    return [
        own if name == FORMAT else {"$ref": f"#/components/parameters/{name}"}
        for name in resource.parameters
    ]


def _responses(resource: Resource) -> dict[int | str, dict[str, Any]]:
    contents: dict[str, Any] = {MEDIA_TYPES[CSV]: {"schema": {"type": "string"}}}
    if GEOJSON in resource.formats:
        reference = _REFERENCE.format(model=_name(resource.features))
        contents[MEDIA_TYPES[GEOJSON]] = {"schema": {"$ref": reference}}
    problem = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=ProblemDetails.__name__)}}}
    etag = {"description": "Names these bytes", "schema": {"type": "string"}}
    found: dict[int | str, dict[str, Any]] = {
        200: {"description": "The rows", "content": contents, "headers": {"ETag": etag}},
        304: {"description": "If-None-Match names what would be sent", "headers": {"ETag": etag}},
        406: {"description": "No format that the Accept header allows", "content": problem},
        422: {"description": "A parameter was not understood", "content": problem},
    }
    if {FYLKE, IN_FYLKE} & set(resource.parameters):
        found[404] = {"description": "No such county or kommune", "content": problem}
    return found


def _name(model: type[Any]) -> str:
    return model.__name__.replace("[", "_").replace("]", "_")


def _description(app: FastAPI) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        headers = {"Vary": "Accept-Encoding"}
        return send(request, _described(app, reload.current()), MEDIA_TYPES[JSON], headers)

    return endpoint


@lru_cache(DESCRIPTIONS.most)
def _described(app: FastAPI, _dataset: Dataset) -> Content:
    return Content.of(json.dumps(description(app), ensure_ascii=False).encode())


def description(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description; its parameters list every code in the data."""
    found = deepcopy(app.openapi())  # FastAPI keeps it, and other data may come
    version = reload.current().data_version
    found["info"]["description"] = messages(COMMAND_LINE)("api.intro", version=version)
    found["security"] = []  # none, said aloud: generators and linters ask
    found["servers"] = [{"url": own_path(API)}]
    if contact():
        found["info"]["contact"] = {"email": contact()}
    package = reload.current().package
    stated = {"name": licence_name(package), "url": licence_url(package)}
    if stated["name"]:
        found["info"]["license"] = {key: text for key, text in stated.items() if text}
    models = [(r.features, "serialization") for r in EVERY if r.shapes]
    _, schemas = models_json_schema(
        [*models, (ProblemDetails, "serialization")],  # type: ignore[list-item]
        ref_template=_REFERENCE,
    )
    components = found.setdefault("components", {})
    components["schemas"] = {**schemas["$defs"], **components.get("schemas", {})}
    for resource in EVERY:
        _exemplify(found["paths"][f"/{resource.name}"]["get"]["responses"], resource)
    names = {name for r in EVERY for name in r.parameters if name != FORMAT}
    dataset = reload.current()
    components["parameters"] = {name: described(dataset, name) for name in sorted(names)}
    return found


def _exemplify(responses: dict[str, Any], resource: Resource) -> None:
    """Give each answer of a resource its example."""
    dataset = reload.current()
    for media_type, example in examples.answers(dataset, resource).items():
        responses["200"]["content"][media_type]["example"] = example
    for status, example in examples.problems(dataset, resource).items():
        responses[str(status)]["content"][MEDIA_TYPE]["example"] = example
