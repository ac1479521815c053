"""The looks of the map as data: looks.json, which Python and the browsers' scripts both read.

RULES says which look a kommune gets. `modes` are the colour modes in the order in which they are
offered, each with what it needs: colours of projects in order, of several and of none
(hubs outside the projects), one colour, colours
between `breaks` (kroner per inhabitant and year, light to dark), colours by evidence; a mode's own
`covered` goes before the common one, which holds what state and weakest evidence add to a fill; a
mode that `shows_evidence` needs no line of the legend for what is assumed.
`empty` are whole looks by state, `legend` those of signs that have no kommune,
and of the lines that say what partly and assumed look like, whatever the fill.

DRAWING says how a look is drawn. `plain` is what a look is unless it says otherwise. A pattern
has a `ground` and an `ink` ("paper", "fill", or "pale": the fill at that opacity), strokes (an SVG
path) and dots in a tile of so many pixels, and `print`, matplotlib's hatch that looks like it.
Beside them: what lies over the shapes, and the page of pictures, fact sheets and slides.

Project colours are Okabe and Ito's set for colour-blind readers (2008), without its grey and
black; a programme with more projects starts over in darker shades.
"""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("looks.json")
_READ = json.loads(_FILE.read_text(encoding="utf-8"))
RULES: dict[str, Any] = _READ["rules"]
DRAWING: dict[str, Any] = _READ["drawing"]
