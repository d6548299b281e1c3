"""Half a year of a team of three, and of a stranger whose figures nobody of it may see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.insights import files

LAST_DAY = date(2025, 6, 30)
# Of a quota of 100,000 in two quarters Ana won all of it; Ben 162,000 of 200,000; Cat has none.
WON = {
    "ana": [(40_000, "2025-02-10"), (60_000, "2025-05-10")],
    "ben": [(81_000, "2025-01-20"), (81_000, "2025-06-02")],
    "cat": [(5_000, "2025-06-05")],
    "cy": [(77_777, "2025-04-04")],
}
LOST = {
    "ana": [(9_000, "2025-03-03", "Price"), (8_000, "2025-06-03", "No budget")],
    "ben": [(31_313, "2025-04-14", "Canary reason")],
    "cy": [(64_646, "2025-05-05", "Canary reason")],
}
QUOTA = {
    "ana": [("Q1 2025", 50_000), ("Q2 2025", 50_000)],
    "ben": [("Q1 2025", 100_000), ("Q2 2025", 100_000)],
    "cy": [("Q2 2025", 31_111)],
}
DONE = {"ana": 2, "ben": 5, "cy": 7}  # a working day
# What would tell of somebody else than Ana.
CANARIES = ("Ben Becker", "Cat Cole", "Cy Chen", "81,000", "162,000", "77,777", "31,313", "64,646")
BARE = ("81000", "162000", "77777", "31313", "64646", "31111")
REASON = "Canary reason"


def load(folder: Path) -> None:
    """Load all of it through the front door."""
    report = files.load(folder, company())
    assert report.exit_code == 0, report


def company() -> dict[str, files.Rows]:
    """The files by dataset."""
    stages = [
        {"stage_id": f"S{nth}", "stage_name": name, "stage_order": str(nth), "is_closed": "false"}
        for nth, name in enumerate(("Discovery", "Demo"), 1)
    ]
    return {
        "teams": [
            {"team": "EMEA", "manager_name": "Bo Berg"},
            {"team": "APAC", "manager_name": "Di Canary"},
        ],
        "reps": [
            {"rep_id": "ana", "name": "Ana Almeida", "team": "EMEA", "region": "EMEA"},
            {"rep_id": "ben", "name": "Ben Becker", "team": "EMEA", "region": "EMEA"},
            {"rep_id": "cat", "name": "Cat Cole", "team": "EMEA", "start_date": "2025-06-02"},
            {"rep_id": "cy", "name": "Cy Chen", "team": "APAC", "region": "APAC"},
        ],
        "stages": stages,
        "pipeline_deals": [*deals(), elsewhere()],
        "quotas": quotas(),
        "activities": list(activities()),
        "contacts": [{"deal_id": "W-ana-0", "contact_id": "P1", "contact_name": "Pat"}],
        "stage_history": list(visits()),
        "forecast_calls": calls(),
    }


def deals() -> Iterator[dict[str, str]]:
    """Won and lost deals, and one open deal each, expected on the last day."""
    for rep, ends in WON.items():
        for nth, (amount, day) in enumerate(ends):
            yield _deal(f"W-{rep}-{nth}", rep, amount, status="won", closed_at=day)
    for rep, lost in LOST.items():
        for nth, (amount, day, reason) in enumerate(lost):
            ended = {"status": "lost", "closed_at": day, "lost_reason": reason}
            yield _deal(f"L-{rep}-{nth}", rep, amount, **ended)
    for rep in WON:
        yield _deal(f"O-{rep}", rep, 10_000, expected_close="2025-06-30")


def elsewhere() -> dict[str, str]:
    """A deal of nobody, so that there is another region to choose."""
    return _deal("O-nobody", "", 1_000) | {"region": "APAC"}


def _deal(name: str, rep: str, amount: int, **more: str) -> dict[str, str]:
    closed = more.get("closed_at")
    created = date.fromisoformat(closed) - timedelta(days=30) if closed else LAST_DAY
    return {
        "deal_id": name,
        "owner": rep,
        "account": f"Account of {name}",
        "amount": str(amount),
        "currency": "USD",
        "segment": "SMB",
        "region": "EMEA",
        "created_at": created.isoformat(),
        "status": "open",
        "stage": "Demo",
        **more,
    }


def quotas() -> list[dict[str, str]]:
    """What each is to win in a quarter."""
    return [
        {"rep_id": rep, "quarter": quarter, "quota_amount": str(amount), "currency": "USD"}
        for rep, planned in QUOTA.items()
        for quarter, amount in planned
    ]


def activities() -> Iterator[dict[str, str]]:
    """So many calls on each working day of the last 30."""
    days = (LAST_DAY - timedelta(days=back) for back in range(30))
    worked = [day for day in days if day.weekday() < 5]
    for rep, day in itertools.product(DONE, worked):
        for nth in range(DONE[rep]):
            yield {
                "activity_id": f"{rep}-{day}-{nth}",
                "rep_id": rep,
                "deal_id": f"O-{rep}",
                "type": "call",
                "done_at": f"{day}T10:00:00Z",
                "is_done": "true",
            }


def visits() -> Iterator[dict[str, str]]:
    """Each closed deal was in Discovery, and the won ones in Demo after that."""
    for deal in deals():
        if deal["status"] == "open":
            continue
        visit = {"deal_id": deal["deal_id"], "stage_name": "Discovery"}
        first = {"entered_at": f"{deal['created_at']}T09:00:00Z"}
        end = f"{deal['closed_at']}T09:00:00Z"
        yield visit | first | {"exited_at": end}
        if deal["status"] == "won":
            yield visit | {"stage_name": "Demo", "entered_at": end, "exited_at": end}


def calls() -> list[dict[str, str]]:
    """Both called the first quarter: Ana twice as much as she won."""
    call = {"quarter": "Q1 2025", "submitted_at": "2025-02-03T10:00:00Z"}
    return [
        call | {"rep_id": rep, "commit_amount": amount}
        for rep, amount in (("ana", "80000"), ("ben", "81000"))
    ]
