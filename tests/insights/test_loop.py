"""The closed loop: each column is the company's own total, whichever channel it is told of."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from insights.analytics.loop import closed_loop
from insights.panels import loop
from marketing import queries as marketing
from pipeline import queries as pipeline
from revenue import queries as revenue
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights.test_attribution import slice_of, table, touch, write

DEAL = {
    "stage_name": "Closed_Won",
    "status": "won",
    "created_at": "2024-02-01",
    "segment": "SMB",
    "currency": "USD",
}
DAY = {
    "campaign": "Spring",
    "segment": "SMB",
    "geo": "US",
    "impressions": "10",
    "clicks": "5",
    "mqls": "1",
    "sqls": "1",
    "opportunities": "1",
    "closed_won": "1",
    "date": "2024-01-20",
}


@pytest.fixture
def company(workspace: object, ana: User, cy: User) -> None:
    """Two channels that cost money, three deals that they won, and what these still pay."""
    days = (("Ads", "900", "6"), ("Mail", "100", "4"))
    write("touchpoints", touch(1, "D1", "Ads", "Spring", "2024-01-20"))
    write("touchpoints", touch(2, "D1", "Mail", "", "2024-02-10"))
    write("touchpoints", touch(3, "D2", "Ads", "Spring", "2024-01-21"))
    write(
        "marketing_channels",
        *(DAY | {"channel": name, "spend": spend, "leads": n} for name, spend, n in days),
    )
    write(
        "pipeline_deals",
        DEAL
        | {"deal_id": "D1", "owner_id": "ana", "amount": "1200", "closed_on": "2024-03-01"}
        | {"source_channel": "Ads"},
        DEAL
        | {"deal_id": "D2", "owner_id": "cy", "amount": "600", "closed_on": "2024-03-05"}
        | {"source_channel": "Ads"},
        DEAL | {"deal_id": "D3", "owner_id": "cy", "amount": "300", "closed_on": "2024-03-09"},
        {"deal_id": "O1", "stage_name": "Demo", "status": "open", "created_at": "2025-06-30"},
    )
    write(
        "customer_mrr",
        *(paid("Z", month, "10") for month in ("2024-02", "2024-03", "2024-04", "2025-03")),
        *(paid("A", "2024-03", "100"), paid("A", "2025-03", "150")),
        *(paid("B", "2024-03", "50"), paid("C", "2024-03", "30"), paid("C", "2025-03", "30")),
        *(paid("D", "2024-04", "20"), paid("A", "2025-06", "150")),
    )
    write("revenue_customers", *(customer(*one) for one in (("A", "D1", "ana"), ("B", "D2", "cy"))))
    write("revenue_customers", customer("C", "", "cy"))


def paid(name: str, month: str, mrr: str) -> dict[str, Any]:
    return {"customer_id": name, "month": month, "mrr": mrr, "currency": "USD"}


def customer(name: str, deal: str, owner: str) -> dict[str, Any]:
    return {
        "customer_id": name,
        "account_name": name,
        "deal_id": deal,
        "owner_id": owner,
        "start_date": "2024-03-01",
        "churned_flag": "false",
        "mrr": "0",
        "new_mrr": "0",
        "expansion_mrr": "0",
        "contraction_mrr": "0",
        "currency": "USD",
    }


def asked() -> Slice:
    return slice_of("period=365d_before")


@pytest.mark.parametrize("frame", [loop.channels, loop.campaigns])
@pytest.mark.parametrize("model", ["u_shaped", "first_touch", "time_decay"])
def test_each_column_adds_up_to_the_company_s_own_total(
    company: None, frame: Any, model: str
) -> None:
    slice_ = slice_of(f"period=custom&start=2024-01-01&end=2024-06-30&model={model}")
    found = frame(slice_)
    deals = pipeline.totals(slice_)
    assert found["spend"].sum() == pytest.approx(marketing.mix(slice_)["spend"].sum())
    assert found["leads"].sum() == 10
    assert found["pipeline"].sum() == pytest.approx(deals["created_amount"])
    assert found["won"].sum() == pytest.approx(deals["won_amount"])
    assert found["deals"].sum() == pytest.approx(deals["won"])
    assert found["new_mrr"].sum() == pytest.approx(revenue.sums(slice_)["new"])
    assert found["retained_mrr"].sum() == pytest.approx(180)


def test_payback_is_of_what_is_retained_and_is_credited_by_the_model(
    company: None, as_user: AsUser, dee: User
) -> None:
    client, query = as_user(dee), "period=custom&start=2024-01-01&end=2024-03-31"
    address = f"/marketing/closed-loop/panels/loop-channels.csv?{query}"
    found = {row["channel"]: row for row in table(client, address)}
    assert list(found)[-1] == "Unattributed"
    assert float(found["Ads"]["new_mrr"]) == 100
    assert float(found["Ads"]["retained_mrr"]) == 75
    assert float(found["Ads"]["payback_months"]) == pytest.approx(900 / 75)
    assert float(found["Mail"]["payback_months"]) == pytest.approx(100 / 75)
    assert float(found["Unattributed"]["new_mrr"]) == 30
    first = {row["channel"]: row for row in table(client, f"{address}&model=first_touch")}
    assert float(first["Ads"]["payback_months"]) == pytest.approx(900 / 150)
    page = client.get(f"/marketing/closed-loop/?{query}&model=first_touch").content.decode()
    assert "credited by the model First touch" in page


def test_a_rep_sees_the_own_deals_beside_everybody_s_spend_and_no_payback(
    company: None, as_user: AsUser, ana: User
) -> None:
    query = "period=custom&start=2024-01-01&end=2024-03-31"
    found = table(as_user(ana), f"/marketing/closed-loop/panels/loop-channels.csv?{query}")
    assert sum(float(row["won"]) for row in found) == 1200
    assert {row["payback_months"] for row in found} == {""}


def test_customers_without_a_year_leave_retention_and_payback_open() -> None:
    paid = {"customers": 2.0, "new_mrr": 10.0, "known_customers": 1.0, "known_mrr": 5.0}
    frames = [
        pd.DataFrame([{"channel": "Ads", **one}])
        for one in (
            {"spend": 100.0, "leads": 3},
            {"created": 1, "pipeline": 5.0},
            {"won": 50.0, "deals": 1.0},
            paid | {"retained_mrr": 4.0},
        )
    ]
    (row,) = closed_loop(("channel",), *frames).to_dict("records")
    assert pd.isna(row["payback_months"])
    assert row["retention"] == pytest.approx(0.8)
    assert row["won_per_spend"] == pytest.approx(0.5)


def test_the_explanation_of_what_is_retained_lists_its_customers(
    company: None, as_user: AsUser, dee: User
) -> None:
    query = "period=custom&start=2024-01-01&end=2024-03-31&channel=Ads"
    client = as_user(dee)
    assert "$75.00" in client.get(f"/explain/loop-retained-mrr/?{query}").content.decode()
    rows = table(client, f"/explain/loop-retained-mrr/panels/rows.csv?{query}")
    assert sorted(row["customer_id"] for row in rows) == ["A", "B"]
