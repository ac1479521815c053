"""Data version 1.0.0 was published: links frozen to it show the figures and the evidence it had."""

import pytest

from geo.coverage.join import coverage
from geo.versions import versions

# Counted by the program that published 1.0.0: kommuner; documented, inferred, assumed; inhabitants.
PUBLISHED = """
2015                50  26 17 7  248550
2015 kraftsenter-st 25  18  0 7   95548
2015 rogaland        5   4  1 0   61969
2015 voss            2   2  0 0   18443
2015 troms          13   1 12 0   42171
2015 fabrikken       5   1  4 0   30419
2018                50  26 17 7  250524
2018 kraftsenter-st 25  18  0 7   96706
2018 rogaland        5   4  1 0   62165
2018 voss            2   2  0 0   18704
2018 troms          13   1 12 0   42440
2018 fabrikken       5   1  4 0   30509
2020                42  23 14 5  249587
2020 kraftsenter-st 20  15  0 5   97108
2020 rogaland        5   4  1 0   61916
2020 voss            2   2  0 0   18583
2020 troms          10   1  9 0   41711
2020 fabrikken       5   1  4 0   30269
2024                42  23 14 5  253287
2024 kraftsenter-st 20  15  0 5   99411
2024 rogaland        5   4  1 0   63355
2024 voss            2   2  0 0   18458
2024 troms          10   1  9 0   41453
2024 fabrikken       5   1  4 0   30610
"""


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_a_kept_version_shows_the_figures_and_the_evidence_it_was_published_with(line):
    year, *project = line[:20].split()
    kept = versions.dataset_version("1.0.0")
    assert kept.data_version == "1.0.0"
    totals = coverage(kept, kept.choices.view(year=int(year), project=tuple(project))).totals
    shown = [totals.kommuner, *totals.by_evidence.values(), int(totals.population_covered.value)]
    assert shown == [int(text) for text in line[20:].split()]
