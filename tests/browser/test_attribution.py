"""Attribution and leads in a browser: another model, a deal's journey, a revision of its credit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import swap
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.insights import files

DAYS = "period=custom&start=2025-01-01&end=2025-06-30"
HOUSE = {
    "pipeline_deals": [
        {
            "deal_id": name,
            "account": f"Account {name}",
            "owner": "ana",
            "stage": "Closed_Won",
            "status": "won",
            "amount": amount,
            "currency": "USD",
            "created_at": "2025-02-01",
            "last_stage_change": closed,
            "closed_at": closed,
        }
        for name, amount, closed in (("W1", "1000", "2025-04-10"), ("W2", "600", "2025-05-20"))
    ],
    "touchpoints": [
        {
            "touch_id": f"T{nth}",
            "deal_id": deal,
            "channel": channel,
            "campaign": "Spring",
            "touched_at": f"{day}T10:00:00Z",
        }
        for nth, (deal, channel, day) in enumerate(
            (
                ("W1", "LinkedIn", "2025-03-01"),
                ("W1", "Referral", "2025-04-09"),
                ("W2", "Referral", "2025-05-19"),
            )
        )
    ],
    "leads": [
        {
            "lead_id": f"L{nth}",
            "created_at": f"2025-03-0{nth}",
            "channel": "LinkedIn",
            "owner": "ana",
            "mql_at": "2025-03-10" if nth == 4 else "",
        }
        for nth in (3, 4)
    ],
}
LATER = {
    "touchpoints": [
        {
            "touch_id": "T9",
            "deal_id": "W2",
            "channel": "Events",
            "campaign": "Fair",
            "touched_at": "2025-05-01T10:00:00Z",
        }
    ]
}
ADDRESSES = (
    *("/marketing/attribution/", "/marketing/attribution/journeys/"),
    *("/marketing/attribution/ledger/", "/marketing/attribution/deals/W2/"),
    *(f"/marketing/cohorts/?{DAYS}", f"/insights/lead-to-cash/?{DAYS}"),
)


@pytest.fixture(scope="module", autouse=True)
def house(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two won deals that three touches led to, one that was told of later, and two leads."""
    assert files.load(tmp_path_factory.mktemp("first"), HOUSE).exit_code == 0
    assert files.load(tmp_path_factory.mktemp("later"), LATER).exit_code == 0
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


def test_another_model_swaps_in_place_and_stays_in_the_address(visit: Visit) -> None:
    page = visit("/marketing/attribution/")
    with swap(page):
        page.locator("#filter-model").select_option("first_touch")
    assert "model=first_touch" in page.url
    expect(page.locator("#panel-attribution-months")).to_be_visible()
    page.reload()
    expect(page.locator("#filter-model")).to_have_value("first_touch")


def test_another_lookback_swaps_in_place_and_says_whose_figures_these_are(visit: Visit) -> None:
    page = visit("/marketing/attribution/")
    before = page.locator("#table-attribution-models").inner_text()
    with swap(page):
        page.locator("input[name=lookback_days]").fill("5")
        page.locator("input[name=lookback_days]").press("Tab")
    assert "lookback_days=5" in page.url
    expect(page.locator("#panels")).to_contain_text("reckoned for you alone")
    assert page.locator("#table-attribution-models").inner_text() != before


def test_a_deal_leads_to_its_journey_with_every_revision_of_its_credit(visit: Visit) -> None:
    page = visit("/marketing/attribution/journeys/")
    page.locator("#table-journeys a[href*='/deals/W2/']").click()
    expect(page.locator("h1")).to_contain_text("Journey of ")
    rows = page.locator("#table-journey-revisions tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("touches")
    expect(page.locator("#table-journey-touches")).to_contain_text("Events")


def test_a_revision_is_visible_in_the_ledger(visit: Visit) -> None:
    page = visit("/marketing/attribution/ledger/")
    listing = page.locator("#listing-revisions")
    expect(listing.locator("tbody tr")).to_have_count(3)
    with swap(page, "#table-revisions"):
        listing.locator("#flag-revisions-revised").check()
    expect(listing.locator("tbody tr")).to_have_count(1)
    expect(listing.locator("tbody a[href*='/deals/W2/']")).to_be_visible()


def test_a_cell_of_a_weeks_leads_leads_to_these_leads(visit: Visit) -> None:
    page = visit(f"/marketing/cohorts/?{DAYS}")
    week = page.locator("#table-lead-cohorts tbody tr").filter(has_text="50.0%").first
    with swap(page, "#explain"):
        week.locator("a[href*='/explain/leads-to-mql/']").click()
    expect(page.locator("#explain")).to_contain_text("50")
    listed = page.locator("#table-rows tbody tr")
    expect(listed).to_have_count(2)
    expect(listed.filter(has_text="L4")).to_contain_text("MQL")


def test_every_step_of_the_funnel_is_read_whole_on_a_phone(visit: Visit) -> None:
    page = visit(f"/insights/lead-to-cash/?{DAYS}", viewport=PHONE, is_mobile=True, has_touch=True)
    names = page.locator("#panel-lead-steps .ytick text")
    page.locator("#panel-lead-steps").scroll_into_view_if_needed()
    expect(names.filter(has_text="Won → first")).to_be_visible()
    box = page.locator("#panel-lead-steps .js-plotly-plot").bounding_box()
    assert box is not None
    for left in names.evaluate_all("every => every.map(one => one.getBoundingClientRect().left)"):
        assert left >= box["x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_attribution_and_leads_keep_nobody_out_at_any_width(visit: Visit, address: str) -> None:
    page = visit(address)
    assert verdict(page) == {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
