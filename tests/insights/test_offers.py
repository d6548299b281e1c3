"""A page without data says how they come, to those who can see to it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from revops_site.kernel.models import User
from tests.conftest import AsUser

OFFER = 'href="/data/sources/pipedrive/">Connect Pipedrive</a>'
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/pipeline/", "/pipeline/velocity/"])
def test_a_page_that_a_crm_could_fill_offers_to_connect_one(
    page: str, dee: User, as_user: AsUser
) -> None:
    assert OFFER in as_user(dee).get(page).content.decode()


@pytest.mark.parametrize("page", ["/marketing/", "/revenue/"])
def test_a_page_that_no_crm_fills_does_not(page: str, dee: User, as_user: AsUser) -> None:
    answer = as_user(dee).get(page).content.decode()
    assert "Nothing to show" in answer
    assert OFFER not in answer


def test_who_may_not_connect_one_is_not_offered_it(vi: User, as_user: AsUser) -> None:
    assert OFFER not in as_user(vi).get("/pipeline/").content.decode()


def test_nor_is_it_offered_where_it_is_connected(
    dee: User, as_user: AsUser, settings: LazySettings
) -> None:
    settings.SOURCES = {"pipedrive": {"token": "t", "base_url": "https://acme.pipedrive.com"}}
    assert OFFER not in as_user(dee).get("/pipeline/").content.decode()
