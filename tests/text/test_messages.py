"""All catalogues hold every text, with the same placeholders, and nothing else."""

import re
import string

import pytest
from babel.messages.pofile import read_po

from geo.settings import LOCALE_DIR, ROOT
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import NO_HUBS, VARIANTS, messages

CODE = [
    path
    for pattern in ("geo/**/*.py", "pages/**/*.py", "geo/**/*.html", "geo/publish/assets/*.js")
    for path in ROOT.glob(pattern)
]
ROOMS = sorted(path.stem for path in (LOCALE_DIR / "nb").glob("*.po"))
_ROOM = "|".join(ROOMS)
KEY = re.compile(rf"""["']({_ROOM})\.(?!py|js|css|html|csv)([a-z0-9_]*[a-z0-9])["']""")
# Keys put together from a code: everything that begins with these is used.
BUILT = re.compile(rf"""f?["']({_ROOM})\.([a-z0-9_]*)(?:\{{|["'] ?\+)""")


def catalogue(language):
    found = {}
    for path in (LOCALE_DIR / language).glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    texts = message.string
                    found[key] = [texts] if isinstance(texts, str) else list(texts)
    return found


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


def placeholders(texts):
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_messages(language):
    assert set(CATALOGUES[language]) == set(CATALOGUES[DEFAULT])


@pytest.mark.parametrize("key", sorted(CATALOGUES[DEFAULT]))
def test_a_message_is_filled_in_with_the_same_placeholders_in_every_language(key):
    first = CATALOGUES[DEFAULT][key]
    for language in LANGUAGES:
        texts = CATALOGUES[language][key]
        assert all(texts), language
        assert len(texts) == len(first), language
        assert placeholders(texts) == placeholders(first), language


def test_every_key_in_the_code_is_in_the_catalogue():
    used = {f"{room}.{name}" for path in CODE for room, name in KEY.findall(path.read_text())}
    assert used
    assert used <= set(CATALOGUES["nb"])


def test_no_message_is_left_over():
    code = "\n".join(path.read_text() for path in CODE)
    used = {f"{room}.{name}" for room, name in KEY.findall(code)}
    starts = {f"{room}.{name}" for room, name in BUILT.findall(code)}
    left = {
        key
        for key in map(usual, CATALOGUES["nb"])
        if key not in used and not any(key.startswith(start) for start in starts)
    }
    assert left == set()


def usual(key):
    """Return the id of a text that another one, for packages that lack something, stands for."""
    return next((key.removesuffix(f"_{own}") for own in VARIANTS if key.endswith(f"_{own}")), key)


def test_a_variant_stands_for_a_text_and_is_filled_in_with_the_same():
    texts = CATALOGUES[DEFAULT]
    variants = [key for key in texts if usual(key) != key]
    assert variants
    for key in variants:
        assert usual(key) in texts
        assert placeholders(texts[key]) <= placeholders(texts[usual(key)]), key
        assert len(texts[key]) == len(texts[usual(key)]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_for_packages_without_hubs_name_none(language):
    own = {k: said for k, said in CATALOGUES[language].items() if k.endswith(f"_{NO_HUBS}")}
    named = re.compile(r"(?i)\bhubs?\b|næringshag(?!ekartet)")
    assert [key for key, said in own.items() if any(map(named.search, said))] == []
    t, usually = messages(language, NO_HUBS), messages(language)
    assert t("kart.empty") == own["kart.empty_no_hubs"][0] != usually("kart.empty")
    assert t("kart.table") == usually("kart.table")
    n = {"sum": "1", "value": "2", "years": "3"}
    assert t.plural("titles.money", 2, **n) == own["titles.money_no_hubs"][1].format(**n)


NOT_COVERED = re.compile(r"\b(ikke dekket|ikkje dek(t|ka)|not covered)\b", re.IGNORECASE)
# Nothing that has ended is told in the present.
PRESENT = re.compile(
    r"\b(betjener|betjenes|betener|dekker|dekkjer|serves?|(er|are|is) (betjent|betente?|served))\b",
    re.IGNORECASE,
)
# Where it has not ended, in whatever package; and files of borders, which serve a year.
ONGOING = re.compile(r"story\.served_\w+_now|egne_data\.holds_\w*coverage|(boundary|doctor)\.\w+")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_not_covered_where_only_these_projects_are_known(language):
    texts = CATALOGUES[language].items()
    assert [key for key, said in texts if any(map(NOT_COVERED.search, said))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_that_hubs_serve_in_the_present(language):
    found = {key for key, said in CATALOGUES[language].items() if any(map(PRESENT.search, said))}
    assert {key for key in found if not ONGOING.fullmatch(key)} == set()


def test_no_page_for_readers_of_the_code_or_the_data_says_not_covered():
    pages = [ROOT / "README.md", ROOT / "data" / "README.md", *(ROOT / "docs").glob("*.md")]
    assert [page.name for page in pages if NOT_COVERED.search(page.read_text())] == []


def test_a_missing_message_is_an_error_and_not_an_empty_space():
    with pytest.raises(KeyError, match=r"common\.nothing"):
        messages("nb")("common.nothing")


def test_an_unknown_language_is_answered_in_bokmal():
    assert messages("xx").language == "nb"
