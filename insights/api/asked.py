"""What an address may say: the filters of pages, and which part of the rows is wanted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StringConstraints

from revops_site.kernel.filters import NAMES

MOST_ROWS = 1000
MOST_VALUES = 50
OF_LISTS = ("sort", "q", "group", "in", "flag", "column")

Word = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Words = Annotated[list[Word], Field(default_factory=list, max_length=MOST_VALUES)]
Limit = Annotated[int, Field(ge=0, le=10**12)]
Option = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Day = Annotated[date, Field(description="An ISO date.")]
PeriodName = Literal[
    "all",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "30d",
    "90d",
    "365d",
    "365d_before",
    "custom",
]


class Part(Schema):
    """Which rows."""

    page: int = Field(1, ge=1, le=1_000_000, description="Which part of the rows, from 1.")
    size: int = Field(MOST_ROWS, ge=1, le=MOST_ROWS, description="How many rows a part holds.")


class Narrowed(Schema):
    """The filters of the pages."""

    period: PeriodName | None = None
    start: Day | None = None
    end: Day | None = None
    compare: Literal["previous", "year", "none"] | None = None
    as_of: Day | None = Field(None, description="What was known on this day.")
    quarter: (
        Annotated[
            str, StringConstraints(pattern=r"^(All|(19|20|21)\d\dQ[1-4]|Q[1-4] (19|20|21)\d\d)$")
        ]
        | None
    ) = Field(None, description="A fiscal quarter, such as 2025Q3.")
    segment: Words
    channel: Words
    campaign: Words
    region: Words
    team: Words
    owner: Words
    pipeline: Words
    stage: Words
    plan: Words
    reason: Words
    min_days: Limit | None = None
    min_amount: Limit | None = None
    lookback_days: Limit | None = None
    half_life_days: Limit | None = None
    by: Option | None = None
    model: Option | None = None


class Asked(Narrowed, Part):
    """The filters of the pages, and which rows."""


class OfAPanel(Asked):
    """The filters, and of long tables what is searched for, their order and their columns."""

    sort: (
        Annotated[str, StringConstraints(pattern=r"^-?[a-z][a-z0-9_]*$", max_length=60)] | None
    ) = Field(None, description="A column; -column for the largest first.")
    q: Word | None = Field(None, description="Words that rows of a long table have to have.")
    group: Word | None = None
    flag: Words
    column: Words


def filters(request: HttpRequest, **instead: str) -> str:
    """What the address says as pages read it, with some words ``instead`` of its own."""
    given = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    known = {*NAMES, *OF_LISTS} - {*instead}
    return urlencode([pair for pair in given if pair[0] in known] + [*instead.items()])
