"""Messages whose language is chosen later, when they are displayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.text.messages import Messages
from geo.text.numbers import day, number


@dataclass(frozen=True)
class Said:
    """A message id and its placeholder values; dates and floats are formatted per language."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    count: int | None = None  # selects singular or plural, for messages that have both

    def text(self, t: Messages) -> str:
        """Return the text in the language of `t`; tuples of values are joined with commas."""
        values = {name: _written(value, t) for name, value in self.values.items()}
        if self.count is None:
            return t(self.key, **values)
        return t.plural(self.key, self.count, number(self.count, t.language), **values)


def _written(value: object, t: Messages) -> object:
    if isinstance(value, Said):
        return value.text(t)
    if isinstance(value, tuple):
        return ", ".join(str(_written(one, t)) for one in value)
    if isinstance(value, date):
        return day(value, t.language)
    return number(value, t.language) if isinstance(value, float) else value
