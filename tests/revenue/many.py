"""Many customers, of whom those leave who paid less before; and a month in which a price rose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.revenue_customers import CUSTOMERS, load

SEGMENTS = ("SMB", "MM", "ENT")
MONTHS = [date(year, month, 1) for year in (2023, 2024, 2025) for month in range(1, 13)][:30]
COUNT = 240
WAVE = 20  # the place in MONTHS of the month in which the price rose


def left_at(nth: int) -> int | None:
    """The place of the month at whose end customer ``nth`` pays nothing any more."""
    if nth % 24 == 3:
        return WAVE
    if nth % 8 == 0 and nth % 24:
        gone = shrank_at(nth) + 2
        return gone if gone < len(MONTHS) else None
    return 4 + nth % 25 if nth % 40 == 5 else None


def shrank_at(nth: int) -> int:
    """The place of the month in which customer ``nth`` began to pay less, if it did."""
    if nth % 24 == 0:
        return len(MONTHS) - 3
    return 4 + (nth // 8) % 25 if nth % 8 == 0 else len(MONTHS)


def reason(nth: int) -> str:
    return "Price" if nth % 24 == 3 else "Support"


def owner(nth: int) -> str:
    return "ana" if nth % 5 else "cy"


def segment(nth: int) -> str:
    return "SMB" if nth % 24 == 3 else SEGMENTS[nth % 3]


def mrr(nth: int, place: int) -> int:
    gone = left_at(nth)
    if gone is not None and place >= gone:
        return 0
    paid = 100 + nth + place * (nth % 4)
    return paid // 2 if place >= shrank_at(nth) else paid


def listed() -> Iterator[str]:
    yield CUSTOMERS[0] + ",renewal_date"
    for nth in range(COUNT):
        gone = left_at(nth)
        end = f"true,{MONTHS[gone]:%Y-%m}-15,{reason(nth)}" if gone is not None else "false,,"
        month = 9 if nth % 24 == 3 else nth % 12 + 1
        renews = f"2025-{month:02}-10" if nth % 2 or nth % 8 == 0 else ""
        yield (
            f"M{nth:03},Many {nth:03},{segment(nth)},Starter,2022-06-0{nth % 9 + 1},"
            f"{mrr(nth, len(MONTHS) - 1)},0,0,0,{end},USD,EMEA,{owner(nth)},{renews}"
        )


def paid() -> Iterator[str]:
    yield "customer_id,month,mrr,currency"
    for nth in range(COUNT):
        for place, month in enumerate(MONTHS):
            gone = left_at(nth)
            if gone is None or place <= gone:
                yield f"M{nth:03},{month:%Y-%m},{mrr(nth, place)},USD"


def load_many(folder: Path) -> None:
    report = load(folder, revenue_customers=list(listed()), customer_mrr=list(paid()))
    assert report.exit_code == 0
