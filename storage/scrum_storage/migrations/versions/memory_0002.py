"""Episodes, their vectors by model, and how many episodes have each word."""

from alembic import op

revision = "memory_0002"
down_revision = "memory_0001"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE memory.episodes (
    plan text PRIMARY KEY,
    project text NOT NULL,
    at timestamptz NOT NULL,
    result text NOT NULL,
    episode jsonb NOT NULL,
    features vector(12) NOT NULL,
    terms integer[] NOT NULL,
    weights sparsevec(1000000000) NOT NULL
);
CREATE INDEX episodes_project ON memory.episodes (project, at);
CREATE INDEX episodes_at ON memory.episodes (at);
CREATE INDEX episodes_terms ON memory.episodes USING gin (terms) WITH (fastupdate = off);
CREATE INDEX episodes_features ON memory.episodes USING hnsw (features vector_ip_ops);

CREATE TABLE memory.models (
    name text PRIMARY KEY,
    dimensions integer NOT NULL,
    CONSTRAINT models_dimensions UNIQUE (name, dimensions)
);
INSERT INTO memory.models VALUES ('built-in-1', 768);

CREATE TABLE memory.vectors (
    model text NOT NULL,
    plan text NOT NULL REFERENCES memory.episodes ON DELETE CASCADE,
    dimensions integer NOT NULL,
    vector halfvec NOT NULL,
    PRIMARY KEY (model, plan),
    CONSTRAINT vectors_model FOREIGN KEY (model, dimensions) REFERENCES memory.models (name, dimensions),
    CONSTRAINT vectors_length CHECK (vector_dims(vector) = dimensions)
);
CREATE INDEX vectors_plan ON memory.vectors (plan);

CREATE TABLE memory.terms (
    term integer PRIMARY KEY,
    episodes bigint NOT NULL
) WITH (fillfactor = 70);
INSERT INTO memory.terms VALUES (0, 0)
"""

_COUNT = """
CREATE FUNCTION memory.terms_at_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('scrum-mcp terms', 0));
    INSERT INTO memory.terms AS known
    SELECT term, sum(change) FROM ({changes}) AS changes (terms, change), unnest(array_append(terms, 0)) AS term
    GROUP BY term HAVING sum(change) <> 0
    ON CONFLICT (term) DO UPDATE SET episodes = known.episodes + excluded.episodes;
    RETURN NULL;
END $$
"""

_CAME, _WENT = "SELECT terms, 1 FROM came", "SELECT terms, -1 FROM went"
_CHANGES = {
    "insert": ("NEW TABLE AS came", _CAME),
    "update": ("OLD TABLE AS went NEW TABLE AS came", f"{_CAME} UNION ALL {_WENT}"),
    "delete": ("OLD TABLE AS went", _WENT),
}


def upgrade() -> None:
    for statement in _TABLES.split(";\n"):
        op.execute(statement)
    op.execute(
        "CREATE INDEX vectors_built_in ON memory.vectors USING hnsw ((vector::halfvec(768)) halfvec_cosine_ops)"
        " WHERE model = 'built-in-1' AND dimensions = 768"
    )
    for event, (tables, changes) in _CHANGES.items():
        op.execute(_COUNT.format(event=event, changes=changes))
        op.execute(
            f"CREATE TRIGGER count_at_{event} AFTER {event} ON memory.episodes REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION memory.terms_at_{event}()"
        )


def downgrade() -> None:
    op.execute("DROP TABLE memory.vectors, memory.models, memory.episodes, memory.terms")
    for event in _CHANGES:
        op.execute(f"DROP FUNCTION memory.terms_at_{event}")
