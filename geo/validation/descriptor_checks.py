"""Checks what a descriptor must contain before its tables can be read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from geo.dataset.package import DESCRIPTOR, TO_YEAR, day_of, described
from geo.dataset.storage import Files
from geo.settings import REGISTER_YEARS
from geo.text.languages import LANGUAGES
from geo.text.messages import Messages
from geo.validation.issue import Issue


def resource(files: Files, one: Any, t: Messages) -> Issue | None:
    """Return the issue with an entry of `resources`, or None."""
    if not isinstance(one, dict) or not isinstance(one.get("path"), str) or not one["path"]:
        return _issue("resources", t("validate.bad_resource", value=repr(one)[:60]))
    path, name = one["path"], one.get("name")
    if not isinstance(name, str) or not name:
        return _issue("name", t("validate.no_name", file=path[:60]))
    if not files.holds(path):
        return _issue("path", t("validate.outside", path=path[:60]), path[:60])
    if not files.has(path):
        return _issue("path", t("validate.no_file", file=path[:60]), path[:60])
    if not described(one):
        return _issue(name, t("validate.no_schema", table=name))
    return None


def whole(descriptor: Mapping[str, Any], t: Messages) -> Iterator[Issue]:
    """Yield issues with the descriptor apart from individual resources."""
    resources = [one for one in descriptor["resources"] if isinstance(one, dict)]
    for key in ("name", "path"):
        named = Counter(str(one.get(key)) for one in resources if one.get(key))
        for value in (value for value, n in named.items() if n > 1):
            yield _issue(key, t("validate.listed_twice", value=value[:60]), value[:60])
    if not isinstance(descriptor.get("name"), str):
        yield _issue("name", t("validate.nameless"))
    created = descriptor.get("created")
    if created is not None and day_of(created) is None:
        yield _issue(
            "created", t("validate.bad_created", value=str(created)[:60]), str(created)[:60]
        )
    limits = descriptor.get("limits", {})
    if not isinstance(limits, dict) or not all(map(_texts, limits.values())):
        languages = ", ".join(LANGUAGES)
        yield _issue("limits", t("validate.bad_limits", languages=languages))
    last = descriptor.get(TO_YEAR, REGISTER_YEARS[-1])
    if not isinstance(last, int) or not REGISTER_YEARS[0] <= last < REGISTER_YEARS[-1] + 100:
        yield _issue(
            TO_YEAR, t("validate.bad_registers_to", last=REGISTER_YEARS[-1], value=str(last)[:60])
        )


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _issue(column: str, text: str, value: str = "") -> Issue:
    return Issue(DESCRIPTOR, None, column, value, text)
