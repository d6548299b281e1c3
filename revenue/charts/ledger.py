"""What the ledger says in figures: movements, retention, reasons, plans."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, bars, dated, figure, line, points, ranges, unusual

UP = (("New", "new_mrr", "c1"), ("Expansion", "expansion_mrr", "good"))
BACK = ("Reactivation", "reactivation_mrr", "c2")
DOWN = (("Contraction", "contraction_mrr", "c4"), ("Churn", "churn_mrr", "bad"))
CURRENCY = ("Currency effect", "fx_impact", "other")
AXES = {"mrr_lost": "MRR lost", "count": "Customers lost"}


def movements(months: pd.DataFrame) -> Figure:
    """What moved MRR in each month: gains upward, losses downward, and what is left as a mark."""
    gains = [*UP, BACK] if months[BACK[1]].any() else list(UP)
    signed = [(label, months[name], paint) for label, name, paint in gains]
    signed += [(label, -months[name], paint) for label, name, paint in DOWN]
    if months[CURRENCY[1]].round(2).any():
        signed.append((CURRENCY[0], months[CURRENCY[1]], CURRENCY[2]))
    traces = [
        bars(months["key"], values, label, paint, hovertemplate="%{y:,.0f}")
        for label, values, paint in signed
    ]
    net = points(months["key"], months["net_new_mrr"], "Net new", "text", "diamond")
    net["hovertemplate"] = "%{y:,.0f}"
    told = months["unusual"].to_numpy()
    odd = unusual(months["key"].to_numpy(), months["net_new_mrr"].to_numpy(), told)
    return figure(
        [*traces, net, *odd],
        barmode="relative",
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": "~s"},
        hovermode="x unified",
    )


def retention(months: pd.DataFrame) -> Figure:
    """How NRR and GRR move, beside the target where there is one."""
    lines = [
        line(months["key"], months["avg_nrr"], "NRR", 0),
        line(months["key"], months["grr"], "GRR", 1),
    ]
    if months["target"].notna().any():
        name = "Blended target" if months["is_blended"].any() else "NRR target"
        target = line(months["key"], months["target"], name, 2)
        target |= {"mode": "lines", "meta": {"paint": "other"}}
        lines.append(target)
    for one in lines:
        one["hovertemplate"] = "%{y:.1%}"
    return figure(
        lines,
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": ".0%"},
        hovermode="x unified",
    )


def nrr_by_segment(segments: pd.DataFrame) -> Figure:
    """Which segment keeps and grows what it pays."""
    shown = segments[segments["avg_nrr"].notna()].iloc[::-1]
    low = shown["verdict"] == "below"
    band = ranges(
        shown["segment"],
        shown["min_value"].fillna(shown["target_value"]),
        shown["max_value"].fillna(shown["target_value"]),
        "Target range",
    )
    marks = [
        points(shown["avg_nrr"].where(~low), shown["segment"], "NRR"),
        points(
            shown["avg_nrr"].where(low), shown["segment"], "NRR, below target", "bad", "diamond"
        ),
    ]
    targets = points(shown["target_value"], shown["segment"], "Target", "other", "line-ns-open")
    targets["marker"] |= {"size": 22, "line": {"width": 3}}
    texts = [formats.show(value, "percent") for value in shown["avg_nrr"]]
    for mark in marks:
        mark |= {"mode": "markers+text", "text": texts, "textposition": "top center"}
    return figure(
        [band, targets, *marks],
        barmode="overlay",
        xaxis={"tickformat": ".0%"},
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def reasons(rows: pd.DataFrame) -> Figure:
    """Why customers leave, by what they paid, in each segment; by their number where none knows."""
    name = "mrr_lost" if rows["mrr_lost"].notna().any() else "count"
    whole = rows.groupby("churn_reason")[name].sum().sort_values()
    segments = list(dict.fromkeys(rows.sort_values("place")["segment"]))
    traces = []
    for nth, segment in enumerate(segments):
        of = rows[rows["segment"] == segment].set_index("churn_reason")[name]
        lost = of.reindex(whole.index, fill_value=0.0)
        labels = pd.Series(whole.index.astype(str))
        traces.append(
            bars(
                lost.reset_index(drop=True),
                labels,
                segment or "No segment",
                f"c{nth % 6 + 1}",
                orientation="h",
                hovertemplate="%{y}: %{x:,.0f}",
            )
        )
    return figure(
        traces,
        barmode="stack",
        xaxis={"tickformat": "~s", "title": {"text": AXES[name]}},
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def by_plan(plans: pd.DataFrame) -> Figure:
    """What each plan brings every month."""
    shown = plans.iloc[::-1]
    trace = bars(
        shown["mrr"],
        shown["plan"].replace("", "No plan"),
        "MRR",
        orientation="h",
        text=[formats.show(share, "percent") for share in shown["share"]],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,.0f} · %{text}<extra></extra>",
    )
    longest = max(shown["mrr"], default=0.0)
    room = {"range": [0, longest * 1.15]} if longest > 0 else {}  # for the text of the longest
    axis = {"tickformat": "~s", **room}
    return figure([trace], xaxis=axis, yaxis={"dtick": 1}, hovermode="closest")
