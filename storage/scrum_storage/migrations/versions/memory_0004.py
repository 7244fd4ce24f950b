"""Strategies, and what was tried of them."""

from alembic import op

revision = "memory_0004"
down_revision = "memory_0003"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE memory.strategies (
    project text NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    strategy jsonb NOT NULL,
    PRIMARY KEY (project, name)
);

CREATE TABLE memory.trials (
    project text NOT NULL,
    strategy text NOT NULL,
    version integer NOT NULL,
    episode text NOT NULL,
    at timestamptz NOT NULL,
    trial jsonb NOT NULL,
    PRIMARY KEY (project, strategy, version, episode),
    CONSTRAINT trials_strategy FOREIGN KEY (project, strategy) REFERENCES memory.strategies (project, name)
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE memory.trials, memory.strategies")
