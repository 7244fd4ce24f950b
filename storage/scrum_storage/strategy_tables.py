"""The tables of strategies, in the store `memory`."""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Integer, Table, Text

from scrum.strategies.model import Strategy, Trial
from scrum_storage.jsonb import Stored
from scrum_storage.memory_tables import memory

strategies = Table(
    "strategies",
    memory,
    Column("project", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("strategy", Stored(Strategy), nullable=False),
)

trials = Table(
    "trials",
    memory,
    Column("project", Text, primary_key=True),
    Column("strategy", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("episode", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("trial", Stored(Trial), nullable=False),
    ForeignKeyConstraint(
        ["project", "strategy"], [strategies.c.project, strategies.c.name], name="trials_strategy"
    ),
)
"""One for each rule and episode, however often a close is told."""
