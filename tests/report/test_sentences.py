"""Every sentence that is generated of the shipped data, read for grammar, tense and signs.

In every language, of views with none, one and several kommuner, projects, hubs and counties, and of
kommuner in every state.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, combinations

import pytest

from geo import columns as c
from geo.coverage.join import coverage
from geo.coverage.view import ALL_HUBS, View
from geo.drawings.county_bars import county_list, covered_list, people_bar, uncovered_list
from geo.drawings.dress import packed
from geo.drawings.side_by_side import articles
from geo.drawings.timeline import in_words, timeline
from geo.report import display_tables, projects
from geo.report.citations import citation, figure_sentence, sentence
from geo.report.claims import check
from geo.report.explain import FIGURES, explain
from geo.report.figures import key_figures
from geo.report.story import story
from geo.report.story_text import sentences
from geo.report.titles import summary, title
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from tests.drawings import said_in

# What is counted in a sentence, one and several.
_ONE = (
    "kommune|county|hub|project|source|inhabitant|person|row|næringshage|kilde|"
    "kjelde|innbygger|innbyggjar|rad"
)
_SEVERAL = (
    "kommuner|kommunar|counties|fylker|hubs|projects|sources|inhabitants|people|persons|rows|"
    "næringshager|næringshagar|prosjekter|kilder|kjelder|innbyggere|innbyggjarar|rader|millioner|"
    "millionar"
)
_COUNT = r"(?<![\d.,\u00a0–-])(?<![\d.,\u00a0] )"  # a number begins here
WRONG = {
    "one with a plural": re.compile(rf"{_COUNT}1 ({_SEVERAL})\b"),
    "several with a singular": re.compile(
        rf"{_COUNT}(0|[2-9]|\d\d[\d\u00a0,]*) ({_ONE})\b(?! structure)"
    ),
    "one that are": re.compile(
        r"\b1 (kommune|county|hub|source|project)\b[^.]{0,30}\b(are|were|have)\b"
    ),
    "doubled signs": re.compile(r"  |\.\.(?!\.)|,,|;;|::|\(\)|\( | \)| [.,;:](?!\.)"),
    "doubled words": re.compile(r"\b([a-zæøå]+) \1\b"),
    "a placeholder": re.compile(r"\{\w*\}|\bNone\b|\bnan\b"),
    "service in the present": re.compile(
        r"\b(betjener|betjenes|betener|serves|serve|(er|is|are) (betjent|betente?|served))\b"
    ),
    "two levels without a conjunction": re.compile(
        r"\d (dokumentert|documented), [\d\u00a0,]+ "
        r"(utledet|avleidd|inferred|antatt|føresett|assumed)"
        r"(?! (og|and) )"
    ),
    "a list without a conjunction": re.compile(
        r"(Fordelt på (fylker|fylke)|By county): (?![^.]* (og|and) [^.,]+ \d+\.)"
    ),
}


def wrong(text: str) -> list[str]:
    found = [name for name, pattern in WRONG.items() if pattern.search(text)]
    pairs = ("()", "«»", "“”", "[]")
    return found + [pair for pair in pairs if text.count(pair[0]) != text.count(pair[1])]


class Places:
    """The names of kommuner and counties, which no sentence lists without a conjunction."""

    def __init__(self, dataset) -> None:
        years = dataset.choices.years
        kommuner = (dataset.register.kommuner(year)[c.LABEL] for year in years)
        fylker = (dataset.register.fylker(year)[c.NAME] for year in years)
        self.names = {str(name) for name in chain(*kommuner, *fylker) if " og " not in name}
        self.last = {name.split()[-1] for name in self.names}

    def unjoined(self, text: str) -> bool:
        """Return whether a list of places ends without "og" or "and": "Halsa, Agdenes."."""
        ends = (re.match(r"([^.;:)(]+)[.;)]", after) for after in text.split(", ")[1:])
        return any(
            end and end[1].strip() in self.names and before.split(" ")[-1] in self.last
            for before, end in zip(text.split(", "), ends, strict=False)
        )


def slips(dataset, texts: Iterable[str]) -> dict[str, list[str]]:
    """Return the texts that are wrong, with what is wrong with them."""
    places = Places(dataset)
    found = {}
    for text in dict.fromkeys(texts):
        named = wrong(text) + ["a list of places"] * places.unjoined(text)
        if named:
            found[text] = named
    return found


def views(dataset, lang) -> Iterator[View]:
    choices = dataset.choices
    for year in choices.years:
        yield View(lang=lang, year=year, scope=ALL_HUBS)
        for evidence in c.EVIDENCE_LEVELS:
            yield View(lang=lang, year=year, evidence=evidence)
        for project in choices.projects:
            yield View(lang=lang, year=year, project=(project,))
            yield View(lang=lang, year=year, evidence=c.DOCUMENTED, project=(project,))
        for pair in combinations(choices.projects[:3], 2):
            yield View(lang=lang, year=year, project=pair)
        for fylke in choices.fylker[year]:
            yield View(lang=lang, year=year, fylke=(fylke,))
        yield View(lang=lang, year=year, fylke=tuple(choices.fylker[year])[-3:])
    hubs = list(dataset.package["hubs"][c.HUB_ID])
    for several in [(hub,) for hub in hubs] + [tuple(hubs[:2]), tuple(hubs[:5])]:
        yield View(lang=lang, year=choices.years[0], hub=several)
        yield View(lang=lang, year=choices.years[-1], hub=several, evidence=c.DOCUMENTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_of_a_view_is_without_a_slip(dataset, lang):
    texts = []
    for place, view in enumerate(views(dataset, lang)):
        found = coverage(dataset, view)
        texts += [title(dataset, found, view), summary(dataset, found, view)]
        texts.append(sentence(dataset, view, ""))
        figures = key_figures(dataset, view) if place % 3 == 0 else ()
        texts += [figure_sentence(dataset, view, figure, "") for figure in figures]
    texts.append(citation(dataset, View(lang=lang), "https://example.org/"))
    assert slips(dataset, texts) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_views_with_none_one_and_several_kommuner_are_among_those_read(dataset, lang):
    counts = {coverage(dataset, view).totals.kommuner for view in views(dataset, lang)}
    assert {0, 1, 2} <= counts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explanations_counties_and_projects_are_without_a_slip(dataset, lang):
    t = messages(lang)
    texts = []
    some = [View(year=year, fylke=(nr,)) for year in (2015, 2024) for nr in
            list(dataset.choices.fylker[year])[::2]]  # fmt: skip
    for view in [*some, View(year=2024), *(View(project=(p,)) for p in dataset.choices.projects)]:
        for figure in FIGURES:
            told = explain(dataset, view.but(lang=lang), figure)
            texts += [told.method, told.total, *told.notes]
    for n in (0, 1, 2):
        texts += [t.plural("fylker.uncovered", n), t.plural("fylker.covered", n)]
    for nr in dataset.choices.fylker[2024]:
        view = View(lang=lang, year=2024, fylke=(nr,))
        for drawn in (uncovered_list, covered_list):
            texts += said_in(drawn(dataset, view, t, {}, packed))
        texts += said_in(people_bar(dataset, view, t, packed))
    texts += said_in(county_list(dataset, View(lang=lang, year=2024), t, {}, packed))
    texts += said_in(articles(dataset, View(lang=lang), t, {}, packed))
    for project in dataset.choices.projects:
        told = projects.differences(dataset, project, lang).values()
        texts += [text for reasons in told for text in reasons]
        for member in projects.members(dataset, project, lang):
            texts += [served.names for served in member.serves]
    texts += display_tables.quality_flags(dataset, lang)
    assert slips(dataset, texts) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_claims_are_without_a_slip(dataset, lang):
    own = {source.title for one in check(dataset) for source in one.claim_sources}
    texts = []
    for one in check(dataset):
        said = one.text[lang].text
        # What was claimed, and by whom, is quoted as it was written.
        text = one.explanation(lang).replace(said, "X")
        for name in own:
            text = text.replace(name, "X")
        texts.append(text)
    assert slips(dataset, texts) == {}


def told_of(dataset, year) -> list[str]:
    """Return kommuner of every state: all that are covered or not simply absent, some that are."""
    frame = coverage(dataset, View(year=year)).frame
    absent = frame[c.STATE] == c.NOT_COVERED
    return [*frame.index[~absent], *frame.index[absent][::12]]


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_stories_of_kommuner_of_every_state_are_without_a_slip(dataset, year):
    told = [story(dataset, str(nr), View(year=year)) for nr in told_of(dataset, year)]
    gone = sorted(
        dataset.register.all_numbers - set(coverage(dataset, View(year=year)).frame.index)
    )
    told += [story(dataset, nr, View(year=year)) for nr in gone[::25]]
    sure = View(year=year, evidence=c.DOCUMENTED, project=dataset.choices.projects[:1])
    told += [story(dataset, str(nr), sure) for nr in coverage(dataset, sure).frame.index[::15]]
    texts = [text for one in told for lang in LANGUAGES for text in sentences(dataset, one, lang)]
    for one in told:
        for lang in LANGUAGES:
            t = messages(lang)
            texts.append(in_words(timeline(dataset, one, t), t))
    assert any(one.seats and one.state == c.ELSEWHERE for one in told)
    assert slips(dataset, texts) == {}


def test_an_assumed_kommune_opens_with_what_no_source_says(dataset):
    told = sentences(dataset, story(dataset, "1612", View()), "nb")
    assert told[0].startswith("Antatt dekket: ingen kilde nevner Hemne")


@pytest.mark.parametrize(
    "text",
    [
        "1 kommuner ble betjent.", "Der ligger 25 kommune.", "1 kommune that they have served",
        "Det er av av Halsa.", "Fordelt på fylker: Troms 1, Nordland 2.", "Uten: Halsa, Agdenes.",
        "1 kilder", "4 dokumentert, 7 antatt", "Han betjener Voss.", "Sum (2 kommuner",
    ],
)  # fmt: skip
def test_slips_are_found(dataset, text):
    assert slips(dataset, [text]) != {}


@pytest.mark.parametrize(
    "text",
    [
        "Næringshagene, Rogaland: 21 kommuner.", "1,1 millioner kroner", "Uten Halsa og Agdenes.",
        "Kommunestruktur 2015, 1 kommune.", "4 dokumentert, 14 utledet og 7 antatt",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(dataset, text):
    assert slips(dataset, [text]) == {}
