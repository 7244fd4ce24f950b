"""Whether candidates are tested in the sprints of a project."""

from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.projects ADD COLUMN learning boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE core.projects DROP COLUMN learning")
