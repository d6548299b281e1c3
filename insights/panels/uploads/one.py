"""One upload: what it was taken for, how its rows would be stored, and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from insights.panels.data.asked import Asked
from insights.panels.data.look import Look, look
from insights.panels.uploads import mapped, outcome
from insights.panels.uploads.sending import size, state_cell
from insights.queries import uploads as queries
from revops_site.kernel.profiles import Profile, parse

if TYPE_CHECKING:
    from insights.models import Upload
    from revops_site.kernel.datasets import Dataset

Context = dict[str, Any]
OPEN = ("ready", "failed")
FORMATS = {"csv": "CSV", "blanks": "Text in columns", "fixed": "Text of fixed width"}
MARKS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "blank"}


def page(
    upload_id: int,
    request_id: str,
    datasets: Sequence[Dataset],
    *,
    error: str = "",
) -> Context | None:
    """An upload's page; None where there is no such. ``error`` says what could not be done."""
    found = _found(upload_id, request_id)
    if found is None:
        return None
    here, one = found
    profile = parse(one.profile)
    can_map = _is_open(one)
    return {
        "title": one.file_name,
        "address": here.address(),
        "says": _says(here, one),
        "error": error,
        "facts": _facts(here, one, profile),
        "gone": _gone(here, one),
        "notes": one.found["notes"],
        "doubts": _doubts(one) if can_map else [],
        "is_changed": _is_changed(one),
        "before": one.found["before"],
        "upload": _state(here, one),
        "preview": mapped.preview(one) if can_map else None,
        "form": _form(one, profile, datasets) if can_map else None,
    }


def state(upload_id: int, request_id: str) -> Context | None:
    """What an upload's state is now, alone; ``busy`` while that is going to change by itself."""
    found = _found(upload_id, request_id)
    if found is None:
        return None
    return {"upload": _state(*found)}


def plain(upload_id: int) -> Context | None:
    """An upload for programs; ``refused`` rows are those of its import, or of the check before."""
    one = queries.upload(upload_id)
    if one is None:
        return None
    report = one.report or one.checked.get("report") or {}
    return {
        "id": one.pk,
        "file_name": one.file_name,
        "sha256": one.sha256,
        "size": one.size,
        "uploaded_at": one.uploaded_at,
        "state": one.state,
        "busy": one.state in one.BUSY,
        "message": one.message,
        "refused": report.get("refused"),
        "url": f"/data/upload/{one.pk}/",
    }


def _doubts(one: Upload) -> Sequence[str]:
    """The doubts of the first look, until a changed mapping takes every row."""
    report = one.checked.get("report")
    if _is_changed(one) and report and not report["refused"]:
        return []
    doubts: Sequence[str] = one.found["doubts"]
    return doubts


def _is_changed(one: Upload) -> bool:
    """Whether somebody changed the mapping since the first look."""
    return bool(one.profile != one.found.get("mapping", one.profile))


def _found(upload_id: int, request_id: str) -> tuple[Look, Upload] | None:
    one = queries.upload(upload_id)
    if one is None:
        return None
    return look(reverse("insights:upload", args=[one.pk]), Asked(), request_id), one


def _state(here: Look, one: Upload) -> Context:
    stalled = queries.is_stalled(one, here.now)
    busy = one.state in one.BUSY and not stalled
    return {
        "id": one.pk,
        "url": here.url,
        "state": one.state,
        "cell": state_cell(here, one),
        "busy": busy,
        "stalled": stalled,
        "message": one.message,
        "mapping": hashlib.sha256(one.profile.encode()).hexdigest(),
        "progress": outcome.progress(one) if busy else None,
        "check": outcome.check(one) if _is_open(one) else None,
        "can_check": _is_open(one),
        "result": outcome.result(one) if one.state in {"done", "undoing", "undone"} else None,
    }


def _says(here: Look, one: Upload) -> str:
    by = f" by {one.uploaded_by}" if one.uploaded_by else ""
    return f"{size(one)}, sent {here.written(one.uploaded_at)}{by}"


def _is_open(one: Upload) -> bool:
    """Whether it can be mapped, checked and imported still."""
    return one.state in OPEN and not one.bytes_deleted_at


def _form(one: Upload, profile: Profile, datasets: Sequence[Dataset]) -> Context:
    saved, lacking = queries.saved_profiles(), queries.lacking(one)
    return mapped.form(one, profile, datasets, saved, lacking)


def _gone(here: Look, one: Upload) -> str:
    """When its bytes were let go, as a sentence; empty while they are kept."""
    if not one.bytes_deleted_at:
        return ""
    then = here.written(one.bytes_deleted_at)
    return f"The file itself was deleted {then}, as old uploads are; its hash is kept."


def _facts(here: Look, one: Upload, profile: Profile) -> list[dict[str, str]]:
    found = one.found
    format_ = FORMATS.get(found["format"], f".{found['format']} workbook")
    mark = found["delimiter"]
    facts = {
        "Dataset": profile.dataset,
        "Format": format_,
        "Columns in the file": str(len(found["headers"])),
        "Sheet": found["sheet"],
        "Encoding": found["encoding"].upper().replace("-SIG", " with BOM"),
        "Separated by": MARKS.get(mark, mark),
        "Kept until": here.written(until) if (until := queries.kept_until(one)) else "",
        "SHA-256": one.sha256,
    }
    return [{"name": name, "value": value} for name, value in facts.items() if value]
