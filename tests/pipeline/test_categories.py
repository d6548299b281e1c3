"""A category set by hand holds through loads and stages, until taken back or the deal ends."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, transaction
from django.test import Client

from insights.catalog import DATASETS, ROLLUPS
from pipeline.actions import categories as actions
from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import CategoryOverride, Deal, DealChange, OpenDealStock
from pipeline.panels.categories import address, slug
from pipeline.queries import categories, states
from pipeline.rollups import PAST
from revops_site.kernel import clock, freshness, loading
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, DataLoad, User
from tests.conftest import AsUser

DEAL: Mapping[str, str] = {
    "deal_id": "D1",
    "account_name": "Acme",
    "segment": "MM",
    "owner_id": "ana",
    "stage_name": "Demo",
    "amount": "12000",
    "created_at": "2025-01-05",
    "last_stage_change": "2025-02-01",
    "close_date": "2025-06-30",
    "probability": "0.5",
    "status": "open",
    "forecast_category": "Pipeline",
}
CSV = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "probability,status,source_channel,forecast_category"
)
PAGE = address("D1")
WON = {"stage_name": "Closed_Won", "status": "won", "closed_on": "2025-06-15"}


def write(**changes: str) -> None:
    """Load the deal as somebody's file has it."""
    given = dict(DEAL) | changes
    report = rows.write(PIPELINE_DEALS, [given], kind="sync", source="test", by=None)
    assert report.accepted == 1, report.sample


def seen(deal_id: str = "D1") -> str:
    deal = Deal.objects.get(pk=deal_id)
    return categories.seen(
        deal_id, deal.forecast_category, categories.standing([deal_id]).get(deal_id)
    )


def override(by: User, category: str = "Commit", **given: str) -> None:
    told = {"reason": "", "seen": seen()} | given
    actions.override(by=by, deal_id="D1", category=category, at=clock.now(), **told)


def take_back(by: User, **given: str) -> None:
    actions.take_back(by=by, deal_id="D1", at=clock.now(), **({"seen": seen()} | given))


def category() -> str:
    return str(Deal.objects.values_list("forecast_category", flat=True).get())


@pytest.fixture(autouse=True)
def deal(ana: User, workspace: object) -> None:
    write()


def test_what_is_set_by_hand_counts_at_once_and_is_logged_summed_and_audited(ana: User) -> None:
    before = freshness.generation()
    override(ana, reason="They <b>signed</b>")
    assert category() == "Commit"
    assert Deal.objects.get().file_category == "Pipeline"
    change = DealChange.objects.get(field="forecast_category")
    assert (change.old, change.new, change.source) == ("Pipeline", "Commit", "override")
    assert OpenDealStock.objects.get().forecast_category == "Commit"
    assert freshness.generation() > before
    event = AuditEvent.objects.get(action="category overridden")
    assert (event.user, event.target) == (ana, "D1")
    assert event.detail == {"category": "Commit", "was": "Pipeline", "reason": "They <b>signed</b>"}
    assert DataLoad.objects.latest("id").loaded_by == ana


def test_it_survives_a_load_that_moves_the_stage_and_one_that_brings_another_category(
    ana: User,
) -> None:
    override(ana)
    write(stage_name="Negotiation", last_stage_change="2025-03-01", probability="0.8")
    assert category() == "Commit"
    write(stage_name="Negotiation", last_stage_change="2025-03-01", forecast_category="Best Case")
    assert category() == "Commit"
    assert Deal.objects.get().file_category == "Best Case"
    assert DealChange.objects.filter(field="forecast_category").count() == 1
    assert OpenDealStock.objects.get().forecast_category == "Commit"


def test_taking_it_back_restores_what_the_file_says_by_now(ana: User) -> None:
    override(ana)
    write(forecast_category="Best Case")
    take_back(ana)
    assert category() == "Best Case"
    write(forecast_category="Pipeline")
    assert category() == "Pipeline"
    assert AuditEvent.objects.filter(action="override taken back").count() == 1
    assert CategoryOverride.objects.get().ended == "taken back"
    told = [(event.new, event.by_hand) for event in categories.history("D1")]
    assert told == [("Pipeline", False), ("", True), ("Commit", True)]


