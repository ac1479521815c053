"""Build and write the public edition, a static site: `python -m geo publish`."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import brotli

from geo import columns as c
from geo import settings
from geo.base.links import CROISSANT, whole_base
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View, to_query
from geo.dataset.package import archive
from geo.errors import OutputRefused, PackageInvalid
from geo.exports import croissant, dcat
from geo.exports.catalogue import CATALOGUE_TYPES
from geo.publish import folder, kommune_pages, page_addresses, pages, place_maps, sitemap, stories
from geo.publish.downloads import Downloads, downloads
from geo.publish.front import fetched, front
from geo.publish.hashed_files import ASSETS, FOLDER, HashedFiles, first_script, font_style, style
from geo.publish.html import render
from geo.publish.html_page import Around, Frame, Page
from geo.publish.made_from import made_from
from geo.report import provenance
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages
from geo.uploads.intake import examined
from geo.versions import reload
from geo.versions.feed import feed

NOT_FOUND = "404.html"
_BATCH = 12  # kommuner that a process takes at once


@dataclass(frozen=True)
class Written:
    """Counts of published pages and files, and sizes in bytes.

    `first_view` is what the Norwegian front page loads until its land is painted, compressed.
    """

    pages: int
    files: int
    size: int
    first_view: int


def publish(dataset: Dataset, out: Path, base_url: str = "", made_from: str = "") -> Written:
    """Build the public edition and write it to a folder, replacing an earlier edition at the end.

    `made_from` is what the next run recognises it by. Raises OutputRefused if the folder holds
    something else, another run is publishing to it, or the base URL is not a web address.
    """
    base_url = _whole(base_url)
    folder.check(out)
    with folder.held(out):
        files = build(dataset, base_url)
        fronts = {page_addresses.FRONT.file(language) for language in LANGUAGES}
        files |= folder.packed(files, fronts)
        files[folder.MARK] = folder.mark(dataset.data_version, made_from, files)
        folder.write(out, files)
    return _counted(files)


def unchanged(out: Path, made_from: str) -> Written | None:
    """Return what is in a folder if it was published from the same and is whole, else None.

    Raises OutputRefused if another run is publishing to it.
    """
    with folder.held(out):
        files = folder.whole(out, made_from)
    return None if files is None else _counted(files)


def _counted(files: Mapping[str, bytes]) -> Written:
    pages = sum(name.endswith(".html") for name in files)
    return Written(pages, len(files), sum(map(len, files.values())), first_view(files))


def _whole(base_url: str) -> str:
    """Return the base URL with a slash at the end. Raises OutputRefused if it is not a web URL."""
    whole = whole_base(base_url)
    if whole is None:
        raise OutputRefused(
            f'--base-url "{base_url}" is not a web address. It is where the edition will be '
            "found, for example https://kart.example.no/naeringshager/"
        )
    return whole


def build(dataset: Dataset, base_url: str = "") -> dict[str, bytes]:
    """Return every file of the edition by path."""
    hashed = HashedFiles()
    whole, tables = _package_files(dataset, base_url, hashed)
    frame = Frame(
        dataset,
        base_url,
        whole,
        hashed.put("site.css", style()),
        hashed.put("fonts.css", font_style(hashed)),
        hashed.put("first.js", first_script()),
        hashed.put("icon.svg", (ASSETS / "icon.svg").read_bytes()),
    )
    with _processes(dataset, frame) as pool:
        # The longest first, so that no processor is left waiting for another at the end.
        fronts = [pool.submit(_front_files, language) for language in LANGUAGES]
        shown = pool.map(_view_files, _viewed(dataset))
        kommuner = pool.map(_kommune_files, sorted(dataset.choices.kommuner), chunksize=_BATCH)
        sent = fetched(dataset, stories.of_years(dataset), hashed)
        files = dict(_written(_lists(dataset, whole, tables), frame))
        for language, made in zip(LANGUAGES, fronts, strict=True):
            found, of_view = made.result()
            files |= of_view | dict(_written([front(dataset, language, found, sent)], frame))
        for of_place in chain(shown, kommuner):
            files |= of_place
    files |= hashed.files
    files |= {page_addresses.feed(one): _feed(dataset, one, base_url) for one in LANGUAGES}
    files[NOT_FOUND] = _not_found(dataset, frame)
    files |= _catalogues(frame, tables)
    files["robots.txt"] = sitemap.robots(base_url)
    files["sitemap.xml"] = sitemap.sitemap(_places(dataset), base_url)
    files[folder.MARK] = folder.mark(dataset.data_version)
    return files


def _places(dataset: Dataset) -> Iterator[page_addresses.PageAddress]:
    """Yield the address of every page."""
    yield page_addresses.FRONT
    yield page_addresses.PROJECTS
    yield from map(page_addresses.project, dataset.choices.projects)
    for year, numbers in dataset.choices.fylker.items():
        yield page_addresses.counties(year)
        yield from (page_addresses.county(dataset, year, nr) for nr in numbers)
    yield page_addresses.KOMMUNER
    yield from (page_addresses.DATA, page_addresses.METHOD, page_addresses.CORRECTIONS)
    yield from map(page_addresses.kommune, sorted(dataset.choices.kommuner))


def _lists(dataset: Dataset, whole: str, tables: list[tuple[str, str]]) -> Iterator[Page]:
    """Yield the pages of no single view: lists, data, method, corrections, in every language."""
    for language in LANGUAGES:
        yield pages.all_projects(dataset, language)
        for year in dataset.choices.fylker:
            yield pages.all_counties(dataset, year, language)
        yield pages.all_kommuner(dataset, language)
        yield pages.data(dataset, language, whole, tables)
        yield pages.method(dataset, language)
        yield pages.corrections(dataset, language)


def _written(made: Iterable[Page], frame: Frame) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of some pages."""
    for page in made:
        yield page.place.file(page.language), page.html(frame)


