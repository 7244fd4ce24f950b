"""Strategies, and what was tried of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, Row, and_, cast, func, select, text
from sqlalchemy.dialects.postgresql import insert

from scrum.memory.model import Arm, Episode, Result
from scrum.strategies.model import Record, Status, Strategy, Trial, built_in
from scrum_storage import strategy_tables
from scrum_storage.connection import Statements
from scrum_storage.memory_tables import episodes, sharing

_STRATEGIES, _TRIALS = strategy_tables.strategies, strategy_tables.trials
_NEW = insert(_STRATEGIES)
_CHANGED = {name: _NEW.excluded[name] for name in ("status", "strategy")}
_PUT = _NEW.on_conflict_do_update(index_elements=["project", "name"], set_=_CHANGED)
_COMPLETED = (Result.SUCCESS.value, Result.FAILURE.value)
_CLOSED = text("(episode->'outcome'->>'closed_at')::timestamptz >= :since")
_LONGEST = timedelta(days=180)
"""From a plan to the end of its sprint: for the index of plans."""
_BUILT_IN = frozenset(one.name for one in built_in("") if one.built_in)
_TRIED = and_(
    _TRIALS.c.project == _STRATEGIES.c.project,
    _TRIALS.c.strategy == _STRATEGIES.c.name,
    _TRIALS.c.version == cast(func.jsonb_extract_path_text(_STRATEGIES.c.strategy, "version"), Integer),
    func.jsonb_extract_path_text(_TRIALS.c.trial, "arm") != Arm.SHADOW.value,
)
"""In a sprint, with the present rule."""


class PostgresStrategies:
    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    async def of(self, project: str) -> list[Record]:
        kept = await self._connection.scalars(_of(project))
        return await self._records(project, [*kept.all()])

    async def claim(self, project: str) -> list[Record]:
        """All rows are there to be locked, and always in the order of their names."""
        rows = [_columns(one) for one in built_in(project)]
        await self._connection.execute(insert(_STRATEGIES).values(rows).on_conflict_do_nothing())
        kept = await self._connection.scalars(_of(project).with_for_update())
        return await self._records(project, [*kept.all()])

    async def put(self, strategies: Sequence[Strategy]) -> None:
        rows = [_columns(one) for one in sorted(strategies, key=lambda one: one.key)]
        if rows:
            await self._connection.execute(_PUT.values(rows))

    async def add(self, project: str, trials: Sequence[Trial]) -> None:
        rows = [_trial(project, one) for one in sorted(trials, key=lambda one: one.strategy)]
        if rows:
            await self._connection.execute(insert(_TRIALS).values(rows).on_conflict_do_nothing())

    async def trials(self, project: str, episode: str) -> list[Trial]:
        at_it = select(_TRIALS.c.trial).where(_TRIALS.c.project == project, _TRIALS.c.episode == episode)
        found = await self._connection.scalars(at_it.order_by(_TRIALS.c.strategy, _TRIALS.c.version))
        return list(found.all())

    async def past(self, project: str, limit: int) -> list[Episode]:
        completed = select(episodes.c.episode).where(
            episodes.c.project == project, episodes.c.result.in_(_COMPLETED)
        )
        latest = completed.order_by(episodes.c.at.desc(), episodes.c.plan.desc()).limit(limit)
        found = (await self._connection.scalars(latest)).all()
        return [one for one in reversed(found) if one.outcome]

    async def failed(self, since: datetime, limit: int) -> list[Episode]:
        recent = episodes.c.at >= since - _LONGEST
        lately = select(episodes.c.episode).where(
            episodes.c.result == Result.FAILURE.value, recent, _CLOSED.bindparams(since=since)
        )
        found = await self._connection.scalars(lately.order_by(episodes.c.at.desc()).limit(limit))
        return [one for one in found.all() if one.outcome]

    async def shared(self, project: str) -> list[Record]:
        tried = (
            select(_STRATEGIES.c.strategy, _TRIALS.c.trial)
            .join(sharing, sharing.c.project == _STRATEGIES.c.project)
            .join(_TRIALS, _TRIED)
            .where(sharing.c.shared, sharing.c.project != project)
            .where(_STRATEGIES.c.status == Status.ACTIVE.value, _STRATEGIES.c.name.not_in(_BUILT_IN))
            .order_by(_STRATEGIES.c.project, _STRATEGIES.c.name, _TRIALS.c.at, _TRIALS.c.episode)
        )
        found = (await self._connection.execute(tried)).all()
        by_rule = groupby(found, key=lambda row: row.strategy)
        records = (Record(one, tuple(row.trial for row in rows)) for one, rows in by_rule)
        return [one for one in records if one.proven]

    async def _records(self, project: str, kept: Sequence[Strategy]) -> list[Record]:
        tried = await self._connection.execute(_tried(project))
        by_rule: defaultdict[tuple[str, int], list[Trial]] = defaultdict(list)
        for row in tried.all():
            by_rule[_rule(row)].append(row.trial)
        known = {one.name: one for one in (*built_in(project), *kept)}
        ordered = sorted(known.values(), key=lambda one: one.name)
        return [Record(one, tuple(by_rule[one.name, one.version])) for one in ordered]


def _of(project: str) -> Any:
    return select(_STRATEGIES.c.strategy).where(_STRATEGIES.c.project == project).order_by(_STRATEGIES.c.name)


def _tried(project: str) -> Any:
    of_project = select(_TRIALS.c.strategy, _TRIALS.c.version, _TRIALS.c.trial).where(
        _TRIALS.c.project == project
    )
    return of_project.order_by(_TRIALS.c.at, _TRIALS.c.episode)


def _rule(row: Row[Any]) -> tuple[str, int]:
    return row.strategy, row.version


def _columns(strategy: Strategy) -> dict[str, Any]:
    return {
        "project": strategy.project,
        "name": strategy.name,
        "status": strategy.status.value,
        "strategy": strategy,
    }


def _trial(project: str, trial: Trial) -> dict[str, Any]:
    return {
        "project": project,
        "strategy": trial.strategy,
        "version": trial.version,
        "episode": trial.episode,
        "at": trial.at,
        "trial": trial,
    }
