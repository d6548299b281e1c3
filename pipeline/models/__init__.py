"""What is true in the pipeline: deals, their plan, their history, and the work on them."""

from pipeline.models.backtests import Backtest, BacktestRow, BacktestScore
from pipeline.models.calls import ForecastCall
from pipeline.models.deals import Deal
from pipeline.models.health import (
    DealHealth,
    FlagMute,
    HealthDay,
    HealthDue,
    HealthSnapshot,
    Scorecard,
)
from pipeline.models.history import DealChange, StageVisit, StatusEvent
from pipeline.models.orders import Order
from pipeline.models.overrides import CategoryOverride
from pipeline.models.past import DealPast, DealState
from pipeline.models.plan import Pipeline, Quota, Stage
from pipeline.models.readings import NoteReading
from pipeline.models.rollups import ActivityDay, DealFlowDay, DealFlowWeek, OpenDealStock
from pipeline.models.scenarios import Scenario
from pipeline.models.snapshots import DealSnapshot, ForecastSnapshot
from pipeline.models.stays import StageStay
from pipeline.models.steps import AccountNote, NextStep, WrittenNote
from pipeline.models.tasks import Task
from pipeline.models.terms import PipelineTerms
from pipeline.models.work import Activity, Contact, Note

__all__ = [
    "AccountNote",
    "Activity",
    "ActivityDay",
    "Backtest",
    "BacktestRow",
    "BacktestScore",
    "CategoryOverride",
    "Contact",
    "Deal",
    "DealChange",
    "DealFlowDay",
    "DealFlowWeek",
    "DealHealth",
    "DealPast",
    "DealSnapshot",
    "DealState",
    "FlagMute",
    "ForecastCall",
    "ForecastSnapshot",
    "HealthDay",
    "HealthDue",
    "HealthSnapshot",
    "NextStep",
    "Note",
    "NoteReading",
    "OpenDealStock",
    "Order",
    "Pipeline",
    "PipelineTerms",
    "Quota",
    "Scenario",
    "Scorecard",
    "Stage",
    "StageStay",
    "StageVisit",
    "StatusEvent",
    "Task",
    "WrittenNote",
]
