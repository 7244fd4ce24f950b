"""Completions for the arguments of prompts and resource templates."""

from collections.abc import Awaitable, Callable, Mapping

from mcp.server.mcpserver import MCPServer
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from scrum.ceremonies.policy.model import resolve
from scrum.ceremonies.ports import CeremonyWork
from scrum.team.usecases import project_keys
from scrum.work import Start
from scrum_tools.ceremonies.unanswered import recent
from scrum_tools.run import Runtime

_MOST = 100


def add_completions(server: MCPServer[Runtime], runtime: Runtime) -> None:
    async def complete(
        _: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        given = (context.arguments if context else None) or {}
        prefix, project = argument.value.strip().upper(), given.get("project", "").strip().upper()
        names = await _names((await runtime.core()).look, argument.name, project, prefix)
        matching = [name for name in names if name.upper().startswith(prefix)]
        return Completion(values=matching[:_MOST], has_more=len(matching) > _MOST)

    server.completion()(complete)  # type: ignore[no-untyped-call] # the SDK leaves it untyped


async def _names(start: Start[CeremonyWork], argument: str, project: str, prefix: str) -> list[str]:
    known = await project_keys(start)
    if argument == "project":
        return known
    if project not in known:
        return []
    finder = _FINDERS.get(argument)
    return await finder(start, project, prefix) if finder else []


async def _sprints(start: Start[CeremonyWork], project: str, _: str) -> list[str]:
    async with start() as work:
        return await work.sprints.ids(project)


async def _items(start: Start[CeremonyWork], project: str, prefix: str) -> list[str]:
    async with start() as work:
        return await work.items.keys_like(project, prefix, _MOST + 1)


async def _ceremonies(start: Start[CeremonyWork], project: str, _: str) -> list[str]:
    async with start() as work:
        owner = await work.projects.get(project)
        policy = resolve(owner.cadence, await work.settings.of(owner.key))
    return [rule.name for rule in policy.ceremonies]


async def _occurrences(start: Start[CeremonyWork], project: str, _: str) -> list[str]:
    return [one.id for one in await recent(start, project)]


async def _reports(start: Start[CeremonyWork], project: str, _: str) -> list[str]:
    return [one.id for one in await recent(start, project) if one.delivered_at]


_FINDERS: Mapping[str, Callable[[Start[CeremonyWork], str, str], Awaitable[list[str]]]] = {
    "sprint": _sprints,
    "item": _items,
    "ceremony": _ceremonies,
    "occurrence": _occurrences,
    "id": _reports,
}
