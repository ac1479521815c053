"""The looks of the map as data: looks.json, which Python and the browsers' scripts both read.

The grammar: hue says which project, texture how sure (solid documented, diagonals inferred, dots
assumed), a tint that only a part is covered, "?" that no source was found.

RULES says which look a kommune gets. `modes` are the colour modes in the order in which they are
offered, each with what it needs: hues of projects in order, of several and of none
(hubs outside the projects), one colour, colours between `breaks` (kroner per inhabitant and year,
light to dark), colours by evidence; where a mode `shows_evidence`, its own lines of the legend say
what the textures mean. `whole` is what evidence adds to a fill, `pale` are the looks of a kommune
covered in part and of a shape whose kommuner differ; a line "fill" has the colour of the fill.
`empty` are whole looks by state, `legend` those of signs that have no kommune, and the fill of the
lines that say what the textures mean, whatever the hue.

DRAWING says how a look is drawn. `plain` is what a look is unless it says otherwise. A pattern
has a `ground` (the share of the fill in it, the rest is paper) and is drawn in the fill: a diagonal
`stripe` of so many pixels in a square tile, or dots of a `radius`, or a `sign` of a `size`, at
`places` in the tile. `marks` are round, from so many metres per pixel on, of a radius that grows
with each doubling of the scale from `least` to `most` pixels; they keep a gap to each other and to
seats, and a click or a tap within its reach is theirs. Beside them: what else lies over the shapes,
and the page of pictures, fact sheets and slides.

DARK has for every colour of both the one that takes its place on screens set to dark; DARK_BESIDE
has those of the drawings beside the map (geo/drawings).

The hues of projects keep 3:1 against land and sea (WCAG 1.4.11), and the first five are apart for
colour-blind readers too, under the matrices of Machado, Oliveira and Fernandes (2009).
"""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("looks.json")
_READ = json.loads(_FILE.read_text(encoding="utf-8"))
RULES: dict[str, Any] = _READ["rules"]
DRAWING: dict[str, Any] = _READ["drawing"]
DARK: dict[str, str] = _READ["dark"]
DARK_BESIDE: dict[str, str] = _READ["dark_beside"]


def mixed(colour: str, share: float, paper: str = DRAWING["paper"]) -> str:
    """Return a colour mixed with the paper, as map.js mixes it."""
    inks, papers = ([int(one[n : n + 2], 16) for n in (1, 3, 5)] for one in (colour, paper))
    channels = (under + (ink - under) * share for ink, under in zip(inks, papers, strict=True))
    return "#" + "".join(f"{int(channel + 0.5):02X}" for channel in channels)
