"""The chain over the audit log: what was written stays provable, whoever holds the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from revops_site.kernel import audit, clock, tasks
from revops_site.kernel.auditing import chain
from revops_site.kernel.models import AuditEvent, AuditSeal, User
from tests.conftest import AsUser

OPEN = "ALTER TABLE {} DISABLE TRIGGER USER"
Attack = Callable[[list[int]], None]


@pytest.fixture(autouse=True)
def var(tmp_path: Path) -> object:
    """A folder of its own for the head of the chain."""
    with override_settings(VAR=tmp_path):
        yield


@pytest.fixture
def rows(ana: User) -> list[int]:
    """Twenty rows of the log, sealed."""
    made = [audit.record("tried", user=ana, target=f"deal {n}", amount=n).pk for n in range(20)]
    chain.seal()
    return made


def sql(text: str, *values: int) -> None:
    """What somebody does who owns the database, past its triggers."""
    with connection.cursor() as cursor:
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(OPEN.format(table))
        cursor.execute(text, values)
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(OPEN.format(table).replace("DISABLE", "ENABLE"))


def change(rows: list[int]) -> None:
    sql("UPDATE kernel_auditevent SET detail = '{\"amount\": 1}' WHERE id = %s", rows[7])


def take_out(rows: list[int]) -> None:
    sql("DELETE FROM kernel_auditevent WHERE id = %s", rows[7])


def take_out_with_its_link(rows: list[int]) -> None:
    take_out(rows)
    sql("DELETE FROM kernel_auditseal WHERE event_id = %s", rows[7])


def slip_in(rows: list[int]) -> None:
    sql(
        "INSERT INTO kernel_auditevent (at, action, target, detail, request_id)"
        " VALUES (now() - interval '2 days', 'tried', 'deal 99', '{}', '')"
    )
    chain.seal()


def move(rows: list[int]) -> None:
    sql(
        "UPDATE kernel_auditevent AS one SET target = other.target, detail = other.detail "
        "FROM kernel_auditevent AS other WHERE (one.id, other.id) IN ((%s, %s), (%s, %s))",
        *(rows[3], rows[4], rows[4], rows[3]),
    )


def put_down_to_somebody_else(rows: list[int]) -> None:
    other = User.objects.create_user("zoe", "zoe@example.com", "x", role="viewer")
    sql("UPDATE kernel_auditevent SET user_id = %s WHERE id = %s", other.pk, rows[7])


def take_the_name_off(rows: list[int]) -> None:
    sql("UPDATE kernel_auditevent SET user_id = NULL WHERE id = %s", rows[7])


def cut_the_end_off(rows: list[int]) -> None:
    sql("DELETE FROM kernel_auditseal WHERE event_id >= %s", rows[15])
    sql("DELETE FROM kernel_auditevent WHERE id >= %s", rows[15])


def make_the_chain_anew(rows: list[int]) -> None:
    change(rows)
    sql("DELETE FROM kernel_auditseal")
    with override_settings(SEALING_KEYS=["a key that the thief made up"]):
        chain.seal()


@pytest.mark.parametrize(
    "attack",
    [
        *(change, take_out, take_out_with_its_link, slip_in, move, put_down_to_somebody_else),
        *(take_the_name_off, cut_the_end_off, make_the_chain_anew),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_whatever_is_done_to_the_log_behind_its_back_shows(attack: Attack, rows: list[int]) -> None:
    assert chain.verify().problems == []
    attack(rows)
    assert chain.verify().problems
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", stdout=StringIO())
    assert ended.value.code == 1


def test_the_command_says_that_all_is_well(rows: list[int]) -> None:
    audit.record("not sealed yet")
    said = StringIO()
    call_command("audit_verify", stdout=said)
    assert "0 problems" in said.getvalue()
    assert "1 waiting" in said.getvalue()


def test_links_can_be_neither_changed_nor_deleted_in_passing(rows: list[int]) -> None:
    for attack in (
        lambda: AuditSeal.objects.update(chain="x"),
        lambda: AuditSeal.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            attack()


@pytest.mark.django_db(transaction=True)
def test_rows_of_before_the_chain_are_linked_too_and_late_ones_after(ana: User) -> None:
    first, late, last = (audit.record("tried", target=str(n)).pk for n in range(3))
    sql("DELETE FROM kernel_auditevent WHERE id = %s", late)
    chain.seal()
    sql(
        "INSERT INTO kernel_auditevent (id, at, action, target, detail, request_id)"
        " VALUES (%s, now(), 'tried', 'of a long transaction', '{}', '')",
        late,
    )
    assert chain.seal() == 1
    assert [*AuditSeal.objects.values_list("event_id", flat=True)] == [first, last, late]
    assert chain.verify().problems == []


def test_a_row_that_nobody_seals_is_a_problem_after_a_while(ana: User) -> None:
    old = clock.now() - timedelta(hours=1)
    AuditEvent.objects.create(at=old, action="tried")
    assert "no link" in chain.verify().problems[0]


def test_a_deleted_person_leaves_a_log_that_verifies(rows: list[int], ana: User) -> None:
    User.objects.filter(pk=ana.pk).delete()
    assert chain.verify().problems == []


def test_words_that_are_taken_out_in_the_open_and_rows_that_are_forgotten_verify(
    rows: list[int], ad: User
) -> None:
    other = {"target": "a person", "detail": {"amount": 7}}
    assert chain.redact({rows[7]: other}, by=ad, why="asked to be forgotten") == 1
    assert AuditEvent.objects.get(pk=rows[7]).target == "a person"
    chain.seal()
    found = chain.verify()
    assert (found.problems, found.redacted) == ([], 1)
    early = AuditEvent.objects.order_by("id")[5].at
    assert chain.forget(early) > 0
    chain.seal()
    found = chain.verify()
    assert found.problems == []
    assert found.forgotten > 0


def test_a_new_key_seals_what_comes_and_the_old_one_still_verifies(rows: list[int]) -> None:
    with override_settings(SEALING_KEYS=["a new key", *settings.SEALING_KEYS]):
        audit.record("tried")
        chain.seal()
        assert chain.verify().problems == []
    assert chain.verify().problems, "without the new key its links prove nothing"


@pytest.mark.django_db(transaction=True)
def test_the_head_is_kept_beside_the_database(rows: list[int], tmp_path: Path) -> None:
    told = json.loads((tmp_path / "audit-head.json").read_text())
    newest = AuditSeal.objects.order_by("-number")[0]
    assert told == {"number": newest.number, "chain": newest.chain}


def test_refusals_files_and_other_changes_are_written_down_with_request_and_address(
    ana: User, cy: User, dee: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    for _ in range(3):
        client.get("/data/", headers={"X-Request-ID": "the-request-1"})
    client.get("/pipeline/deals/another/")
    client.get("/marketing/panels/funnel.csv?region=EMEA")
    client.post("/accounts/theme/", {"theme": "neon"})
    said = [
        (row.action, row.target, row.detail.get("status"))
        for row in AuditEvent.objects.order_by("id")
    ]
    assert ("refused", "/data/", 403) in said
    assert said.count(("refused", "/data/", 403)) == 1, "told once a minute"
    assert ("refused", "/pipeline/deals/another/", 404) in said
    assert ("exported", "/marketing/panels/funnel.csv", 200) in said
    assert ("form sent", "/accounts/theme/", 302) in said
    row = AuditEvent.objects.get(action="refused", target="/data/")
    assert (row.user, row.address, row.request_id) == (ana, "127.0.0.1", "the-request-1")


def test_an_admin_searches_the_log_and_takes_a_file_of_it_along_which_is_written_down(
    rows: list[int], ad: User, ana: User, as_user: AsUser
) -> None:
    client = as_user(ad)
    table = "/admin/kernel/auditevent/"
    for query in ("q=deal+7", f"user__id__exact={ana.pk}", "action=tried", "q=tried"):
        page = client.get(f"{table}?{query}").content.decode()
        assert "deal 7" in page
    assert "deal 7" not in client.get(f"{table}?q=deal+8").content.decode()
    chosen = {"action": "export", "_selected_action": [str(rows[7])]}
    file = client.post(table, chosen)
    assert "deal 7" in file.content.decode()
    assert AuditEvent.objects.filter(action="exported", user=ad, target=table).exists()


def test_every_night_what_is_older_than_the_log_is_kept_goes_and_the_rest_verifies(
    rows: list[int],
) -> None:
    AuditEvent.objects.create(at=clock.now() - timedelta(days=40), action="old")
    with override_settings(AUDIT_KEPT_DAYS=30):
        tasks.forget_old_audit(0)
    assert not AuditEvent.objects.filter(action="old").exists()
    assert AuditEvent.objects.filter(action="tried").count() == len(rows)
    assert chain.verify().problems == []
