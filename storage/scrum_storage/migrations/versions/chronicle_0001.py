"""The history of projects, and the messages of the store chronicle."""

from alembic import op

from scrum_storage.migrations import message_tables

revision = "chronicle_0001"
down_revision = None
branch_labels = ("chronicle",)
depends_on = None

_TABLES = """
CREATE TABLE chronicle.history (
    event uuid PRIMARY KEY,
    project text NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    type text NOT NULL,
    version integer NOT NULL,
    aggregate text NOT NULL,
    aggregate_version integer NOT NULL,
    sprint text NOT NULL,
    reason text NOT NULL,
    data jsonb NOT NULL
);
CREATE INDEX history_order ON chronicle.history (project, at, event);
CREATE INDEX history_sprint ON chronicle.history (project, sprint)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    message_tables.create("chronicle")


def downgrade() -> None:
    message_tables.drop("chronicle")
    op.execute("DROP TABLE chronicle.history")
