"""Resources: what a person attaches to a conversation, as short texts."""

from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from scrum.backlog.model import UnknownItem, Where
from scrum.backlog.usecases import list_items, read_items
from scrum.errors import NotFound, ScrumError
from scrum.sprint import usecases
from scrum.sprint.model import UnknownSprint
from scrum.sprint.velocity import Unit
from scrum_tools.backlog import page_view
from scrum_tools.ceremonies.gates import sprint_view
from scrum_tools.ceremonies.tools import list_ceremonies
from scrum_tools.item_view import item_line, item_view
from scrum_tools.not_offered import marked
from scrum_tools.reports.tools import get_report
from scrum_tools.run import Run, Runtime, run_of
from scrum_tools.sprints.sprint_view import Detail
from scrum_tools.strategies import list_strategies
from scrum_tools.tool import View
from scrum_tools.toolsets import missing
from scrum_tools.velocity import VelocityView

_MIME = "text/plain"
_PAGE = 100
_WINDOW = 10

BACKLOG = "scrum://{project}/backlog"
CURRENT_SPRINT = "scrum://{project}/sprint/current"
VELOCITY = "scrum://{project}/velocity"
CEREMONIES = "scrum://{project}/ceremonies"
REPORT = "scrum://{project}/reports/{id}"
STRATEGIES = "scrum://{project}/strategies"
ITEM = "scrum://{project}/items/{item}"


def add_resources(server: MCPServer[Runtime]) -> None:
    server.resource(BACKLOG, description="The open backlog in its order", mime_type=_MIME)(_backlog)
    server.resource(CURRENT_SPRINT, description="The open sprint", mime_type=_MIME)(_current_sprint)
    server.resource(VELOCITY, description="What past sprints completed", mime_type=_MIME)(_velocity)
    server.resource(
        CEREMONIES, description="Which ceremonies fire next, and which wait for an answer", mime_type=_MIME
    )(_ceremonies)
    server.resource(REPORT, description="What a ceremony was held on", mime_type=_MIME)(_report)
    server.resource(STRATEGIES, description="What was learned, with its evidence", mime_type=_MIME)(
        _strategies
    )
    server.resource(ITEM, description="One item with its description", mime_type=_MIME)(_item)


async def _backlog(project: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        page = await list_items(run.look, project.upper(), Where(), after=None, limit=_PAGE)
        return _told(run, page_view(project.upper(), page, {}))


async def _current_sprint(project: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        try:
            answer = await usecases.get_open_sprint(run.look, project.upper())
        except UnknownSprint as error:
            return str(error)
        return _told(run, await sprint_view(run, answer, Detail.ITEMS))


async def _velocity(project: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        velocity = await usecases.get_velocity(
            run.look, project.upper(), Unit.POINTS_PER_SPRINT, window=_WINDOW
        )
        return _told(run, VelocityView.of(project.upper(), _WINDOW, velocity))


async def _ceremonies(project: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        return _told(run, await list_ceremonies(project.upper(), run))


async def _report(project: str, id: str, ctx: Context[Runtime, Any]) -> str:  # noqa: A002 - named by the address
    async with _Reading(ctx) as run:
        return _told(run, await get_report(project.upper(), run, report=id))


async def _strategies(project: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        return _told(run, await list_strategies(project, run))


async def _item(project: str, item: str, ctx: Context[Runtime, Any]) -> str:
    async with _Reading(ctx) as run:
        key, wanted = project.upper(), item.upper()
        page = await list_items(run.look, key, Where(keys=(wanted,)), after=None, limit=1)
        if not page.items:
            raise UnknownItem([wanted], key)
        descriptions = await read_items(run.look, key, [wanted])
        return f"{item_line(item_view(page.items[0]))}\n\n{descriptions.get(wanted, '')}".strip()


def _told(run: Run, view: View) -> str:
    return marked(view.text(), missing(run.runtime.offered))


class _Reading:
    """A read on behalf of a client: our errors become the protocol's."""

    def __init__(self, ctx: Context[Runtime, Any]) -> None:
        self._ctx = ctx

    async def __aenter__(self) -> Run:
        try:
            return await run_of(self._ctx)
        except ScrumError as error:
            raise ResourceError(str(error)) from error

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if isinstance(error, NotFound):
            raise ResourceNotFoundError(str(error)) from error
        if isinstance(error, ScrumError):
            raise ResourceError(str(error)) from error
