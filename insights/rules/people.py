"""What is worth saying about people's work: who has gone quiet."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Work
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from revops_site.kernel.formats import show


@dataclass(frozen=True)
class RepQuiet(Parameters):
    """The share of the team's activities a day that a rep should reach."""

    min_n: int = 10
    min_share: float = 0.5


def rep_quiet(facts: Work, given: RepQuiet) -> Statement | None:
    """A rep's activities a working day, as a share of what the team does."""
    if not (facts.working_days and facts.team_days and facts.team_done):
        return None
    own = facts.done / facts.working_days
    team = facts.team_done / facts.team_days
    share = own / team
    beside = f"team {facts.team}" if facts.team else "everybody"
    held = facts.open_amount
    return Statement(
        subject=f"rep {facts.rep_id}",
        value=share,
        threshold=given.min_share,
        scale=given.min_share,
        n=facts.working_days,
        counted="working days",
        show="percent",
        headline=(
            f"{facts.name} completed {_amount(facts.done)} in {facts.working_days} working days."
        ),
        explanation=(
            f"That is {show(own, 'decimal1')} a day; {beside} completes {show(team, 'decimal1')} "
            "for each rep and day."
            + (
                f" Open deals of {show(held, 'amount_auto', facts.currency)} are theirs."
                if held
                else ""
            )
        ),
        action="Ask before judging: absence, another task, or work that nobody wrote down?",
        evidence=Evidence("pipeline", "See their deals", {"owner": (facts.rep_id,)}, "deals"),
        operands={
            "done": facts.done,
            "working_days": facts.working_days,
            "team_done": facts.team_done,
            "team_days": facts.team_days,
        },
        money=held,
        stake="the amounts of the rep's open deals",
    )


def _amount(done: int) -> str:
    if not done:
        return "no activity"
    return "one activity" if done == 1 else f"{done:,} activities"


REP_QUIET = Rule(
    id="REP_QUIET",
    version=1,
    label="Quiet rep",
    category="people",
    direction="below",
    about=Work,
    parameters=RepQuiet(),
    say=rep_quiet,
    looks="A rep who completes far fewer activities a working day than the team.",
    needs=("activities", "reps"),
    besides="and two reps at least, to compare them",
    ignores=("period",),
)
RULES = (REP_QUIET,)
