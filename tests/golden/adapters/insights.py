"""Insights: whether a rule fires and how sure it is, and which points of a series are unusual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from insights.analytics import anomalies
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


def anomaly_mad(golden: Golden) -> dict[str, Any]:
    """A series of no season, scanned as a worker scans it."""
    values = np.array(golden.input["values"], dtype=np.float64)
    found = anomalies.scan(values, **golden.settings)
    assert found is not None
    return {
        "median_residual": found.centre,
        "mad": found.mad,
        "z": found.z.tolist(),
        "anomalies": [
            {
                "index": place,
                "z": float(found.z[place]),
                "direction": anomalies.direction(found.z[place]),
                "severity": anomalies.severity(found.z[place]),
            }
            for place in found.found
        ],
    }


def anomaly_gesd(golden: Golden) -> dict[str, Any]:
    """The outliers of a batch."""
    values = np.array(golden.input["values"], dtype=np.float64)
    given = golden.settings
    found = anomalies.gesd(values, most=given["max_outliers"], alpha=given["alpha"])
    assert found is not None
    return {
        "R": found.statistics.tolist(),
        "critical": found.critical.tolist(),
        "outlier_count": len(found.outliers),
        "outlier_indices": list(found.outliers),
    }


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "insight_confidence": insight_confidence,
    "anomaly_mad": anomaly_mad,
    "anomaly_gesd": anomaly_gesd,
}
