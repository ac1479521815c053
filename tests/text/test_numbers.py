"""Numbers as Språkrådet writes them, and as English readers expect."""

from datetime import date

from geo.text.numbers import day, kroner, millions, number, orgnr, percent

SPACE = "\u00a0"


def test_norwegian_groups_thousands_with_a_no_break_space_and_has_a_decimal_comma():
    assert number(12345, "nb") == f"12{SPACE}345"
    assert number(25.5, "nb", 1) == "25,5"


def test_money_is_written_as_in_a_norwegian_table():
    assert millions(25_500_000, "nb") == f"25,5{SPACE}mill.{SPACE}kr"
    assert millions(6_000_000, "nb") == f"6{SPACE}mill.{SPACE}kr"
    assert kroner(34.2, "nb", 2) == f"34,20{SPACE}kr"


def test_english_is_english():
    assert number(12345, "en") == "12,345"
    assert millions(25_500_000, "en") == f"NOK{SPACE}25.5m"
    assert kroner(34.2, "en", 2) == f"NOK{SPACE}34.20"
    assert percent(0.048, "en") == "4.8%"


def test_norwegian_per_cent_has_a_space():
    assert percent(0.048, "nb") == f"4,8{SPACE}%"


def test_dates_are_written_out():
    assert day(date(2026, 11, 23), "nb") == "23. november 2026"
    assert day(date(2026, 11, 23), "en") == "23 November 2026"


def test_organisation_numbers_come_in_threes():
    assert orgnr("940155223") == f"940{SPACE}155{SPACE}223"
