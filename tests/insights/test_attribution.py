"""Attribution's pages: equal totals, whose deals one may see, and the same number everywhere."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pandas.testing import assert_frame_equal

from insights.catalog import DATASETS
from insights.models import CreditDay
from insights.panels import attribution as pages
from insights.panels.attribution import known, models
from insights.queries import attribution as queries
from insights.queries.attribution.credit import reckoned
from insights.queries.attribution.ended import is_whole
from insights.queries.attribution.paths import counted
from insights.rollups import CREDIT_DAYS, DEAL_MOVES, LEAD_MOVES
from marketing.analytics.attribution import RULES, UNATTRIBUTED
from pipeline import queries as pipeline_queries
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser

CATALOG = {dataset.name: dataset for dataset in DATASETS}
MOST_QUERIES = 45
WON_TO = date(2025, 6, 30)
DEAL = {
    "stage_name": "Closed_Won",
    "status": "won",
    "created_at": "2025-01-10",
    "segment": "SMB",
    "currency": "USD",
}
WON = (
    {"deal_id": "W1", "owner_id": "ana", "amount": "1000", "closed_on": "2025-04-10"},
    {"deal_id": "W2", "owner_id": "ana", "amount": "600", "closed_on": "2025-05-20"},
    {"deal_id": "W3", "owner_id": "cy", "amount": "400", "closed_on": "2025-06-05"},
    {"deal_id": "W4", "owner_id": "cy", "amount": "800.50", "closed_on": "2025-06-08"},
)
LOST = {"deal_id": "L1", "owner_id": "cy", "status": "lost", "closed_on": "2025-06-09"}
OPEN = {"deal_id": "O1", "stage_name": "Demo", "status": "open", "created_at": "2025-06-30"}
TOUCHES = (
    ("W1", "Ads", "Spring", "2025-03-01"),
    ("W1", "Mail", "", "2025-03-20"),
    ("W1", "Direct", "", "2025-04-09"),
    ("W2", "Events", "Fair", "2025-05-19"),
    ("W3", "Ads", "Spring", "2024-09-01"),
    ("W4", "Mail", "", "2025-06-01"),
    ("W4", "Ads", "Autumn", "2025-06-08"),
    ("L1", "Mail", "", "2025-06-01"),
)


def write(dataset: str, *given: dict[str, Any]) -> None:
    report = rows.write(CATALOG[dataset], list(given), kind="app", source="test", by=None)
    assert report.refused == 0, report.sample


@pytest.fixture
def won(workspace: Workspace, ana: User, cy: User) -> None:
    """Four deals that were won and one that was lost, and what touched them."""
    write("touchpoints", *(touch(n, *one) for n, one in enumerate(TOUCHES)))
    write("pipeline_deals", *(DEAL | one for one in (*WON, LOST, OPEN)))


def touch(nth: int, deal: str, channel: str, campaign: str, day: str) -> dict[str, Any]:
    return {
        "touch_id": f"T{nth}",
        "deal_id": deal,
        "channel": channel,
        "campaign": campaign,
        "touched_at": f"{day}T10:00:00Z",
    }


def slice_of(query: str = "", reps: tuple[str, ...] | None = None) -> Slice:
    return narrow(
        Filters.parse(query),
        Allowed(reps),
        WON_TO,
        first_month=1,
        currency="USD",
        default_period="365d",
    )


def table(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.getvalue().decode("utf-8-sig")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def models_csv(client: Client, query: str = "") -> dict[str, dict[str, str]]:
    found = table(client, f"/marketing/attribution/panels/attribution-models.csv{query}")
    return {row["channel"]: row for row in found}


@pytest.mark.parametrize("query", ["", "?lookback_days=400", "?half_life_days=30&lookback_days=8"])
@pytest.mark.parametrize("by", ["value", "count"])
def test_every_model_adds_up_to_what_the_pipeline_says_was_won(
    won: None, as_user: AsUser, dee: User, query: str, by: str
) -> None:
    mark = "&" if query else "?"
    found = models_csv(as_user(dee), f"{query}{mark}by={by}")
    of_pipeline = pipeline_queries.totals(slice_of())
    total = of_pipeline["won_amount"] if by == "value" else of_pipeline["won"]
    for name in RULES:
        assert sum(float(row[name]) for row in found.values()) == pytest.approx(total, rel=1e-12)


def test_credit_out_of_the_ledger_is_what_its_parameters_give_anew(won: None) -> None:
    kept = queries.credit(slice_of())
    anew = reckoned(queries.whole(slice_of()))
    ordered = kept.sort_values(["month", "channel", "campaign"]).reset_index(drop=True)
    assert (ordered["channel"] == anew["channel"]).all()
    for name in queries.ADDED:
        assert ordered[name].to_numpy() == pytest.approx(anew[name].to_numpy())


@pytest.mark.parametrize("query", ["", "as_of=2025-06-07", "period=all", "period=30d"])
def test_the_sums_of_days_tell_what_the_journeys_tell_one_by_one(won: None, query: str) -> None:
    write("pipeline_deals", DEAL | WON[1] | {"status": "open", "closed_on": ""})
    write("pipeline_deals", DEAL | WON[2] | {"amount": "450", "currency": "EUR"})
    write("pipeline_deals", DEAL | LOST | {"status": "won", "amount": "70"})
    slice_ = queries.whole(slice_of(query))
    assert is_whole(slice_)
    keys = ["month", "channel"]
    days = queries.by_channel(slice_)
    assert len(days) > 0
    one_by_one = queries.credit(slice_).groupby(keys).sum(numeric_only=True)
    assert_frame_equal(days.set_index(keys), one_by_one, check_exact=False, atol=1e-9)
    same = {"before": "object", "after": "object", "journeys": "int64", "won": "int64"}
    assert_frame_equal(queries.moves(slice_).astype(same), counted(slice_).astype(same))


def test_sums_of_days_follow_a_deal_that_closes_on_another_day(won: None) -> None:
    day = slice_of("period=custom&start=2025-04-10&end=2025-04-10")
    assert set(queries.by_channel(day)["value"]) == {1000}
    write("pipeline_deals", DEAL | WON[0] | {"closed_on": "2025-04-12"})
    assert [one.differences() for one in (CREDIT_DAYS, DEAL_MOVES, LEAD_MOVES)] == [0, 0, 0]
    assert queries.by_channel(day).empty
    assert not CreditDay.objects.filter(ended_on=date(2025, 4, 10)).exists()


def test_a_past_day_is_credited_as_the_ledger_said_then(
    won: None, as_user: AsUser, dee: User
) -> None:
    write("touchpoints", touch(90, "W2", "Mail", "", "2025-05-01"))
    client, then = as_user(dee), "?as_of=2025-06-07"
    assert "Events" in models_csv(client, then)
    now, before = (models_csv(client, query) for query in ("", then))
    assert float(now["Events"]["first_touch"]) == 0
    assert float(before["Events"]["first_touch"]) == 600
    for channel, row in before.items():  # each cell leads to lines that add up to it
        slice_ = replace(slice_of(then[1:]), channel=(channel,))
        told: Any = queries.lines(slice_)
        listed = sum(line.first_touch * float(line.value) for line in told)
        if channel != UNATTRIBUTED:
            assert listed == pytest.approx(float(row["first_touch"]))
    of_deal = {row.deal_id: row.revision for row in queries.credited_deals(slice_of(then[1:]))}
    assert of_deal["W2"] == 1


def test_other_rates_are_other_credit(won: None) -> None:
    write("pipeline_deals", DEAL | WON[1] | {"currency": "EUR"})
    one = {"from_currency": "EUR", "to_currency": "USD", "date": "2025-01-01"}
    for rate in (2, 3):
        write("fx_rates", one | {"rate": str(rate)})
        found = queries.credit(slice_of()).groupby("channel")["first_touch_value"].sum()
        assert found["Events"] == 600 * rate
        assert queries.by_channel(slice_of())["linear_value"].sum() == pytest.approx(
            2200.5 + 600 * rate
        )


def test_other_parameters_credit_others_and_say_so(won: None, as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    assert float(models_csv(client)["Unattributed"]["u_shaped"]) == 400
    assert "Unattributed" not in models_csv(client, "?lookback_days=400")
    page = client.get("/marketing/attribution/?lookback_days=400").content.decode()
    assert "The ledger is by 90 days and a half-life of 7 days" in page
    assert re.search(r'name="lookback_days"[^>]*placeholder="90"[^>]*value="400"', page)


def test_a_model_that_knows_too_little_says_so_and_gives_nothing(
    won: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert all(row["markov"] == "" for row in models_csv(client).values())
    page = client.get("/marketing/attribution/").content.decode()
    assert "Markov says nothing here. It takes 100 journeys with a touch" in page


def test_a_rank_that_changes_with_the_model_is_named(won: None, as_user: AsUser, dee: User) -> None:
    found = models_csv(as_user(dee))
    assert found["Unattributed"]["verdict"] == "same"
    assert found["Ads"]["verdict"] == "dependent"
    assert float(found["Ads"]["spread"]) == pytest.approx(
        float(found["Ads"]["high"]) - float(found["Ads"]["low"])
    )


def test_a_rep_s_credit_is_of_the_own_deals_and_a_manager_s_of_the_team_s(
    won: None, as_user: AsUser, ana: User, bo: User, dee: User
) -> None:
    own, team, every = (models_csv(as_user(one)) for one in (ana, bo, dee))
    assert sum(float(row["linear"]) for row in own.values()) == pytest.approx(1600)
    assert own == team
    for channel, row in own.items():
        for name in RULES:
            assert float(row[name]) <= float(every[channel][name]) + 1e-9


def test_a_stranger_s_deal_has_no_journey_for_a_rep(
    won: None, as_user: AsUser, ana: User, cy: User
) -> None:
    hers = "/marketing/attribution/deals/W1/"
    assert as_user(ana).get(hers).status_code == 200
    assert as_user(cy).get(hers).status_code == 404
    assert as_user(cy).get(f"{hers}panels/journey-touches.csv").status_code == 404
    listed = as_user(cy).get("/marketing/attribution/journeys/").content.decode()
    assert "/deals/W3/" in listed
    assert "/deals/W1/" not in listed
    ledger = as_user(cy).get("/marketing/attribution/ledger/").content.decode()
    assert "/deals/W3/" in ledger
    assert "/deals/W1/" not in ledger


def test_a_journey_tells_each_touch_in_order_with_its_part_of_the_deal(
    won: None, as_user: AsUser, ana: User
) -> None:
    found = table(as_user(ana), "/marketing/attribution/deals/W1/panels/journey-touches.csv")
    assert [row["channel"] for row in found] == ["Ads", "Mail", "Direct"]
    assert [float(row["u_shaped"]) for row in found] == pytest.approx([0.4, 0.2, 0.4])
    assert [row["age"] for row in found] == ["40", "21", "1"]
    credit = table(as_user(ana), "/marketing/attribution/deals/W1/panels/journey-credit.csv")
    assert {row["channel"]: float(row["last_non_direct"]) for row in credit} == {
        "Ads": 0,
        "Direct": 0,
        "Mail": 1,
    }


def test_later_evidence_is_a_revision_that_the_journey_and_the_ledger_show(
    won: None, as_user: AsUser, dee: User
) -> None:
    write("touchpoints", touch(90, "W2", "Ads", "Spring", "2025-05-01"))
    client = as_user(dee)
    found = table(client, "/marketing/attribution/deals/W2/panels/journey-revisions.csv")
    assert [(row["revision"], row["journey"]) for row in found] == [
        ("2", "Ads → Events"),
        ("1", "Events"),
    ]
    ledger = client.get("/marketing/attribution/ledger/?flag=revised").content.decode()
    assert "/deals/W2/" in ledger
    assert "/deals/W1/" not in ledger
    assert float(models_csv(client)["Events"]["linear"]) == 300


def test_a_cell_leads_to_the_number_and_its_rows_and_all_say_the_same(
    won: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    page = client.get("/marketing/attribution/").content.decode()
    (address,) = {
        one.replace("&amp;", "&")
        for one in re.findall(
            r'href="(/explain/attribution-u-shaped/[^"]*channel=Mail[^"]*)"', page
        )
    }
    cell = float(models_csv(client)["Mail"]["u_shaped"])
    told = client.get(address).content.decode()
    assert f"${cell:,.2f}" in told
    lines = table(client, address.replace("/?", "/panels/rows.csv?"))
    total = sum(float(row["value"]) * float(row["u_shaped"]) for row in lines)
    assert total == pytest.approx(cell)
    by_json = client.get("/marketing/attribution/panels/attribution-models.json").json()
    (row,) = (one for one in by_json["rows"] if one["channel"] == "Mail")
    assert row["u_shaped"] == pytest.approx(cell)


def test_the_commonest_ways_are_counted_with_those_that_were_lost(
    won: None, as_user: AsUser, dee: User
) -> None:
    found = table(as_user(dee), "/marketing/attribution/journeys/panels/attribution-paths.csv")
    ways = {row["words"]: (row["won"], row["lost"]) for row in found}
    assert ways == {
        "Ads → Mail → Direct": ("1", "0"),
        "Events": ("1", "0"),
        "Mail → Ads": ("1", "0"),
        "No touch that counts": ("1", "0"),
    }


def test_the_chain_shares_what_a_touch_counts_for_and_leaves_the_rest_unattributed(
    won: None, as_user: AsUser, dee: User
) -> None:
    many = [
        DEAL | {"deal_id": f"M{n}", "owner_id": "ana", "amount": "10", "closed_on": "2025-06-01"}
        for n in range(110)
    ]
    write("pipeline_deals", *many)
    write(
        "touchpoints",
        *(
            touch(1000 + n, f"M{n}", "Ads" if n % 3 else "Mail", "", "2025-05-20")
            for n in range(110)
        ),
    )
    found = models_csv(as_user(dee))
    total = pipeline_queries.totals(slice_of())["won_amount"]
    assert sum(float(row["markov"]) for row in found.values()) == pytest.approx(total)
    assert float(found["Unattributed"]["markov"]) == 400
    measured = known.totals(slice_of("channel=Ads"))
    assert measured["markov_share"] * measured["touched_value"] == pytest.approx(
        float(found["Ads"]["markov"])
    )


def test_a_page_asks_few_questions(won: None, as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    client.get("/marketing/attribution/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/marketing/attribution/?period=90d").status_code == 200
    assert len(asked) <= MOST_QUERIES


@pytest.mark.parametrize(
    "query", ["?by=weight", "?model=guess", "?half_life_days=0", "?lookback_days=x", "?channel=Zz"]
)
def test_parameters_that_mean_nothing_say_so_or_count_as_the_least(
    won: None, as_user: AsUser, dee: User, query: str
) -> None:
    answer = as_user(dee).get(f"/marketing/attribution/{query}")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "showing the default" in said or "halves in 1 day" in said or "was left out" in said


def test_the_parameters_stay_in_every_address_of_the_page(
    won: None, as_user: AsUser, dee: User
) -> None:
    page = as_user(dee).get("/marketing/attribution/?lookback_days=30&by=count").content.decode()
    ways = [
        one
        for one in re.findall(r'href="(/marketing/attribution/[^"]*)"', page)
        if "attribution-models" in one or "journeys" in one
    ]
    assert ways
    assert all("lookback_days=30" in one and "by=count" in one for one in ways)


def test_nothing_was_won_says_so(workspace: Workspace, as_user: AsUser, dee: User) -> None:
    for address in ("", "journeys/", "ledger/"):
        assert as_user(dee).get(f"/marketing/attribution/{address}").status_code == 200
    assert models.channels(slice_of()).empty
    assert pages.PAGE.panels[0].slug == "attribution-kpis"


def test_an_open_deal_has_touches_and_no_credit_yet(won: None, as_user: AsUser, dee: User) -> None:
    write("touchpoints", touch(95, "O1", "Ads", "", "2025-06-01"))
    client, address = as_user(dee), "/marketing/attribution/deals/O1/panels"
    assert [row["counts"] for row in table(client, f"{address}/journey-touches.csv")] == ["open"]
    assert table(client, f"{address}/journey-credit.csv") == []
