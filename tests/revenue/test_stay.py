"""What people see of who left, who may, what renews, and what MRR will be."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights.tasks import keep_customer_health, keep_customers
from revenue import tasks
from revenue.metrics.health import SIGNS
from revenue.models import CustomerHealth, HealthRun
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as few
from tests.conftest import AsUser
from tests.revenue import many
from tests.revenue.asking import rows, text

CHURN, FORECAST, RENEWALS = "/revenue/churn/", "/revenue/forecast/", "/revenue/renewals/"
ALL = "period=all"


@pytest.fixture
def loaded(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    many.load_many(tmp_path)


@pytest.fixture
def kept(loaded: None) -> None:
    """What the worker keeps of them."""
    keep_customer_health()
    tasks.try_forecasts()


@pytest.fixture
def whole(kept: None, vi: User, as_user: AsUser) -> Client:
    return as_user(vi)


def explained(client: Client, slug: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/explain/{slug}/panels/rows.json?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def tile(client: Client, page: str, slug: str, field: str, query: str = "") -> Any:
    found = rows(client, slug, query, page)
    return next(row["value"] for row in found if row["field"] == field)


def test_a_wave_of_churn_is_named_with_its_segment_and_reason(whole: Client) -> None:
    shown = text(whole, f"{CHURN}?{ALL}")
    assert "In Sep 2024 11 customers left; as in other months it would have been" in shown
    assert "Most of the difference: SMB, for Price (10; usual 0)." in shown


def test_what_was_seen_before_they_left_is_shown_with_n_and_interval(whole: Client) -> None:
    (sign,) = rows(whole, "churn-signs", "", CHURN)
    assert sign["sign"] == "Paid less"
    assert sign["low"] > 1  # type: ignore[operator]
    assert sign["left"] <= sign["seen"] <= sign["n"]  # type: ignore[operator]
    assert "Not told from chance: " in text(whole, CHURN)


def test_reasons_by_segment_sum_to_the_tile_and_to_the_rows_behind_it(whole: Client) -> None:
    table = rows(whole, "churn-reasons-by-segment", ALL, CHURN)
    lost = tile(whole, CHURN, "churn-kpis", "total_churned", ALL)
    assert sum(int(str(row["count"])) for row in table) == lost
    for row in table:
        assert row["count"] == sum(int(str(row[name])) for name in ("SMB", "MM", "ENT", "none"))
    assert len(explained(whole, "revenue-lost-customers", ALL)) == lost
    months = rows(whole, "churn-by-month", ALL, CHURN)
    assert sum(int(str(row["count"])) for row in months) == lost


def test_customers_at_risk_are_the_same_on_tile_list_file_and_behind_the_number(
    whole: Client,
) -> None:
    listed = rows(whole, "customers-at-risk", "", CHURN)
    assert listed
    assert all(int(str(row["score"])) < 60 and "pays less" in str(row["because"]) for row in listed)
    assert tile(whole, CHURN, "churn-kpis", "customers_at_risk") == len(listed)
    paid = sum(float(str(row["value"])) for row in listed)
    assert tile(whole, CHURN, "churn-kpis", "mrr_at_risk") == pytest.approx(paid)
    behind = explained(whole, "revenue-mrr-at-risk")
    assert sum(float(row["value"]) for row in behind) == pytest.approx(paid)
    answer = whole.get(f"{CHURN}panels/customers-at-risk.csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    lines = [line for line in content.decode("utf-8-sig").splitlines() if not line.startswith("#")]
    assert len(list(csv.DictReader(StringIO("\n".join(lines))))) == len(listed)


def test_the_score_is_the_share_of_the_points_that_are_known(whole: Client) -> None:
    most = {"trend": 30, "payment": 25, "contact": 20, "seats": 15, "term": 10}
    query = "&".join(f"column={name}" for name in ("account_name", "score", *most))
    for row in rows(whole, "customers-at-risk", query, CHURN):
        known = {name: int(str(row[name])) for name in most if row[name] is not None}
        share = 100 * sum(known.values()) / sum(most[name] for name in known)
        assert row["score"] == pytest.approx(share, abs=0.5)


def test_a_rep_sees_the_own_customers_alone_and_a_manager_the_team_s(
    kept: None, ana: User, bo: User, cy: User, vi: User, as_user: AsUser
) -> None:
    def owners(user: User, slug: str, page: str) -> set[object]:
        return {row["owner_name"] for row in rows(as_user(user), slug, "", page)}

    both = {"Ana Almeida", "Cy Chen"}
    for slug, page in (("customers-at-risk", CHURN), ("renewals", RENEWALS)):
        assert owners(vi, slug, page) == both
        assert owners(ana, slug, page) == owners(bo, slug, page) == {"Ana Almeida"}
        assert owners(cy, slug, page) <= {"Cy Chen"}
    mine, all_ = (
        tile(as_user(user), FORECAST, "mrr-forecast-kpis", "forecast_mrr") for user in (ana, vi)
    )
    assert 0 < mine < all_
    lost = [
        tile(as_user(user), CHURN, "churn-kpis", "total_churned", ALL) for user in (ana, cy, vi)
    ]
    assert lost[0] + lost[1] == lost[2]


def test_better_health_left_less_often_and_the_bands_sum_to_who_pays(whole: Client) -> None:
    bands = rows(whole, "customer-health", "", RENEWALS)
    shares = [float(str(row["share"])) for row in bands if row["band"] and row["n"]]
    assert shares == sorted(shares)
    assert "Better health left less often, by more than chance" in text(whole, RENEWALS)
    assert sum(int(str(row["customers"])) for row in bands) == len(
        explained(whole, "revenue-customers")
    )


@pytest.mark.parametrize("query", ["", "segment=SMB", "region=EMEA"])
def test_past_months_are_counted_the_same_as_of_all_their_owners(whole: Client, query: str) -> None:
    """What is kept of all customers, and what is counted of some owners' one by one."""
    for slug, page in (("churn-signs", CHURN), ("customer-health", RENEWALS)):
        found = rows(whole, slug, query, page)
        assert found == rows(whole, slug, f"{query}&owner=ana&owner=cy", page)
        assert found or query


