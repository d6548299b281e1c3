"""Connecting outside systems: the page of one, and the list of all."""

from insights.panels.connecting.listed import the_connections, ways
from insights.panels.connecting.page import page, state

__all__ = ["page", "state", "the_connections", "ways"]
