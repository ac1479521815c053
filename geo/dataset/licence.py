"""On what terms the tables of a package may be used: ours, or what the package says of itself."""

from typing import Any

from geo.base.links import web
from geo.dataset.package import Package
from geo.text.messages import messages

OURS = "CC-BY-4.0"


def is_ours(package: Package) -> bool:
    """Whether the package is published on the terms that this dashboard states of itself."""
    return not package.private and _stated(package).get("name") == OURS


def licence(package: Package, language: str) -> str:
    """Return the terms in words; where the package states none, that none are stated."""
    t = messages(language)
    if is_ours(package):
        return t("export.licence")
    name = licence_name(package) or t("export.licence_unknown")
    return t("export.licence_own", title=package.title(language), licence=name)


def licence_name(package: Package) -> str:
    """Return what the package calls its terms, empty where it states none."""
    stated = _stated(package)
    return str(stated.get("title") or stated.get("name") or "")


def licence_url(package: Package) -> str:
    """Return the address of the terms on the web, empty where the package states none."""
    return web(str(_stated(package).get("path", "")))


def _stated(package: Package) -> dict[str, Any]:
    listed = package.descriptor.get("licenses")
    first = listed[0] if isinstance(listed, list) and listed else {}
    return first if isinstance(first, dict) else {}
