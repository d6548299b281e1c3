"""What belongs to no single domain, from the quality of the data to the files that were sent."""

from insights.models.alerts import Alert, AlertMail, Firing
from insights.models.answers import InsightAnswer, RuleMonth, RuleSetting
from insights.models.attribution import (
    Credit,
    CreditDue,
    CreditRevision,
    DealJourney,
    LeadJourney,
)
from insights.models.boards import Board, BoardPanel, BoardShare
from insights.models.brief import CreditLine, DealBrief
from insights.models.comments import Comment, CommentNews, Thread
from insights.models.connecting import SourceHook, SourceTrial
from insights.models.ended import CreditDay, DealMove, LeadMove
from insights.models.files import MadeFile
from insights.models.insights import InsightDay
from insights.models.jobs import JobFailure, JobTally
from insights.models.kpis import Kpi
from insights.models.leads import LeadAnswer, LeadPath
from insights.models.modelled import ModelAnswer
from insights.models.numbers import CheckedNumber, NumberAlarm
from insights.models.programs import AskedMinute, KeptAnswer
from insights.models.quality import QualityCount
from insights.models.saved_views import SavedView
from insights.models.search import SearchEntry, SearchState, SearchWord
from insights.models.subscriptions import Delivery, Subscription
from insights.models.today import TodayMark
from insights.models.unusual import Pattern, ScanRun, SeriesScan
from insights.models.uploads import SavedProfile, Upload

__all__ = [
    "Alert",
    "AlertMail",
    "AskedMinute",
    "Board",
    "BoardPanel",
    "BoardShare",
    "CheckedNumber",
    "Comment",
    "CommentNews",
    "Credit",
    "CreditDay",
    "CreditDue",
    "CreditLine",
    "CreditRevision",
    "DealBrief",
    "DealJourney",
    "DealMove",
    "Delivery",
    "Firing",
    "InsightAnswer",
    "InsightDay",
    "JobFailure",
    "JobTally",
    "KeptAnswer",
    "Kpi",
    "LeadAnswer",
    "LeadJourney",
    "LeadMove",
    "LeadPath",
    "MadeFile",
    "ModelAnswer",
    "NumberAlarm",
    "Pattern",
    "QualityCount",
    "RuleMonth",
    "RuleSetting",
    "SavedProfile",
    "SavedView",
    "ScanRun",
    "SearchEntry",
    "SearchState",
    "SearchWord",
    "SeriesScan",
    "SourceHook",
    "SourceTrial",
    "Subscription",
    "Thread",
    "TodayMark",
    "Upload",
]
