"""Who asks: what limits per address count by."""

import pytest

from geo import settings
from geo.errors import SettingInvalid
from geo.server.middleware import client
from geo.server.middleware.client import client_address

PROXY = "127.0.0.1"


def asked_from(peer, *forwarded):
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return client_address({"client": (peer, 50000) if peer else None, "headers": headers})


def test_without_trusted_proxies_the_peer_is_who_asks_whatever_it_claims():
    assert asked_from("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert asked_from(PROXY, "198.51.100.1") == PROXY


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (("203.0.113.7",), "203.0.113.7"),
        (("6.6.6.6, 203.0.113.7",), "203.0.113.7"),  # the first is what somebody claimed
        (("6.6.6.6", "203.0.113.7"), "203.0.113.7"),
        (("6.6.6.6, 203.0.113.7, 10.1.2.3",), "203.0.113.7"),
        (("203.0.113.7:4711",), "203.0.113.7"),
        (("[2001:db8:1:2:3::4]:4711",), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::9",), "2001:db8:1:2::/64"),
        (("::ffff:203.0.113.7",), "203.0.113.7"),
        (("10.1.2.3",), "10.1.2.3"),
        (("203.0.113.7, unknown",), PROXY),
        (("203.0.113.7, [",), PROXY),
        (("",), PROXY),
        ((), PROXY),
    ],
)
def test_a_trusted_proxy_is_believed_about_the_last_address_that_is_no_proxys(
    monkeypatch, forwarded, expected
):
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
    assert asked_from(PROXY, *forwarded) == expected


def test_a_household_with_many_ipv6_addresses_is_one():
    assert asked_from("2001:db8:1:2::1") == asked_from("2001:db8:1:2:dead:beef::")
    assert asked_from("2001:db8:1:2::1") != asked_from("2001:db8:1:3::1")


def test_a_peer_that_has_no_address_is_told_from_those_that_have():
    assert asked_from("") == ""
    assert asked_from("testclient") == "testclient"


@pytest.mark.parametrize("setting", ["nginx", "10.0.0.0/33", "*", "10.0.0.1/8"])
def test_a_proxy_that_is_no_address_is_refused_at_the_start(monkeypatch, setting):
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", setting)
    with pytest.raises(SettingInvalid, match="GEO_TRUSTED_PROXIES"):
        client.check()
