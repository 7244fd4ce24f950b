"""Endings that came before their decisions, whose episodes others may find, and which models are complete."""

from alembic import op

revision = "memory_0003"
down_revision = "memory_0002"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE memory.endings (
    plan text PRIMARY KEY,
    ending jsonb NOT NULL
);

CREATE TABLE memory.sharing (
    project text PRIMARY KEY,
    shared boolean NOT NULL,
    version integer NOT NULL
);

ALTER TABLE memory.models ADD COLUMN complete boolean NOT NULL DEFAULT false;
UPDATE memory.models SET complete = true
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE memory.models DROP COLUMN complete")
    op.execute("DROP TABLE memory.endings, memory.sharing")
