"""A service may send us on to itself, over https, a few times; and never into our own network."""

from dataclasses import replace

import httpx2
import pytest

from geo.errors import AnswerRefused
from geo.fetch.transfer import allowed_hosts
from geo.fetch.transfer.transport import Wanted
from geo.official.services import BRREG, KARTVERKET, MIRROR, SSB
from tests import services
from tests.services import Given, as_json, hasty

PATH = "data.ssb.no/api/x"
WANTED = Wanted(SSB, "https://data.ssb.no/api/x")

ELSEWHERE = [
    ("http://data.ssb.no/y", "not over https"),
    ("ftp://data.ssb.no/y", "not over https"),
    ("file:///etc/passwd", "not over https"),
    ("gopher://127.0.0.1:70/1", "not over https"),
    ("https://example.org/y", "not Statistisk sentralbyrå's"),
    ("https://data.brreg.no/y", "not Statistisk sentralbyrå's"),
    ("https://evilssb.no/y", "not Statistisk sentralbyrå's"),
    ("https://ssb.no.example.org/y", "not Statistisk sentralbyrå's"),
    ("https://data.ssb.no@example.org/y", "not Statistisk sentralbyrå's"),
    ("https://localhost/y", "not Statistisk sentralbyrå's"),
    ("https://127.0.0.1/y", "not Statistisk sentralbyrå's"),
    ("https://2130706433/y", "not Statistisk sentralbyrå's"),
    ("https://0x7f.1/y", "not Statistisk sentralbyrå's"),
    ("https://017700000001/y", "not Statistisk sentralbyrå's"),
    ("https://[::1]/y", "not Statistisk sentralbyrå's"),
    ("https://[::ffff:127.0.0.1]/y", "not Statistisk sentralbyrå's"),
    ("https://169.254.169.254/latest/meta-data", "not Statistisk sentralbyrå's"),
    ("https://data.ssb.no:8443/y", "unusual port"),
    ("https://me:secret@data.ssb.no/y", "with a password"),
]


@pytest.fixture
def local():
    with services.running() as running:
        yield running


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("location", "why"), ELSEWHERE)
def test_a_redirect_to_elsewhere_is_refused_in_a_sentence(local, tmp_path, location, why, status):
    local.put(PATH, Given(status=status, headers={"Location": location}))
    with pytest.raises(AnswerRefused, match=f"sends elsewhere.*{why}.*Nothing was replaced"):
        hasty(tmp_path).get(WANTED)
    assert len(local.asked) == 1


@pytest.mark.parametrize("location", ["https://[", "https://data.ssb.no:99999/", "//", "http://"])
def test_a_redirect_that_is_no_address_is_refused(local, tmp_path, location):
    local.put(PATH, Given(status=302, headers={"Location": location}))
    with pytest.raises(allowed_hosts.AnswerRefused.__base__):
        hasty(tmp_path).get(WANTED)


@pytest.mark.parametrize("location", ["https://www.ssb.no/z", "https://data.ssb.no/z"])
def test_a_redirect_within_the_service_is_followed(local, tmp_path, location):
    local.put(PATH, Given(status=302, headers={"Location": location}))
    local.put(location.removeprefix("https://"), as_json([1]))
    answer = hasty(tmp_path).get(WANTED)
    assert answer.content == b"[1]"
    assert answer.origin.address == WANTED.address


def test_a_mirror_may_send_to_itself(local, tmp_path):
    local.put(PATH, Given(status=302, headers={"Location": "/data.ssb.no/api/y"}))
    local.put("data.ssb.no/api/y", as_json([1]))
    assert hasty(tmp_path).get(WANTED).content == b"[1]"


def test_redirects_are_counted(local, tmp_path):
    local.put(PATH, Given(status=302, headers={"Location": "https://data.ssb.no/api/x"}))
    with pytest.raises(AnswerRefused, match="sends on more than 5 times"):
        hasty(tmp_path).get(WANTED)
    assert len(local.asked) == allowed_hosts.MOST_REDIRECTS + 1


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
    "2001:0:7f00:1::", "2001:db8::1", "not an address",
]  # fmt: skip
PUBLIC = ["193.160.165.1", "8.8.8.8", "2a02:c0::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_private_network_is_known_however_it_is_written(address):
    assert not allowed_hosts.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert allowed_hosts.is_public(address)


def resolving(monkeypatch, *found):
    monkeypatch.delenv(MIRROR, raising=False)
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    answer = [(2, 1, 6, "", (address, 443)) for address in found]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answer)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_of_the_service_that_leads_into_the_network_is_refused(
    monkeypatch, tmp_path, address
):
    """Also where only one of its addresses does."""
    resolving(monkeypatch, "193.160.165.1", address)
    with pytest.raises(AnswerRefused, match=r"sends into a private network: data\.ssb\.no is"):
        hasty(tmp_path).get(WANTED)


def test_a_name_that_is_answered_otherwise_the_second_time_is_refused(monkeypatch):
    resolving(monkeypatch, "193.160.165.1")

    class Stream:
        @staticmethod
        def get_extra_info(_):
            return ("10.0.0.1", 443)

    request = httpx2.Request("GET", WANTED.address)
    response = httpx2.Response(200, request=request, extensions={"network_stream": Stream()})
    with pytest.raises(AnswerRefused, match=r"private network: data\.ssb\.no is 10\.0\.0\.1"):
        allowed_hosts.require_public_peer(response, WANTED.address)


def test_behind_a_proxy_names_are_left_to_the_proxy(monkeypatch):
    resolving(monkeypatch, "10.0.0.1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    allowed_hosts.require_public(httpx2.URL(WANTED.address), WANTED.address)


def test_a_first_address_at_a_private_host_is_refused_without_a_mirror(monkeypatch, tmp_path):
    monkeypatch.delenv(MIRROR, raising=False)
    with pytest.raises(AnswerRefused, match="private network"):
        hasty(tmp_path).get(replace(WANTED, address="http://127.0.0.1:9/api"))


def test_each_service_has_a_domain_of_its_own():
    assert [one.domain for one in (KARTVERKET, SSB, BRREG)] == [
        "geonorge.no", "ssb.no", "brreg.no"
    ]  # fmt: skip
