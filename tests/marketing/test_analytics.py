"""Marketing's sums on frames typed here; the worked examples are in tests/golden."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from marketing import analytics
from marketing.queries import OPERANDS
from revops_site.kernel.periods import Period


def mix(*rows: dict[str, object]) -> pd.DataFrame:
    empty = dict.fromkeys(OPERANDS, 0)
    base = {"channel": "A", "segment": "SMB", "geo": "US"}
    return pd.DataFrame([{**base, **empty, **row} for row in rows], columns=[*base, *OPERANDS])


def week(monday: str, **counts: int) -> dict[str, object]:
    return {"week_start": pd.Timestamp(monday), "leads": 0, "mqls": 0, "sqls": 0, **counts}


def test_groups_sum_to_the_whole_and_shares_to_one() -> None:
    frame = mix({"spend": 30, "leads": 3}, {"channel": "B", "spend": 10}, {"spend": 60, "leads": 1})
    found = analytics.performance(frame, "channel")
    assert found["channel"].tolist() == ["A", "B"]
    assert found["spend_share"].sum() == pytest.approx(1)
    assert found["cpl"].iloc[0] == pytest.approx(90 / 4)
    assert pd.isna(found["cpl"].iloc[1])


def test_equal_spend_is_ordered_by_name() -> None:
    frame = mix({"channel": "B", "spend": 1}, {"channel": "A", "spend": 1})
    assert analytics.performance(frame, "channel")["channel"].tolist() == ["A", "B"]


def test_a_step_of_the_funnel_may_pass_one_and_is_flagged() -> None:
    found = analytics.funnel_breakdown(
        mix({"leads": 10, "mqls": 12, "sqls": 0, "opportunities": 1})
    )
    assert found["over_100"].tolist() == [False, True, False, False, False]
    assert found["step_rate"].isna().tolist() == [True, False, False, True, False]


def test_weeks_without_data_count_zero_and_cut_weeks_are_partial() -> None:
    weeks = pd.DataFrame([week("2025-03-03", leads=7), week("2025-03-17", leads=2)])
    period = Period(date(2025, 3, 5), date(2025, 3, 21))
    found = analytics.trend_timeseries(weeks, period, date(2025, 3, 20))
    assert found["leads"].tolist() == [7, 0, 2]
    assert found["is_partial"].tolist() == [True, False, True]


def test_without_a_period_the_data_set_the_ends() -> None:
    weeks = pd.DataFrame([week("2025-03-03", leads=7), week("2025-03-17", leads=2)])
    found = analytics.trend_timeseries(weeks, None, date(2025, 3, 23))
    assert found["is_partial"].tolist() == [False, False, False]


def test_an_unpaid_channel_has_no_cost_per_lead_to_compare() -> None:
    ranges = pd.DataFrame(
        {
            "category": ["A"],
            "subcategory": ["SMB"],
            "min_value": [1.0],
            "target_value": [2.0],
            "max_value": [3.0],
        }
    )
    frame = mix(
        {"spend": 40, "leads": 10}, {"channel": "Free", "leads": 9}, {"segment": "MM", "spend": 5}
    )
    found = analytics.cost_per_lead_ranges(frame, ranges)
    assert found["channel"].tolist() == ["A", "A"]
    assert found["segment"].tolist() == ["SMB", "MM"]
    assert found["verdict"].isna().tolist() == [False, True]


def test_a_range_over_several_segments_spans_theirs() -> None:
    steps = pd.DataFrame(
        {
            "category": ["SMB", "ENT"],
            "step": [1, 1],
            "min_value": [0.5, 0.4],
            "target_value": [0.6, 0.5],
            "max_value": [0.7, 0.6],
        }
    )
    funnel = analytics.funnel_breakdown(mix({"leads": 100, "mqls": 45}))
    both = analytics.with_step_ranges(funnel, steps, ["SMB", "ENT"])
    assert (both.loc[1, "min_value"], both.loc[1, "max_value"]) == (0.4, 0.7)
    assert both.loc[1, "verdict"] == "ok"
    one = analytics.with_step_ranges(funnel, steps, ["SMB"])
    assert one.loc[1, "verdict"] == "low"
