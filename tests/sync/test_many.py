"""Many records at once: they are mapped over a session of their own while others are loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import LazySettings

from insights.catalog import DATASETS
from pipeline.models import Activity, Deal
from pipeline.sources.pipedrive import Pipedrive
from revops_site.kernel import sync
from revops_site.kernel.loading import feeds
from revops_site.kernel.models import Account, RejectedRow
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Settings
from revops_site.kernel.sync import mapping
from tests.sync.conftest import connect, simulator
from tests.sync.test_changes import good
from tests.sync.truth import differences

DEALS = mapping.MANY + 300
ACTIVITIES = feeds.LOOK + 600


class Torn(Pipedrive):
    """A Pipedrive whose organizations cannot be understood from the second batch on."""

    batches = 0

    def rows(
        self, entity: str, records: Sequence[Kept], lookup: Lookup, settings: Settings
    ) -> Iterator[Given | Gone]:
        """As Pipedrive's, and no organization of a later batch."""
        self.batches += entity == "deals"
        if entity == "organizations" or (entity == "deals" and self.batches > 1):
            raise ValueError("this is no record")
        yield from super().rows(entity, records, lookup, settings)


class Muddled(Pipedrive):
    """A Pipedrive of which the first and the last activity are due on no day."""

    def rows(
        self, entity: str, records: Sequence[Kept], lookup: Lookup, settings: Settings
    ) -> Iterator[Given | Gone]:
        """As Pipedrive's, with these two days."""
        for one in super().rows(entity, records, lookup, settings):
            if isinstance(one, Given) and one.row.get("activity_id") in {"1", str(ACTIVITIES)}:
                yield Given(one.dataset, {**one.row, "due_date": "someday"})
            else:
                yield one


def test_a_large_first_sync_brings_all_and_a_change_of_all_too(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", str(DEALS)) as one:
        connect(outgoing, one.url)
        good()
        assert differences(one) == []
        sync.remap("pipedrive")
        good()
        assert differences(one) == []
    assert Deal.objects.count() == DEALS


def test_what_cannot_be_mapped_leaves_the_others_whole(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", str(DEALS)) as one:
        connect(outgoing, one.url)
        done = sync.run(Torn(), DATASETS)
        assert done.status == "failed"
        assert "failed at them" in done.message
        assert not Account.objects.exists()
        assert not Deal.objects.exists(), "half of the deals are here"
        assert differences(one, "activities", "users") == []
        good()
        assert differences(one) == []
    assert Deal.objects.count() == DEALS


def test_what_is_wrong_among_many_is_refused_wherever_it_stands(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", "100", "--activities-per-deal", str(ACTIVITIES // 100)) as one:
        connect(outgoing, one.url)
        sync.run(Muddled(), DATASETS)
        assert Activity.objects.count() == ACTIVITIES - 2
        refused = RejectedRow.objects.values_list("column", "value", "reason")
        assert [*refused] == [("due_date", "someday", "is not a date like 2024-12-31")] * 2
        sync.remap("pipedrive")
        good()
        assert differences(one, "activities") == []
    assert Activity.objects.count() == ACTIVITIES
