"""Response models of the API: every field with its meaning and unit."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from geo.columns import GRANT_KINDS, VERDICTS
from geo.coverage.bounds import Range
from geo.text.languages import LANGUAGES

Kommunenr = Annotated[
    str, Field(pattern=r"^\d{4}$", description="Four characters, leading zeros too")
]
Fylkesnr = Annotated[
    str, Field(pattern=r"^\d{2}$", description="Two characters, leading zeros too")
]
State = Literal[
    "whole",
    "partly",
    "elsewhere",
    "not_covered",
    "partly_unknown",
    "no_source",
    "did_not_exist",
    "outside_view",
]
Evidence = Literal["documented", "inferred", "assumed"]
GrantKind = Annotated[str, Field(json_schema_extra={"enum": list(GRANT_KINDS)})]
Basis = Literal["register", "predecessors", "delomraader", "area"]
Verdict = Annotated[str, Field(json_schema_extra={"enum": list(VERDICTS)})]
Year = Annotated[int, Field(description="A year whose kommuner are counted")]

_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_RING = {"type": "array", "items": _POSITION, "minItems": 4}
_POLYGON = {"type": "array", "items": _RING}
Geometry = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "description": "RFC 7946: longitude, latitude in degrees (WGS 84)",
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"type": {"const": kind}, "coordinates": form},
                    "required": ["type", "coordinates"],
                }
                for kind, form in (
                    ("Point", _POSITION),
                    ("Polygon", _POLYGON),
                    ("MultiPolygon", {"type": "array", "items": _POLYGON}),
                )
            ],
        }
    ),
]


class Model(BaseModel):
    """What all models share: an answer holds exactly what its description names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Model):
    """A figure with its lowest and highest value over every set an assumption allows."""

    value: float = Field(description="The value by the data")
    low: float = Field(description="The lowest value that assumptions allow")
    high: float = Field(description="The highest value that assumptions allow")

    @classmethod
    def of(cls, figure: Range) -> "Figure":
        """Return a range of the engine as a figure."""
        return cls(value=figure.value, low=figure.low, high=figure.high)


class Count(Model):
    """A whole number with its lowest and highest value over every set an assumption allows."""

    value: int = Field(description="The value by the data")
    low: int = Field(description="The lowest value that assumptions allow")
    high: int = Field(description="The highest value that assumptions allow")

    @classmethod
    def of(cls, figure: Range) -> "Count":
        """Return a range of the engine as a count."""
        return cls(value=int(figure.value), low=int(figure.low), high=int(figure.high))


class ByEvidence(Model):
    """Numbers of kommuner by the weakest evidence that each rests on, or of persons."""

    documented: int = Field(description="Of documented rows")
    inferred: int = Field(description="Of inferred rows")
    assumed: int = Field(description="Of assumed rows")


class Parts(Model):
    """Shares (0 to 1) or NOK by evidence; null where the view leaves the evidence out."""

    documented: float | None = Field(description="Of documented rows")
    inferred: float | None = Field(description="Of inferred rows")
    assumed: float | None = Field(description="Of assumed rows")


class CountyCount(Model):
    """How many covered kommuner lie in a county, and how few and how many there may be."""

    fylkesnr: Fylkesnr
    fylke: str = Field(description="Name of the county")
    kommuner: int = Field(description="Covered kommuner in the county")
    kommuner_low: int = Field(description="The fewest covered kommuner")
    kommuner_high: int = Field(description="The most covered kommuner")


class Sums(Model):
    """What a view adds up to, as on the page."""

    kommuner: Count = Field(description="Covered kommuner, wholly or partly")
    whole: int = Field(description="Wholly covered kommuner")
    partly: int = Field(description="Partly covered kommuner")
    by_evidence: ByEvidence = Field(description="Kommuner by evidence")
    fylker: list[CountyCount] = Field(description="Covered kommuner by county")
    fylker_count: Count = Field(description="Counties with covered kommuner")
    population_covered: Count = Field(description="Persons, 1 January of the structure year")
    population_kommuner: int = Field(
        description="Persons in the covered kommuner, their uncovered parts too"
    )
    population_by_evidence: ByEvidence = Field(
        description="Parts of population_covered: covered by documented rows, added by inferred "
        "rows, added by assumed rows"
    )
    population_total: int = Field(description="Persons in the counties of the view")
    population_unknown: int = Field(description="Those of them where no source was found")
    share: Figure = Field(description="population_covered over population_total, 0 to 1")
    share_by_evidence: Parts = Field(description="Parts of share, as of population_covered")
    grant_nok: int = Field(description="NOK, the grants of `projects` together")
    grant_kind: GrantKind = Field(
        description="What the sum is: of several kinds, one of which is an upper limit or applied "
        "for, the most that they get"
    )
    grant_per_inhabitant_year: Figure | None = Field(
        description="NOK per inhabitant served and year, the same in every structure year: divides "
        "by the inhabitants of each grant's first year"
    )
    grant_by_evidence: Parts = Field(
        description="grant_per_inhabitant_year if only that evidence and stronger is counted"
    )
    grant_people_years: list[int] = Field(
        description="The years whose inhabitants (1 January) grant_per_inhabitant_year divides by"
    )
    estimated: bool = Field(description="Whether some inhabitants are estimated by land area")
    projects: list[str] = Field(description="Ids of the projects counted")


