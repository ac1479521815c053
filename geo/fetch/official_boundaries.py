"""Fetches exact kommune boundaries of a year, checks, clips to the coast and simplifies them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import httpx2
import shapely

from geo import settings
from geo.coverage.dataset import Dataset
from geo.errors import AnswerRefused, BoundaryRefused, FetchFailed
from geo.fetch import geonorge, ssb_maps
from geo.fetch.official_maps import OfficialMap, Way, serving
from geo.fetch.staged import Staged
from geo.fetch.transfer.delivery import Delivery
from geo.fetch.transfer.transport import Transport
from geo.fetch.transfer.unpacking import require_gml
from geo.official.fetched import BOUNDARIES
from geo.official.origin import Origin
from geo.places import coast
from geo.places.boundaries import BoundarySet
from geo.places.boundary_files import boundary_import, boundary_reading
from geo.places.boundary_files.boundary_import import Imported
from geo.places.embedded import KARTVERKET, level_name
from geo.places.register import Register
from geo.text.messages import messages

WAYS: Mapping[Way, Callable[[Transport, OfficialMap], Delivery]] = {
    Way.ORDER: geonorge.ordered,
    Way.FILE: geonorge.fixed,
    Way.PAGES: ssb_maps.paged,
}
_NO_WAY_THERE = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)
# Keeps GDAL from downloading schemas or resolving references named in a file.
_GML_ALONE = {"DOWNLOAD_SCHEMA": "NO", "SKIP_RESOLVE_ELEMS": "ALL"}


@dataclass(frozen=True)
class _Made:
    """Boundaries of a year, ready to be put in use."""

    year: int
    files: Mapping[str, bytes]
    levels: Mapping[str, bytes]
    imported: Imported
    origins: tuple[Origin, ...]

    @property
    def count(self) -> int:
        return len(self.imported.shapes)


def fetch(transport: Transport, dataset: Dataset, years: tuple[int, ...]) -> Staged:
    """Fetch the boundaries of the given years, or of all structure years of the dashboard.

    A year that cannot be fetched is reported. Raises FetchFailed if none can.
    """
    register, before = dataset.register, dataset.library.by_year
    made: list[_Made] = []
    failed: dict[int, str] = {}
    out_of_reach: dict[str, str] = {}
    for year in sorted(set(years or settings.STRUCTURE_YEARS)):
        try:
            made.append(_of_year(transport, register, year, out_of_reach))
        except FetchFailed as error:
            failed[year] = str(error)
    if failed and not made:
        raise FetchFailed("\n".join(failed.values()))
    new = [one for one in made if not _in_use(one, before)]
    return Staged(
        what=BOUNDARIES,
        files={name: content for one in new for name, content in one.files.items()},
        origins={name: one.origins for one in new for name in one.files},
        report=lambda language: _report(new, failed, before, language),
        replaces=any(_replaces(one, before) for one in new),
    )


def _of_year(
    transport: Transport, register: Register, year: int, out_of_reach: dict[str, str]
) -> _Made:
    """Return the boundaries of a year from the first data set that works. Raises FetchFailed."""
    if year not in register.years:
        raise FetchFailed(
            f"The kommuner of {year} are not known; there is a register for each year from "
            f"{register.years[0]} to {register.years[-1]}."
        )
    reasons = []
    for product in serving(year, register):
        base = product.service.base
        if base in out_of_reach:
            reasons.append(out_of_reach[base])
            continue
        try:
            return _make(WAYS[product.way](transport, product), register, year)
        except FetchFailed as error:
            reasons.append(str(error))
            transport.listener.say(f"{product.title}: {error}")
            if isinstance(error.__cause__, _NO_WAY_THERE):
                out_of_reach[base] = str(error)
    if not reasons:
        raise FetchFailed(f"No official source of the borders of {year} is known.")
    lines = "\n".join(f"  {reason}" for reason in dict.fromkeys(reasons))
    raise FetchFailed(f"The borders of {year} could not be fetched:\n{lines}")


def _make(delivery: Delivery, register: Register, year: int) -> _Made:
    """Check and convert a delivery. Raises AnswerRefused if it cannot be used."""
    imported = _kommuner(delivery, register, year)
    try:
        levels = boundary_import.levels(imported.shapes)
    except (ValueError, shapely.GEOSException) as error:
        raise _refused(delivery.address, error) from error
    files = {
        f"{BOUNDARIES}/kommuner-{year}.parquet": boundary_reading.parquet(imported.shapes),
        **{f"{BOUNDARIES}/{level_name(year, d)}": content for d, content in levels.items()},
    }
    return _Made(year, files, levels, imported, (*delivery.origins, *_embedded_too(imported)))


def _embedded_too(imported: Imported) -> tuple[Origin, ...]:
    """Return the origin of the embedded set if its coast or some of its kommuner were used."""
    if imported.clipped:
        return (coast.origin(),)
    return (coast.origin(KARTVERKET),) if imported.filled else ()


def _kommuner(delivery: Delivery, register: Register, year: int) -> Imported:
    """Return the checked kommuner from the first file that contains them.

    A zip may also contain fylker and coarser versions. Raises AnswerRefused if no file fits.
    """
    first: BoundaryRefused | AnswerRefused | None = None
    files = delivery.files
    for name in sorted(files, key=lambda n: ("kommune" not in n.casefold(), -len(files[n]))):
        try:
            frame = _opened(files[name], name, delivery.address)
            return boundary_import.accept(frame, name, register, year)
        except (BoundaryRefused, AnswerRefused) as refusal:
            first = first or refusal
    if first is None:
        raise AnswerRefused(delivery.address, "holds no map as GeoJSON or GML")
    if isinstance(first, AnswerRefused):
        raise first
    raise _refused(delivery.address, first) from first


def _opened(content: bytes, name: str, address: str) -> gpd.GeoDataFrame:
    """Read a file after checking its format; other formats could refer to local files."""
    if name.lower().endswith(".gml"):
        require_gml(content, address)
        return boundary_reading.opened(content, name, **_GML_ALONE)
    if not content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise AnswerRefused(address, f"holds {name}, which is not GeoJSON")
    return boundary_reading.opened(content, name)


def _refused(address: str, error: Exception) -> AnswerRefused:
    return AnswerRefused(address, f"is of no use: {str(error).rstrip('.')}")


def _file_name(one: _Made) -> str:
    return f"kommuner-{one.year}.parquet"


def _replaces(one: _Made, before: Mapping[int, BoundarySet]) -> bool:
    """Return whether previously fetched boundaries of the year would be replaced."""
    return one.year in before and before[one.year].source == _file_name(one)


def _in_use(one: _Made, before: Mapping[int, BoundarySet]) -> bool:
    return _replaces(one, before) and dict(before[one.year].levels) == dict(one.levels)


def _report(
    made: list[_Made], failed: Mapping[int, str], before: Mapping[int, BoundarySet], language: str
) -> list[str]:
    """Return sentences on what was fetched, what it replaces, and what failed."""
    t = messages(language)
    sentences = []
    for one in made:
        old = before.get(one.year)
        if old is None:
            sentences.append(t("fetch.borders", year=one.year, count=one.count))
        elif old.exact:
            sentences.append(
                t("fetch.borders_for_exact", year=one.year, count=one.count, base=old.base_year)
            )
        else:
            said = {"year": one.year, "count": one.count, "base": old.base_year}
            sentences.append(t.plural("fetch.borders_for_shared", len(old.shared), None, **said))
        sentences += [f"{one.year}: {note.text(t)}" for note in one.imported.notes]
    sentences += [t("fetch.borders_failed", year=y, why=why) for y, why in failed.items()]
    return sentences
