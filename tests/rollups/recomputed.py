"""The pipeline's and marketing's sums, computed row by row, with nothing of how they are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from marketing.models import MarketingDay
from pipeline.models import Activity, Deal, DealChange, Stage
from revops_site.kernel import freshness, fx

Key = tuple[Any, ...]
Sums = dict[Key, dict[str, Any]]
SKIPPED = {"duplicate", "test", "merged"}


def stored(model: type[Model], *keys: str) -> Sums:
    """What is kept, by its keys; what is 0 is left out."""
    found: Sums = {}
    for row in model._default_manager.values():
        row.pop("id", None)
        key = tuple(row.pop(name) for name in keys)
        found[key] = {name: value for name, value in row.items() if value}
    return found


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def flow_days() -> Sums:
    return _flows(
        lambda deal, day: (
            day,
            deal.pipeline_id or "",
            deal.segment,
            deal.region,
            deal.source_channel,
        )
    )


def flow_weeks() -> Sums:
    return _flows(
        lambda deal, day: (
            monday(day),
            deal.owner_id or "",
            deal.pipeline_id or "",
            deal.segment,
            deal.region,
        )
    )


def _flows(key: Callable[[Deal, date], Key]) -> Sums:
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for deal in Deal.objects.filter(is_deleted=False):
        if deal.status == "lost" and deal.lost_reason.strip().lower() in SKIPPED:
            continue
        for event, day in _events(deal):
            row = sums[key(deal, day)]
            row[event] += 1
            money = _first(deal) if event == "created" else (deal.amount, deal.currency)
            if event == "won":
                row["cycle_days"] += (day - deal.created_at).days
            amount = _reported(*money, day)
            if money[0] is None:
                row[f"{event}_missing"] += 1
            elif amount is None and money[0]:
                row[f"{event}_unrated"] += 1
            row[f"{event}_amount"] += amount or 0
    return _plain(sums)


def _events(deal: Deal) -> Iterator[tuple[str, date]]:
    yield "created", deal.created_at
    if deal.closed_at is not None:
        yield deal.status, deal.closed_at


def _first(deal: Deal) -> tuple[Decimal | None, str]:
    """The amount that was known first, in the currency of that time."""
    known = DealChange.objects.filter(deal_id=deal.pk).order_by("changed_at", "key")
    for change in known.filter(field="amount").exclude(old=""):
        later = known.filter(field="currency", changed_at__gte=change.changed_at).first()
        return Decimal(change.old), later.old if later else deal.currency
    return deal.amount, deal.currency


def stock() -> Sums:
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for deal in Deal.objects.filter(is_deleted=False, status="open"):
        category = "Omitted" if deal.forecast_category == "omitted" else deal.forecast_category
        month = deal.close_date.replace(day=1) if deal.close_date else None
        row = sums[
            deal.owner_id or "",
            deal.pipeline_id or "",
            deal.stage_name,
            deal.segment,
            deal.region,
            deal.source_channel,
            category,
            month,
            deal.currency,
        ]
        chance = deal.probability if deal.probability is not None else _usual(deal)
        row["deals"] += 1
        row["amount"] += deal.amount or 0
        row["weighted"] += (deal.amount or 0) * (chance or 0)
        row["missing_amount"] += deal.amount is None
        row["missing_probability"] += chance is None
    return _plain(sums)


def _usual(deal: Deal) -> Decimal | None:
    """The stage's probability; the pipeline has to be the deal's where the deal has one."""
    stages = Stage.objects.filter(stage_name=deal.stage_name)
    if deal.pipeline_id:
        stages = stages.filter(pipeline_id=deal.pipeline_id)
    found = stages.first()
    return found.probability if found else None


def activity_days() -> Sums:
    zone = ZoneInfo(freshness.workspace().time_zone)
    sums: Sums = defaultdict(lambda: defaultdict(int))
    for act in Activity.objects.filter(is_done=True):
        assert act.done_at is not None
        sums[act.done_at.astimezone(zone).date(), act.rep_id or "", act.type]["done"] += 1
    return _plain(sums)


def campaign_months() -> Sums:
    return _marketing(
        lambda day: (day.date.replace(day=1), day.channel, day.campaign, day.segment, day.geo)
    )


def marketing_days() -> Sums:
    return _marketing(lambda day: (day.date, day.channel, day.segment, day.geo))


def _marketing(key: Callable[[MarketingDay], Key]) -> Sums:
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for day in MarketingDay.objects.all():
        row = sums[key(day)]
        for name in ("impressions", "clicks", "leads", "mqls", "sqls", "opportunities"):
            row[name] += getattr(day, name)
        row["closed_won"] += day.closed_won
        row["rows"] += 1
        spend = _reported(day.spend, day.currency, day.date)
        revenue = _reported(_revenue(day), day.currency, day.date)
        row["spend"] += spend or 0
        row["known_spend"] += (spend or 0) if _revenue(day) is not None else 0
        row["known_revenue"] += revenue or 0
        row["unrated"] += spend is None and bool(day.spend or day.revenue)
    return _plain(sums)


def _revenue(day: MarketingDay) -> Decimal | None:
    if day.revenue is not None:
        return day.revenue
    if day.spend and day.roi is not None:
        return day.spend * (1 + day.roi / 100)
    return None


def _reported(amount: Decimal | None, currency: str, on: date) -> Decimal | None:
    """In the reporting currency at the rate of a day, None where there is no rate."""
    return fx.convert(amount, currency, freshness.workspace().reporting_currency, on).amount


def _plain(sums: Sums) -> Sums:
    return {key: dict(_rounded(row.items())) for key, row in sums.items()}


def _rounded(measures: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """As many decimals as are kept; what is 0 is left out."""
    for name, value in measures:
        if value:
            yield name, round(value, 12) if isinstance(value, Decimal) else value
