"""Revenue's worked examples: rows through the loader, and what the product makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from revenue.datasets import SUBSCRIPTIONS
from revenue.rollups import items
from revops_site.kernel import freshness
from revops_site.kernel.loading import rows
from tests.golden.files import Golden

DISCOUNT = {
    "percent_off": "percent_off",
    "amount_off": "amount_off",
    "duration": "discount_duration",
    "start": "discount_start",
    "end": "discount_end",
}


def mrr_normalize(golden: Golden) -> dict[str, Any]:
    """What each subscription item is worth a month, and all of them together."""
    freshness.workspace()
    as_of = golden.settings["as_of"]
    given = [_item(item, as_of) for item in golden.input["items"]]
    report = rows.write(SUBSCRIPTIONS, given, kind="app", source=golden.name, by=None)
    if report.refused:
        raise ValueError("; ".join(f"{cell.column} {cell.reason}" for cell in report.sample))
    worth = items.on(date.fromisoformat(as_of))
    total = sum(item.mrr for item in worth)
    return {
        "items": {item.item_id: float(item.mrr) for item in worth},
        "total_mrr": float(total),
        "total_arr": float(12 * total),
    }


def _item(item: Mapping[str, Any], as_of: str) -> dict[str, str | None]:
    """An item of an example as a row of the file; one that tells no start began that very day."""
    plain = {name: value for name, value in item.items() if name != "discounts"}
    discount = _discount(item.get("discounts") or ())
    row = {"customer_id": "C1", "start_date": as_of, **plain, **discount}
    return {name: None if value is None else str(value) for name, value in row.items()}


def _discount(discounts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An item's discounts as its one: a percentage and an amount of the same days."""
    merged: dict[str, Any] = {}
    for discount in discounts:
        for name, value in discount.items():
            if merged.setdefault(DISCOUNT[name], value) != value:
                raise ValueError(f"An item has two discounts that differ in {name}.")
    return merged


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {"mrr_normalize": mrr_normalize}
