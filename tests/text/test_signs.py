"""A title and a note of any signs whatever give files that can be opened, or a sentence."""

import io
import json
import sys
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from geo.brief import factsheet, picture
from geo.brief.brief_files import KINDS
from geo.brief.picture import LONGEST_ADDRESS, LONGEST_NOTE, LONGEST_TITLE, Words
from geo.coverage.view import View
from geo.dataset import package
from geo.errors import OutputRefused, PackageInvalid
from geo.publish import site
from geo.settings import ROOT
from geo.text import signs
from tests import patience

VIEW = View(project=("voss",))
# What has to disappear without a word, by what it is.
INVISIBLE = {
    "null": "\0",
    "controls": "\x01\x08\x1b\x7f\x9f",
    "noncharacters": "".join(chr(p << 16 | e) for p in range(17) for e in (0xFFFE, 0xFFFF)),
    "noncharacters in Arabic forms": "\ufdd0\ufdef",
    "byte order mark": "\ufeff",
    "embeddings and overrides": "\u202a\u202b\u202c\u202d\u202e",
    "isolates and marks": "\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "no width": "\u200b\u200c\u200d\u2060\u00ad\u034f\u3164",
    "looks of emoji": "\ufe0e\ufe0f\U000e0100",
    "tags": "\U000e0001\U000e0041\U000e007f",
}  # fmt: skip
# What a reader would see as a box, or not as it was meant.
REFUSED = {
    "half a sign": "\ud800",
    "the other half": "\udfff",
    "private use": "\ue000",
    "private plane 15": "\U000f0000",
    "private plane 16": "\U0010fffd",
    "emoji of families": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "plane 2": "\U00020000",
    "plane 3": "\U00030000",
    "Chinese": "漢字",
    "Devanagari": "नमस्ते",
    "unassigned": "\u0378",
    "unassigned in plane 1": "\U0001fbff",
    "stacks of accents": "a" + "\u0301\u0316" * 40,
}


def check(kind: str, content: bytes) -> None:
    """Open a file as its readers do; raise if it is broken."""
    extension = KINDS[kind].extension
    if extension == "png":
        Image.open(io.BytesIO(content)).load()
    elif extension == "svg":
        ET.fromstring(content)  # noqa: S314
    elif extension == "pdf":
        assert PdfReader(io.BytesIO(content)).pages
    else:
        assert Presentation(io.BytesIO(content)).slides


@pytest.mark.parametrize("signs_", INVISIBLE.values(), ids=INVISIBLE)
def test_what_nobody_sees_is_taken_out_and_the_rest_stays(signs_):
    text = f"Bø{signs_}mlo og Røros"
    assert signs.cleaned(text) == "Bømlo og Røros"
    assert signs.refused(signs.cleaned(text)) is None


