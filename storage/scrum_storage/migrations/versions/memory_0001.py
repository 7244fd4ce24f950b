"""The messages of the store memory."""

from scrum_storage.migrations import message_tables

revision = "memory_0001"
down_revision = None
branch_labels = ("memory",)
depends_on = None


def upgrade() -> None:
    message_tables.create("memory")


def downgrade() -> None:
    message_tables.drop("memory")