# -- what is made on all processors ---------------------------------------------------------------


class _Process:
    """State of a worker process, set when it starts."""

    dataset: Dataset
    frame: Frame

    @classmethod
    def begin(cls, dataset: Dataset, frame: Frame) -> None:
        cls.dataset, cls.frame = dataset, frame


@contextmanager
def _processes(dataset: Dataset, frame: Frame) -> Iterator[ProcessPoolExecutor]:
    """Yield as many processes as there are processors."""
    # What all views of a year share is computed once, here, and not in each process.
    for year, counties in dataset.choices.fylker.items():
        downloads(dataset, View(year=year, fylke=counties[:1]), "", "", HashedFiles())
    # Fork, so that the processes share the dataset instead of loading or unpickling it.
    forked = get_context("fork")
    with ProcessPoolExecutor(cpu_count(), forked, _Process.begin, (dataset, frame)) as pool:
        yield pool


@dataclass(frozen=True)
class _Viewed:
    """A page with a map and a picture of a view: its address, the view, the name of its files."""

    place: page_addresses.PageAddress
    view: View
    name: str


def _viewed(dataset: Dataset) -> Iterator[_Viewed]:
    """Yield the projects and the counties."""
    start = dataset.choices.view()
    for project in dataset.choices.projects:
        name = f"{page_addresses.readable(project)}-{start.year}"
        yield _Viewed(page_addresses.project(project), start.but(project=(project,)), name)
    for year, numbers in dataset.choices.fylker.items():
        for nr in numbers:
            place = page_addresses.county(dataset, year, nr)
            name = f"{place.rest.rstrip('/').partition('/')[2]}-{year}"
            yield _Viewed(place, View(year=year, fylke=(nr,)), name)


def _front_files(language: str) -> tuple[Downloads, dict[str, bytes]]:
    """Return the downloads of the front page, and their files."""
    hashed, view = HashedFiles(), _Process.dataset.choices.view(lang=language)
    return _downloads(view, f"alle-{view.year}", hashed), hashed.files


def _downloads(view: View, name: str, hashed: HashedFiles) -> Downloads:
    dataset, base_url = _Process.dataset, _Process.frame.base_url
    front_page = base_url + page_addresses.FRONT.path(view.lang)
    query = to_query(view, dataset.choices.default_year) | {"data": dataset.data_version}
    address = f"{front_page}?{urlencode(query, safe=',')}" if base_url else ""
    return downloads(dataset, view, name, address, hashed)


def _view_files(one: _Viewed) -> dict[str, bytes]:
    """Return the page of a project or county in every language, with its map and downloads."""
    dataset, hashed = _Process.dataset, HashedFiles()
    ground = _ground(dataset, one, hashed)
    made = []
    for language in LANGUAGES:
        view = one.view.but(lang=language)
        files = _downloads(view, one.name, hashed)
        if view.project:
            made.append(pages.project(dataset, view.project[0], language, files, ground))
        else:
            made.append(pages.county(dataset, view, files, ground))
    return hashed.files | dict(_written(made, _Process.frame))


def _ground(dataset: Dataset, one: _Viewed, hashed: HashedFiles) -> place_maps.Ground:
    """Add the map of a project or county to the hashed files."""
    rows = coverage(dataset, one.view).of_view.items()
    outside = {c.OUTSIDE_VIEW} if one.view.fylke else set(c.STATES).difference(c.COVERED_STATES)
    kommuner = [nr for nr, row in rows if row.state not in outside]
    return place_maps.of_view(dataset, one.view, kommuner, f"kart-{one.name}", hashed)


def _kommune_files(nr: str) -> dict[str, bytes]:
    """Return the page of a kommune number in every language, with its map."""
    dataset, hashed = _Process.dataset, HashedFiles()
    told = stories.of_number(dataset, nr)
    ground = place_maps.of_kommune(dataset, told.story, hashed)
    made = [kommune_pages.kommune(dataset, nr, one, told, ground) for one in LANGUAGES]
    return hashed.files | dict(_written(made, _Process.frame))


