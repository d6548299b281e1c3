"""What a page of revenue can be switched to: each choice is an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revenue.panels import tabs
from revops_site.kernel.pages import Visit


@dataclass(frozen=True)
class Switch:
    """A choice: its options, label by code, the one that is ``chosen``, and where each leads."""

    label: str
    options: Mapping[str, str]
    chosen: str
    url: Callable[[str], str]


def beside(*switches: Switch) -> Callable[[Visit], Sequence[Mapping[str, Any]]]:
    """The tabs of revenue, and below them the switches; the filters travel along."""

    def placed(visit: Visit) -> Sequence[Mapping[str, Any]]:
        query = visit.asked.to_query()
        tail = f"?{query}" if query else ""
        shown = [
            {
                "label": switch.label,
                "options": [
                    {
                        "label": label,
                        "url": f"{switch.url(code)}{tail}",
                        "current": code == switch.chosen,
                    }
                    for code, label in switch.options.items()
                ],
            }
            for switch in switches
        ]
        return [
            *tabs.beside(visit),
            {"template": "revenue/_switches.html", "switches": shown, "above": True},
        ]

    return placed
