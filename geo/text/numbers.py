"""How numbers, money and dates are written, after Språkrådet for Norwegian (Babel's CLDR data).

Thousands are grouped with a no-break space in Norwegian and a comma in English; what stands around
an amount is in the catalogues.
"""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from geo.base.cache import NUMBERS
from geo.base.clock import NORWAY
from geo.text.languages import locale
from geo.text.messages import messages

NO_BREAK_SPACE = "\u00a0"
EN_DASH = "\u2013"


@lru_cache(NUMBERS.most)
def number(value: float, language: str, decimals: int = 0) -> str:
    """Format a number: 12 345 or 25,5 in bokmål, 12,345 or 25.5 in English."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale(language))


def millions(kroner: float, language: str) -> str:
    """Format kroner in millions with at most two decimals: 25,5 mill. kr, NOK 25.5m."""
    amount = format_decimal(kroner / 1_000_000, format="#,##0.##", locale=locale(language))
    return messages(language)("numbers.millions", amount=amount)


def kroner(value: float, language: str, decimals: int = 0) -> str:
    """Format an amount in kroner: 12 345 kr in bokmål, NOK 12,345 in English."""
    return messages(language)("numbers.kroner", amount=number(value, language, decimals))


def percent(share: float, language: str, decimals: int = 1) -> str:
    """Format a share (0 to 1) as 18,0 % in bokmål and 18.0% in English."""
    return messages(language)("numbers.percent", amount=number(share * 100, language, decimals))


def symbols(language: str) -> dict[str, str]:
    """Return the signs that numbers are written with: `decimal`, and `group` between thousands."""
    own = locale(language)
    return {"decimal": get_decimal_symbol(own), "group": get_group_symbol(own)}


def day(value: date, language: str) -> str:
    """Format a date for running text: 23. november 2026, 23 November 2026."""
    return format_date(value, format="long", locale=locale(language))


def moment(value: datetime, language: str) -> str:
    """Format a time in Norway's time zone, without line breaks: 23. nov. 2026 14:05."""
    local = value.astimezone(NORWAY)
    shown = format_date(local, format="medium", locale=locale(language))
    return f"{shown} {local:%H:%M}".replace(" ", NO_BREAK_SPACE)


def orgnr(value: str) -> str:
    """Format an organisation number in groups of three: 940 155 223."""
    return NO_BREAK_SPACE.join((value[:3], value[3:6], value[6:]))


def year_span(years: range) -> str:
    """Format consecutive years: 2014–2017, or 2015 alone."""
    first, last = years[0], years[-1]
    return str(first) if first == last else f"{first}{EN_DASH}{last}"
