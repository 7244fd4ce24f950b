"""Alembic runs this for each command; the connection and its transaction are the caller's (see migrate.py)."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    version_table=given["version_table"],
    version_table_schema=given["store"],
)
with context.begin_transaction():
    context.run_migrations()
