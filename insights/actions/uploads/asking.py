"""Asks for what is to be done with an upload: once, however often somebody presses the button."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from insights.actions.uploads import work
from insights.actions.uploads.refusals import RefusedError
from insights.models import Upload
from insights.queries.landed import settle
from insights.queries.uploads import is_stalled, kept
from revops_site.kernel import audit
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import Step
from revops_site.kernel.models import User
from revops_site.kernel.reading import is_small

GONE = "The file itself is not kept any more. Send it again."
SMALL = 2 * 1024 * 1024  # bytes, unpacked
FEW = 20_000  # rows
SOON = 8.0  # seconds; so few rows take that only on a machine that is busy otherwise
OPEN = (Upload.State.READY, Upload.State.FAILED)
MAY: Mapping[str, tuple[str, ...]] = {
    Upload.State.CHECKING: OPEN,
    Upload.State.WAITING: OPEN,
    Upload.State.UNDOING: (Upload.State.DONE,),
}
SAYS: Mapping[str, str] = {
    Upload.State.CHECKING: "check asked for",
    Upload.State.WAITING: "import asked for",
    Upload.State.UNDOING: "undo asked for",
}


@transaction.atomic
def ask(upload_id: int, state: str, *, user: User, at: datetime, mapping: str = "") -> bool:
    """Have an upload checked, imported or undone in the background; whether it was asked for now.

    False where that is under way, or done, or not to be done in the state that it is in. Who works
    on it and fell silent is given up, and may be asked again. ``mapping`` is the SHA-256 of the
    mapping that was looked at; RefusedError where it is another one now.
    """
    one = Upload.objects.select_for_update().get(pk=upload_id)
    if mapping and mapping != hashlib.sha256(one.profile.encode()).hexdigest():
        raise RefusedError("Somebody has changed the mapping meanwhile. Look at it again.")
    settle([one])
    again = is_stalled(one, at) and _asked(one.state) == state
    if one.bytes_deleted_at and state != Upload.State.UNDOING:
        raise RefusedError(GONE)
    if one.state not in MAY[state] and not again:
        one.save()
        return False
    one.state, one.attempt, one.beat_at = state, one.attempt + 1, at
    one.asked_by, one.message, one.progress = user, "", {}
    if state == Upload.State.WAITING:
        one.load, one.report = None, {}
    one.save()
    if state != Upload.State.CHECKING:
        audit.record(SAYS[state], user=user, target=str(one), sha256=one.sha256, again=again)
    task = app.configure_task(work.TASK, queue=work.QUEUE)
    task.defer(upload_id=one.pk, attempt=one.attempt)
    return True


def check(
    upload_id: int,
    change: Callable[[Upload], None],
    catalog: Sequence[Dataset],
    *,
    user: User,
    at: datetime,
) -> Upload:
    """Change an upload's mapping and try it: at once where that is soon done, else behind."""
    with transaction.atomic():
        one = Upload.objects.select_for_update().get(pk=upload_id)
        if one.bytes_deleted_at:
            raise RefusedError(GONE)
        if one.state not in OPEN:
            raise RefusedError("Its mapping is in use. Send the file again to map it otherwise.")
        change(one)
        one.state, one.message = Upload.State.READY, ""
        one.save()
    if _is_soon_checked(one, catalog):
        keep_checked(one)
    else:
        ask(one.pk, Upload.State.CHECKING, user=user, at=at)
    return one


def keep_checked(one: Upload) -> None:
    """Keep what a check told, if the mapping is still the one that was checked."""
    same = Upload.objects.filter(pk=one.pk, profile=one.profile, beside=one.beside)
    same.update(checked=one.checked)


class _Patience:
    """Ends a check that somebody waits for once it has many rows, or takes long."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SOON

    def tell(self, step: Step) -> None:
        if step.rows > FEW or (step.stage == "reading" and time.monotonic() > self._until):
            raise work.TooLongError


def _is_soon_checked(one: Upload, catalog: Sequence[Dataset]) -> bool:
    """Check it now; False where it turns out to be too much to wait for."""
    files = (one.sha256, *(file["sha256"] for file in one.beside.values()))
    if not all(is_small(kept(sha256), SMALL, FEW) for sha256 in files):
        return False
    patience = _Patience()
    try:
        work.show(one, catalog)
        work.try_out(one, catalog, patience.tell)
    except work.TooLongError:
        return False
    return True


def _asked(state: str) -> str:
    return Upload.State.WAITING if state == Upload.State.IMPORTING else state
