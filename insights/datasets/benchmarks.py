"""What a benchmark file promises: targets and ranges that measures are held against."""

from __future__ import annotations

from revops_site.kernel.datasets import Column, Dataset, Derived, Rule

STEP = "row_number() OVER (PARTITION BY metric_type, category, subcategory ORDER BY line)"


def _value(name: str, meaning: str) -> Column:
    return Column(name, "decimal", meaning, nullable=True, unit="as the unit column says")


BENCHMARKS = Dataset(
    name="benchmarks",
    model="kernel.Benchmark",
    meaning="One row per target or range of a measure.",
    key=("benchmark_id",),
    columns=(
        Column("benchmark_id", "text", "The row's id."),
        Column("metric_type", "text", "The measure, such as channel_cpl_range or nrr_targets."),
        Column("category", "text", "What it is for: a channel or a segment."),
        Column("subcategory", "text", "A closer distinction, such as a segment.", nullable=True),
        _value("target_value", "What is aimed at."),
        _value("min_value", "The lower end of what is expected."),
        _value("max_value", "The upper end of what is expected."),
        Column("unit", "text", "currency, percentage (0 to 1), days, ratio …", nullable=True),
        Column("description", "text", "For readers.", required=False, nullable=True),
    ),
    derived=(
        Derived(
            "step",
            STEP,
            "The running number of the rows that share metric_type, category and subcategory, in "
            "the file's order. The rows stage_conversion_benchmarks of a segment are its steps: 1 "
            "Lead → MQL, 2 MQL → SQL, 3 SQL → Opportunity, 4 Discovery → Demo, 5 Demo → "
            "Negotiation, 6 Negotiation → Closed Won.",
        ),
    ),
    rules=(Rule("min_value", "min_value > max_value", "is above max_value"),),
)
