"""The glossary: what every number means, who keeps it, where it is shown, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet

from insights.metrics.words import CALLED, LOOSELY
from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.freshness import remembered
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page, Panel
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.rollups import RollUp

LONGEST = 100  # letters of what is looked for
# Whose definitions an app holds, as the rail calls the domain.
OWNERS = {
    "marketing": "Marketing",
    "pipeline": "Pipeline",
    "revenue": "Revenue",
    "coaching": "Coaching",
    "insights": "RevOps",
}
TABLE = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class Registered:
    """All that is registered: the numbers' ledgers and pages, the files, the roll-ups."""

    explained: Mapping[str, tuple[Page, Ledger, Metric]]
    pages: Sequence[Page]
    datasets: Sequence[Dataset]
    rollups: Sequence[RollUp]


@dataclass(frozen=True)
class Step:
    """Something that a number comes from or goes to; ``url`` "" where it has no page."""

    label: str
    url: str = ""
    more: str = ""


def searched(chapters: Iterable[Any], text: str) -> list[dict[str, Any]]:
    """The chapters with the numbers that have all words of the text, "" for all."""
    wanted = text.casefold().split()
    found = []
    for chapter in chapters:
        metrics = [one for one in chapter.metrics if _has(one, wanted)]
        told = [one for one in chapter.told if _has(one, wanted)]
        if metrics or told:
            kept = {"slug": chapter.slug, "label": chapter.label}
            found.append({**kept, "metrics": metrics, "told": told})
    return found


def _has(metric: Metric, wanted: Sequence[str]) -> bool:
    said = (metric.label, metric.field, metric.meaning, metric.formula, *names(metric))
    text = " ".join(said).casefold()
    return all(word in text for word in wanted)


def names(metric: Metric) -> tuple[str, ...]:
    """What else people call a number."""
    called = (*CALLED.get(metric.slug, ()), *LOOSELY.get(metric.slug, ()))
    return tuple(one for one in called if one.casefold() != metric.label.casefold())


def definition(
    slug: str, known: Registered, workspace: Workspace, *, sees_data: bool
) -> Mapping[str, Any] | None:
    """What ``insights/definition.html`` prints of a number; None where none is called so.

    Its files lead to their pages for who ``sees_data``.
    """
    if slug not in known.explained:
        return None
    page, ledger, metric = known.explained[slug]
    keeper = _keeper(ledger)
    key = f"lineage:{ledger.slug}:{workspace.generation}"
    read: frozenset[str] = remembered(key, lambda: _read(page, ledger, workspace))
    return {
        "title": metric.label,
        "metric": metric,
        "names": names(metric),
        "owner": Step(OWNERS[keeper], "", f"{keeper}/metrics"),
        "operands": _operands(metric, ledger, known),
        "shown": shown(metric, page, known.pages),
        "lineage": _lineage(ledger, known, read, sees_data=sees_data),
        "rows": ledger.title,
        "page": page,
    }


def _keeper(ledger: Ledger) -> str:
    """The app that defines a ledger, and its numbers."""
    module = getattr(ledger.totals, "__module__", "") or ""
    app = module.partition(".")[0]
    return app if app in OWNERS else "insights"


def _operands(metric: Metric, ledger: Ledger, known: Registered) -> list[Step]:
    """What each name of the formula is, and where it is defined if it is a number of its own."""
    bare = {m.formula: m for _, own, m in known.explained.values() if own.slug == ledger.slug}
    found = []
    for name in metric.operands:
        other = bare.get(name)
        is_other = other is not None and other.slug != metric.slug
        url = f"/glossary/{other.slug}/" if other is not None and is_other else ""
        found.append(Step(ledger.operand(name).label, url, name))
    return found


def shown(metric: Metric, page: Page, pages: Sequence[Page]) -> list[Step]:
    """The panels that have a column of it, by page; its own page first, where its tile is."""
    found = [Step(page.title, page.address, "its page")]
    for one in pages:
        found += [
            Step(panel.title, f"{one.address}#panel-{panel.slug}", one.title)
            for panel in one.panels
            if _tells(panel, metric)
        ]
    return list(dict.fromkeys(found))


def _tells(panel: Panel, metric: Metric) -> bool:
    for column in panel.columns:
        own = column.metric
        among = own.values() if isinstance(own, Mapping) else (own,) if own else ()
        if any(one.slug == metric.slug for one in among):
            return True
    return False


def _lineage(
    ledger: Ledger, known: Registered, read: frozenset[str], *, sees_data: bool
) -> list[dict[str, Any]]:
    """From the files through tables and roll-ups to the rows that the number is summed of."""
    files = {one.name: one for one in known.datasets}
    own = [files[name] for name in ledger.datasets if name in files]
    summed = [one for one in known.rollups if one.table._meta.db_table in read]
    under = {table for one in summed for table in TABLE.findall(one.select)}
    used = [one for one in known.datasets if one.table._meta.db_table in read | under]
    datasets = list({one.name: one for one in (*own, *used)}.values())
    return [
        {
            "label": "Files",
            "steps": [
                Step(one.name, f"/data/datasets/{one.name}/" if sees_data else "", one.meaning)
                for one in datasets
            ],
        },
        {
            "label": "Tables",
            "steps": [Step(one.table._meta.label, "", one.name) for one in datasets],
        },
        {
            "label": "Roll-ups",
            "steps": [Step(one.model, "", f"{one.name}, by {one.bucket}") for one in summed],
        },
    ]


def _read(page: Page, ledger: Ledger, workspace: Workspace) -> frozenset[str]:
    """The tables that the query behind the number reads: the words of the SQL itself."""
    day = freshness.of(ledger.datasets, workspace).last_day or freshness.stamp(workspace)
    slice_ = narrow(
        Filters(),
        EVERYBODY,
        day,
        first_month=workspace.fiscal_year_start_month,
        currency=workspace.reporting_currency,
        default_period=page.default_period,
    )
    return frozenset(_words(ledger.sql, slice_))


def _words(sql: Callable[[Slice], str], slice_: Slice) -> list[str]:
    try:
        return TABLE.findall(sql(slice_).casefold())
    except EmptyResultSet:
        return []
