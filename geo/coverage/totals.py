"""What a view adds up to: kommuner, counties, inhabitants and money."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import SUMS, cache_on
from geo.coverage.bounds import Range
from geo.coverage.counted import Counted, counted, structure_year
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants, money, served
from geo.coverage.ranges import Ranges, ranges
from geo.coverage.selection import Selection
from geo.coverage.states import CoveredKommune


@dataclass(frozen=True)
class Totals:
    """What the view adds up to, all in the structure year `year`.

    population_covered and population_total are persons (1 January of that year; see the frame's
    population_basis for partly covered kommuner); population_kommuner are all persons of the
    covered kommuner, also of those that are partly covered; population_unknown those of the total
    where no source says whether anybody served them; share is covered over total;
    grant_nok is the sum of the grants of `projects`, those that serve somebody in the view;
    grant_per_inhabitant_year
    (NOK) divides it by years and by all inhabitants that these projects serve, inside the view
    or not, counted in the years `grant_people_years` (geo.coverage.money: the first of each grant,
    whatever the structure year).

    Ranges are over every set of kommuner that the published totals allow (geo.coverage.assumed).
    `population_by_evidence` are the parts of population_covered: what the documented rows cover,
    what the inferred add to it, what the assumed add to both. `grant_by_evidence` is
    grant_per_inhabitant_year if only rows with that evidence or a stronger are counted.
    """

    year: int
    kommuner: int
    whole: int
    partly: int
    by_evidence: Mapping[str, int]
    fylker: tuple[str, ...]
    kommuner_by_fylke: Mapping[str, int]
    kommuner_range: Range
    fylker_range: Range
    by_fylke_range: Mapping[str, Range]
    population_covered: Range
    population_kommuner: int
    population_by_evidence: Mapping[str, int]
    population_total: int
    population_unknown: int
    share: Range
    grant_nok: int
    grant_per_inhabitant_year: Range | None
    grant_by_evidence: Mapping[str, float | None]
    grant_people_years: tuple[int, ...]
    estimated: bool
    projects: tuple[str, ...] = ()


@cache_on(SUMS)
def totals(dataset: Dataset, selection: Selection) -> Totals:
    """Add up what a selection covers in its counties. Raises UnknownYear."""
    inside = structure_year(dataset, selection.year).inside(selection.fylke)
    found = counted(dataset, selection)
    return _add_up(dataset, selection, inside, found, ranges(dataset, selection))


def _add_up(
    dataset: Dataset,
    selection: Selection,
    inside: Mapping[str, str],
    found: Counted,
    spread: Ranges,
) -> Totals:
    covered = {nr: one for nr, one in found.covered.items() if nr in inside}
    states = Counter(one.state for one in covered.values())
    evidence = Counter(one.evidence for one in covered.values())
    fylker = dict(sorted(Counter(inside[nr] for nr in covered).items()))
    counts = structure_year(dataset, selection.year).people
    total = sum(counts.get(nr, 0) for nr in inside)
    serving = {project for one in covered.values() for project in one.project_ids}
    projects = tuple(p for p in dataset.choices.projects if p in serving)
    paid_for = served(dataset, projects, selection.evidence)
    return Totals(
        year=selection.year,
        kommuner=len(covered),
        whole=states[c.WHOLE],
        partly=states[c.PARTLY],
        by_evidence={level: evidence[level] for level in c.EVIDENCE_LEVELS},
        fylker=tuple(fylker),
        kommuner_by_fylke=fylker,
        kommuner_range=spread.kommuner,
        fylker_range=spread.fylker,
        by_fylke_range=spread.by_fylke,
        population_covered=spread.people,
        population_kommuner=sum(counts.get(nr, 0) for nr in covered),
        population_by_evidence=_people_by_evidence(covered.values()),
        population_total=total,
        population_unknown=sum(n for nr, n in found.unknown.items() if nr in inside),
        share=spread.people.over(total),
        grant_nok=sum(grants(dataset)[p].nok for p in projects),
        grant_per_inhabitant_year=money(dataset, projects, selection.evidence),
        grant_by_evidence=_grant_by_evidence(dataset, projects, selection.evidence),
        grant_people_years=paid_for.years if paid_for else (),
        estimated=any(one.basis == c.BASIS_AREA for one in covered.values()),
        projects=projects,
    )


def _people_by_evidence(covered: Iterable[CoveredKommune]) -> dict[str, int]:
    each = [one.people_by_evidence for one in covered]
    return {
        level: sum(parts[rank] for parts in each) for rank, level in enumerate(c.EVIDENCE_LEVELS)
    }


def _grant_by_evidence(
    dataset: Dataset, projects: tuple[str, ...], weakest: str
) -> dict[str, float | None]:
    counted_levels = c.EVIDENCE_LEVELS[: c.EVIDENCE_LEVELS.index(weakest) + 1]
    figures = {level: money(dataset, projects, level) for level in counted_levels}
    return {level: figure.value if figure else None for level, figure in figures.items()}
