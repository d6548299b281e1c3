"""What of hygiene cannot be known, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from revops_site.kernel import formats


def unknown(sums: Mapping[str, float], rules: Mapping[str, str]) -> Sequence[str]:
    """Which rules are known of no deal, and of how many deals others are not.

    Of deals, and of each rule ``known_…``; ``rules`` are their labels by name.
    """
    deals = int(sums["deals"])
    lacks = {label: deals - int(sums[f"known_{name}"]) for name, label in rules.items()}
    never = [label.lower() for label, count in lacks.items() if count == deals > 0]
    partly = [
        f"{label}: not known of {_deals(count)}."
        for label, count in lacks.items()
        if 0 < count < deals
    ]
    return [*([f"Not known of this day: {', '.join(never)}."] if never else []), *partly]


def unknown_days(days: pd.DataFrame, rules: Mapping[str, str]) -> Sequence[str]:
    """Of which days which rules are not known, and of how many deals at most.

    Of snapshot_date (in order), deals, and of each rule ``known_…``.
    """
    return [said for name, label in rules.items() if (said := _of_rule(days, name, label))]


def _of_rule(days: pd.DataFrame, name: str, label: str) -> str:
    known = days[f"known_{name}"]
    dark, told = known.eq(0), days["snapshot_date"][known > 0]
    if len(days) and told.empty:
        return f"{label}: not known of any of these days."
    if dark.any():
        first = told.iloc[0]
        if dark.sum() == (days["snapshot_date"] < first).sum():
            return f"{label}: not known before {formats.show(first.date(), 'date')}."
        return f"{label}: not known of {int(dark.sum())} of {len(days)} days."
    most = int((days["deals"] - known).max()) if len(days) else 0
    return f"{label}: on some days not known of {_deals(most)}." if most else ""


def _deals(count: int) -> str:
    return f"{count:,} {'deal' if count == 1 else 'deals'}"
