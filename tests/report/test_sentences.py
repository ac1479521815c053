"""Every sentence that is generated of the shipped data, read for grammar, tense and signs."""

import re

import pytest

from geo import columns as c
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.citations import figure_sentence, sentence
from geo.report.figures import key_figures
from geo.report.story import story
from geo.report.story_text import sentences
from geo.report.titles import summary, title
from geo.text.languages import LANGUAGES

WRONG = {
    "one with a plural": re.compile(
        r"(?<![\d.,\u00a0] )(?<![\d.,\u00a0])\b1 (kommuner|kommunar|counties)\b"
    ),
    "several with a singular": re.compile(r"\b([2-9]|\d\d+) (kommune|county)\b(?! structure)"),
    "doubled signs": re.compile(r"  |\.\.(?!\.)|,,|;;|\(\)|\( | \)"),
    "a placeholder": re.compile(r"\{\w+\}"),
    "service in the present": re.compile(r"\b(betjener|betjenes|betener|serves|serve)\b"),
}


def wrong(text):
    found = [name for name, pattern in WRONG.items() if pattern.search(text)]
    pairs = ("()", "«»", "“”")
    return found + [pair for pair in pairs if text.count(pair[0]) != text.count(pair[1])]


def views(dataset, lang):
    for year in dataset.choices.years:
        for evidence in c.EVIDENCE_LEVELS:
            yield View(lang=lang, year=year, evidence=evidence)
            for project in dataset.choices.projects:
                yield View(lang=lang, year=year, evidence=evidence, project=(project,))
        for fylke in dataset.choices.fylker[year]:
            yield View(lang=lang, year=year, fylke=(fylke,))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_summaries_and_quotable_sentences_are_without_a_slip(dataset, lang):
    texts = []
    for view in views(dataset, lang):
        found = coverage(dataset, view)
        texts += [title(dataset, found, view), summary(dataset, found, view)]
        texts.append(sentence(dataset, view, ""))
        figures = key_figures(dataset, view)
        texts += [figure_sentence(dataset, view, figure, "") for figure in figures]
    assert {text: wrong(text) for text in texts if wrong(text)} == {}


def test_stories_of_covered_kommuner_are_without_a_slip(dataset):
    texts = []
    for year in dataset.choices.years:
        for nr in coverage(dataset, View(year=year)).covered.index:
            told = story(dataset, str(nr), View(year=year))
            texts += [text for lang in LANGUAGES for text in sentences(dataset, told, lang)]
    assert {text: wrong(text) for text in texts if wrong(text)} == {}


def test_an_assumed_kommune_opens_with_what_no_source_says(dataset):
    told = sentences(dataset, story(dataset, "1612", View()), "nb")
    assert told[0].startswith("Antatt dekket: ingen kilde nevner Hemne")
