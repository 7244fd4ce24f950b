"""Episodes, and what they are found by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, delete, false, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from scrum.memory.embedding import Embedding, Model, UnknownModel, WrongDimensions, directions
from scrum.memory.model import Ending, Episode, UnknownEpisode
from scrum.memory.search import Found, Hit, Near, Query, Where, compared, reasons
from scrum.memory.terms import TERMS, asked, document, number
from scrum.memory.words import words
from scrum_storage.connection import Statements
from scrum_storage.jsonb import Stored
from scrum_storage.memory_tables import endings, episodes, models, vectors
from scrum_storage.similar import Shape, parameters, similar

_EPISODE = Stored(Episode)
_MOST_FEW = 2_000
"""So many episodes are compared one by one."""
_MOST_WORDS = 5
"""So many words are named that a hit shares with the question."""

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended('scrum-mcp terms', 0))")
_NEW = insert(episodes)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["plan"], set_={c.name: _NEW.excluded[c.name] for c in episodes.c if c.name != "plan"}
)
_OUTDATED = text(
    "DELETE FROM memory.vectors USING memory.episodes e WHERE vectors.plan = e.plan AND e.plan = ANY (:plans)"
    " AND e.episode->'context' <> (:contexts)->e.plan"
).bindparams(bindparam("plans", type_=ARRAY(Text)), bindparam("contexts", type_=JSONB))
_VECTOR = insert(vectors)
_EMBED = _VECTOR.on_conflict_do_update(
    index_elements=["model", "plan"], set_={"vector": _VECTOR.excluded.vector}
)


class PostgresEpisodes:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def hold(self) -> None:
        """The lock that counting the words of what is written takes anyway."""
        await self._connection.execute(_HOLD)

    async def find(self, plan: str) -> Episode | None:
        found: Episode | None = await self._connection.scalar(
            select(episodes.c.episode).where(episodes.c.plan == plan)
        )
        return found

    async def get(self, plan: str) -> Episode:
        found = await self.find(plan)
        if found is None:
            raise UnknownEpisode(plan)
        return found

    async def put(self, written: Sequence[Episode]) -> None:
        rows = [_columns(one) for one in sorted(written, key=lambda one: one.plan)]
        if rows:
            await self._connection.execute(_OUTDATED, _contexts(written))
            await self._connection.execute(_PUT.values(rows))

    async def adopt(self, model: Model) -> None:
        row = {"name": model.name, "dimensions": model.dimensions}
        await self._connection.execute(insert(models).on_conflict_do_nothing(), row)
        await self._check(model)

    async def complete(self, model: Model) -> None:
        known = update(models).where(models.c.name == model.name, models.c.complete.is_(false()))
        await self._connection.execute(known.values(complete=True))

    async def searchable(self) -> frozenset[Model]:
        rows = await self._connection.execute(
            select(models.c.name, models.c.dimensions).where(models.c.complete)
        )
        return frozenset(Model(row.name, row.dimensions) for row in rows)

    async def pending(self, model: Model, limit: int) -> list[Episode]:
        waiting = select(episodes.c.episode).where(_lacks(model))
        newest = waiting.order_by(episodes.c.at.desc(), episodes.c.plan).limit(limit)
        return list((await self._connection.scalars(newest)).all())

    async def missing(self, model: Model, where: Where, most: int) -> int:
        waiting = select(episodes.c.plan).where(_lacks(model))
        if where.project:
            waiting = waiting.where(episodes.c.project.in_([where.project, *where.others]))
        some = waiting.limit(most).subquery("some")
        return await self._connection.scalar(select(func.count()).select_from(some)) or 0

    async def embed(self, embeddings: Mapping[str, Embedding]) -> None:
        for model in sorted({one.model for one in embeddings.values()}, key=lambda one: one.name):
            await self._check(model)
        rows = [_vector(plan, one) for plan, one in sorted(embeddings.items())]
        if rows:
            await self._connection.execute(_EMBED, rows)

    async def keep(self, plan: str, ending: Ending) -> None:
        row = {"plan": plan, "ending": ending}
        await self._connection.execute(insert(endings).on_conflict_do_nothing(), row)

    async def kept(self, plan: str) -> Ending | None:
        gone = delete(endings).where(endings.c.plan == plan).returning(endings.c.ending)
        found: Ending | None = await self._connection.scalar(gone)
        return found

    async def search(self, query: Query) -> Found:
        conditions, numbers = parameters(query.where), bool(query.context.features.known())
        model = query.embedding.model if query.embedding else None
        shape = Shape(frozenset(conditions), model, numbers, await self._few(query.where))
        answer = await self._connection.scalar(similar(shape), {**_asked(query), **conditions})
        if model:
            _agree(model, answer["dimensions"])
        rarest = _rarest(query, answer["rarity"] or {})
        hits = tuple(_hit(query, rarest, raw) for raw in answer["hits"] or ())
        return Found(query.where.words, compared(query), hits)

    async def _few(self, where: Where) -> bool:
        if not where.others:
            return bool(where.project)
        some = select(episodes.c.plan).where(episodes.c.project.in_([where.project, *where.others]))
        counted = select(func.count()).select_from(some.limit(_MOST_FEW + 1).subquery("some"))
        return (await self._connection.scalar(counted) or 0) <= _MOST_FEW

    async def _check(self, model: Model) -> None:
        known = await self._connection.scalar(select(models.c.dimensions).where(models.c.name == model.name))
        _agree(model, known)


def _agree(model: Model, known: int | None) -> None:
    if known is None:
        raise UnknownModel(model.name)
    if known != model.dimensions:
        raise WrongDimensions(model.name, known, model.dimensions)


def _lacks(model: Model) -> ColumnElement[bool]:
    of_it = (vectors.c.model == model.name, vectors.c.plan == episodes.c.plan)
    return ~select(vectors.c.plan).where(*of_it).exists()


def _columns(episode: Episode) -> dict[str, Any]:
    weights = document(episode.searched)
    return {
        "plan": episode.plan,
        "project": episode.project,
        "at": episode.at,
        "result": episode.result.value,
        "episode": episode,
        "features": _listed(directions(episode.context.features)),
        "terms": list(weights),
        "weights": f"{{{','.join(f'{term}:{weight:.6g}' for term, weight in weights.items())}}}/{TERMS}",
    }


def _contexts(written: Sequence[Episode]) -> dict[str, Any]:
    contexts = {one.plan: _EPISODE.plain(one)["context"] for one in written}
    return {"plans": list(contexts), "contexts": contexts}


def _vector(plan: str, embedding: Embedding) -> dict[str, Any]:
    return {
        "model": embedding.model.name,
        "plan": plan,
        "dimensions": embedding.model.dimensions,
        "vector": _listed(embedding.vector),
    }


def _asked(query: Query) -> dict[str, Any]:
    return {
        "terms": asked(query.context.searched),
        "features": _listed(directions(query.context.features)),
        "vector": _listed(query.embedding.vector) if query.embedding else "",
        "model": query.embedding.model.name if query.embedding else "",
        "most": query.limit,
    }


def _listed(values: Iterable[float]) -> str:
    return f"[{','.join(f'{value:.6g}' for value in values)}]"


def _hit(query: Query, rarest: Mapping[int, str], raw: Mapping[str, Any]) -> Hit:
    episode: Episode = _EPISODE.restored(raw["episode"])
    places = raw["places"]
    near = Near(places.get("near"), places.get("said"), places.get("alike"), raw["cosine"])
    theirs = frozenset(raw["terms"])
    both = [word for term, word in rarest.items() if term in theirs]
    return Hit(episode, raw["score"], near, reasons(query.context, episode, near, tuple(both[:_MOST_WORDS])))


def _rarest(query: Query, known: Mapping[str, float]) -> dict[int, str]:
    """The words of the question that some episode has, by their terms, the rarest first."""
    named = {number(word): word for word in words(query.context.searched) if not word.isdecimal()}
    order = sorted(named.keys() & set(map(int, known)), key=lambda term: (-known[str(term)], named[term]))
    return {term: named[term] for term in order}
