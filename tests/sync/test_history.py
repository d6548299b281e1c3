"""What the CRM recorded of a deal's way is here, for those that moved since it is connected."""

from __future__ import annotations

from insights.catalog import DATASETS
from pipeline.models import Deal, Note, StageVisit, StatusEvent
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import sync
from tests.sync.conftest import Simulator
from tests.sync.test_changes import good


def stays(deal: str) -> list[tuple[str, str, str]]:
    """A deal's visits: the stage, from when to when."""
    found = StageVisit.objects.filter(deal_id=deal).order_by("entered_at")
    moments = ((one, f"{one.entered_at:%H:%M}", one.exited_at) for one in found)
    return [(one.stage_name, at, f"{left:%H:%M}" if left else "") for one, at, left in moments][-3:]


def test_a_deal_that_moved_gets_all_of_its_stays_and_closings(pipedrive: Simulator) -> None:
    good()
    assert not StageVisit.objects.exists(), "nobody asked for the past of hundreds of deals"
    some = Deal.objects.filter(status="open", is_deleted=False, pipeline_id="1")
    deal = some.filter(stage_name="Qualified")[0]
    id_ = int(deal.pk)
    pipedrive.change(
        {"op": "move", "id": id_, "stage_id": 13},
        {"op": "move", "id": id_, "stage_id": 14},
        tick=600,
    )
    good()
    assert stays(deal.pk)[-2:] == [("Proposal", "09:10", "09:20"), ("Negotiation", "09:20", "")]
    assert stays(deal.pk)[0][::2] == ("Qualified", "09:10")
    pipedrive.change({"op": "win", "id": id_}, tick=600)
    good()
    assert stays(deal.pk)[-1] == ("Negotiation", "09:20", "09:30")
    told = StatusEvent.objects.filter(deal_id=deal.pk).order_by("at")
    assert [one.status for one in told] == ["open", "won"]
    requests = pipedrive.get("stats")["by_endpoint"]["v1 /deals/{id}/changelog"]["n"]
    assert requests == 2


def test_more_moves_than_a_run_asks_for_are_left_to_the_next(pipedrive: Simulator) -> None:
    good()
    deals = Deal.objects.filter(status="open", is_deleted=False)
    ids = [int(one.pk) for one in deals][:6]
    pipedrive.change(*({"op": "win", "id": id_} for id_ in ids))
    pipedrive.faults("daily.changelog=@3")
    assert sync.run(PIPEDRIVE, DATASETS).status == "failed"
    good()
    told = StatusEvent.objects.filter(status="won").values_list("deal_id", flat=True)
    assert {int(id_) for id_ in told} == set(ids)


def test_a_deal_s_notes_come_when_it_is_opened(pipedrive: Simulator) -> None:
    good()
    (one, *_) = pipedrive.get("dump/notes?fields=id,deal_id")
    deal = one["deal_id"]
    assert not Note.objects.exists()
    assert sync.fetch_notes(PIPEDRIVE, DATASETS, deal) > 0
    theirs = [each["id"] for each in pipedrive.get("dump/notes?fields=id,deal_id")]
    note = Note.objects.get(pk=one["id"])
    assert note.body.startswith(f"Note {one['id']}: talked to ")
    assert "<" not in note.body
    assert set(Note.objects.values_list("pk", flat=True)) <= set(theirs)
    assert sync.fetch_notes(PIPEDRIVE, DATASETS, deal) == 0
    pipedrive.change({"op": "delete", "entity": "notes", "id": int(one["id"])})
    sync.fetch_notes(PIPEDRIVE, DATASETS, deal)
    assert not Note.objects.filter(pk=one["id"]).exists()
