"""Many records at once: they are mapped over a session of their own while others are loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import LazySettings

from insights.catalog import DATASETS
from pipeline.models import Deal
from pipeline.sources.pipedrive import Pipedrive
from revops_site.kernel import sync
from revops_site.kernel.models import Account
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Settings
from revops_site.kernel.sync import mapping
from tests.sync.conftest import connect, simulator
from tests.sync.test_changes import good
from tests.sync.truth import differences

DEALS = mapping.MANY + 300


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
