"""The API's resources: parameters, rows, and their serialisation as JSON, CSV or GeoJSON."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args
from urllib.parse import urlencode

from pydantic import BaseModel

from geo.api import kommuner, models, programme
from geo.api import parameters as p
from geo.base.links import CORRECTIONS, FIRST_PAGE, own_path
from geo.columns import (
    CLAIM_ID,
    CORRECTION_ID,
    HUB_ID,
    KOMMUNENR,
    PROGRAMME_ID,
    PROJECT_ID,
    SOURCE_ID,
)
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, to_query
from geo.dataset.licence import licence, licence_url
from geo.exports.csv_files import written
from geo.report.titles import credit
from geo.text.messages import messages
from geo.versions import corrections

JSON, CSV, GEOJSON = "json", "csv", "geojson"
MEDIA_TYPES: Mapping[str, str] = {
    JSON: "application/json",
    CSV: "text/csv",
    GEOJSON: "application/geo+json",
}

# The groups of resources in the description, with what each is about.
FUNDING, PLACES, PROVENANCE = "funding", "places", "provenance"
TAGS: Mapping[str, str] = {
    FUNDING: "Who is funded: programmes, projects and næringshager.",
    PLACES: "Where: the kommuner of a structure year, and what is covered of each.",
    PROVENANCE: "What it rests on: sources, published claims beside the data, and corrections.",
}


@dataclass(frozen=True)
class Resource:
    """A list of rows of one model; `shapes` returns the geometry by the value of `key`."""

    name: str
    model: type[models.Model]
    key: str
    filters: tuple[str, ...]
    rows: Callable[[p.Asked], list[Any]]
    page: str
    summary: str
    tag: str
    shapes: Callable[[Dataset, View], Mapping[str, Any]] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters it takes."""
        return (*self.filters, *p.EVERYWHERE)

    @property
    def formats(self) -> tuple[str, ...]:
        """Its formats, the default first."""
        return (JSON, CSV, GEOJSON) if self.shapes else (JSON, CSV)

    @property
    def summed(self) -> bool:
        """Whether its answers include the totals of the view."""
        return self.model is models.CoverageRow

    @property
    def answer(self) -> type[BaseModel]:
        """The model of its JSON answer."""
        return models.CoverageAnswer if self.summed else models.Answer[self.model]  # type: ignore[name-defined]

    @property
    def features(self) -> type[BaseModel]:
        """The model of its GeoJSON answer."""
        return models.CoverageFeatures if self.summed else models.Features[self.model]  # type: ignore[name-defined]


def _viewed(rows: Callable[[Dataset, View], list[Any]]) -> Callable[[p.Asked], list[Any]]:
    def answered(asked: p.Asked) -> list[Any]:
        return rows(asked.dataset, asked.view)

    return answered


RESOURCES = (
    Resource(
        "programmes",
        models.Programme,
        PROGRAMME_ID,
        (),
        _viewed(programme.programmes),
        "prosjekter",
        "Grant programmes",
        FUNDING,
    ),
    Resource(
        "projects",
        models.Project,
        PROJECT_ID,
        p.COUNTED,
        _viewed(programme.projects),
        "prosjekter",
        "Funded projects, with what each covers in the view",
        FUNDING,
    ),
    Resource(
        "hubs",
        models.Hub,
        HUB_ID,
        p.COUNTED,
        _viewed(programme.hubs),
        "",
        "Næringshager, with the kommuner that each serves in the view",
        FUNDING,
        programme.points,
    ),
    Resource(
        "coverage",
        models.CoverageRow,
        KOMMUNENR,
        (*p.COUNTED, p.KOMMUNE, p.UNCOVERED),
        _viewed(kommuner.covered),
        "",
        "What is covered of each kommune, with the sums of the view",
        PLACES,
        kommuner.shapes,
    ),
    Resource(
        "kommuner",
        models.Kommune,
        KOMMUNENR,
        (p.YEAR, p.FYLKE, p.KOMMUNE),
        _viewed(kommuner.register),
        "",
        "The kommuner of a structure year, from the register",
        PLACES,
        kommuner.shapes,
    ),
    Resource(
        "claims",
        models.Claim,
        CLAIM_ID,
        (p.PROJECT,),
        _viewed(programme.claims),
        "prosjekter",
        "Published claims beside what the data give",
        PROVENANCE,
    ),
    Resource(
        "corrections",
        models.Correction,
        CORRECTION_ID,
        (),
        _viewed(programme.corrections),
        CORRECTIONS,
        "What was wrong in a data version and is corrected, or corrected since one",
        PROVENANCE,
    ),
    Resource(
        "sources",
        models.SourceRow,
        SOURCE_ID,
        (p.PROJECT,),
        _viewed(programme.source_rows),
        "data",
        "Sources and what they say, all or those behind some projects",
        PROVENANCE,
    ),
)


