"""What the rules find in what one reader may see."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from django.db import DatabaseError

from insights.analytics.insight import Category, Evidence, Insight, Look, Rule
from insights.panels.cards.domains import DEFAULT_PERIOD, DOMAINS, OTHERS, Domain
from revops_site.kernel import freshness
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page
from revops_site.kernel.queries import sharing

logger = logging.getLogger(__name__)
Rules: TypeAlias = Sequence[Rule[Any, Any]]


@dataclass(frozen=True)
class View:
    """A domain as one reader sees it with these filters; ``last_day`` None where it has no data."""

    domain: Domain
    asked: Filters
    slice_: Slice
    last_day: date | None

    def address(self, evidence: Evidence, *, for_good: bool = False) -> str:
        """Where the evidence is shown, in the state that it was found in.

        ``for_good`` names the day, so that the address says the same when newer data have come.
        """
        page = OTHERS.get(evidence.page, self.domain.page)
        state = self.asked.replace(period=self.asked.period or DEFAULT_PERIOD)
        state = state.replace(**evidence.changes)
        if state.period == page.default_period or not page.dated:
            state = state.without("period")
        if for_good:
            state = state.replace(as_of=self.slice_.as_of)
        query = state.to_query()
        url = f"{page.address}?{query}" if query else page.address
        return f"{url}{_anchor(page, evidence.panel)}"


@dataclass(frozen=True)
class Found:
    """An insight with the view that it was found in."""

    insight: Insight
    view: View

    @property
    def address(self) -> str:
        """Where its evidence is shown."""
        return self.view.address(self.insight.said.evidence)

    @property
    def lasting_address(self) -> str:
        """The same with its day, to be kept."""
        return self.view.address(self.insight.said.evidence, for_good=True)


@dataclass(frozen=True)
class Findings:
    """What all rules found, the gravest first, and what became of each rule."""

    found: tuple[Found, ...]
    looks: tuple[Look[Any], ...]
    views: tuple[View, ...]

    @property
    def last_day(self) -> date | None:
        """The newest day of any data."""
        return max((one.last_day for one in self.views if one.last_day), default=None)


def find(
    asked: Filters, allowed: Allowed, rules: Rules, at: Workspace, *, patient: bool = False
) -> Findings:
    """What the rules find in what these filters and this permission leave.

    Who is not ``patient`` goes without what takes long, and without the domains and rules whose
    reckoning fails, as their looks say. Of domains that no rule is about, nothing is read.
    """
    about = {rule.category for rule in rules}
    views = tuple(_view(one, asked, allowed, at) for one in DOMAINS if one.category in about)
    by_category = {view.domain.category: view for view in views}
    known: dict[Category, tuple[object, ...]] = {}
    late: set[Category] = set()
    failed: set[Category] = set()
    with sharing():
        for category, view in by_category.items():
            is_late = not patient and view.domain.takes_long(view.slice_)
            more = () if is_late else (view.domain.more,)
            if is_late and view.domain.more:
                late.add(category)
            try:
                known[category] = _all_facts(view, (view.domain.facts, *more), at.generation)
            except DatabaseError:
                raise
            except Exception:
                if patient:
                    raise
                logger.exception("the facts of %s failed", category)
                failed.add(category)
    looks = tuple(
        Look(rule, "failed")
        if rule.category in failed
        else _late(_look(rule, known[rule.category], patient=patient), late)
        for rule in rules
        if rule.category in by_category
    )
    found = [
        Found(insight, by_category[insight.category]) for look in looks for insight in look.insights
    ]
    return Findings(tuple(sorted(found, key=lambda one: one.insight.rank)), looks, views)


def _view(domain: Domain, asked: Filters, allowed: Allowed, at: Workspace) -> View:
    last_day = freshness.of(domain.datasets, at).last_day
    slice_ = narrow(
        asked,
        allowed,
        last_day or freshness.stamp(at),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
        default_period=DEFAULT_PERIOD,
    )
    return View(domain, asked, slice_, last_day)


def _anchor(page: Page, part: str) -> str:
    """The way to a panel or a long table of the page."""
    if page.panel(part):
        return f"#panel-{part}"
    return f"#listing-{part}" if any(one.slug == part for one in page.listings) else ""


def _late(look: Look[Any], late: Collection[Category]) -> Look[Any]:
    """Where facts were left out, a rule that saw none may have been meant."""
    is_late = look.state == "silent" and look.rule.category in late
    return replace(look, state="late") if is_late else look


def _look(rule: Rule[Any, Any], facts: Sequence[object], *, patient: bool) -> Look[Any]:
    """What a rule makes of the facts; one that fails leaves the others their say."""
    try:
        return rule.look(facts)
    except Exception:
        if patient:
            raise
        logger.exception("the rule %s failed", rule.id)
        return Look(rule, "failed")


def _all_facts(
    view: View, gives: Sequence[Callable[[Slice], tuple[object, ...]] | None], generation: int
) -> tuple[object, ...]:
    return tuple(fact for give in gives if give for fact in _facts(view, give, generation))


def _facts(
    view: View, give: Callable[[Slice], tuple[object, ...]], generation: int
) -> tuple[object, ...]:
    """From the cache where the data have not changed since."""
    if view.last_day is None:
        return ()
    key = f"facts:{give.__module__}{give.__qualname__}:{view.slice_.cache_key}:{generation}"
    return freshness.remembered(key, lambda: give(view.slice_))
