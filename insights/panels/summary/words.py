"""How the sentences of a summary are worded by a language model, where one may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.analytics import wording
from insights.queries import wordings
from revops_site.kernel import llm


def worded(sentences: Sequence[str]) -> dict[str, str]:
    """By sentence its wording, "" of those that the template says better; the others left out."""
    keys = _keys(sentences)
    return {keys[key]: said for key, said in wordings.of(keys).items()}


def offer(sentences: Sequence[str], token: str, address: str) -> Sequence[Mapping[str, Any]]:
    """The way to have them worded, as a page prints it; ``token`` is "" of who may not ask."""
    if not wordings.may_word():
        return []
    waits = wordings.is_waiting(_keys(sentences))
    if not waits and (not token or len(worded(sentences)) == len({*sentences})):
        return []
    return [
        {
            "template": "insights/_summary_words.html",
            "above": True,
            "model": llm.name(),
            "waits": waits,
            "token": token,
            "address": address,
        }
    ]


def _keys(sentences: Sequence[str]) -> dict[str, str]:
    return {wording.key(one, wordings.model()): one for one in sentences}
