"""Kommuner are found by every name and number they ever had, however it is written."""

import itertools
import json
import random
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from geo.columns import LABEL, NAME, NORWEGIAN_NAME, OTHER_NAMES
from geo.places.not_kommuner import KINDS
from geo.places.search import KommuneSearch
from geo.places.spellings import spellings, words
from geo.publish.hashed_files import ASSETS
from geo.publish.search_index import search_index
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from pages.parts.search import MOST_HITS
from tests import generated, patience

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"


@pytest.fixture(scope="module")
def search(dataset) -> KommuneSearch:
    return dataset.search


def names_of_all_years(dataset) -> dict[str, set[str]]:
    """Return every name of every year with the numbers that had it."""
    found = defaultdict(set)
    for year in dataset.register.years:
        kommuner = dataset.register.kommuner(year)
        for nr, row in zip(kommuner.index, kommuner.to_dict("records"), strict=True):
            for name in (row[NORWEGIAN_NAME], *row[OTHER_NAMES], row[NAME], row[LABEL]):
                found[name].add(nr)
    return found


def mistakes(name: str) -> Iterator[str]:
    """Yield a name with each letter too much, missing, wrong, or changed with its neighbour."""
    text = name.lower()
    for n in range(len(text) + 1):
        yield from (text[:n] + letter + text[n:] for letter in LETTERS + " -")
        yield text[:n] + text[n + 1 :]
        yield from (text[:n] + letter + text[n + 1 :] for letter in LETTERS + " ")
        yield text[:n] + text[n + 1 : n + 2] + text[n : n + 1] + text[n + 2 :]


@pytest.fixture(scope="module")
def misspelt(dataset) -> dict[str, set[str]]:
    """Return every single-letter mistake in every name, with the numbers that must be found."""
    found = defaultdict(set)
    for name, numbers in names_of_all_years(dataset).items():
        for text in mistakes(name):
            found[" ".join(words(text))] |= numbers
    return found


# -- names and numbers as they are -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [
        ("Meldal", 2020, "5059"),
        ("1636", 2020, "5059"),
        ("rissa", 2018, "5054"),
        ("Gáivuotna", 2015, "1940"),
        ("gaivuotna", 2024, "5540"),
        ("Kaivuono", 2024, "5540"),
        ("Omasvuotna", 2015, "1939"),
        ("Ráisa", 2024, "5544"),
        ("raisa", 2015, "1942"),
        ("Tråante", 2015, "1601"),
        ("alesund", 2024, "1508"),
        ("ålesund", 2015, "1504"),
        ("royrvik", 2015, "1739"),
        ("ØRLAND", 2020, "5057"),
        ("Hitra kommune", 2015, "1617"),
        ("Hitra kommuna", 2015, "1617"),
        ("kommunen Hitra", 2015, "1617"),
        ("Municipality of Hitra", 2015, "1617"),
        ("Gáivuotna suohkan", 2024, "5540"),
        ("Voss herad", 2020, "4621"),
        ("Os i Hedmark", 2015, "0441"),
        ("Os i Innlandet", 2024, "3430"),
        ("Os i Hordaland", 2015, "1243"),
        ("Os i Vestland", 2024, "4624"),  # of the county that its land lies in now
        ("Os, Hedmark fylke", 2015, "0441"),
        ("Sør Aurdal", 2015, "0540"),
        ("SørAurdal", 2015, "0540"),
        ("Sør–Aurdal", 2015, "0540"),
        ("Bø i Telemark", 2015, "0821"),
        ("Herøy i Nordland", 2015, "1818"),
        ("Herøy (Møre og Romsdal)", 2015, "1515"),
        ("Nes i Viken", 2020, "3034"),
        ("Aalesund", 2015, "1504"),
        ("AALESUND KOMMUNE", 2015, "1504"),
        ("Evje & Hornnes", 2015, "0937"),
        ("Evje/Hornnes", 2015, "0937"),
        ("Roeros", 2015, "1640"),
        ("Baerum", 2015, "0219"),
        ("Röros", 2015, "1640"),
        ("301", 2015, "0301"),
        ("0301 Oslo", 2015, "0301"),
        ("301.0", 2015, "0301"),
        ("K-1640", 2015, "1640"),
        ('="1640"', 2015, "1640"),
        ("1640 Røros", 2015, "1640"),
        ("１６４０", 2015, "1640"),
    ],
)
def test_a_kommune_is_found_first_by_any_way_of_writing_it(search, text, year, found):
    hit = search.find(text, year)[0]
    assert hit.now[0] == found
    assert hit.certain


