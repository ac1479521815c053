"""The sizes in which pictures are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Size in pixels with its dpi, and the sizes of its texts in points.

    `panel` is the share of the width that the text has; `label` is 0 where nothing on the map is
    named, `source` where nothing tells the source. A picture that is not `alone` has no
    title and no figures.
    """

    wide: int
    high: int
    dpi: int
    panel: float = 0.33
    headline: float = 32
    text: float = 14
    small: float = 12
    label: float = 10.5
    source: float = 9
    alone: bool = True


SIZES: Mapping[str, Size] = {
    "slide": Size(1920, 1080, 144),
    "print": Size(3508, 2480, 300, 0.34),  # A4 landscape
    "square": Size(1200, 1200, 160, 0.46, headline=30),
    # For link previews, which are shown small: few words, nothing named.
    "preview": Size(1200, 630, 144, 0.48, headline=38, text=16, small=14, label=0, source=0),
    # Map and legend only, as large as they stand on the fact sheet, which says the rest.
    "sheet": Size(1515, 1176, 216, 0.34, small=9.5, label=9, source=0, alone=False),
}
