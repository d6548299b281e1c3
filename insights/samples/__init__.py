"""The pretend company's files: every dataset that can be made up, in load order."""

from __future__ import annotations

from insights.samples.benchmarks import CPL, benchmarks
from insights.samples.calendar import fx_rates, holidays
from insights.samples.people import accounts, reps, teams
from marketing import samples as marketing
from pipeline import samples as pipeline
from revenue import samples as revenue
from revops_site.kernel.world.files import File

__all__ = ["CPL", "FILES"]

FILES: tuple[File, ...] = (
    File("teams", teams),
    File("reps", reps),
    File("accounts", accounts),
    File("fx_rates", fx_rates, once=True),
    File("holidays", holidays, once=True),
    File("benchmarks", benchmarks, once=True),
    *marketing.FILES,
    *pipeline.FILES,
    *revenue.FILES,
)
