"""Small files of every dataset, and the loader at hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.loading import FileReport, Report

Row = Mapping[str, object]

MARKETING: Row = {
    "date": "2024-01-01",
    "channel": "Google Ads",
    "campaign": "Launch",
    "segment": "SMB",
    "geo": "US",
    "spend": "1000.50",
    "impressions": 40000,
    "clicks": 1000,
    "leads": 100,
    "MQLs": 60,
    "SQLs": 20,
    "opportunities": 10,
    "closed_won": 4,
    "CAC": "250.13",
    "CPL": "10.01",
    "CTR": "0.025",
    "CVR_stagewise": "0.1",
    "ROI": "120.5",
}
DEAL: Row = {
    "deal_id": "D1",
    "account": "Acme",
    "segment": "MM",
    "owner": "Ana Almeida",
    "stage": "Demo",
    "amount": "12000.00",
    "created_at": "2024-01-05",
    "expected_close": "2024-06-30",
    "last_stage_change": "2024-02-01",
    "days_in_stage": 29,
    "probability": "0.5",
    "expected_value": "6000.00",
    "status": "Open",
    "source_channel": "LinkedIn",
}
CUSTOMER: Row = {
    "customer_id": "C1",
    "account": "Acme",
    "segment": "ENT",
    "plan": "Business",
    "start_date": "2023-06-16",
    "mrr": "1100.00",
    "new_mrr": "0.0",
    "expansion_mrr": "100.00",
    "contraction_mrr": "0.0",
    "churned_flag": "False",
    "churn_date": "",
    "churn_reason": "",
    "arpa": "1100.00",
    "nrr": "1.1",
}
BENCHMARK: Row = {
    "benchmark_id": "B1",
    "metric_type": "channel_cpl_range",
    "category": "Google Ads",
    "subcategory": "SMB",
    "target_value": "25.0",
    "min_value": "15.0",
    "max_value": "50.0",
    "unit": "currency",
    "description": "What a lead may cost",
}
ROWS: Mapping[str, Row] = {
    "marketing_channels": MARKETING,
    "pipeline_deals": DEAL,
    "revenue_customers": CUSTOMER,
    "benchmarks": BENCHMARK,
}
REP: Row = {
    "rep_id": "r7",
    "name": "Ana Almeida",
    "email": "ana@example.com",
    "team": "EMEA",
    "region": "EMEA",
    "start_date": "2022-03-01",
    "is_active": "true",
}
QUOTA: Row = {
    "rep_id": "Ana Almeida",
    "manager": "Bo Berg",
    "quarter": "Q4 2024",
    "quota_amount": "250000",
    "currency": "USD",
}
VISIT: Row = {
    "deal_id": "D1",
    "pipeline_id": "P1",
    "stage_name": "Demo",
    "entered_at": "2024-01-05T08:30:00Z",
    "exited_at": "2024-02-01",
}
ACTIVITY: Row = {
    "activity_id": "A1",
    "deal_id": "D1",
    "rep_id": "r7",
    "type": "call",
    "direction": "outbound",
    "due_date": "2024-01-08",
    "done_at": "2024-01-08 14:05:00",
    "is_done": "yes",
    "is_answered": "no",
}
EVERY_ROW: Mapping[str, Row] = {
    **ROWS,
    "teams": {"team": "EMEA", "manager": "Bo Berg", "region": "EMEA"},
    "reps": REP,
    "accounts": {"account_id": "K1", "account_name": "Acme", "owner": "Ana Almeida"},
    "fx_rates": {
        "date": "2023-12-31",
        "from_currency": "EUR",
        "to_currency": "USD",
        "rate": "1.25",
    },
    "holidays": {"date": "2024-12-25", "name": "Christmas", "region": ""},
    "marketing_budgets": {"month": "2024-01", "channel": "LinkedIn", "amount": "5000"},
    "leads": {
        "lead_id": "L1",
        "created_at": "2024-01-02",
        "channel": "LinkedIn",
        "owner": "Ana Almeida",
        "mql_at": "2024-01-03",
        "deal_id": "D1",
        "converted_at": "2024-01-09",
    },
    "touchpoints": {
        "touch_id": "T1",
        "account_id": "K1",
        "deal_id": "D1",
        "channel": "LinkedIn",
        "touched_at": "2024-01-02T09:00:00+02:00",
    },
    "pipelines": {"pipeline_id": "P1", "pipeline_name": "New business"},
    "stages": {
        "stage_id": "S1",
        "pipeline_id": "P1",
        "stage_name": "Demo",
        "stage_order": 2,
        "probability": "0.5",
    },
    "quotas": QUOTA,
    "forecast_calls": {
        "rep": "Ana Almeida",
        "quarter": "Q1 2024",
        "submitted_at": "2024-01-08T09:00:00Z",
        "commit": "20000",
    },
    "stage_history": VISIT,
    "status_events": {"deal_id": "D1", "at": "2024-01-05", "status": "open"},
    "deal_changes": {
        "deal_id": "D1",
        "field": "amount",
        "old": "9000",
        "new": "12000",
        "changed_at": "2024-01-20T10:00:00Z",
    },
    "contacts": {"deal_id": "D1", "contact_id": "c1", "contact_name": "Kim Lee"},
    "activities": ACTIVITY,
    "notes": {
        "note_id": "N1",
        "deal_id": "D1",
        "author": "Ana Almeida",
        "body": "They liked it.",
        "created_at": "2024-01-09T10:00:00Z",
    },
    "orders": {"order_id": "O1", "deal_id": "D1", "received_on": "2024-03-01", "amount": "12000"},
    "customer_mrr": {"customer_id": "C1", "month": "2024-01", "mrr": "1100", "currency": "USD"},
    "subscriptions": {
        "item_id": "I1",
        "customer_id": "C1",
        "unit_amount": "100",
        "quantity": "11",
        "interval": "month",
        "status": "active",
        "start_date": "2023-06-16",
    },
}

Write = Callable[..., Path]
Load = Callable[..., Report]


def text_of(*rows: Row, **options: Any) -> str:
    """Rows as CSV, with the first row's columns as header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n", **options)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of rows, text or bytes; gives its path."""

    def written(name: str, *content: Row | str | bytes) -> Path:
        path = tmp_path / name
        whole = content[0]
        if isinstance(whole, bytes):
            path.write_bytes(whole)
        elif isinstance(whole, str):
            path.write_text(whole, encoding="utf-8", newline="")
        else:
            path.write_text(text_of(*content), encoding="utf-8")  # type: ignore[arg-type]
        return path

    return written


@pytest.fixture
def load(db: None) -> Load:
    """Load files into the tables of all datasets."""

    def loaded(*paths: Path, **options: Any) -> Report:
        return loading.load(paths, DATASETS, **options)

    return loaded


@pytest.fixture
def load_one(load: Load, write: Write) -> Callable[..., FileReport]:
    """Write a file, load it, and give its report."""

    def loaded(name: str, *content: Row | str | bytes, **options: Any) -> FileReport:
        (report,) = load(write(name, *content), **options).files
        assert report.rows == report.accepted + report.refused
        return report

    return loaded