def test_factors_that_nobody_knows_are_said_with_the_weight_that_others_share(
    whole: Client,
) -> None:
    shown = text(whole, RENEWALS)
    assert "Contact is not known of anybody" in shown
    assert "The other factors share its weight of 20." in shown


def test_what_renews_is_the_same_in_windows_tile_and_list(whole: Client) -> None:
    windows = rows(whole, "renewals-ahead", "", RENEWALS)
    days = "&".join(f"column={name}" for name in ("account_name", "renews_on", "days_left"))
    listed = rows(whole, "renewals", days, RENEWALS)
    assert sum(int(str(row["customers"])) for row in windows) == len(listed)
    in90 = [row for row in listed if int(str(row["days_left"])) <= 90]
    assert tile(whole, RENEWALS, "renewal-kpis", "renewing_customers") == len(in90)
    assert len(explained(whole, "revenue-renewing-mrr")) == len(in90)
    quick = rows(whole, "renewals", "flag=in90", RENEWALS)
    assert len(quick) == len(in90)
    assert all(str(row["renews_on"])[-2:] == "10" for row in listed)


def test_each_customer_at_risk_says_why(whole: Client) -> None:
    listed = rows(whole, "customers-at-risk", "", CHURN)
    assert all(row["because"] for row in listed)
    leaving = rows(whole, "customers-at-risk", "flag=leaving", CHURN)
    assert all(str(row["because"]).startswith(f"leaves {row['leaves_on']}") for row in leaving)


@pytest.mark.usefixtures("loaded")
def test_lists_of_health_say_that_it_was_not_reckoned_yet(vi: User, as_user: AsUser) -> None:
    shown = text(as_user(vi), CHURN)
    listed = shown[shown.index("Who may leave") :]
    for said in (listed, text(as_user(vi), RENEWALS)):
        assert "The health of customers was not reckoned yet." in said
        assert "Clear filters" not in said


