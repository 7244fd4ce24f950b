"""The messages of the store core travel, and it has an identity."""

from alembic import op

from scrum_storage.migrations import message_tables

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE core.outbox ADD COLUMN server text, ADD COLUMN stream_ms bigint, ADD COLUMN stream_seq bigint"
    )
    op.execute(
        "CREATE INDEX outbox_sent ON core.outbox (server, stream_ms, stream_seq) WHERE sent_at IS NOT NULL"
    )
    message_tables.create_inbox("core")
    message_tables.create_identity("core")


def downgrade() -> None:
    op.execute("DROP TABLE core.identity, core.inbox")
    op.execute("DROP INDEX core.outbox_sent")
    op.execute("ALTER TABLE core.outbox DROP COLUMN server, DROP COLUMN stream_ms, DROP COLUMN stream_seq")
