"""What coaching's numbers can be taken apart by: teams and their reps."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from coaching.panels import figures, ledgers
from coaching.queries.people import group
from pipeline.queries import groups
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import pooled
from revops_site.kernel.parted import GROUP, Parted, with_teams

PEOPLE = ("team", "owner")
NOW = {"won_amount": "quarter_won", "quota_to_date": "quarter_quota"}
LAST = {"won_amount": "last_won", "quota_to_date": "last_quota"}
DONE = dict.fromkeys(("activities", "working_days"), "float64")


def _year(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    return groups.attained(ledgers.of_year(slice_))


def _quarter(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """The running quarter beside the one before it."""
    last = ledgers.of_people(slice_, ledgers.last_quarter(slice_))
    now = groups.attained(ledgers.of_quarter(slice_))["owner"].rename(columns=NOW)
    before = groups.attained(last)["owner"].rename(columns=LAST)
    names = dict.fromkeys((*NOW.values(), *LAST.values()), "float64")
    columns = [GROUP, *names]
    both = [one.reindex(columns=columns, fill_value=0.0) for one in (now, before)]
    return with_teams({"owner": pooled(both, (GROUP,), names)}, names)


def _done(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    found = group(slice_)
    rows = figures.activity(slice_, found, figures.last_days(slice_)).loc[[*found.shown]]
    owners = pd.DataFrame(
        {
            GROUP: pd.Series(rows.index, dtype="str"),
            "activities": rows["done"].to_numpy(dtype="float64"),
            "working_days": rows["working_days"].to_numpy(dtype="float64"),
        }
    )
    return with_teams({"owner": owners}, DONE)


PARTED: Mapping[str, Parted] = {
    "coaching-year": Parted(read=_year, dimensions=PEOPLE),
    "coaching-quarter": Parted(read=_quarter, dimensions=PEOPLE),
    "coaching-activities": Parted(read=_done, dimensions=PEOPLE),
}
