"""What is done before the first reader comes, who then waits no longer than the others."""

from starlette.formparsers import MultiPartParser

from geo import figures, front_end, live, policy, routes, tables, titles, webmap
from geo.atlas import Atlas
from geo.coverage import coverage
from geo.exports.formats import FORMATS
from geo.own_data.dropped import MOST_DROPPED
from geo.settings import LANGUAGES


def warm() -> None:
    """Read the data, and build what the first page shows in each language."""
    # An upload above 1 MB would be written to a temporary file; what is dropped is for no disk.
    MultiPartParser.spool_max_size = 2 * MOST_DROPPED
    policy.ancestors()  # a setting that means nothing is told at once
    front_end.warm()
    routes.warm()
    prepare(live.current())
    live.live().prepare = prepare


def prepare(atlas: Atlas) -> None:
    """Build what the first page shows of an atlas in each language."""
    routes.geometries(atlas)
    atlas.search.other("")
    atlas.search.find("a", atlas.choices.default_year)
    for lang in LANGUAGES:
        view = atlas.choices.view(lang=lang)
        titles.summary(atlas, coverage(atlas, view), view)
        tables.listed(atlas, view)
        webmap.layer(atlas, view)
        FORMATS["csv"].write(atlas, view, full=False)
        figures.key_figures(atlas, view)
