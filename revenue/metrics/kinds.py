"""How revenue's definitions are alike: money, numbers of customers, shares."""

from __future__ import annotations

from revops_site.kernel.metrics import Better, Metric

AT_RATE = "In the reporting currency at the rate of the month's end."
CONSTANT = "Both sides at the rate of the later month's end, so that no currency moves it."
HISTORY = "Unknown where the data do not go back that far: it needs MRR history."


def money(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    id_: str,
    better: Better = "up",
    show: str = "amount_auto",
) -> Metric:
    """A definition in money."""
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact="money2",
        edge=edge,
        ids=(id_,),
    )


def count(slug: str, field: str, label: str, operand: str, meaning: str, id_: str) -> Metric:
    """A definition that counts customers."""
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=operand,
        better="down" if "churned" in field or "risk" in field else "up",
        show="integer",
        exact="integer",
        edge="A customer counts once, however many subscriptions it has.",
        ids=(id_,),
    )


def rate(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    id_: str,
    better: Better = "up",
    show: str = "percent_auto",
) -> Metric:
    """A definition of a share."""
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact="percent2",
        edge=edge,
        ids=(id_,),
        change="points",
    )
