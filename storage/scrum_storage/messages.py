"""The tables that carry events: every store has them in its schema.

The outbox holds what the store tells others, until all have heard it. The inbox holds what its consumers heard: of
two workers that got the same event, the one whose row came first handles it. The identity tells the store from any
other, also from one that was in its place before.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

ENVELOPE = (
    "id",
    "type",
    "version",
    "project",
    "aggregate",
    "aggregate_version",
    "occurred_at",
    "actor",
    "reason",
    "correlation_id",
    "causation_id",
    "data",
)
"""The columns of an outbox that are the event: what is published, and what travels."""

_Moment = DateTime(timezone=True)


@dataclass(frozen=True)
class Messages:
    outbox: Table
    inbox: Table
    identity: Table


def messages(metadata: MetaData) -> Messages:
    """The tables of the schema of `metadata`."""
    return Messages(_outbox(metadata), _inbox(metadata), _identity(metadata))


def channel(outbox: Table) -> str:
    """Where PostgreSQL notifies of a commit with events."""
    return f"{outbox.schema}_outbox"


def _outbox(metadata: MetaData) -> Table:
    """`server` is the Redis that took the event, the stream's columns are where it stands there."""
    return Table(
        "outbox",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("seq", BigInteger, Identity(always=True), nullable=False),
        Column("type", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("project", Text, nullable=False),
        Column("aggregate", Text, nullable=False),
        Column("aggregate_version", Integer, nullable=False),
        Column("occurred_at", _Moment, nullable=False),
        Column("actor", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("correlation_id", Uuid, nullable=False),
        Column("causation_id", Uuid),
        Column("data", JSONB, nullable=False),
        Column("sent_at", _Moment),
        Column("server", Text),
        Column("stream_ms", BigInteger),
        Column("stream_seq", BigInteger),
        Index("outbox_unsent", "seq", postgresql_where=text("sent_at IS NULL")),
        Index(
            "outbox_sent", "server", "stream_ms", "stream_seq", postgresql_where=text("sent_at IS NOT NULL")
        ),
    )


def _inbox(metadata: MetaData) -> Table:
    """`state` is one of inbox.State; only an event that is not handled yet keeps its envelope."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event", Uuid, primary_key=True),
        Column("source", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("due_at", _Moment),
        Column("reason", Text, nullable=False, server_default=""),
        Column("trace", Text, nullable=False, server_default=""),
        Column("first_failed_at", _Moment),
        Column("last_failed_at", _Moment),
        Column("handled_at", _Moment),
        Column("envelope", JSONB),
        Index("inbox_letters", "consumer", "state", "due_at", postgresql_where=text("state <> 'done'")),
        Index("inbox_done", "handled_at", postgresql_where=text("state = 'done'")),
    )


def _identity(metadata: MetaData) -> Table:
    """One row: `one` can be true alone, and once."""
    return Table(
        "identity",
        metadata,
        Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid()),
        Column("one", Boolean, CheckConstraint("one"), primary_key=True, server_default=true()),
    )
