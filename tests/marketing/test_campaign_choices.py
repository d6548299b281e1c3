"""A campaign among thousands: some are listed, any is found, and the page keeps what was chosen."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from marketing.models import CampaignMonth
from revops_site.kernel.models import User
from tests.conftest import AsUser

HX = {"HX-Request": "true", "HX-Target": "options-campaign"}


@pytest.fixture
def many(marketing_days: None) -> None:
    """Ninety campaigns beside those of the file."""
    (of_a_month,) = CampaignMonth.objects.values()[:1]
    CampaignMonth.objects.bulk_create(
        CampaignMonth(**{**of_a_month, "campaign": f"autumn {nth:02}"}) for nth in range(90)
    )
    cache.clear()


@pytest.fixture
def page(many: None, as_user: AsUser, dee: User) -> Client:
    return as_user(dee)


def test_a_page_lists_some_of_them_and_those_it_is_narrowed_to(page: Client) -> None:
    html = page.get("/marketing/?campaign=autumn+77").content.decode()
    assert html.count('name="campaign"') == 31
    assert 'value="autumn 77" checked' in html
    assert '<input type="hidden" name="back" value="/marketing/?campaign=autumn+77">' in html


@pytest.mark.parametrize("back", ["/marketing/", "/marketing/campaigns/?segment=SMB"])
def test_any_is_found_by_a_part_of_its_name(page: Client, back: str) -> None:
    asked = {"find": "AUTUMN 7", "back": back, "campaign": "autumn 01"}
    html = page.get("/choices/campaign/", asked, headers=HX).content.decode()
    assert html.count('name="campaign"') == 11
    assert 'value="autumn 01" checked' in html
    assert "11 campaigns." in html


@pytest.mark.parametrize(
    ("name", "back"),
    [("campaign", "/"), ("campaign", "/nowhere/"), ("campaign", ""), ("nothing", "/marketing/")],
)
def test_nothing_is_found_where_no_page_has_such_a_filter(
    page: Client, name: str, back: str
) -> None:
    answer = page.get(f"/choices/{name}/", {"find": "a", "back": back})
    assert answer.status_code in {200, 404}
    assert "autumn" not in answer.content.decode()
