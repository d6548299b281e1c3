"""An edit is a load of one row: the promise is kept, and history, sums and pages follow."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from insights.datasets import ACCOUNTS, BENCHMARKS, FX_RATES
from marketing.models import MarketingDay, MarketingRollup
from pipeline.datasets import ACTIVITIES, PIPELINE_DEALS, QUOTAS
from pipeline.models import Activity, Deal, DealChange, OpenDealStock, Quota
from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import FileReport, rows
from revops_site.kernel.models import Account, AuditEvent, Benchmark, DataLoad, FxRate, Rep, User
from tests.conftest import AsUser
from tests.sample_rows import sample

DEAL: Mapping[str, str | None] = {
    "deal_id": "D1",
    "account_name": "Acme",
    "segment": "MM",
    "owner_id": "ana",
    "stage_name": "Demo",
    "amount": "12000",
    "created_at": "2025-01-05",
    "last_stage_change": "2025-02-01",
    "probability": "0.5",
    "status": "open",
    "account_id": "A-unknown",
}


def write(dataset: Dataset, *given: Mapping[str, str | None]) -> FileReport:
    return rows.write(dataset, given, kind="app", source="test", by=None)


def page(model: str, name: str, *args: object) -> str:
    return reverse(f"admin:{model}_{name}", args=args)


def form(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of this form, were nothing changed."""
    shown = client.get(address).context["adminform"].form
    sent = {name: shown[name].value() for name in shown.fields}
    return {
        name: "on" if value is True else value
        for name, value in sent.items()
        if value is not None and value is not False
    }


def edit(client: Client, model: str, pk: object, **changes: str) -> Any:
    """Open a row, change it, save it."""
    address = page(model, "change", pk)
    return client.post(address, form(client, address) | changes)


def errors(answer: Any) -> Any:
    assert answer.status_code == 200, "it was saved"
    return answer.context["adminform"].form.errors


@pytest.fixture
def deal(ana: User, workspace: object) -> Deal:
    assert write(PIPELINE_DEALS, DEAL).accepted == 1
    return Deal.objects.get()


@pytest.fixture
def desk(dee: User, as_user: AsUser) -> Client:
    return as_user(dee)


def test_an_edited_amount_is_stored_logged_counted_and_recorded(
    desk: Client, deal: Deal, dee: User
) -> None:
    before, since = freshness.generation(), DataLoad.objects.count()
    assert OpenDealStock.objects.get().amount == Decimal(12000)
    assert edit(desk, "pipeline_deal", "D1", amount="15000.50").status_code == 302
    deal.refresh_from_db()
    assert deal.amount == Decimal("15000.50")
    assert deal.account_id == "A-unknown", "what points at nothing stays"
    change = DealChange.objects.get(deal_id="D1", field="amount")
    assert (change.old, change.new, change.source) == ("12000", "15000.5", "edit")
    assert change.load is not None
    assert change.load.loaded_by == dee
    load = DataLoad.objects.get(kind="edit")
    assert DataLoad.objects.count() == since + 1
    assert (load.file_name, load.dataset) == ("edit of pipeline.Deal D1", "pipeline_deals")
    assert (load.rows, load.updated, load.refused) == (1, 1, 0)
    assert deal.load == load
    assert OpenDealStock.objects.get().amount == Decimal("15000.50")
    assert freshness.generation() == before + 1
    event = AuditEvent.objects.get(action="changed")
    assert event.detail["amount"] == ["12000.00", "15000.50"]


def test_saving_what_is_there_changes_nothing(desk: Client, deal: Deal) -> None:
    before = freshness.generation()
    assert edit(desk, "pipeline_deal", "D1").status_code == 302
    assert freshness.generation() == before
    assert not DataLoad.objects.filter(kind="edit").exists()


