"""Which tools there are, in their fixed order, and which of them a server offers."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations

from scrum.errors import Invalid
from scrum_tools.backlog import add_items, list_items, update_items
from scrum_tools.ceremonies.tools import (
    emit_event,
    list_ceremonies,
    record_ceremony,
    set_ceremonies,
    trigger_ceremony,
)
from scrum_tools.episodes import record_episode, search_episodes
from scrum_tools.planning.commit import commit_plan
from scrum_tools.planning.decision import explain_decision
from scrum_tools.planning.forecast import forecast
from scrum_tools.planning.plan import plan_sprint
from scrum_tools.project import set_team, setup_project
from scrum_tools.reports.tools import get_report
from scrum_tools.sprints.tools import change_sprint, close_sprint, get_sprint, start_sprint
from scrum_tools.status import get_status
from scrum_tools.strategies import list_strategies, set_strategy
from scrum_tools.tool import ScrumTool
from scrum_tools.velocity import get_velocity


class Toolset(StrEnum):
    CORE = "core"
    CEREMONIES = "ceremonies"
    MEMORY = "memory"
    INTEGRATIONS = "integrations"
    ALL = "all"


class UnknownToolset(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(f"There is no toolset {given!r}. Toolsets: {', '.join(Toolset)}.")


class NoTools(Invalid):
    def __init__(self, wanted: frozenset[Toolset]) -> None:
        super().__init__(f"The toolset {' and '.join(sorted(wanted))} has no tools yet. Use core or all.")


READ = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
SET = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
OVERWRITE = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False
)
WRITE = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
)
DESTROY = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=False
)


@dataclass(frozen=True)
class Offered:
    function: Callable[..., Any]
    annotations: ToolAnnotations
    toolset: Toolset


OFFERED = (
    Offered(setup_project, SET, Toolset.CORE),
    Offered(set_team, OVERWRITE, Toolset.CORE),
    Offered(add_items, WRITE, Toolset.CORE),
    Offered(update_items, DESTROY, Toolset.CORE),
    Offered(list_items, READ, Toolset.CORE),
    Offered(plan_sprint, READ, Toolset.CORE),
    Offered(commit_plan, WRITE, Toolset.CORE),
    Offered(start_sprint, WRITE, Toolset.CORE),
    Offered(change_sprint, DESTROY, Toolset.CORE),
    Offered(get_sprint, READ, Toolset.CORE),
    Offered(close_sprint, DESTROY, Toolset.CORE),
    Offered(get_velocity, READ, Toolset.CORE),
    Offered(forecast, READ, Toolset.CORE),
    Offered(trigger_ceremony, WRITE, Toolset.CEREMONIES),
    Offered(list_ceremonies, READ, Toolset.CEREMONIES),
    Offered(set_ceremonies, OVERWRITE, Toolset.CEREMONIES),
    Offered(record_ceremony, DESTROY, Toolset.CEREMONIES),
    Offered(get_report, READ, Toolset.CEREMONIES),
    Offered(search_episodes, READ, Toolset.MEMORY),
    Offered(record_episode, SET, Toolset.MEMORY),
    Offered(list_strategies, READ, Toolset.MEMORY),
    Offered(set_strategy, OVERWRITE, Toolset.MEMORY),
    Offered(explain_decision, READ, Toolset.CORE),
    Offered(emit_event, DESTROY, Toolset.CEREMONIES),
    Offered(get_status, READ, Toolset.CORE),
)


def toolsets(names: Sequence[str]) -> frozenset[Toolset]:
    """Raises UnknownToolset."""
    known = {toolset.value for toolset in Toolset}
    if not names:
        raise UnknownToolset("")
    for name in names:
        if name not in known:
            raise UnknownToolset(name)
    return frozenset(Toolset(name) for name in names)


def tools(wanted: frozenset[Toolset], *, read_only: bool) -> list[Tool]:
    """The tools of the given sets, in the order of OFFERED.

    Raises:
        NoTools: these sets have none yet.
    """
    chosen = _chosen(wanted, read_only=read_only)
    if not chosen:
        raise NoTools(wanted)
    offered = _names(chosen)
    return [_beside(one, offered) for one in chosen]


def names(wanted: frozenset[Toolset], *, read_only: bool) -> frozenset[str]:
    return _names(_chosen(wanted, read_only=read_only))


def _names(some: Sequence[Offered]) -> frozenset[str]:
    return frozenset(one.function.__name__ for one in some)


def missing(offered: frozenset[str]) -> frozenset[str]:
    """The others."""
    return _names(OFFERED) - offered


def _beside(one: Offered, offered: frozenset[str]) -> Tool:
    tool = ScrumTool.of(one.function, one.annotations, missing(offered))
    tool.description = sayable(tool.description, offered)
    return tool


def sayable(text: str, offered: Container[str]) -> str:
    """Without the sentences that name a tool which is not offered, and without lines that have none left."""
    lines = (_sayable(line, offered) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _sayable(line: str, offered: Container[str]) -> str:
    sentences = _SENTENCES.split(line)
    return " ".join(one for one in sentences if all(tool in offered for tool in _TOOLS.findall(one)))


_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_TOOLS = re.compile(rf"\b(?:{'|'.join(one.function.__name__ for one in OFFERED)})\b")


def _chosen(wanted: frozenset[Toolset], *, read_only: bool) -> list[Offered]:
    return [
        one
        for one in OFFERED
        if (Toolset.ALL in wanted or one.toolset in wanted)
        and (one.annotations.read_only_hint or not read_only)
    ]
