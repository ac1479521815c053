"""The still map beside the words of a page: a file of shapes for all languages, and names."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.drawings import still_map
from geo.drawings.keys import legend_of
from geo.publish import page_addresses
from geo.publish.hashed_files import HashedFiles
from geo.publish.html import drawn
from geo.report.looks import Look
from geo.report.story import Story
from geo.text.messages import Messages
from geo.webmap.swatches import sign

SIZE = (760, 800)  # pixels of the map
_FILL = 0.42  # of each side, so that a telephone's slice of the map holds a kommune too
_WIDER = 0.8
_SCALES = (60, 3000)  # metres per pixel


@dataclass(frozen=True)
class PlaceMap:
    """What a template needs of a map: its file, its names as SVG, what it is called, its key."""

    path: str
    names: Markup
    called: str
    legend: tuple[tuple[Markup, str], ...]
    wide: int = SIZE[0]
    high: int = SIZE[1]


@dataclass(frozen=True)
class Ground:
    """A map in any language: the path of the file with its shapes, names as SVG, and looks."""

    path: str
    names: str
    looks: tuple[Look, ...]

    def of(self, called: str, t: Messages) -> PlaceMap:
        """Return the map in a language."""
        legend = tuple((drawn(sign(look)), text) for look, text in legend_of(self.looks, t))
        return PlaceMap(self.path, drawn(self.names), called, legend)


def of_kommune(dataset: Dataset, one: Story, hashed: HashedFiles) -> Ground:
    """Add the map around a kommune to the hashed files."""
    found = still_map.scene(dataset, View(year=one.year))
    ids = found.drawn.shapes_of[one.kommunenr]
    frame = still_map.around(found.drawn, ids, SIZE, _FILL, _SCALES)
    shapes = still_map.still(found, frame, chosen=ids)
    names = still_map.names(found, frame, ids, one.kommunenr)
    path = hashed.put(f"kart-{page_addresses.readable(one.asked)}.svg", shapes.encode())
    return Ground(path, still_map.lettering(names), tuple(still_map.shown(found, frame)))


def of_view(
    dataset: Dataset, view: View, kommuner: Iterable[str], name: str, hashed: HashedFiles
) -> Ground:
    """Add the map of a view, around some kommuner of its year, to the hashed files."""
    found = still_map.scene(dataset, view)
    wanted = kommuner or dataset.register.kommuner(view.year).index
    ids = [shape for nr in wanted for shape in found.drawn.shapes_of[str(nr)]]
    frame = still_map.around(found.drawn, ids, SIZE, _WIDER, _SCALES)
    shapes = still_map.still(found, frame)
    names = still_map.names(found, frame, (), most=60)
    path = hashed.put(f"{name}.svg", shapes.encode())
    return Ground(path, still_map.lettering(names), tuple(still_map.shown(found, frame)))
