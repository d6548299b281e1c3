"""Each rep's figures beside the team's and the quarter before's: one row a rep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from coaching.analytics.attainment import attained, quota_of, ranks, tier
from coaching.analytics.rates import shrunk, team_rate
from revops_site.kernel.periods import Period, fiscal_quarter, fiscal_year, plus

SUMS = ("won", "lost", "won_amount", "won_missing", "won_unrated", "cycle_days")


@dataclass(frozen=True)
class Spans:
    """The days that figures of a day are of; each ends at the day, or lies before it.

    ``before`` is the fiscal year up to the close of the quarter before: what a rank is held
    against.
    """

    year: Period
    quarter: Period
    last_quarter: Period
    before: Period

    @staticmethod
    def of(day: date, first_month: int) -> Spans:
        """Those of a day."""
        quarter = fiscal_quarter(day, first_month)
        close = plus(quarter.start, -1)
        return Spans(
            year=fiscal_year(day, first_month).until(day),
            quarter=quarter.until(day),
            last_quarter=fiscal_quarter(close, first_month),
            before=fiscal_year(close, first_month).until(close),
        )

    @property
    def all_days(self) -> Period:
        """From the first of all of them to the last."""
        return Period(min(self.year.start, self.before.start), self.year.end)


def sums_of(months: pd.DataFrame, days: Period, reps: pd.Index[str]) -> pd.DataFrame:
    """What each rep won and lost in some days: ``SUMS``, 0 where it was nothing.

    ``months`` has owner_id, month (its first day) and ``SUMS``; the days are of whole months, or
    end where the months do.
    """
    inside = (months["month"] >= pd.Timestamp(days.start)) & (
        months["month"] < pd.Timestamp(days.end)
    )
    found = months[inside].groupby("owner_id")[[*SUMS]].sum()
    return found.reindex(reps).fillna(0.0).astype("float64")


def standing(
    months: pd.DataFrame, quotas: pd.DataFrame, reps: pd.Index[str], spans: Spans
) -> pd.DataFrame:
    """What each rep won of the quota, this fiscal year and in its quarters (K01, K07).

    Index ``reps``; columns won_amount and quota of the year to date (``ytd_won``,
    ``quota_to_date``), of the quarter and the one before (``quarter_won``, ``quarter_quota``,
    ``last_won``, ``last_quota``) with their attainments (``ytd_attainment``, ``pace``,
    ``last_attainment``), attainment_change_qoq, win_rate_change_qoq, and ``before_attainment``,
    that of the year when the last quarter closed.
    """
    year, quarter, last, before = (
        sums_of(months, days, reps)
        for days in (spans.year, spans.quarter, spans.last_quarter, spans.before)
    )
    planned = {
        name: quota_of(quotas, days).reindex(reps)
        for name, days in (
            ("quota_to_date", spans.year),
            ("quarter_quota", spans.quarter),
            ("last_quota", spans.last_quarter),
            ("before_quota", spans.before),
        )
    }
    pace = attained(quarter["won_amount"], planned["quarter_quota"])
    last_attainment = attained(last["won_amount"], planned["last_quota"])
    return pd.DataFrame(
        {
            "ytd_won": year["won_amount"],
            "quarter_won": quarter["won_amount"],
            "last_won": last["won_amount"],
            **planned,
            "ytd_attainment": attained(year["won_amount"], planned["quota_to_date"]),
            "pace": pace,
            "last_attainment": last_attainment,
            "before_attainment": attained(before["won_amount"], planned["before_quota"]),
            "attainment_change_qoq": pace - last_attainment,
            "win_rate_change_qoq": _rate(quarter) - _rate(last),
        },
        index=reps,
    )


def with_tiers(found: pd.DataFrame, starts: Mapping[str, date | None], day: date) -> pd.DataFrame:
    """The standing with what each attainment is called: performance_tier, "" where unknown."""
    days = [
        (day - start).days if (start := starts.get(str(rep))) else float("inf")
        for rep in found.index
    ]
    called = [
        tier(float(one), employed)
        for one, employed in zip(found["ytd_attainment"], days, strict=True)
    ]
    return found.assign(performance_tier=pd.Series(called, index=found.index, dtype="str"))


def placed(found: pd.DataFrame, ranks_before: pd.Series[float] | None = None) -> pd.DataFrame:
    """The standing with overall_rank, total_reps and rank_change_qoq (above 0: better).

    ``ranks_before`` are those of the last quarter's close, where they are known otherwise than by
    ``before_attainment``.
    """
    now = ranks(found["ytd_attainment"])
    known = ranks(found["before_attainment"]) if ranks_before is None else ranks_before
    return found.assign(
        overall_rank=now,
        total_reps=int(now.notna().sum()),
        rank_change_qoq=known.reindex(found.index).astype("float64") - now,
    )


def measured(sums: pd.DataFrame) -> pd.DataFrame:
    """Each rep's rates of a period, beside the team's: ``sums`` has ``SUMS`` by rep.

    Columns won, lost, won_amount, those of ``shrunk``, avg_deal_size, avg_sales_cycle_days,
    team_avg_win_rate, team_avg_deal_size, team_avg_cycle, win_rate_vs_team, cycle_vs_team.
    """
    team = {str(name): float(one) for name, one in sums.sum().items()}
    rates = shrunk(sums["won"], sums["lost"])
    cycle = _per(sums["cycle_days"], sums["won"])
    team_win_rate = team_rate(sums["won"], sums["lost"])
    team_cycle = _share(team["cycle_days"], team["won"])
    return sums[["won", "lost", "won_amount"]].assign(
        **{str(name): rates[name] for name in rates},
        avg_deal_size=_per(sums["won_amount"], _priced(sums)),
        avg_sales_cycle_days=cycle,
        team_avg_win_rate=team_win_rate,
        team_avg_deal_size=_share(
            team["won_amount"], team["won"] - team["won_missing"] - team["won_unrated"]
        ),
        team_avg_cycle=team_cycle,
        win_rate_vs_team=rates["win_rate"] - team_win_rate,
        cycle_vs_team=cycle - team_cycle,
    )


def _rate(sums: pd.DataFrame) -> pd.Series[float]:
    return _per(sums["won"], sums["won"] + sums["lost"])


def _priced(sums: pd.DataFrame) -> pd.Series[float]:
    return sums["won"] - sums["won_missing"] - sums["won_unrated"]


def _per(above: pd.Series[float], below: pd.Series[float]) -> pd.Series[float]:
    return above / below.where(below > 0)


def _share(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")
