"""What is kept of a person is given out whole, taken out of every table, and no figure moves."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from insights.catalog import DATASETS
from pipeline.models import Contact, Deal, Note
from revops_site.kernel import audit, loading, privacy
from revops_site.kernel.auditing import chain
from revops_site.kernel.models import AuditEvent, SourceRecord, User
from tests.conftest import PASSWORD, AsUser
from tests.kernel.test_second_factor import set_up

PAGE = "/accounts/privacy/"
EMAIL = "zelda.quux@customer.example"
NAME, PHONE = "Zelda Quux", "+49 30 5550 1234"
CANARIES = ("zelda", "quux", "5550 1234")


@pytest.fixture(autouse=True)
def var(tmp_path: Path) -> object:
    """A folder of its own for the head of the chain."""
    with override_settings(VAR=tmp_path):
        yield


@pytest.fixture
def zelda(ana: User, pipeline_deals: None, tmp_path: Path, ad: User) -> None:
    """A contact of a deal: in its rows, in notes, in what a CRM said, in the audit log."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "contacts.csv").write_text(
        "deal_id,contact_id,contact_name,email,title,role\n"
        f"A1,p1,{NAME},{EMAIL.upper()},Head of Sales,buyer\n"
        "A1,p2,Otto Other,otto@customer.example,CFO,buyer\n"
    )
    (folder / "notes.csv").write_text(
        "note_id,deal_id,author,written_at,text\n"
        f"n1,A1,ana,2025-06-20,Spoke to {NAME.upper()} ({EMAIL}): call {PHONE}. Otto agrees.\n"
    )
    report = loading.load([folder / "contacts.csv", folder / "notes.csv"], DATASETS)
    assert report.exit_code == 0, report
    raw = {"id": 1, "name": NAME, "email": [{"value": EMAIL}], "phone": [{"value": PHONE}]}
    SourceRecord.objects.create(
        source="pipedrive", entity="persons", external_id="1", raw=json.dumps(raw)
    )
    audit.record("changed", user=ad, target=f"Contact 1: {NAME}", email={"was": EMAIL})
    chain.seal()


def everything() -> str:
    """All words of all tables, in small letters."""
    said = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename <> 'django_session'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(one::text, chr(10)) FROM "{table}" AS one')
            said.append(str(cursor.fetchone()[0]))
    return "\n".join(said).lower()


def test_an_archive_holds_all_that_is_kept_of_a_contact_and_nothing_of_others(
    zelda: None, ad: User, as_user: AsUser
) -> None:
    answer = as_user(ad).post(PAGE, {"email": EMAIL, "deed": "export"})
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    kept = {name: archive.read(name).decode() for name in archive.namelist()}
    tables = {name for name in kept if name.endswith(".json")}
    assert {"pipeline_contact.json", "pipeline_note.json", "kernel_sourcerecord.json"} <= tables
    assert len(json.loads(kept["pipeline_contact.json"])) == 1
    assert "Otto Other" not in "".join(kept.values())
    assert PHONE in kept["kernel_sourcerecord.csv"]
    assert AuditEvent.objects.filter(action="person exported", user=ad).exists()


def test_after_anonymising_no_table_names_the_person_and_all_rows_stand(
    zelda: None, ad: User, as_user: AsUser
) -> None:
    assert all(canary in everything() for canary in CANARIES)
    rows = [Contact.objects.count(), Note.objects.count(), Deal.objects.count()]
    amounts = [*Deal.objects.order_by("pk").values_list("pk", "amount")]
    client = as_user(ad)
    client.post(PAGE, {"email": EMAIL, "deed": "export"})
    form = {"email": EMAIL, "names": "Zelda, Quux", "deed": "anonymise"}
    slip = client.post(PAGE, {**form, "again": "somebody@else.example"})
    assert slip.status_code == 422
    assert client.post(PAGE, {**form, "again": EMAIL}).status_code == 302
    said = everything()
    assert not [canary for canary in CANARIES if canary in said]
    assert "otto agrees" in said
    assert rows == [Contact.objects.count(), Note.objects.count(), Deal.objects.count()]
    assert amounts == [*Deal.objects.order_by("pk").values_list("pk", "amount")]
    event = AuditEvent.objects.get(action="person anonymised")
    assert (event.user, event.detail["tables"]["pipeline_contact"]) == (ad, 2)
    chain.seal()
    assert chain.verify().problems == []


def test_a_user_who_is_anonymised_is_signed_out_for_good(
    ana: User, ad: User, as_user: AsUser
) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    set_up(client)
    call_command("privacy", "anonymise", "ana@example.com", stdout=io.StringIO())
    assert client.get("/glossary/").status_code == 302
    ana.refresh_from_db()
    assert not ana.is_active
    assert ana.rep_id == "ana", "the figures of the rep stay the rep's"
    said = everything()
    assert "ana@example.com" not in said
    assert (
        Client().post("/accounts/login/", {"login": "ana", "password": PASSWORD}).status_code == 200
    )


def test_nobody_anonymises_the_own_account(ad: User, as_user: AsUser) -> None:
    form = {"email": "ad@example.com", "deed": "anonymise", "again": "ad@example.com"}
    assert as_user(ad).post(PAGE, form).status_code == 422


def test_a_person_of_whom_nothing_is_kept_gives_an_archive_that_says_so(ad: User) -> None:
    file = privacy.export(privacy.find("nobody@example.com"), by=ad)
    assert zipfile.ZipFile(io.BytesIO(file)).namelist() == ["README.txt"]
