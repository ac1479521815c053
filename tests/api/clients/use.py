"""Calls the API through the client that openapi-python-client generates; runs in a venv of its own.

Given the address of the first page and how long to wait, it prints what test_clients.py looks at.
"""

import json
import sys

import httpx
from kart_client import Client
from kart_client.api.places import coverage, kommuner
from kart_client.api.provenance import check
from kart_client.models import (
    CheckAbout,
    CheckYear,
    CoverageAnswer,
    CoverageProjectItem,
    CoverageYear,
    ProblemDetails,
)

PROJECTS = [CoverageProjectItem("kraftsenter-st"), CoverageProjectItem("voss")]

root, seconds = sys.argv[1:]

with Client(base_url=f"{root}api/v1", timeout=httpx.Timeout(float(seconds))) as client:
    covered = coverage.sync(client=client, project=PROJECTS, year=CoverageYear(2015))
    figures = check.sync(
        client=client,
        about=CheckAbout("kraftsenter-st"),
        claim=["kommuner:25", "fylker:3"],
        year=CheckYear(2015),
    )
    refused = kommuner.sync(client=client, kommune="301")

assert isinstance(covered, CoverageAnswer)
assert isinstance(refused, ProblemDetails)
print(
    json.dumps(
        {
            "kommuner": covered.sums.kommuner.value,
            "covered": [row.kommunenr for row in covered.data if row.state.value == "whole"],
            "verdicts": [figure.verdict.value for figure in figures.data],
            "problem": [one.parameter for one in refused.errors],
        }
    )
)
