"""get_status: whether the parts work, and where each project stands."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Self

from mcp.server.mcpserver import Context
from pydantic import BaseModel, Field

from scrum.ceremonies.occurrence import Occurrence
from scrum.errors import Unavailable
from scrum.planning.overview import Standing, overview
from scrum.sprint.model import State
from scrum.text import counted
from scrum_tools.arguments import Key
from scrum_tools.budget import fitting
from scrum_tools.ceremonies.gates import gate_before, gate_step
from scrum_tools.ceremonies.steps import plan_step
from scrum_tools.ceremonies.unanswered import Waiting, held_on, waiting
from scrum_tools.events import EventsStanding
from scrum_tools.run import Health, Run, Runtime, run_of
from scrum_tools.tool import View

_NOT_NEEDED = frozenset({"ollama", "embeddings"})
"""Parts without which every call is answered nevertheless."""
_MOST_NAMED = 10
_TOOL = re.compile("[a-z]+_[a-z]+")


class HealthView(BaseModel):
    name: str
    ok: bool
    detail: str

    @classmethod
    def of(cls, health: Health) -> Self:
        return cls(name=health.name, ok=health.ok, detail=health.detail)

    @property
    def fine(self) -> bool:
        return self.ok or self.name in _NOT_NEEDED

    def text(self) -> str:
        state = "ok" if self.ok else "out of use, not needed" if self.fine else "NOT OK"
        return f"{self.name} {state} ({self.detail})"


class StandingView(BaseModel):
    project: str
    members: int
    open_items: int
    unestimated: int
    blocked: int
    sprint: str
    state: State | None
    past_sprints: int
    next: str
    unanswered: list[str] = []
    failed: list[str] = []
    late: list[str] = []
    ceremonies: str = ""

    @classmethod
    def of(cls, standing: Standing, waiting: Waiting, *, step: str, ceremonies: str) -> Self:
        return cls(
            project=standing.project,
            members=standing.members,
            open_items=standing.open_items,
            unestimated=standing.unestimated,
            blocked=standing.blocked,
            sprint=standing.sprint,
            state=standing.state,
            past_sprints=standing.past_sprints,
            next=step,
            unanswered=_ids(waiting.unanswered),
            failed=_ids(waiting.failed),
            late=_ids(waiting.late),
            ceremonies=ceremonies,
        )

    def line(self) -> str:
        sprint = f"{self.sprint} is {self.state.words}" if self.state else "no open sprint"
        return (
            f"{self.project}: {counted(self.members, 'member')}, {counted(self.open_items, 'open item')} "
            f"({self.unestimated} not estimated, {self.blocked} blocked), "
            f"{counted(self.past_sprints, 'past sprint')}, {sprint}. Next: {self.next}."
            f"{' ' if self.ceremonies else ''}{self.ceremonies}"
        )


def _ids(occurrences: Sequence[Occurrence]) -> list[str]:
    return [one.id for one in occurrences[:_MOST_NAMED]]


class StatusView(View):
    """`healthy`: what is needed works. `project_count` is None while the store is away: nobody knows."""

    healthy: bool
    parts: list[HealthView]
    events: EventsStanding
    projects: list[StandingView]
    project_count: int | None

    def text(self) -> str:
        parts = "; ".join(part.text() for part in self.parts)
        verdict = "All that is needed works" if self.healthy else "Something does not work"
        return f"{verdict}: {parts}.\n{self.events.text()}\n{self._listed()}"

    def _listed(self) -> str:
        if self.project_count is None:
            return "The projects are unknown until the database answers: mend it, then ask again."
        listed = "\n".join(project.line() for project in self.projects)
        rest = self.project_count - len(self.projects)
        more = f"\nand {rest} more: give project" if rest else ""
        return f"{listed}{more}" if listed else "No project yet. Next: setup_project."


async def get_status(
    ctx: Context[Runtime, Any], project: Annotated[Key, Field(description="Default: all projects")] = ""
) -> StatusView:
    """Health of the server, and where each project stands; start here. Next: what it names per project."""
    standings = await _standings(ctx, project)
    runtime = ctx.request_context.lifespan_context
    health, events = await runtime.health(), await runtime.events()
    parts = [HealthView.of(part) for part in health]
    return StatusView(
        healthy=all(part.fine for part in parts) and events.well,
        parts=parts,
        events=events,
        projects=fitting(standings or []),
        project_count=None if standings is None else len(standings),
    )


async def _standings(ctx: Context[Runtime, Any], project: str) -> list[StandingView] | None:
    """None while the store is away; its health says why."""
    try:
        return await standings(await run_of(ctx), project)
    except Unavailable:
        return None


async def standings(run: Run, project: str) -> list[StandingView]:
    """Of one project, or of all for ''. Raises UnknownProject."""
    known = await overview(run.look, project)
    told = await waiting(run.look, [one.project for one in known])
    return [await _standing(run, one, told[one.project]) for one in known]


async def _standing(run: Run, standing: Standing, occurrences: Sequence[Occurrence]) -> StandingView:
    gated = standing.state in (State.IN_REVIEW, State.RETROSPECTIVE)
    gate = await gate_before(run, standing.project, standing.sprint) if gated else None
    waits = Waiting.of(occurrences, standing.current, run.now, await held_on(run.look, occurrences))
    step = gate_step(run, gate) or _committing(run, standing, waits) or _offered(run, standing.next_step)
    return StandingView.of(standing, waits, step=step, ceremonies=waits.sentences(run.offers))


def _committing(run: Run, standing: Standing, waits: Waiting) -> str:
    """'' where a sprint is open, or no planning is held on a plan."""
    return "" if standing.state else plan_step(run, waits)


def _offered(run: Run, step: str) -> str:
    missing = [tool for tool in _TOOL.findall(step) if not run.offers(tool)]
    return f"{step} (not offered here: {', '.join(missing)})" if missing else step
