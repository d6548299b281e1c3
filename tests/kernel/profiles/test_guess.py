"""A profile guessed from a file: the dataset, the headers, how cells are written, the doubts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog import DATASETS
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.profiles import Source, guess
from revops_site.kernel.reading import Layout
from tests.kernel.profiles.strangers import TARGETS, guessed, looked, mapped
from tests.sample_rows import sample


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_dataset_s_own_file_is_recognised_whatever_it_is_called(dataset: Dataset) -> None:
    titles = [column.title for column in dataset.columns]
    rows = [[value or "" for value in sample(dataset, n).values()] for n in range(1, 30)]

    found = guessed(titles, rows)

    assert found.profile.dataset == dataset.name
    assert {name: s.header for name, s in found.profile.columns.items()} == {
        column.name: column.title for column in dataset.columns
    }


MAVEN = (
    [
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ],
    [
        [
            f"X{n}Z",
            f"Rep {n % 3} Name",
            "MG Special",
            "Acme",
            ("Won", "Lost", "Engaging")[n % 3],
            f"2017-01-{n + 1:02}",
            f"2017-03-{n + 1:02}" if n % 3 < 2 else "",
            str(n * 55) if n % 3 < 2 else "",
        ]
        for n in range(20)
    ],
)


def test_a_crm_s_deals_are_guessed_with_their_status_told_by_the_stage() -> None:
    found = guessed(*MAVEN)

    columns = found.profile.columns
    assert found.profile.dataset == "pipeline_deals"
    assert {name: source.header for name, source in columns.items()} == {
        "deal_id": "opportunity_id",
        "account_name": "account",
        "owner_id": "sales_agent",
        "stage_name": "deal_stage",
        "amount": "close_value",
        "created_at": "engage_date",
        "close_date": "close_date",
        "status": "deal_stage",
        "closed_on": "close_date",
    }
    assert columns["status"].values == {"Won": "won", "Lost": "lost"}
    assert columns["status"].otherwise == "open"
    assert 'status is taken from what "deal_stage" says' in found.doubts
    assert 'whatever else "deal_stage" says, such as Engaging, counts as open' in found.doubts
    assert max(found.scores, key=lambda one: found.scores[one]) == "pipeline_deals"
    record = mapped(found.profile, *MAVEN)[2]
    assert isinstance(record, dict)
    assert (record["status"], record["created_at"]) == ("open", "2017-01-03")


def test_a_stage_that_nobody_knows_is_refused_and_never_taken_for_the_end_of_a_deal() -> None:
    headers = ["Opportunity ID", "Account Name", "Stage", "Amount", "Created Date"]
    rows = [
        [f"T{n}", f"A{n}", ("Closed Won", "Open")[n % 2], "100", "2026-01-13"] for n in range(20)
    ]
    later = ["T99", "A99", "Negotiation", "100", "2026-01-13"]

    unseen, seen = guessed(headers, rows), guessed(headers, [*rows, later])

    for found in (unseen, seen):
        assert found.profile.columns["status"] == Source(
            header="Stage", values={"Closed Won": "won", "Open": "open"}
        )
        (record,) = mapped(found.profile, headers, [later])
        assert isinstance(record, dict)
        assert record["status"] == "Negotiation"
    doubt = "status: Negotiation is not one of open, won, lost, and is refused"
    assert doubt in seen.doubts
    assert doubt not in unseen.doubts


def test_display_headers_of_marketing_are_guessed_and_what_is_lacking_is_said() -> None:
    found = guessed(
        [
            "ID",
            "C Date",
            "Campaign Name",
            "Category",
            "Impressions",
            "Mark Spent",
            "Clicks",
            "Leads",
            "Orders",
            "Revenue",
        ],
        [
            [
                str(n),
                f"2021-02-{n + 1:02}",
                "google_hot",
                "search",
                "148263",
                "7307.37",
                "1210",
                "13",
                "1",
                "4981.0",
            ]
            for n in range(20)
        ],
    )

    columns = found.profile.columns
    assert found.profile.dataset == "marketing_channels"
    assert columns["date"] == Source(header="C Date")
    assert columns["spend"] == Source(header="Mark Spent")
    assert columns["closed_won"] == Source(header="Orders")
    assert "geo needs a value, and no header is like it" in found.doubts
    assert "# segment = " in found.text
    assert "# like 7307.37" in found.text


def test_subscriptions_are_guessed_with_what_could_be_the_price() -> None:
    found = guessed(
        [
            "subscription_id",
            "account_id",
            "start_date",
            "end_date",
            "plan_tier",
            "seats",
            "mrr_amount",
            "is_trial",
            "billing_frequency",
        ],
        [
            [f"S-{n}", f"A-{n % 7}", "2023-12-23", "", "Pro", "14", str(n * 7), "False", "monthly"]
            for n in range(20)
        ],
    )

    assert found.profile.dataset == "subscriptions"
    assert found.profile.columns["interval"] == Source(header="billing_frequency")
    assert "could be mrr_amount" in found.text


def test_a_warehouse_s_opportunities_are_guessed_with_percent_for_the_probability() -> None:
    found = guessed(
        [
            "_fivetran_synced",
            "account_id",
            "amount",
            "close_date",
            "created_date",
            "id",
            "is_closed",
            "is_deleted",
            "is_won",
            "lead_source",
            "name",
            "owner_id",
            "probability",
            "stage_name",
        ],
        [
            [
                "2019-04-04 18:47:01",
                "a9",
                "241200",
                "2018-12-19 00:00:00",
                "2018-12-19 19:51:13",
                f"006{n}",
                "true",
                "false",
                "true",
                "Web",
                f"Deal {n}",
                "r9",
                str(n * 10),
                "Closed Won",
            ]
            for n in range(10)
        ],
    )

    columns = found.profile.columns
    assert found.profile.dataset == "pipeline_deals"
    assert columns["deal_id"] == Source(header="id")
    assert columns["probability"] == Source(header="probability", unit="percent")
    assert 'probability is from 0 to 1; "probability" is read as percent' in found.doubts


def test_properties_of_deals_are_guessed_by_their_words() -> None:
    found = guessed(
        [
            "deal_id",
            "is_deleted",
            "deal_pipeline_stage_id",
            "owner_id",
            "property_dealname",
            "property_amount",
            "property_closedate",
            "property_createdate",
        ],
        [
            [
                str(1244495215 + n),
                "false",
                "s1",
                "35252170",
                "x",
                "100",
                "2020-01-01 10:00:00",
                "2019-12-04 12:48:22",
            ]
            for n in range(9)
        ],
    )

    assert found.profile.dataset == "pipeline_deals"
    assert found.profile.columns["created_at"] == Source(header="property_createdate")
    assert found.profile.columns["amount"] == Source(header="property_amount")


def test_costs_in_micros_are_guessed_by_the_header() -> None:
    found = guessed(
        [
            "customer_id",
            "date",
            "ad_network_type",
            "base_campaign",
            "clicks",
            "conversions",
            "cost_micros",
            "impressions",
        ],
        [
            [
                "2121450128",
                f"2021-02-{n + 1:02}",
                "SEARCH",
                "customers/1/campaigns/9",
                "49",
                "0",
                "36150000",
                "166",
            ]
            for n in range(9)
        ],
    )

    assert found.profile.dataset == "marketing_channels"
    assert found.profile.columns["spend"] == Source(header="cost_micros", unit="micros")


def test_a_file_like_nothing_known_is_said_to_fit_nothing_well() -> None:
    found = guessed(["ds", "yhat"], [["2014-09-25", "3.25"], ["2014-09-26", "3.27"]])

    assert found.doubts[0].startswith("no dataset fits well")


@pytest.mark.parametrize("rows", [[], [["", ""]], [["only one"]]])
def test_a_file_with_next_to_nothing_in_it_gets_a_guess_too(rows: list[list[str]]) -> None:
    assert guessed(["deal_id", "stage"], rows).profile.dataset


def test_sheets_that_are_not_read_are_a_doubt() -> None:
    look = looked(["deal_id", "stage"], [["D1", "Demo"]])
    book = replace(look, layout=Layout(format="xlsx", sheets=("May",)), sheets=("May", "June"))

    found = guess(book, TARGETS, "book.xlsx")

    assert found.profile.layout == Layout(sheets=("May",))
    assert 'June are not read; sheets = ["*"] reads all sheets' in found.doubts
