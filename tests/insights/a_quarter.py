"""A small company in which Ana wins few deals, has one that is stuck and customers who pay less."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests import marketing_days
from tests.insights import files

LAST_DAY = date(2025, 6, 30)
DEAL = {
    "account": "Acme",
    "created_at": "2025-01-10",
    "expected_close": "2025-09-30",
    "last_stage_change": "2025-02-01",
}


def _days_ago(days: int) -> str:
    return (LAST_DAY - timedelta(days=days)).isoformat()


def deals() -> list[dict[str, str]]:
    """Ana: 2 of 25 won, 100,000 stuck. Cy: 15 of 25 won, 60,000 open and not stuck."""
    closed = [
        {
            **DEAL,
            "deal_id": f"{owner}-{nth}",
            "account": f"{owner.title()} Account {nth}",
            "owner": owner,
            "segment": "SMB" if owner == "ana" else "MM",
            "stage": "Closed Won" if nth < won else "Closed Lost",
            "status": "won" if nth < won else "lost",
            **dict.fromkeys(("closed_at", "last_stage_change"), _days_ago(2 * nth)),
            "amount": str(1000 + nth),
        }
        for owner, won in (("ana", 2), ("cy", 15))
        for nth in range(25)
    ]
    open_ = [
        {**DEAL, "deal_id": "ana-open", "owner": "ana", "segment": "SMB", "amount": "100000"},
        {
            **DEAL,
            "deal_id": "cy-open",
            "owner": "cy",
            "segment": "MM",
            "amount": "60000",
            "last_stage_change": "2025-06-20",
        },
    ]
    return [*closed, *({**one, "stage": "Demo", "status": "open"} for one in open_)]


def activities() -> list[dict[str, str]]:
    """Cy completes two calls a day for six weeks, Bea one; Ana one in all."""
    days = [LAST_DAY - timedelta(days=back) for back in range(42)]
    done = [("cy", day, nth) for day in days for nth in range(2)]
    done += [("bea", day, 0) for day in days] + [("ana", LAST_DAY, 0)]
    return [
        {
            "activity_id": f"{rep}-{day}-{nth}",
            "rep_id": rep,
            "type": "call",
            "is_done": "true",
            "done_at": f"{day}T10:00:00Z",
        }
        for rep, day, nth in done
    ]


def customers() -> list[dict[str, str]]:
    """Twelve of Ana's and twelve of Cy's, and one who came on the last day."""
    return [
        _customer("late", "cy", "100", LAST_DAY.isoformat()),
        *(
            _customer(f"{owner}-{nth}", owner, now, "2024-01-01")
            for owner, now in (("ana", "50"), ("cy", "200"))
            for nth in range(12)
        ),
    ]


def _customer(customer_id: str, owner: str, now: str, since: str) -> dict[str, str]:
    return {
        "customer_id": customer_id,
        "account": f"{owner.title()} Customer {customer_id}",
        "owner": owner,
        "segment": "SMB" if owner == "ana" else "MM",
        "start_date": since,
        "mrr": now,
        **dict.fromkeys(("new_mrr", "expansion_mrr", "contraction_mrr"), "0"),
        "churned_flag": "false",
    }


def mrr() -> list[dict[str, str]]:
    """Each paid 100 a year ago; Ana's pay 50 now, Cy's 200."""
    return [
        {
            "customer_id": one["customer_id"],
            "month": month,
            "mrr": one["mrr"] if month == "2025-06" else "100",
            "segment": one["segment"],
        }
        for one in customers()
        for month in ("2024-05", "2024-06", "2025-05", "2025-06")
        if one["start_date"][:7] <= month
    ]


def load(folder: Path) -> None:
    """All of it, through the front door; reps and teams are there."""
    marketing_days.load(folder)
    files.load(
        folder / "more",
        {
            "reps": [
                {"rep_id": "ana", "name": "Ana Almeida", "team": "EMEA", "region": "EMEA"},
                {"rep_id": "bea", "name": "Bea Braun", "team": "EMEA", "region": "EMEA"},
                {"rep_id": "cy", "name": "Cy Chen", "team": "APAC", "region": "APAC"},
            ],
            "pipeline_deals": deals(),
            "activities": activities(),
            "revenue_customers": customers(),
            "customer_mrr": mrr(),
        },
    )
