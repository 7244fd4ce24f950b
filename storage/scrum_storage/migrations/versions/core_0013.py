"""Ids are each source's own: in a sprint, what has the same one from two sources counts twice."""

from alembic import op

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None

_FORGET = """
UPDATE core.happenings SET signal = '' WHERE signal <> '' AND EXISTS (
    SELECT FROM core.happenings AS earlier WHERE earlier.sprint = happenings.sprint
        AND earlier.signal = happenings.signal AND earlier.number < happenings.number)
"""
"""Only the first of two sources keeps an id that both have."""


def upgrade() -> None:
    op.execute("DROP INDEX core.happenings_signal")
    op.execute(
        "CREATE UNIQUE INDEX happenings_signal ON core.happenings (sprint, source, signal) WHERE signal <> ''"
    )


def downgrade() -> None:
    op.execute("DROP INDEX core.happenings_signal")
    op.execute(_FORGET)
    op.execute("CREATE UNIQUE INDEX happenings_signal ON core.happenings (sprint, signal) WHERE signal <> ''")