def test_the_same_file_again_changes_nothing(ana: User, tmp_path: Path) -> None:
    path = tmp_path / "pipeline_deals.csv"
    line = "D1,Acme,MM,ana,Demo,12000,2025-01-05,2025-06-30,2025-02-01,0.5,open,,Pipeline"
    path.write_text(f"{CSV}\n{line}\n")
    assert loading.load([path], DATASETS).exit_code == 0
    override(ana)
    (again,) = loading.load([path], DATASETS).files
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 1)
    assert category() == "Commit"
    path.write_text(f"{CSV}\n{line.replace('12000', '15000')}\n")
    (other,) = loading.load([path], DATASETS).files
    assert other.updated == 1
    assert category() == "Commit"
    loading.undo(DataLoad.objects.latest("id"), DATASETS)
    assert category() == "Commit"


def test_it_ends_as_the_deal_closes_and_does_not_come_back_when_it_opens_again(
    ana: User,
) -> None:
    override(ana)
    write(**WON, forecast_category="Closed")
    assert category() == "Closed"
    assert not categories.standing(["D1"])
    write()
    assert category() == "Pipeline"
    override(ana, "Best Case")
    assert category() == "Best Case"
    assert set(CategoryOverride.objects.values_list("ended", flat=True)) == {"closed", ""}


def test_a_closed_deal_has_its_file_s_category(ana: User) -> None:
    write(**WON)
    with pytest.raises(actions.RefusedError, match="This deal is closed"):
        override(ana)


def test_a_load_that_closed_the_deal_and_is_undone_leaves_it_set(ana: User, tmp_path: Path) -> None:
    override(ana)
    path = tmp_path / "pipeline_deals.csv"
    line = "D1,Acme,MM,ana,Closed_Won,12000,2025-01-05,2025-06-30,2025-06-15,1,won,,Closed"
    path.write_text(f"{CSV}\n{line}\n")
    assert loading.load([path], DATASETS).exit_code == 0
    assert category() == "Closed"
    loading.undo(DataLoad.objects.latest("id"), DATASETS)
    assert category() == "Commit"
    write(stage_name="Negotiation")
    assert category() == "Commit"


def test_a_past_day_knows_the_category_of_then(ana: User) -> None:
    day = clock.today()
    write(deal_id="D2", last_stage_change=day.isoformat())
    override(ana)
    then = states.at(day - timedelta(days=1)).get(deal_id="D1")
    assert then.forecast_category == "Pipeline"
    assert states.at(day).get(deal_id="D1").forecast_category == "Commit"
    assert PAST.differences() == 0
    assert not any(roll_up.differences() for roll_up in ROLLUPS)


def test_of_two_who_set_it_at_once_the_second_is_told_of_the_first(ana: User, bo: User) -> None:
    opened = seen()
    override(ana, "Commit", seen=opened)
    with pytest.raises(actions.RefusedError, match="Ana set the category to Commit at 20"):
        override(bo, "Omitted", seen=opened)
    assert category() == "Commit"
    with pytest.raises(actions.RefusedError, match="since you opened this"):
        take_back(bo, seen=opened)
    override(bo, "Omitted")
    assert category() == "Omitted"
    assert list(CategoryOverride.objects.values_list("ended", flat=True)) == ["", "replaced"]


def test_a_file_that_brought_another_category_meanwhile_is_told_of(ana: User) -> None:
    opened = seen()
    write(forecast_category="Best Case")
    with pytest.raises(actions.RefusedError, match="The category is Best Case by now"):
        override(ana, seen=opened)


def test_sending_it_twice_sets_it_once(ana: User) -> None:
    opened = seen()
    for _ in range(2):
        override(ana, seen=opened, reason="Verbal yes")
    assert CategoryOverride.objects.count() == 1
    for _ in range(2):
        take_back(ana)
    assert AuditEvent.objects.filter(action="override taken back").count() == 1


