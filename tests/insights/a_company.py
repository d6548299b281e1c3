"""A week of a small company across all domains, whose every figure can be checked by eye."""

from __future__ import annotations

from pathlib import Path

from revops_site.kernel import loading
from tests.insights import files

ODD = "Odd/Name & Söhne?"
ODD_ACCOUNT = "ACC/1 & 2"


def _deal(deal_id: str, owner: str, amount: int, created: str, **others: str) -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "owner": owner,
        "amount": str(amount),
        "created_at": created,
        "currency": "USD",
        "segment": "SMB",
        "region": "EMEA",
        "stage": "Demo",
        "status": "open",
        **others,
    }


def _won(deal_id: str, owner: str, amount: int, created: str, day: str) -> dict[str, str]:
    ended = {"stage": "Closed_Won", "status": "won", "closed_at": day, "account_id": ODD_ACCOUNT}
    return _deal(deal_id, owner, amount, created, **ended, account="Acme")


def _changed(deal_id: str, field: str, old: str, new: str, at: str) -> dict[str, str]:
    return {"deal_id": deal_id, "field": field, "old": old, "new": new, "changed_at": at}


def _done(activity_id: str, rep: str, day: str, deal_id: str = "D1") -> dict[str, str]:
    return {
        "activity_id": activity_id,
        "deal_id": deal_id,
        "rep_id": rep,
        "type": "call",
        "subject": f"Call {activity_id} of {rep}",
        "done_at": f"{day}T10:00:00Z",
        "is_done": "true",
    }


# The data end on a Friday, 27 June 2025; Cy's accounts and deals are called Canary.
FILES: dict[str, files.Rows] = {
    "accounts": [
        {"account_id": ODD_ACCOUNT, "account_name": "Acme", "segment": "SMB", "owner": "ana"},
        {"account_id": "ACC2", "account_name": "Canary Corp", "segment": "ENT", "owner": "cy"},
        {"account_id": "ACC3", "account_name": "Shared", "segment": "SMB", "owner": "cy"},
    ],
    "stages": [
        {"stage_id": f"S{nth}", "stage_name": name, "stage_order": str(nth), "is_closed": closed}
        for nth, (name, closed) in enumerate(
            [("Discovery", "false"), ("Demo", "false"), ("Closed_Won", "true")], 1
        )
    ],
    "pipeline_deals": [
        _deal(
            *("D1", "ana", 50_000, "2025-06-24"),
            account="Acme",
            account_id=ODD_ACCOUNT,
            source_channel="LinkedIn",
            expected_close="2025-08-01",
            last_stage_change="2025-06-27",
        ),
        _won("D2", "ana", 30_000, "2025-05-01", "2025-06-25"),
        _won("W0", "ana", 10_000, "2025-01-10", "2025-04-02"),
        _won("W1", "ana", 40_000, "2024-12-01", "2025-01-20"),
        _deal(
            *("D3", "ana", 20_000, "2025-03-01"),
            account="Shared",
            account_id="ACC3",
            expected_close="2025-06-10",
        ),
        _deal(
            *("C1", "cy", 99_999, "2025-06-26"),
            account="Canary Corp",
            account_id="ACC2",
            segment="ENT",
            source_channel=ODD,
            expected_close="2025-09-01",
        ),
        _deal(
            *("C2", "cy", 15_678, "2025-02-01"),
            account="Canary Shared",
            account_id="ACC3",
            status="lost",
            stage="Closed_Lost",
            closed_at="2025-06-24",
            lost_reason="Price",
        ),
    ],
    "quotas": [
        {"rep_id": "ana", "quarter": "Q1 2025", "quota_amount": "100000", "currency": "USD"},
        {"rep_id": "ana", "quarter": "Q2 2025", "quota_amount": "91000", "currency": "USD"},
        {"rep_id": "cy", "quarter": "Q2 2025", "quota_amount": "50000", "currency": "USD"},
    ],
    "deal_changes": [
        _changed("D3", "amount", "25000", "20000", "2025-06-24T10:00:00Z"),
        _changed("D3", "close_date", "2025-05-10", "2025-06-10", "2025-06-24T10:00:00Z"),
        _changed("D1", "stage_name", "Discovery", "Demo", "2025-06-27T09:00:00Z"),
        _changed("D2", "stage_name", "Demo", "Closed_Won", "2025-06-25T09:00:00Z"),
        _changed("D3", "amount", "unknown", "25000", "2025-06-23T09:00:00Z"),
        _changed("D3", "amount", "90000", "80000", "2025-06-20T09:00:00Z"),
        _changed("C1", "amount", "1", "99999", "2025-06-26T12:00:00Z"),
    ],
    "activities": [
        _done("T1", "ana", "2025-06-23"),
        _done("T2", "ana", "2025-06-27"),
        _done("T3", "ana", "2025-06-16"),
        _done("T4", "cy", "2025-06-24", "C1"),
    ],
    "contacts": [
        {"deal_id": "D1", "contact_id": "P1", "contact_name": "Pat Known", "role": "champion"},
        {"deal_id": "C2", "contact_id": "P2", "contact_name": "Canary Contact"},
    ],
    "touchpoints": [
        {
            "touch_id": f"U{nth}",
            "deal_id": "D1",
            "channel": channel,
            "touched_at": f"2025-06-{nth:02}T09:00:00Z",
        }
        for nth, channel in ((11, "Referral"), (10, "LinkedIn"))
    ],
    "revenue_customers": [
        {
            "customer_id": "K1",
            "account": "Acme",
            "account_id": ODD_ACCOUNT,
            "owner": "ana",
            "segment": "SMB",
            "start_date": "2025-04-10",
            "mrr": "700",
            **dict.fromkeys(("new_mrr", "expansion_mrr", "contraction_mrr"), "0"),
            "currency": "USD",
            "churned_flag": "false",
        },
    ],
    "customer_mrr": [
        {"customer_id": "K1", "month": month, "mrr": mrr, "currency": "USD"}
        for month, mrr in (("2025-04", "500"), ("2025-05", "500"), ("2025-06", "700"))
    ],
}


def load(folder: Path) -> loading.Report:
    """Load the company through the front door."""
    return files.load(folder, FILES)