def test_a_count_leads_to_the_customers_that_it_counts(whole: Client) -> None:
    """Of bands, of signs, and of what renews when: behind each number stand as many rows."""
    shown = whole.get(RENEWALS).content.decode()
    for band in rows(whole, "customer-health", "", RENEWALS):
        flag = str(band["band"] or "not known").lower().replace(" ", "-")
        behind = rows(whole, "customers-at-risk", f"flag={flag}", CHURN)
        assert len(behind) == int(str(band["customers"])), flag
        if behind:
            assert f'href="/revenue/churn/?flag={flag}' in shown
    windows = rows(whole, "renewals-ahead", "", RENEWALS)
    for last, window in zip((30, 60, 90, 180), windows, strict=True):
        for name, more in (("customers", ""), ("at_risk", "risk"), ("leaving", "leaving")):
            flags = f"flag=due{last}" + (f"&flag={more}" if more else "")
            behind = rows(whole, "renewals", flags, RENEWALS)
            assert len(behind) == int(str(window[name])), (last, name)
    for sign in rows(whole, "churn-signs", "", CHURN):
        named = next(one.name for one in SIGNS if one.label == sign["sign"])
        behind = rows(whole, "customers-at-risk", f"flag=sign-{named}", CHURN)
        assert len(behind) == int(str(sign["now"]))


def test_a_past_count_leads_to_the_customers_and_months_that_it_counts(whole: Client) -> None:
    shown = text(whole, RENEWALS)
    counts = {
        str(band["band"] or "not known").lower().replace(" ", "-"): (band["n"], band["left"])
        for band in rows(whole, "customer-health", "", RENEWALS)
    }
    assert any(int(str(n)) for n, _ in counts.values())
    for sign in rows(whole, "churn-signs", "", CHURN):
        named = next(one.name for one in SIGNS if one.label == sign["sign"])
        counts[f"sign-{named}"] = (sign["seen"], sign["left"])
    shown_as = "column=customer_id&column=month&column=left_in"
    for flag, (n, left) in counts.items():
        behind = rows(whole, "customers-at-risk", f"flag=past-{flag}&{shown_as}", CHURN)
        assert len(behind) == int(str(n)), flag
        assert len({(row["customer_id"], row["month"]) for row in behind}) == len(behind)
        gone = rows(whole, "customers-at-risk", f"flag=past-{flag}&flag=left-soon", CHURN)
        assert len(gone) == int(str(left)) == sum(row["left_in"] is not None for row in behind)
        if n and not flag.startswith("sign"):
            assert f'href="/revenue/churn/?flag=past-{flag}&amp;column=' in shown


def test_past_renewals_count_who_still_paid_a_month_after(whole: Client) -> None:
    segments = rows(whole, "renewal-rate-by-segment", "", RENEWALS)
    behind = explained(whole, "revenue-renewal-rate")
    assert sum(int(str(row["due"])) for row in segments) == len(behind)
    stayed = sum(int(str(row["renewed"])) for row in segments)
    assert 0 < stayed < len(behind)
    share = tile(whole, RENEWALS, "renewal-kpis", "renewal_rate")
    assert share == pytest.approx(stayed / len(behind))
    months = rows(whole, "renewal-rate-by-month", "", RENEWALS)
    assert sum(int(str(row["due"])) for row in months) == len(behind)


def test_the_forecast_is_the_sum_of_its_parts_and_of_the_segments(whole: Client) -> None:
    ends = rows(whole, "mrr-forecast", "", FORECAST)
    forecast = tile(whole, FORECAST, "mrr-forecast-kpis", "forecast_mrr")
    assert ends[-1]["forecast"] == pytest.approx(forecast)
    shown = text(whole, FORECAST)
    assert "In use: " in shown
    scores = rows(whole, "mrr-forecast-record", "", FORECAST)
    used = {row["method"] for row in scores if row["is_used"]}
    assert len(used) == 1
    if used == {"parts"}:
        segments = rows(whole, "mrr-forecast-by-segment", "", FORECAST)
        total = sum(float(str(row["forecast"])) for row in segments)
        assert total == pytest.approx(forecast)
    said = text(whole, "/explain/revenue-forecast/")
    assert "What moved in the months that the forecast is learned from" in said


def test_a_short_history_gives_no_forecast_and_says_what_it_takes(
    workspace: Workspace, ana: User, cy: User, vi: User, as_user: AsUser, tmp_path: Path
) -> None:
    lines = few.ledger()
    short = [line for line in lines if not line.split(",")[1].startswith("2024")]
    assert few.load(tmp_path, revenue_customers=few.CUSTOMERS, customer_mrr=short).exit_code == 0
    tasks.try_forecasts()
    shown = text(as_user(vi), FORECAST)
    assert "Not enough data: what moved MRR is known of 5 months" in shown


