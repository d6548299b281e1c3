"""One deal's page: how it stands, what happened, what is next, who is there, what was alike."""

from pipeline.panels.deal import gone, lists, stepping
from pipeline.panels.deal.page import NONE, PARTS, READING, is_seen, page
from pipeline.panels.deal.places import address

__all__ = ["NONE", "PARTS", "READING", "address", "gone", "is_seen", "lists", "page", "stepping"]
