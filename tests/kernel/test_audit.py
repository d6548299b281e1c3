"""The audit log: who did what, and that nobody can take it back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from revops_site.kernel import audit
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import PASSWORD, AsUser


def newest() -> AuditEvent:
    event = AuditEvent.objects.first()
    assert event is not None
    return event


def sign_in(name: str, password: str) -> None:
    Client().post(reverse("account_login"), {"login": name, "password": password})


def test_a_login_says_who_and_from_where(ana: User) -> None:
    sign_in("ana", PASSWORD)
    event = newest()
    assert (event.action, event.user, event.address) == ("login", ana, "127.0.0.1")


def test_a_failed_login_names_the_account_and_not_the_password(ana: User) -> None:
    sign_in("ANA@example.com", "hunter2hunter2")
    event = newest()
    assert (event.action, event.target, event.user) == ("login failed", "ana", None)
    assert "hunter2" not in str(event.detail)


@pytest.mark.django_db
def test_a_name_that_nobody_has_is_not_written_down_since_it_may_be_a_password() -> None:
    sign_in("S3cret-typed-into-the-wrong-field", "x")
    assert newest().target.startswith("unknown ")
    assert "S3cret".casefold() not in newest().target


def test_a_logout_and_a_password_change_are_written_down(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    answers = {
        "oldpassword": PASSWORD,
        "password1": "a longer phrase 12",
        "password2": "a longer phrase 12",
    }
    client.post(reverse("account_change_password"), answers)
    client.post(reverse("account_logout"))
    assert [event.action for event in AuditEvent.objects.all()[:2]] == [
        "logout",
        "password changed",
    ]


def test_a_row_holds_plain_values_and_nothing_named_like_a_secret(ana: User) -> None:
    event = audit.record("tried", user=ana, amount=Decimal("1.50"), api_key="k", new_password="p")
    assert event.detail == {"amount": "1.50"}


def test_a_long_target_is_shortened_and_a_request_gives_its_person(ana: User) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="::1")
    request.user = ana
    event = audit.record("tried", target="x" * 500, request=request)
    assert (event.user, len(event.target), event.address) == (ana, 200, "::1")


def test_rows_can_be_neither_changed_nor_deleted(ana: User) -> None:
    event = audit.record("tried", user=ana)
    event.action = "never happened"
    for attack in (
        event.save,
        event.delete,
        lambda: AuditEvent.objects.update(target="x"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.update(user=None, action="x"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            attack()
    assert newest().action == "tried"


def test_a_deleted_person_leaves_their_rows_without_a_name(ana: User) -> None:
    audit.record("tried", user=ana, target="ana")
    User.objects.filter(pk=ana.pk).delete()
    assert (newest().user, newest().target) == (None, "ana")
