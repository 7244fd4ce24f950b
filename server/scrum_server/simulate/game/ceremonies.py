"""Ceremonies as a team on autopilot has them: time passes, what is due is looked at, and what waits is held."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from scrum.ceremonies.occurrence import Status
from scrum.ceremonies.terms import RETROSPECTIVE
from scrum.errors import Unavailable
from scrum_server.simulate.game.client import Project, ToolFailed
from scrum_server.simulate.game.occasions import DELIVERED, Occasion, count, settled
from scrum_server.simulate.invented.course import Course
from scrum_tools.ceremonies.ceremony_view import CeremoniesView, OccurrenceView
from scrum_tools.ceremonies.policy_view import PolicyView
from scrum_tools.ceremonies.tools import EmittedView, RecordedView
from scrum_tools.reports.history_view import HappeningView
from scrum_tools.reports.report_view import ReportView
from scrum_tools.sprints.sprint_view import SprintView

T = TypeVar("T")
SOURCE = "simulation"
NOTES = "Simulated: nobody was there."
_AUTOPILOT = {"sprint": {"auto_start": True}}
_PATIENCE, _PAUSE = 60.0, 0.05


class NotDelivered(Unavailable):
    def __init__(self, project: str) -> None:
        super().__init__(
            f"The simulation stops: ceremonies of {project} that are due were not delivered within {_PATIENCE:g} "
            "seconds. What the server said stands above."
        )


@dataclass
class Ceremonies:
    """`seen` has each occurrence of the running sprint as it was seen last, `agreed` the open action items."""

    project: Project
    course: Course
    seen: dict[str, OccurrenceView] = field(default_factory=dict[str, OccurrenceView])
    agreed: list[str] = field(default_factory=list[str])

    async def begin(self, now: datetime) -> None:
        """Policies start each sprint from now on, besides what their template says."""
        await self.project.call(PolicyView, "set_ceremonies", now, policy=_AUTOPILOT)

    async def pass_time(self, sprint: str, now: datetime) -> list[OccurrenceView]:
        """What became due since the last time; by the end it is delivered, and held."""
        await self._tell(sprint, now)
        return await self._new(now)

    async def pass_the_night(self, sprint: str, now: datetime) -> list[OccurrenceView]:
        """The same, where nothing else happened since the last time."""
        return await self._new(now) if await self._tell(sprint, now) else []

    async def _new(self, now: datetime) -> list[OccurrenceView]:
        before = set(self.seen)
        await self._hold_all(now)
        return [one for one in self.seen.values() if one.occurrence not in before]

    async def finish(self, sprint: str, now: datetime) -> tuple[Occasion, ...]:
        """All of a sprint that is over, in the order in which they became due."""
        await self._history(sprint, now)
        await self._hold_all(now)
        deliveries = count(await self._history(sprint, now), DELIVERED)
        clock = self.project.clock
        occasions = [Occasion.of(view, deliveries[view.occurrence], clock) for view in self.seen.values()]
        self.seen = {}
        return tuple(sorted(occasions, key=lambda one: one.number))

    async def report(self, occurrence: str, now: datetime) -> ReportView:
        """The kept one."""
        return await self.project.call(ReportView, "get_report", now, report=occurrence)

    async def _tell(self, sprint: str, now: datetime) -> bool:
        """Whether something became due by it."""
        try:
            came = await self.project.call(EmittedView, "emit_event", now, name="time_passed", source=SOURCE)
        except ToolFailed:
            if await self._is_open(sprint, now):
                raise
            return False
        return bool(came.became_due)

    async def _is_open(self, sprint: str, now: datetime) -> bool:
        return (await self.project.call(SprintView, "get_sprint", now, sprint=sprint)).state.is_open

    async def _hold_all(self, now: datetime) -> None:
        """Until nothing waits: what is held may make others due."""
        waits = True
        while waits:
            waiting = (await self._delivered(now)).unanswered
            held = [await self._hold(one, now) for one in reversed(waiting)]
            waits = any(one.became_due or one.due_before for one in held)

    async def _delivered(self, now: datetime) -> CeremoniesView:
        async def look() -> CeremoniesView | None:
            view = await self.project.call(CeremoniesView, "list_ceremonies", now)
            self.seen |= {one.occurrence: one for one in (*view.fired, *view.unanswered, *view.failed)}
            return None if any(one.status is Status.DUE for one in view.fired) else view

        return await self._soon(look)

    async def _hold(self, one: OccurrenceView, now: datetime) -> RecordedView:
        actions = self._actions() if one.ceremony == RETROSPECTIVE else []
        present = [person.name for person in self.course.people if now.date() not in person.away]
        held = await self.project.ask(
            RecordedView, "record_ceremony", now, occurrence=one.occurrence,
            notes=NOTES, attendees=present, actions=actions,
        )  # fmt: skip
        self.seen[one.occurrence] = one.model_copy(update={"status": Status(held.status)})
        self.agreed.extend(action.id for action in held.actions if action.id not in self.agreed)
        return held

    def _actions(self) -> list[dict[str, str]]:
        """A new one, which the next retrospective carries; the one after that says that it is done."""
        new = {"text": "Simulated: look at what was blocked", "owner": self.course.people[0].name}
        done = [{"id": action, "status": "done"} for action in self.agreed[-2:-1]]
        return [new, *done]

    async def _history(self, sprint: str, now: datetime) -> Sequence[HappeningView]:
        """Once it has everything, and all that became due was delivered."""

        async def look() -> Sequence[HappeningView] | None:
            pages = [page async for page in self._pages(sprint, now)]
            told = [one for page in pages for one in page.happenings or ()]
            return told if not pages[-1].pending and settled(told) else None

        return await self._soon(look)

    async def _pages(self, sprint: str, now: datetime) -> AsyncGenerator[ReportView]:
        cursor: str | None = ""
        while cursor is not None:
            page = await self.project.call(
                ReportView, "get_report", now, kind="history", sprint=sprint, limit=100, cursor=cursor
            )
            yield page
            cursor = page.next_cursor

    async def _soon(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """Real time passes while the server's worker delivers. Raises NotDelivered."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while (found := await look()) is None:  # noqa: ASYNC110 - another process works meanwhile
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise NotDelivered(self.project.key) from error
        return found
