"""What belongs to no single domain: quality, failures, insights, the KPIs' days, saved views."""

from insights.models.insights import InsightDay
from insights.models.jobs import JobFailure
from insights.models.kpis import Kpi
from insights.models.quality import QualityCount
from insights.models.saved_views import SavedView

__all__ = ["InsightDay", "JobFailure", "Kpi", "QualityCount", "SavedView"]
