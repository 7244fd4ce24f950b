"""Completions for the arguments of prompts and resource templates."""

from mcp.server.mcpserver import MCPServer
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from scrum.planning.ports import PlanningWork
from scrum.team.usecases import project_keys
from scrum.work import Start
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
        matching = [name for name in names if name.startswith(prefix)]
        return Completion(values=matching[:_MOST], has_more=len(matching) > _MOST)

    server.completion()(complete)  # type: ignore[no-untyped-call] # the SDK leaves it untyped


async def _names(start: Start[PlanningWork], argument: str, project: str, prefix: str) -> list[str]:
    known = await project_keys(start)
    if argument == "project":
        return known
    if project not in known:
        return []
    if argument == "sprint":
        async with start() as work:
            return await work.sprints.ids(project)
    if argument == "item":
        async with start() as work:
            return await work.items.keys_like(project, prefix, _MOST + 1)
    return []
