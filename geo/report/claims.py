"""Check published claims against the data, with both numbers, both sources and an explanation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo import columns as c
from geo.base.cache import OWNER, PROJECTS, cache_on
from geo.coverage.counted import counted
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.money import grants, kind_of
from geo.coverage.selection import Selection
from geo.coverage.states import CoveredKommune
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.report.sources import Source, sources
from geo.report.wording import amount, evidence_counts, in_millions, marked, of_kind
from geo.text.languages import LANGUAGES, DataText, in_each, no_text
from geo.text.messages import messages
from geo.text.numbers import number


@dataclass(frozen=True)
class ClaimFinding:
    """The data's value for a claim; `by_evidence` counts kommuner, `parts` are the summands.

    `independent` is the value that the data give without what rests on the claim's own sources
    alone, and without what is assumed; None if nothing is left.
    """

    value: float
    source_ids: tuple[str, ...]
    independent: float | None
    by_evidence: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[float, ...] = ()


@dataclass(frozen=True)
class Check:
    """A claim and its verdict.

    `documented` is what the documented rows alone give, `named` what they give with the inferred
    ones, all that some source names; both are None if evidence does not matter for the metric.
    `found` and `claimed` are in `unit`.
    """

    claim_id: str
    programme_id: str
    project_id: str
    metric: str
    structure_year: int | None
    fylkesnr: str
    fylke: str
    unit: str
    text: Mapping[str, DataText]
    claimed: float | None
    found: float | None
    verdict: str
    claim_sources: tuple[Source, ...]
    found_sources: tuple[Source, ...]
    by_evidence: Mapping[str, int]
    parts: tuple[float, ...]
    documented: float | None
    named: float | None
    deviation: Mapping[str, DataText]
    kind: str = c.GRANTED  # what the amounts are that the data have for it

    @property
    def difference(self) -> float | None:
        """Found minus claimed."""
        if self.found is None or self.claimed is None:
            return None
        return self.found - self.claimed

    @property
    def tested(self) -> bool:
        """Whether the data could have contradicted the claim."""
        return self.verdict in c.TESTED

    @property
    def rests_on_assumption(self) -> bool:
        """Whether the data agree only because assumed kommuner were chosen to fill the number."""
        return self.verdict == c.PARTLY_CONFIRMED

    def quantity(self, value: float, language: str) -> str:
        """Return a value with its unit: "25 kommuner", "25,5 millioner kroner"."""
        if self.unit == "NOK":
            return amount(value, language)
        t = messages(language)
        shown = number(value, language, 0 if value == int(value) else 1)
        key = f"claims.unit_{self.unit}"
        return t.plural(key, round(value), shown) if t.has(key) else shown

    def explanation(self, language: str) -> str:
        """Return the verdict in sentences to quote, with both numbers and both sources."""
        who = "; ".join(source.cite(language) for source in self.claim_sources)
        text = marked(self.text[language], language)
        claimed = messages(language)("claims.claimed", who=who, text=text)
        return f"{claimed} {self.answer(language)}"

    def answer(self, language: str) -> str:
        """Return what the data say to the claim, in sentences, with sources."""
        if self.found is None or self.claimed is None:
            sentences = [messages(language)("claims.unchecked")]
        else:
            sentences = self._compared(self.found, self.claimed, language)
        sentences.append(marked(self.deviation[language], language))
        return " ".join(filter(None, sentences))

    def _compared(self, found: float, claimed: float, language: str) -> list[str]:
        t = messages(language)
        sentences = [self._found_text(found, language)]
        if self.verdict == c.DEVIATES:
            key = "claims.less" if found < claimed else "claims.more"
            difference = self.quantity(abs(found - claimed), language)
            sentences.append(
                t(key, difference=difference, claimed=self.quantity(claimed, language))
            )
        elif self.rests_on_assumption:
            sentences.append(f"{self.partly(language)}.")
        else:
            said = self.quantity(claimed, language)
            sentences.append(t(f"claims.{self.verdict}", claimed=said))
        if self.by_evidence:
            counts = evidence_counts(self.by_evidence, language)
            sentences.append(t("claims.evidence", counts=counts))
        if self.by_evidence.get(c.ASSUMED) and self.named == claimed:
            sentences.append(t("claims.also_named", claimed=self.quantity(claimed, language)))
        return sentences

    def partly(self, language: str) -> str:
        """Return what of a partly confirmed number sources name, and what is assumed."""
        named, claimed = self.named or 0, self.claimed or 0
        return messages(language).plural(
            "claims.partly",
            round(claimed - named),
            number(claimed - named, language),
            named=number(named, language),
            claimed=self.quantity(claimed, language),
        )

    def _cited(self, language: str) -> str:
        t = messages(language)
        if self.found_sources == self.claim_sources:
            return t("claims.same_source")
        cited = [source.cite(language) for source in self.found_sources[:_CITED]]
        rest = len(self.found_sources) - len(cited)
        return "; ".join([*cited, t.plural("claims.more_sources", rest)] if rest else cited)

    def _found_text(self, found: float, language: str) -> str:
        parts = " + ".join(in_millions(part, language) for part in self.parts)
        return messages(language)(
            f"claims.found_{self.metric}",
            found=of_kind(self.kind, self.quantity(found, language), messages(language)),
            year=self.structure_year,
            place=self.fylke,
            parts=parts,
            sources=self._cited(language),
        )


_CITED = 3  # sources cited in a sentence; the page lists them all


@dataclass(frozen=True)
class Figure:
    """A figure that somebody states of a project, or of a programme if it names no project.

    `metric` is a key of FIGURES. `fylkesnr` narrows a number of kommuner to a county of the year;
    `source_ids` are the sources that the figure was read in, if the package has them.
    """

    programme_id: str
    project_id: str
    metric: str
    value: float
    year: int
    fylkesnr: str = ""
    source_ids: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as a row of the table of claims."""
        in_fylke = bool(self.fylkesnr) and self.metric == c.KOMMUNE_METRICS[0]
        metric = c.KOMMUNE_METRICS[1] if in_fylke else self.metric
        if metric == "grant" and not self.project_id:
            metric = "grant_sum"
        return {
            c.CLAIM_ID: "",
            c.PROGRAMME_ID: self.programme_id,
            c.PROJECT_ID: self.project_id,
            "metric": metric,
            "value": self.value,
            "unit": FIGURES[self.metric],
            c.STRUCTURE_YEAR: self.year,
            c.FYLKESNR: self.fylkesnr if in_fylke else "",
            c.SOURCE_IDS: "|".join(self.source_ids),
            **{f"text_{code}": "" for code in LANGUAGES},
        }


