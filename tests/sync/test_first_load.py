"""The first sync of a company: all that it has is here, equal to the truth."""

from __future__ import annotations

from django.core.management import call_command

from pipeline.models import Contact, Deal, Stage
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import clock, freshness, sync
from revops_site.kernel.models import Account, DataLoad, Rep, SyncRun
from tests.sync.conftest import Simulator, run
from tests.sync.truth import differences


def test_the_first_sync_brings_all_deals_live_archived_and_deleted(pipedrive: Simulator) -> None:
    done = run()
    assert (done.status, done.message) == (SyncRun.Status.SUCCESS, "")
    assert differences(pipedrive) == []
    truth = pipedrive.truth()
    assert Rep.objects.count() == truth["users"]["live"]["count"]
    assert Stage.objects.count() == truth["stages"]["live"]["count"]
    assert Account.objects.count() == truth["organizations"]["live"]["count"]
    assert Deal.objects.filter(is_deleted=True).count() == truth["deals"]["deleted"]["count"]
    assert all(deal.account_name for deal in Deal.objects.exclude(account=None))
    assert Contact.objects.count() == Deal.objects.filter(is_deleted=False).count() - sum(
        one["person_id"] == "" for one in pipedrive.get("dump/deals?scope=all&fields=person_id")
    )


def test_a_sync_with_nothing_new_asks_little_and_changes_nothing(pipedrive: Simulator) -> None:
    run()
    before, loads = freshness.generation(), DataLoad.objects.count()
    pipedrive.advance(seconds=1800)
    done = run()
    assert done.status == SyncRun.Status.SUCCESS
    assert (done.changed, done.records) == (0, 0)
    assert done.requests <= 25
    assert (freshness.generation(), DataLoad.objects.count()) == (before, loads)


def test_the_data_reach_until_the_source_s_today_also_when_nothing_happened(
    pipedrive: Simulator,
) -> None:
    run()
    assert str(freshness.stamps(["pipeline_deals"])[2]) == "2026-11-02"
    before = freshness.generation()
    pipedrive.advance(seconds=20 * 3600)
    run("deals")
    assert str(freshness.stamps(["pipeline_deals"])[2]) == "2026-11-03"
    assert freshness.generation() > before, "what was computed as of yesterday is out of date"


def test_each_kind_of_record_tells_how_its_sync_went(pipedrive: Simulator) -> None:
    assert [one.status for one in sync.status(PIPEDRIVE)] == [""] * 9
    run()
    told = {one.entity_type: one for one in sync.status(PIPEDRIVE)}
    assert {one.status for one in told.values()} == {"success"}
    assert told["deals"].records_synced == 300
    assert told["deals"].last_sync_time is not None
    assert abs((clock.now() - told["deals"].last_sync_time).total_seconds()) < 60


def test_the_command_says_what_it_read(pipedrive: Simulator, capsys) -> None:  # type: ignore[no-untyped-def]
    call_command("sync")
    out = capsys.readouterr().out
    assert "Deals: success. 300 records read" in out


def test_only_what_was_asked_for_is_read(pipedrive: Simulator) -> None:
    run("stages")
    assert Stage.objects.count() == 15
    assert not Deal.objects.exists()
