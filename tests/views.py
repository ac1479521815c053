"""Views for tests: any filters that an address may hold."""

import itertools
import random

from hypothesis import strategies as st

from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.coverage.view import COLOURS, SCOPES, View


def views(dataset: Dataset) -> st.SearchStrategy[View]:
    """Any view of the programme, in any structure year."""

    def some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
        chosen = st.sets(st.sampled_from(codes), max_size=3)
        return chosen.map(lambda picked: tuple(code for code in codes if code in picked))

    def of_year(year: int) -> st.SearchStrategy[View]:
        return st.builds(
            View,
            year=st.just(year),
            project=some(dataset.choices.projects),
            hub=some(dataset.choices.hubs),
            fylke=some(dataset.choices.fylker[year]),
            evidence=st.sampled_from(EVIDENCE_LEVELS),
        )

    return st.sampled_from(dataset.choices.years).flatmap(of_year)


def look_of(content):
    """Return the look of each shape, as the browser reads it."""
    return {i: int(look) for look, ids in content["shapes"].items() for i in ids.split(" ")}


def some_views(dataset, lang="nb") -> list[View]:
    """Every project, year and level of evidence; counties and hubs alone and mixed."""
    choices = dataset.choices
    views = [
        View(lang, year, project, evidence=evidence)
        for year, evidence in itertools.product(choices.years, EVIDENCE_LEVELS)
        for project in ((), *((p,) for p in choices.projects))
    ]
    views += [
        View(lang, year, fylke=(nr,)) for year in choices.years for nr in choices.fylker[year]
    ]
    views += [View(lang, year, hub=(hub,)) for year in choices.years for hub in choices.hubs]
    chance = random.Random(2015)  # the same views each time

    def few(codes, most):
        picked = chance.sample(codes, chance.randint(0, most))
        return tuple(code for code in codes if code in picked)

    for _ in range(60):
        year = chance.choice(choices.years)
        views.append(
            View(
                lang, year, few(choices.projects, 2), few(choices.hubs, 3),
                few(choices.fylker[year], 3), chance.choice(EVIDENCE_LEVELS),
                chance.choice(COLOURS), chance.random() < 0.7, chance.random() < 0.5,
                chance.random() < 0.3, scope=chance.choice(SCOPES),
            )
        )  # fmt: skip
    return views
