"""Pipedrive's users are reps, its organizations accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.sources.pipedrive import cells
from revops_site.kernel.sources import Given, Kept, Lookup, Settings


def reps(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given]:
    """A rep for each user, also for those who have left: their deals are still theirs."""
    for user in records:
        yield Given(
            "reps",
            {
                "rep_id": cells.owner(user.external_id, settings),
                "name": cells.first(user.raw.get("name"), user.raw.get("email"))
                or f"User {user.external_id}",
                "email": cells.text(user.raw.get("email")),
                "is_active": cells.flag(
                    not user.is_deleted and user.raw.get("active_flag") is not False
                ),
            },
        )


def accounts(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given]:
    """An account for each organization, also for those that are deleted: others may point there."""
    for one in records:
        yield Given(
            "accounts",
            {
                "account_id": one.external_id,
                "name": cells.text(one.raw.get("name")) or f"Organization {one.external_id}",
                "owner_id": cells.owner(one.raw.get("owner_id"), settings),
                "created_at": cells.text(one.raw.get("add_time")),
            },
        )
