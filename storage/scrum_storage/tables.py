"""The tables of each store. The migrations make them; a test holds that both agree."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from scrum.planning.model import Plan
from scrum.sprint.ledger import Figures
from scrum.sprint.model import Prediction
from scrum.team.model import Absence, Member
from scrum_storage.jsonb import Stored
from scrum_storage.messages import messages

core = MetaData(schema="core")

_Moment = DateTime(timezone=True)

projects = Table(
    "projects",
    core,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sprint_days", Integer, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("autonomy", Text, nullable=False),
    Column("focus_factor", Double, nullable=False),
    Column("target_confidence", Double, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("workdays", ARRAY(Integer), nullable=False),
    Column("days_off", ARRAY(Date), nullable=False),
    Column("next_item", Integer, nullable=False),
    Column("next_sprint", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("share_memory", Boolean, nullable=False, server_default=false()),
    Column("learning", Boolean, nullable=False, server_default=false()),
)

teams = Table(
    "teams",
    core,
    Column("project", Text, ForeignKey(projects.c.key), primary_key=True),
    Column("members", Stored(tuple[Member, ...]), nullable=False),
    Column("absences", Stored(tuple[Absence, ...]), nullable=False),
    Column("version", Integer, nullable=False),
)

items = Table(
    "items",
    core,
    Column("key", Text, primary_key=True),
    Column("project", Text, ForeignKey(projects.c.key), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("points", Integer),
    Column("priority", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    Column("depends_on", ARRAY(Text), nullable=False),
    Column("assignee", Text, nullable=False),
    Column("due", Date),
    Column("external_key", Text, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("block_reason", Text),
    Column("blocked_since", _Moment),
    Column("carried", Integer, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("created_at", _Moment),
    Column("started_at", _Moment),
    Column("done_at", _Moment),
    Column("version", Integer, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    UniqueConstraint("project", "rank", name="items_rank", deferrable=True),
    Index("items_status", "project", "status"),
    Index("items_sprint", "sprint", postgresql_where=text("sprint <> ''")),
    Index(
        "items_external_key",
        "project",
        "external_key",
        unique=True,
        postgresql_where=text("external_key <> ''"),
    ),
)
"""`rank` is checked at the end of a statement, so that one statement can permute the backlog."""

sprints = Table(
    "sprints",
    core,
    Column("id", Text, primary_key=True),
    Column("project", Text, ForeignKey(projects.c.key), nullable=False),
    Column("number", Integer, nullable=False),
    Column("goal", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("committed_by", Text, nullable=False),
    Column("availability", Double, nullable=False),
    Column("person_days", Double, nullable=False),
    Column("members", Integer, nullable=False),
    Column("prediction", Stored(Prediction)),
    Column("started_at", _Moment),
    Column("ended_at", _Moment),
    Column("closed_at", _Moment),
    Column("result", Stored(Figures)),
    Column("version", Integer, nullable=False),
    Column("spent", Double),
    Column("planned_last_day", Date),
    UniqueConstraint("project", "number", name="sprints_number"),
    Index(
        "sprints_one_open",
        "project",
        unique=True,
        postgresql_where=text("state <> ALL (ARRAY['completed', 'cancelled'])"),
    ),
)

ledger = Table(
    "ledger",
    core,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sprint", Text, ForeignKey(sprints.c.id), nullable=False),
    Column("at", _Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("points", Integer),
    Column("before", Integer),
    Column("reason", Text, nullable=False),
    Index("ledger_sprint", "sprint", "id"),
)
"""Append-only: a trigger refuses every other change. The id is the order of entry."""

history = Table(
    "history",
    core,
    Column("project", Text, ForeignKey(projects.c.key), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Double, nullable=False),
    Column("source", Text, nullable=False),
    Column("completed_points", Double, nullable=False),
    Column("completed_items", Integer),
    Column("committed_points", Double),
    Column("days", Double),
    Column("working_days", Double),
    Column("person_days", Double),
    Column("members", Integer),
    Column("availability", Double),
    Column("spent", Double),
)

plans = Table(
    "plans",
    core,
    Column("id", Text, primary_key=True),
    Column("project", Text, ForeignKey(projects.c.key), nullable=False),
    Column("created_at", _Moment, nullable=False),
    Column("expires_at", _Moment, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("plan", Stored(Plan), nullable=False),
    Index("plans_newest", "project", "created_at"),
)

core_messages = messages(core)
outbox = core_messages.outbox

chronicle = MetaData(schema="chronicle")
chronicle_messages = messages(chronicle)

happenings = Table(
    "history",
    chronicle,
    Column("event", Uuid, primary_key=True),
    Column("project", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_version", Integer, nullable=False),
    Column("sprint", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Index("history_order", "project", "at", "event"),
    Index("history_sprint", "project", "sprint"),
)
"""Who did what when, an event each; `sprint` is the one that it concerns, or empty."""
