"""get_report: what there is to tell about a project or a sprint."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from scrum.chronicle.model import History, Moment, Order, Span
from scrum.chronicle.usecases import history, subject
from scrum.errors import Unavailable
from scrum_tools.arguments import NoBoolean, Project
from scrum_tools.backlog import BadCursor
from scrum_tools.history_view import HappeningView, history_view
from scrum_tools.run import Run
from scrum_tools.tool import View

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"(\d{1,18})\.([0-9a-f]{32})", re.ASCII)


class ReportKind(StrEnum):
    HISTORY = "history"


class HistoryAway(Unavailable):
    def __init__(self, error: Unavailable) -> None:
        super().__init__(
            f"The history cannot be read now: {error}\nEverything else works meanwhile: plan, start, change and close "
            "sprints. Nothing of it is lost: what happens now is in the history once that is mended."
        )


class ReportView(View):
    """`pending` counts events of the project that are not in its history yet."""

    project: str
    kind: ReportKind
    sprint: str
    order: Order
    happenings: list[HappeningView]
    pending: int
    completeness: str
    next_cursor: str | None

    @classmethod
    def of(cls, kind: ReportKind, span: Span, told: History) -> Self:
        shown = history_view(told.happenings)
        more = told.more or len(shown) < len(told.happenings)
        return cls(
            project=span.project,
            kind=kind,
            sprint=span.sprint,
            order=told.order,
            happenings=shown,
            pending=told.pending,
            completeness=told.completeness,
            next_cursor=_cursor(told.happenings[len(shown) - 1].moment) if more else None,
        )

    def text(self) -> str:
        about = self.sprint or self.project
        if not self.happenings:
            return f"The history of {about} has nothing here yet. {self.completeness}"
        lines = [
            f"History of {about}, {self.order}, times in UTC:",
            *(one.line() for one in self.happenings),
            f"More: get_report with cursor={self.next_cursor!r}." if self.next_cursor else "That is all.",
            self.completeness,
        ]
        return "\n".join(lines)


async def get_report(
    project: Project,
    kind: ReportKind,
    run: Run,
    sprint: Annotated[
        str, Field(description="Sprint id, 'current' or 'next', oldest first; default all, newest first")
    ] = "",
    limit: Annotated[int, Field(ge=1, le=100), NoBoolean] = 50,
    cursor: Annotated[str, Field(description="next_cursor of the page before")] = "",
) -> ReportView:
    """Who did what, when and why, in a sprint or a project. Next: explain_decision."""
    after = _moment(cursor)
    about = await subject(run.look, project, sprint)
    span = Span(about.project, about.sprint, after=after, limit=limit)
    try:
        told = await history(await run.runtime.chronicle(), span, about.published)
    except Unavailable as error:
        raise HistoryAway(error) from error
    return ReportView.of(kind, span, told)


def _cursor(moment: Moment) -> str:
    """Microseconds since 1970, and the id."""
    return f"{(moment.at - _EPOCH) // _MICROSECOND}.{moment.id.hex}"


def _moment(cursor: str) -> Moment | None:
    """Raises BadCursor."""
    if not cursor:
        return None
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise BadCursor(cursor)
    try:
        at = _EPOCH + int(parts[1]) * _MICROSECOND
    except OverflowError as error:
        raise BadCursor(cursor) from error
    return Moment(at, UUID(hex=parts[2]))
