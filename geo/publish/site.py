"""Build and write the public edition, a static site: `python -m geo publish`."""

import argparse
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from geo import columns as c
from geo import settings
from geo.base.links import whole_base
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View, permalink
from geo.dataset.package import archive
from geo.errors import OutputRefused, PackageInvalid
from geo.exports import dcat
from geo.publish import folder, kommune_pages, page_addresses, pages, place_maps, sitemap, stories
from geo.publish.downloads import Downloads, Order, rendering
from geo.publish.front import LaterParts, fetched, front
from geo.publish.hashed_files import ASSETS, FOLDER, HashedFiles, first_script, font_style, style
from geo.publish.html import render
from geo.publish.html_page import Around, Frame, Page
from geo.report import provenance
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages
from geo.uploads.intake import examined
from geo.versions import reload
from geo.versions.feed import feed

NOT_FOUND = "404.html"


@dataclass(frozen=True)
class Written:
    """Counts of published pages and files, and sizes in bytes.

    `first_view` is what the Norwegian front page loads until its map is drawn, gzipped.
    """

    pages: int
    files: int
    size: int
    first_view: int


def publish(dataset: Dataset, out: Path, base_url: str = "") -> Written:
    """Build the public edition and write it to a folder, replacing an earlier edition at the end.

    Raises OutputRefused if the folder holds something else, another run is publishing to it, or the
    base URL is not a web address.
    """
    base_url = _whole(base_url)
    folder.check(out)
    with folder.held(out):
        files = build(dataset, base_url)
        folder.write(out, files)
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
    whole, tables = _package_files(dataset, hashed)
    frame = Frame(
        dataset,
        base_url,
        whole,
        hashed.put("site.css", style()),
        hashed.put("fonts.css", font_style(hashed)),
        hashed.put("map.js", first_script()),
        hashed.put("icon.svg", (ASSETS / "icon.svg").read_bytes()),
    )
    orders = _orders(dataset, base_url)
    with rendering(dataset, list(orders.values())) as rendered:
        sent = fetched(dataset, stories.of_years(dataset), hashed)
        by_number = {nr: stories.of_number(dataset, nr) for nr in sorted(dataset.choices.kommuner)}
        grounds = {
            nr: place_maps.of_kommune(dataset, one.story, hashed) for nr, one in by_number.items()
        }
        maps = _maps(dataset, hashed)
        downloads = dict(zip(orders, rendered(hashed), strict=True))
    pages = [
        *_pages(dataset, downloads, maps, sent, (whole, tables)),
        *_kommuner(dataset, by_number, grounds),
    ]
    files = {page.place.file(page.language): page.html(frame) for page in pages}
    files |= hashed.files
    files |= {page_addresses.feed(one): _feed(dataset, one, base_url) for one in LANGUAGES}
    files[NOT_FOUND] = _not_found(dataset, frame)
    files |= _catalogues(frame)
    files["robots.txt"] = sitemap.robots(base_url)
    files["sitemap.xml"] = sitemap.sitemap(pages, base_url)
    files[folder.MARK] = folder.mark(dataset.data_version)
    return files


Key = tuple[str, str]  # the page's path in the first language, and the language


def _orders(dataset: Dataset, base_url: str) -> dict[Key, Order]:
    """Return the views to render as pictures and files, by page and language."""
    orders = {}
    for place, view, name in _views(dataset):
        for language in LANGUAGES:
            own = view.but(lang=language)
            front_page = base_url + page_addresses.FRONT.path(language)
            address = permalink(own, front_page, dataset.data_version) if base_url else ""
            orders[_key(place, language)] = Order(own, name, address)
    return orders


def _key(place: page_addresses.PageAddress, language: str) -> Key:
    return place.path(DEFAULT), language


def _views(dataset: Dataset) -> Iterator[tuple[page_addresses.PageAddress, View, str]]:
    """Yield page, view and file name of every view that has a picture."""
    start = dataset.choices.view()
    yield page_addresses.FRONT, start, f"alle-{start.year}"
    for project in dataset.choices.projects:
        place = page_addresses.project(project)
        yield (
            place,
            start.but(project=(project,)),
            f"{page_addresses.readable(project)}-{start.year}",
        )
    for year, numbers in dataset.choices.fylker.items():
        for nr in numbers:
            place = page_addresses.county(dataset, year, nr)
            name = f"{place.rest.rstrip('/').partition('/')[2]}-{year}"
            yield place, View(year=year, fylke=(nr,)), name


