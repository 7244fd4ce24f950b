"""Search what is remembered, and remember what was decided elsewhere."""

import asyncio
import hashlib
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrum.errors import Invalid, Unavailable
from scrum.events import By
from scrum.memory.decided import ended, written
from scrum.memory.embedding import Embedding, Model
from scrum.memory.model import Context, Decision, Episode, Result, Told
from scrum.memory.ports import Embedder, MemoryWork
from scrum.memory.said import said
from scrum.memory.search import Found, Query
from scrum.text import body, required
from scrum.work import Start

PATIENCE = 2.0
"""Seconds for the vector of a question: another model is asked after that."""
MOST_PENDING = 1_000
"""So many episodes without vectors are counted."""
LONGEST_CONTEXT, LONGEST_TEXT = 4_000, 1_000
ELSEWHERE = "EPISODE-"
"""So begin the ids of decisions that were taken elsewhere."""
_AHEAD = timedelta(hours=14)
"""So long before UTC does a day begin where it begins first."""


@dataclass(frozen=True)
class Recalled:
    """`pending` episodes have no vector yet, and were found by words and numbers; `notes` are for whoever asked."""

    found: Found
    pending: int
    notes: tuple[str, ...]


async def search_episodes(
    start: Start[MemoryWork], query: Query, embedders: Sequence[Embedder], *, shared: bool = True
) -> Recalled:
    """Episodes of the query's project, and where they are wanted those that others share.

    Raises:
        Unavailable: memory is away.
    """
    async with start() as work:
        complete = await work.episodes.searchable()
        others = await work.sharing.others(query.where.project) if shared else ()
    embedding, notes = await _embedding(query.context, embedders, complete)
    where = replace(query.where, others=tuple(others))
    async with start() as work:
        found = await work.episodes.search(replace(query, where=where, embedding=embedding))
        pending = await work.episodes.missing(embedding.model, where, MOST_PENDING) if embedding else 0
    return Recalled(found, pending, tuple(notes))


async def _embedding(
    context: Context, embedders: Sequence[Embedder], complete: frozenset[Model]
) -> tuple[Embedding | None, list[str]]:
    """By the first model that is complete and answers, and why not by those before it."""
    notes: list[str] = []
    for embedder in embedders:
        try:
            async with asyncio.timeout(PATIENCE):
                model = await embedder.model()
                if model in complete:
                    (vector,) = await embedder.embed([context])
                    return vector, notes
            notes.append(
                f"Not every episode has a vector of {model.name} yet: `scrum-mcp reembed` shows how far it is."
            )
        except TimeoutError:
            notes.append(f"An embedding model gave no answer within {PATIENCE:g} s.")
        except (Unavailable, Invalid) as error:
            notes.append(str(error))
    return None, [*notes, "Episodes are compared by words and numbers, and not by meaning."]


async def is_remembered(start: Start[MemoryWork], plan: str) -> bool:
    """Raises Unavailable: memory is away."""
    async with start() as work:
        return await work.episodes.find(plan) is not None


@dataclass(frozen=True)
class Record:
    """A decision that was taken elsewhere. `outcome` is '' while nobody knows it; `result` judges it, or does not.

    `at` is the midnight of the day that was said; None is now.
    """

    project: str
    context: str
    decision: str
    outcome: str = ""
    result: Result | None = None
    at: datetime | None = None

    def checked(self, now: datetime) -> "Record":
        """Raises Missing, TooLong, NotYetDecided, or NoOutcome: a result without an outcome."""
        if self.at and self.at > now + _AHEAD:
            raise NotYetDecided(self.at)
        outcome = body("outcome", self.outcome, limit=LONGEST_TEXT)
        if self.result and not outcome:
            raise NoOutcome(self.result)
        return replace(
            self,
            context=required("context", self.context, limit=LONGEST_CONTEXT),
            decision=required("decision", self.decision, limit=LONGEST_TEXT),
            outcome=outcome,
        )

    @property
    def id(self) -> str:
        """The same for the same situation, decision and day that was said, so that its outcome finds it."""
        day = f"\0{self.at.date()}" if self.at else ""
        told = f"{self.project}\0{self.context}\0{self.decision}{day}"
        return f"{ELSEWHERE}{b32encode(hashlib.sha256(told.encode()).digest()).decode()[:10]}"

    def episode(self, now: datetime) -> Episode:
        return Episode(
            plan=self.id,
            project=self.project,
            sprint="",
            at=self.at or now,
            context=Context(text=self.context, features=said(self.context)),
            decision=Decision(0, 0, 0),
            told=Told(self.decision),
        )


class NotYetDecided(Invalid):
    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"date is {at.date()}, which is still to come. Say when it was decided, or leave date out."
        )


class NoOutcome(Invalid):
    def __init__(self, result: Result) -> None:
        super().__init__(f"result is {result}, and there is no outcome. Say in outcome what came of it.")


@dataclass(frozen=True)
class Recorded:
    """`changed`: it was new, or its outcome was."""

    episode: Episode
    created: bool
    changed: bool


async def record_episode(start: Start[MemoryWork], record: Record, *, by: By) -> Recorded:
    """The same again changes nothing, and with an outcome completes it; an outcome may be judged later.

    Raises:
        Missing, TooLong, NotYetDecided, NoOutcome, AlreadyTold, AlreadyJudged; Unavailable: memory is away.
    """
    record = record.checked(by.now)
    async with start() as work:
        await work.episodes.hold()
        known = await work.episodes.find(record.id)
        before = known or record.episode(by.now)
        episode = _told(before, record)
        if episode != known:
            await work.episodes.put([episode])
        if known is None:
            work.publish(written(episode, by))
        if episode != before:
            work.publish(ended(episode, by))
        await work.commit()
    return Recorded(episode, known is None, episode != known)


def _told(episode: Episode, record: Record) -> Episode:
    """Raises AlreadyTold or AlreadyJudged."""
    if not record.outcome:
        return episode
    return episode.judged(record.outcome, record.result or Result.TOLD)
