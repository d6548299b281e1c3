"""Insights: whether a rule fires, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from insights.analytics.strength import beyond, strength
from tests.golden.files import Golden


def insight_confidence(golden: Golden) -> dict[str, Any]:
    """Each statement judged as rules judge theirs."""
    least = golden.settings["min_n"]
    return {"insights": [_judged(given, least) for given in golden.input["insights"]]}


def _judged(given: Mapping[str, Any], least: int) -> dict[str, Any]:
    value, threshold, n = given["value"], given["threshold"], given["sample_size"]
    found = strength(value, threshold, n, scale=given["scale"], filled=given["completeness"])
    fires = n >= least and beyond(given["direction"], value, threshold)
    return {
        "rule": given["rule"],
        "triggered": fires,
        "effect": found.effect,
        "sample_factor": found.sample,
        "confidence": found.confidence if fires else None,
    }


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {"insight_confidence": insight_confidence}