def test_the_owner_the_manager_and_revops_may_and_nobody_else(
    ana: User, bo: User, cy: User, dee: User, ad: User, vi: User, apac: object
) -> None:
    other = User.objects.create_user("other", "other@example.com", role="manager", team=apac)
    for allowed in (ana, bo, dee, ad):
        override(allowed)
        take_back(allowed)
    for stranger in (cy, other, vi):
        with pytest.raises(actions.RefusedError, match="Only the deal's owner"):
            override(stranger)
        with pytest.raises(actions.RefusedError, match="Only the deal's owner"):
            take_back(stranger)
    assert category() == "Pipeline"


def test_absurd_words_are_refused_or_kept_as_they_are(ana: User) -> None:
    for bad in ("", "commit", "Closed", "x\0", "'; DROP TABLE pipeline_deal; --"):
        with pytest.raises(actions.RefusedError, match="Choose one of Commit, Best Case"):
            override(ana, bad)
    with pytest.raises(actions.RefusedError, match="at most 300 characters; this one has 301"):
        override(ana, reason="x" * 301)
    override(ana, reason=" <script>\n{}\0 %s ' ")
    assert CategoryOverride.objects.get().reason == "<script> {} %s '"


def sent(**given: str) -> dict[str, str]:
    return {"category": "Commit", "reason": "", "seen": seen(), "do": "set"} | given


def test_the_page_sets_it_shows_who_did_and_takes_it_back(
    as_user: AsUser, ana: User, bo: User
) -> None:
    browser = as_user(ana)
    answer = browser.post(PAGE, sent(reason="<b>Verbal</b> yes"), follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "By hand" in text
    assert "the file says Pipeline" in text
    assert "&lt;b&gt;Verbal&lt;/b&gt; yes" in text
    assert "Ana set it to Commit by hand" in text
    assert "Take back: Pipeline" in as_user(bo).get(PAGE).content.decode()
    assert browser.post(PAGE, sent(do="take back")).status_code == 302
    assert "Ana took Commit back" in browser.get(PAGE).content.decode()
    assert category() == "Pipeline"


def test_a_form_in_a_list_is_answered_in_its_place(as_user: AsUser, ana: User) -> None:
    part = slug("D1")
    htmx = {"HX-Request": "true", "HX-Target": part}
    answer = as_user(ana).post(PAGE, sent(next="/pipeline/forecast/"), headers=htmx)
    text = answer.content.decode()
    assert text.startswith(f'<div id="{part}" class="called by-hand"')
    assert 'value="/pipeline/forecast/"' in text
    again = as_user(ana).post(PAGE, sent(seen="0:Pipeline", reason="Other"), headers=htmx)
    assert again.status_code == 422
    assert "since you opened this" in again.content.decode()
    assert 'value="Other"' in again.content.decode(), "nothing that was typed is lost"


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/pipeline/forecast/?team=EMEA", f"/pipeline/forecast/?team=EMEA#{slug('D1')}"),
        ("https://elsewhere.example/", PAGE),
        ("//elsewhere.example/", PAGE),
        ("javascript:alert(1)", PAGE),
    ],
)
def test_without_scripts_one_comes_back_to_where_one_was_and_nowhere_else(
    as_user: AsUser, ana: User, back: str, to: str
) -> None:
    answer = as_user(ana).post(PAGE, sent(next=back))
    assert answer.status_code == 302
    assert answer.headers["Location"] == to


def test_others_see_it_where_they_may_see_the_deal_and_change_nothing(
    as_user: AsUser, vi: User, cy: User, ana: User
) -> None:
    shown = as_user(vi).get(PAGE)
    assert shown.status_code == 200
    assert "Set by hand" not in shown.content.decode()
    assert as_user(vi).post(PAGE, sent()).status_code == 403
    assert as_user(cy).get(PAGE).status_code == 404
    assert as_user(cy).post(PAGE, sent()).status_code == 404
    assert Client().post(PAGE, sent()).status_code == 302
    assert category() == "Pipeline"


@pytest.mark.django_db(transaction=True)
def test_nobody_sets_it_while_a_load_is_under_way(ana: User) -> None:
    refused: list[str] = []

    def other() -> None:
        try:
            override(ana)
        except actions.RefusedError as why:
            refused.append(str(why))
        finally:
            connection.close()

    with transaction.atomic():
        rows.hold(PIPELINE_DEALS)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    close_old_connections()
    assert refused == ["A load of pipeline_deals is under way. Try again when it is done."]