class Place(Model):
    """A kommune of some year."""

    kommunenr: Kommunenr
    name: str = Field(description="Name")
    year: int = Field(description="The year that the number and the name belong to")


class Kommune(Model):
    """A kommune of the structure year, from the register."""

    kommunenr: Kommunenr
    name: str = Field(description="Norwegian name, unique in the year")
    official_name: str = Field(description="Name as in the register")
    other_names: list[str] = Field(description="Sámi, Kven and other names")
    fylkesnr: Fylkesnr
    fylke: str = Field(description="Name of the county")
    structure_year: Year
    population: int | None = Field(description="Persons, 1 January of the structure year")
    area_km2: float | None = Field(description="km², land with fresh water")
    shape_shared: bool = Field(description="Whether its shape on the map stands for others too")
    shape_shared_with: list[Kommunenr] = Field(description="The others that the shape stands for")


class CoverageRow(Model):
    """What the view's hubs cover of a kommune; figures that it does not have are null."""

    kommunenr: Kommunenr
    name: str = Field(description="Norwegian name, unique in the year")
    official_name: str = Field(description="Name as in the register")
    fylkesnr: Fylkesnr | None = Field(description="null for a kommune that is gone")
    fylke: str = Field(description="Name of the county")
    structure_year: Year
    state: State = Field(description="What is covered of it")
    symbol: str = Field(description="Statistics Norway's symbol of why a row is empty, or none")
    evidence: Evidence | None = Field(description="The weakest that the state rests on")
    evidence_strongest: Evidence | None = Field(description="The strongest that the state rests on")
    project_ids: list[str] = Field(description="Ids of the projects")
    hub_ids: list[str] = Field(description="Ids of the næringshager")
    elsewhere_hub_ids: list[str] = Field(
        description="Hubs outside the projects that serve it or a part of it, not counted here"
    )
    predecessor_year: int | None = Field(
        description="Year of all the predecessors' numbers; null where there are none, or where "
        "they are of several years: each has its own"
    )
    covered_predecessors: list[Place] = Field(description="Covered kommuner that it was made of")
    uncovered_predecessors: list[Place] = Field(
        description="Kommuner that it was made of and that are not covered"
    )
    no_source_predecessors: list[Place] = Field(
        description="Kommuner that it was made of and that no source names"
    )
    successors: list[Place] = Field(description="Where the land of one that is gone lies")
    population: int | None = Field(description="Persons, 1 January of the structure year")
    population_covered: int | None = Field(description="Persons in the covered part")
    population_basis: Basis | None = Field(description="How the covered persons are counted")
    population_estimated: bool = Field(description="Whether the covered are estimated by area")
    population_unknown: int = Field(description="Persons where no source was found")
    population_year: int | None = Field(description="Year of the oldest count used, 1 January")
    area_km2: float | None = Field(description="km², land with fresh water")
    grant_per_inhabitant_year: float | None = Field(
        description="NOK per inhabitant and year, the sum over its projects; the same in every year"
    )
    shape_shared: bool = Field(description="Whether its shape on the map stands for others too")
    shape_shared_with: list[Kommunenr] = Field(description="The others that the shape stands for")
    source_ids: list[str] = Field(description="Ids of the sources, as in /sources")
    stated_years: list[str] = Field(
        description="Years or spans that the sources speak of; plan, count, region or seat says how"
    )


class Programme(Model):
    """A grant programme."""

    programme_id: str = Field(description="Id of the programme")
    name: str = Field(description="Name")
    year_from: int = Field(description="First year")
    year_to: int | None = Field(description="Last year, null if none is stated")
    announced_total_nok: int | None = Field(description="NOK, null if none was announced")
    grant_years: int = Field(description="Years the money is spread over")
    applications: int | None = Field(description="Number of applications")
    projects_funded: int | None = Field(description="Number of funded projects")
    funder: str = Field(description="Who pays")
    operator: str = Field(description="Who runs it")
    source_ids: list[str] = Field(description="Ids of the sources, as in /sources")


