"""What a service sent is unpacked within limits, or refused with its address."""

import io
import stat
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import AnswerRefused
from geo.fetch.transfer.unpacking import UnpackLimits, members, require_gml

ADDRESS = "https://nedlasting.geonorge.no/x.zip"
SMALL = UnpackLimits(total=1_000_000, members=5, ratio=20, small=100_000)
TEXT = b'{"type": "FeatureCollection"}'
GML = b'<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="g"><a/></gml:FeatureCollection>'


def a_zip(*entries, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, file in entries:
            archive.writestr(name, file)
    return content.getvalue()


def test_the_files_of_a_zip_are_returned_by_name_and_folders_are_not():
    sent = a_zip(("kart/", b""), ("kart/Kommuner.GEOJSON", TEXT), ("les-meg.txt", b"hei"))
    assert members(sent, ADDRESS) == {"kart/Kommuner.GEOJSON": TEXT, "les-meg.txt": b"hei"}
    assert members(sent, ADDRESS, (".geojson",)) == {"kart/Kommuner.GEOJSON": TEXT}


@pytest.mark.parametrize(
    "name", ["../up", "a/../../up", "/etc/passwd", "C:\\x", "C:/x", "..\\up", "a\x07b"]
)
def test_a_name_that_leaves_the_folder_is_refused_even_if_the_file_is_not_wanted(name):
    with pytest.raises(AnswerRefused, match=r"x\.zip is a zip with a file outside its folder"):
        members(a_zip((name, b"x"), ("k.geojson", TEXT)), ADDRESS, (".geojson",))


def test_a_zip_bomb_is_left_before_it_unfolds():
    bomb = a_zip(("k.geojson", bytes(400_000_000)))
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(AnswerRefused, match="zip bomb"):
            members(bomb, ADDRESS)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000  # a tenth of what it would become
    finally:
        tracemalloc.stop()


def test_more_bytes_and_more_files_than_agreed_are_refused():
    noise = bytes(i * i * 31 % 251 for i in range(400_000))
    with pytest.raises(AnswerRefused, match="unpacks to more than 1 MB"):
        members(
            a_zip(*((f"{i}.json", noise) for i in range(3)), method=zipfile.ZIP_STORED),
            ADDRESS, limits=SMALL,
        )  # fmt: skip
    with pytest.raises(AnswerRefused, match="more than 5 files"):
        members(a_zip(*((f"{i}", b"x") for i in range(6))), ADDRESS, limits=SMALL)
    with pytest.raises(AnswerRefused, match="more than 5 files"):
        members(a_zip(*((f"{i}", b"x") for i in range(60))), ADDRESS, limits=SMALL)


def test_a_size_that_is_a_lie_does_not_get_more_in():
    honest = a_zip(("k.json", bytes(900_000)))
    lying = honest.replace((900_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(AnswerRefused):
        members(lying, ADDRESS, limits=SMALL)


def test_an_archive_within_the_archive_is_refused():
    with pytest.raises(AnswerRefused, match="another archive in it"):
        members(a_zip(("inner.geojson", a_zip(("k", TEXT)))), ADDRESS)


def test_a_locked_zip_and_a_link_are_refused():
    sent = bytearray(a_zip(("k.geojson", TEXT)))
    sent[6] |= 1
    sent[sent.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(AnswerRefused, match="locked with a password"):
        members(bytes(sent), ADDRESS)
    link = zipfile.ZipInfo("k.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(AnswerRefused, match="a link in it"):
        members(a_zip((link, b"/etc/passwd")), ADDRESS)


def test_two_files_of_the_same_name_and_an_unusual_packing_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = a_zip(("k.geojson", TEXT), ("k.geojson", b"other"))
    with pytest.raises(AnswerRefused, match="two files of the same name"):
        members(twice, ADDRESS)
    with pytest.raises(AnswerRefused, match="unusual way"):
        members(a_zip(("k.geojson", TEXT), method=zipfile.ZIP_LZMA), ADDRESS)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 0.98])
def test_a_truncated_zip_is_refused_with_its_address(kept):
    sent = a_zip(("k.geojson", zlib.compress(bytes(range(256)) * 40)))
    with pytest.raises(AnswerRefused, match=r"x\.zip is a zip that is cut short or damaged"):
        members(sent[: int(len(sent) * kept)], ADDRESS)


def test_a_file_without_a_name_is_damage_and_not_a_crash():
    sent = a_zip(("k.geojson", TEXT)).replace(b"k.geojson", b"\0.geojson")
    with pytest.raises(AnswerRefused, match="cut short or damaged"):
        members(sent, ADDRESS)


VALID = a_zip(("kart/kommuner.geojson", TEXT * 30), ("les-meg.txt", b"hei"))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(VALID)),
    st.binary(max_size=20),
)
def test_a_damaged_zip_never_does_worse_than_being_refused(changes, cut, more):
    sent = bytearray(VALID)
    for place, value in changes:
        sent[place] = value
    sent = sent[:cut] + more + sent[cut:] if cut % 3 else sent[:cut]
    try:
        found = members(bytes(sent), ADDRESS, limits=SMALL)
    except AnswerRefused:
        return
    assert sum(map(len, found.values())) <= SMALL.total


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_anything_at_all_is_unpacked_or_refused(sent):
    with pytest.raises(AnswerRefused):
        members(sent, ADDRESS)


# -- GML ----------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def test_plain_gml_passes():
    require_gml(GML, ADDRESS)
    require_gml(b"\xef\xbb\xbf" + GML, ADDRESS)
    require_gml(GML.decode().replace("?>", ' encoding="utf-16"?>').encode("utf-16"), ADDRESS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declared",
    [BOMB, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<!DOCTYPE x [<!ENTITY e SYSTEM "f">]>'],
)
def test_gml_with_declarations_of_its_own_is_refused(declared, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    bomb = f"{head}{declared}<FeatureCollection>&l9;</FeatureCollection>"
    with pytest.raises(AnswerRefused, match=r"x\.zip is XML with declarations of its own"):
        require_gml(bomb.encode(encoding), ADDRESS)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "is not GML"),
        (GML[:-10], "is not GML"),
        (b"<html><body>Logg inn</body></html>", "begins with <html>"),
        (b"<OGRVRTDataSource><SrcDataSource>/etc</SrcDataSource></OGRVRTDataSource>", "VRT"),
        (b'<?xml version="1.0" encoding="x-none"?><FeatureCollection/>', "is not GML"),
        (b"<FeatureCollection>" + b"<a>" * 100_000, "deep"),
    ],
)
def test_other_xml_is_refused(sent, why):
    with pytest.raises(AnswerRefused, match=why):
        require_gml(sent, ADDRESS)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GML)), st.binary(max_size=8))
def test_damaged_gml_never_does_worse_than_being_refused(place, more):
    try:
        require_gml(GML[:place] + more + GML[place + 1 :], ADDRESS)
    except AnswerRefused:
        return
