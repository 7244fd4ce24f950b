"""The search of episodes: three rankings of one statement, merged by reciprocal rank (Cormack et al. 2009).

Where there are few episodes, as in a project, everything is compared: an index over all would find none of them. Otherwise each ranking has an index: two of neighbours, and one of words, which is asked for the rarest words only:
what has none of them is not among the best.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, DateTime, Integer, Text, bindparam, text
from sqlalchemy.sql.elements import TextClause

from scrum.memory.embedding import Model
from scrum.memory.search import Where
from scrum.memory.terms import TERMS
from scrum_storage.bare import BARE

DEPTH = 30
"""So many of each ranking are merged."""
SMOOTHING = 3
WEIGHTS = {"near": 1.0, "said": 2.0, "alike": 1.0}
"""What the places of a ranking count. A hashed vector knows no rare words, so that BM25 counts more."""
MOST_READ = 100
"""So many entries of the index of words are read, unless the rarest word alone has more."""

_CONDITIONS = {
    "project": "e.project = :project",
    "projects": "e.project = ANY (:projects)",
    "since": "e.at >= :since",
    "until": "e.at < :until",
    "result": "e.result = :result",
    "beside": "e.plan <> :beside",
}

_WORDS = f"""
asked AS MATERIALIZED (
    SELECT known.term, known.episodes, ln(1 + (n.episodes - known.episodes + 0.5) / (known.episodes + 0.5)) AS weight
    FROM memory.terms known, memory.terms n
    WHERE n.term = 0 AND known.term = ANY (:terms) AND known.episodes > 0
),
rare AS MATERIALIZED (
    SELECT array_agg(term) AS terms FROM (
        SELECT term, row_number() OVER by_rarity = 1 OR sum(episodes) OVER by_rarity <= {MOST_READ} AS few
        FROM asked WINDOW by_rarity AS (ORDER BY episodes, term)
    ) AS counted WHERE few
),
question AS MATERIALIZED (
    SELECT ('{{' || coalesce(string_agg(term || ':' || weight::real, ','), '') || '}}/{TERMS}')::sparsevec AS weights
    FROM asked
)
"""  # noqa: S608 - the values are ours, here and below

_SAID = "weights <#> (SELECT weights FROM question)"
_ALIKE = "features <#> (SELECT numbers FROM given)"


@dataclass(frozen=True)
class Shape:
    """What makes two searches the same statement: the conditions that apply, and by what is compared.

    `few` are compared one by one, without the indexes.
    """

    names: frozenset[str]
    model: Model | None
    numbers: bool
    few: bool


def parameters(where: Where) -> dict[str, Any]:
    """By name, those of the conditions that apply."""
    project = {"projects": [where.project, *where.others]} if where.others else {"project": where.project}
    rest = {name: getattr(where, name) for name in ("since", "until", "result", "beside")}
    return {name: value for name, value in {**project, **rest}.items() if value}


@cache
def similar(shape: Shape) -> TextClause:
    """The answer is one JSON object."""
    lists = {
        "near": _near(shape.model, shape) if shape.model else "",
        "said": _ranked(_SAID, _said(shape)),
        "alike": _ranked(_within(_ALIKE, shape), _episodes(shape)) if shape.numbers else "",
    }
    made = {name: query for name, query in lists.items() if query}
    first = _given(shape.model, numbers=shape.numbers)
    parts = ", ".join(
        [first, _WORDS, *(f"{name} AS ({query})" for name, query in made.items()), _merged(list(made))]
    )
    return _bound(f"WITH {parts} {_ANSWER}")


def _given(model: Model | None, *, numbers: bool) -> str:
    """Each is read from its text once, and not again for each row."""
    vector = [f"CAST(:vector AS halfvec({model.dimensions})) AS vector"] if model else []
    features = ["CAST(:features AS vector) AS numbers"] if numbers else []
    return f"given AS MATERIALIZED (SELECT {', '.join(['true', *vector, *features])})"


def _near(model: Model, shape: Shape) -> str:
    """A condition with the values themselves is what makes the model's index usable."""
    size = f"halfvec({model.dimensions})"
    distance = _within(f"v.vector::{size} <=> (SELECT vector FROM given)", shape)  # noqa: S608
    own = f"v.model = '{model.name}' AND v.dimensions = {model.dimensions}"
    where = " AND ".join([own, *_conditions(shape.names)])
    join = "JOIN memory.episodes e USING (plan)" if shape.names else ""
    return _ranked(distance, f"memory.vectors v {join} WHERE {where}")


def _said(shape: Shape) -> str:
    found = f"{_SAID} < 0" if shape.few else "terms && (SELECT terms FROM rare)"
    return f"memory.episodes e WHERE {' AND '.join([found, *_conditions(shape.names)])}"


def _episodes(shape: Shape) -> str:
    return f"memory.episodes e WHERE {' AND '.join([f'{_ALIKE} < 0', *_conditions(shape.names)])}"


def _within(distance: str, shape: Shape) -> str:
    """No index is in the order of a sum."""
    return f"({distance}) + 0" if shape.few else distance


def _ranked(distance: str, source: str) -> str:
    """Equals have the same place, and all of them are there."""
    nearest = f"SELECT plan, {distance} AS distance FROM {source} ORDER BY distance"  # noqa: S608
    first = f"{nearest} FETCH FIRST {DEPTH} ROWS WITH TIES"
    return f"SELECT plan, distance, rank() OVER (ORDER BY distance) AS place FROM ({first}) AS nearest"  # noqa: S608


def _conditions(names: frozenset[str]) -> list[str]:
    """In a fixed order, for the statement cache."""
    return [condition for name, condition in _CONDITIONS.items() if name in names]


def _merged(lists: list[str]) -> str:
    every = " UNION ALL ".join(
        f"SELECT plan, place, distance, '{name}' AS list, {WEIGHTS[name]} / ({SMOOTHING} + place) AS worth FROM {name}"  # noqa: S608
        for name in lists
    )
    return (
        "merged AS (SELECT plan, sum(worth) AS score, jsonb_object_agg(list, place) AS places,"  # noqa: S608
        f" 1 - min(distance) FILTER (WHERE list = 'near') AS cosine FROM ({every}) AS every"
        " GROUP BY plan ORDER BY score DESC, plan LIMIT :most)"
    )


_ANSWER = """
SELECT json_build_object(
    'dimensions', (SELECT dimensions FROM memory.models WHERE name = :model),
    'rarity', (SELECT json_object_agg(term, weight) FROM asked),
    'hits', (
        SELECT json_agg(json_build_object(
            'episode', episode, 'score', score, 'places', places, 'cosine', cosine, 'terms', terms
        ) ORDER BY score DESC, plan)
        FROM merged JOIN memory.episodes USING (plan)
    )
)
"""

_TYPES: Mapping[str, Any] = {
    "terms": ARRAY(Integer),
    "vector": Text,
    "features": Text,
    "model": Text,
    "most": Integer,
    "project": Text,
    "projects": ARRAY(Text),
    "since": DateTime(timezone=True),
    "until": DateTime(timezone=True),
    "result": Text,
    "beside": Text,
}


def _bound(query: str) -> TextClause:
    used = [name for name in _TYPES if re.search(rf":{name}\b", query)]
    return (
        text(query)
        .bindparams(*(bindparam(name, type_=_TYPES[name]) for name in used))
        .execution_options(**BARE)
    )