@pytest.mark.usefixtures("marketing_days")
def test_an_edited_marketing_day_moves_the_tile(desk: Client) -> None:
    def spend() -> str:
        shown = desk.get("/marketing/?period=all").content.decode()
        found = re.search(r"<dt>Spend</dt>\s*<dd[^>]*title=\"([^\"]+)\"", shown)
        assert found
        return found[1]

    day = MarketingDay.objects.get(campaign="Summer")
    before = spend()
    assert edit(desk, "marketing_marketingday", day.pk, spend="1500").status_code == 302
    assert spend() != before
    assert MarketingRollup.objects.get(date=day.date, channel="Google Ads").spend == 1500


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        (
            {"status": "won", "last_stage_change": ""},
            "closed_at",
            "closed_at is empty for a closed deal, and last_stage_change, which would do, is "
            "empty too.",
        ),
        ({"probability": "1.5"}, "probability", "probability is above 1."),
        ({"currency": "$"}, "currency", "currency is not a currency code like USD."),
        ({"created_at": "1812-06-24"}, "created_at", "created_at is below 1990-01-01."),
    ],
)
def test_a_deal_that_a_file_may_not_have_is_refused_in_the_form(
    desk: Client, deal: Deal, changes: dict[str, str], field: str, says: str
) -> None:
    before = Deal.objects.values().get()
    answer = edit(desk, "pipeline_deal", "D1", **changes)
    assert errors(answer)[field] == [says]
    assert Deal.objects.values().get() == before
    assert not DataLoad.objects.filter(kind="edit").exists()


def test_a_rate_of_nothing_is_refused(desk: Client) -> None:
    sent = {"date": "2025-01-01", "from_currency": "EUR", "to_currency": "USD", "rate": "0"}
    answer = desk.post(page("kernel_fxrate", "add"), sent)
    assert errors(answer)["rate"] == ["rate is not above 0."]
    answer = desk.post(page("kernel_fxrate", "add"), {**sent, "rate": "1", "to_currency": "EUR"})
    assert errors(answer)["to_currency"] == ["to_currency is the same as from_currency."]


def test_a_quota_that_overlaps_another_is_refused(desk: Client, ana: User, cy: User) -> None:
    sent = {"rep": "ana", "quarter": "Q1 2025", "quota_amount": "1000", "currency": "USD"}
    assert desk.post(page("pipeline_quota", "add"), sent).status_code == 302
    quota = Quota.objects.get()
    assert (quota.period_start, quota.period_end) == (
        datetime.date(2025, 1, 1),
        datetime.date(2025, 4, 1),
    )
    month = desk.post(page("pipeline_quota", "add"), {**sent, "quarter": "2025-02"})
    assert errors(month)["quarter"] == ["quarter overlaps a quota of the same rep."]
    again = desk.post(page("pipeline_quota", "add"), sent)
    assert errors(again)["__all__"] == ["Such a quota is there already."]
    other = desk.post(page("pipeline_quota", "add"), {**sent, "rep": "cy"})
    assert other.status_code == 302
    assert edit(desk, "pipeline_quota", quota.pk, quota_amount="2000").status_code == 302
    quota.refresh_from_db()
    assert quota.quota_amount == 2000


def test_a_quota_of_a_longer_or_shorter_period_never_takes_the_place_of_one(
    desk: Client, ana: User
) -> None:
    def add(period: str) -> Any:
        sent = {"rep": "ana", "quarter": period, "quota_amount": "77", "currency": "USD"}
        return desk.post(page("pipeline_quota", "add"), sent)

    refused = ["quarter overlaps a quota of the same rep."]
    assert add("2025-01").status_code == 302
    assert add("2025-02").status_code == 302
    for overlapping in ("FY2025", "Q1 2025"):
        assert errors(add(overlapping))["quarter"] == refused
    assert errors(add("2025-01"))["__all__"] == ["Such a quota is there already."]
    assert set(Quota.objects.values_list("quarter", flat=True)) == {"2025-01", "2025-02"}


