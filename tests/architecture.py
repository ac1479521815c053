"""Draws docs/architecture.svg from the imports: `make picture`.

One row per layer of the contract in pyproject.toml, one box per room with its number of modules.
Of the arrows, those that follow from others (a needs b, b needs c, so a may need c) are left out.
"""

import tomllib
from collections.abc import Iterable
from html import escape
from pathlib import Path

import grimp

from geo.settings import ROOT

PICTURE = ROOT / "docs" / "architecture.svg"
WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT, MARGIN = 960, 74, 168, 40, 20

STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1c2733; text-anchor: middle }
.count { font-size: 11px; fill: #5a6672 }
rect { fill: #f3f6f9; stroke: #5a6672; rx: 6px }
path { fill: none; stroke: #9aa5b1; stroke-width: 1.2; marker-end: url(#head) }
"""

HEAD = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#9aa5b1;stroke:none;marker-end:none"/>'
    "</marker></defs>"
)


def layers() -> list[tuple[str, ...]]:
    """Return the rooms of each layer, from the top down, as the contract names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [rows] = [one["layers"] for one in contracts if one["type"] == "layers"]
    return [("pages",), *(tuple(name.strip() for name in row.split("|")) for row in rows)]


def imports() -> set[tuple[str, str]]:
    """Return which room imports which, without what follows from others."""
    graph = grimp.build_graph("geo", "pages", cache_dir=None)
    edges = {
        (room(importer), room(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    edges = {
        (above, below) for above, below in edges if above != below and "geo" not in {above, below}
    }
    return {edge for edge in edges if not _follows(edge, edges - {edge})}


def _follows(edge: tuple[str, str], edges: set[tuple[str, str]]) -> bool:
    """Say whether other edges lead from one room to the other too."""
    reached, waiting = {edge[0]}, [edge[0]]
    while waiting:
        at = waiting.pop()
        new = {below for above, below in edges if above == at} - reached
        reached |= new
        waiting += new
    return edge[1] in reached


def room(module: str) -> str:
    """Return the room of a module: the folder or file of geo/ that it lies in."""
    parts = module.split(".")
    return "pages" if parts[0] == "pages" else parts[1] if len(parts) > 1 else "geo"


def modules(name: str) -> int:
    """Return how many modules a room holds."""
    folder = ROOT / name if name == "pages" else ROOT / "geo" / name
    return sum(path.stem != "__init__" for path in folder.rglob("*.py")) if folder.is_dir() else 1


def drawn() -> str:
    """Return the picture as SVG."""
    rows = layers()
    places = {
        name: (WIDTH * (column + 1) / (len(row) + 1), MARGIN + BOX_HEIGHT / 2 + ROW * line)
        for line, row in enumerate(rows)
        for column, name in enumerate(row)
    }
    height = 2 * MARGIN + BOX_HEIGHT + ROW * (len(rows) - 1)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>The rooms of geo/ and who imports whom</title>",
            f"<style>{STYLE}</style>",
            HEAD,
            *_arrows(sorted(imports()), places),
            *_boxes(places),
            "</svg>\n",
        ]
    )


def _arrows(
    edges: Iterable[tuple[str, str]], places: dict[str, tuple[float, float]]
) -> Iterable[str]:
    for above, below in edges:
        (x, y), (to_x, to_y) = places[above], places[below]
        start, end = y + BOX_HEIGHT / 2, to_y - BOX_HEIGHT / 2
        middle = (start + end) / 2
        # Arrows that pass other layers bend away from the boxes between.
        aside = 0 if end - start < ROW else (BOX_WIDTH * 0.9 if to_x <= x else -BOX_WIDTH * 0.9)
        yield (
            f'<path d="M{x:.0f} {start:.0f}C{x + aside:.0f} {middle:.0f} '
            f'{to_x + aside:.0f} {middle:.0f} {to_x:.0f} {end:.0f}"/>'
        )


def _boxes(places: dict[str, tuple[float, float]]) -> Iterable[str]:
    for name, (x, y) in places.items():
        count = modules(name)
        yield (
            f'<rect x="{x - BOX_WIDTH / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}" '
            f'width="{BOX_WIDTH}" height="{BOX_HEIGHT}"/>'
            f'<text x="{x:.0f}" y="{y - 1:.0f}">{escape(name)}</text>'
            f'<text class="count" x="{x:.0f}" y="{y + 14:.0f}">'
            f"{count} module{'s' if count > 1 else ''}</text>"
        )


if __name__ == "__main__":
    Path(PICTURE).write_text(drawn(), "utf-8")
