"""Every table of the support desk, whichever there are: who may do what, and how lists behave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coaching.models import Mail, Unsubscribed
from insights.actions import days
from insights.catalog import DATASETS
from insights.models import CreditRevision, InsightAnswer, InsightDay, Kpi, RuleSetting
from insights.queries.kpis import Taken
from insights.rules.pipeline import LOW_WIN_RATE
from pipeline.actions import terms
from pipeline.models import Pipeline, PipelineTerms
from revops_site.kernel import audit, clock, counts, mail
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.desk import Rows, Watched, desk
from revops_site.kernel.desk.forms import column_of, field_of
from revops_site.kernel.models import AuditEvent, DataLoad, RejectedRow, Rep, Team, User, Workspace
from tests.conftest import PASSWORD, AsUser
from tests.insights.test_rules_pipeline import ALL
from tests.kernel import machine_rows
from tests.sample_rows import fill, sample

DAY = date(2025, 6, 30)
INSIGHT = LOW_WIN_RATE.judge(ALL)
FOR_ADMINS = {AuditEvent, User, Workspace}
MODELS = sorted(desk._registry, key=lambda model: model._meta.label)
WITH_DATA = [model for model in MODELS if isinstance(desk._registry[model], Rows)]
EDITED = [model for model in WITH_DATA if getattr(desk._registry[model], "edits", None)]
FEW = {"Team", "Rep", "Benchmark", "FxRate", "Holiday", "Pipeline", "Stage", "Quota"}
GROWING = [model for model in WITH_DATA if model.__name__ not in FEW]
REFUSED = ("rep", "manager", "viewer", "stranger")


def url(model: type[Model], page: str, *args: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=args)


def table(model: type[Model]) -> Watched:
    found = desk.get_model_admin(model)
    assert isinstance(found, Watched)
    return found


def dataset_of(model: type[Model]) -> Dataset:
    found = table(model)
    assert isinstance(found, Rows)
    return found.dataset


def fill_table(model: type[Model], count: int) -> None:
    """So many further rows of a table, by the front where it has one."""
    if isinstance(table(model), Rows):
        fill(dataset_of(model), count)
        return
    if model in machine_rows.MAKERS:
        machine_rows.fill(model, count)
        return
    for n in range(count):
        if model is AuditEvent:
            audit.record("tried", user=User.objects.first(), target=f"thing {n}")
        elif model is User:
            name = f"u{User.objects.count()}"
            rep = Rep.objects.create(rep_id=name, name=name, team=Team.objects.first())
            User.objects.create_user(name, f"{name}@example.com", PASSWORD, role="rep", rep=rep)
        elif model in {DataLoad, RejectedRow}:
            load = DataLoad.objects.create(
                dataset="pipeline_deals",
                run="7e2b1f4e-0c0e-4c5e-9f43-6f0e6ad3a001",
                file_name=f"deals{n}.csv",
                status="loaded",
                started_at=clock.now(),
                finished_at=clock.now(),
                loaded_by=User.objects.first(),
            )
            RejectedRow.objects.create(load=load, line=2, column="amount", reason="is no number")
        elif model is PipelineTerms:
            fill(dataset_of(Pipeline), 1)
            for pipeline in Pipeline.objects.all():
                terms.keep(pipeline.pk)
        elif model is Mail:
            Mail.objects.create(
                deal_id=f"D{Mail.objects.count()}",
                reason=Mail.Reason.ASKED,
                contact_id="P1",
                to_name="Pat",
                to_address="pat@globex.example",
                subject="Hello",
                body="Text",
                message_id=mail.message_id(),
                made_at=clock.now(),
                changed_at=clock.now(),
            )
        elif model is Unsubscribed:
            address = f"e{Unsubscribed.objects.count()}@globex.example"
            Unsubscribed.objects.create(address=address, at=clock.now())
        elif model is InsightDay:
            assert INSIGHT is not None
            days.keep_insights(
                day=DAY + timedelta(days=InsightDay.objects.count()),
                told=[days.Told(INSIGHT, "/pipeline/", DAY)],
                currency="USD",
                generation=1,
                at=clock.now(),
            )
        elif model is CreditRevision:
            CreditRevision.objects.create(
                deal_id=f"D{CreditRevision.objects.count()}",
                revision=1,
                written_at=clock.now(),
                reasons=["won"],
                closed_at=DAY,
                amount=1000,
                currency="USD",
                version="1",
                lookback_days=90,
                half_life_days=7,
                touch_ids=["T1"],
                channels=["Events"],
                campaigns=[""],
                ages=[3],
            )
        elif model is InsightAnswer:
            InsightAnswer.objects.create(
                user=User.objects.all()[0],
                rule=f"RULE_{InsightAnswer.objects.count()}",
                subject="all deals",
                said="useful",
                version=1,
                severity="high",
                value=0.1,
                data_hash="",
                at=clock.now(),
            )
        elif model is RuleSetting:
            RuleSetting.objects.create(rule=f"RULE_{RuleSetting.objects.count()}")
        elif model is Kpi:
            slug = f"pipeline-{Kpi.objects.count()}"
            figure = Taken(DAY, None, "USD", slug, "win_rate", 0.2, {"won": 1.0, "lost": 4.0})
            days.keep_kpis(taken=[figure], generation=1, at=clock.now())


@pytest.fixture
def people(
    ana: User, bo: User, dee: User, vi: User, ad: User, workspace: Workspace
) -> dict[str, User]:
    return {person.role: person for person in (ana, bo, dee, vi, ad)}


def visit(role: str, people: dict[str, User]) -> Client:
    client = Client()
    if role != "stranger":
        client.force_login(people[role])
    return client


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of this form, were nothing changed."""
    form = client.get(address).context["adminform"].form
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if value is not None and value is not False:
            sent[name] = "on" if value is True else value
    return sent