def test_a_stay_that_ends_before_it_begins_is_refused_and_kept(ana: User) -> None:
    from pipeline.datasets import STAGE_HISTORY

    stay = {**sample(STAGE_HISTORY), "exited_at": "2001-01-01T00:00:00Z"}
    said = write(STAGE_HISTORY, stay, sample(STAGE_HISTORY, 2))
    assert (said.accepted, said.refused) == (1, 1)
    (refused,) = DataLoad.objects.get().rejected_rows.all()
    assert (refused.line, refused.column, refused.reason) == (
        1,
        "exited_at",
        "lies before entered_at",
    )


def test_a_done_task_needs_its_moment(desk: Client, ana: User, deal: Deal) -> None:
    sent = {"activity_id": "T1", "deal_id": "D1", "type": "call", "direction": "outbound"}
    answer = desk.post(page("pipeline_activity", "add"), {**sent, "is_done": "on"})
    assert errors(answer)["done_at"] == ["done_at is empty, but is_done says it was."]
    done = {**sent, "is_done": "on", "done_at": "2025-03-01T09:30:00", "rep": "ana"}
    assert desk.post(page("pipeline_activity", "add"), done).status_code == 302
    stored = Activity.objects.get()
    assert stored.done_at == datetime.datetime(2025, 3, 1, 9, 30, tzinfo=datetime.UTC)


def test_a_moment_that_is_not_touched_keeps_its_fractions(desk: Client, deal: Deal) -> None:
    given = {**sample(ACTIVITIES), "is_done": "true", "done_at": "2025-03-01T09:30:00.123456Z"}
    write(ACTIVITIES, given)
    stored = Activity.objects.get()
    assert edit(desk, "pipeline_activity", stored.pk, subject="Recap").status_code == 302
    stored.refresh_from_db()
    assert (stored.subject, stored.done_at.microsecond) == ("Recap", 123456)  # type: ignore[union-attr]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(desk: Client, deal: Deal) -> None:
    address = page("pipeline_deal", "change", "D1")
    mine = form(desk, address) | {"amount": "1"}
    write(PIPELINE_DEALS, {**DEAL, "amount": "99", "stage_name": "Negotiation"})
    (says,) = errors(desk.post(address, mine))["__all__"]
    assert "since you opened it. Nothing was saved." in says
    assert "stage Negotiation, amount 99.00" in says
    assert Deal.objects.get().amount == 99
    assert edit(desk, "pipeline_deal", "D1", amount="1").status_code == 302


def test_a_row_that_was_deleted_meanwhile_is_not_made_again(desk: Client, deal: Deal) -> None:
    address = page("pipeline_deal", "change", "D1")
    mine = form(desk, address) | {"amount": "1"}
    rows.remove(PIPELINE_DEALS, [("D1",)], kind="app", source="test", by=None)
    assert desk.post(address, mine).status_code == 302
    assert not Deal.objects.exists()


def test_a_key_that_is_taken_is_refused(desk: Client, deal: Deal) -> None:
    sent = {
        "deal_id": "D1",
        "stage_name": "Demo",
        "created_at": "2025-01-01",
        "status": "open",
        "currency": "USD",
    }
    answer = desk.post(page("pipeline_deal", "add"), sent)
    assert errors(answer)["__all__"] == ["Such a deal is there already."]
    assert Deal.objects.get().amount == 12000


def test_what_is_odd_is_saved_with_a_word(desk: Client, deal: Deal) -> None:
    answer = edit(desk, "pipeline_deal", "D1", amount="-5")
    said = [str(message) for message in desk.get(answer["Location"]).context["messages"]]
    assert "Note: amount is below 0." in said
    assert Deal.objects.get().amount == -5


def test_money_in_a_currency_without_any_rate_is_saved_with_a_word(
    desk: Client, deal: Deal
) -> None:
    def said(currency: str) -> list[str]:
        answer = edit(desk, "pipeline_deal", "D1", currency=currency)
        return [str(message) for message in desk.get(answer["Location"]).context["messages"]]

    note = "Note: currency: rows have one of which no exchange rate is known."
    rate = {"date": "2025-01-01", "from_currency": "GBP", "to_currency": "USD", "rate": "1.3"}
    write(FX_RATES, rate)
    assert note in said("XXX")
    assert note not in said("GBP")
    assert note not in said("USD")