def test_before_health_is_reckoned_the_pages_say_that_it_will_be(
    loaded: None, vi: User, as_user: AsUser
) -> None:
    for page in (CHURN, RENEWALS):
        assert "was not reckoned yet" in text(as_user(vi), page)


def test_health_is_reckoned_again_once_a_load_came_and_not_without(
    kept: None, tmp_path: Path
) -> None:
    made = HealthRun.objects.get().made_at
    keep_customer_health()
    assert HealthRun.objects.get().made_at == made
    folder = tmp_path / "more"
    folder.mkdir()
    few.load(folder, customer_mrr=["customer_id,month,mrr,currency", "M001,2025-06,1,USD"])
    keep_customer_health()
    assert HealthRun.objects.get().made_at > made
    assert CustomerHealth.objects.get(customer_id="M001", month="2025-06-01").shrank


def test_health_stays_as_it_is_where_a_load_brought_nothing_of_customers(
    kept: None, tmp_path: Path
) -> None:
    folder = tmp_path / "deal"
    folder.mkdir()
    customer = "M001,Acme,SMB,Starter,2023-01-01,100,0,0,0,false,,,USD,EMEA,ana,Z2"
    lines = [f"{few.CUSTOMERS[0]},deal_id", customer]
    assert few.load(folder, revenue_customers=lines).exit_code == 0
    keep_customer_health()
    made = HealthRun.objects.get().made_at
    head = (
        "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
        "status,source_channel,probability"
    )
    rest = "Acme,SMB,ana,Demo,10,2025-06-02,2025-12-01,2025-06-02,open,Referral,"
    of_others, of_theirs = ([head, f"{deal_id},{rest}"] for deal_id in ("Z1", "Z2"))
    done = "activity_id,deal_id,rep_id,type,due_date,done_at,is_done"
    for name, deals, is_met in (("others", of_others, False), ("theirs", of_theirs, True)):
        folder = tmp_path / name
        folder.mkdir()
        deal = deals[1].partition(",")[0]
        calls = [done, f"{deal}A,{deal},ana,call,2025-06-03,2025-06-03T10:00:00Z,true"]
        assert few.load(folder, pipeline_deals=deals, activities=calls).exit_code == 0
        keep_customer_health()
        run = HealthRun.objects.get()
        assert (run.made_at > made) == is_met, name
        keep_customer_health()
        assert HealthRun.objects.get().made_at == run.made_at


def test_a_customer_s_page_tells_what_it_pays_why_it_is_in_doubt_and_what_is_known(
    kept: None, ana: User, cy: User, vi: User, as_user: AsUser
) -> None:
    client = as_user(vi)
    wanted = ("account_name", "customer_id", "owner_name", "score")
    query = "&".join(f"column={name}" for name in wanted)
    (risky, *_) = rows(client, "customers-at-risk", query, CHURN)
    page = f"/customers/{risky['customer_id']}/"
    shown = text(client, page)
    assert str(risky["account_name"]) in shown
    assert "pays less" in shown
    months = rows(client, "customer-mrr", "", page)
    assert months[0]["score"] == risky["score"]
    assert {row["kind"] for row in months} >= {"contraction"}
    factors = rows(client, "customer-factors", "", page)
    assert sum(int(str(row["most"])) for row in factors) == 100
    theirs = as_user(cy if risky["owner_name"] == "Ana Almeida" else ana)
    assert theirs.get(page).status_code == 404
    assert theirs.get(f"{page}panels/customer-mrr.csv").status_code == 404


def test_a_customer_on_no_list_has_a_page_for_those_who_see_all(
    workspace: Workspace, ana: User, vi: User, as_user: AsUser, tmp_path: Path
) -> None:
    lines = ["customer_id,month,mrr,currency", "a/b,2025-05,10,USD", "a/b,2025-06,12,USD"]
    assert few.load(tmp_path, customer_mrr=lines).exit_code == 0
    keep_customers()
    shown = text(as_user(vi), "/customers/a%2Fb/")
    assert "Expansion" in shown
    assert as_user(ana).get("/customers/a%2Fb/").status_code == 404
    assert as_user(vi).get("/customers/no-such/").status_code == 404
