"""What belongs to no single domain: data quality, failed jobs, insights and KPIs day by day."""

from insights.models.insights import InsightDay
from insights.models.jobs import JobFailure
from insights.models.kpis import Kpi
from insights.models.quality import QualityCount

__all__ = ["InsightDay", "JobFailure", "Kpi", "QualityCount"]
