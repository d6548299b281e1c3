"""The support desk: which role finds which table, what may be edited, and what an edit sets off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.datasets import FX_RATES
from marketing.models import MarketingDay, MarketingRollup
from revops_site.kernel import freshness, rerating
from revops_site.kernel.loading import rows
from revops_site.kernel.models import (
    AuditEvent,
    DataLoad,
    FxRate,
    RejectedRow,
    Rep,
    Team,
    User,
    Workspace,
)
from tests.conftest import PASSWORD, AsUser
from tests.kernel.test_admin_tables import pretend_size
from tests.sample_rows import sample


def url(model: type[Model], page: str, *args: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=args)


@pytest.fixture
def everybody(ana: User, bo: User, dee: User, vi: User, ad: User) -> dict[str, User]:
    return {person.role: person for person in (ana, bo, dee, vi, ad)}


@pytest.mark.parametrize("role", ["viewer", "rep", "manager"])
def test_whoever_has_no_business_at_the_desk_is_refused_and_not_sent_to_log_in(
    role: str, everybody: dict[str, User], as_user: AsUser
) -> None:
    client = as_user(everybody[role])
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/login/", follow=True).status_code == 403


def test_the_desk_has_no_door_of_its_own(ad: User, as_user: AsUser, client: Client) -> None:
    anonymous, admin = client, as_user(ad)
    assert (
        anonymous.get("/admin/kernel/rep/")["Location"]
        == "/accounts/login/?next=/admin/kernel/rep/"
    )
    tried = anonymous.post("/admin/login/", {"username": "ad", "password": PASSWORD})
    assert tried["Location"] == "/accounts/login/?next=/admin/"
    assert admin.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert admin.post("/admin/logout/")["Location"] == "/accounts/login/"
    assert admin.get("/admin/")["Location"].startswith("/accounts/login/")


def test_what_was_loaded_refused_and_done_comes_first(ad: User, dee: User, as_user: AsUser) -> None:
    first = as_user(ad).get("/admin/").context["app_list"][0]
    assert [model["object_name"] for model in first["models"][:3]] == [
        *("DataLoad", "RejectedRow", "AuditEvent")
    ]
    seen = as_user(dee).get("/admin/").context["app_list"][0]["models"]
    assert not {"AuditEvent", "User", "Workspace"} & {model["object_name"] for model in seen}


def test_the_desk_wears_the_readers_theme(dee: User, as_user: AsUser) -> None:
    dee.theme = "neon"
    dee.save()
    client = as_user(dee)
    for address in ("/admin/", "/admin/kernel/rep/", "/admin/kernel/rep/add/"):
        shown = client.get(address).content.decode()
        assert '<html lang="en" data-theme="neon">' in shown
        assert 'href="/marketing/"' in shown, "the rail leads back to the product"


def test_a_created_rep_is_written_down_and_makes_numbers_anew(
    dee: User, emea: Team, as_user: AsUser
) -> None:
    before = freshness.generation()
    fields = {"rep_id": "kit", "name": "Kit", "team": emea.pk, "is_active": "on"}
    as_user(dee).post(url(Rep, "add"), fields)
    assert Rep.objects.get(rep_id="kit").team == emea
    assert freshness.generation() == before + 1
    event = AuditEvent.objects.filter(action="added").get()
    assert (event.user, event.target) == (dee, "kernel.Rep kit: Kit")
    assert event.detail["team"] == [None, str(emea.pk)]


def test_a_changed_role_is_written_down_with_the_value_before_and_after(
    ad: User, vi: User, as_user: AsUser
) -> None:
    form = {"username": "vi", "email": "vi@example.com", "role": "revops", "is_active": "on"}
    as_user(ad).post(url(User, "change", vi.pk), form)
    vi.refresh_from_db()
    assert (vi.role, vi.is_staff) == ("revops", True)
    event = AuditEvent.objects.filter(action="changed").get()
    assert event.detail["role"] == ["viewer", "revops"]


def test_deleting_several_is_written_down_for_each(dee: User, as_user: AsUser) -> None:
    teams = [Team.objects.create(name=name) for name in ("A", "B")]
    chosen = {
        "action": "delete_selected",
        "_selected_action": [team.pk for team in teams],
        "post": "yes",
    }
    as_user(dee).post(url(Team, "changelist"), chosen)
    assert not Team.objects.exists()
    assert AuditEvent.objects.filter(action="deleted", user=dee).count() == 2


def test_saving_without_a_change_writes_nothing_down(
    ad: User, workspace: Workspace, as_user: AsUser
) -> None:
    form = {
        "name": workspace.name,
        "time_zone": "UTC",
        "fiscal_year_start_month": 1,
        "reporting_currency": "USD",
        "stale_after_days": 7,
        "mails_a_day": 50,
        "mails_kept_days": 0,
        "lookback_days": 90,
        "half_life_days": 7,
    }
    client, before = as_user(ad), freshness.generation()
    client.post(url(Workspace, "change", 1), form)
    assert freshness.generation() == before
    client.post(url(Workspace, "change", 1), {**form, "fiscal_year_start_month": 2})
    assert freshness.generation() == before + 1
    assert freshness.workspace().fiscal_year_start_month == 2
    refused = client.post(url(Workspace, "change", 1), {**form, "time_zone": "Mars/Olympus"})
    assert b"Select a valid choice" in refused.content


WORKSPACE = {
    "name": "Acme",
    "time_zone": "Europe/Berlin",
    "fiscal_year_start_month": 2,
    "reporting_currency": "EUR",
    "stale_after_days": 7,
    "mails_a_day": 50,
    "mails_kept_days": 0,
    "lookback_days": 90,
    "half_life_days": 7,
}
RATE = {"date": "2025-05-01", "from_currency": "EUR", "to_currency": "USD"}


def spend() -> Decimal:
    """What the roll-up says that LinkedIn cost."""
    linkedin = MarketingRollup.objects.filter(channel="LinkedIn")
    return sum((row.spend for row in linkedin), Decimal())


@pytest.fixture
def rate(marketing_days: None, dee: User, as_user: AsUser) -> FxRate:
    """A euro is worth two dollars, which everything was paid in."""
    as_user(dee).post(url(FxRate, "add"), {**RATE, "rate": "2"})
    return FxRate.objects.get()


@pytest.mark.usefixtures("rate")
def test_another_reporting_currency_makes_all_money_anew(ad: User, as_user: AsUser) -> None:
    before = freshness.generation()
    assert spend() == Decimal(6000)
    as_user(ad).post(url(Workspace, "change", 1), WORKSPACE)
    assert spend() == Decimal(3000)
    assert freshness.generation() == before + 1
    assert freshness.workspace().time_zone == "Europe/Berlin"


def test_an_edited_or_deleted_rate_makes_the_money_of_its_days_anew(
    rate: FxRate, ad: User, as_user: AsUser
) -> None:
    client = as_user(ad)
    client.post(url(Workspace, "change", 1), WORKSPACE)
    before = freshness.generation()
    seen = {"seen_at": rate.row_updated_at.isoformat()}
    client.post(url(FxRate, "change", rate.pk), {**seen, "rate": "4"})
    assert spend() == Decimal(1500)
    client.post(url(FxRate, "delete", rate.pk), {"post": "yes"})
    assert sum(MarketingRollup.objects.values_list("unrated", flat=True)) == 5
    assert freshness.generation() == before + 2


@pytest.mark.usefixtures("rate")
def test_much_money_is_made_anew_in_the_background_all_at_once(ad: User, as_user: AsUser) -> None:
    pretend_size(MarketingDay, 1_000_000)
    client = as_user(ad)
    said = client.post(url(Workspace, "change", 1), WORKSPACE, follow=True)
    assert "becomes EUR when that is done" in str(next(iter(said.context["messages"])))
    assert (spend(), freshness.workspace().reporting_currency) == (Decimal(6000), "USD")
    client.post(url(Workspace, "change", 1), WORKSPACE)
    (job,) = ProcrastinateJob.objects.filter(task_name=rerating.TASK)
    before = freshness.generation()
    app.tasks[job.task_name](**job.args)
    assert (spend(), freshness.workspace().reporting_currency) == (Decimal(3000), "EUR")
    assert freshness.generation() == before + 1


def test_an_admin_makes_a_person_who_can_log_in(ad: User, emea: Team, as_user: AsUser) -> None:
    form = {
        "username": "kit",
        "email": "kit@example.com",
        "role": "manager",
        "team": emea.pk,
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    client = as_user(ad)
    without_team = client.post(url(User, "add"), {**form, "team": ""})
    assert b"A manager sees the rows of one team: say which." in without_team.content
    assert client.post(url(User, "add"), form).status_code == 302
    kit = User.objects.get(username="kit")
    assert (kit.role, kit.team, kit.check_password(PASSWORD)) == ("manager", emea, True)
    assert PASSWORD not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_the_last_admin_stays_one(ad: User, as_user: AsUser) -> None:
    form = {"username": "ad", "email": "ad@example.com", "role": "viewer", "is_active": "on"}
    answer = as_user(ad).post(url(User, "change", ad.pk), form)
    assert b"Nobody else is an admin" in answer.content
    ad.refresh_from_db()
    assert ad.role == "admin"


def test_an_admin_gives_somebody_another_password_which_ends_their_session(
    ad: User, ana: User, as_user: AsUser
) -> None:
    session = as_user(ana)
    chosen = "a phrase for ana alone"
    form = {"password1": chosen, "password2": chosen, "usable_password": "true"}
    as_user(ad).post(reverse("admin:auth_user_password_change", args=[ana.pk]), form)
    ana.refresh_from_db()
    assert ana.check_password(chosen)
    assert session.get("/accounts/profile/").status_code == 302
    assert AuditEvent.objects.filter(action="password changed", target="ana", user=ad).exists()


@pytest.mark.parametrize("role", ["revops", "manager", "rep", "viewer"])
def test_only_an_admin_gives_others_a_password(
    role: str, everybody: dict[str, User], as_user: AsUser
) -> None:
    target = reverse("admin:auth_user_password_change", args=[everybody["admin"].pk])
    form = {"password1": "a phrase of mine 1", "password2": "a phrase of mine 1"}
    assert as_user(everybody[role]).post(target, form).status_code == 403


def test_the_key_of_a_rep_stays_what_it_is(dee: User, ana: User, as_user: AsUser) -> None:
    seen = Rep.objects.get(pk="ana").row_updated_at.isoformat()
    form = {"rep_id": "other", "name": "Ana B.", "is_active": "on", "seen_at": seen}
    as_user(dee).post(url(Rep, "change", "ana"), form)
    assert list(Rep.objects.values_list("rep_id", "name")) == [("ana", "Ana B.")]


def test_autocompletion_answers_at_the_desk_only(dee: User, vi: User, as_user: AsUser) -> None:
    asked = {"app_label": "kernel", "model_name": "rep", "field_name": "team", "term": "a"}
    assert as_user(dee).get("/admin/autocomplete/", asked).status_code == 200
    assert as_user(vi).get("/admin/autocomplete/", asked).status_code == 403


def test_loads_and_what_they_refused_lead_to_each_other(dee: User, as_user: AsUser) -> None:
    given = [{**sample(FX_RATES, n), "rate": "0"} for n in (1, 2)]
    rows.write(FX_RATES, given, kind="app", source="rates.csv", by=dee)
    client, load = as_user(dee), DataLoad.objects.get()
    to_rows = f"{url(RejectedRow, 'changelist')}?load__id__exact={load.pk}"
    for address in (url(DataLoad, "changelist"), url(DataLoad, "change", load.pk), "/admin/"):
        assert f'href="{to_rows}"' in client.get(address).content.decode()
    listed = client.get(to_rows).content.decode()
    assert listed.count('<td class="field-reason">is not above 0') == 2
    assert f'href="{url(DataLoad, "change", load.pk)}"' in listed
