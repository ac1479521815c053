"""What a view adds up to: kommuner, counties, inhabitants and money."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import OWNER, SUMS, cache_on
from geo.coverage.alternatives import Range, spread
from geo.coverage.counted import counted, people_by_option, structure_year
from geo.coverage.dataset import Dataset
from geo.coverage.selection import Selection
from geo.coverage.states import CoveredKommune


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


@cache_on(SUMS)
def totals(dataset: Dataset, selection: Selection) -> Totals:
    """Add up what a selection covers in its counties. Raises UnknownYear."""
    inside = structure_year(dataset, selection.year).inside(selection.fylke)
    found = counted(dataset, selection).covered
    covered = {nr: one for nr, one in found.items() if nr in inside}
    options = people_by_option(dataset, selection)
    people = [[n for nr, n in option.items() if nr in inside] for option in options]
    return _add_up(dataset, selection, inside, covered, people)


def _add_up(
    dataset: Dataset,
    selection: Selection,
    inside: Mapping[str, str],
    covered: Mapping[str, CoveredKommune],
    people: Sequence[Sequence[int]],
) -> Totals:
    """Return the sums; `people` holds the inhabitants of each covered kommune, by option."""
    states = Counter(one.state for one in covered.values())
    evidence = Counter(one.evidence for one in covered.values())
    fylker = dict(sorted(Counter(inside[nr] for nr in covered).items()))
    served_here = spread(map(sum, people))
    counts = structure_year(dataset, selection.year).people
    total = sum(counts.get(nr, 0) for nr in inside)
    serving = {project for one in covered.values() for project in one.project_ids}
    projects = tuple(p for p in dataset.choices.projects if p in serving)
    return Totals(
        year=selection.year,
        kommuner=len(covered),
        whole=states[c.WHOLE],
        partly=states[c.PARTLY],
        by_evidence={level: evidence[level] for level in c.EVIDENCE_LEVELS},
        fylker=tuple(fylker),
        kommuner_by_fylke=fylker,
        kommuner_range=spread(map(len, people)),
        population_covered=served_here,
        population_total=total,
        share=served_here.over(total),
        grant_nok=sum(grants(dataset)[p][0] for p in projects),
        grant_per_inhabitant_year=money(dataset, projects, selection.year, selection.evidence),
        estimated=any(one.basis == c.BASIS_AREA for one in covered.values()),
        projects=projects,
    )


@cache_on(OWNER)
def grants(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """Return each project's grant (NOK) and the years it is spread over."""
    table = dataset.package["projects"]
    pairs = zip(table[c.GRANT_NOK].tolist(), table["grant_years"].tolist(), strict=True)
    return dict(zip(table[c.PROJECT_ID].tolist(), pairs, strict=True))


@cache_on(SUMS)
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


@cache_on(SUMS)
def served(
    dataset: Dataset, projects: tuple[str, ...], year: int, evidence: str
) -> tuple[int, ...]:
    """Return how many people some projects serve: as shown, then with each mix of alternatives.

    Raises UnknownYear.
    """
    selection = Selection(year, projects, evidence=evidence)
    return tuple(sum(option.values()) for option in people_by_option(dataset, selection))
