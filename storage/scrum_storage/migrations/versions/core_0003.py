"""Sprints know what they cost."""

from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.sprints ADD COLUMN spent double precision")
    op.execute("ALTER TABLE core.history ADD COLUMN spent double precision")


def downgrade() -> None:
    op.execute("ALTER TABLE core.history DROP COLUMN spent")
    op.execute("ALTER TABLE core.sprints DROP COLUMN spent")
