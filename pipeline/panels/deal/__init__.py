"""One deal's page: how it stands, what happened, what is next, who is there, what was alike."""

from pipeline.panels.deal import lists, stepping
from pipeline.panels.deal.page import PARTS, page
from pipeline.panels.deal.places import address

__all__ = ["PARTS", "address", "lists", "page", "stepping"]
