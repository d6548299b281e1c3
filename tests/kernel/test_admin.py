"""The support desk: which role finds which table, what may be edited, and what an edit sets off."""

from __future__ import annotations

import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketing import rollups
from marketing.models import MarketingDay, MarketingRollup
from pipeline.models import Deal
from revenue.models import Customer
from revops_site.kernel import audit, clock, freshness
from revops_site.kernel.desk import desk
from revops_site.kernel.models import (
    AuditEvent,
    Benchmark,
    DataLoad,
    FxRate,
    RejectedRow,
    Rep,
    Team,
    User,
    Workspace,
)
from tests.conftest import PASSWORD, AsUser

ROWS = 12
DAY = datetime.date(2025, 3, 1)
DATA, PEOPLE = {"admin", "revops"}, {"admin"}
TABLES: dict[type[Model], tuple[set[str], bool, bool]] = {
    DataLoad: (DATA, False, False),
    RejectedRow: (DATA, False, False),
    AuditEvent: (PEOPLE, False, False),
    Benchmark: (DATA, False, False),
    MarketingDay: (DATA, False, False),
    Deal: (DATA, False, False),
    Customer: (DATA, False, False),
    Team: (DATA, True, True),
    Rep: (DATA, True, True),
    FxRate: (DATA, True, True),
    Workspace: (PEOPLE, True, False),
    User: (PEOPLE, True, True),
}
"""Each table: who finds it, whether its rows may be edited, whether rows may be added."""


def url(model: type[Model], page: str, *args: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=args)


@pytest.fixture
def load(db: None) -> DataLoad:
    return DataLoad.objects.create(
        dataset="pipeline_deals",
        run=uuid4(),
        file_name="deals.csv",
        status="loaded",
        started_at=clock.now(),
        finished_at=clock.now(),
        rows=2,
        accepted=1,
        refused=1,
    )


@pytest.fixture
def rows(load: DataLoad, emea: Team, ad: User) -> None:
    """Twelve rows in each table that has more than one."""
    stamps = {"row_created_at": clock.now(), "row_updated_at": clock.now(), "load": load}
    counts = dict.fromkeys(
        ("impressions", "clicks", "leads", "mqls", "sqls", "opportunities", "closed_won"), 1
    )
    freshness.workspace()
    for n in range(ROWS):
        rep = Rep.objects.create(rep_id=f"r{n}", name=f"Rep {n}", team=emea)
        User.objects.create_user(f"u{n}", f"u{n}@example.com", PASSWORD, role="rep", rep=rep)
        RejectedRow.objects.create(load=load, line=n + 2, column="amount", reason="not a number")
        Benchmark.objects.create(benchmark_id=f"b{n}", metric_type="cac", category="SMB", **stamps)
        FxRate.objects.create(
            date=DAY + datetime.timedelta(n), from_currency="EUR", to_currency="USD", rate=2
        )
        audit.record("tried", user=ad, target=f"thing {n}")
        Team.objects.create(name=f"Team {n}")
        DataLoad.objects.create(
            dataset="benchmarks",
            run=uuid4(),
            file_name=f"b{n}.csv",
            status="loaded",
            started_at=clock.now(),
            finished_at=clock.now(),
            loaded_by=ad,
        )
        Deal.objects.create(
            deal_id=f"d{n}", owner=rep, stage_name="Won", currency="USD", created_at=DAY,
            status="open", **stamps,
        )  # fmt: skip
        Customer.objects.create(
            customer_id=f"c{n}", account_name="Kestrel", currency="USD", start_date=DAY, mrr=1,
            **stamps,
        )  # fmt: skip
        MarketingDay.objects.create(
            key=uuid4(), date=DAY, channel="Search", campaign=f"k{n}", segment="SMB", geo="EMEA",
            spend=10, currency="EUR", fx_rate=2, **counts, **stamps,
        )  # fmt: skip
    rollups.refresh([DAY])


@pytest.fixture
def everybody(ana: User, bo: User, dee: User, vi: User, ad: User) -> dict[str, User]:
    return {person.role: person for person in (ana, bo, dee, vi, ad)}


