"""How the outside systems stand: in the header, on a page of their own, and for programs."""

from insights.panels.syncs.page import page
from insights.panels.syncs.words import indicator, plain, told

__all__ = ["indicator", "page", "plain", "told"]
