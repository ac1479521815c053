"""Tells the time; no other module reads the system clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current date in Norway, whatever the server's time zone."""
    return now().astimezone(NORWAY).date()