def typed(model: type[Model], n: int) -> dict[str, Any]:
    """The fields of a new row, as somebody would fill them in."""
    dataset, sent = dataset_of(model), {}
    for name, text in sample(dataset, n).items():
        column = dataset.column(name)
        field = field_of(dataset, column)
        if not field or text is None or text == "false":
            continue
        if column.kind == "rep":
            text = Rep.objects.get_or_create(rep_id="kit", defaults={"name": "Kit"})[0].pk
        elif column.kind == "boolean":
            text = "on"
        sent[field] = text.replace("Z", "") if column.kind == "instant" else text
    return sent


def is_refused(role: str, answer: HttpResponseBase) -> bool:
    if role == "stranger":
        sent_to = answer.headers.get("Location", "")
        return answer.status_code == 302 and sent_to.startswith("/accounts/login/")
    return answer.status_code == 403


def test_every_dataset_is_at_the_desk_and_nothing_that_it_cannot_show() -> None:
    assert {dataset_of(model).name for model in WITH_DATA} == {d.name for d in DATASETS}
    assert all(not model._meta.is_composite_pk for model in MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_role_finds_searches_and_opens_what_it_may(
    model: type[Model], people: dict[str, User]
) -> None:
    fill_table(model, 2)
    row = model._base_manager.first()
    assert row is not None
    linked = table(model).list_display_links is not None
    for role in ("admin", "revops", *REFUSED):
        client = visit(role, people)
        sees = role == "admin" or (role == "revops" and model not in FOR_ADMINS)
        edits = sees and table(model).edits is not None
        answers = [
            client.get(url(model, "changelist")),
            client.get(url(model, "changelist"), {"q": "e"}),
            client.get(url(model, "change", row.pk)),
            client.get(url(model, "add")),
            client.get(url(model, "delete", row.pk)),
        ]
        if not sees:
            assert all(is_refused(role, answer) for answer in answers), role
            continue
        found, searched, opened, added, deleted = (answer.status_code for answer in answers)
        assert (found, searched, opened) == (200, 200, 200 if linked else 404), role
        assert added == (200 if edits and table(model).adds else 403), role
        assert deleted == (200 if edits and table(model).deletes else 403 if linked else 404), role
        if linked:
            assert (b'name="_save"' in answers[2].content) is edits


@pytest.mark.parametrize("role", ["admin", "revops"])
@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_a_row_is_added_changed_and_deleted(
    model: type[Model], role: str, people: dict[str, User]
) -> None:
    client, dataset = visit(role, people), dataset_of(model)
    before = set(model._base_manager.values_list("pk", flat=True))
    added = client.post(url(model, "add"), form_of(client, url(model, "add")) | typed(model, 7))
    assert added.status_code == 302, added.context["adminform"].form.errors
    (row,) = model._base_manager.exclude(pk__in=before)
    sent = form_of(client, url(model, "change", row.pk))
    texts = [name for name in sent if (c := column_of(dataset, name)) and c.kind == "text"]
    free = [name for name in texts if not model._meta.get_field(name).is_relation]
    if free:
        sent[free[0]] = "Changed"
    changed = client.post(url(model, "change", row.pk), sent)
    assert changed.status_code == 302, changed.context["adminform"].form.errors
    if free:
        row.refresh_from_db()
        assert getattr(row, free[0]) == "Changed"
    gone = client.post(url(model, "delete", row.pk), {"post": "yes"})
    assert gone.status_code == 302
    assert not model._base_manager.filter(pk=row.pk).exists()
    done = AuditEvent.objects.filter(user=people[role]).exclude(action="login")
    actions = list(done.values_list("action", flat=True))
    assert actions == ["deleted", "changed" if free else "form sent", "added"]


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_whoever_may_not_edit_changes_nothing(model: type[Model], people: dict[str, User]) -> None:
    fill(dataset_of(model), 1)
    row = model._base_manager.first()
    assert row is not None
    for role in REFUSED:
        client = visit(role, people)
        for page, args in (("add", ()), ("change", (row.pk,)), ("delete", (row.pk,))):
            assert is_refused(role, client.post(url(model, page, *args), {"post": "yes"}))
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        assert is_refused(role, client.post(url(model, "changelist"), chosen))
    assert model._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_three(
    model: type[Model], ad: User, workspace: Workspace, as_user: AsUser
) -> None:
    client = as_user(ad)
    asked = []
    for count in (3, 30):
        fill_table(model, count)
        client.get(url(model, "changelist"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(model, "changelist")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_names_columns_that_exist(model: type[Model]) -> None:
    for name in table(model).list_display:
        try:
            model._meta.get_field(str(name))
        except FieldDoesNotExist:
            assert hasattr(table(model), str(name)) or hasattr(model, str(name))


@pytest.mark.parametrize("model", GROWING, ids=lambda model: model.__name__)
def test_a_large_table_is_neither_counted_nor_sorted_nor_read_as_a_whole(
    model: type[Model], ad: User, as_user: AsUser
) -> None:
    fill(dataset_of(model), 3)
    pretend_size(model, 10_000_000)
    assert counts.about(model) == 10_000_000
    client = as_user(ad)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url(model, "changelist"), {"q": "e"})
    said = "; ".join(query["sql"] for query in queries)
    name = model._meta.db_table
    assert f'COUNT(*) AS "__count" FROM "{name}"' not in said
    assert "DISTINCT" not in said
    assert "UPPER(" not in said
    assert set(page.context["cl"].sortable_by) <= table(model).indexed()
    whole = client.get(url(model, "changelist"))
    assert b"about 10,000,000" in whole.content


def pretend_size(model: type[Model], rows: int) -> None:
    """What the database would think of a table of so many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = %s WHERE oid = to_regclass(%s)",
            [rows, model._meta.db_table],
        )


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if table(model).date_hierarchy],
    ids=lambda model: model.__name__,
)
def test_the_days_of_a_list_lead_to_fewer_rows(
    model: type[Model], ad: User, as_user: AsUser
) -> None:
    name = table(model).date_hierarchy
    fill_table(model, 3)
    client, seen = as_user(ad), ""
    for _ in range(3):
        page = client.get(url(model, "changelist") + seen)
        steps = [step for step in page.context["cl"].days["choices"] if step.get("link")]
        if not steps:
            break
        seen = steps[-1]["link"]
        assert client.get(url(model, "changelist") + seen).status_code == 200
    assert urlencode({f"{name}__year": ""})[:-1] in seen or not seen
