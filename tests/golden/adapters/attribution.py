"""Attribution's worked examples: touches and journeys as frames, and the product's own sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from marketing.analytics import attribution, markov
from tests.golden.files import Golden


def attribution_rules(golden: Golden) -> dict[str, Any]:
    """What each channel is credited with by each rule; a channel without credit is not named."""
    worth = pd.DataFrame(golden.input["conversions"]).rename(
        columns={"conversion_id": "conversion"}
    )
    touches = pd.DataFrame(golden.input["touchpoints"]).rename(
        columns={"conversion_id": "conversion"}
    )
    ends = touches["conversion"].map(worth.set_index("conversion")["converted_at"])
    age = (pd.to_datetime(ends) - pd.to_datetime(touches["touched_at"])).dt.days
    ordered = touches.assign(age=age, campaign="").sort_values(["touched_at", "touch_id"])
    given = attribution.credits_of(ordered, worth, attribution.Terms(**golden.settings))
    credit = attribution.by_channel(given, worth).set_index("channel")
    return {
        model: {name: value for name, value in credit[model].items() if value}
        for model in attribution.RULES
    }


def attribution_markov(golden: Golden) -> dict[str, Any]:
    """What the chain says of the journeys, and what each channel is credited with."""
    paths = [
        markov.Path(tuple(one["path"]), one["count"], one["count"] * one["converted"])
        for one in golden.input["paths"]
    ]
    found = markov.chain(paths, **golden.settings)
    return {
        "base_conversion_probability": found.probability,
        "removal_effect": dict(found.removal_effect),
        "attribution_share": dict(found.share),
        "attributed_conversions": {
            name: share * found.conversions for name, share in found.share.items()
        },
    }


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "attribution_rules": attribution_rules,
    "attribution_markov": attribution_markov,
}
