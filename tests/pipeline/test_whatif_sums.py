"""What is assumed of deals: read, meant, and reckoned by the very sums of the forecast."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analytics import assumed, reckoned, whatif
from pipeline.analytics.assumed import Assumed, RefusedError
from pipeline.analytics.reckoned import Reckoned, Taught

DAY, QUARTER_END, LATER = date(2025, 5, 20), date(2025, 6, 30), date(2025, 8, 1)
TEXTS = st.text(max_size=12)
ENTRIES = st.dictionaries(
    st.text(min_size=1, max_size=12).filter(
        lambda text: text.isprintable() and text == text.strip()
    ),
    st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from(["80000", "1,5", "2025-06-30", "a~b=c,d%"])
            for name in assumed.FIELDS
        },
    ).filter(bool),
    max_size=6,
)


def deals(*rows: tuple[str, date, float]) -> pd.DataFrame:
    """Open deals in Demo, of which half are won: id, expected close, value."""
    frame = pd.DataFrame(rows, columns=["deal_id", "close_date", "value"])
    stamps = {
        name: pd.Series(pd.Timestamp(DAY), index=frame.index)
        for name in ("last_activity_at", "next_activity_at")
    }
    return frame.assign(
        close_date=pd.to_datetime(frame["close_date"]),
        value=frame["value"].astype("float64"),
        own_amount=frame["value"].astype("float64"),
        amount_30d_ago=frame["value"].astype("float64"),
        stage_name="Demo",
        forecast_category="",
        stage_probability=0.5,
        chance=0.5,
        expected_days=30.0,
        days_in_stage=3.0,
        engaged_contacts=4.0,
        has_champion=True,
        has_economic_buyer=True,
        push_count=0.0,
        next_is_known=True,
        discount_pct=0.0,
        **stamps,
    )


FRAME = deals(("A", QUARTER_END, 100_000), ("B", QUARTER_END, 40_000), ("C", LATER, 60_000))


def reckon(frame: pd.DataFrame) -> Reckoned:
    return reckoned.reckon(
        frame,
        day=DAY,
        first_month=1,
        closed=10_000,
        target=200_000,
        new=(),
        team="All",
        taught=Taught(),
    )


def scored(**what: Assumed) -> pd.DataFrame:
    return whatif.scored(FRAME, what, DAY, 1, Taught())


@given(ENTRIES)
def test_what_is_written_into_an_address_is_read_from_it_again(
    entries: dict[str, dict[str, str]],
) -> None:
    assert assumed.read(assumed.written(entries)) == entries


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assumed.meant(assumed.read(text), DAY)


def test_an_address_that_says_too_much_is_refused() -> None:
    with pytest.raises(RefusedError, match="more than can be assumed"):
        assumed.read("A~out," * assumed.LONGEST)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("amount", "80,000.50", 80_000.5),
        ("amount", "80 000", 80_000.0),
        ("amount", "0", 0.0),
        ("close", "2025-06-01", date(2025, 6, 1)),
        ("close", "2025-05-20", DAY),
        ("chance", "40", 0.4),
        ("chance", "40 %", 0.4),
    ],
)
def test_what_people_write_is_meant(name: str, text: str, meant: float | date) -> None:
    assert assumed.value(name, text, DAY) == meant


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("amount", "eighty", "is not a number"),
        ("amount", "1.234,50", "is not a number"),
        ("amount", "nan", "is not a number"),
        ("amount", "1e9", "is not a number"),
        ("amount", "-5", "is below 0"),
        ("amount", "9" * 20, "more than any deal"),
        ("close", "2025-05-19", "lies before 20 May 2025"),
        ("close", "31.12.2025", "is not a date"),
        ("close", "2025-02-30", "is not a date"),
        ("close", "2099-01-01", "more than 5 years ahead"),
        ("chance", "101", "from 0 to 100"),
        ("chance", "-1", "from 0 to 100"),
    ],
)
def test_what_cannot_be_meant_is_told_and_the_rest_holds(name: str, text: str, why: str) -> None:
    other = {"chance": "10"} if name == "amount" else {"amount": "5"}
    found, problems = assumed.meant({"A": {name: text, **other}, "B": {"out": "1"}}, DAY)
    assert [why in one.says for one in problems] == [True]
    assert found["B"].is_out
    assert found["A"].amount == 5 or found["A"].chance == 0.1


def test_without_assumptions_nothing_differs() -> None:
    assert scored().equals(reckoned.scored(FRAME, DAY, 1, Taught()))


def test_a_frame_is_left_as_it_was() -> None:
    before = FRAME.copy(deep=True)
    scored(A=Assumed(is_out=True), B=Assumed(amount=1.0, close=LATER))
    assert FRAME.equals(before)


def test_each_assumption_moves_the_forecast_by_what_it_is_worth() -> None:
    whole = reckon(scored()).parts.ai_forecast
    assert whole == 10_000 + 50_000 + 20_000
    for what, then in (
        ({"A": Assumed(is_out=True)}, whole - 50_000),
        ({"A": Assumed(amount=200_000)}, whole + 50_000),
        ({"A": Assumed(close=LATER)}, whole - 50_000),
        ({"C": Assumed(close=QUARTER_END)}, whole + 30_000),
        ({"B": Assumed(chance=1.0)}, whole + 20_000),
        ({"C": Assumed(chance=1.0)}, whole),
    ):
        assert reckon(scored(**what)).parts.ai_forecast == pytest.approx(then), what


def test_without_open_deals_the_forecast_is_what_is_won() -> None:
    nothing = {name: Assumed(is_out=True) for name in "ABC"}
    found = reckon(scored(**nothing))
    assert found.parts.ai_forecast == found.low == found.high == 10_000
    assert found.figures()["open_deals"] == 0


def test_an_unknown_amount_may_be_assumed() -> None:
    unknown = FRAME.assign(value=float("nan"), own_amount=float("nan"))
    found = whatif.scored(unknown, {"A": Assumed(amount=10_000)}, DAY, 1, Taught())
    assert reckon(found).parts.expected_open == pytest.approx(5_000)


ONE = st.builds(
    Assumed,
    is_out=st.booleans(),
    amount=st.none() | st.floats(0, 1e6),
    close=st.none() | st.sampled_from([DAY, QUARTER_END, LATER]),
    chance=st.none() | st.floats(0, 1),
)


@given(st.dictionaries(st.sampled_from("ABC"), ONE))
def test_what_each_changed_deal_adds_sums_to_the_change_of_the_forecast(
    what: dict[str, Assumed],
) -> None:
    before, after = scored(), scored(**what)
    told = whatif.differences(before, after, what)
    change = reckon(after).parts.ai_forecast - reckon(before).parts.ai_forecast
    assert told["expected_change"].sum() == pytest.approx(change, abs=0.01)
    assert sorted(told["deal_id"]) == sorted(what)


def test_what_becomes_of_a_deal_is_said_in_a_word() -> None:
    what = {
        "A": Assumed(is_out=True),
        "B": Assumed(close=LATER),
        "C": Assumed(close=QUARTER_END),
    }
    told = whatif.differences(scored(), scored(**what), what).set_index("deal_id")["what"]
    assert told.to_dict() == {"A": "Left out", "B": "Moves out", "C": "Moves in"}