def check_figure(dataset: Dataset, figure: Figure) -> Check:
    """Return the verdict on a figure, by the rule of the published claims.

    A figure without a source that was published as a claim gets that claim's verdict, of several
    one that repeats its source: nobody says that it is not read there. Raises UnknownYear if no
    register covers the figure's year.
    """
    dataset.require(figure.year)
    found = _check(dataset, figure.row(), dataset.package["deviations"].set_index(c.CLAIM_ID))
    known = () if figure.source_ids else check(dataset)
    same = [one for one in known if _figure_of(one) == _figure_of(found)]
    return min(same, key=lambda one: one.verdict == c.AGREES, default=found)


def _figure_of(one: Check) -> tuple[object, ...]:
    subject = (one.programme_id, one.project_id, one.fylkesnr, one.structure_year)
    return (*subject, one.metric, one.claimed)


@cache_on(OWNER)
def check(dataset: Dataset) -> tuple[Check, ...]:
    """Return every claim of the package with its verdict, in the package's order."""
    deviations = dataset.package["deviations"].set_index(c.CLAIM_ID)
    return tuple(
        _check(dataset, claim, deviations) for claim in dataset.package["claims"].to_dict("records")
    )


def split_tested(claims: Iterable[Check]) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """Return the claims that were tested, and the others; each in the given order."""
    found = tuple(claims)
    tested = tuple(one for one in found if one.tested)
    return tested, tuple(one for one in found if not one.tested)


def _check(dataset: Dataset, claim: Mapping[Any, Any], deviations: pd.DataFrame) -> Check:
    finder = FINDERS.get(claim["metric"])
    claimed = None if pd.isna(claim["value"]) else float(claim["value"])
    finding = finder(dataset, claim) if finder and claimed is not None else None
    year = _year(dataset, claim) if finding and finding.by_evidence else None
    known = claim[c.CLAIM_ID] in deviations.index
    deviation = deviations.loc[claim[c.CLAIM_ID]] if known else {}
    by_evidence = finding.by_evidence if finding else {}
    named = _up_to(c.INFERRED, dataset, claim) if by_evidence else None
    return Check(
        claim_id=claim[c.CLAIM_ID],
        programme_id=claim[c.PROGRAMME_ID],
        project_id=claim[c.PROJECT_ID],
        metric=claim["metric"],
        structure_year=year,
        fylkesnr=claim[c.FYLKESNR],
        fylke=_fylke(dataset, claim[c.FYLKESNR], year),
        unit=claim["unit"],
        text=in_each(claim, "text"),
        claimed=claimed,
        found=finding.value if finding else None,
        verdict=_verdict(claimed, finding, named),
        claim_sources=sources(dataset, split_ids(claim[c.SOURCE_IDS])),
        found_sources=sources(dataset, finding.source_ids if finding else ()),
        by_evidence=by_evidence,
        parts=finding.parts if finding else (),
        documented=_up_to(c.DOCUMENTED, dataset, claim) if by_evidence else None,
        kind=kind_of(dataset, _projects(dataset, claim)) if claim["unit"] == "NOK" else c.GRANTED,
        named=named,
        deviation=in_each(deviation, "explanation") if known else no_text(),
    )


