"""The support desk of the kernel's tables, by topic."""

from revops_site.kernel.admin import loads, people, workspace

__all__ = ["loads", "people", "workspace"]
