"""The key under a still map: every look that is drawn on it, and nothing else."""

from collections.abc import Iterable

from geo import columns as c
from geo.base.look_data import RULES
from geo.report import looks
from geo.report.looks import EMPTY_LOOKS, LEGEND_LOOKS, Look, covered_look
from geo.text.messages import Messages


def legend_of(shown: Iterable[Look], t: Messages) -> list[tuple[Look, str]]:
    """Return the looks of a map with their names, in the order of the map's own legend.

    What hues say stands elsewhere on the page: of several hues the textures are shown in none.
    """
    found = set(shown)
    hues = list(dict.fromkeys(look.fill for look in found if look.fill in _HUES))
    hue = hues[0] if len(hues) == 1 else RULES["legend"]["modifier"]["fill"]
    known = {look: (look, text) for look, text in _fixed(t)}
    rows = []
    for state, evidence, text in _textures(t):
        if any(covered_look(one, state, evidence) in found for one in hues):
            rows.append((covered_look(hue, state, evidence), text))
    return rows + [row for look, row in known.items() if look in found]


_HUES = {*RULES["modes"]["project"]["colours"], looks.SEVERAL}


def _textures(t: Messages) -> list[tuple[str, str, str]]:
    levels = [(c.WHOLE, level, t(f"coverage.{level}")) for level in c.EVIDENCE_LEVELS]
    return [
        *levels,
        (c.PARTLY, "", t("coverage.partly")),
        (looks.MIXED, "", t("map.mixed")),
    ]


def _fixed(t: Messages) -> list[tuple[Look, str]]:
    states = (c.ELSEWHERE, c.NO_SOURCE, c.PARTLY_UNKNOWN, c.NOT_COVERED, c.OUTSIDE_VIEW)
    rows = [(EMPTY_LOOKS[state], t(f"coverage.{state}")) for state in states]
    return [
        *rows,
        (LEGEND_LOOKS["hub"], t("map.seat")),
        (LEGEND_LOOKS["hub_guess"], t("map.seat_guess")),
    ]
