"""What is kept of a person: found in every table, given out, taken out."""

from revops_site.kernel.privacy.anonymising import Done, anonymise
from revops_site.kernel.privacy.exporting import export
from revops_site.kernel.privacy.finding import Person, find

__all__ = ["Done", "Person", "anonymise", "export", "find"]
