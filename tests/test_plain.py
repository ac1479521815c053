"""Every figure of 500 views, counted again by `tests/plain.py`, in all four ways out.

Python, the API's answer, the CSV file and the public edition (its engine in Node) are each compared
with the second count, not with each other.
"""

import csv
import io
import json
import random
from collections import Counter

import pytest

from geo import columns as c
from geo.api.parameters import Asked as AskedOfApi
from geo.api.resources import RESOURCES, body
from geo.coverage.join import coverage, totals_of
from geo.coverage.view import View
from geo.exports.formats import FORMATS
from geo.report.tables import CODES
from geo.settings import ROOT
from tests.edition import running
from tests.plain import LEVELS, Answer, Asked, Plain

COUNT = 500
STRUCTURES = (2015, 2018, 2020, 2024)


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain(ROOT / "data")


@pytest.fixture(scope="module")
def edition(dataset):
    with running() as found:
        found.load(dataset, STRUCTURES)
        yield found


@pytest.fixture(scope="module")
def asked(dataset) -> list[Asked]:
    """Views of every kind, the same each time: filters alone, together, and none."""
    chance, choices = random.Random(14), dataset.choices

    def some(codes: tuple[str, ...], most: int) -> tuple[str, ...]:
        if chance.random() < 0.4:
            return ()
        return tuple(sorted(chance.sample(codes, chance.randint(1, most)), key=codes.index))

    found = []
    for _ in range(COUNT):
        year = chance.choice(STRUCTURES)
        fylker = some(choices.fylker[year], 3) if chance.random() < 0.5 else ()
        hubs = some(choices.hubs, 3) if chance.random() < 0.4 else ()
        found.append(Asked(year, some(choices.projects, 3), hubs, fylker, chance.choice(LEVELS)))
    return found


@pytest.fixture(scope="module")
def answers(plain, asked) -> list[Answer]:
    return [plain.ask(one) for one in asked]


def view_of(asked: Asked) -> View:
    """The same question as the product understands it."""
    return View(
        year=asked.year, project=asked.projects, hub=asked.hubs, fylke=asked.fylker,
        evidence=asked.evidence,
    )  # fmt: skip


def test_views_of_every_kind_are_counted(asked, answers):
    assert len(asked) == COUNT
    assert {one.year for one in asked} == set(STRUCTURES)
    assert {state for answer in answers for state in answer.states.values()} == set(c.STATES) - {
        c.DID_NOT_EXIST
    }
    assert sum(answer.low != answer.high for answer in answers) > COUNT / 10


def test_python_counts_as_the_plain_count_does(dataset, plain, asked, answers):
    for one, answer in zip(asked, answers, strict=True):
        found = coverage(dataset, view_of(one))
        assert found.frame[c.STATE].to_dict() == answer.states, one
        covered = found.covered
        assert covered[c.POPULATION_COVERED].to_dict() == answer.people, one
        assert covered[c.EVIDENCE].to_dict() == answer.evidence, one
        totals = totals_of(dataset, view_of(one))
        assert _counts(answer) == (
            totals.kommuner, totals.whole, totals.partly,
            {level: n for level, n in totals.by_evidence.items() if n},
        ), one  # fmt: skip
        assert (totals.projects, totals.grant_nok) == (answer.projects, answer.grant), one
        assert _range(answer, "people") == _ends(totals.population_covered), one
        assert _range(answer, "kommuner") == _ends(totals.kommuner_range), one
        assert _money(totals.grant_per_inhabitant_year) == answer.per_inhabitant, one
        assert totals.population_total == _everybody(plain, one), one
        unknown = found.frame[c.POPULATION_UNKNOWN]
        assert unknown[unknown > 0].to_dict() == answer.unknown, one
        assert totals.population_unknown == sum(answer.unknown.values()), one


