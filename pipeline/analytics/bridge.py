"""Why the open pipeline is another than it was: one reason a deal, balanced to the cent (P23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from revops_site.kernel.periods import Period

ZERO = Decimal(0)
# In the order in which a bridge is read: what came in, what it is worth now, what went out.
IN = ("created", "reopened", "pulled_in", "pushed_in", "added")
WORTH = ("increased", "decreased", "currency")
OUT = ("pushed_out", "pulled_out", "won", "lost", "removed", "deleted")
STEPS = (*IN, *WORTH, *OUT)
UNCHANGED = "unchanged"
COLUMNS = ("step", "deals", "amount")


@dataclass(frozen=True)
class State:
    """A deal at the end of a day, as far as a bridge asks.

    ``belongs`` says that the filters let it through; ``rate`` is that of its currency on the day,
    None where nobody knows it; ``status`` is ``open``, ``won``, ``lost`` or ``deleted``.
    """

    status: str
    amount: Decimal | None
    close_date: date | None
    belongs: bool = True
    currency: str = ""
    rate: Decimal | None = Decimal(1)

    @property
    def value(self) -> Decimal:
        """What it is worth in the reporting currency; 0 where that is not known."""
        return (self.amount or ZERO) * (self.rate or ZERO)

    def counts(self, closes: Period | None) -> bool:
        """Whether it is a part of the pipeline that closes within some days, None for all."""
        return self.status == "open" and self.belongs and _within(self.close_date, closes)


@dataclass(frozen=True)
class Change:
    """Why one deal's part of the pipeline changed, and by how much.

    ``moved`` is what the deal counts for now less what it counted for then.
    """

    reason: str
    moved: Decimal = ZERO


def change(
    before: State | None,
    after: State | None,
    closes: Period | None = None,
    rates: Mapping[str, Decimal] | None = None,
) -> Change | None:
    """The first reason that holds, None of a deal that counted on neither day.

    ``rates`` are those of the later day by currency; what is not in them has kept its rate.
    """
    was = before if before is not None and before.counts(closes) else None
    now = after if after is not None and after.counts(closes) else None
    if was and now:
        return _worth(was, now, rates or {})
    if was:
        return Change(_left(after, closes), -was.value)
    if now:
        return Change(_came(before, closes), now.value)
    return None


def _worth(was: State, now: State, rates: Mapping[str, Decimal]) -> Change:
    """A deal that counted on both days: what its own money did, or its rate, if that did more."""
    same = was.currency == now.currency
    rate = now.rate if same else rates.get(was.currency, was.rate)
    then = (was.amount or ZERO) * (rate if rate is not None else was.rate or ZERO)
    own, currency, moved = now.value - then, then - was.value, now.value - was.value
    if not moved:
        return Change(UNCHANGED)
    if abs(currency) > abs(own):
        return Change("currency", moved)
    return Change("increased" if own > 0 else "decreased", moved)


def _left(after: State | None, closes: Period | None) -> str:
    if after is None or after.status == "deleted":
        return "deleted"
    if not after.belongs:
        return "removed"
    if not _within(after.close_date, closes):
        return "pulled_out" if _earlier(after.close_date, closes) else "pushed_out"
    return after.status


def _came(before: State | None, closes: Period | None) -> str:
    if before is None:
        return "created"
    if before.status != "deleted" and not before.belongs:
        return "added"
    if before.status != "deleted" and not _within(before.close_date, closes):
        return "pushed_in" if _earlier(before.close_date, closes) else "pulled_in"
    return "reopened"


def _within(day: date | None, closes: Period | None) -> bool:
    return closes is None or (day is not None and day in closes)


def _earlier(day: date | None, closes: Period | None) -> bool:
    return closes is not None and day is not None and day < closes.start


def waterfall(sums: pd.DataFrame) -> pd.DataFrame:
    """The bridge from the one day to the other: ``COLUMNS``, with ``start`` first, ``end`` last.

    ``sums`` has a row per ``reason``: ``deals``, ``start`` and ``end`` (what they counted for on
    either day), ``moved``. A step that nothing took has no row. Raises ValueError where the bridge
    does not balance to the cent.
    """
    known = {str(row["reason"]): row for _, row in sums.iterrows()}
    start, end = float(sums["start"].sum()), float(sums["end"].sum())
    shown = [
        (step, int(known[step]["deals"]), float(known[step]["moved"]))
        for step in STEPS
        if step in known
    ]
    if round(start + sum(amount for _, _, amount in shown) - end, 2):
        raise ValueError("A bridge has to balance.")
    inside = {step: deals for step, deals, _ in shown if step in (*IN, *OUT)}
    held = int(sums["deals"].sum())
    rows = [
        ("start", held - sum(inside.get(step, 0) for step in IN), start),
        *shown,
        ("end", held - sum(inside.get(step, 0) for step in OUT), end),
    ]
    return pd.DataFrame(rows if held else [], columns=list(COLUMNS)).astype(
        {"deals": "int64", "amount": "float64"}
    )


def movement(steps: pd.DataFrame) -> dict[str, float]:
    """The amounts of a bridge by the names of its contract; what goes out is a number above 0.

    starting_pipeline and what came in, less what went out, is ending_pipeline; ``currency`` has
    the sign of what it did.
    """
    amounts = steps.set_index("step")["amount"].to_dict()
    took = {step: -float(amounts.get(step, 0.0)) or 0.0 for step in ("decreased", *OUT)}
    return {
        "starting_pipeline": float(amounts.get("start", 0.0)),
        **{step: took.get(step, float(amounts.get(step, 0.0))) for step in STEPS},
        "ending_pipeline": float(amounts.get("end", 0.0)),
    }


def net(steps: pd.DataFrame) -> tuple[float, float, float]:
    """What came in, what went out (below 0), and the two together: the gross and the net."""
    moved = steps[~steps["step"].isin(["start", "end"])]["amount"]
    more, less = float(moved[moved > 0].sum()), float(moved[moved < 0].sum())
    return more, less, more + less


def largest(steps: pd.DataFrame, most: int) -> Sequence[tuple[str, float]]:
    """The steps that moved the most money, whichever way."""
    moved = steps[~steps["step"].isin(["start", "end"])]
    order = moved.assign(size=moved["amount"].abs()).sort_values(
        "size", ascending=False, kind="stable"
    )
    pairs = zip(order["step"], order["amount"], strict=True)
    return [(str(step), float(amount)) for step, amount in pairs][:most]
