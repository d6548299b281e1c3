"""The deals that one can assume something of, line by line, and what becomes of those changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.analytics.assumed import FIELDS, OUT, Entries, Problem
from pipeline.analytics.whatif import CHANGES, LEFT_OUT
from pipeline.panels.deal.places import address
from pipeline.panels.known import OPEN
from pipeline.panels.whatif.asked import Asked
from pipeline.panels.whatif.scene import Scene
from pipeline.queries import scenarios
from revops_site.kernel.filters import Slice
from revops_site.kernel.fragments import draw
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.panels import Content, Panel, Shown

SIZE = 20
NAMES = ("deal_name", "account_name", "account_id", "owner_name", "owner_id")
HEADINGS = (
    *(("Deal", False), ("What", False), ("Amount", True), ("Expected close", True)),
    *(("Chance", True), ("Expected", True), ("Adds", True), ("Undo", False)),
)
COLUMNS = (
    Shown("deal_name", "Deal"),
    Shown("account_name", "Account", filed=True),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("deal_id", "Deal id", filed=True),
    Shown("what", "What"),
    Shown("amount", "Amount", "money"),
    Shown("amount_new", "New amount", "money"),
    Shown("close_date", "Expected close", "date"),
    Shown("close_date_new", "New close", "date"),
    Shown("p", "Chance", "percent", help="To be won by the quarter's end, as it stands."),
    Shown("p_new", "New chance", "percent", help="As if the deal stood so."),
    Shown("expected", "Expected", "money", help="Its amount by its chance."),
    Shown("expected_new", "New expected", "money"),
    Shown("expected_change", "Adds", "money", help="To the forecast; these sum to its change."),
)


def panel(asked: Asked, made: Scene | None = None) -> Panel:
    """The deals that something is assumed of, old and new, as a panel and its files."""
    from pipeline.panels.whatif.scene import scene

    def frame(slice_: Slice) -> pd.DataFrame:
        found = (made or scene(slice_, asked)).changes
        known = scenarios.names(found["deal_id"].tolist())
        told = {
            name: [known.get(deal, {}).get(name, "") for deal in found["deal_id"]] for name in NAMES
        }
        return found[list(CHANGES)].assign(**told)

    return Panel(
        slug="what-if-changes",
        title="What is changed?",
        question="Each deal that something is assumed of, old beside new.",
        frame=frame,
        columns=COLUMNS,
        dimensions=OPEN,
        unit="money",
        width="col-12",
        nothing="Nothing is assumed yet: untick a deal below, or give it another amount, close or "
        "chance.",
    )


def changes(one: Scene, asked: Asked, frame: Frame) -> dict[str, Any]:
    """What ``_panel.html`` prints of them; each with a way to take it back."""
    shown = panel(asked, one)
    rows = shown.frame(one.slice_)
    drawn = draw(shown, Content(rows, "", (), (), str(shown.nothing) if rows.empty else ""), frame)
    found = vars(drawn)
    if rows.empty:
        return {**found, "headline": "As it stands."}
    table = {
        "id": drawn.table["id"],
        "caption": drawn.table["caption"],
        "columns": [{"label": label, "numeric": numeric} for label, numeric in HEADINGS],
        "rows": [_changed(row, one, asked, frame) for row in rows.to_dict("records")],
        "whole": True,
    }
    return {**found, "table": table}


def _changed(row: Mapping[Any, Any], one: Scene, asked: Asked, frame: Frame) -> list[Cell]:
    """What is new with what it was beneath it, and the way to take it back."""
    rest = {deal: given for deal, given in one.entries.items() if deal != row["deal_id"]}
    adds = float(row["expected_change"])
    plain = text(adds, "money", frame)
    return [
        Cell(row["deal_name"], more=row["owner_name"], href=address(row["deal_id"])),
        Cell(row["what"]),
        _both(row, "amount", "amount_new", "money", frame),
        _both(row, "close_date", "close_date_new", "date", frame),
        _both(row, "p", "p_new", "percent", frame),
        _both(row, "expected", "expected_new", "money", frame),
        Cell(
            f"+{plain}" if adds > 0 else plain,
            title=text(adds, "money2", frame),
            tone="good" if adds > 0 else "bad" if adds < 0 else "muted",
            numeric=True,
        ),
        Cell("Take back", href=frame.address(kept=tuple(asked.pairs(rest))), swaps="main"),
    ]


def _both(row: Mapping[Any, Any], was: str, is_: str, show: str, frame: Frame) -> Cell:
    before, after = (text(row[name], show, frame) for name in (was, is_))
    if row["what"] == LEFT_OUT:
        return Cell(before if was != "expected" else after, tone="muted", numeric=True)
    return Cell(after, more=f"was {before}" if after != before else "", numeric=True)


def lines(one: Scene, asked: Asked, searched: Collection[str], frame: Frame) -> dict[str, Any]:
    """What ``_whatif_deals.html`` prints: a page of the deals with what is assumed of each."""
    among = one.before
    if asked.q:
        among = among[among["deal_id"].isin(list(searched))]
    among = among.sort_values(
        ["is_mine", "amount", "deal_id"], ascending=[False, False, True], na_position="last"
    )
    pages = max(1, -(-len(among) // SIZE))
    page = min(asked.page, pages)
    rows = among.iloc[(page - 1) * SIZE : page * SIZE]
    known = scenarios.names(rows["deal_id"].tolist())
    wrong = {(each.deal_id, each.field) for each in one.problems}
    return {
        "rows": [
            _line(nth, row, known.get(row["deal_id"], {}), one, wrong, frame)
            for nth, row in enumerate(rows.to_dict("records"), start=1)
        ],
        "q": asked.q,
        "page": page,
        "total": len(among),
        "pager": _pager(page, pages, len(among), one, asked, frame),
    }


def _line(
    nth: int,
    row: Mapping[Any, Any],
    known: Mapping[str, str],
    one: Scene,
    wrong: Collection[tuple[str, str]],
    frame: Frame,
) -> dict[str, Any]:
    deal = str(row["deal_id"])
    given, stand = one.entries.get(deal, {}), one.stand[deal]
    about = [known.get("account_name", ""), known.get("owner_name", "")]
    name = known.get("deal_name", deal)
    return {
        "n": nth,
        "id": deal,
        "name": name,
        "about": " · ".join(part for part in about if part and part != name),
        "place": f"{row['stage_name']} · {row['category']}",
        "later": not row["is_mine"],
        "is_in": OUT not in given,
        "is_changed": bool(given),
        "chance_now": text(row["p"], "percent", frame),
        **{f: {"value": given.get(f, stand[f]), "wrong": (deal, f) in wrong} for f in FIELDS},
    }


def _pager(
    page: int, pages: int, total: int, one: Scene, asked: Asked, frame: Frame
) -> dict[str, Any]:
    if pages == 1:
        return {}

    def step(name: str, label: str, to: int) -> dict[str, str]:
        pairs = [*asked.pairs(one.entries), *([("page", str(to))] if to > 1 else [])]
        url = frame.address(kept=tuple(pairs)) if 1 <= to <= pages else ""
        return {"name": name, "label": label, "url": url}

    first = (page - 1) * SIZE + 1
    return {
        "id": "pager-what-if",
        "target": "panels",
        "label": "Pages of deals",
        "says": f"{first:,}–{min(page * SIZE, total):,} of {total:,} deals",
        "steps": [step("before", "Previous", page - 1), step("after", "Next", page + 1)],
    }


def sentences(problems: Sequence[Problem], entries: Entries) -> list[str]:
    """What cannot be meant, in sentences; the rest of what is assumed holds."""
    known = scenarios.names([one.deal_id for one in problems])
    return [
        f"{known.get(one.deal_id, {}).get('deal_name', one.deal_id)}: {one.says}. "
        "It is left as it stands."
        for one in problems
        if one.deal_id in entries
    ]


def with_state(frame: Frame, pairs: Sequence[tuple[str, str]]) -> Frame:
    """The frame whose every address carries what is assumed."""
    return replace(frame, kept=tuple(pairs))
