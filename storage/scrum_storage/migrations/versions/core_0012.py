"""Under which id its sender told of something that happened outside; in a sprint it counts once."""

from alembic import op

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.happenings ADD COLUMN signal text NOT NULL DEFAULT ''")
    op.execute("CREATE UNIQUE INDEX happenings_signal ON core.happenings (sprint, signal) WHERE signal <> ''")


def downgrade() -> None:
    op.execute("ALTER TABLE core.happenings DROP COLUMN signal")
