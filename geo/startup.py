"""What is done before the first reader comes, who then waits no longer than the others."""

from geo import atlas as atlases
from geo import figures, front_end, routes, tables, titles, webmap
from geo.coverage import coverage
from geo.exports.formats import FORMATS
from geo.settings import LANGUAGES
from geo.view import View


def warm() -> None:
    """Read the data, and build what the first page shows in each language."""
    routes.warm()
    front_end.warm()
    atlas = atlases.current()
    for lang in LANGUAGES:
        view = View(lang=lang)
        titles.summary(atlas, coverage(atlas, view), view)
        tables.listed(atlas, view)
        webmap.layer(atlas, view)
        FORMATS["csv"].write(atlas, view, full=False)
        figures.key_figures(atlas, view)