def test_every_name_of_every_year_is_found_in_capitals_without_accents_and_with_its_kind(
    dataset, search
):
    for name, numbers in names_of_all_years(dataset).items():
        bare = " ".join(words(name))
        for text in (name, name.upper(), bare, f"{name} kommune", name.replace("-", " ")):
            ranks = search.ranks(text[:60])
            assert all(ranks[nr] == 0 for nr in numbers), text
        for text in spellings([name]):
            assert all(search.ranks(text)[nr] == 0 for nr in numbers), text


def test_every_number_of_every_year_is_found_without_its_zero_too(dataset, search):
    for nr in dataset.register.all_numbers:
        year = dataset.register.years_of(nr)[0]
        for text in (nr, str(int(nr)), f"{nr} {dataset.register.label(nr, year)}"):
            first = search.find(text, year)[0]
            assert first.now == (nr,), text
            assert first.certain, text


def test_every_kommune_is_found_by_its_name_and_any_county_it_lay_in(dataset, search):
    for year in dataset.register.years:
        kommuner = dataset.register.kommuner(year)
        for nr, row in zip(kommuner.index, kommuner.to_dict("records"), strict=True):
            text = f"{row[NORWEGIAN_NAME]} i {row['fylke']}"
            assert search.ranks(text).get(nr) == 0, text


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Os", {"0441", "1243"}),
        ("Bø", {"0821", "1867"}),
        ("Nes", {"0236", "0616"}),
        ("Herøy", {"1515", "1818"}),
        ("Sande", {"0713", "1514"}),
        ("Våler", {"0137", "0426"}),
    ],
)
def test_a_name_of_two_kommuner_finds_both_told_apart_by_county(dataset, search, name, numbers):
    for text in (name, f"{name} kommune"):
        hits = search.find(text, 2015, MOST_HITS)
        found = {nr for hit in hits if hit.certain for nr in hit.now}
        assert numbers <= found
        labels = [dataset.register.label(nr, 2015) for nr in numbers]
        assert all("(" in label for label in labels)
        assert len(set(labels)) == len(labels)


# -- mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "nr"),
    [("Trondhiem", "1601"), ("Brum", "0219"), ("Røors", "1640"), ("Os i Hedmrk", "0441"),
     ("Evje pg Hornnes", "0937"), ("Kristiannsannd", "1001"), ("Bø i Vesterålen", "1867")],
)  # fmt: skip
def test_what_is_not_quite_the_name_is_found_and_said_not_to_be_certain(search, text, nr):
    hits = search.find(text, 2015)
    assert nr in [hit.now[0] for hit in hits]
    assert not any(hit.certain for hit in hits)


def test_a_single_letter_mistake_in_any_name_of_any_year_finds_its_kommune(misspelt, search):
    """A seventh of the mistakes, some in every name; `make fuzz` tries each."""
    assert len(misspelt) > 150_000
    step = 7 if generated.TIMES == 1 else 1
    tried = dict(itertools.islice(misspelt.items(), 0, None, step))
    lost = {text: nrs for text, nrs in tried.items() if not nrs <= search.ranks(text).keys()}
    assert lost == {}


def test_no_kommune_with_a_short_name_is_crowded_out_of_the_list(dataset, search, misspelt):
    """Where most other names are near: all that is found is among those that the page shows."""
    for text, numbers in misspelt.items():
        if len(text) > 3:
            continue
        for year in (2015, 2024):
            shown = {(hit.name, hit.now) for hit in search.find(text, year, MOST_HITS)}
            for nr in numbers:
                last = dataset.register.years_of(nr)[-1]
                wanted = dataset.register.label(nr, last), dataset.register.now(nr, year)
                assert wanted in shown, (text, year)


def test_a_search_costs_a_tenth_of_a_second_at_most(search):
    texts = ["o", "Os i Hedmark", "50", "Kristiansund kommune", "x" * 60, "a b c d e", "Trondhiem"]
    search.find("warm", 2015)
    for text in texts:
        taken = []
        for _ in range(7):
            begun = time.thread_time()  # of this thread: others may be busy
            search.find(text, 2015)
            search.other(text)
            taken.append(time.thread_time() - begun)
        assert min(taken) < 0.1, text  # 20 ms on a quiet machine


