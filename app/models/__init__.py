"""The tables, one module an aggregate. Models hold no queries, commits or HTML."""

from app.models.agency import Agency, Topic
from app.models.base import Model
from app.models.casework import (
    Assignment,
    Contribution,
    Event,
    Note,
    Response,
    RoutingLabel,
    Suggestion,
    Survey,
)
from app.models.learning import Likeness, ModelVersion, TextBand
from app.models.petition import Draft, Petition, PetitionTopic, Submitter
from app.models.root import TimelineRoot
from app.models.staff import Staff
from app.models.work import CalendarDay, CalendarVersion, DeadlinePolicy, OutboxRow

__all__ = [
    "Agency",
    "Assignment",
    "CalendarDay",
    "CalendarVersion",
    "Contribution",
    "DeadlinePolicy",
    "Draft",
    "Event",
    "Likeness",
    "Model",
    "ModelVersion",
    "Note",
    "OutboxRow",
    "Petition",
    "PetitionTopic",
    "Response",
    "RoutingLabel",
    "Staff",
    "Submitter",
    "Suggestion",
    "Survey",
    "TextBand",
    "TimelineRoot",
    "Topic",
]
