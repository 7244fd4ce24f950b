"""Ceremonies: what projects set, schedules with their happenings, and occurrences.

Sprints that are open get a schedule, with what happened in them as far as the ledger knows. People end those that run,
as they did: no step of their policies is taken by itself.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

_SCHEDULES = """
INSERT INTO core.schedules
    (sprint, project, anchor, first_day, days, chosen, standing, recorded, occurrences, wake_at)
SELECT sprints.id, sprints.project,
    least(coalesce(plans.created_at, sprints.started_at, sprints.first_day::timestamp AT TIME ZONE 'UTC'),
        sprints.started_at),
    sprints.first_day, sprints.last_day - sprints.first_day + 1,
    CASE WHEN sprints.started_at IS NOT NULL THEN
        jsonb_build_object('cadence', projects.cadence,
            'settings', '{"sprint": {"auto_transition": false}}'::jsonb) END,
    '{}', 0, 0, 'epoch'
FROM core.sprints JOIN core.projects ON projects.key = sprints.project
LEFT JOIN core.plans ON plans.id = sprints.plan
WHERE sprints.state NOT IN ('completed', 'cancelled')
"""

_HAPPENINGS = """
INSERT INTO core.happenings (sprint, number, at, name, item, items, done, days, spent, source, elsewhere)
SELECT sprint, row_number() OVER (PARTITION BY sprint ORDER BY phase, entry), at, name, item, items, done,
    0, 0, '', false
FROM (
    SELECT sprint, 1 AS phase, 0 AS entry, anchor AS at, 'sprint_planned' AS name, '' AS item, 0 AS items, 0 AS done
    FROM core.schedules
    UNION ALL
    SELECT id, 2, 0, started_at, 'sprint_started', '',
        (SELECT count(*)::int FROM core.ledger WHERE ledger.sprint = sprints.id AND ledger.kind = 'committed'), 0
    FROM core.sprints WHERE started_at IS NOT NULL
    UNION ALL
    SELECT sprint, 3, id, at,
        CASE kind WHEN 'completed' THEN 'task_completed' WHEN 'reopened' THEN 'task_reopened' ELSE 'scope_changed' END,
        item,
        CASE kind WHEN 'added' THEN 1 WHEN 'removed' THEN -1 ELSE 0 END,
        CASE WHEN kind = 'removed' AND 'completed' = (
            SELECT earlier.kind FROM core.ledger AS earlier
            WHERE earlier.sprint = ledger.sprint AND earlier.item = ledger.item AND earlier.id < ledger.id
                AND earlier.kind <> 'reestimated'
            ORDER BY earlier.id DESC LIMIT 1) THEN -1 ELSE 0 END
    FROM core.ledger WHERE kind IN ('completed', 'reopened', 'added', 'removed')
    UNION ALL
    SELECT id, 4, 0, ended_at, 'sprint_in_review', '', 0, 0 FROM core.sprints WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT id, 5, 0, ended_at, 'sprint_in_retrospective', '', 0, 0 FROM core.sprints WHERE state = 'retrospective'
) AS told
WHERE sprint IN (SELECT sprint FROM core.schedules)
"""

_RECORDED = """
UPDATE core.schedules SET recorded = (SELECT count(*) FROM core.happenings WHERE happenings.sprint = schedules.sprint)
"""


def upgrade() -> None:
    op.create_table(
        "ceremony_settings",
        sa.Column("project", sa.Text, sa.ForeignKey("core.projects.key"), primary_key=True),
        sa.Column("document", JSONB, nullable=False),
        schema="core",
    )
    _schedules()
    _happenings()
    _occurrences()
    for statement in (_SCHEDULES, _HAPPENINGS, _RECORDED):
        op.execute(statement)


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("sprint", sa.Text, primary_key=True),
        sa.Column("project", sa.Text, sa.ForeignKey("core.projects.key"), nullable=False),
        sa.Column("anchor", _MOMENT, nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("days", sa.Integer),
        sa.Column("chosen", JSONB),
        sa.Column("standing", JSONB, nullable=False),
        sa.Column("recorded", sa.Integer, nullable=False),
        sa.Column("occurrences", sa.Integer, nullable=False),
        sa.Column("wake_at", _MOMENT),
        sa.Column("over", sa.Boolean, nullable=False, server_default=sa.false()),
        schema="core",
    )
    op.execute("CREATE INDEX schedules_wake ON core.schedules (wake_at) WHERE wake_at IS NOT NULL")
    op.execute("CREATE INDEX schedules_open ON core.schedules (project) WHERE NOT over")


def _happenings() -> None:
    op.create_table(
        "happenings",
        sa.Column("sprint", sa.Text, sa.ForeignKey("core.schedules.sprint"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("spent", sa.Double, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("elsewhere", sa.Boolean, nullable=False),
        schema="core",
    )


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sprint", sa.Text, sa.ForeignKey("core.schedules.sprint"), nullable=False),
        sa.Column("ceremony", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("covers", ARRAY(sa.Text), nullable=False),
        sa.Column("participants", ARRAY(sa.Text), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("again_at", _MOMENT),
        sa.Column("delivered_at", _MOMENT),
        sa.Column("settled_at", _MOMENT),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("sprint", "ceremony", "key", name="occurrences_once"),
        schema="core",
    )
    op.execute("CREATE INDEX occurrences_due ON core.occurrences (due_at) WHERE status IN ('due', 'failed')")
    op.execute("CREATE INDEX occurrences_numbered ON core.occurrences (sprint, number)")


def downgrade() -> None:
    for name in ("occurrences", "happenings", "schedules", "ceremony_settings"):
        op.drop_table(name, schema="core")
