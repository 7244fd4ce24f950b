"""The outbox and the inbox of a store, for the first migration of each branch."""

from alembic import op

_TABLES = """
CREATE TABLE {schema}.outbox (
    id uuid PRIMARY KEY,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL,
    version integer NOT NULL,
    project text NOT NULL,
    aggregate text NOT NULL,
    aggregate_version integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    data jsonb NOT NULL,
    sent_at timestamptz,
    server text,
    stream_ms bigint,
    stream_seq bigint
);
CREATE INDEX outbox_unsent ON {schema}.outbox (seq) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON {schema}.outbox (server, stream_ms, stream_seq) WHERE sent_at IS NOT NULL;

CREATE TABLE {schema}.inbox (
    consumer text NOT NULL,
    event uuid NOT NULL,
    source text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz,
    reason text NOT NULL DEFAULT '',
    trace text NOT NULL DEFAULT '',
    first_failed_at timestamptz,
    last_failed_at timestamptz,
    handled_at timestamptz,
    envelope jsonb,
    PRIMARY KEY (consumer, event)
);
CREATE INDEX inbox_letters ON {schema}.inbox (consumer, state, due_at) WHERE state <> 'done'
"""


def create(schema: str) -> None:
    for statement in _TABLES.format(schema=schema).split(";\n"):
        op.execute(statement)


def drop(schema: str) -> None:
    op.execute(f"DROP TABLE {schema}.outbox, {schema}.inbox")