def _verdict(claimed: float | None, finding: ClaimFinding | None, named: float | None) -> str:
    if claimed is None or finding is None:
        return c.UNCHECKED
    if not _same(finding.value, claimed):
        return c.DEVIATES
    if finding.by_evidence.get(c.ASSUMED) and not _same(named, claimed):
        return c.PARTLY_CONFIRMED
    return c.AGREES if _same(finding.independent, claimed) else c.REPEATS


def _same(value: float | None, claimed: float) -> bool:
    return value is not None and abs(value - claimed) < 1e-6


def _fylke(dataset: Dataset, fylkesnr: str, year: int | None) -> str:
    return str(dataset.register.fylker(year).loc[fylkesnr, c.NAME]) if fylkesnr and year else ""


# -- the data's value, by metric --------------------------------------------------------------


def _projects(dataset: Dataset, claim: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the projects of a claim: the one it names, or all of its programme."""
    table = dataset.package["projects"]
    if claim[c.PROJECT_ID]:
        return (claim[c.PROJECT_ID],)
    return tuple(table.loc[table[c.PROGRAMME_ID] == claim[c.PROGRAMME_ID], c.PROJECT_ID])


def _of_projects(
    dataset: Dataset, claim: Mapping[Any, Any], value: float, parts: tuple[float, ...] = ()
) -> ClaimFinding:
    """Return a value that the projects' rows have from the source that each names first.

    It is independent only if that is another source than the claim's for every one of them.
    """
    projects = _projects(dataset, claim)
    firsts = {_announced_in(dataset, (project,))[:1] for project in projects}
    own = any(set(first) <= _sources_of(claim) for first in firsts)
    ids = _announced_in(dataset, projects)
    return ClaimFinding(value, ids, None if own else value, parts=parts)


def _sources_of(claim: Mapping[Any, Any]) -> set[str]:
    return set(split_ids(claim[c.SOURCE_IDS]))


def _announced_in(dataset: Dataset, projects: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first source that all these projects share, or else all of their sources."""
    table = dataset.package["projects"].set_index(c.PROJECT_ID)
    lists = [split_ids(table.loc[project, c.SOURCE_IDS]) for project in projects]
    shared = [source for source in lists[0] if all(source in one for one in lists)]
    return tuple(shared[:1]) or tuple(source for one in lists for source in one)


def _grant_sum(dataset: Dataset, claim: Mapping[Any, Any]) -> ClaimFinding:
    projects = _projects(dataset, claim)
    parts = tuple(float(grants(dataset)[project].nok) for project in projects)
    return _of_projects(dataset, claim, sum(parts), parts)


def _grant_years(dataset: Dataset, claim: Mapping[Any, Any]) -> ClaimFinding | None:
    projects = _projects(dataset, claim)
    years = {grants(dataset)[project].years for project in projects}
    return _of_projects(dataset, claim, years.pop()) if len(years) == 1 else None


def _projects_funded(dataset: Dataset, claim: Mapping[Any, Any]) -> ClaimFinding:
    return _of_projects(dataset, claim, len(_projects(dataset, claim)))


def _hubs(dataset: Dataset, claim: Mapping[Any, Any]) -> ClaimFinding:
    partners = dataset.package["partners"]
    mine = partners[partners[c.PROJECT_ID].isin(_projects(dataset, claim))]
    ids = dict.fromkeys(source for cell in mine[c.SOURCE_IDS] for source in split_ids(cell))
    others = [bool(set(split_ids(cell)) - _sources_of(claim)) for cell in mine[c.SOURCE_IDS]]
    hubs = mine[c.HUB_ID]
    return ClaimFinding(hubs.nunique(), tuple(ids), hubs[others].nunique())


def _year(dataset: Dataset, claim: Mapping[Any, Any]) -> int:
    """Return the structure year of a claim; without one, the year of its project's grant."""
    if not pd.isna(claim[c.STRUCTURE_YEAR]):
        return int(claim[c.STRUCTURE_YEAR])
    projects = dataset.package["projects"].set_index(c.PROJECT_ID)[c.YEAR_FROM].to_dict()
    return int(projects[_projects(dataset, claim)[0]])


def _covered_kommuner(
    dataset: Dataset, claim: Mapping[Any, Any], evidence: str = c.ASSUMED
) -> dict[str, CoveredKommune]:
    """Return the kommuner that the claim's projects serve, in its county if it names one."""
    year = _year(dataset, claim)
    selection = Selection(year, _projects(dataset, claim), evidence=evidence)
    fylker = dataset.register.kommuner(year)[c.FYLKESNR]
    wanted = claim[c.FYLKESNR]
    found = counted(dataset, selection).covered
    return {nr: one for nr, one in found.items() if not wanted or fylker[nr] == wanted}


def _count(dataset: Dataset, claim: Mapping[Any, Any], found: Mapping[str, CoveredKommune]) -> int:
    """Return the number of kommuner, or of their counties if the claim counts counties."""
    if claim["metric"] != "fylker":
        return len(found)
    return int(dataset.register.kommuner(_year(dataset, claim))[c.FYLKESNR][list(found)].nunique())


def _served(dataset: Dataset, claim: Mapping[Any, Any]) -> ClaimFinding:
    found = _covered_kommuner(dataset, claim)
    levels = [one.evidence for one in found.values()]
    ids = dict.fromkeys(source for one in found.values() for source in one.source_ids)
    counts = {level: levels.count(level) for level in c.EVIDENCE_LEVELS}
    named = _covered_kommuner(dataset, claim, c.INFERRED)
    own = _sources_of(claim)
    others = {nr: one for nr, one in named.items() if set(one.source_ids) - own}
    value, independent = (_count(dataset, claim, each) for each in (found, others))
    return ClaimFinding(value, tuple(ids), independent, counts)


def _up_to(evidence: str, dataset: Dataset, claim: Mapping[Any, Any]) -> int:
    """Return the count of rows with this evidence or better."""
    return _count(dataset, claim, _covered_kommuner(dataset, claim, evidence))


Finder = Callable[[Dataset, Mapping[Any, Any]], ClaimFinding | None]

FINDERS: Mapping[str, Finder] = {
    "announced_total": _grant_sum,
    "paid_out": _grant_sum,
    "grant_sum": _grant_sum,
    "grant": _grant_sum,
    c.GRANT_YEARS: _grant_years,
    "projects_funded": _projects_funded,
    "hubs": _hubs,
    "kommuner": _served,
    "fylker": _served,
    "kommuner_in_fylke": _served,
}

# Figures that anybody may have checked, with their units.
FIGURES: Mapping[str, str] = {
    "kommuner": "kommune",
    "fylker": "fylke",
    "hubs": "hub",
    "grant": "NOK",
    c.GRANT_YEARS: "year",
    "projects_funded": "project",
}


# -- a project in several structure years -----------------------------------------------------


@cache_on(PROJECTS)
def kommuner_by_year(dataset: Dataset, project_id: str) -> pd.DataFrame:
    """Return the coverage of a project in each structure year; "" is the whole programme.

    Indexed by year; columns kommuner, kommuner_low, kommuner_high (over every set that its
    assumption allows), whole, partly, documented, inferred, assumed, fylker (tuple of names),
    kommuner_by_fylke (dict by name), population, population_kommuner,
    population_low, population_high (persons), estimated (bool), grant_per_inhabitant_year (NOK).
    """
    project = (project_id,) if project_id else ()
    rows = {year: _in_year(dataset, project, year) for year in dataset.choices.years}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(c.YEAR)


def _in_year(dataset: Dataset, project: tuple[str, ...], year: int) -> dict[str, Any]:
    totals = coverage(dataset, View(year=year, project=project)).totals
    names = dataset.register.fylker(year)[c.NAME]
    people = totals.population_covered
    money = totals.grant_per_inhabitant_year
    return {
        "kommuner": totals.kommuner,
        "kommuner_low": int(totals.kommuner_range.low),
        "kommuner_high": int(totals.kommuner_range.high),
        c.WHOLE: totals.whole,
        c.PARTLY: totals.partly,
        **totals.by_evidence,
        "fylker": tuple(names[nr] for nr in totals.fylker),
        "kommuner_by_fylke": {names[nr]: n for nr, n in totals.kommuner_by_fylke.items()},
        c.POPULATION: int(people.value),
        "population_kommuner": totals.population_kommuner,
        c.POPULATION_LOW: int(people.low),
        c.POPULATION_HIGH: int(people.high),
        "estimated": totals.estimated,
        c.GRANT_PER_INHABITANT_YEAR: money.value if money else float("nan"),
    }
