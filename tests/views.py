"""Views for property tests: any filters that an address may hold."""

from hypothesis import strategies as st

from geo.atlas import Atlas
from geo.columns import EVIDENCE_LEVELS
from geo.view import View


def views(atlas: Atlas) -> st.SearchStrategy[View]:
    """Any view of the programme, in any structure year."""

    def some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
        chosen = st.sets(st.sampled_from(codes), max_size=3)
        return chosen.map(lambda picked: tuple(code for code in codes if code in picked))

    def of_year(year: int) -> st.SearchStrategy[View]:
        return st.builds(
            View,
            year=st.just(year),
            project=some(atlas.choices.projects),
            hub=some(atlas.choices.hubs),
            fylke=some(atlas.choices.fylker[year]),
            evidence=st.sampled_from(EVIDENCE_LEVELS),
        )

    return st.sampled_from(atlas.choices.years).flatmap(of_year)


def look_of(content):
    """Return the look of each shape, as the browser reads it."""
    return {i: int(look) for look, ids in content["shapes"].items() for i in ids.split(" ")}
