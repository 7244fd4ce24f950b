"""How many times faster the clock of a sprint runs, from its start on.

Those that started before began on a real day: it becomes the one that their clock showed then, up to a century later.
"""

from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None

_SCALE = """
    UPDATE core.schedules SET time_scale = coalesce((chosen #>> '{settings,sprint,time_scale}')::float8,
        CASE chosen ->> 'cadence' WHEN 'agent_swarm' THEN 1000 ELSE 1 END)
    WHERE chosen IS NOT NULL
"""
_DAYS = """
    UPDATE core.sprints SET first_day = first_day + later, last_day = last_day + later,
        planned_last_day = planned_last_day + later
    FROM (
        SELECT sprints.id, ((anchor + make_interval(secs =>
            least(3e9, extract(epoch FROM started_at - anchor)::float8 * time_scale))) AT TIME ZONE projects.timezone
            )::date - sprints.first_day AS later
        FROM core.schedules
        JOIN core.sprints ON sprints.id = schedules.sprint
        JOIN core.projects ON projects.key = sprints.project
        WHERE time_scale > 1 AND started_at > anchor
    ) AS shown
    WHERE shown.id = sprints.id AND later > 0
"""


def upgrade() -> None:
    op.execute("ALTER TABLE core.schedules ADD COLUMN time_scale double precision")
    op.execute(_SCALE)
    op.execute(_DAYS)


def downgrade() -> None:
    op.execute("ALTER TABLE core.schedules DROP COLUMN time_scale")