@pytest.mark.parametrize("signs_", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_is_told_with_its_place(signs_):
    found = signs.refused(signs.cleaned(f"Røros {signs_}"))
    assert found is not None
    assert found.place >= len("Røros ") + 1
    found.shown.encode("utf-8")


def test_halves_that_belong_together_are_one_sign_and_accents_join_their_letter():
    assert signs.cleaned("\ud835\udd38A\u030as") == "\U0001d538Ås"


def test_lines_and_tabs_become_spaces():
    assert signs.cleaned("en\r\nto\u2028tre\tfire\x85fem") == "en to tre fire fem"


def test_every_sign_of_every_plane_is_written_taken_out_or_told():
    """All 1,114,112 of them: none reaches a file that XML or the fonts have no place for."""
    for code in range(sys.maxunicode + 1):
        sign = signs.cleaned(chr(code))
        if signs.refused(sign) is None:
            assert all(ord(one) in signs.drawable() for one in sign), hex(code)
            assert all(unicodedata.category(one)[0] != "C" for one in sign), hex(code)


@pytest.mark.parametrize("kind", ["square", "svg", "pdf", "pptx"])
def test_every_format_holds_every_sign_that_is_not_refused(dataset, kind, monkeypatch):
    monkeypatch.setattr(picture, "LONGEST_NOTE", len(signs.drawable()) * 2)
    texts = (signs.cleaned(chr(code)) for code in sorted(signs.drawable()))
    note = "".join(text for text in texts if text and signs.refused(text) is None)
    assert len(note) > 4000
    words = Words("Alle tegn", " ".join(note[n : n + 30] for n in range(0, len(note), 30)))
    check(kind, KINDS[kind].make(dataset, VIEW, words))


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_opens_whatever_is_given_for_title_and_note(dataset, kind):
    """Whoever makes a file without asking the page first gets one that opens."""
    worst = "".join([*INVISIBLE.values(), *(one[:4] for one in REFUSED.values())])
    words = Words(f"Tittel {worst}", f"{worst} notat\x00", "http://127.0.0.1/\ufffe\x00")
    check(kind, KINDS[kind].make(dataset, VIEW, words))


def test_the_words_of_a_brief_are_bounded_whoever_gives_them():
    words = Words("t" * 10**6, "n " * 10**6, "http://127.0.0.1/" + "a" * 10**6)
    assert len(words.title) == LONGEST_TITLE
    assert len(words.note) <= LONGEST_NOTE
    assert words.address == ""
    assert len(Words(address="a" * LONGEST_ADDRESS).address) == LONGEST_ADDRESS


@pytest.mark.parametrize(
    ("language", "says"), [("nb", "Tittelen er utelatt"), ("en", "The title is left out")]
)
def test_the_page_says_which_sign_it_cannot_write_and_makes_the_file_without_it(language, says):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    at.switch_page("brief.py")
    at.query_params.update({"project": "voss", "lang": language})
    at.run()
    at.text_input(key="brief-title").set_value("Til møtet 漢").run()
    assert not at.exception
    (message,) = [error.value for error in at.error]
    assert says in message
    assert "U+6F22" in message
    assert "11" in message
    assert at.get("download_button")
    at.text_input(key="brief-title").set_value("Til m\u00adøtet\ufeff").run()
    assert not at.error


# -- texts of packages -----------------------------------------------------------------------------


def test_a_fact_sheet_is_made_of_any_text_of_a_package(dataset, monkeypatch):
    """Stars and brackets that no font of ours has broke it, and an accent after a sign it lacks."""
    codes = [*range(0x20, 0xD800), *range(0xE000, 0x11000), *range(0x1F000, 0x20000, 16)]
    texts = [f"{chr(code)} a{chr(code)} {chr(code)}\u0301\u0653\u05b0 " for code in codes[::7]]
    texts += [chr(plane << 16 | low) for plane in range(17) for low in (0, 1, 0x800, 0xFFFD)]
    whole = "".join(["\u2728\u3013\u3014 a\u0951 \x1a\x7f", *texts])
    parts = [whole[n : n + 900] for n in range(0, len(whole), 900)]
    given = {**factsheet._given(dataset, VIEW, Words()), "deviations": parts}
    monkeypatch.setattr(factsheet, "_given", lambda *_: given)
    check("pdf", factsheet.pdf(dataset, VIEW, Words(title="Hva som helst")))


def test_a_fact_sheet_holds_no_sign_that_archives_refuse_whoever_wrote_the_text():
    given = "a\ufeffb\ufffec\x7fd\ue000e\U0010ffff\ud800\tf\n"
    assert signs.safe(given) == "abcd\ufffde\ufffd\tf\n"


@pytest.mark.parametrize("place", ["title", "licenses"])
def test_half_a_sign_in_a_description_is_told_and_breaks_no_file(small_package, tmp_path, place):
    small_package(tmp_path)
    path = tmp_path / package.DESCRIPTOR
    half = [{"name": "x\ud800"}] if place == "licenses" else "x\ud800"
    described = {**json.loads(path.read_text(encoding="utf-8")), place: half}
    path.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(PackageInvalid, match="ud800"):
        package.read_descriptor(tmp_path)


@pytest.mark.parametrize("sign", ["\ufffe", "\x00", "\u202e", "\u200b"])
def test_an_edition_is_not_published_for_an_address_with_a_sign_that_nobody_sees(
    dataset, tmp_path, sign
):
    with pytest.raises(OutputRefused, match="not a web address"):
        site.publish(dataset, tmp_path / "out", f"https://kart.example.no/{sign}hager/")
