"""Prompts: how to run a ceremony with these tools, in the words of a good Scrum Master."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from scrum.ceremonies.terms import DAILY, PLANNING, REFINEMENT, RETROSPECTIVE, REVIEW
from scrum.errors import ScrumError
from scrum.team.project import project_key
from scrum.text import quoted
from scrum_tools.prompt_texts import NEEDS, RUN, prompt
from scrum_tools.run import Runtime, run_of
from scrum_tools.status import StandingView, standings

_DESCRIBED: Mapping[str, str] = {
    DAILY: "Hold the daily scrum from recorded facts, and record what came of it",
    REFINEMENT: "Make the top of the backlog ready for the next sprint",
    REVIEW: "Look at what the sprint achieved, and what that changes",
    RETROSPECTIVE: "Look at how the sprint went, and agree on what to do about it",
    RUN: "An agent's whole loop: plan, commit, start, work, hold ceremonies, close, learn",
}


def add_prompts(server: MCPServer[Runtime], offered: frozenset[str]) -> None:
    """Those whose tools are offered."""
    if offered.issuperset(NEEDS[PLANNING]):
        server.prompt(name=PLANNING, description="Plan the next sprint with the team")(_sprint_planning)
    for name, description in _DESCRIBED.items():
        if offered.issuperset(NEEDS[name]):
            server.prompt(name=name, description=description)(_held(name))


async def _sprint_planning(project: str, ctx: Context[Runtime, Any], goal: str = "") -> list[UserMessage]:
    about = f", with the goal {quoted(goal, 200)}" if goal else ""
    return await _messages(PLANNING, project, ctx, about)


def _held(name: str) -> Callable[[str, Context[Runtime, Any]], Awaitable[list[UserMessage]]]:
    async def held(project: str, ctx: Context[Runtime, Any]) -> list[UserMessage]:
        return await _messages(name, project, ctx)

    return held


async def _messages(
    name: str, project: str, ctx: Context[Runtime, Any], about: str = ""
) -> list[UserMessage]:
    standing = await _standing(ctx, project)
    offered = ctx.request_context.lifespan_context.offered
    told = prompt(name, project=standing.project, about=about, standing=standing.line(), offered=offered)
    return [UserMessage(told)]


async def _standing(ctx: Context[Runtime, Any], project: str) -> StandingView:
    """Raises MCPError: our errors as the protocol's."""
    try:
        (standing,) = await standings(await run_of(ctx), project_key(project))
    except ScrumError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from error
    return standing
