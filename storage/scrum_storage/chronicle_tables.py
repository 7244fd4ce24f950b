"""The tables of what ceremonies leave behind, in the store `chronicle`."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid

from scrum.chronicle.reports import ActionChange, ActionItem, Minutes, Report
from scrum_storage.jsonb import Stored
from scrum_storage.tables import chronicle

_Moment = DateTime(timezone=True)

reports = Table(
    "reports",
    chronicle,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("ceremony", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("report", Stored(Report), nullable=False),
    CheckConstraint("id <> ''", name="reports_named"),
    Index("reports_newest", "project", "at"),
    Index("reports_sprint", "project", "sprint", "at"),
    Index("reports_ceremony", "project", "ceremony", "at"),
)

minutes = Table(
    "minutes",
    chronicle,
    Column("occurrence", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("ceremony", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("minutes", Stored(Minutes), nullable=False),
    Index("minutes_newest", "project", "at"),
    Index("minutes_sprint", "project", "sprint", "at"),
    Index("minutes_ceremony", "project", "ceremony", "at"),
)

actions = Table(
    "actions",
    chronicle,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("action", Stored(ActionItem), nullable=False),
    Index("actions_oldest", "project", "at"),
    Index("actions_sprint", "project", "sprint", "at"),
)
"""As they were agreed, once and for all: how they stand follows from the changes."""

changes = Table(
    "action_changes",
    chronicle,
    Column("occurrence", Text, ForeignKey(minutes.c.occurrence), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("project", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("status", Text),
    Column("change", Stored(ActionChange), nullable=False),
    Index("action_changes_order", "project", "action", "at", "event", "place"),
)
"""To actions that are here, or come later: events come in any order."""
