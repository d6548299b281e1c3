"""What the head of a deal's page says of it, each with where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import quote

from pipeline import metrics
from pipeline.panels.deal import words
from pipeline.panels.deal.places import explained
from pipeline.panels.listed import STAGES, STATUS
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import rates
from revops_site.kernel.metrics import Metric

Fact: TypeAlias = Mapping[str, str]


def drawn(deal: Any, slice_: Slice) -> Sequence[Fact]:
    """What ``deal.html`` prints: {label, text, url, about (the figure that url explains)}."""
    today, is_open = slice_.as_of, deal.status == "open"
    account = deal.account.name if deal.account else deal.account_name
    facts = (
        _fact("Account", account, _of("accounts", deal.account_id or "")),
        _figure("Amount", words.money(deal.amount, deal.currency), metrics.DEAL_VALUE, deal),
        *_converted(deal, slice_),
        _fact("Stage", STAGES.get(deal.stage_name, deal.stage_name)),
        *(_lasting(deal, today) if is_open else ()),
        _fact("Status", STATUS[deal.status]),
        _closing(deal, today),
        _fact("Closed", words.day(deal.closed_at)["at"]),
        _fact("Lost because", deal.lost_reason if deal.status == "lost" else ""),
        _fact("Owner", deal.owner.name if deal.owner else "Nobody", _of("reps", deal.owner_id)),
        _fact("Pipeline", str(deal.pipeline or deal.pipeline_id or "")),
        _fact("Segment", deal.segment, _of("segments", deal.segment)),
        _fact("Region", deal.region),
        _fact("Source", deal.source_channel, _of("marketing/channels", deal.source_channel)),
        _fact("Created", words.day(deal.created_at)["at"]),
        _figure("Age", _days((_end(deal, today) - deal.created_at).days), metrics.DEAL_AGE, deal),
        _fact("Id", deal.pk),
    )
    return [fact for fact in facts if fact["text"]]


def _converted(deal: Any, slice_: Slice) -> Sequence[Fact]:
    """The amount in the reporting currency, where that is another one."""
    if deal.currency == slice_.currency or deal.amount is None:
        return ()
    rate = rates(slice_.currency, _end(deal, slice_.as_of)).get(deal.currency)
    text = words.money(None if rate is None else deal.amount * rate, slice_.currency)
    return (_figure(f"In {slice_.currency}", text, metrics.DEAL_VALUE, deal),)


def _lasting(deal: Any, today: date) -> Sequence[Fact]:
    since = deal.last_stage_change or deal.created_at
    return (_figure("In this stage", _days((today - since).days), metrics.DEAL_STAY, deal),)


def _closing(deal: Any, today: date) -> Fact:
    label, on = "Expected close", words.day(deal.close_date)["at"]
    if not on or deal.status != "open":
        return _fact(label, on or "Not given")
    return _figure(label, f"{on}, {words.apart(today, deal.close_date)}", metrics.DEAL_LEFT, deal)


def _end(deal: Any, today: date) -> date:
    found: date = deal.closed_at or today
    return found


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{formats.show(count, 'integer')} days"


def _figure(label: str, text: str, metric: Metric, deal: Any) -> Fact:
    url = explained(metric.slug, deal.pk)
    return {"label": label, "text": text, "url": url, "about": metric.label}


def _fact(label: str, text: str, url: str = "") -> Fact:
    return {"label": label, "text": text, "url": url, "about": ""}


def _of(place: str, key: str | None) -> str:
    return f"/{place}/{quote(key, safe='')}/" if key else ""
