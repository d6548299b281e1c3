"""A panel's figure as SVG, drawn here: paper has no browser that could draw it."""

from insights.reports.figures.plot import draw

__all__ = ["draw"]
