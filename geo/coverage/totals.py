"""What a view adds up to: kommuner, counties, inhabitants and money."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import SUMS, cache_on
from geo.coverage.alternatives import Range, spread
from geo.coverage.counted import counted, people_by_option, structure_year
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants, money, served
from geo.coverage.selection import Selection
from geo.coverage.states import CoveredKommune


@dataclass(frozen=True)
class Totals:
    """What the view adds up to, all in the structure year `year`.

    population_covered and population_total are persons (1 January of that year; see the frame's
    population_basis for partly covered kommuner); population_kommuner are all persons of the
    covered kommuner, also of those that are partly covered; share is covered over total;
    grant_nok is the sum of the grants of `projects`, those that serve somebody in the view;
    grant_per_inhabitant_year
    (NOK) divides it by years and by all inhabitants that these projects serve, inside the view
    or not, counted in the years `grant_people_years` (geo.coverage.money: the first of each grant,
    whatever the structure year). `kommuner_range` is the count over the alternatives of an
    assumption.
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
    population_kommuner: int
    population_total: int
    share: Range
    grant_nok: int
    grant_per_inhabitant_year: Range | None
    grant_people_years: tuple[int, ...]
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
    paid_for = served(dataset, projects, selection.evidence)
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
        population_kommuner=sum(counts.get(nr, 0) for nr in covered),
        population_total=total,
        share=served_here.over(total),
        grant_nok=sum(grants(dataset)[p].nok for p in projects),
        grant_per_inhabitant_year=money(dataset, projects, selection.evidence),
        grant_people_years=paid_for.years if paid_for else (),
        estimated=any(one.basis == c.BASIS_AREA for one in covered.values()),
        projects=projects,
    )
