"""The items that customers subscribe to: those that count add up to their MRR, to the cent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revenue.samples.buyers import buyers
from revenue.samples.contracts import contracts
from revenue.samples.ledger import customer_ids, plans
from revops_site.kernel.world import World
from revops_site.kernel.world.frame import Days, Texts, dates
from revops_site.kernel.world.leads import NEVER

MONTHS = np.array((1, 3, 12))  # of an interval
INTERVALS = np.array(("month", "quarter", "year", "one_time"), dtype=object)
MONTH, QUARTER, YEAR, ONCE = range(len(INTERVALS))
# How often a customer of SMB, MM, ENT pays: each month, each quarter, the rest each year.
DUE = np.array(((0.75, 0.10), (0.45, 0.25), (0.15, 0.25)))
SEVERAL, THREE = 0.45, 0.35  # of the customers: more than one item; of those: three
SEATS = np.array(((3, 5, 8), (10, 20, 25), (40, 60, 100)))
SEATS_SHARE, ADDED = 0.75, 0.1  # of the MRR: seats at most, an item added at a discount
FIFTH = 5  # the added item is a fifth off
OFF_CENTS = 500
LATE = 0.03  # of the running items: payment is past due
COUPON = 0.06  # of the platform items: a discount given once, which is no part of MRR
COUNTLESS = (  # share of the customers, plan, status, interval, usage, part of the MRR
    (0.22, "Onboarding", "active", "one_time", "licensed", 1.5),
    (0.13, "Usage", "active", "month", "metered", 0.2),
    (0.05, "Forecasting", "trialing", "month", "licensed", 0.3),
    (0.03, "Analytics", "paused", "month", "licensed", 0.25),
    (0.015, "Extra storage", "unpaid", "month", "licensed", 0.1),
)
TRIAL_DAYS = 5, 30
TERM = np.array((0.35, 0.75, 0.95))  # of the customers of SMB, MM, ENT: the contract is for a year
YEAR_DAYS = 365.25
ENDS_LATER = 30, 300
COLUMNS = (
    *("item_id", "customer_id", "plan", "unit_amount", "quantity", "interval", "interval_count"),
    *("usage_type", "status", "currency", "start_date", "trial_end", "ended_on", "renews_on"),
    *("percent_off", "amount_off", "discount_duration", "discount_start", "discount_end"),
)


def subscriptions(world: World) -> pd.DataFrame:
    """One row per item, by customer and time; money is the price of one, each interval."""
    items = pd.concat([_counting(world), _countless(world)], ignore_index=True)
    items = items.sort_values(["customer", "start"], kind="stable", ignore_index=True)
    customer = items["customer"].to_numpy()
    items["item_id"] = world.ids("SUB", np.arange(1, len(items) + 1))
    items["customer_id"] = customer_ids(world)[customer]
    items["unit_amount"] = items["cents"] / 100
    items["interval_count"] = 1
    items["currency"] = buyers(world)["currency"].to_numpy(dtype=object)[customer]
    items["renews"] = _renews(world)[customer]
    for name, column in (
        ("renews_on", "renews"),
        *(("start_date", "start"), ("trial_end", "trial"), ("ended_on", "end")),
        *(("discount_start", "since"), ("discount_end", "until")),
    ):
        known = items[column] < NEVER
        items[name] = pd.Series(dates(np.where(known, items[column], 0))).where(known)
    return items[list(COLUMNS)]


def _renews(world: World) -> Days:
    """The day after the last one on which each customer's year ends; ``NEVER`` without a term."""
    frame = buyers(world)
    start = frame["start"].to_numpy()
    bound = world.dice("terms").random(len(frame)) < TERM[frame["segment"].to_numpy()]
    years = np.floor((world.last - start) / YEAR_DAYS) + 1
    due = start + np.ceil(years * YEAR_DAYS).astype(np.int64)
    return np.where(bound, np.where(due > world.last, due, due + 365), NEVER)


def _items(customer: Days, plan: Texts | str, cents: Days, start: Days, end: Days) -> pd.DataFrame:
    """Items of one a month without a discount; the columns that differ are set afterwards."""
    frame = pd.DataFrame({"customer": customer, "plan": plan, "cents": cents, "quantity": 1})
    frame["interval"], frame["usage_type"] = INTERVALS[MONTH], "licensed"
    frame["start"], frame["end"] = start, end
    frame["status"] = np.where(end < NEVER, "canceled", "active")
    frame["percent_off"], frame["amount_off"], frame["discount_duration"] = np.nan, np.nan, ""
    frame["trial"], frame["since"], frame["until"] = NEVER, NEVER, NEVER
    return frame


