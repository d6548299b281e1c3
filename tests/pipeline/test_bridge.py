"""What changed the pipeline between two days: each deal once, balanced, and the same in SQL."""

from __future__ import annotations

import csv
import html
import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.catalog import DATASETS
from pipeline import queries
from pipeline.analytics.bridge import STEPS, UNCHANGED, Change, State, change
from pipeline.panels import bridge
from pipeline.queries import bridge as read
from revops_site.kernel import loading
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.periods import Period, fiscal_quarter
from tests.conftest import AsUser
from tests.insights import files
from tests.pipeline import histories
from tests.pipeline.histories import FIRST, LAST, Life

QUARTER = Period(date(2025, 4, 1), date(2025, 7, 1))
RATES = {date(2024, 12, 1): Decimal("1.10"), date(2025, 6, 1): Decimal("1.25")}

AMOUNTS = st.none() | st.decimals(0, 10**6, places=2)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2025, 12, 31))
STATES = st.none() | st.builds(
    State,
    status=st.sampled_from(("open", "open", "open", "won", "lost", "deleted")),
    amount=AMOUNTS,
    close_date=DAYS,
    belongs=st.sampled_from((True, True, True, False)),
    currency=st.sampled_from(("USD", "EUR")),
    rate=st.sampled_from((Decimal(1), Decimal("1.1"), Decimal("1.25"), None)),
)


@settings(max_examples=1000)
@given(before=STATES, after=STATES, closes=st.sampled_from((None, QUARTER)))
def test_whatever_became_of_a_deal_it_has_one_reason_and_the_bridge_balances(
    before: State | None, after: State | None, closes: Period | None
) -> None:
    was = before.value if before and before.counts(closes) else Decimal(0)
    now = after.value if after and after.counts(closes) else Decimal(0)
    found = change(before, after, closes, {"EUR": Decimal("1.3")})
    if found is None:
        assert not any(one and one.counts(closes) for one in (before, after))
        return
    assert found.reason in {*STEPS, UNCHANGED}
    assert was + found.moved == now
    assert found.moved >= 0 or found.reason not in {"created", "pulled_in", "increased"}
    assert found.moved <= 0 or found.reason not in {"won", "lost", "pushed_out", "decreased"}
    assert found.moved or found.reason != "currency"


def slice_of(start: date, end: date, allowed: Allowed | None = None, **asked: str) -> Slice:
    query = urlencode({"period": "custom", "start": start, "end": end, **asked})
    return narrow(Filters.parse(query), allowed or Allowed(), LAST, first_month=1, currency="USD")


