"""How deals passed through their stages is what their visits tell, whatever happens to either."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.models import StageStay
from pipeline.queries import cohorts, stays, visited
from pipeline.rollups import STAYS
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import Workspace
from revops_site.kernel.periods import Period
from tests.rollups.conftest import Put, Take

STAGES = ("Lead", "Demo", "Legal", "Elsewhere")
FIRST = date(2024, 1, 1)

pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def passing(put: Put) -> None:
    """Deals that go on, come back, are left on the day they are entered, or overlap."""
    dice, visits = random.Random(11), {}
    for _ in range(260):
        entered = FIRST + timedelta(dice.randrange(110))
        left = entered + timedelta(dice.choice((0, 0, 1, 5, 30)))
        row = {
            "deal_id": f"D{dice.randrange(70)}",
            "pipeline_id": dice.choice(("", "", "new")),
            "stage_name": dice.choice(STAGES),
            "entered_at": f"{entered}T{dice.randrange(24):02}:00:00Z",
            "exited_at": dice.choice((None, f"{left}T23:30:00Z", f"{left}T23:30:00Z")),
        }
        visits[row["deal_id"], row["stage_name"], row["entered_at"]] = row
    put("stage_history", *visits.values())


def sliced(day: date, query: str = "", allowed: Allowed | None = None) -> Slice:
    asked = Filters.parse(query)
    return narrow(asked, allowed or Allowed(), day, first_month=1, currency="USD")


def of_rows(slice_: Slice, window: Period) -> Mapping[tuple[str, str], tuple[int, int]]:
    """The stays that ended within a window, counted one by one from the visits themselves."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in visited.ended(slice_, window).values("pipeline", "stage_name", "days"):
        place = row["pipeline"], row["stage_name"]
        exits, days = found.get(place, (0, 0))
        found[place] = exits + 1, days + row["days"]
    return found


def of_sums(slice_: Slice, window: Period) -> Mapping[tuple[str, str], tuple[int, int]]:
    frame = stays.stays(slice_, window)
    rows = zip(*(frame[name] for name in frame.columns[:4]), strict=True)
    return {(place, stage): (int(exits), int(days)) for place, stage, exits, days in rows if exits}


def counted(slice_: Slice, year: Period) -> Mapping[tuple[str, int, bool], tuple[int, int, int]]:
    """The stays that began within a year, by stage, days and whether they last."""
    found: dict[tuple[str, int, bool], list[int]] = {}
    names = ("stage_name", "days", "is_inside", "moved_on", "dropped")
    for row in visited.entered(slice_, year).values(*names):
        place = row["stage_name"], row["days"], row["is_inside"]
        sums = found.setdefault(place, [0, 0, 0])
        sums[0] += 1
        sums[1] += row["moved_on"]
        sums[2] += row["dropped"]
    return {place: (sums[0], sums[1], sums[2]) for place, sums in found.items()}


SLICES: tuple[tuple[str, Allowed], ...] = (
    ("", Allowed()),
    ("segment=SMB&region=EMEA", Allowed()),
    ("pipeline=new&stage=Demo", Allowed()),
    ("owner=bo", Allowed(("ana", "bo"))),
    ("", Allowed(("cy",))),
)


@pytest.mark.usefixtures("passing")
@pytest.mark.parametrize("day", [FIRST + timedelta(by) for by in (3, 30, 47, 75, 110, 160)])
def test_stays_told_on_any_day_are_those_of_the_visits_alone(day: date) -> None:
    for query, allowed in SLICES:
        slice_ = sliced(day, query, allowed)
        for back in (1, 20, 90):
            window = Period(day - timedelta(back - 1), day + timedelta(1))
            assert of_sums(slice_, window) == of_rows(slice_, window), (query, back)


@pytest.mark.usefixtures("passing")
@pytest.mark.parametrize("day", [FIRST + timedelta(by) for by in (3, 47, 110, 160)])
def test_stays_that_began_are_those_of_the_visits_alone(day: date) -> None:
    for query, allowed in SLICES:
        slice_, year = sliced(day, query, allowed), Period(day - timedelta(90), day + timedelta(1))
        rows = counted(slice_, year)
        frame = cohorts.cohorts(slice_, year)
        assert (frame["left"].sum(), frame["inside"].sum()) == (
            sum(sums[0] for (_, _, inside), sums in rows.items() if not inside),
            sum(sums[0] for (_, _, inside), sums in rows.items() if inside),
        )
        for row in frame.to_dict("records"):
            gone, there = (
                rows.get((row["stage_name"], row["days"], inside), (0, 0, 0))
                for inside in (False, True)
            )
            told = (row["left"], row["inside"], row["moved_on"], row["dropped"])
            assert told == (gone[0], there[0], gone[1] + there[1], gone[2] + there[2])


@pytest.mark.usefixtures("passing")
def test_what_happens_to_deals_visits_and_stages_reaches_their_stays(put: Put, take: Take) -> None:
    assert STAYS.differences() == 0
    deal_id = StageStay.objects.order_by("deal_id").values_list("deal_id", flat=True)[0]
    own = StageStay.objects.filter(deal_id=deal_id)
    kept = own.count()
    put("stage_history", _visit(deal_id, "Legal", "2024-06-01"))
    assert own.count() == kept + 1
    put("pipeline_deals", {"deal_id": deal_id, "owner_id": "somebody-new", "segment": "MM"})
    assert set(own.values_list("owner_id", "segment")) == {("somebody-new", "MM")}
    put("stages", {"stage_id": "Lead", "stage_name": "Lead", "stage_order": 9})
    assert STAYS.differences() == 0
    put("pipeline_deals", {"deal_id": deal_id, "is_deleted": True})
    assert not own.exists()
    take("pipeline_deals", *((f"D{nth}",) for nth in range(40)))
    assert STAYS.differences() == 0


@pytest.mark.usefixtures("passing")
def test_another_time_zone_moves_stays_to_their_new_days(workspace: Workspace) -> None:
    before = list(StageStay.objects.order_by("deal_id", "nth").values_list("left_on", flat=True))
    workspace.time_zone = "Pacific/Auckland"
    workspace.save(update_fields=["time_zone"])
    after = list(StageStay.objects.order_by("deal_id", "nth").values_list("left_on", flat=True))
    assert after != before
    assert STAYS.differences() == 0


def _visit(deal_id: str, stage: str, entered: str) -> dict[str, Any]:
    return {"deal_id": deal_id, "stage_name": stage, "entered_at": f"{entered}T10:00:00Z"}