def test_a_deleted_deal_is_gone_from_everything(desk: Client, deal: Deal) -> None:
    before = freshness.generation()
    desk.post(page("pipeline_deal", "delete", "D1"), {"post": "yes"})
    assert not Deal.objects.exists()
    load = DataLoad.objects.get(kind="edit")
    assert (load.file_name, load.deleted) == ("deletion of pipeline.Deal D1", 1)
    assert freshness.generation() == before + 1


def test_a_deleted_deal_is_remembered_in_the_change_log(desk: Client, deal: Deal) -> None:
    desk.post(page("pipeline_deal", "delete", "D1"), {"post": "yes"})
    change, load = DealChange.objects.get(), DataLoad.objects.get(kind="edit")
    assert (change.deal_id, change.field, change.old) == ("D1", "status", "open")
    assert (change.new, change.source, change.load) == ("deleted", "edit", load)


@pytest.mark.usefixtures("marketing_days")
def test_deleted_marketing_days_leave_the_sums(desk: Client) -> None:
    days = MarketingDay.objects.filter(channel="LinkedIn")
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [d.pk for d in days]}
    desk.post(page("marketing_marketingday", "changelist"), chosen)
    assert not MarketingRollup.objects.filter(channel="LinkedIn").exists()
    assert MarketingRollup.objects.filter(channel="Google Ads").exists()
    load = DataLoad.objects.get(kind="edit")
    assert load.deleted == 2


def test_a_rep_who_owns_something_is_not_deleted(desk: Client, deal: Deal) -> None:
    shown = desk.post(page("kernel_rep", "delete", "ana"), {"post": "yes"}).content.decode()
    assert "cannot be deleted while these point at it" in shown
    assert "deals: Acme (D1)" in shown
    assert Rep.objects.filter(pk="ana").exists()


def test_deals_get_another_owner_in_one_load(desk: Client, deal: Deal, cy: User) -> None:
    write(PIPELINE_DEALS, *({**DEAL, "deal_id": f"D{n}"} for n in range(2, 13)))
    before = freshness.generation()
    address = page("pipeline_deal", "changelist")
    chosen = {"action": "reassign", "_selected_action": ["D1", "D2"]}
    asked = desk.post(address, chosen)
    assert b"<strong>2 deals</strong>" in asked.content
    missing = desk.post(address, {**chosen, "confirmed": "yes"})
    assert b"This field is required." in missing.content
    desk.post(address, {**chosen, "confirmed": "yes", "owner": "cy"})
    owners = dict(Deal.objects.values_list("deal_id", "owner"))
    assert {name for name, owner in owners.items() if owner == "cy"} == {"D1", "D2"}
    load = DataLoad.objects.get(kind="edit")
    assert (load.rows, load.updated) == (2, 2)
    changes = DealChange.objects.filter(field="owner_id")
    assert set(changes.values_list("deal_id", "old", "new")) == {
        ("D1", "ana", "cy"),
        ("D2", "ana", "cy"),
    }
    assert freshness.generation() == before + 1
    event = AuditEvent.objects.get(action="reassigned")
    assert event.detail == {"before": {"D1": "ana", "D2": "ana"}, "after": "cy"}
    everything = {**chosen, "select_across": "1", "confirmed": "yes", "owner": "cy"}
    desk.post(address, everything)
    assert set(Deal.objects.values_list("owner", flat=True)) == {"cy"}


def test_accounts_and_customers_can_be_reassigned_too(desk: Client, ana: User) -> None:
    write(ACCOUNTS, {"account_id": "A1", "name": "Acme"})
    chosen = {"action": "reassign", "_selected_action": ["A1"]}
    desk.post(page("kernel_account", "changelist"), {**chosen, "confirmed": "yes", "owner": "ana"})
    assert Account.objects.get().owner_id == "ana"