# -- files ----------------------------------------------------------------------------------------


def _package_files(
    dataset: Dataset, base_url: str, hashed: HashedFiles
) -> tuple[str, list[tuple[str, str]]]:
    """Add the data package to the hashed files, as a ZIP and by table; return the paths."""
    package = dataset.package
    names = [str(one["name"]) for one in package.descriptor["resources"]]
    files = {name: provenance.table_file(dataset, name) for name in names}
    tables = [
        (name, hashed.put(Path(file).name, package.files.read(file)))
        for name, file in files.items()
    ]
    name = page_addresses.readable(str(package.descriptor["name"]))
    return hashed.put(f"{name}-{dataset.data_version}.zip", archive(package, base_url)), tables


def _catalogues(frame: Frame, tables: list[tuple[str, str]]) -> dict[str, bytes]:
    """Return the catalogue in DCAT and Croissant, which need the site's own address."""
    if not frame.base_url:
        return {}
    place = frame.published(frame.base_url)
    files = {name: frame.base_url + path for name, path in tables}
    return {
        CROISSANT.lstrip("/"): croissant.croissant(frame.dataset, place, files),
        **{
            f"catalog.{form}": dcat.catalogue(frame.dataset, place, form)
            for form in CATALOGUE_TYPES
        },
    }


def _feed(dataset: Dataset, language: str, base_url: str) -> bytes:
    """Return the feed of corrections; its links are relative where the site's URL is not known."""
    if not base_url:
        return feed(dataset, language, "./", "feed.xml")
    page = base_url + page_addresses.CORRECTIONS.path(language)
    return feed(dataset, language, page, base_url + page_addresses.feed(language))


def _not_found(dataset: Dataset, frame: Frame) -> bytes:
    """Return the 404 page; its links start at the root, since it is shown at any depth."""
    t = messages(DEFAULT)
    page = Page(page_addresses.FRONT, DEFAULT, NOT_FOUND, t("publish.not_found"), "")
    return render(
        NOT_FOUND,
        page=page,
        around=Around(page, frame),
        root=frame.base_url or "/",
        texts=[(language, messages(language)) for language in LANGUAGES],
        front=page_addresses.FRONT,
        kommuner=page_addresses.KOMMUNER,
        version=dataset.data_version,
        registers=dataset.register.span,
    )


def first_view(files: Mapping[str, bytes]) -> int:
    """Return how many bytes the Norwegian front page loads until its land is painted, by brotli.

    They are the styles and scripts, shapes and signs that its head names, but for the fonts, which
    its script asks for later, as for Leaflet.
    """
    head = files["index.html"].partition(b"</head>")[0]
    named = {name for name in files if name.startswith(f"{FOLDER}/") and name.encode() in head}
    needed = {
        name
        for name in named
        if name.endswith((".css", ".js", ".json", ".svg")) and not name.endswith("/fonts.css")
    }
    return sum(len(brotli.compress(files[name])) for name in ("index.html", *needed))


def add_command(commands: Any) -> None:
    """Add `publish OUT [--base-url URL]` to the command line."""
    parser = commands.add_parser("publish", help="write the public edition, a static site")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder or an earlier edition")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="where the edition will be found"
    )
    parser.set_defaults(run=_run)


def _valid() -> Dataset:
    """Return the data to publish. Raises PackageInvalid."""
    issues = examined(settings.DATA_DIR).issues
    if issues:
        raise PackageInvalid("\n".join(map(str, issues)))
    return reload.current()


def _run(arguments: argparse.Namespace) -> int:
    started = perf_counter()
    folder.check(arguments.out)  # before the data are examined, which takes seconds
    known = made_from(settings.DATA_DIR, _whole(arguments.base_url))
    kept = unchanged(arguments.out, known)
    written = kept or publish(_valid(), arguments.out, arguments.base_url, known)
    done = "is as it was in" if kept else "is in"
    lines = [
        f"The public edition {done} {arguments.out} ({perf_counter() - started:.0f} s):",
        f"  {written.pages} pages, {written.files} files, {written.size / 1e6:.1f} MB.",
        f"  The front page takes {written.first_view / 1000:.0f} kB compressed.",
        "  Put the folder on any web server: it needs no programs, and may lie at any path.",
        f"  Files under {FOLDER}/ never change and may be cached for ever.",
        "  Beside each text lie .br and .gz, for servers that send what a browser accepts.",
        f"  Look at it here: python -m http.server --bind 127.0.0.1 -d {arguments.out}",
    ]
    if not arguments.base_url:
        lines += [
            "  Without --base-url the sitemap is relative, and pages name no canonical address and",
            "  no picture for previews.",
        ]
    print("\n".join(lines))  # noqa: T201
    return 0
