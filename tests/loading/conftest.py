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
