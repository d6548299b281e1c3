"""The nouns that every domain points at: the workspace, its people, its yardsticks, its loads."""

from revops_site.kernel.models.audit import AuditEvent
from revops_site.kernel.models.loads import DataLoad, Loaded, RejectedRow
from revops_site.kernel.models.people import Rep, Team, User
from revops_site.kernel.models.workspace import Workspace, currency_field
from revops_site.kernel.models.yardsticks import Benchmark, FxRate

__all__ = [
    "AuditEvent",
    "Benchmark",
    "DataLoad",
    "FxRate",
    "Loaded",
    "RejectedRow",
    "Rep",
    "Team",
    "User",
    "Workspace",
    "currency_field",
]