@pytest.fixture
def lives(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> list[Life]:
    """Two hundred deals with their histories, and a euro that becomes dearer in June."""
    found = [histories.lived(seed, ZoneInfo("UTC")) for seed in range(200)]
    rates = [
        {"date": f"{day}", "from_currency": "EUR", "to_currency": "USD", "rate": f"{rate}"}
        for day, rate in RATES.items()
    ]
    files.load(tmp_path / "rates", {"fx_rates": rates})
    given = [histories.export(tmp_path, found), *histories.histories(tmp_path, found)]
    assert loading.load(given, DATASETS, strict=True).exit_code == 0
    return found


def rate(money: str, day: date) -> Decimal:
    known = [one for since, one in RATES.items() if since <= day]
    return Decimal(1) if money == "USD" else known[-1]


def state(life: Life, day: date, slice_: Slice) -> State | None:
    told = life.at(day)
    if told is None:
        return None
    belongs = (
        told["forecast_category"] != "Omitted"
        and (not slice_.segment or told["segment"] in slice_.segment)
        and (slice_.reps is None or told["owner_id"] in slice_.reps)
    )
    return State(
        status=told["status"],
        amount=None if told["amount"] is None else Decimal(told["amount"]),
        close_date=date.fromisoformat(told["close_date"]) if told["close_date"] else None,
        belongs=belongs,
        currency=told["currency"],
        rate=rate(told["currency"], day),
    )


def expected(
    lives: list[Life], slice_: Slice, first: date, last: date, closes: Period | None
) -> Mapping[str, Change]:
    rates = {"EUR": rate("EUR", last), "USD": Decimal(1)}
    pairs = {
        life.deal_id: (state(life, first, slice_), state(life, last, slice_)) for life in lives
    }
    found = {name: change(*pair, closes, rates) for name, pair in pairs.items()}
    return {name: one for name, one in found.items() if one is not None}


@pytest.mark.django_db
def test_the_database_gives_each_deal_the_reason_that_its_history_makes(lives: list[Life]) -> None:
    dice = random.Random(8)
    seen: Counter[str] = Counter()
    for nth in range(24):
        days = sorted(FIRST + timedelta(dice.randrange(364)) for _ in "ab")
        allowed = Allowed(("ana",)) if nth % 4 == 3 else None
        asked = {"segment": "ENT"} if nth % 5 == 1 else {}
        slice_ = slice_of(
            days[0] + timedelta(1), max(days[1], days[0] + timedelta(1)), allowed, **asked
        )
        last = bridge.days(slice_).last_day
        closes = (None, QUARTER, fiscal_quarter(LAST, 1))[nth % 3]
        told = expected(lives, slice_, days[0], last, closes)
        sums = read.sums(slice_, days[0], last, closes)
        assert dict(zip(sums["reason"], sums["deals"], strict=True)) == Counter(
            one.reason for one in told.values()
        )
        for step in STEPS:
            rows = read.moved(slice_, days[0], last, closes, step)
            assert rows["deal_id"].is_unique
            got = dict(zip(rows["deal_id"], rows["moved"], strict=True))
            for name, moved in got.items():
                assert moved == pytest.approx(float(told[name].moved))
            assert set(got) == {name for name, one in told.items() if one.reason == step}
        seen.update(one.reason for one in told.values())
    assert len({*STEPS} & set(seen)) >= 10


@pytest.mark.django_db
def test_a_bridge_ends_with_what_is_open_on_its_last_day(lives: list[Life]) -> None:
    slice_ = slice_of(date(2025, 3, 1), LAST)
    found = bridge.movement(slice_, bridge.ALL).set_index("step")
    whole = queries.open_totals(slice_)
    assert found.loc["end", "deals"] == whole["open_deals"]
    assert found.loc["end", "amount"] == pytest.approx(whole["open_amount"])
    amounts = found["amount"].to_dict()
    start, end = amounts.pop("start"), amounts.pop("end")
    assert round(start + sum(amounts.values()) - end, 2) == 0


@pytest.mark.django_db
def test_no_deal_is_in_two_steps_of_a_bridge(lives: list[Life]) -> None:
    slice_ = slice_of(date(2025, 5, 1), LAST)
    found = bridge.movement(slice_, bridge.ALL).set_index("step")["deals"]
    moved = [bridge.deals(slice_, bridge.ALL, step)["deal_id"] for step in STEPS]
    ids = [deal_id for rows in moved for deal_id in rows]
    assert len(ids) == len(set(ids)) == found.drop(["start", "end"]).sum()
    assert len(moved[STEPS.index("currency")])


def deal(deal_id: str, owner: str, **other: str) -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "account": deal_id,
        "owner": owner,
        "stage": "Demo",
        "status": "open",
        "created_at": "2025-01-10",
        "amount": "1000",
        "currency": "USD",
        "expected_close": "2025-06-01",
        **other,
    }


def changed(deal_id: str, field: str, old: str, new: str) -> dict[str, str]:
    moment = "2025-05-05T10:00:00Z"
    return {"deal_id": deal_id, "field": field, "old": old, "new": new, "changed_at": moment}


@pytest.fixture
def few(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    """Deals of which one grew, one slipped, one was won and one went from Ana to Cy."""
    files.load(
        tmp_path,
        {
            "pipeline_deals": [
                deal("grown", "ana", amount="1500"),
                deal("slipped", "ana", expected_close="2025-09-01"),
                deal("won", "ana", status="won", closed_at="2025-05-05", stage="Closed_Won"),
                deal("handed", "cy", amount="700"),
                deal("new", "ana", created_at="2025-06-30", amount="50"),
            ],
            "deal_changes": [
                changed("grown", "amount", "1000", "1500"),
                changed("slipped", "close_date", "2025-06-01", "2025-09-01"),
                changed("handed", "owner_id", "ana", "cy"),
            ],
            "status_events": [
                {"deal_id": "won", "at": "2025-05-05T10:00:00Z", "status": "won"},
            ],
        },
    )


def rows(as_user: AsUser, who: User, address: str) -> list[dict[str, Any]]:
    answer = as_user(who).get(f"/pipeline/bridge/{address}.json")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.content)["rows"]
    return found


