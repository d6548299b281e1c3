"""The Data page: can today's numbers be trusted? And the pages that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.urls import reverse

from insights.panels.data import (
    contract,
    files,
    findings,
    loads,
    mail,
    numbers,
    one_load,
    quality,
    sources,
    summary,
    work,
)
from insights.panels.data.asked import Asked
from insights.panels.data.files import File
from insights.panels.data.look import Look, Part, look
from insights.queries import loads as queries
from insights.queries.quality import Check

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Dataset

__all__ = [
    "PARTS",
    "File",
    "check_page",
    "contract_page",
    "found_file",
    "load_page",
    "mail_page",
    "page",
    "refused_file",
]

Context: TypeAlias = dict[str, Any]

TITLE = "Data"
PARTS = {
    f"panel-{loads.SLUG}": "insights/_loads.html",
    f"panel-{sources.SLUG}": "insights/_sources.html",
    f"panel-{work.SLUG}": "insights/_work.html",
    f"panel-{quality.SLUG}": "insights/_quality.html",
    f"panel-{numbers.SLUG}": "insights/_numbers.html",
    f"panel-{one_load.REFUSED}": "insights/_refused.html",
    f"panel-{findings.SLUG}": "insights/_found.html",
}
COLUMNS = (*loads.COLUMNS, *sources.COLUMNS, *work.TASKS, *quality.COLUMNS)
SORTS = frozenset(one.name for one in COLUMNS if one.sorts)


def page(
    query: str,
    request_id: str,
    datasets: Sequence[Dataset],
    checks: Sequence[Check],
    systems: Callable[[Look], Part],
    named: numbers.Named,
) -> Context:
    """The Data page's parts; each is computed where a template shows it.

    ``systems`` makes the part about the outside systems that are read; ``named`` gives the metric
    of a slug.
    """
    names = [one.name for one in datasets]
    asked = Asked.parse(query, datasets=names, sorts=SORTS)
    here = look(reverse("insights:data"), asked, request_id)
    return {
        "title": TITLE,
        "address": here.address(),
        "fresh": lambda: summary.head(here, datasets),
        "notices": asked.notices,
        "summary": lambda: summary.the_summary(here, datasets, checks),
        "connections": lambda: systems(here),
        "quality": lambda: quality.the_quality(here, checks),
        "numbers": lambda: numbers.the_numbers(here, named),
        "loads": lambda: loads.the_loads(here, datasets),
        "sources": lambda: sources.the_sources(here, datasets),
        "work": lambda: work.the_work(here),
        "mail": mail.the_mail(here),
    }


def mail_page(query: str, request_id: str, name: str) -> Context | None:
    """What the demo's mail server was given; None where there is no such."""
    return mail.message(look(reverse("insights:data"), Asked.parse(query), request_id), name)


def load_page(query: str, request_id: str, load_id: int) -> Context | None:
    """One load; None where there is no such."""
    one = queries.load(load_id)
    if one is None:
        return None
    here = look(one_load.url_of(one), Asked.parse(query), request_id)
    return {
        **one_load.head(here, one),
        "address": here.address(),
        "numbers": one_load.numbers(here, one),
        "others": lambda: one_load.others(one),
        "warnings": lambda: one_load.the_warnings(here, one),
        "refused": lambda: one_load.the_refused(here, one),
    }


def check_page(query: str, request_id: str, slug: str, checks: Sequence[Check]) -> Context | None:
    """What one check found, row by row; None where there is no such."""
    check = _called(slug, checks)
    if check is None:
        return None
    asked = Asked.parse(query, sorts=check.columns)
    here = look(reverse("insights:check", args=[slug]), asked, request_id)
    return {
        **findings.head(here, check, checks),
        "address": here.address(),
        "found": lambda: findings.the_found(here, check, checks),
    }


def contract_page(
    query: str, request_id: str, name: str, datasets: Sequence[Dataset]
) -> Context | None:
    """What a dataset's files promise; None where there is no such."""
    found = next((one for one in datasets if one.name == name), None)
    if found is None:
        return None
    here = look(reverse("insights:dataset", args=[name]), Asked.parse(query), request_id)
    return {
        **contract.head(found),
        "address": here.address(),
        "contract": lambda: contract.the_contract(here, found),
    }


def refused_file(load_id: int, kind: str) -> File | None:
    """What a load refused; None where there is no such load or file."""
    one = queries.load(load_id)
    return files.refused_file(one, kind) if one else None


def found_file(slug: str, checks: Sequence[Check]) -> File | None:
    """What a check found; None where there is no such."""
    check = _called(slug, checks)
    return files.found_file(check) if check else None


def _called(slug: str, checks: Sequence[Check]) -> Check | None:
    return next((one for one in checks if one.slug == slug), None)
