"""Sprints know when they were to end when they started."""

from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE core.sprints ADD COLUMN planned_last_day date")
    op.execute(
        """
        UPDATE core.sprints SET planned_last_day = coalesce(
            (SELECT first_day + ((plans.plan ->> 'end')::date - (plans.plan ->> 'start')::date)
             FROM core.plans WHERE plans.id = sprints.plan),
            last_day)
        WHERE started_at IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE core.sprints DROP COLUMN planned_last_day")
