"""Marketing's numbers are what the days of its campaigns make them, wherever they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from insights.catalog import DATASETS
from marketing.panels import LEDGERS, PAGE
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import marketing_days as marketing
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold

HEADER = f"{marketing.HEADER},revenue,currency"
CHANNELS = ("Google Ads", "LinkedIn", "Referral, unpaid", "Événements & co")
RATES = "date,from_currency,to_currency,rate\n2025-04-01,EUR,USD,1.10\n2025-05-15,EUR,USD,1.15\n"


def lines() -> list[str]:
    """Ninety days with refunds, days without a rate, revenue given, implied and unknown."""
    made = []
    for nth in range(180):
        day = f"2025-{4 + nth // 60:02}-{1 + nth % 60 // 2:02}"
        channel, segment = CHANNELS[nth % 4], ("SMB", "MM", "ENT")[nth % 3]
        spend = ("0", "1234.56", "-40.10", "99.99", "750")[nth % 5]
        roi = ("", "125.5", "-100")[nth % 7 % 3]
        revenue = ("", "", "5000.01")[nth % 11 % 3]
        currency = ("USD", "USD", "EUR", "SEK")[nth % 13 % 4]
        counts = f"{nth * 100},{nth * 7},{nth % 9},{nth % 7},{nth % 5},{nth % 4},{nth % 3 // 2}"
        named = f'{day},"{channel}",c{nth % 6},{segment},{("US", "EU")[nth % 2]}'
        made.append(f"{named},{spend},{counts},,,,,{roi},{revenue},{currency}")
    return made


def ratio(above: Decimal, below: Decimal | int) -> Decimal | None:
    return above / below if below else None


def numbers(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Decimal | int | None]:
    """The dictionary's sums and ratios of sums, one row after the other."""
    counts = {
        name: Decimal(sum(row[name] for row in rows))
        for name in (
            "impressions",
            "clicks",
            "leads",
            "mqls",
            "sqls",
            "opportunities",
            "closed_won",
        )
    }
    spend = known_spend = known_revenue = Decimal(0)
    for row in rows:
        if row["fx_rate"] is None:
            continue
        spend += row["spend"] * row["fx_rate"]
        revenue = row["revenue"]
        if revenue is None and row["roi"] is not None and row["spend"] != 0:
            revenue = row["spend"] * (1 + row["roi"] / 100)
        if revenue is not None:
            known_spend += row["spend"] * row["fx_rate"]
            known_revenue += revenue * row["fx_rate"]
    roas = ratio(known_revenue, known_spend)
    return {
        "total_spend": spend,
        **{f"total_{name}": count for name, count in counts.items()},
        "avg_cac": ratio(spend, counts["closed_won"]),
        "CPL": ratio(spend, counts["leads"]),
        "cost_per_mql": ratio(spend, counts["mqls"]),
        "cost_per_sql": ratio(spend, counts["sqls"]),
        "cost_per_opportunity": ratio(spend, counts["opportunities"]),
        "CPC": ratio(spend, counts["clicks"]),
        "CPM": ratio(1000 * spend, counts["impressions"]),
        "CTR": ratio(counts["clicks"], counts["impressions"]),
        "CVR_stagewise": ratio(counts["leads"], counts["clicks"]),
        "conversion_rate": ratio(counts["closed_won"], counts["leads"]),
        "roas": roas,
        "avg_roi": None if roas is None else (roas - 1) * 100,
    }


RECOMPUTE = {"marketing-days": numbers}


@SEEDS
def test_every_number_is_what_its_rows_make_it(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path, seed: int
) -> None:
    rates = tmp_path / "fx_rates.csv"
    rates.write_text(RATES)
    days = marketing.write(tmp_path, tuple(lines()), HEADER)
    assert loading.load([rates, days], DATASETS, strict=True).exit_code == 0
    hold(Case(PAGE, LEDGERS, RECOMPUTE), [Reader(vi, as_user(vi))], seed=seed)


def test_the_first_days_that_anybody_loads_hold_as_well(
    as_user: AsUser, vi: User, marketing_days: None
) -> None:
    hold(Case(PAGE, LEDGERS, RECOMPUTE), [Reader(vi, as_user(vi))], seed=7)