def test_every_table_is_at_the_desk_but_those_that_django_cannot_show() -> None:
    assert set(desk._registry) == set(TABLES)
    assert MarketingRollup._meta.is_composite_pk


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("role", User.Role.values)
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_role_finds_searches_opens_and_adds_what_it_may(
    model: type[Model], role: str, everybody: dict[str, User], as_user: AsUser
) -> None:
    found_by, edits, adds = TABLES[model]
    client = as_user(everybody[role])
    row = model._default_manager.first()
    assert row is not None
    sees = 200 if role in found_by else 403
    assert client.get(url(model, "changelist")).status_code == sees
    assert client.get(url(model, "changelist"), {"q": "e"}).status_code == sees
    opened = client.get(url(model, "change", row.pk))
    assert opened.status_code == sees
    if sees == 200:
        assert (b'name="_save"' in opened.content) is edits
    assert client.get(url(model, "add")).status_code == (200 if sees == 200 and adds else 403)
    if not edits or sees == 403:
        assert client.post(url(model, "change", row.pk), {"_save": "1"}).status_code == 403
    gone = client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code
    assert (gone == 403) is not (sees == 200 and adds and model is not User)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_list_takes_fewer_queries_than_it_has_rows(
    model: type[Model], ad: User, as_user: AsUser
) -> None:
    client = as_user(ad)
    client.get(url(model, "changelist"))
    with CaptureQueriesContext(connection) as asked:
        client.get(url(model, "changelist"))
    assert len(asked) < ROWS


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_list_names_columns_that_exist(model: type[Model]) -> None:
    for name in desk.get_model_admin(model).list_display:
        try:
            model._meta.get_field(str(name))
        except FieldDoesNotExist:
            assert name == "__str__"


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
    }
    client, before = as_user(ad), freshness.generation()
    client.post(url(Workspace, "change", 1), form)
    assert freshness.generation() == before
    client.post(url(Workspace, "change", 1), {**form, "fiscal_year_start_month": 2})
    assert freshness.generation() == before + 1
    assert freshness.workspace().fiscal_year_start_month == 2
    refused = client.post(url(Workspace, "change", 1), {**form, "time_zone": "Mars/Olympus"})
    assert b"Select a valid choice" in refused.content


@pytest.mark.usefixtures("rows")
def test_another_reporting_currency_makes_all_money_anew(ad: User, as_user: AsUser) -> None:
    assert MarketingRollup.objects.get().spend == Decimal(240)
    form = {
        "name": "Acme",
        "time_zone": "Europe/Berlin",
        "fiscal_year_start_month": 2,
        "reporting_currency": "EUR",
        "stale_after_days": 7,
    }
    as_user(ad).post(url(Workspace, "change", 1), form)
    assert MarketingRollup.objects.get().spend == Decimal(120)


@pytest.mark.usefixtures("rows")
def test_an_edited_or_deleted_rate_makes_the_money_of_its_days_anew(
    dee: User, as_user: AsUser
) -> None:
    client, before = as_user(dee), freshness.generation()
    rate = FxRate.objects.get(date=DAY)
    form = {"date": DAY, "from_currency": "EUR", "to_currency": "USD", "rate": "3"}
    client.post(url(FxRate, "change", rate.pk), form)
    assert MarketingRollup.objects.get().spend == Decimal(360)
    client.post(url(FxRate, "delete", rate.pk), {"post": "yes"})
    assert MarketingRollup.objects.get().unrated == ROWS
    assert freshness.generation() == before + 2


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
    form = {"rep_id": "other", "name": "Ana B.", "is_active": "on"}
    as_user(dee).post(url(Rep, "change", "ana"), form)
    assert list(Rep.objects.values_list("rep_id", "name")) == [("ana", "Ana B.")]


def test_autocompletion_answers_at_the_desk_only(dee: User, vi: User, as_user: AsUser) -> None:
    asked = {"app_label": "kernel", "model_name": "rep", "field_name": "team", "term": "a"}
    assert as_user(dee).get("/admin/autocomplete/", asked).status_code == 200
    assert as_user(vi).get("/admin/autocomplete/", asked).status_code == 403
