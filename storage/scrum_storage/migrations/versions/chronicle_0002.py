"""Reports, minutes and action items of ceremonies."""

from alembic import op

revision = "chronicle_0002"
down_revision = "chronicle_0001"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE chronicle.reports (
    id text PRIMARY KEY CONSTRAINT reports_named CHECK (id <> ''),
    project text NOT NULL,
    sprint text NOT NULL,
    ceremony text NOT NULL,
    at timestamptz NOT NULL,
    report jsonb NOT NULL
);
CREATE INDEX reports_newest ON chronicle.reports (project, at);
CREATE INDEX reports_sprint ON chronicle.reports (project, sprint, at);
CREATE INDEX reports_ceremony ON chronicle.reports (project, ceremony, at);

CREATE TABLE chronicle.minutes (
    occurrence text PRIMARY KEY,
    project text NOT NULL,
    sprint text NOT NULL,
    ceremony text NOT NULL,
    at timestamptz NOT NULL,
    minutes jsonb NOT NULL
);
CREATE INDEX minutes_newest ON chronicle.minutes (project, at);
CREATE INDEX minutes_sprint ON chronicle.minutes (project, sprint, at);
CREATE INDEX minutes_ceremony ON chronicle.minutes (project, ceremony, at);

CREATE TABLE chronicle.actions (
    id text PRIMARY KEY,
    project text NOT NULL,
    sprint text NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    action jsonb NOT NULL
);
CREATE INDEX actions_oldest ON chronicle.actions (project, at);
CREATE INDEX actions_sprint ON chronicle.actions (project, sprint, at);

CREATE TABLE chronicle.action_changes (
    occurrence text NOT NULL REFERENCES chronicle.minutes (occurrence),
    place integer NOT NULL,
    project text NOT NULL,
    action text NOT NULL,
    at timestamptz NOT NULL,
    event uuid NOT NULL,
    status text,
    change jsonb NOT NULL,
    PRIMARY KEY (occurrence, place)
);
CREATE INDEX action_changes_order ON chronicle.action_changes (project, action, at, event, place)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE chronicle.action_changes, chronicle.actions, chronicle.minutes, chronicle.reports")
