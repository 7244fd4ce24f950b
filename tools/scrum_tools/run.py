"""What a tool call runs with: the store, who calls, and the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol, cast

from mcp.server.mcpserver import Context

from scrum.ceremonies.ports import CeremonyWork
from scrum.chronicle.ports import ChronicleWork
from scrum.clock import Clock
from scrum.errors import Invalid
from scrum.events import LOCAL, By
from scrum.memory.ports import Embedder
from scrum.planning.ports import Aids, Words
from scrum.strategies.ports import StrategyWork
from scrum.team.usecases import project_keys
from scrum.text import choices, line, quoted
from scrum.work import Start
from scrum_tools.events import EventsStanding

NOW = "scrum-mcp/now"
"""Key of a request's `_meta` that carries the caller's time, where the server runs on a virtual clock."""

_YEARS = range(1970, 9001)


@dataclass(frozen=True)
class Health:
    """One part of the system, whether it works, and what there is to know or to do."""

    name: str
    ok: bool
    detail: str


class Core(Protocol):
    """The store `core`: units of work, and looks that only read."""

    @property
    def start(self) -> Start[CeremonyWork]: ...

    @property
    def look(self) -> Start[CeremonyWork]: ...


class Runtime(Protocol):
    """What the server builds once and hands to every call."""

    @property
    def clock(self) -> Clock: ...

    @property
    def offered(self) -> frozenset[str]:
        """The names of the tools that callers have."""
        ...

    @property
    def virtual_time(self) -> bool:
        """Callers set the time: for simulations only."""
        ...

    async def core(self) -> Core:
        """Waits until the store is there. Raises Unavailable when it cannot be opened."""
        ...

    async def chronicle(self) -> Start[ChronicleWork]:
        """Raises Unavailable at once when it is known to be away: everything else works without it."""
        ...

    async def memory(self) -> Start[StrategyWork]:
        """Raises Unavailable when it is used, at once when it is known to be away: everything else works without it."""
        ...

    @property
    def words(self) -> Words | None:
        """The language model that words reasonings, where one is configured."""
        ...

    @property
    def embedders(self) -> Sequence[Embedder]:
        """What makes vectors of situations: the first that is complete and answers."""
        ...

    async def health(self) -> list[Health]: ...

    async def events(self) -> EventsStanding: ...


@dataclass(frozen=True)
class Run:
    core: Start[CeremonyWork]
    look: Start[CeremonyWork]
    now: datetime
    actor: str
    runtime: Runtime

    def by(self, reason: str = "") -> By:
        return By(self.actor, self.now, line("reason", reason, limit=300))

    def offers(self, *tools: str) -> bool:
        return self.runtime.offered.issuperset(tools)

    async def aids(self) -> Aids:
        return Aids(self.runtime.words, await self.runtime.memory(), self.runtime.embedders)


def with_run(tool: Callable[..., Any]) -> Callable[..., Any]:
    """A tool as the SDK takes it: it gives its context to the parameter `run`, and the tool gets the Run.

    The SDK's resolvers could do that too, and take a good part of a short call.
    """
    if tool.__annotations__.get("run") is not Run:
        return tool

    @wraps(tool)
    async def given(run: Context[Runtime, Any], **arguments: Any) -> Any:
        return await tool(run=await run_of(run), **arguments)

    given.__annotations__ = {**tool.__annotations__, "run": Context[Runtime, Any]}
    return given


async def run_of(ctx: Context[Runtime, Any]) -> Run:
    runtime = ctx.request_context.lifespan_context
    core = await runtime.core()
    return Run(core.start, core.look, _now(ctx, runtime), LOCAL, runtime)


class BadTime(Invalid):
    def __init__(self, given: object) -> None:
        super().__init__(
            f"_meta {NOW} is {quoted(str(given))}; it must be an ISO 8601 time with its offset, from 1970 to 9000."
        )


def _now(ctx: Context[Runtime, Any], runtime: Runtime) -> datetime:
    given = cast("dict[str, Any]", ctx.request_context.meta or {}).get(NOW)
    if given is None or not runtime.virtual_time:
        return runtime.clock()
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise BadTime(given) from error
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise BadTime(given)
    return moment


class WhichProject(Invalid):
    def __init__(self, sprint: str, known: list[str]) -> None:
        super().__init__(
            f"sprint {quoted(sprint)} needs a project: give project, one of {choices(known)}, or a sprint id like SHOP-S3."
        )


async def project_of(run: Run, sprint: str, project: str) -> str:
    """The project of a sprint id, the one given, or the only one there is.

    Raises:
        WhichProject: there is more than one, or none.
    """
    if project:
        return project
    prefix, _, number = sprint.strip().upper().rpartition("-")
    if prefix and number.startswith("S"):
        return prefix
    known = await project_keys(run.look)
    if len(known) != 1:
        raise WhichProject(sprint, known)
    return known[0]
