"""What became of kommuner between two years, as the register has it."""

import itertools

import pytest

from geo.dataset import package
from geo.errors import UnknownYear
from geo.places.changes import MERGED, MOVED, SPLIT, STRIP, changes
from geo.places.register import Register
from geo.places.year_links import overlaps
from geo.settings import ROOT, STRUCTURE_YEARS

REGISTER = Register(package.load(ROOT / "data"))
PAIRS = list(itertools.combinations(sorted(STRUCTURE_YEARS), 2))


def told(first: int, last: int) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Every change by kind and name of its kommune: the names and forms of its pieces."""
    return {
        (one.kind, REGISTER.label(*one.kommune)): {
            (REGISTER.label(*piece.kommune), piece.form) for piece in one.pieces
        }
        for one in changes(REGISTER, first, last)
    }


def test_orkland_was_merged_from_three_kommuner_and_a_part_of_snillfjord():
    found = told(2018, 2020)
    whole = {("Orkdal", "whole"), ("Meldal", "whole"), ("Agdenes", "whole")}
    assert found[MERGED, "Orkland"] == whole | {("Snillfjord", "part")}
    assert {name for name, _ in found[SPLIT, "Snillfjord"]} == {"Orkland", "Hitra", "Heim"}
    assert (MERGED, "Røros") not in found  # another number, and nothing else


def test_what_was_split_again_and_where_a_border_moved():
    assert told(2020, 2024) == {
        (SPLIT, "Ålesund"): {("Ålesund", "whole"), ("Haram", "whole")},
        (MOVED, "Vestnes"): {("Rauma", STRIP)},
        (MOVED, "Øystre Slidre"): {("Vestre Slidre", STRIP)},
        (MOVED, "Eidfjord"): {("Ullensvang", STRIP)},
    }


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_every_link_between_kommuner_that_changed_is_told_once(first: int, last: int):
    there = overlaps(REGISTER, first, last)
    links = {(old, part.kommunenr): part for old, parts in there.parts.items() for part in parts}
    alone = {
        (old, new)
        for old, new in links
        if len(there.parts[old]) == 1 and len(there.made_of[new]) == 1
    }
    found: dict[tuple[str, str], list[str]] = {}
    for one in changes(REGISTER, first, last):
        for piece in one.pieces:
            pair = (one.kommune.kommunenr, piece.kommune.kommunenr)
            found.setdefault(pair if one.kind == SPLIT else pair[::-1], []).append(one.kind)
    assert alone.isdisjoint(found)
    for pair, part in links.items():
        if part.strip:
            assert found[pair] == [MOVED]
        elif pair in found:  # out of one and into another at once
            assert sorted(found[pair]) in ([MERGED], [SPLIT], [MERGED, SPLIT])
        else:
            others = [p for p in links if p != pair and (p[0] == pair[0] or p[1] == pair[1])]
            assert all(links[p].strip for p in others)


def test_an_unknown_year_is_refused():
    with pytest.raises(UnknownYear):
        changes(REGISTER, 1999, 2020)
