"""The support desk of the pipeline, by topic."""

from pipeline.admin import deals, history, plan, work

__all__ = ["deals", "history", "plan", "work"]