class Project(Model):
    """A funded project, and what it covers in the view."""

    project_id: str = Field(description="Id of the project")
    programme_id: str = Field(description="Id of the programme")
    name: str = Field(description="Name")
    other_names: list[str] = Field(description="Other names")
    purpose: str = Field(description="What the money is for")
    note: str = Field(description="A note in the language asked for")
    year_from: int = Field(description="First year")
    grant_nok: int = Field(description="NOK, over all its years")
    grant_kind: GrantKind = Field(description="What the amount is")
    grant_years: int = Field(description="Years the grant is spread over")
    lead_hub_id: str | None = Field(description="Id of the leading næringshage")
    hub_ids: list[str] = Field(description="Ids of the næringshager")
    structure_year: Year
    sums: Sums = Field(description="What the view adds up to")
    source_ids: list[str] = Field(description="Ids of the sources, as in /sources")


class ProgrammeYear(Model):
    """Whether a hub was in the national programme in a year."""

    year: int = Field(description="Calendar year")
    member: Literal["yes", "no", "applied", "unknown"] = Field(
        description="Whether it was in the programme"
    )
    evidence: Evidence | None = Field(description="null where it is unknown")


class Hub(Model):
    """A næringshage, and whom it serves in the view."""

    hub_id: str = Field(description="Id of the næringshage")
    name: str = Field(description="Name")
    former_names: list[str] = Field(description="Earlier names")
    later_names: list[str] = Field(description="Later names")
    other_names: list[str] = Field(description="Other names")
    orgnr: str | None = Field(description="Organisation number")
    website: str | None = Field(description="Address of its website")
    place: str = Field(description="Where it has its seat")
    kommunenr: Kommunenr | None = Field(description="Of its seat, in `kommunenr_year`")
    kommunenr_year: int | None = Field(description="The year that kommunenr belongs to")
    lon: float | None = Field(description="Degrees, WGS 84")
    lat: float | None = Field(description="Degrees, WGS 84")
    point_accuracy_m: int | None = Field(description="Metres")
    seat_evidence: Evidence | None = Field(description="What the seat rests on")
    project_ids: list[str] = Field(description="Ids of the projects")
    structure_year: Year
    serves: list[Kommunenr] = Field(description="Kommuner of the structure year, in this view")
    in_programme: list[ProgrammeYear] = Field(
        description="Whether it was in the national programme, by year as far as known"
    )
    note: str = Field(description="A note in the language asked for")
    source_ids: list[str] = Field(description="Ids of the sources, as in /sources")


class Claim(Model):
    """A published claim beside what the data give."""

    claim_id: str = Field(description="Id of the claim")
    programme_id: str = Field(description="Id of the programme")
    project_id: str | None = Field(description="Id of the project")
    metric: str = Field(description="What is claimed")
    structure_year: int | None = Field(description="The year whose kommuner are counted")
    fylkesnr: Fylkesnr | None = Field(description="The county, null if the claim names none")
    unit: str = Field(description="Of claimed, found, documented and named")
    text: str = Field(description="Text in the language asked for")
    claimed: float | None = Field(description="The published value")
    found: float | None = Field(description="The value by the data")
    difference: float | None = Field(description="found minus claimed")
    verdict: Verdict = Field(
        description="agrees: also without the claim's own sources; partly_confirmed: only with "
        "assumed kommuner; repeats_source: the data have it from the claim's own source"
    )
    by_evidence: ByEvidence | None = Field(description="Kommuner by evidence")
    documented: float | None = Field(description="What the documented rows alone give")
    named: float | None = Field(description="What all rows that some source names give")
    rests_on_assumption: bool = Field(description="Whether verdict is partly_confirmed")
    explanation: str = Field(description="The verdict in sentences that can be quoted")
    claim_source_ids: list[str] = Field(description="Ids of the sources of the claim")
    found_source_ids: list[str] = Field(description="Ids of the sources of the found value")


