"""Warm the caches before the first request, and check the settings."""

import logging

from starlette.formparsers import MultiPartParser

from geo import settings
from geo.base.links import base_url
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.errors import PackageInvalid
from geo.exports.formats import FORMATS
from geo.report import figures, tables, titles
from geo.report.contact import contact
from geo.server.middleware import client, front_end
from geo.text.languages import DEFAULT, LANGUAGES
from geo.uploads import last_valid, trial
from geo.uploads.dropped import MOST_DROPPED
from geo.versions import reload
from geo.webmap import geometry_routes, policy, webmap

_log = logging.getLogger(__name__)


def warm() -> None:
    """Load the data, and build what the first page shows in each language.

    Raises SettingInvalid if a setting is not understood.
    """
    # Starlette would write an upload above 1 MB to a temporary file; uploads must not reach a disk.
    MultiPartParser.spool_max_size = 2 * MOST_DROPPED
    policy.ancestors()  # report invalid settings at start
    base_url()
    contact()
    client.check()
    front_end.warm()
    geometry_routes.warm()
    known = last_valid.known(last_valid.stamp_of(settings.DATA_DIR))
    try:
        (_first_page if known else prepare)(reload.current())
    except PackageInvalid:
        # Reported in the log and by /readyz; the views that can be made are served.
        _log.exception("not every view of the data can be made")
    reload.reloader().prepare = prepare


def prepare(dataset: Dataset) -> None:
    """Build what the first page shows of a dataset in each language, and try every other view.

    Raises PackageInvalid if a view cannot be made.
    """
    wrong = trial.faults(dataset, DEFAULT)
    if wrong:
        raise PackageInvalid(wrong[0])
    _first_page(dataset)


def _first_page(dataset: Dataset) -> None:
    geometry_routes.geometries(dataset)
    dataset.search.other("")
    dataset.search.find("a", dataset.choices.default_year)
    for lang in LANGUAGES:
        view = dataset.choices.view(lang=lang)
        titles.summary(dataset, coverage(dataset, view), view)
        tables.page_rows(dataset, view)
        webmap.layer(dataset, view)
        FORMATS["csv"].write(dataset, view, full=False)
        figures.key_figures(dataset, view)
