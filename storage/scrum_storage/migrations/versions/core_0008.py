"""How many actions were agreed in each ceremony.

Of those that were held before that is not known: every id that they can have given is taken.
"""

from alembic import op

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

_MOST = 20


def upgrade() -> None:
    op.execute("ALTER TABLE core.occurrences ADD COLUMN actions integer NOT NULL DEFAULT 0")
    op.execute(f"UPDATE core.occurrences SET actions = {_MOST} WHERE status = 'held'")  # noqa: S608 - our own number
    op.execute("ALTER TABLE core.occurrences ALTER COLUMN actions DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE core.occurrences DROP COLUMN actions")
