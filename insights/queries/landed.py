"""What the record of loads has of an upload, whether or not its worker lived to note it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from insights.models import Upload
from revops_site.kernel.loading import FileReport, recalled
from revops_site.kernel.models import DataLoad

ASKED = (Upload.State.WAITING, Upload.State.IMPORTING, Upload.State.FAILED)


def settle(uploads: Sequence[Upload]) -> None:
    """Let uploads tell what has come of them where only the record of loads knows so far.

    Whoever worked on them may have died between the end of the work and the note of it. The
    uploads are changed, and not saved.
    """
    open_ = {run: one for one in uploads if _is_open(one) for run in one.runs}
    if open_:
        for load in DataLoad.objects.filter(run__in=list(open_)).order_by("id"):
            one = open_[load.run]
            if load.status != DataLoad.Status.REFUSED or load.run == one.run(one.attempt):
                _note(one, load)
    for one in uploads:
        if one.state == Upload.State.UNDOING and one.load and is_undone(one.load):
            one.state, one.progress = Upload.State.UNDONE, {}


def own_load(one: Upload) -> DataLoad | None:
    """The load that an earlier attempt at this upload has made; None where none did."""
    loads = DataLoad.objects.filter(run__in=one.runs, status=DataLoad.Status.LOADED)
    return loads.order_by("id").last()


def is_undone(load: DataLoad) -> bool:
    """Whether the rows of this load were taken out again."""
    return load.status == DataLoad.Status.UNDONE


def plain(report: FileReport) -> dict[str, Any]:
    """A report as JSON."""
    told = asdict(report)
    for day in ("first_day", "last_day"):
        told[day] = told[day].isoformat() if told[day] else None
    return told


def sentence(one: Upload, says: str) -> str:
    """What follows a file's name, or is said of its mapping, as a sentence."""
    says = says.replace("the profile", "the mapping")
    return (
        f"{says[0].upper()}{says[1:]}." if says.startswith("the ") else f"{one.file_name} {says}."
    )


def _is_open(one: Upload) -> bool:
    """What failed without a load may have failed after it."""
    return one.state in ASKED and one.load_id is None


def _note(one: Upload, load: DataLoad) -> None:
    one.load, one.report, one.progress = load, plain(recalled(load)), {}
    if load.status == DataLoad.Status.REFUSED:
        one.state, one.message = Upload.State.FAILED, sentence(one, load.message)
    else:
        one.state = Upload.State.UNDONE if is_undone(load) else Upload.State.DONE
        one.message = ""
