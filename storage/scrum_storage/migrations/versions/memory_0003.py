"""Endings that came before their decisions, and whose episodes others may find."""

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
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE memory.endings, memory.sharing")
