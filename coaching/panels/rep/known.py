"""What all panels of a rep's page share: whose they are, and beside whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pandas as pd

from coaching.panels import figures
from coaching.panels.team.known import OF_DEALS
from coaching.queries.people import Group, Person, company, may_tell, team_of
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel
from revops_site.kernel.queries import shared

KNOWN = OF_DEALS
Frame: TypeAlias = Callable[[Slice, Person], pd.DataFrame]


def of(panel: Panel, frame: Frame, whose: Person, **more: Any) -> Panel:
    """The panel of one rep."""
    return replace(panel, frame=lambda slice_: frame(slice_, whose), about=whose.rep_id, **more)


def beside(slice_: Slice, whose: Person) -> tuple[str, ...]:
    """The reps whose sums may stand beside the rep's; none where they would be one's figures."""
    found = team_of(slice_, whose.rep_id)
    return found.ids if may_tell(found.ids, found) else ()


@shared
def top(slice_: Slice, group: Group) -> tuple[str, ...]:
    """The company's Top Performers, as far as their sums may be told a reader of the group."""
    found = figures.top(slice_)
    seen = replace(company(slice_), seen=company(slice_).seen | group.seen)
    return found if may_tell(found, seen) else ()


def called(whose: Person) -> str:
    """What the rep's team is called."""
    return f"Team {whose.team}" if whose.team else "Reps of no team"


def nothing(columns: tuple[str, ...]) -> pd.DataFrame:
    """No row of these columns."""
    return pd.DataFrame(columns=[*columns])
