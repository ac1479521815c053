"""What a view adds up to: kommuner, counties, inhabitants and money."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import cache_on
from geo.coverage.alternatives import Range, options, spread
from geo.coverage.carry_forward import CarriedKommune, carry_forward
from geo.coverage.dataset import Dataset
from geo.coverage.selection import Selection, project_rows, selected


@dataclass(frozen=True)
class Totals:
    """What the view adds up to, all in the structure year `year`.

    population_covered and population_total are persons (1 January of that year; see the frame's
    population_basis for partly covered kommuner); share is their ratio; grant_nok is the sum of
    the grants of `projects`, those that serve somebody in the view; grant_per_inhabitant_year
    (NOK) divides it by years and by all inhabitants that these projects serve, inside the view
    or not. `kommuner_range` is the count over the alternatives of an assumption.
    """

    year: int
    kommuner: int
    whole: int
    partly: int
    by_evidence: Mapping[str, int]
    fylker: tuple[str, ...]
    kommuner_by_fylke: Mapping[str, int]
    kommuner_range: Range
    population_covered: Range
    population_total: int
    share: Range
    grant_nok: int
    grant_per_inhabitant_year: Range | None
    estimated: bool
    projects: tuple[str, ...] = ()


def totals(
    dataset: Dataset,
    selection: Selection,
    reached: Mapping[str, CarriedKommune],
    fylke_of: Mapping[str, str],
) -> Totals:
    """Add up what the scope reaches; `fylke_of` holds the kommuner inside the county filter."""
    rows = selected(project_rows(dataset), selection)
    reaches = [reached] + [
        carry_forward(dataset, o, selection.year) for o in options(dataset, rows, selection)[1:]
    ]
    inside = [[one for nr, one in found.items() if nr in fylke_of] for found in reaches]
    covered = inside[0]
    states = Counter(one.state for one in covered)
    evidence = Counter(one.evidence for one in covered)
    fylker = Counter(fylke_of[nr] for nr in reached if nr in fylke_of)
    people = spread(sum(one.people for one in found) for found in inside)
    total = int(dataset.register.population(selection.year)[list(fylke_of)].sum())
    projects = tuple(
        p for p in dataset.choices.projects if any(p in one.project_ids for one in covered)
    )
    return Totals(
        year=selection.year,
        kommuner=len(covered),
        whole=states[c.WHOLE],
        partly=states[c.PARTLY],
        by_evidence={level: evidence[level] for level in c.EVIDENCE_LEVELS},
        fylker=tuple(sorted(fylker)),
        kommuner_by_fylke=dict(sorted(fylker.items())),
        kommuner_range=spread(len(found) for found in inside),
        population_covered=people,
        population_total=total,
        share=people.over(total),
        grant_nok=sum(grants(dataset)[p][0] for p in projects),
        grant_per_inhabitant_year=money(dataset, projects, selection.year, selection.evidence),
        estimated=any(one.basis == c.BASIS_AREA for one in covered),
        projects=projects,
    )


@cache_on(maxsize=4)
def grants(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """Return each project's grant (NOK) and the years it is spread over."""
    table = dataset.package["projects"]
    pairs = zip(table[c.GRANT_NOK].tolist(), table["grant_years"].tolist(), strict=True)
    return dict(zip(table[c.PROJECT_ID].tolist(), pairs, strict=True))


@cache_on(maxsize=256)
def money(dataset: Dataset, projects: tuple[str, ...], year: int, evidence: str) -> Range | None:
    """Return kroner per served inhabitant and year of some projects, everybody counted once.

    Divides by everybody the projects serve in the structure year, whatever a view leaves out.
    None where they serve nobody. Raises UnknownYear.
    """
    people = served(dataset, projects, year, evidence)
    if not projects or not all(people):
        return None
    yearly = sum(grant / years for grant, years in (grants(dataset)[p] for p in projects))
    return spread(yearly / n for n in people)


@cache_on(maxsize=256)
def served(
    dataset: Dataset, projects: tuple[str, ...], year: int, evidence: str
) -> tuple[int, ...]:
    """Return how many people some projects serve: as shown, then with each mix of alternatives.

    Raises UnknownYear.
    """
    selection = Selection(year, projects, evidence=evidence)
    rows = selected(project_rows(dataset), selection)
    return tuple(
        sum(one.people for one in carry_forward(dataset, option, year).values())
        for option in options(dataset, rows, selection)
    )
