"""One deal's page: how it stands, what happened, what is next, who is there, what was alike."""

from pipeline.panels.deal import gone, lists, stepping
from pipeline.panels.deal.contract import detail as contract
from pipeline.panels.deal.ledgers import of as explained
from pipeline.panels.deal.page import NONE, PARTS, READING, is_seen, page
from pipeline.panels.deal.places import address
from pipeline.panels.deal.places import explained as explanation_of

__all__ = [
    "NONE",
    "PARTS",
    "READING",
    "address",
    "contract",
    "explained",
    "explanation_of",
    "gone",
    "is_seen",
    "lists",
    "page",
    "stepping",
]
