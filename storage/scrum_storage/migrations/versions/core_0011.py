"""Which occurrence of a ceremony was held or skipped; of those from before, it is taken for the last one."""

from alembic import op

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.happenings ADD COLUMN occurrence text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE core.happenings DROP COLUMN occurrence")
