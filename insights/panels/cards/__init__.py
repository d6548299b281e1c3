"""The Insights page: what needs attention, how sure that is, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from insights.panels.cards import answered
from insights.panels.cards.domains import DEFAULT_PERIOD, DOMAINS, PAGE
from insights.panels.cards.drawn import MEANING, card, frame, rule_line, subject_of
from insights.panels.cards.found import Findings, Found, Rules, find
from insights.queries import days, rule_settings
from revops_site.kernel import clock, exports, filterform, formats, freshness, permissions
from revops_site.kernel.filters import PERIODS, Allowed, Filters
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.pages import AskedError

__all__ = ["DOMAINS", "PAGE", "Findings", "Found", "export", "find", "one", "page", "rows", "top"]

Context: TypeAlias = dict[str, Any]

URL, FUNNEL = "/insights/", "/insights/lead-to-cash/"
UNUSUAL, SUMMARY = "/insights/anomalies/", "/insights/summary/"
PARTS = {"panels": "_panels.html"}
FIRST, ALL = 12, "all=yes"  # so many of the gravest are shown until all are asked for


def page(
    query: str, reader: User, rules: Rules, token: str = "", said: Mapping[str, str] | None = None
) -> Context:
    """What the page prints, for this reader and these filters.

    ``token`` goes into its forms; ``said`` is what could not be done: of which card, and why.
    """
    allowed = permissions.allowed(reader)
    at = freshness.workspace()
    choices = filterform.choices(PAGE, allowed, at.generation)
    asked = filterform.kept(Filters.parse(query), PAGE, choices)
    findings = find(asked, allowed, rules, at)
    says = _says(findings)
    days_shown = _shown(findings)
    return {
        "title": PAGE.title,
        "address": _address(asked),
        "fresh": _fresh(findings, at),
        "form": filterform.form(asked, PAGE, choices, URL, findings.views[0].slice_.period),
        "reset_url": URL,
        "notices": asked.notices,
        "chips": filterform.chips(asked, PAGE, choices, URL),
        "announce": f"Insights updated: {says}",
        "window": days_shown or PERIODS[asked.period or DEFAULT_PERIOD],
        "panels": [
            _cards(
                *(findings, asked, reader, at, says, rules, token, said or {}),
                is_all=ALL in query.split("&"),
            )
        ],
    }


def top(asked: Filters, reader: User, rules: Rules, n: int) -> Sequence[Context]:
    """The first ``n`` cards for a reader that they did not dismiss, as ``_card.html`` has them."""
    at = freshness.workspace()
    allowed = permissions.allowed(reader)
    findings = find(asked, allowed, rules, at)
    since = _first_seen(asked, allowed, at)
    shown, _ = answered.parted(findings.found, rule_settings.answers(reader, clock.now()))
    return [card(one, since.get(subject_of(one.insight))) for one in shown[:n]]


def one(query: str, reader: User, rules: Rules, rule: str, subject: str) -> Found | None:
    """The insight of this rule and subject, as this reader is shown it; None where they are not."""
    at, allowed = freshness.workspace(), permissions.allowed(reader)
    choices = filterform.choices(PAGE, allowed, at.generation)
    asked = filterform.kept(Filters.parse(query), PAGE, choices)
    findings = find(asked, allowed, rules, at)
    return next((f for f in findings.found if subject_of(f.insight) == (rule, subject)), None)


def export(query: str, allowed: Allowed, rules: Rules, kind: str) -> tuple[str, str, bytes] | None:
    """The cards as a file: its name, its type, its bytes; None for a kind that there is not."""
    if kind not in exports.KINDS:
        return None
    at = freshness.workspace()
    choices = filterform.choices(PAGE, allowed, at.generation)
    asked = filterform.kept(Filters.parse(query), PAGE, choices)
    findings = find(asked, allowed, rules, at)
    as_of = findings.last_day or freshness.stamp(at)
    about = {
        "page": PAGE.title,
        "as_of": as_of.isoformat(),
        "filters": asked.to_query() or "none",
        "currency": at.reporting_currency,
        "confidence": MEANING,
    }
    written = exports.KINDS[kind]
    content = written.write(exports.Sheet(PAGE.title, frame(findings.found), about))
    return f"insights-{as_of:%Y%m%d}.{kind}", written.content_type, content


def rows(query: str, allowed: Allowed, rules: Rules) -> list[dict[str, Any]]:
    """The cards as JSON files hold them; AskedError of a filter that cannot be used."""
    at = freshness.workspace()
    choices = filterform.choices(PAGE, allowed, at.generation)
    asked = filterform.kept(Filters.parse(query), PAGE, choices)
    if asked.notices:
        raise AskedError(asked.notices)
    return exports.records(frame(find(asked, allowed, rules, at).found))


def _cards(
    findings: Findings,
    asked: Filters,
    reader: User,
    at: Workspace,
    says: str,
    rules: Rules,
    token: str,
    said: Mapping[str, str],
    *,
    is_all: bool,
) -> Context:
    allowed, query = permissions.allowed(reader), asked.to_query()
    since = _first_seen(asked, allowed, at)
    has_data = findings.last_day is not None
    all_of = f"{query}&{ALL}" if query else ALL
    ways = answered.Ways.of(reader, at, rules, token, all_of if is_all else query, said)
    shown, gone = answered.parted(findings.found, ways.answers)
    left = 0 if is_all else max(0, len(shown) - FIRST)
    return {
        "template": "insights/_cards.html",
        "says": says,
        "meaning": MEANING,
        "has_data": has_data,
        "cards": [
            {**card(one, since.get(subject_of(one.insight))), "answer": ways.card(one)}
            for one in shown[: len(shown) - left]
        ],
        "left": left,
        "all_url": f"{URL}?{all_of}",
        "dismissed": [ways.gone(one, answer) for one, answer in gone],
        "until": answered.RULE,
        "others": [rule_line(look) for look in findings.looks if look.state != "found"],
        "exports": _exports(asked) if findings.found else [],
        "reset_url": URL if asked.active else "",
        "funnel_url": f"{FUNNEL}?{query}" if query else FUNNEL,
        "unusual_url": f"{UNUSUAL}?{query}" if query else UNUSUAL,
        "summary_url": f"{SUMMARY}?{query}" if query else SUMMARY,
        "scoped": allowed.reps is not None,
    }


def _first_seen(asked: Filters, allowed: Allowed, at: Workspace) -> Mapping[tuple[str, str], date]:
    """Known for the whole company without a filter: that is what is stored."""
    if allowed.reps is not None or asked.active:
        return {}
    return days.first_seen(freshness.stamp(at))


def _says(findings: Findings) -> str:
    """How many rules looked, and what they found, in a sentence."""
    found, looked = (
        len(findings.found),
        sum(one.state not in {"silent", "failed"} for one in findings.looks),
    )
    if not found:
        return f"No insight: {looked} of {len(findings.looks)} rules had data to look at."
    grave = sum(one.insight.severity == "high" for one in findings.found)
    insights = "insight" if found == 1 else "insights"
    tail = f", {grave} of high severity" if grave else ""
    return f"{found} {insights}{tail}; {looked} of {len(findings.looks)} rules had data to look at."


def _shown(findings: Findings) -> str:
    """The days that are shown, where they are the same for all domains."""
    periods = {view.slice_.period for view in findings.views if view.last_day}
    if len(periods) != 1 or (period := periods.pop()) is None:
        return ""
    return f"{formats.show(period.start, 'date')} to {formats.show(period.last_day, 'date')}"


def _fresh(findings: Findings, at: Workspace) -> dict[str, str]:
    last_day = findings.last_day
    if last_day is None:
        return {"state": "empty", "as_of_text": "", "as_of_iso": "", "calendar": "", "detail": ""}
    as_of = max(view.slice_.as_of for view in findings.views if view.last_day)
    known: Freshness = freshness.of(PAGE.datasets, at)
    behind = [
        f"{view.domain.page.title} to {formats.show(view.slice_.as_of, 'date')}"
        for view in findings.views
        if view.last_day and view.slice_.as_of < as_of
    ]
    stale = known.is_stale(freshness.stamp(at))
    detail = " · ".join(dict.fromkeys(behind))
    if not detail and known.loaded_at:
        detail = f"Loaded {known.loaded_at:%Y-%m-%d %H:%M} UTC"
    return {
        "state": "stale" if stale else "fresh",
        "as_of_text": formats.show(as_of, "date"),
        "as_of_iso": as_of.isoformat(),
        "calendar": "",
        "detail": detail,
    }


def _address(asked: Filters) -> str:
    query = asked.to_query()
    return f"{URL}?{query}" if query else URL


def _exports(asked: Filters) -> list[dict[str, str]]:
    tail = _address(asked).removeprefix(URL)
    return [
        {"label": kind.upper(), "url": f"{URL}panels/cards.{kind}{tail}"} for kind in exports.KINDS
    ]
