"""Returns the licence of a package: ours, or the one its descriptor states."""

from typing import Any

from geo.base.links import web
from geo.dataset.package import Package
from geo.text.messages import messages

OURS = "CC-BY-4.0"


def is_ours(package: Package) -> bool:
    """Return whether the package is public and under the dashboard's own licence."""
    return not package.private and _stated(package).get("name") == OURS


def licence(package: Package, language: str) -> str:
    """Return the licence as a sentence, which also says so if the package states none."""
    t = messages(language)
    if is_ours(package):
        return t("export.licence")
    name = licence_name(package) or t("export.licence_unknown")
    return t("export.licence_own", title=package.title(language), licence=name)


def licence_name(package: Package) -> str:
    """Return the licence's title or name from the descriptor; "" if none is stated."""
    stated = _stated(package)
    return str(stated.get("title") or stated.get("name") or "")


def licence_url(package: Package) -> str:
    """Return the web address of the licence; "" if none is stated."""
    return web(str(_stated(package).get("path", "")))


def _stated(package: Package) -> dict[str, Any]:
    listed = package.descriptor.get("licenses")
    first = listed[0] if isinstance(listed, list) and listed else {}
    return first if isinstance(first, dict) else {}
