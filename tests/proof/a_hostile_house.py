"""A house in which every text that comes in by a file or a form is a hostile one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

from django.test import Client

from insights.catalog import DATASETS
from pipeline.models import Deal
from revops_site.kernel import loading
from revops_site.kernel.datasets import Column, Dataset
from tests.insights import files
from tests.proof.a_house import HOUSE, SHARED, Hand
from tests.proof.forms import Field, fill_in
from tests.proof.payloads import TEXTS, words

AWAY = {"delete", "end", "close", "discard", "reject", "take back", "taken back", "pause"}
# Texts that everybody's rows share: of these some rows are hostile, too.
EVERYBODY = {
    "teams": ("team", "manager_name", "region"),
    "holidays": ("name", "region"),
    "marketing_channels": ("channel", "campaign", "geo"),
    "marketing_budgets": ("channel", "campaign"),
    "benchmarks": ("category", "subcategory", "unit", "description"),
}


class Hostile(Hand):
    """Rows of which each text is another payload, from ``first`` on; keys too, of the first row."""

    def __init__(self, rep: str, first: int, count: int) -> None:
        super().__init__(rep, "Odd", 21_000, count)
        self.first = itertools.count(first)

    def value(self, dataset: Dataset, column: Column, n: int) -> str:
        """A payload where the column holds text."""
        plain = super().value(dataset, column, n)
        is_text = column.kind == "text" and not column.name.endswith("_id")
        if not is_text or column.name in SHARED or column.name == "email":
            return plain
        return words(next(self.first), dataset.longest(column))

    def key(self, column: str, n: int) -> str:
        """The first two things of each kind have hostile keys."""
        odd = ('"><img src=x onerror=alert(1)>', "' onload=alert(1) {{7*7}}")
        return super().key(column, n) + (odd[n] if n < len(odd) else "")


def load(folder: Path) -> None:
    """Load the house, and hostile rows of each dataset."""
    hand = Hostile("ana", 0, 12)
    given: dict[str, list[Mapping[str, str]]] = {name: list(rows) for name, rows in HOUSE.items()}
    for name, rows in hand.rows().items():
        given.setdefault(name, []).extend(rows)
    for dataset in DATASETS:
        if dataset.name in EVERYBODY:
            made = [_odd(hand, dataset, n) for n in range(8)]
            given.setdefault(dataset.name, []).extend(made)
    given["reps"].append({"rep_id": "odd", "name": words(3, 40), "team": words(5, 40)})
    said = loading.load([files.write(folder, given)], DATASETS)
    assert not said.stopped, [(file.file, file.message, file.sample) for file in said.files]
    assert Deal.objects.count() > 8


def _odd(hand: Hostile, dataset: Dataset, n: int) -> dict[str, str]:
    """A row of everybody's, in whose texts payloads stand."""
    row = {column.title: hand.value(dataset, column, n) for column in dataset.columns}
    fitting = {
        "marketing_channels": {"segment": "SMB", "ROI": "", "clicks": "1", "impressions": "9"}
        | {"channel": words(n), "spend": "900", "leads": "50", "date": "2025-06-26"},
        "benchmarks": {"metric_type": "win_rate_targets", "benchmark_id": f"B{n}"},
    }
    return row | fitting.get(dataset.name, {})


def write_everywhere(client: Client, addresses: list[str]) -> dict[tuple[str, str], int]:
    """Fill in each form of these pages with payloads."""
    nth = itertools.count()

    def text(one: Field) -> str:
        fitting = [text for text in TEXTS if not one.longest or len(text) <= one.longest]
        return fitting[next(nth) % len(fitting)]

    def leave(path: str, sent: Mapping[str, object]) -> bool:
        return path.startswith("/accounts/") or str(sent.get("do", "")) in AWAY

    return fill_in(client, addresses, text, leave)
