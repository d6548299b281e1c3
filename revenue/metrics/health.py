"""What a customer's health is made of: its factors, their weights, and the signs that are tried."""

from __future__ import annotations

from dataclasses import dataclass

BANDS = (("Healthy", 80), ("Monitor", 60), ("At Risk", 40), ("Critical", 0))
AT_RISK = ("At Risk", "Critical")
HORIZON_MONTHS = 3  # within which leaving is looked for
# After the month of a renewal, at whose end one looks whether the customer still pays.
GRACE_MONTHS = 1
LEAST_WEIGHT = 40  # of the factors that are known; below it there is no score
SILENT_DAYS = 90
SOON_DAYS = 90
PRACTICE = 0.25  # of customers seen within 90 days: below it contact is not recorded once they buy


@dataclass(frozen=True)
class Factor:
    """A part of health: its name in tables, its most points, when it gives fewer, what it needs."""

    name: str
    label: str
    most: int
    rule: str
    needs: str


FACTORS = (
    Factor(
        "trend",
        "MRR",
        30,
        "Pays less than before: in the last 3 months 0, in the 3 before these half.",
        "MRR of three months or more",
    ),
    Factor("payment", "Payment", 25, "A payment is past due: 0.", "subscriptions, as of now"),
    Factor(
        "contact",
        "Contact",
        20,
        "Last contact up to 30 days ago 20, 60 days 14, 90 days 7, longer 0.",
        "activities for deals of customers, of a quarter of them within 90 days",
    ),
    Factor(
        "seats",
        "Seats",
        15,
        "Fewer seats than three months before: 0.",
        "subscriptions with a quantity",
    ),
    Factor(
        "term",
        "Term",
        10,
        "Renews in more than 90 days 10, sooner 5; without a term 0.",
        "a renewal date, or subscriptions",
    ),
)
WEIGHTS = {factor.name: factor.most for factor in FACTORS}


@dataclass(frozen=True)
class Sign:
    """What may be seen of a customer before it leaves: its column, and what it says."""

    name: str
    label: str
    meaning: str


SIGNS = (
    Sign("shrank", "Paid less", "Its MRR fell in the last three months."),
    Sign("fewer_seats", "Fewer seats", "It had fewer seats than three months before."),
    Sign("silent", "Silence", f"No contact for {SILENT_DAYS} days or more."),
    Sign("no_term", "No term", "It may leave in any month: nothing has a day of renewal."),
    Sign("first_year", "First year", "It became a customer less than twelve months before."),
    Sign("returned", "Came back", "It had left before, and returned."),
)
