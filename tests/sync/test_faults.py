"""Bad weather: limits, walls, errors, garbage; what a sync says of it, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.db.models import JSONField
from django.db.models.functions import Cast

from pipeline.models import Deal
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import clock, sync
from revops_site.kernel.models import SourceRecord, SyncRun, SyncState
from revops_site.kernel.sync import locks
from tests.sync.conftest import Simulator, connect, run, simulator
from tests.sync.test_changes import good
from tests.sync.truth import differences

HOSTILE = (
    "null_owner,null_value,null_update_time,same_second,ms_times,nul_bytes,surrogates,big_values,"
    "ghost_refs,new_fields,deleted_in_lists,keep_status,silent_delete"
)


def failed(*entities: str, **asked: Any) -> str:
    """What a sync says that does not go well."""
    done = run(*entities, **asked)
    assert done.status == SyncRun.Status.FAILED
    return done.message


def test_the_daily_wall_stops_a_first_load_that_goes_on_the_next_day(
    pipedrive: Simulator,
) -> None:
    pipedrive.config(budget=100)
    assert "allowance is used up" in failed()
    told = {one.entity_type: one for one in sync.status(PIPEDRIVE)}
    assert told["users"].status == "success"
    assert told["activities"].status == "failed"
    assert pipedrive.get("stats")["violations"]["hits_while_banned"] == 0
    assert "allowance is used up" in failed()
    pipedrive.advance(days=1)
    pipedrive.config(budget=30_000)
    good()
    assert differences(pipedrive) == []


def test_an_exhausted_budget_is_asked_once_and_left_alone(pipedrive: Simulator) -> None:
    good()
    pipedrive.config(budget=5)
    before = pipedrive.get("stats")["requests"]
    failed()
    assert pipedrive.get("stats")["requests"] - before <= 2


def test_a_narrow_burst_window_is_waited_for(pipedrive: Simulator) -> None:
    pipedrive.config(burst=4)
    good()
    stats = pipedrive.get("stats")
    assert stats["violations"] == {
        "sent_before_reset": 0,
        "token_in_url": 0,
        "hits_while_banned": 0,
    }
    assert stats.get("status_429", 0) <= 1
    assert differences(pipedrive) == []


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("401", "refuses the token"),
        ("402", "account is not open"),
        ("403", "may not read this"),
    ],
)
def test_what_only_people_can_mend_is_said_and_not_tried_again(
    pipedrive: Simulator, spec: str, says: str
) -> None:
    good()
    SyncState.objects.update(started_at=clock.now() - timedelta(minutes=30))
    marks = dict(SyncState.objects.values_list("entity_type", "watermark"))
    before = pipedrive.get("stats")["requests"]
    pipedrive.faults(spec)
    assert says in failed()
    assert pipedrive.get("stats")["requests"] - before == 1
    assert all(says in one.error_message for one in sync.status(PIPEDRIVE))
    assert all(one.last_sync_duration_ms < 10_000 for one in sync.status(PIPEDRIVE))
    assert dict(SyncState.objects.values_list("entity_type", "watermark")) == marks
    pipedrive.faults("")
    good()
    assert not any(one.error_message for one in sync.status(PIPEDRIVE))


def test_a_rotated_token_is_told_until_the_new_one_is_entered(
    pipedrive: Simulator, outgoing: LazySettings
) -> None:
    good()
    pipedrive.config(token="another")
    assert "refuses the token" in failed()
    connect(outgoing, pipedrive.url, token="another")
    good()


def test_the_wall_before_pipedrive_is_waited_for(pipedrive: Simulator) -> None:
    pipedrive.faults("cf403.deals=@1")
    good()
    assert differences(pipedrive) == []


def test_one_kind_that_fails_keeps_its_place_and_stops_no_other(pipedrive: Simulator) -> None:
    good()
    pipedrive.change({"op": "random", "n": 20})
    mark = SyncState.objects.get(entity_type="persons").watermark
    pipedrive.faults("404.persons")
    failed()
    told = {one.entity_type: one.status for one in sync.status(PIPEDRIVE)}
    assert told["persons"] == "failed"
    assert {told[name] for name in told if name != "persons"} == {"success"}
    assert SyncState.objects.get(entity_type="persons").watermark == mark
    assert differences(pipedrive, "deals", "activities") == []


@pytest.mark.parametrize("fault", ["cursor400.deals=@3", "stuck=@2+2", "dup=0.5", "empty=0.3"])
def test_a_listing_that_goes_wrong_is_read_to_its_end(pipedrive: Simulator, fault: str) -> None:
    pipedrive.faults(f"{fault},short=1.0")
    good()
    assert differences(pipedrive) == []


def test_a_listing_that_never_goes_on_ends(transactional_db: None, outgoing: LazySettings) -> None:
    with simulator("--deals", "700") as one:
        connect(outgoing, one.url)
        one.faults("short.activities=1.0,stuck.activities=1.0")
        assert "does not go on" in failed()
        one.faults("")
        good()
        assert differences(one) == []


WEATHER = (
    "500=0.05,502=0.03,drop=0.05,reset=0.05,badjson=0.05,html200=0.03,null200=0.03,fail200=0.03,"
    "nodata.v2=0.03,429=0.03:1"
)


def test_syncs_in_bad_weather_end_as_in_good_one(pipedrive: Simulator) -> None:
    for _ in range(4):
        pipedrive.faults(WEATHER)
        run()
        pipedrive.change({"op": "random", "n": 5, "every": 7})
    pipedrive.faults("")
    good()
    assert differences(pipedrive) == []
    clean = list(Deal.objects.order_by("pk").values_list("pk", "amount", "stage_name", "status"))
    good(full=True)
    assert clean == list(
        Deal.objects.order_by("pk").values_list("pk", "amount", "stage_name", "status")
    )


def test_null_and_hostile_values_are_kept_as_they_are(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", "600", "--quirks", HOSTILE) as one:
        connect(outgoing, one.url)
        good()
        assert differences(one) == []
        one.change({"op": "random", "n": 20}, {"op": "delete", "entity": "activities", "id": 5})
        good()
        assert differences(one, "deals", "persons") == []
        one.advance(days=1)
        good()
        assert differences(one) == []
    assert Deal.objects.filter(stage_name="Stage 9000004").exists()


def test_a_status_that_nobody_knows_is_refused_with_its_word(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", "300", "--quirks", "new_status") as one:
        connect(outgoing, one.url)
        good()
        assert differences(one) == []
    kept = SourceRecord.objects.filter(entity="deals").annotate(fields=Cast("raw", JSONField()))
    unknown = kept.filter(fields__status="on_hold").count()
    assert unknown
    assert Deal.objects.count() == 300 - unknown


def test_nobody_asks_twice_at_once(pipedrive: Simulator) -> None:

    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('sync:pipedrive', 0))")
        assert locks.is_held("pipedrive")
        with pytest.raises(sync.BusyError):
            run()
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    assert not locks.is_held("pipedrive")
    good()


def test_a_run_whose_process_died_is_told_as_interrupted(pipedrive: Simulator) -> None:
    good("stages")
    SyncState.objects.filter(entity_type="stages").update(status="in_progress")
    told = {one.entity_type: one for one in sync.status(PIPEDRIVE)}
    assert told["stages"].status == "failed"
    assert "interrupted" in told["stages"].error_message