def test_chosen_rows_come_as_a_file_that_loads_again(desk: Client, deal: Deal) -> None:
    write(PIPELINE_DEALS, {**DEAL, "deal_id": "D2", "account_name": "=HYPERLINK(1)"})
    chosen = {"action": "export", "_selected_action": ["D1", "D2"]}
    answer = desk.post(page("pipeline_deal", "changelist"), chosen)
    assert answer["Content-Disposition"] == 'attachment; filename="deals.csv"'
    header, first, second, _ = answer.content.decode().split("\r\n")
    assert header.startswith("deal_id,account,segment,owner,stage,amount,created_at")
    assert first.startswith("D1,Acme,MM,ana,Demo,12000.00,2025-01-05")
    assert second.startswith("D2,'=HYPERLINK(1),")


def test_an_edited_benchmark_keeps_its_place_among_its_steps(desk: Client) -> None:
    step = {"metric_type": "stage_conversion_benchmarks", "category": "SMB", "subcategory": "SMB"}
    write(BENCHMARKS, *({"benchmark_id": f"B{n}", **step} for n in (3, 1, 2)))
    assert edit(desk, "kernel_benchmark", "B1", target_value="0.4").status_code == 302
    new = {**step, "benchmark_id": "B0", "target_value": "0.1"}
    assert desk.post(page("kernel_benchmark", "add"), new).status_code == 302
    assert dict(Benchmark.objects.values_list("benchmark_id", "step")) == {
        "B3": 1,
        "B1": 2,
        "B2": 3,
        "B0": 4,
    }


def test_a_new_team_of_a_rep_is_stored(desk: Client, ana: User, apac: object) -> None:
    apac_id = getattr(apac, "pk", None)
    assert edit(desk, "kernel_rep", "ana", team=str(apac_id)).status_code == 302
    assert Rep.objects.get(pk="ana").team == apac


def test_rows_are_counted_by_line_and_kept_with_their_reasons(ana: User) -> None:
    said = write(FX_RATES, *[{**sample(FX_RATES, n), "rate": str(n)} for n in (0, 1)])
    assert [(cell.line, cell.column, cell.reason) for cell in said.sample] == [
        (1, "rate", "is not above 0")
    ]
    assert FxRate.objects.get().rate == 1
    nul = write(FX_RATES, {**sample(FX_RATES), "from_currency": "E\0R"})
    assert nul.sample[0].reason == "holds a NUL byte"


def test_a_trial_keeps_nothing(ana: User) -> None:
    given = [{**sample(QUOTAS), "rep_id": "ana"}]
    said = rows.write(QUOTAS, given, kind="edit", source="trial", by=ana, dry_run=True)
    assert (said.status, said.inserted) == ("checked", 1)
    assert not Quota.objects.exists()
    assert not DataLoad.objects.exists()


@contextmanager
def load_under_way(dataset: str) -> Iterator[None]:
    """Somebody else loads it meanwhile."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"load:{dataset}"])
        yield
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_while_a_load_is_under_way_an_edit_says_so(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    write(FX_RATES, sample(FX_RATES))
    rate, says = FxRate.objects.get(), "A load of fx_rates is under way. Try again when it is done."
    with load_under_way("fx_rates"):
        with pytest.raises(rows.BusyError):
            write(FX_RATES, sample(FX_RATES, 2))
        assert errors(edit(client, "kernel_fxrate", rate.pk, rate="3"))["__all__"] == [says]
        gone = client.post(page("kernel_fxrate", "delete", rate.pk), {"post": "yes"}, follow=True)
        assert says in gone.content.decode()
        chosen = {"action": "delete_selected", "_selected_action": [rate.pk], "post": "yes"}
        gone = client.post(page("kernel_fxrate", "changelist"), chosen, follow=True)
        assert says in gone.content.decode()
    assert not AuditEvent.objects.filter(action="deleted").exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)
    assert edit(client, "kernel_fxrate", rate.pk, rate="3").status_code == 302
