"""Loads the text of the user interface from gettext catalogues in locale/<language>/.

A message id is "<catalogue>.<name>": "kart.search" is in kart.po.
"""

import gettext
from collections.abc import Callable
from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from geo.settings import LOCALE_DIR
from geo.text.languages import DEFAULT, LANGUAGES

# Texts for packages that lack something: "explain.kommuner_method_no_hubs" speaks of no hub.
NO_HUBS = "no_hubs"
VARIANTS = (NO_HUBS,)


class Messages:
    """The messages of one language, with named placeholders: `t("kart.structure", year=2015)`.

    Where a text has a variant of its own, "<key>_<variant>", that is the one.
    """

    def __init__(self, language: str, variant: str = "") -> None:
        self.language = language
        self._variant = variant
        self._catalogues: dict[str, gettext.GNUTranslations] = {}
        for path in sorted((LOCALE_DIR / language).glob("*.po")):
            compiled = BytesIO()
            with path.open("rb") as file:
                write_mo(compiled, read_po(file, locale=language))
            compiled.seek(0)
            self._catalogues[path.stem] = gettext.GNUTranslations(compiled)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text for `key`. Raises KeyError if the catalogue lacks it."""
        own = self._own(key)
        text = self._catalogues[key.partition(".")[0]].gettext(own)
        if text == key:
            raise KeyError(f"no message {key!r} in locale/{self.language}")
        return text.format(**values) if values else text

    def _own(self, key: str) -> str:
        """Return the id of the variant of a text, where it has one, else its own."""
        own = f"{key}_{self._variant}"
        return own if self._variant and self.has(own) else key

    def plural(self, key: str, n: int, shown: str | None = None, **values: object) -> str:
        """Return singular or plural for `n`, written as `shown`. Raises KeyError if missing."""
        own = self._own(key)
        text = self._catalogues[key.partition(".")[0]].ngettext(own, f"{own}.plural", n)
        if text in (key, f"{key}.plural"):
            raise KeyError(f"no message {key!r} in locale/{self.language}")
        return text.format(n=shown if shown is not None else n, **values)

    def form(self, n: int) -> int:
        """Return which plural form the language uses for `n`, counted from 0."""
        rule: Callable[[int], int] = self._catalogues["common"].plural  # type: ignore[attr-defined]
        return rule(n)

    def has(self, key: str) -> bool:
        """Return whether the catalogue has `key`."""
        catalogue = self._catalogues.get(key.partition(".")[0])
        if catalogue is None:
            return False
        plural = f"{key}.plural"
        return catalogue.gettext(key) != key or catalogue.ngettext(key, plural, 1) != key


@cache
def messages(language: str, variant: str = "") -> Messages:
    """Return the catalogue of a language; an unknown one gives the first of the table.

    `variant` is one of VARIANTS, or "" for the texts as they usually are.
    """
    return Messages(language if language in LANGUAGES else DEFAULT, variant)