CHECK = Resource(
    "check",
    models.CheckedFigure,
    CLAIM_ID,
    p.FIGURE,
    programme.figures,
    "prosjekter",
    "Figures that somebody states, beside what the data give",
    PROVENANCE,
)
# All that answers; CHECK alone has to be asked something.
EVERY = (*RESOURCES, CHECK)


def body(resource: Resource, asked: p.Asked, form: str) -> bytes:
    """Return a resource serialised in a format, as UTF-8."""
    found = resource.rows(asked)
    if form == CSV:
        return as_csv(resource.model, found)
    sums = {"sums": kommuner.totals_of(asked.dataset, asked.view)} if resource.summed else {}
    meta = _meta(resource, asked, len(found))
    if form == JSON:
        return _json(resource.answer(meta=meta, data=found, **sums))
    shapes = resource.shapes(asked.dataset, asked.view) if resource.shapes else {}
    features = [
        models.Feature[resource.model](  # type: ignore[name-defined]
            id=getattr(row, resource.key),
            properties=row,
            geometry=shapes.get(getattr(row, resource.key)),
        )
        for row in found
    ]
    return _json(resource.features(meta=meta, features=features, **sums))


def _json(answer: BaseModel) -> bytes:
    return answer.model_dump_json().encode()


def _meta(resource: Resource, asked: p.Asked, count: int) -> models.Meta:
    dataset, view = asked.dataset, asked.view
    t = messages(view.lang)
    drawn = dataset.boundaries(view.year)
    frozen = {p.DATA: dataset.data_version} if asked.frozen else {}
    query = to_query(view, dataset.choices.default_year) | frozen
    return models.Meta(
        resource=resource.name,
        count=count,
        data_version=dataset.data_version,
        structure_year=view.year if p.YEAR in resource.parameters else None,
        language=view.lang,
        source=credit(dataset, view),
        licence=licence(dataset.package, view.lang),
        licence_url=licence_url(dataset.package),
        attribution=t("export.attribution", owner=drawn.owner(t), licence=drawn.licence(t)),
        page=own_path(FIRST_PAGE + resource.page)
        + (f"?{urlencode(query, safe=',')}" if query else ""),
        corrected=asked.corrected or None,
        corrections=corrections.address(view.lang),
    )


# -- CSV ------------------------------------------------------------------------------------------


def as_csv(model: type[BaseModel], found: list[BaseModel]) -> bytes:
    """Return rows as CSV (RFC 4180): nested fields joined by "_", lists by "|"."""
    header = list(_columns(model))
    return written(
        header, ([_picked(row, path) for path in _columns(model).values()] for row in found)
    )


def _columns(model: type[BaseModel], before: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return the columns of a model, name to path, for example sums_share_low."""
    columns: dict[str, tuple[str, ...]] = {}
    for name, field in model.model_fields.items():
        path = (*before, name)
        inner = _inner(field.annotation)
        columns |= _columns(inner, path) if inner else {"_".join(path): path}
    return columns


def _inner(annotation: Any) -> type[BaseModel] | None:
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    models_here = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
    return models_here[0] if models_here else None


def _picked(row: Any, path: tuple[str, ...]) -> object:
    for name in path:
        row = None if row is None else getattr(row, name)
    return "|".join(_codes(row)) if isinstance(row, list) else row


def _codes(values: list[Any]) -> Iterator[str]:
    """Yield the values of a list as text; a kommune or a county as its number."""
    for value in values:
        nested = isinstance(value, BaseModel)
        yield str(next(iter(value.model_dump().values())) if nested else value)