def _maps(dataset: Dataset, hashed: HashedFiles) -> dict[str, place_maps.Ground]:
    """Add the maps of projects and counties to the hashed files, by the pages' paths."""
    found = {}
    for place, view, name in _views(dataset):
        if not (view.project or view.fylke):
            continue
        rows = coverage(dataset, view).of_view.items()
        outside = {c.OUTSIDE_VIEW} if view.fylke else set(c.STATES).difference(c.COVERED_STATES)
        kommuner = [nr for nr, row in rows if row.state not in outside]
        found[place.path(DEFAULT)] = place_maps.of_view(
            dataset, view, kommuner, f"kart-{name}", hashed
        )
    return found


def _pages(
    dataset: Dataset,
    downloads: Mapping[Key, Downloads],
    maps: Mapping[str, place_maps.Ground],
    sent: LaterParts,
    package_files: tuple[str, list[tuple[str, str]]],
) -> Iterator[Page]:
    """Yield every page but those of kommuner, in every language."""
    whole, tables = package_files
    for language in LANGUAGES:
        yield front(dataset, language, downloads[_key(page_addresses.FRONT, language)], sent)
        yield pages.all_projects(dataset, language)
        for project in dataset.choices.projects:
            key = _key(page_addresses.project(project), language)
            yield pages.project(dataset, project, language, downloads[key], maps[key[0]])
        for year, numbers in dataset.choices.fylker.items():
            yield pages.all_counties(dataset, year, language)
            for nr in numbers:
                key = _key(page_addresses.county(dataset, year, nr), language)
                own = View(lang=language, year=year, fylke=(nr,))
                yield pages.county(dataset, own, downloads[key], maps[key[0]])
        yield pages.all_kommuner(dataset, language)
        yield pages.data(dataset, language, whole, tables)
        yield pages.method(dataset, language)
        yield pages.corrections(dataset, language)


def _kommuner(
    dataset: Dataset,
    by_number: Mapping[str, stories.KommuneStory],
    grounds: Mapping[str, place_maps.Ground],
) -> Iterator[Page]:
    """Yield the page of every kommune number in every language."""
    for nr, one in by_number.items():
        for language in LANGUAGES:
            yield kommune_pages.kommune(dataset, nr, language, one, grounds[nr])


def _package_files(dataset: Dataset, hashed: HashedFiles) -> tuple[str, list[tuple[str, str]]]:
    """Add the data package to the hashed files, as a ZIP and by table; return the paths."""
    package = dataset.package
    names = [str(one["name"]) for one in package.descriptor["resources"]]
    files = {name: provenance.table_file(dataset, name) for name in names}
    tables = [
        (name, hashed.put(Path(file).name, package.files.read(file)))
        for name, file in files.items()
    ]
    name = page_addresses.readable(str(package.descriptor["name"]))
    return hashed.put(f"{name}-{dataset.data_version}.zip", archive(package)), tables


def _catalogues(frame: Frame) -> dict[str, bytes]:
    """Return the catalogue in DCAT, which needs the site's own address."""
    if not frame.base_url:
        return {}
    return {
        f"catalog.{form}": dcat.catalogue(frame.dataset, frame.published(frame.base_url), form)
        for form in dcat.MEDIA_TYPES
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
    """Return how many bytes the Norwegian front page loads until its map is drawn, by gzip -9.

    They are the styles and scripts, shapes and signs that its head names, but for the fonts, which
    its script asks for then.
    """
    head = files["index.html"].partition(b"</head>")[0]
    named = {name for name in files if name.startswith(f"{FOLDER}/") and name.encode() in head}
    needed = {
        name
        for name in named
        if name.endswith((".css", ".js", ".json", ".svg")) and not name.endswith("/fonts.css")
    }
    return sum(len(gzip.compress(files[name], 9)) for name in ("index.html", *needed))


def add_command(commands: Any) -> None:
    """Add `publish OUT [--base-url URL]` to the command line."""
    parser = commands.add_parser("publish", help="write the public edition, a static site")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder or an earlier edition")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="where the edition will be found"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    started = perf_counter()
    folder.check(arguments.out)  # before the data are examined, which takes seconds
    issues = examined(settings.DATA_DIR).issues
    if issues:
        raise PackageInvalid("\n".join(map(str, issues)))
    written = publish(reload.current(), arguments.out, arguments.base_url)
    lines = [
        f"The public edition is in {arguments.out} ({perf_counter() - started:.0f} s):",
        f"  {written.pages} pages, {written.files} files, {written.size / 1e6:.1f} MB.",
        f"  The front page takes {written.first_view / 1000:.0f} kB compressed.",
        "  Put the folder on any web server: it needs no programs, and may lie at any path.",
        f"  Files under {FOLDER}/ never change and may be cached for ever; compress text files.",
        f"  Look at it here: python -m http.server --bind 127.0.0.1 -d {arguments.out}",
    ]
    if not arguments.base_url:
        lines += [
            "  Without --base-url the sitemap is relative, and pages name no canonical address and",
            "  no picture for previews.",
        ]
    print("\n".join(lines))  # noqa: T201
    return 0
