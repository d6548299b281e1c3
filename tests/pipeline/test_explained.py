"""The pipeline's numbers are what its deals make them, wherever they are written."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from pipeline.datasets import ACTIVITIES, DEAL_CHANGES, QUOTAS, STATUS_EVENTS
from pipeline.panels import LEDGERS, PAGE
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.explain import Ledger, explain
from revops_site.kernel.filters import Filters, narrow
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.permissions import allowed
from tests import pipeline_deals as deals
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold

Rows: TypeAlias = Sequence[Mapping[str, Any]]
LAST_DAY = date(2025, 6, 30)
STAGES = ("Discovery", "Demo", "Proof", "Negotiation", "Unheard of")


def lines() -> list[str]:
    """Two years of deals with every gap that a file may have."""
    made = []
    for nth in range(480):
        created = date(2024, 1, 1) + timedelta(nth)
        moved = min(created + timedelta(nth * 7 % 150), LAST_DAY)
        status = ("open", "open", "won", "lost")[nth % 4]
        stage = STAGES[nth % 5] if status == "open" else f"Closed_{status.title()}"
        amount = ("", "0", "120000.50", "999.99", "60000", "75000")[nth % 6]
        currency = ("USD", "EUR", "USD", "XAU", "USD")[nth % 5]
        due = ("", "2025-04-01", "2025-09-01")[nth % 3]
        chance = ("", "0.3", "1")[nth % 7 % 3]
        reason = ("Price", "Duplicate", " test ")[nth % 9 // 3] if status == "lost" else ""
        category = ("Pipeline", "omitted", "Commit")[nth % 11 % 3]
        made.append(
            f'D{nth},"Acme, {nth % 17}",{("SMB", "MM", "ENT", "")[nth % 7 % 4]},'
            f"{('ana', 'cy', '')[nth % 8 % 3]},{stage},{amount},{currency},{created},{due},"
            f"{moved},{chance},{status},{moved},"
            f"{('LinkedIn', 'Référral & co', '')[nth % 10 % 3]},{('EMEA', 'APAC')[nth % 2]},"
            f"{('new', 'old', '')[nth % 13 % 3]},{reason},{category},"
        )
    return made


def told() -> list[tuple[Dataset, list[dict[str, str | None]]]]:
    """What two of three deals were before: other owners, amounts, stages, dates, and ends."""
    fields = {
        "owner_id": ("cy", "ana", ""),
        "amount": ("75000", "", "1"),
        "stage_name": STAGES,
        "close_date": ("2024-10-01", ""),
        "segment": ("SMB", "ENT"),
        "forecast_category": ("Omitted", "Pipeline"),
    }
    changes: list[dict[str, str | None]] = []
    events: list[dict[str, str | None]] = []
    for nth in range(480):
        created = date(2024, 1, 1) + timedelta(nth)
        if nth % 3:
            for at, (name, olds) in enumerate(fields.items()):
                day = min(created + timedelta((nth + 2) * (at + 3) % 170), LAST_DAY)
                old = olds[(nth + at) % len(olds)]
                common = {"deal_id": f"D{nth}", "changed_at": f"{day}T12:00:00Z"}
                changes.append({**common, "field": name, "old": old or None, "new": "?"})
        if nth % 5 == 0:
            for at, status in enumerate(("open", "won" if nth % 2 else "lost", "open")):
                day = min(created + timedelta(nth * 7 % 150 * at // 3), LAST_DAY)
                events.append({"deal_id": f"D{nth}", "at": f"{day}T0{at}:00:00Z", "status": status})
    return [(DEAL_CHANGES, changes), (STATUS_EVENTS, events)]


def load(folder: Path) -> None:
    """The deals, a quota for each quarter of both reps, and what they did every third day."""
    assert deals.load(folder, tuple(lines())).exit_code == 0
    quotas = [
        {"rep_id": who, "period": f"Q{quarter} {year}", "quota_amount": str(90_000 + quarter)}
        for who in ("ana", "cy")
        for year in (2024, 2025)
        for quarter in (1, 2, 3, 4)
    ]
    done = [
        {
            "activity_id": f"T{nth}",
            "rep_id": ("ana", "cy", None)[nth % 5 % 3],
            "deal_id": f"D{nth % 240}",
            "type": ("call", "email", "meeting")[nth % 3],
            "done_at": f"202{4 + nth % 2}-{1 + nth % 6:02}-{1 + nth % 28:02}T10:00:00Z",
            "is_done": "true",
        }
        for nth in range(200)
    ]
    loaded: list[tuple[Dataset, Sequence[Mapping[str, str | None]]]]
    loaded = [(QUOTAS, quotas), (ACTIVITIES, done), *told()]
    for dataset, given in loaded:
        report = rows.write(dataset, given, kind="app", source="test", by=None)
        assert not report.refused, report.sample


def ratio(above: Decimal | int, below: Decimal | int | None) -> Decimal | None:
    return Decimal(above) / below if below else None


def worth(row: Mapping[str, Any]) -> Decimal | None:
    """What a deal is worth in the reporting currency; nothing is worth nothing anywhere."""
    if row["amount"] is None or not row["amount"]:
        return row["amount"]
    return None if row["rate"] is None else row["amount"] * row["rate"]


def total(rows: Rows) -> Decimal:
    return sum((worth(row) or Decimal(0) for row in rows), Decimal(0))


def average(rows: Rows) -> Decimal | None:
    return ratio(total(rows), sum(worth(row) is not None for row in rows))


def open_deals(rows: Rows) -> Mapping[str, Any]:
    chances = (min(max(row["chance"] or Decimal(0), Decimal(0)), Decimal(1)) for row in rows)
    weighted = ((worth(row) or 0) * chance for row, chance in zip(rows, chances, strict=True))
    return {
        "total_pipeline": total(rows),
        "weighted_pipeline": sum(weighted),
        "open_deals": len(rows),
        "avg_open_deal_size": average(rows),
        "missing_amount_count": sum(row["amount"] is None for row in rows),
        "fx_missing_count": sum(bool(row["amount"]) and row["rate"] is None for row in rows),
    }


def decided(rows: Rows) -> Mapping[str, Any]:
    won = [row for row in rows if row["status"] == "won"]
    lost = [row for row in rows if row["status"] == "lost"]
    return {
        "win_rate": ratio(len(won), len(rows)),
        "win_rate_amount": ratio(total(won), total(rows)),
        "lost_deals": len(lost),
        "closed_lost_amount": total(lost),
    }


def won_deals(rows: Rows) -> Mapping[str, Any]:
    return {
        "won_deals": len(rows),
        "closed_won_amount": total(rows),
        "avg_deal_size": average(rows),
        "avg_sales_cycle_days": ratio(sum(map(cycle, rows)), len(rows)),
    }


def cycle(row: Mapping[str, Any]) -> int:
    return int((row["closed_at"] - row["created_at"]).days)


def moving(rows: Rows) -> Mapping[str, Any]:
    """Velocity: what is open, times the parts of what was decided."""
    won = [row for row in rows if row["counts_as"] == "won"]
    open_ = sum(row["counts_as"] == "open" for row in rows)
    size, decided_ = average(won), len(rows) - open_
    if size is None or not sum(map(cycle, won)):
        return {"velocity": None}
    days = Decimal(sum(map(cycle, won))) / len(won)
    return {"velocity": open_ * (Decimal(len(won)) / decided_) * size / days}


def median(rows: Rows) -> Mapping[str, Any]:
    return {
        "median_sales_cycle_days": statistics.median(map(cycle, rows)) if rows else None,
    }


def created(rows: Rows) -> Mapping[str, Any]:
    """What came in, of the amounts that were first known."""
    first = [{**row, "amount": row["created_amount"]} for row in rows]
    return {"created_deals": len(first), "pipeline_created_amount": total(first)}


def counted(count: str, amount: str) -> Any:
    return lambda rows: {count: len(rows), amount: total(rows)}


def plan(rows: Rows) -> Mapping[str, Any]:
    """What was to be won, beside what was: the rows are quotas and won deals."""
    quotas = [row for row in rows if row["part"] == "Quota"]
    won = sum((row["worth"] or 0 for row in rows if row["part"] != "Quota"), Decimal(0))
    if not quotas:
        return dict.fromkeys(("quota_amount", "quota_gap", "ytd_attainment"))
    quota = sum((row["own_amount"] * row["fx"] for row in quotas), Decimal(0))
    so_far = sum((row["so_far"] for row in quotas), Decimal(0))
    found = {"quota_amount": quota, "quota_gap": quota - won}
    return {**found, "ytd_attainment": ratio(won, so_far)}


# A forecast rests on more than its rows: it has worked examples and tests of its own.
OF_ROWS = tuple(ledger for ledger in LEDGERS if ledger.slug != "forecast")
RECOMPUTE = {
    "quotas": plan,
    "activities": lambda rows: {"total_activities": len(rows)},
    "open-deals": open_deals,
    "past-due-deals": counted("past_due_deals", "past_due_amount"),
    "stuck-deals": counted("stuck_deals", "stuck_amount"),
    "created-deals": created,
    "won-deals": won_deals,
    "decided-deals": decided,
    "won-cycles": median,
    "moving-deals": moving,
}


@SEEDS
def test_every_number_is_what_its_rows_make_it(
    as_user: AsUser,
    vi: User,
    ana: User,
    bo: User,
    cy: User,
    workspace: Workspace,
    tmp_path: Path,
    seed: int,
) -> None:
    load(tmp_path)
    readers = [Reader(one, as_user(one)) for one in (vi, ana, bo)]
    hold(Case(PAGE, OF_ROWS, RECOMPUTE), readers, seed=seed)


@pytest.mark.parametrize("ledger", OF_ROWS, ids=lambda ledger: ledger.slug)
def test_a_rep_s_numbers_are_what_his_rows_make_them(
    ana: User, cy: User, workspace: Workspace, tmp_path: Path, ledger: Ledger
) -> None:
    load(tmp_path)
    slice_ = narrow(Filters(), allowed(ana), LAST_DAY, first_month=1, currency="USD")
    listed = list(ledger.rows(slice_).values(*(shown.name for shown in ledger.columns)))
    who = {"quotas": "whose", "activities": "rep_name"}.get(ledger.slug, "owner_name")
    assert {row[who] for row in listed} == {"Ana Almeida"}
    again = RECOMPUTE[ledger.slug](listed)
    for metric in ledger.metrics:
        value = explain(ledger, metric, slice_).measured.value
        assert value == pytest.approx(float(again[metric.field]))


def test_every_ledger_is_recomputed_here() -> None:
    assert {ledger.slug for ledger in OF_ROWS} == set(RECOMPUTE)
