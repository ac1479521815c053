"""Projects in words: members, kommuner served, and a comparison of all projects."""

from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import PROJECTS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants, kind_of
from geo.coverage.selection import Rows, Selection, project_rows, select
from geo.dataset.package import split_ids
from geo.official import hub_status
from geo.report.claims import check
from geo.report.display_tables import names_of
from geo.report.reasons import reasons
from geo.report.sources import Source, sources
from geo.report.wording import alphabetical, listed, of_kind
from geo.text.languages import DataText, data_text
from geo.text.messages import Messages
from geo.text.numbers import millions


@dataclass(frozen=True)
class ProjectMember:
    """A hub in a project's consortium.

    `role` is partner, lead or sole_recipient; `seat` is place, kommunenr and the year that number
    belongs to; `serves` are the kommuner it serves, as recorded; `names`, `note` and `now` (its
    status in Enhetsregisteret, if fetched) are in the requested language, empty if none.
    """

    name: str
    role: str
    seat: tuple[str, str, int]
    names: str
    note: DataText
    website: str
    serves: tuple["Served", ...]
    now: str


@dataclass(frozen=True)
class Served:
    """The kommuner of a year, as a list of names, that a hub serves at one level of evidence."""

    evidence: str
    names: str
    year: int


@cache_on(PROJECTS)
def members(dataset: Dataset, project_id: str, language: str) -> tuple[ProjectMember, ...]:
    """Return the members of a project, in the package's order."""
    partners = dataset.package["partners"]
    mine = partners[partners[c.PROJECT_ID] == project_id]
    return tuple(
        _member(dataset, project_id, str(row[c.HUB_ID]), str(row["role"]), language)
        for row in mine.to_dict("records")
    )


def _member(
    dataset: Dataset, project_id: str, hub_id: str, role: str, language: str
) -> ProjectMember:
    hub = dataset.hub(hub_id)
    year = int(hub[c.STRUCTURE_YEAR])
    rows = select(dataset, Selection(year, (project_id,), (hub_id,))).counted
    place = str(hub["place"]) or dataset.register.label(str(hub[c.KOMMUNENR]), year)
    names = names_of({str(k): v for k, v in hub.items()}, dataset.messages(language))
    return ProjectMember(
        name=str(hub["name"]),
        role=role,
        seat=(place, str(hub[c.KOMMUNENR]), year),
        names=names[:1].upper() + names[1:],
        note=data_text(hub, "note", language),
        website=str(hub["website"]),
        serves=_served(dataset, rows, language),
        now=hub_status.status_text(dataset.hub_status, hub_id, language),
    )


def _served(dataset: Dataset, rows: Rows, language: str) -> tuple[Served, ...]:
    """Return the kommuner of some rows by evidence and year, each list in alphabetical order."""
    served: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        label = dataset.register.label(row.kommunenr, row.year)
        served.setdefault((row.rank, row.year), []).append(label)
    return tuple(
        Served(c.EVIDENCE_LEVELS[rank], listed(sorted(those, key=alphabetical), language), year)
        for (rank, year), those in sorted(served.items())
    )


@cache_on(PROJECTS)
def without_hub(dataset: Dataset, project_id: str, language: str) -> tuple[Served, ...]:
    """Return the kommuner of a project that no hub of it is named for."""
    rows = [row for row in project_rows(dataset) if row.project_id == project_id]
    return _served(dataset, tuple(row for row in rows if not row.hub_id), language)


def amount(dataset: Dataset, project_id: str, t: Messages) -> str:
    """Return a project's amount, with what it is: "6 mill. kr", "inntil 2 mill. kr"."""
    grant = grants(dataset)[project_id]
    return of_kind(grant.kind, millions(grant.nok, t.language), t)


def introduction(dataset: Dataset, t: Messages) -> str:
    """Return how many projects there are and what they got, beside what was announced, if it was.

    The sentence that says that they got it is for grants.
    """
    every = grants(dataset)
    kind, totals = kind_of(dataset), dataset.package["programmes"][c.ANNOUNCED_TOTAL_NOK]
    total = millions(float(sum(grant.nok for grant in every.values())), t.language)
    announced = millions(float(totals.sum()), t.language) if totals.notna().any() else ""
    if announced and kind == c.GRANTED:
        return t.plural("prosjekter.total", len(every), total=total, announced=announced)
    text = t.plural("prosjekter.sum", len(every), total=of_kind(kind, total, t))
    return f"{text} {t('prosjekter.announced', announced=announced)}" if announced else text


@cache_on(PROJECTS)
def cited(dataset: Dataset, project_id: str) -> tuple[Source, ...]:
    """Return every source of a project and its claims; "" gives those of the programme."""
    ids = set(_own_sources(dataset, project_id))
    for one in check(dataset):
        if one.project_id == project_id:
            ids.update(source.source_id for source in one.claim_sources + one.found_sources)
    return sources(dataset, sorted(ids))


def _own_sources(dataset: Dataset, project_id: str) -> list[str]:
    """Return the sources of a project's row, its partners, its hubs and their coverage."""
    if not project_id:
        cells = list(dataset.package["programmes"][c.SOURCE_IDS])
        return [source for cell in cells for source in split_ids(cell)]
    partners = dataset.package["partners"]
    mine = partners[partners[c.PROJECT_ID] == project_id]
    cells = [str(dataset.project(project_id)[c.SOURCE_IDS]), *mine[c.SOURCE_IDS]]
    cells += [str(dataset.hub(hub)[c.SOURCE_IDS]) for hub in mine[c.HUB_ID]]
    ids = [source for cell in cells for source in split_ids(cell)]
    for row in project_rows(dataset):
        if row.project_id == project_id:
            ids += row.source_ids
    return ids


@cache_on(PROJECTS)
def differences(dataset: Dataset, project_id: str, language: str) -> dict[int, tuple[str, ...]]:
    """Return why the counts differ from the recorded one, by structure year; only years that do."""
    found = {
        year: tuple(reasons(dataset, project_id, year, language)) for year in dataset.choices.years
    }
    return {year: sentences for year, sentences in found.items() if sentences}
