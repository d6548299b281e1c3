"""The nouns that all domains point at: the workspace, people, accounts, yardsticks, loads."""

from revops_site.kernel.models.accounts import Account
from revops_site.kernel.models.annotations import Annotation
from revops_site.kernel.models.anomalies import Anomaly
from revops_site.kernel.models.audit import AuditEvent, AuditSeal
from revops_site.kernel.models.backups import BackupRun
from revops_site.kernel.models.circuits import Circuit
from revops_site.kernel.models.incidents import Incident
from revops_site.kernel.models.invitations import Invitation
from revops_site.kernel.models.loads import DataLoad, FormerRow, Loaded, RejectedRow
from revops_site.kernel.models.people import Rep, Team, User
from revops_site.kernel.models.sources import (
    SourceConnection,
    SourceRecord,
    SyncRun,
    SyncState,
)
from revops_site.kernel.models.tokens import ApiToken
from revops_site.kernel.models.workspace import Workspace, currency_field
from revops_site.kernel.models.yardsticks import Benchmark, FxRate, Holiday

__all__ = [
    "Account",
    "Annotation",
    "Anomaly",
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "BackupRun",
    "Benchmark",
    "Circuit",
    "DataLoad",
    "FormerRow",
    "FxRate",
    "Holiday",
    "Incident",
    "Invitation",
    "Loaded",
    "RejectedRow",
    "Rep",
    "SourceConnection",
    "SourceRecord",
    "SyncRun",
    "SyncState",
    "Team",
    "User",
    "Workspace",
    "currency_field",
]
