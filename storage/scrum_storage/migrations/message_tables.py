"""What every store has, as the first migrations of each branch make it."""

from alembic import op

_OUTBOX = """
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
CREATE INDEX outbox_sent ON {schema}.outbox (server, stream_ms, stream_seq) WHERE sent_at IS NOT NULL
"""

_INBOX = """
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
CREATE INDEX inbox_letters ON {schema}.inbox (consumer, state, due_at) WHERE state <> 'done';
CREATE INDEX inbox_done ON {schema}.inbox (handled_at) WHERE state = 'done'
"""

_IDENTITY = """
CREATE TABLE {schema}.identity (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO {schema}.identity DEFAULT VALUES
"""


def create(schema: str) -> None:
    _run(_OUTBOX, schema)
    create_inbox(schema)
    create_identity(schema)


def create_inbox(schema: str) -> None:
    _run(_INBOX, schema)


def create_identity(schema: str) -> None:
    """One row, and never another."""
    _run(_IDENTITY, schema)


def drop(schema: str) -> None:
    op.execute(f"DROP TABLE {schema}.outbox, {schema}.inbox, {schema}.identity")


def _run(script: str, schema: str) -> None:
    for statement in script.format(schema=schema).split(";\n"):
        op.execute(statement)
