"""Notes with the forms that add, change, pin and delete them: of a deal, or of an account."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.panels.deal import words
from pipeline.queries import account_notes, tasks
from pipeline.queries.deal import notes
from pipeline.queries.deal.notes import Written
from revops_site.kernel import freshness
from revops_site.kernel.queries import workspace

OF_ACCOUNT = "account-notes"
PARTS: Mapping[str, str] = {OF_ACCOUNT: "pipeline/_written.html"}
POST_TO = "/pipeline/account-notes/"


@dataclass(frozen=True)
class Form:
    """Where notes are written: the element ``id``, what a form posts ``to`` and swaps.

    ``here`` is the page they stand on; ``account`` whose they are, "" of a deal's.
    """

    id: str
    to: str
    target: str
    here: str
    token: str
    account: str = ""


def drawn(
    found: Sequence[Written], today: date, said: Mapping[str, Any], form: Form, *, may: bool
) -> dict[str, Any]:
    """What ``_written.html`` prints of these notes.

    ``may`` says whether the reader may write more, ``said`` what was sent and could not be kept.
    """
    # What was typed of a note that is gone meanwhile stands where a new one is written.
    is_new = said.get("note", "") not in {one.note_id for one in found}
    return {
        "form": form,
        "notes": [_note(one, today, said) for one in found],
        "may": may,
        "longest": notes.LONGEST,
        "error": said.get("error", "") if is_new else "",
        "body": said.get("body", "") if is_new else "",
    }


def of_account(
    account_id: str, by: Any, here: str, token: str, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The same of an account, for the page at ``here``."""
    form = Form(OF_ACCOUNT, POST_TO, f"#{OF_ACCOUNT}", here, token, account_id)
    today = freshness.stamp(workspace())
    found = account_notes.listed(account_id, by)
    return drawn(found, today, said or {}, form, may=tasks.may_work(by))


def _note(one: Written, today: date, said: Mapping[str, Any]) -> Mapping[str, Any]:
    is_meant = said.get("note") == one.note_id
    is_text = said.get("do") == "change note"
    return {
        "id": one.note_id,
        "slug": hashlib.blake2s(one.note_id.encode(), digest_size=8).hexdigest(),
        "body": one.body,
        "who": one.who,
        **words.moment(one.at),
        "version": str(one.version),
        "is_pinned": one.is_pinned,
        "review": words.day(one.review_on),
        "is_due": one.review_on is not None and one.review_on <= today,
        "is_own": one.is_own,
        "may_delete": one.may_delete,
        "error": said.get("error", "") if is_meant else "",
        "is_conflict": is_meant and is_text and bool(said.get("is_conflict")),
        "typed": said.get("body", one.body) if is_meant and is_text else one.body,
    }
