"""The support desk: Django's admin behind the product's door, with its roles and its audit log."""

from revops_site.kernel.desk.choosing import chosen
from revops_site.kernel.desk.exporting import export
from revops_site.kernel.desk.reassigning import reassign
from revops_site.kernel.desk.rows import History, Rows
from revops_site.kernel.desk.site import SupportDesk, desk
from revops_site.kernel.desk.tables import Kept, Watched

__all__ = [
    "History",
    "Kept",
    "Rows",
    "SupportDesk",
    "Watched",
    "chosen",
    "desk",
    "export",
    "reassign",
]
