"""The rail: where one can go from every page."""

from __future__ import annotations

from dataclasses import dataclass

from revops_site.kernel.permissions import Capability


@dataclass(frozen=True)
class Entry:
    """An entry of the rail; ``needs`` is what a role must include to be shown it.

    After ``g`` its ``key`` leads there, else the first letter of its label.
    """

    label: str
    view: str
    icon: str
    needs: Capability | None = None
    key: str = ""


RAIL = (
    Entry("Overview", "insights:home", "overview"),
    Entry("My day", "coaching:day", "calendar", needs="plan own day", key="y"),
    Entry("Marketing", "marketing:dashboard", "marketing"),
    Entry("Pipeline", "pipeline:dashboard", "pipeline"),
    Entry("Revenue", "revenue:dashboard", "revenue"),
    Entry("Coaching", "coaching:team", "coaching"),
    Entry("Insights", "insights:insights", "insights"),
    Entry("Ask", "insights:ask", "help"),
    Entry("Boards", "insights:boards", "board", key="b"),
    Entry("Reports", "insights:reports", "reports", key="t"),
    Entry("Data", "insights:data", "data", needs="see data"),
    Entry("Glossary", "insights:glossary", "glossary"),
)
