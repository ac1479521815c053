"""The clock: nothing else in the program asks the machine for the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current day in Norway, whatever the server's time zone."""
    return now().astimezone(NORWAY).date()
