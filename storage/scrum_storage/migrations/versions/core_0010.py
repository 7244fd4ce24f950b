"""Which plan each sprint planning is held on, so that a later attempt at it takes that one."""

from alembic import op

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE core.plannings (
            occurrence text PRIMARY KEY REFERENCES core.occurrences,
            plan text NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX plannings_plan ON core.plannings (plan)")


def downgrade() -> None:
    op.execute("DROP TABLE core.plannings")
