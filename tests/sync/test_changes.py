"""What happens in the CRM between two syncs is here after the second one, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from pipeline.models import Activity, Deal, DealChange, Stage
from pipeline.rollups import ROLLUPS
from revops_site.kernel import sync
from revops_site.kernel.models import Account, Rep, SourceConnection, SourceRecord, SyncRun
from tests.sync.conftest import Simulator, run
from tests.sync.truth import differences


def good(*entities: str, **asked: Any) -> SyncRun:
    """A sync that goes well."""
    done = run(*entities, **asked)
    assert (done.status, done.message) == (SyncRun.Status.SUCCESS, "")
    return done


def test_what_changed_is_here_after_the_next_sync(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "random", "n": 60, "every": 30})
    good()
    assert differences(pipedrive) == []


def test_deals_that_change_while_they_are_paged_are_not_missed(pipedrive: Simulator) -> None:
    pipedrive.faults("churn.deals=1.0:3,short.deals=1.0")
    good()
    for _ in range(3):
        pipedrive.change({"op": "random", "n": 30, "every": 2})
        good()
    pipedrive.faults("")
    good()
    assert differences(pipedrive) == []


def test_many_changes_in_one_second_are_all_seen(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "bulk", "n": 250, "set": {"value": 4321}}, tick=0)
    good()
    pipedrive.change({"op": "update", "id": 105, "set": {"value": 99}}, tick=0)
    good()
    assert differences(pipedrive) == []


def test_deletes_merges_and_restores_are_followed(pipedrive: Simulator) -> None:
    good()
    org = Deal.objects.exclude(account=None).values_list("account_id", flat=True)[0]
    into = str(Deal.objects.exclude(account_id__in=[org]).exclude(account=None)[0].account_id)
    deals = [int(id_) for id_ in Deal.objects.filter(is_deleted=False).values_list("pk", flat=True)]
    pipedrive.change(
        {"op": "delete", "id": deals[0]},
        {"op": "delete", "id": deals[1]},
        {"op": "delete", "entity": "activities", "id": 3},
        {"op": "merge", "entity": "persons", "id": 3, "into": 4},
        {"op": "merge", "entity": "organizations", "id": int(str(org)), "into": int(into)},
    )
    good()
    good(reconcile=True)
    assert differences(pipedrive) == []
    assert Deal.objects.get(pk=str(deals[0])).is_deleted
    assert not Activity.objects.filter(pk="3").exists()
    assert not Deal.objects.filter(account_id=org).exists()
    pipedrive.change(
        {"op": "restore", "id": deals[0]}, {"op": "restore", "entity": "activities", "id": 3}
    )
    good()
    assert not Deal.objects.get(pk=str(deals[0])).is_deleted
    assert Activity.objects.filter(pk="3").exists()
    assert differences(pipedrive) == []


def test_a_deal_that_is_merged_into_another_is_gone_and_the_other_has_what_it_had(
    pipedrive: Simulator,
) -> None:
    good()
    loser, winner = _with_work(2)
    theirs = set(Activity.objects.filter(deal_id__in=[loser, winner]).values_list("pk", flat=True))
    merged = {"op": "merge", "id": int(loser), "into": int(winner), "set": {"value": 777}}
    pipedrive.change(merged, tick=60)
    good()
    _is_merged(pipedrive, loser, winner, theirs)


def test_a_merge_that_no_list_tells_of_is_found_by_the_daily_look(pipedrive: Simulator) -> None:
    pipedrive.config(quirks="quiet_merges")
    good()
    loser, winner = _with_work(2)
    theirs = set(Activity.objects.filter(deal_id__in=[loser, winner]).values_list("pk", flat=True))
    merged = {"op": "merge", "id": int(loser), "into": int(winner), "set": {"value": 777}}
    pipedrive.change(merged, tick=60)
    good()
    assert not Deal.objects.get(pk=loser).is_deleted, "no list tells of it"
    pipedrive.advance(days=1)
    good()
    _is_merged(pipedrive, loser, winner, theirs)


def _with_work(many: int) -> list[str]:
    """Open deals that somebody did something for."""
    found = Deal.objects.filter(status="open", is_deleted=False).order_by("pk")
    worked = Activity.objects.values("deal_id")
    return list(found.filter(pk__in=worked).values_list("pk", flat=True)[:many])


def _is_merged(pipedrive: Simulator, loser: str, winner: str, theirs: set[str]) -> None:
    assert Deal.objects.get(pk=loser).is_deleted
    left = Deal.objects.get(pk=winner)
    assert not left.is_deleted
    assert left.amount == 777
    assert set(Activity.objects.filter(deal_id=winner).values_list("pk", flat=True)) == theirs
    assert not Activity.objects.filter(deal_id=loser).exists()
    assert differences(pipedrive) == []


def test_an_open_deal_that_is_archived_does_not_count_until_it_is_back(
    pipedrive: Simulator,
) -> None:
    good()
    one = Deal.objects.filter(status="open", is_deleted=False)[0]
    pipedrive.change({"op": "archive", "id": int(one.pk)})
    good()
    assert Deal.objects.get(pk=one.pk).is_deleted
    assert differences(pipedrive) == []
    pipedrive.change({"op": "unarchive", "id": int(one.pk)})
    good()
    assert not Deal.objects.get(pk=one.pk).is_deleted
    assert differences(pipedrive) == []


def test_a_purged_deal_is_found_gone_by_the_daily_look(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "purge", "id": 105}, {"op": "purge", "entity": "activities", "id": 7})
    good()
    assert not Deal.objects.get(pk="105").is_deleted, "no list tells of it"
    pipedrive.advance(days=1)
    good()
    assert Deal.objects.get(pk="105").is_deleted
    assert not Activity.objects.filter(pk="7").exists()
    assert differences(pipedrive) == []


def test_after_45_days_asleep_all_is_looked_through(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "random", "n": 40, "every": 600})
    pipedrive.change({"op": "delete", "id": 105}, {"op": "delete", "entity": "persons", "id": 7})
    pipedrive.advance(days=45)
    good()
    assert differences(pipedrive) == []
    assert Deal.objects.get(pk="105").is_deleted
    assert SourceRecord.objects.get(entity="persons", external_id="7").is_gone


def test_a_renamed_stage_renames_it_on_all_its_deals(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "update", "entity": "stages", "id": 10, "set": {"name": "Qualified 2"}})
    good("stages")
    assert Stage.objects.get(pk="10").stage_name == "Qualified 2"
    assert not Deal.objects.filter(pipeline_id="1", stage_name="Qualified").exists()
    assert Deal.objects.filter(pipeline_id="1", stage_name="Qualified 2").exists()
    assert Deal.objects.filter(pipeline_id="2", stage_name="Qualified").exists()


def test_a_renamed_stage_is_no_move_of_its_deals(pipedrive: Simulator) -> None:
    good()
    inside = Deal.objects.filter(pipeline_id="1", stage_name="Qualified", is_deleted=False)
    one, other = inside.filter(status="open")[:2]
    pipedrive.change({"op": "move", "id": int(one.pk), "stage_id": 12})
    pipedrive.change({"op": "move", "id": int(other.pk), "stage_id": 21})
    pipedrive.advance(days=1)
    good()
    logged = DealChange.objects.filter(field="stage_name")
    before = logged.count()
    since = dict(Deal.objects.values_list("pk", "last_stage_change"))
    swapped = {10: "Demo scheduled", 12: "Qualified 2", 21: "Met"}
    for id_, name in swapped.items():
        pipedrive.change({"op": "update", "entity": "stages", "id": id_, "set": {"name": name}})
    good("stages", "deals", "moves")
    assert logged.count() == before, "nothing moved"
    assert dict(Deal.objects.values_list("pk", "last_stage_change")) == since
    assert {(change.old, change.new) for change in logged.filter(deal_id=one.pk)} == {
        ("Demo scheduled", "Qualified 2")
    }
    assert {(change.old, change.new) for change in logged.filter(deal_id=other.pk)} == {
        ("Demo scheduled", "Met")
    }
    assert Deal.objects.get(pk=one.pk).stage_name == "Qualified 2"
    assert {one.name: one.differences() for one in ROLLUPS} == {one.name: 0 for one in ROLLUPS}
    assert differences(pipedrive) == []


def test_a_stage_that_is_new_is_read_when_a_deal_is_in_it(pipedrive: Simulator) -> None:
    good()
    new = {"name": "Signing", "pipeline_id": 1, "order_nr": 6}
    (id_,) = pipedrive.change({"op": "create", "entity": "stages", "set": new})["results"]
    pipedrive.change({"op": "move", "id": 105, "stage_id": id_})
    good()
    assert Deal.objects.get(pk="105").stage_name == "Signing"


def test_a_renamed_organization_renames_it_on_its_deals(pipedrive: Simulator) -> None:
    good()
    deal = Deal.objects.exclude(account=None)[0]
    pipedrive.change(
        {
            "op": "update",
            "entity": "organizations",
            "id": int(str(deal.account_id)),
            "set": {"name": "Renamed Oy"},
        }
    )
    good()
    assert Deal.objects.get(pk=deal.pk).account_name == "Renamed Oy"
    assert Account.objects.get(pk=deal.account_id).name == "Renamed Oy"


def test_a_name_that_changed_while_deals_could_not_be_read_follows_later(
    pipedrive: Simulator,
) -> None:
    good()
    deal = Deal.objects.exclude(account=None)[0]
    renamed = {"id": int(str(deal.account_id)), "set": {"name": "Renamed Oy"}}
    pipedrive.change({"op": "update", "entity": "organizations", **renamed})
    pipedrive.faults("404.deals")
    assert run().status == SyncRun.Status.FAILED
    pipedrive.faults("")
    good()
    assert Deal.objects.get(pk=deal.pk).account_name == "Renamed Oy"


def test_a_source_that_shows_half_of_its_deals_is_not_believed(pipedrive: Simulator) -> None:
    good()
    ops = [
        {"op": "purge", "id": int(id_)} for id_ in Deal.objects.values_list("pk", flat=True)[:200]
    ]
    pipedrive.change(*ops)
    done = run("deals", reconcile=True)
    assert done.status == SyncRun.Status.FAILED
    assert (
        "shows 200 of 293 no more" in done.message.replace("  ", " ") or "no more" in done.message
    )
    assert Deal.objects.filter(is_deleted=False).count() > 250
    good("deals", full=True)
    assert differences(pipedrive, "deals") == []


def test_what_the_crm_does_not_know_of_a_rep_stays_as_it_is(pipedrive: Simulator) -> None:
    good()
    Rep.objects.filter(pk="2").update(region="EMEA")
    pipedrive.change({"op": "update", "entity": "users", "id": 2, "set": {"name": "Else"}})
    good("users")
    rep = Rep.objects.get(pk="2")
    assert (rep.name, rep.region) == ("Else", "EMEA")


def test_another_mapping_maps_the_records_that_are_here(pipedrive: Simulator) -> None:
    good()
    before = pipedrive.get("stats")["requests"]
    (key,) = [
        one.external_id
        for one in SourceRecord.objects.filter(entity="deal_fields")
        if json.loads(one.raw)["field_name"] == "Segment"
    ]
    mapping = {"fields": {key: "segment"}, "stages": {"11": {"expected_days": 9}}}
    SourceConnection.objects.create(source="pipedrive", mapping=mapping)
    sync.remap("pipedrive")
    good()
    good("stages")
    assert pipedrive.get("stats")["requests"] - before < 25
    assert set(Deal.objects.values_list("segment", flat=True)) == {"", "SMB", "ENT"}
    assert Stage.objects.get(pk="11").expected_days == 9