def steps(as_user: AsUser, who: User, scope: str) -> dict[str, tuple[int, float]]:
    found = rows(as_user, who, f"panels/bridge-{scope}")
    return {row["step"]: (row["deals"], row["amount"]) for row in found}


def test_a_page_tells_the_steps_and_each_leads_to_its_deals(
    few: None, as_user: AsUser, dee: User
) -> None:
    assert steps(as_user, dee, "quarter") == {
        "start": (4, 3700),
        "increased": (1, 500),
        "created": (1, 50),
        "pushed_out": (1, -1000),
        "won": (1, -1000),
        "end": (3, 2250),
    }
    assert steps(as_user, dee, "all")["created"] == (1, 50)
    text = as_user(dee).get("/pipeline/bridge/?segment=").content.decode()
    assert 'href="/pipeline/bridge/quarter/pushed_out/"' in text
    assert "$550 came in and $2K went out: −$1K net." in text
    page = as_user(dee).get("/pipeline/bridge/quarter/pushed_out/").content.decode()
    assert "1 Jun 2025 → 1 Sep 2025" in page
    file = as_user(dee).get("/pipeline/bridge/quarter/increased/panels/deals.csv").content.decode()
    (row,) = csv.DictReader(file.splitlines())
    assert row["told"] == "1,000 USD → 1,500 USD"
    assert (row["deal_id"], float(row["change"])) == ("grown", 500)
    assert as_user(dee).get("/pipeline/bridge/quarter/eaten/").status_code == 404
    assert as_user(dee).get("/pipeline/bridge/year/won/").status_code == 404


def test_a_deal_that_was_deleted_says_since_when(
    few: None, as_user: AsUser, ana: User, cy: User, tmp_path: Path
) -> None:
    gone = deal("grown", "ana", amount="1500", is_deleted="true")
    event = {"deal_id": "grown", "at": "2025-06-20T10:00:00Z", "status": "deleted"}
    files.load(tmp_path, {"pipeline_deals": [gone], "status_events": [event]})
    listed = as_user(ana).get("/pipeline/bridge/all/deleted/").content.decode()
    (way,) = set(re.findall(r'href="(/pipeline/deals/grown/[^"]*)"', listed))
    told = as_user(ana).get(html.unescape(way))
    assert told.status_code == 200
    assert "Deleted on 20 Jun 2025." in told.content.decode()
    assert "1 of 1" in told.content.decode()
    assert as_user(cy).get("/pipeline/deals/grown/").status_code == 404
    assert as_user(ana).post("/pipeline/deals/grown/", {"do": "done"}).status_code == 404


def test_a_deal_that_is_no_longer_ones_own_leads_nowhere(
    few: None, as_user: AsUser, ana: User, dee: User
) -> None:
    mine, all_ = (
        as_user(who).get("/pipeline/bridge/all/removed/?owner=ana").content.decode()
        for who in (ana, dee)
    )
    assert "handed" in mine
    assert "/pipeline/deals/handed/" not in mine
    assert "/pipeline/deals/handed/" in all_


def test_a_deal_that_was_handed_on_leaves_one_rep_and_comes_to_the_other(
    few: None, as_user: AsUser, ana: User, cy: User
) -> None:
    assert steps(as_user, ana, "all")["removed"] == (1, -700)
    assert steps(as_user, cy, "all") == {"start": (0, 0), "added": (1, 700), "end": (1, 700)}
    (gone,) = rows(as_user, ana, "all/removed/panels/deals")
    assert (gone["deal_id"], gone["owner_then"]) == ("handed", "Ana Almeida")
    assert gone["owner_now"] is None  # whose it is now, and what became of it, is not hers to see


def test_the_overview_says_what_the_changes_did_to_the_pipeline(
    few: None, as_user: AsUser, dee: User
) -> None:
    text = as_user(dee).get("/").content.decode()
    assert "Open pipeline +$50: mostly created +$50." in text
    assert "/pipeline/bridge/?period=custom" in text
