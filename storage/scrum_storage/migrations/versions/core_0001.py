"""Projects, teams, items, sprints with their ledgers, history, plans and the outbox."""

from alembic import op

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None

_TABLES = """
CREATE TABLE core.projects (
    key text PRIMARY KEY,
    name text NOT NULL,
    sprint_days integer NOT NULL,
    cadence text NOT NULL,
    autonomy text NOT NULL,
    focus_factor double precision NOT NULL,
    target_confidence double precision NOT NULL,
    timezone text NOT NULL,
    country text NOT NULL,
    workdays integer[] NOT NULL,
    days_off date[] NOT NULL,
    next_item integer NOT NULL,
    next_sprint integer NOT NULL,
    version integer NOT NULL
);

CREATE TABLE core.teams (
    project text PRIMARY KEY REFERENCES core.projects,
    members jsonb NOT NULL,
    absences jsonb NOT NULL,
    version integer NOT NULL
);

CREATE TABLE core.items (
    key text PRIMARY KEY,
    project text NOT NULL REFERENCES core.projects,
    number integer NOT NULL,
    title text NOT NULL,
    rank bigint NOT NULL,
    type text NOT NULL,
    points integer,
    priority text NOT NULL,
    status text NOT NULL,
    labels text[] NOT NULL,
    skills text[] NOT NULL,
    depends_on text[] NOT NULL,
    assignee text NOT NULL,
    due date,
    external_key text NOT NULL,
    sprint text NOT NULL,
    block_reason text,
    blocked_since timestamptz,
    carried integer NOT NULL,
    pinned boolean NOT NULL,
    created_at timestamptz,
    started_at timestamptz,
    done_at timestamptz,
    version integer NOT NULL,
    description text NOT NULL DEFAULT '',
    CONSTRAINT items_rank UNIQUE (project, rank) DEFERRABLE
);
CREATE INDEX items_status ON core.items (project, status);
CREATE INDEX items_sprint ON core.items (sprint) WHERE sprint <> '';
CREATE UNIQUE INDEX items_external_key ON core.items (project, external_key) WHERE external_key <> '';

CREATE TABLE core.sprints (
    id text PRIMARY KEY,
    project text NOT NULL REFERENCES core.projects,
    number integer NOT NULL,
    goal text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    state text NOT NULL,
    plan text NOT NULL,
    committed_by text NOT NULL,
    availability double precision NOT NULL,
    person_days double precision NOT NULL,
    members integer NOT NULL,
    prediction jsonb,
    started_at timestamptz,
    ended_at timestamptz,
    closed_at timestamptz,
    result jsonb,
    version integer NOT NULL,
    CONSTRAINT sprints_number UNIQUE (project, number)
);
CREATE UNIQUE INDEX sprints_one_open ON core.sprints (project)
    WHERE state <> ALL (ARRAY['completed', 'cancelled']);

CREATE TABLE core.ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sprint text NOT NULL REFERENCES core.sprints,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    item text NOT NULL,
    points integer,
    before integer,
    reason text NOT NULL
);
CREATE INDEX ledger_sprint ON core.ledger (sprint, id);

CREATE TABLE core.history (
    project text NOT NULL REFERENCES core.projects,
    name text NOT NULL,
    position double precision NOT NULL,
    source text NOT NULL,
    completed_points double precision NOT NULL,
    completed_items integer,
    committed_points double precision,
    days double precision,
    working_days double precision,
    person_days double precision,
    members integer,
    availability double precision,
    PRIMARY KEY (project, name)
);

CREATE TABLE core.plans (
    id text PRIMARY KEY,
    project text NOT NULL REFERENCES core.projects,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sprint text NOT NULL,
    plan jsonb NOT NULL
);
CREATE INDEX plans_newest ON core.plans (project, created_at);

CREATE TABLE core.outbox (
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
    sent_at timestamptz
);
CREATE INDEX outbox_unsent ON core.outbox (seq) WHERE sent_at IS NULL
"""

_APPEND_ONLY = """
CREATE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""

_GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    op.execute(_APPEND_ONLY)
    op.execute(_GUARD)


def downgrade() -> None:
    for table in ("outbox", "plans", "history", "ledger", "sprints", "items", "teams", "projects"):
        op.execute(f"DROP TABLE core.{table}")
    op.execute("DROP FUNCTION core.refuse_change")