def _counting(world: World) -> pd.DataFrame:
    """Of each contract one item, or two or three that come to the same."""
    table, dice = contracts(world), world.dice("items")
    lots = dice.random((4, len(table)))
    runs = (table["end"] == NEVER).to_numpy()
    several = runs & (lots[0] < SEVERAL)
    three = several & (lots[1] < THREE)
    frames = [_alone(world, table[~several], lots[2:, ~several])]
    seats, rest = _seats(world, dice, table[several])
    added = np.where(three[several], (rest * ADDED).astype(np.int64) // 4 * 4, 0)
    frames += [seats, _platform(dice, table[several], rest - added)]
    frames.append(_added(world, dice, table[several][added > 0], added[added > 0]))
    items = pd.concat(frames, ignore_index=True)
    late = (items["status"] == "active") & (world.dice("late").random(len(items)) < LATE)
    items["status"] = items["status"].mask(late, "past_due")
    return items


def _alone(world: World, table: pd.DataFrame, lots: np.ndarray) -> pd.DataFrame:
    """One item of one, each month, quarter or year."""
    customer = table["customer"].to_numpy()
    items = _items(
        customer,
        plans(world)[customer],
        table["cents"].to_numpy(),
        table["start"].to_numpy(),
        table["end"].to_numpy(),
    )
    due = np.cumsum(DUE[buyers(world)["segment"].to_numpy()[customer]], axis=1)
    place = (lots[0][:, None] >= due).sum(axis=1)
    items["interval"] = INTERVALS[place]
    items["cents"] *= MONTHS[place]
    # A few pay a fixed sum less than the list says, as long as they stay.
    off = (lots[1] < COUPON) & (place == MONTH)
    items["cents"] += np.where(off, OFF_CENTS, 0)
    items["amount_off"] = items["amount_off"].mask(off, OFF_CENTS / 100)
    items["discount_duration"] = items["discount_duration"].mask(off, "forever")
    items["since"] = items["since"].mask(off, items["start"])
    return items


def _seats(
    world: World, dice: np.random.Generator, table: pd.DataFrame
) -> tuple[pd.DataFrame, Days]:
    """The item of so many seats, and what is left of the contract's cents."""
    customer, cents = table["customer"].to_numpy(), table["cents"].to_numpy()
    segment = buyers(world)["segment"].to_numpy()[customer]
    quantity = SEATS[segment, dice.integers(0, SEATS.shape[1], len(table))]
    each = (cents * SEATS_SHARE / quantity).astype(np.int64)
    items = _items(
        customer, plans(world)[customer], each, table["start"].to_numpy(), table["end"].to_numpy()
    )
    items["quantity"] = quantity
    return items, cents - each * quantity


def _platform(dice: np.random.Generator, table: pd.DataFrame, cents: Days) -> pd.DataFrame:
    """The fee that does not depend on seats; some had a discount on the first bill."""
    start = table["start"].to_numpy()
    items = _items(table["customer"].to_numpy(), "Platform", cents, start, table["end"].to_numpy())
    coupon = dice.random(len(items)) < COUPON
    items["percent_off"] = items["percent_off"].mask(coupon, 10.0)
    items["discount_duration"] = items["discount_duration"].mask(coupon, "once")
    items["since"] = np.where(coupon, start, NEVER)
    return items


def _added(
    world: World, dice: np.random.Generator, table: pd.DataFrame, cents: Days
) -> pd.DataFrame:
    """An item at a fifth off: for ever, or until a day that is still to come."""
    start = table["start"].to_numpy()
    customer, end = table["customer"].to_numpy(), table["end"].to_numpy()
    items = _items(customer, "Advanced reports", cents // 4 * FIFTH, start, end)
    ends = dice.random(len(items)) < 0.5
    items["percent_off"] = 100.0 / FIFTH
    items["discount_duration"] = np.where(ends, "repeating", "forever")
    items["since"] = start
    later = world.last + dice.integers(*ENDS_LATER, len(items))
    items["until"] = np.where(ends, later, NEVER)
    return items


def _countless(world: World) -> pd.DataFrame:
    """Items that are no part of MRR: paid once, by use, on trial, paused, not paid."""
    table, dice = contracts(world), world.dice("countless items")
    runs = table[table["end"] == NEVER]
    frames = []
    for share, plan, status, interval, usage, part in COUNTLESS:
        rows = runs[dice.random(len(runs)) < share]
        cents = np.round(rows["cents"].to_numpy() * part / 100).astype(np.int64) * 100
        start = rows["start"].to_numpy()
        items = _items(rows["customer"].to_numpy(), plan, cents, start, rows["end"].to_numpy())
        items["status"], items["interval"], items["usage_type"] = status, interval, usage
        if status == "trialing":
            items["trial"] = world.last + dice.integers(*TRIAL_DAYS, len(items))
            items["start"] = np.maximum(start, items["trial"] - TRIAL_DAYS[1])
        frames.append(items)
    return pd.concat(frames, ignore_index=True)