class CheckedFigure(Model):
    """A figure that was sent, beside what the data give."""

    claim_id: str | None = Field(description="Id of the published claim that states the same")
    metric: str = Field(description="What is stated; a number of kommuner may be of a county")
    programme_id: str = Field(description="Id of the programme")
    project_id: str | None = Field(description="Id of the project; null for the whole programme")
    structure_year: int | None = Field(
        description="The year whose kommuner are counted; null where none are"
    )
    fylkesnr: Fylkesnr | None = Field(description="The county in which kommuner are counted")
    unit: str = Field(description="Of claimed, found, documented and named")
    text: str = Field(description="The figure with its unit, in the language asked for")
    claimed: float = Field(description="The figure that was sent")
    found: float | None = Field(description="The value by the data; null if they have none")
    difference: float | None = Field(description="found minus claimed")
    verdict: Verdict = Field(
        description="By the rule of published claims. agrees: also without claim_source_ids; "
        "partly_confirmed: only with assumed kommuner; repeats_source: the data have it from "
        "those sources alone"
    )
    evidence: Evidence | None = Field(description="The weakest that found rests on")
    by_evidence: ByEvidence | None = Field(description="Kommuner by evidence")
    documented: float | None = Field(description="What the documented rows alone give")
    named: float | None = Field(description="What all rows that some source names give")
    rests_on_assumption: bool = Field(description="Whether verdict is partly_confirmed")
    explanation: str = Field(description="The verdict in sentences that can be quoted")
    claim_source_ids: list[str] = Field(
        description="Ids of the sources named in the question, or of the published claim"
    )
    found_source_ids: list[str] = Field(description="Ids of the sources of found, as in /sources")
    found_sources: list[str] = Field(description="The sources of found, as they are cited")


class Correction(Model):
    """What was wrong in a data version, and what is right."""

    correction_id: str = Field(description="Id of the correction")
    date: str | None = Field(description="ISO date")
    version_from: str = Field(description="The first data version that was wrong")
    version_to: str = Field(description="The data version in which it is right")
    kind: Literal["figure", "evidence", "wording", "method", "table"] = Field(
        description="table: found by comparing the tables of two data versions"
    )
    subject: Literal[
        "programme", "project", "hub", "kommune", "claim", "source", "text", "table"
    ] = Field(description="What kind of thing was wrong")
    subject_id: str | None = Field(description="A kommune's number may be of any year")
    title: str = Field(description="Title")
    text: str = Field(description="Text in the language asked for")
    old_value: float | None = Field(description="In `unit`, null where words were wrong")
    new_value: float | None = Field(description="In `unit`, null where words were wrong")
    unit: str | None = Field(description="Unit of the values")
    source_ids: list[str] = Field(description="Ids of the sources, as in /sources")


class SourceRow(Model):
    """A source, and what it says."""

    source_id: str = Field(description="Id of the source")
    title: str = Field(description="Title")
    publisher: str = Field(description="Who published it")
    published: str = Field(description="ISO date as far as it is known: 2015-08-24, 2015-08, 2015")
    published_text: str = Field(description="Date of publication in words")
    url: str | None = Field(description="Address, null if it has none")
    says: str = Field(description="What it says, in our words")


class Meta(Model):
    """What belongs to every answer."""

    resource: str = Field(description="Name of the resource")
    count: int = Field(description="Rows in this answer")
    data_version: str = Field(description="Version of the data")
    structure_year: int | None = Field(description="null where no kommuner are counted")
    language: str = Field(
        description="Of the texts; those of the data are in bokmål where they have no nynorsk",
        json_schema_extra={"enum": list(LANGUAGES)},
    )
    source: str = Field(description="The source line to quote")
    licence: str = Field(description="Licence of the data")
    licence_url: str = Field(description="Address of the licence")
    attribution: str = Field(description="Of the kommune boundaries")
    page: str = Field(description="The path of the page that shows the same view")
    corrected: str | None = Field(
        description="What was corrected since this data version; null if it is the newest"
    )
    corrections: str = Field(description="The address of the page of corrections")


R = TypeVar("R", bound=Model)


class Answer(Model, Generic[R]):
    """Rows with what belongs to them."""

    meta: Meta = Field(description="What belongs to the whole answer")
    data: list[R] = Field(description="The rows")


class CoverageAnswer(Answer[CoverageRow]):
    """Coverage with its sums."""

    sums: Sums = Field(description="What the view adds up to")


class Feature(Model, Generic[R]):
    """A row with its shape."""

    type: Literal["Feature"] = Field(default="Feature", description="Kind of GeoJSON object")
    id: str = Field(description="The id of the row")
    properties: R = Field(description="The row")
    geometry: Geometry | None = Field(description="The shape, null if there is none")


class Features(Model, Generic[R]):
    """GeoJSON (RFC 7946) with the answer's meta as a foreign member."""

    type: Literal["FeatureCollection"] = Field(
        default="FeatureCollection", description="Kind of GeoJSON object"
    )
    meta: Meta = Field(description="What belongs to the whole answer")
    features: list[Feature[R]] = Field(description="The rows with their shapes")


class CoverageFeatures(Features[CoverageRow]):
    """Coverage as GeoJSON with its sums."""

    sums: Sums = Field(description="What the view adds up to")
