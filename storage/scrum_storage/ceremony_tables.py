"""The tables of ceremonies, in the store `core`."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.schedule import Chosen
from scrum.ceremonies.triggers.standing import Standing
from scrum_storage.jsonb import Stored
from scrum_storage.tables import core, projects

_Moment = DateTime(timezone=True)

ceremony_settings = Table(
    "ceremony_settings",
    core,
    Column("project", Text, ForeignKey(projects.c.key), primary_key=True),
    Column("document", Stored(Document), nullable=False),
)

schedules = Table(
    "schedules",
    core,
    Column("sprint", Text, primary_key=True),
    Column("project", Text, ForeignKey(projects.c.key), nullable=False),
    Column("anchor", _Moment, nullable=False),
    Column("first_day", Date),
    Column("days", Integer),
    Column("chosen", Stored(Chosen)),
    Column("standing", Stored(Standing), nullable=False),
    Column("recorded", Integer, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("wake_at", _Moment),
    Column("over", Boolean, nullable=False, server_default=false()),
    Column("time_scale", Double),
    Index("schedules_wake", "wake_at", postgresql_where=text("wake_at IS NOT NULL")),
    Index("schedules_open", "project", postgresql_where=text("NOT over")),
)
"""`over`: the sprint was closed or cancelled, and hears of nothing any more. `time_scale`: NULL until it starts."""

happenings = Table(
    "happenings",
    core,
    Column("sprint", Text, ForeignKey(schedules.c.sprint), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", _Moment, nullable=False),
    Column("name", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("spent", Double, nullable=False),
    Column("source", Text, nullable=False),
    Column("elsewhere", Boolean, nullable=False),
    Column("occurrence", Text, nullable=False, server_default=""),
    Column("signal", Text, nullable=False, server_default=""),
    Index(
        "happenings_signal", "sprint", "source", "signal", unique=True, postgresql_where=text("signal <> ''")
    ),
)
"""Append-only. The number is the order of recording within the sprint, without gaps. `signal` is the source's id of it."""

occurrences = Table(
    "occurrences",
    core,
    Column("id", Text, primary_key=True),
    Column("sprint", Text, ForeignKey(schedules.c.sprint), nullable=False),
    Column("ceremony", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", _Moment, nullable=False),
    Column("because", Text, nullable=False),
    Column("covers", ARRAY(Text), nullable=False),
    Column("participants", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("again_at", _Moment),
    Column("delivered_at", _Moment),
    Column("settled_at", _Moment),
    Column("told", Text, nullable=False),
    Column("actions", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("sprint", "ceremony", "key", name="occurrences_once"),
    Index("occurrences_due", "due_at", postgresql_where=text("status IN ('due', 'failed')")),
    Index("occurrences_numbered", "sprint", "number"),
)

plannings = Table(
    "plannings",
    core,
    Column("occurrence", Text, ForeignKey(occurrences.c.id), primary_key=True),
    Column("plan", Text, nullable=False),
    Index("plannings_plan", "plan"),
)
"""It stays where its plan expired."""