def test_the_api_answers_with_the_plain_count(dataset, plain, asked, answers):
    (resource,) = (one for one in RESOURCES if one.name == "coverage")
    for one, answer in zip(asked, answers, strict=True):
        question = AskedOfApi(dataset, view_of(one), "json", frozen=False, corrected="")
        found = json.loads(body(resource, question, "json"))
        rows = {row["kommunenr"]: row for row in found["data"] if row["project_ids"]}
        assert {nr: row["population_covered"] for nr, row in rows.items()} == answer.people, one
        assert {nr: row["evidence"] for nr, row in rows.items()} == answer.evidence, one
        sums = found["sums"]
        counts = sums["kommuner"]["value"], sums["whole"], sums["partly"]
        assert counts == _counts(answer)[:3], one
        assert _range(answer, "people") == tuple(sums["population_covered"].values()), one
        assert sums["population_total"] == _everybody(plain, one), one
        assert (sums["projects"], sums["grant_nok"]) == (list(answer.projects), answer.grant), one
        unknown = {r["kommunenr"]: n for r in found["data"] if (n := r["population_unknown"])}
        assert unknown == answer.unknown, one
        assert sums["population_unknown"] == sum(answer.unknown.values()), one


def test_the_csv_file_holds_the_plain_count(dataset, asked, answers):
    for place, (one, answer) in enumerate(zip(asked, answers, strict=True)):
        full = place % 10 == 0
        text = FORMATS["csv_plain"].write(dataset, view_of(one), full=full).decode()
        rows = {row[c.KOMMUNENR]: row for row in csv.DictReader(io.StringIO(text))}
        here = {nr: row for nr, row in rows.items() if row[c.FYLKESNR]}
        people = {
            nr: int(row[c.POPULATION_COVERED]) for nr, row in here.items() if nr in answer.people
        }
        assert people == answer.people, one
        states = {nr: row[CODES[c.STATE]] for nr, row in here.items()}
        assert states == {nr: state for nr, state in answer.states.items() if nr in here}, one
        assert not full or len(here) == len(answer.states), one
        unknown = {nr: int(row[c.POPULATION_UNKNOWN]) for nr, row in here.items()}
        assert {nr: n for nr, n in unknown.items() if n} == answer.unknown, one


def test_the_public_edition_shows_the_plain_count(plain, edition, asked, answers):
    for one, answer in zip(asked, answers, strict=True):
        found = edition.tell(view_of(one))
        assert {row[0]: row[1] for row in found["frame"]} == answer.states, one
        assert {row[0]: row[2] for row in found["frame"] if row[0] in answer.people} == (
            answer.people
        ), one
        totals = found["totals"]
        counts = totals["kommuner"], totals["whole"], totals["partly"], totals["byEvidence"]
        assert counts == _counts(answer), one
        assert totals["grantNok"] == answer.grant, one
        for key, name in (("people", "populationCovered"), ("kommuner", "kommunerRange")):
            ends = totals[name]
            assert (ends["value"], ends["low"], ends["high"]) == _range(answer, key), one
        assert totals["populationTotal"] == _everybody(plain, one), one
        assert totals["populationUnknown"] == sum(answer.unknown.values()), one


def _counts(answer: Answer) -> tuple[int, int, int, dict[str, int]]:
    states = Counter(answer.states[nr] for nr in answer.people)
    levels = Counter(answer.evidence.values())
    return answer.kommuner, states[c.WHOLE], states[c.PARTLY], dict(levels)


def _range(answer: Answer, key: str) -> tuple[float, float, float]:
    value = sum(answer.people.values()) if key == "people" else answer.kommuner
    return value, answer.low[key], answer.high[key]


def _ends(figure) -> tuple[float, float, float]:
    return figure.value, figure.low, figure.high


def _money(figure) -> object:
    return None if figure is None else pytest.approx(_ends(figure))


def _everybody(plain: Plain, asked: Asked) -> int:
    people = plain.inhabitants(asked.year)
    fylke_of = plain.fylke_of(asked.year)
    return sum(people[nr] for nr, f in fylke_of.items() if not asked.fylker or f in asked.fylker)
