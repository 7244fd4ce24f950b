"""Whether other projects may find the episodes of a project."""

from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.projects ADD COLUMN share_memory boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE core.projects DROP COLUMN share_memory")
