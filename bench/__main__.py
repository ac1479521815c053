"""Measure everything in one run, print the table, and keep it in docs/benchmark.md."""

import asyncio
import platform
from importlib.metadata import version
from pathlib import Path

from bench import browser, client, costs, downloads, load, load_text, rates, servers
from geo.base.clock import today

SESSIONS, SECONDS = 20, 15
WIRE_GOAL, MESSAGES_GOAL = 3_000, 40
OURS = [{"fylke": nr, "uncovered": "0"} for nr in ("16", "15", "11", "19", "04")]
OBVIOUS = [{"fylke": nr} for nr in ("50", "46", "34")]
EMPTY = [{"fylke": nr} for nr in ("16", "15", "11")]
DOCS = Path(__file__).parent.parent / "docs" / "benchmark.md"
LIBRARIES = ("streamlit", "streamlit-folium", "folium", "geopandas", "shapely", "pandas")


def main() -> None:
    """Run all measurements, of ours and of the pages beside it."""
    with servers.running() as address:
        queries = {"ours": OURS, "obvious": OBVIOUS, "empty": EMPTY, "tuned": EMPTY}
        sent = {n: asyncio.run(client.sent_per_change(address[n], q)) for n, q in queries.items()}
        with servers.served() as started:  # compresses, as no other does
            sent["ours"] = asyncio.run(client.sent_per_change(started[0].address, OURS))
        seen = browser.measure(address["ours"], address["obvious"])
        loads = {
            n: asyncio.run(client.load(address[n], q, SESSIONS, SECONDS))
            for n, q in queries.items()
        }
        asked = rates.measure(address["ours"])
    many, work = load_text.section(load.measure()), costs.section(costs.measure())
    took = files(downloads.measure())
    text = "\n".join([report(sent, seen, loads), work, many, took, requests(asked)])
    print(text)
    DOCS.write_text(text, encoding="utf-8")


def report(
    sent: dict[str, client.Sent], seen: dict[str, browser.Seen], loads: dict[str, client.Load]
) -> str:
    """Return the table with each goal and whether it was met."""
    ours, obvious = seen["ours"], seen["obvious"]
    rates = {name: one.reruns_per_second for name, one in loads.items()}
    rows = [
        ("Bytes per filter change, in the browser", f"{ours.bytes_per_change:,.0f}",
         f"{obvious.bytes_per_change:,.0f}", "-", "at most 2 % of the obvious page",
         ours.bytes_per_change <= 0.02 * obvious.bytes_per_change),
        ("Bytes per filter change, over the socket", f"{sent['ours'].content:,}",
         f"{sent['obvious'].content:,}", f"{sent['empty'].content:,}", "at most 2 %",
         sent["ours"].content <= 0.02 * sent["obvious"].content),
        ("… compressed, as they are sent", f"{sent['ours'].wire:,}", f"{sent['obvious'].wire:,}",
         f"{sent['empty'].wire:,}", f"{WIRE_GOAL:,}", sent["ours"].wire <= WIRE_GOAL),
        ("Messages per filter change", f"{sent['ours'].messages}", f"{sent['obvious'].messages}",
         f"{sent['empty'].messages}", f"{MESSAGES_GOAL}", sent["ours"].messages <= MESSAGES_GOAL),
        ("Click to repainted map, s", f"{ours.click_to_repaint:.2f}",
         f"{obvious.click_to_repaint:.2f}", "-", "at most a third",
         ours.click_to_repaint <= obvious.click_to_repaint / 3),
        ("First paint of the map, s", f"{ours.first_paint:.2f}", f"{obvious.first_paint:.2f}", "-",
         "no slower", ours.first_paint <= obvious.first_paint),
        (f"Reruns per second, {SESSIONS} sessions", f"{rates['ours']:.1f}",
         f"{rates['obvious']:.1f}", f"{rates['empty']:.1f}", "10 times the obvious page",
         rates["ours"] >= 10 * rates["obvious"]),
        ("… beside an empty page as Streamlit comes", f"{rates['ours']:.1f}", "-",
         f"{rates['empty']:.1f}", "at least half", rates["ours"] >= rates["empty"] / 2),
    ]  # fmt: skip
    lines = [
        "# Benchmark",
        "",
        (
            "`make bench` measures ours beside the obvious page (`bench/obvious.py`: folium.GeoJson"
            " and st_folium on the same geometry) and an empty Streamlit page, in one run on one"
            " machine; the numbers are medians. Take the ratios, not the absolute times. The"
            " obvious page's files from foreign hosts are answered at once by the bench, which"
            " favours it."
        ),
        "",
        f"Last run: {today().isoformat()}, {platform.machine()}, Python"
        f" {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        + ".",
        "",
        "| | ours | obvious | empty | goal | met |",
        "|---|---|---|---|---|---|",
        *("| " + " | ".join([*row[:5], "yes" if row[5] else "**no**"]) + " |" for row in rows),
        "",
        (
            f"With {SESSIONS} sessions changing filters without pause, ours answers in"
            f" {loads['ours'].median:.2f} s (median) and {loads['ours'].p95:.2f} s (p95), the"
            f" obvious page in {loads['obvious'].median:.2f} and {loads['obvious'].p95:.2f} s."
            " As it comes, Streamlit collects garbage after every run; with our settings, which"
            f" leave that to a thread, the empty page does {rates['tuned']:.0f} reruns per second."
        ),
        "",
    ]
    return "\n".join(lines)


def files(measured: dict[str, list[downloads.FileCost]]) -> str:
    """Return what each file that people take away costs."""
    pairs = zip(measured["smallest"], measured["largest"], strict=True)
    return "\n".join(
        [
            "## Files to take away",
            "",
            (
                "Each made from nothing that was drawn before; the smallest view (one project) and"
                " the largest (the programme; tables with every kommune). Goal: a brief in under"
                " 2 s."
            ),
            "",
            "| | smallest, s | kB | largest, s | kB |",
            "|---|---|---|---|---|",
            *(
                f"| {small.name} | {small.seconds:.2f} | {small.size / 1000:,.0f} |"
                f" {large.seconds:.2f} | {large.size / 1000:,.0f} |"
                for small, large in pairs
            ),
            "",
        ]
    )


def requests(measured: dict[str, float]) -> str:
    """Return how many requests a second are answered."""
    if not measured:
        return (
            "## Requests per second\n\nNot measured in this run (wrk or nginx is not installed).\n"
        )
    return "\n".join(
        [
            "## Requests per second",
            "",
            f"{rates.READERS} readers without pause, on the same machine as the server.",
            "",
            "| | per second |",
            "|---|---|",
            *(f"| {name} | {value:,.0f} |" for name, value in measured.items()),
            "",
        ]
    )


if __name__ == "__main__":
    main()
