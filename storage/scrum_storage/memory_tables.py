"""The tables of the store `memory`. The migrations make them; a test holds that both agree."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from scrum.memory.embedding import FEATURES
from scrum.memory.model import Ending, Episode
from scrum.memory.terms import TERMS
from scrum_storage.jsonb import Stored
from scrum_storage.messages import messages
from scrum_storage.vector_types import HalfVector, SparseVector, Vector

_Moment = DateTime(timezone=True)

memory = MetaData(schema="memory")
memory_messages = messages(memory)

episodes = Table(
    "episodes",
    memory,
    Column("plan", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("at", _Moment, nullable=False),
    Column("result", Text, nullable=False),
    Column("episode", Stored(Episode), nullable=False),
    Column("features", Vector(FEATURES), nullable=False),
    Column("terms", ARRAY(Integer), nullable=False),
    Column("weights", SparseVector(TERMS), nullable=False),
    Index("episodes_project", "project", "at"),
    Index("episodes_at", "at"),
    Index("episodes_terms", "terms", postgresql_using="gin"),
    Index(
        "episodes_features",
        "features",
        postgresql_using="hnsw",
        postgresql_ops={"features": "vector_ip_ops"},
        postgresql_with={"m": 6},
    ),
)
"""What is not the episode itself is made from it, to find it by."""

models = Table(
    "models",
    memory,
    Column("name", Text, primary_key=True),
    Column("dimensions", Integer, nullable=False),
    Column("complete", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("name", "dimensions", name="models_dimensions"),
)
"""A model is complete once every episode had its vector: then it is searched."""

vectors = Table(
    "vectors",
    memory,
    Column("model", Text, primary_key=True),
    Column("plan", Text, ForeignKey(episodes.c.plan, ondelete="CASCADE"), primary_key=True),
    Column("dimensions", Integer, nullable=False),
    Column("vector", HalfVector(), nullable=False),
    ForeignKeyConstraint(["model", "dimensions"], [models.c.name, models.c.dimensions], name="vectors_model"),
    CheckConstraint("vector_dims(vector) = dimensions", name="vectors_length"),
    Index("vectors_plan", "plan"),
    Index(
        "vectors_built_in",
        literal_column("(vector::halfvec(768))", HalfVector()).label("nearest"),
        postgresql_using="hnsw",
        postgresql_ops={"nearest": "halfvec_cosine_ops"},
        postgresql_where=text("model = 'built-in-1' AND dimensions = 768"),
    ),
)
"""Each model has an index of its own, so that none of its vectors ever meets another model's."""

terms = Table(
    "terms",
    memory,
    Column("term", Integer, primary_key=True),
    Column("episodes", BigInteger, nullable=False),
)
"""How many episodes have a term, kept by triggers; the term 0 is in all of them."""

endings = Table(
    "endings",
    memory,
    Column("plan", Text, primary_key=True),
    Column("ending", Stored(Ending), nullable=False),
)
"""What came of decisions that are not known here yet, or never will be: older versions told of none."""

sharing = Table(
    "sharing",
    memory,
    Column("project", Text, primary_key=True),
    Column("shared", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Whose episodes others may find; `version` is the project's, so that an older event changes nothing."""
