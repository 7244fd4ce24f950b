"""Sprints whose ceremonies are evaluated, on times that the tests choose."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from scrum.backlog.model import Change, Status
from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.occurrence import Status as Stage
from scrum.ceremonies.schedule import Schedule
from scrum.ceremonies.triggers.facts import Happening
from scrum.ceremonies.usecases import Evaluated, evaluate_sprint, set_ceremonies
from scrum.events import By
from scrum.sprint.events import SprintPlanned
from scrum.sprint.model import Sprint
from scrum.sprint.usecases import SprintAnswer, start_sprint
from scrum.team.project import Cadence
from scrum.work import Start
from scrum_storage.store import Store
from scrum_storage.tables import outbox
from scrum_storage.work import PostgresWork
from tests.builders import MONDAY, SHOP, a_planned_sprint, by, change

S1 = f"{SHOP}-S1"
ALONE = {
    name: {"enabled": False}
    for name in ("sprint_planning", "backlog_refinement", "sprint_review", "retrospective")
}
"""The daily scrum and nothing else."""


def daily(**keys: Any) -> dict[str, Any]:
    """A policy of which nothing but the daily scrum is due, and the sprint waits for people."""
    return {"sprint": {"auto_transition": False}, "ceremonies": {**ALONE, "daily_scrum": keys}}


async def a_policy(
    core: Store, policy: Mapping[str, Any], template: Cadence = Cadence.STARTUP, *, days: float = 0
) -> None:
    await set_ceremonies(core.start, SHOP, policy, template, by=by(days=days))


async def a_sprint_with(
    core: Store,
    policy: Mapping[str, Any],
    points: Sequence[int | None] = (1,) * 10,
    template: Cadence = Cadence.STARTUP,
) -> SprintAnswer:
    """Running since MONDAY, and evaluated."""
    await a_planned_sprint(core, points)
    await a_policy(core, policy, template)
    started = await start_sprint(core.start, SHOP, "next", by=by())
    await evaluate(core)
    return started


async def evaluate(core: Store, *, days: float | None = None, sprint: str = S1) -> Evaluated:
    """So many days after MONDAY, or when the last thing happened."""
    now = None if days is None else MONDAY + timedelta(days=days)
    return await evaluate_sprint(core.start, sprint, now=now)


async def complete(core: Store, *numbers: int, days: float = 1) -> None:
    await set_status(core, Status.DONE, *numbers, days=days)


async def set_status(core: Store, status: Status, *numbers: int, days: float = 1) -> None:
    await change(core, *(Change(f"{SHOP}-{n}", status=status) for n in numbers), days=days)


async def due(core: Store, ceremony: str = "", sprint: str = S1) -> list[str]:
    """The keys of what became due, in their order; of one ceremony, or with the names of all."""
    found = await occurrences(core, sprint)
    if ceremony:
        return [one.key for one in found if one.ceremony == ceremony]
    return [f"{one.ceremony} {one.key}" for one in found]


async def occurrences(core: Store, sprint: str = S1) -> list[Occurrence]:
    async with core.look() as work:
        return list(reversed(await work.occurrences.of(sprint)))


async def recorded(core: Store, sprint: str = S1) -> list[Happening]:
    async with core.look() as work:
        return list(await work.schedules.happenings(sprint, 0))


async def names(core: Store, sprint: str = S1) -> list[str]:
    return [one.name for one in await recorded(core, sprint)]


async def schedule(core: Store, sprint: str = S1) -> Schedule:
    async with core.look() as work:
        found = await work.schedules.find(sprint)
    assert found
    return found


async def the(core: Store, sprint: str = S1) -> Sprint:
    async with core.look() as work:
        found = await work.sprints.find(sprint)
    assert found
    return found


def moment(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


async def delivered(core: Store, *, days: float = 1) -> None:
    """Everything that is due was delivered."""
    async with core.start() as work:
        for one in await work.occurrences.of(S1):
            if one.status is Stage.DUE:
                await work.occurrences.put(one.delivered(moment(days)))
        await work.commit()


async def events(core: Store) -> list[Any]:
    async with core.engine.connect() as connection:
        return list((await connection.execute(select(outbox).order_by(outbox.c.seq))).all())


async def open_schedule(core: Store) -> None:
    """As a commit of its plan does it."""
    async with core.start() as work:
        sprint = await the(core)
        planned = By("ana", moment(-1))
        work.publish(SprintPlanned.of(planned, sprint, plan="", goal="", items=[], points=0))
        await work.commit()


class Killed(Exception):
    pass


def dying(core: Store) -> Start[PostgresWork]:
    """A store whose process ends before each commit, once all is written."""

    async def ended() -> None:
        raise Killed

    @asynccontextmanager
    async def start() -> AsyncGenerator[PostgresWork]:
        async with core.start() as work:
            work._commit = ended  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] # where it ends
            yield work

    return start
