"""A headline figure judges a change by what of it can be read."""

from __future__ import annotations

from datetime import date

import pytest

from revops_site.kernel.filters import Allowed, Filters, narrow
from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.fragments.tiles import tile
from revops_site.kernel.metrics import Measured, Metric
from revops_site.kernel.panels import Page, Tile

RATE = Metric(
    slug="x-rate",
    field="rate",
    label="Rate",
    meaning="A rate.",
    formula="won / all",
    better="up",
    show="percent",
    exact="percent2",
    edge="",
    change="points",
)


@pytest.mark.parametrize(
    ("change", "text", "direction", "tone"),
    [
        (0.031, "+3.1 pts", "up", "good"),
        (-0.02, "−2.0 pts", "down", "bad"),
        (-0.0004, "0.0 pts", "flat", ""),
        (0.0, "0.0 pts", "flat", ""),
    ],
)
def test_a_change_too_small_to_be_written_is_neither_good_nor_bad(
    change: float, text: str, direction: str, tone: str
) -> None:
    page = Page("x", "X", (), (), (), lambda _: {}, "all")
    slice_ = narrow(Filters(), Allowed(), date(2025, 1, 1), first_month=1, currency="USD")
    shown = Tile(RATE, Measured(RATE, 0.5, {"won": 1.0, "all": 2.0}), 0.5, change, ())
    delta = tile(shown, Frame(page, Filters(), slice_, "/x/"))["delta"]
    assert delta == {"text": text, "direction": direction, "tone": tone}