# -- what is no kommune ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "beside"),
    [
        ("Svalbard", "territory", ""),
        ("jan mayen", "territory", ""),
        ("Longyearbyen", "territory", ""),
        ("Trøndelag", "fylke", ""),
        ("Trøndelag fylke", "fylke", ""),
        ("Trööndelage", "fylke", ""),
        ("More og Romsdal", "fylke", ""),
        ("Sør-Trøndelag", "fylke_before", "2017"),
        ("Viken fylkeskommune", "fylke_before", "2023"),
        ("Sverige", "country", ""),
        ("Sweden", "country", ""),
        ("Noreg", "country", ""),
        ("Judaberg", "place", "Finnøy"),
        ("Oelensvaag", "place", "Vindafjord"),
        ("Halti Næringshage", "hub", ""),
        ("Nasjonalparken naeringshage", "hub", ""),
        ("Kraftsenter Sør-Trøndelag", "project", ""),
    ],
)
def test_what_is_known_and_no_kommune_is_told_apart(search, text, kind, beside):
    other = search.other(text)
    assert other is not None
    assert (other.kind, other.beside) == (kind, beside)
    assert kind in KINDS


@pytest.mark.parametrize("text", ["Oslo", "Voss", "Oppdal", "Sortland", "Senja", "Nesset"])
def test_a_kommune_with_the_name_of_a_county_a_place_or_a_project_is_a_kommune(search, text):
    assert search.other(text) is None


@pytest.mark.parametrize(
    "text", ["", "   ", "Atlantis", "99999", "%", "${alert(1)}", "xyzzy", "\ud800", "9" * 10**5,
             "kommune", "i", "__proto__", "constructor"]
)  # fmt: skip
def test_what_nobody_knows_finds_nothing_and_is_nothing(search, text):
    if text != "i":
        assert search.find(text, 2015) == []
    assert search.other(text) is None


# -- the public edition ----------------------------------------------------------------------------


def answers_of_the_public_edition(dataset, queries):
    node = shutil.which("node") or pytest.skip("Node is not installed")
    given = {"index": search_index(dataset), "queries": queries, "limit": MOST_HITS}
    done = subprocess.run(
        [node, str(ROOT / "tests" / "search_answers.js"), str(ASSETS / "search.js")],
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
        timeout=patience.SECONDS,
    )
    return json.loads(done.stdout)


def answer(search, text, year):
    hits = [
        [hit.kommunenr, hit.name, list(hit.now), hit.certain]
        for hit in search.find(text, year, MOST_HITS)
    ]
    other = search.other(text)
    said = [other and [other.message, other.names[lang], other.beside] for lang in LANGUAGES]
    return [hits, said]


def queries_of_all_kinds(dataset, search, misspelt) -> list[str]:
    """Return every name and spelling, a share of all mistakes, numbers, and nonsense."""
    chance = random.Random(12)
    names = list(names_of_all_years(dataset))
    whole = [*names, *(f"{name} kommune" for name in names), *search.known]
    whole += [f"{name} i {chance.choice(list(search.counties))}" for name in names]
    whole += chance.sample(sorted(misspelt), 5000)
    whole += [str(chance.randrange(10**n)) for n in (1, 2, 3, 4, 5) for _ in range(40)]
    whole += ["Ærøy", "ǅ", "ﬁ", "İi", "Os på Sotra", "漢字", "K-301", "\u0663\u0660\u0661",
              "a\u0301s", "__proto__", "constructor", "x" * 200, "😀" * 70, "", " ", "i", "og",
              "Bø i Vesterålen", "Kristiannsannd", "²", "Ⅳ", "0301\u00a0Oslo", "ß"]  # fmt: skip
    return whole


def test_the_public_edition_gives_the_same_answers_from_the_same_table(dataset, search, misspelt):
    years = itertools.cycle(dataset.choices.years)
    texts = queries_of_all_kinds(dataset, search, misspelt)
    queries = list(zip(texts, years, strict=False))
    found = answers_of_the_public_edition(dataset, queries)
    different = [
        (query, theirs, ours)
        for query, theirs in zip(queries, found, strict=True)
        if theirs != (ours := answer(search, *query))
    ]
    assert different == []
