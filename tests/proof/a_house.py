"""Two teams in one house: Ana's rows are plain, and all that Cy has says so in every text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from insights.catalog import DATASETS
from pipeline.models import Deal
from revops_site.kernel.datasets import Column, Dataset
from tests.insights import files

DAYS = ("2025-01-10", "2025-02-14", "2025-03-21", "2025-05-02", "2025-06-13")
STAGES = ("Discovery", "Demo", "Negotiation", "Closed_Won", "Closed_Lost")
# By row: the stage, the status and the day on which it was closed.
ENDS = (
    ("Demo", "open", ""),
    ("Negotiation", "open", ""),
    ("Closed_Won", "won", "2025-04-11"),
    ("Closed_Lost", "lost", "2025-05-20"),
    ("Closed_Won", "won", "2025-06-24"),
    ("Discovery", "open", ""),
)
SHARED = {"stage_name", "stage", "pipeline_id", "field", "metric_type", "quarter", "source"}
HOUSE: Mapping[str, files.Rows] = {
    "teams": [{"team": "EMEA", "region": "EMEA"}, {"team": "APAC", "region": "APAC"}],
    "reps": [
        {"rep_id": "ana", "name": "Ana Almeida", "team": "EMEA", "region": "EMEA"},
        {"rep_id": "ben", "name": "Ben Becker", "team": "EMEA", "region": "EMEA"},
        {"rep_id": "cat", "name": "Cat Cole", "team": "EMEA", "region": "EMEA"},
    ],
    "stages": [
        {
            "stage_id": f"S{nth}",
            "stage_name": name,
            "stage_order": str(nth),
            "pipeline_id": "new",
            "is_closed": str(name.startswith("Closed")).lower(),
        }
        for nth, name in enumerate(STAGES, 1)
    ],
    "pipelines": [{"pipeline_id": "new", "pipeline_name": "New business"}],
    "marketing_channels": [
        {
            "date": day,
            "channel": "LinkedIn",
            "campaign": "Launch",
            "segment": "SMB",
            "geo": "EMEA",
            "spend": "400",
            "impressions": "9000",
            "clicks": "90",
            "leads": "30",
            "MQLs": "12",
            "SQLs": "6",
            "opportunities": "3",
            "closed_won": "1",
        }
        for day in (*DAYS, "2025-06-27")
    ],
}
BY_PERSON = tuple(one for one in DATASETS if one.scope == "rep" or one.name == "revenue_customers")


class Hand:
    """The rows that somebody has, made by one rule: ``word`` marks each text, ``unit`` each sum."""

    def __init__(self, rep: str, word: str, unit: int, count: int = 6) -> None:
        self.rep, self.word, self.unit, self.count = rep, word, unit, count

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Rows of each dataset that belongs to people."""
        made = {one.name: [self.row(one, n) for n in range(self.count)] for one in BY_PERSON}
        made["customer_mrr"] = [
            {
                "customer_id": self.key("customer_id", n),
                "month": f"2025-{month:02}",
                "mrr": str(self.unit + n + month // 5 * 100),
                "currency": "USD",
            }
            for n in range(self.count)
            for month in range(1, 7)
        ]
        made["touchpoints"] = [
            {
                "touch_id": f"{self.key('deal_id', n)}-{channel}",
                "deal_id": self.key("deal_id", n),
                "channel": channel,
                "touched_at": f"{DAYS[n % 5]}T09:00:00Z",
            }
            for n in range(self.count)
            for channel in ("LinkedIn", "Referral")
        ]
        return made

    def key(self, column: str, n: int) -> str:
        """The name of a thing of theirs."""
        return f"{self.word}-{column.removesuffix('_id')}-{n}"

    def row(self, dataset: Dataset, n: int) -> dict[str, str]:
        """One row with a value in every column."""
        given = {column.title: self.value(dataset, column, n) for column in dataset.columns}
        return given | self.fitting(dataset, n)

    def value(self, dataset: Dataset, column: Column, n: int) -> str:
        """A value of the column's kind."""
        if column.name in SHARED:
            return "new" if column.name == "pipeline_id" else ""
        if column.name.endswith("_id") and column.kind == "text":
            return self.key(column.name, n)
        day = DAYS[n % 5]
        made = {
            "text": f"{self.word} {column.name} {n}"[: dataset.longest(column) or 60],
            "integer": str(n + 1),
            "decimal": str(self.unit + 1000 * n + 7),
            "boolean": "true",
            "choice": next(iter(column.choices), ""),
            "currency": "USD",
            "date": day,
            "instant": f"{day}T10:00:00Z",
            "month": day[:7],
            "rep": self.rep,
            "team": "",
        }
        return made[column.kind]

    def fitting(self, dataset: Dataset, n: int) -> dict[str, str]:
        """What of a row has to fit the others."""
        stage, status, closed = ENDS[n % len(ENDS)]
        day = DAYS[n % 5]
        quarter = f"Q{n % 2 + 1} 2025"
        return {
            "accounts": {"segment": "SMB", "region": "EMEA", "created_at": DAYS[0]},
            "leads": {
                "segment": "SMB",
                "channel": "LinkedIn",
                "campaign": "Launch",
                "response_hours": "4",
                "region": "EMEA",
                "mql_at": day,
                "sql_at": day,
                "converted_at": day,
            },
            "pipeline_deals": {
                "stage": stage,
                "status": status,
                "closed_at": closed,
                "segment": "SMB",
                "probability": "",
                "discount_pct": "0.1",
                "created_at": DAYS[0],
                "last_stage_change": closed or day,
                "expected_close": "2025-07-15",
                "is_deleted": "false",
                "forecast_category": "",
                "update_time": "",
                "next_activity_at": "",
                "last_activity_at": "",
                "region": "EMEA",
                "source_channel": "LinkedIn",
            },
            "quotas": {"quarter": f"Q{n % 4 + 1} {2024 + n // 4}"},
            "forecast_calls": {
                "team": "",
                "quarter": quarter,
                "submitted_at": f"{day}T08:{n:02}:00Z",
                "day": "",
                "submitted_by": self.rep,
                "forecast_amount": "",
            },
            "stage_history": {
                "stage_name": "Discovery",
                "entered_at": f"{DAYS[0]}T09:00:00Z",
                "exited_at": f"{DAYS[1]}T09:00:00Z",
            },
            "status_events": {"status": "open", "at": f"{DAYS[0]}T09:00:00Z"},
            "deal_changes": {
                "field": "amount",
                "old": str(self.unit + 5),
                "new": str(self.unit + 9),
                "changed_at": "2025-06-26T09:00:00Z",
            },
            "activities": {"type": "call", "done_at": f"{day}T10:00:00Z", "due_date": ""},
            "orders": {
                "received_on": day,
                "invoiced_on": "",
                "paid_on": "",
                "end_user_requests_count": "2",
            },
            "revenue_customers": {
                "segment": "SMB",
                "region": "EMEA",
                "plan": "Basic",
                "start_date": DAYS[0],
                "churned_flag": "false",
                "churn_date": "",
                "churn_reason": "",
                "notice_date": "",
                "renewal_date": "2025-09-01",
                "new_mrr": "0",
                "expansion_mrr": "0",
                "contraction_mrr": "0",
            },
        }.get(dataset.name, {})


OWN = Hand("ana", "Own", 21_000)
MARK = "Quorvex"
FOREIGN = Hand("cy", MARK, 739_000)
# What another run of the same foreign people might hold: more of it, and other sums.
OTHERWISE = Hand("cy", "Vellumk", 158_000, 12)


def load(folder: Path, *hands: Hand) -> None:
    """Load the house and what these people have, by the front door."""
    given: dict[str, list[Mapping[str, str]]] = {name: list(rows) for name, rows in HOUSE.items()}
    given["reps"].append({"rep_id": "cy", "name": f"{hands[-1].word} Chen", "team": "APAC"})
    for hand in hands:
        for name, rows in hand.rows().items():
            given.setdefault(name, []).extend(rows)
    files.load(folder, given)
    assert Deal.objects.count() == sum(hand.count for hand in hands)
