"""How numbers, money and dates are written, after Språkrådet for bokmål (Babel's CLDR data).

Thousands are grouped with a no-break space in bokmål and a comma in English.
"""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from geo.base.cache import NUMBERS
from geo.base.clock import NORWAY

NO_BREAK_SPACE = "\u00a0"
EN_DASH = "\u2013"
_BABEL = {"nb": "nb_NO", "en": "en_GB"}
_MILLIONS = {"nb": "{amount} mill. kr", "en": "NOK {amount}m"}
_KRONER = {"nb": "{amount} kr", "en": "NOK {amount}"}


@lru_cache(NUMBERS.most)
def number(value: float, language: str, decimals: int = 0) -> str:
    """Write a number: 12 345 or 25,5 in bokmål, 12,345 or 25.5 in English."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_BABEL[language])


def millions(kroner: float, language: str) -> str:
    """Write an amount in millions with no needless decimals: 25,5 mill. kr, NOK 25.5m."""
    amount = format_decimal(kroner / 1_000_000, format="#,##0.##", locale=_BABEL[language])
    return _MILLIONS[language].format(amount=amount).replace(" ", NO_BREAK_SPACE)


def kroner(value: float, language: str, decimals: int = 0) -> str:
    """Write an amount in kroner: 12 345 kr in bokmål, NOK 12,345 in English."""
    amount = number(value, language, decimals)
    return _KRONER[language].format(amount=amount).replace(" ", NO_BREAK_SPACE)


def percent(share: float, language: str, decimals: int = 1) -> str:
    """Write a share (0 to 1) as 18,0 % in bokmål and 18.0% in English."""
    sign = f"{NO_BREAK_SPACE}%" if language == "nb" else "%"
    return number(share * 100, language, decimals) + sign


def day(value: date, language: str) -> str:
    """Write a date in running text: 23. november 2026, 23 November 2026."""
    return format_date(value, format="long", locale=_BABEL[language])


def moment(value: datetime, language: str) -> str:
    """Write a moment as the clock in Norway had it, in one piece: 23. nov. 2026 14:05."""
    local = value.astimezone(NORWAY)
    shown = format_date(local, format="medium", locale=_BABEL[language])
    return f"{shown} {local:%H:%M}".replace(" ", NO_BREAK_SPACE)


def orgnr(value: str) -> str:
    """Write an organisation number in groups of three: 940 155 223."""
    return NO_BREAK_SPACE.join((value[:3], value[3:6], value[6:]))
