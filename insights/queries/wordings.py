"""How a language model words the sentences of a summary, where the workspace wants that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from insights.queries import modelled
from revops_site.kernel import clock, freshness, llm

KEPT = timedelta(days=30)
WAITED = timedelta(minutes=1)


def may_word() -> bool:
    """Whether a model may word sentences: one is configured, and the workspace wants it."""
    return freshness.workspace().sends_summary_to_model and llm.is_configured()


def model() -> str:
    """The model that words them."""
    return f"{llm.name()} at {llm.host()}"


def of(keys: Collection[str]) -> dict[str, str]:
    """By key its wording, "" of what the template says better; the others are left out."""
    found = modelled.kept(keys, clock.now() - KEPT) if may_word() else {}
    return {key: str(said or "") for key, said in found.items()}


def is_waiting(keys: Collection[str]) -> bool:
    """Whether a model is being asked about some of them."""
    return may_word() and modelled.waiting(keys, clock.now() - WAITED) > 0


def version() -> str:
    """What changes with each wording that comes; "" where no model may word."""
    newest = modelled.newest() if may_word() else None
    return newest.isoformat() if newest else ""
