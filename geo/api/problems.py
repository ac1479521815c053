"""Error responses as problem details (RFC 9457), in words and with advice."""

from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from geo.base.links import API, own_path
from geo.errors import GeoError
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages

MEDIA_TYPE = "application/problem+json"
NOT_FOUND, NO_SUCH_PLACE, METHOD, NOT_ACCEPTABLE, QUERY, BROKEN = (
    "not_found",
    "no_such_place",
    "method",
    "not_acceptable",
    "query",
    "broken",
)
STATUS = {
    NOT_FOUND: 404,
    NO_SUCH_PLACE: 404,
    METHOD: 405,
    NOT_ACCEPTABLE: 406,
    QUERY: 422,
    BROKEN: 500,
}


class Wrong(BaseModel):
    """One parameter that was not understood."""

    parameter: str = Field(description="Name of the parameter")
    value: str = Field(description="The value that was given")
    detail: str = Field(description="What is wrong")


class ProblemDetails(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str = Field(description="Address that explains this kind of problem")
    title: str = Field(description="Title")
    status: int = Field(description="HTTP status")
    detail: str = Field(description="What is wrong")
    instance: str = Field(description="The address that was asked for")
    advice: str = Field(description="What to do")
    errors: list[Wrong] = Field(
        default_factory=list, description="Every parameter that was not understood"
    )


class ApiError(GeoError):
    """An error response; `kind` is a key of STATUS, `values` fill the placeholders of its texts."""

    def __init__(self, kind: str, errors: tuple[Wrong, ...] = (), **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.errors = errors
        self.values = values


def language(request: Request) -> str:
    """Return the language of a request: its `lang`, or bokmål if that is missing or unknown."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else DEFAULT


def problem_response(request: Request, problem: ApiError) -> Response:
    """Return the response for an error, as application/problem+json."""
    return Response(
        problem_details(request, problem).model_dump_json(),
        status_code=STATUS[problem.kind],
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "Content-Language": language(request)},
    )


def problem_details(request: Request, problem: ApiError) -> ProblemDetails:
    """Return what went wrong and what to do, in the language of the request."""
    t = messages(language(request))
    status = STATUS[problem.kind]
    query = urlencode(request.query_params.multi_items(), safe=",")
    return ProblemDetails(
        type=own_path(f"{API}/#{problem.kind}"),
        title=t(f"api.{problem.kind}_title"),
        status=status,
        detail=t(f"api.{problem.kind}_detail", **problem.values),
        instance=own_path(request.url.path) + (f"?{query}" if query else ""),
        advice=t(f"api.{problem.kind}_advice", **problem.values),
        errors=list(problem.errors),
    )
