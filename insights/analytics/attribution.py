"""The models of attribution side by side: sums of credit in, their spread and ranks out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from marketing.analytics.attribution import RULES, UNATTRIBUTED
from marketing.analytics.markov import Chain

MODELS = {**RULES, "markov": "Markov"}
SAME, DEPENDENT = "same", "dependent"


def side_by_side(
    credit: pd.DataFrame, by: str, unit: str, chain: Chain | None = None, touched: float = 0.0
) -> pd.DataFrame:
    """One row per channel or campaign, the most credited by the default model first.

    Columns ``by``, ``MODELS`` (money or deals, by ``unit``: value or deals), low, high and spread
    over the models; share_low and share_high of all credit; verdict, ``dependent`` where the rank
    is not the same in every model. ``touched`` is what any touch counts for, which the ``chain``
    shares.
    """
    names = [f"{name}_{unit}" for name in RULES]
    found = credit.groupby(by, as_index=False, sort=True)[names].sum()
    found = found.rename(columns=dict(zip(names, RULES, strict=True)))
    found["markov"] = _of_chain(found, by, chain, touched)
    known = [name for name in MODELS if found[name].notna().any()]
    values = found[known].to_numpy(dtype="float64")
    low = values.min(axis=1, initial=np.inf) if len(found) else np.zeros(0)
    high = values.max(axis=1, initial=-np.inf) if len(found) else np.zeros(0)
    total = float(found["u_shaped"].sum()) or np.nan
    named = found[by] != UNATTRIBUTED  # as much in every model, whatever stands around it
    ranks = found.loc[named, known].round(9).rank(ascending=False, method="min")
    moved = ranks.nunique(axis=1).reindex(found.index, fill_value=1).to_numpy() > 1
    told = found.assign(
        low=low,
        high=high,
        spread=high - low,
        share_low=low / total,
        share_high=high / total,
        verdict=np.where(moved, DEPENDENT, SAME),
    )
    order = ["u_shaped", by]
    return told.sort_values(order, ascending=[False, True], kind="stable").reset_index(drop=True)


def operands(
    credit: pd.DataFrame, whole: pd.DataFrame, chain: Chain, chosen: Sequence[str]
) -> dict[str, float]:
    """What the metrics of credit are made of, by name.

    ``credit`` is of the ``chosen`` channels (none means all) and campaigns, ``whole`` of all.
    """
    named = whole["channel"] != UNATTRIBUTED
    found = {name: float(credit[name].sum()) for name in SUMMED}
    for unit in ("value", "deals"):
        found[f"touched_{unit}"] = float(whole.loc[named, f"linear_{unit}"].sum())
        rest = float(whole.loc[~named, f"linear_{unit}"].sum())
        found[f"won_{unit}"] = found[f"touched_{unit}"] + rest
        found[f"untouched_{unit}"] = rest if not chosen or UNATTRIBUTED in chosen else 0.0
    shares = [share for name, share in chain.share.items() if not chosen or name in chosen]
    found["markov_share"] = float(sum(shares)) if not chain.why else np.nan
    found["counted_touches"] = float(whole["touches"].sum())
    found["lines"] = float(credit["lines"].sum())
    return found


def by_month(credit: pd.DataFrame, model: str, unit: str) -> pd.DataFrame:
    """What a model credits each channel with in each month: month, channel, credit, share."""
    name = f"{model}_{unit}"
    found = credit.groupby(["month", "channel"], as_index=False)[[name]].sum()
    found = found.rename(columns={name: "credit"})
    whole = found.groupby("month")["credit"].transform("sum")
    share = found["credit"] / whole.where(whole != 0)
    told = found.assign(share=share)
    return told.sort_values(["month", "channel"], ascending=[False, True]).reset_index(drop=True)


def removal(chain: Chain, channels: Sequence[str]) -> pd.DataFrame:
    """Each channel's removal effect and share, the largest first; NaN where the chain is silent."""
    nothing = float("nan")
    names = sorted(channels, key=lambda name: (-chain.share.get(name, 0.0), name))
    return pd.DataFrame(
        {
            "channel": pd.Series(names, dtype="str"),
            "removal_effect": pd.Series(
                [chain.removal_effect.get(name, nothing) for name in names], dtype="float64"
            ),
            "share": pd.Series([chain.share.get(name, nothing) for name in names], dtype="float64"),
        }
    )


SUMMED = tuple(f"{name}_{unit}" for name in RULES for unit in ("value", "deals"))


def _of_chain(
    found: pd.DataFrame, by: str, chain: Chain | None, touched: float
) -> pd.Series[float]:
    """The chain's shares of what a touch counts for; NaN where it says nothing."""
    if chain is None or chain.why or by != "channel":
        return pd.Series(np.nan, index=found.index, dtype="float64")
    nobody = found[by] == UNATTRIBUTED
    share = found[by].map(dict(chain.share)).fillna(0.0).astype("float64")
    return (share * touched).where(~nobody, found["linear"])
