"""Lists of the desk: days and filters are offered where they cost next to nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from pipeline.models import Activity, Contact
from revops_site.kernel.models import Account, AuditEvent, User
from tests.conftest import AsUser
from tests.kernel.test_admin_tables import fill_table, pretend_size, url


@pytest.mark.parametrize(
    ("model", "offers"), [(Account, False), (Contact, False), (Activity, True), (AuditEvent, True)]
)
def test_days_are_offered_of_a_large_table_where_an_index_knows_them(
    model: type[Model], offers: bool, ad: User, as_user: AsUser
) -> None:
    fill_table(model, 3)
    client = as_user(ad)
    assert b'aria-label="Days"' in client.get(url(model, "changelist")).content
    pretend_size(model, 10_000_000)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(url(model, "changelist"))
    assert (b'aria-label="Days"' in shown.content) is offers
    assert any("MIN(" in query["sql"] for query in queries) is offers


def test_accounts_are_chosen_by_their_segment(ad: User, as_user: AsUser) -> None:
    Account.objects.create(account_id="A1", name="Small One", segment="SMB")
    Account.objects.create(account_id="A2", name="Large One", segment="ENT")
    shown = as_user(ad).get(url(Account, "changelist"), {"segment": "ENT"}).content.decode()
    assert "Large One" in shown
    assert "Small One" not in shown
