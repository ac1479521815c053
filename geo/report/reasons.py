"""Explain why a count of kommuner differs in another structure year: mergers, splits, moves."""

from collections.abc import Hashable
from typing import Any

from geo import columns as c
from geo.base.cache import OWNER, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.places.register import Register
from geo.places.year_links import parts_of
from geo.report.story import COVERED, Piece, pieces
from geo.report.story_text import piece_names
from geo.report.wording import listed
from geo.text.messages import messages


def reasons(dataset: Dataset, project_id: str, year: int, language: str) -> list[str]:
    """Return the changes since the coverage was recorded, a sentence per kommune concerned.

    Kommuner that only got a new number are left out. Empty for the recorded year itself.
    """
    view = View(lang=language, year=year, project=(project_id,) if project_id else ())
    sentences = []
    for nr, row in coverage(dataset, view).covered_rows.items():
        if row.predecessor_year != year:
            sentences += _reasons(dataset, nr, view, row.predecessor_year)
    return sentences


def _reasons(dataset: Dataset, nr: str, view: View, own_year: int) -> list[str]:
    was = pieces(dataset, nr, view, own_year)
    sentences = [
        _moved(dataset, piece, view) for piece in was if piece.state in (COVERED, c.PARTLY)
    ]
    if len(was) > 1:
        sentences.insert(0, _made_of(dataset, nr, was, view))
    return [sentence for sentence in sentences if sentence]


def _made_of(dataset: Dataset, nr: str, was: tuple[Piece, ...], view: View) -> str:
    t = messages(view.lang)
    left = [piece.label for piece in was if piece.state != COVERED]
    return t(
        "claims.reason_partly" if left else "claims.reason_whole",
        label=dataset.register.label(nr, view.year),
        parts=piece_names(was, t),
        uncovered=listed(left, view.lang),
    )


def _moved(dataset: Dataset, piece: Piece, view: View) -> str:
    """Return a sentence if a piece changed county other than by a county reform, else ""."""
    for move in _moves(dataset.register):
        year = int(move["date"][:4])
        if not piece.year < year <= view.year:
            continue
        before = parts_of(dataset.register, piece.kommunenr, piece.year, year - 1)
        if any(part.kommunenr == move[c.FROM_KOMMUNENR] for part in before):
            fylke_before = dataset.register.kommuner(year - 1)[c.FYLKE][move[c.FROM_KOMMUNENR]]
            fylke_after = dataset.register.kommuner(year)[c.FYLKE][move[c.TO_KOMMUNENR]]
            return messages(view.lang)(
                "claims.reason_moved",
                label=piece.label,
                before=fylke_before,
                after=fylke_after,
                year=year,
            )
    return ""


@cache_on(OWNER)
def _moves(register: Register) -> list[dict[Hashable, Any]]:
    """Return the changes that moved a kommune to another county."""
    changes = register.changes
    moved = changes["county_changed"].fillna(value=False).astype(bool)
    return changes[moved].to_dict("records")
