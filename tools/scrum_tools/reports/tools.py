"""get_report: what there is to tell about a project or a sprint."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import Field

from scrum.chronicle.model import Moment, Span
from scrum.chronicle.reports import Report
from scrum.chronicle.usecases import history, kept_report, subject
from scrum.errors import Invalid, Unavailable
from scrum.text import choices
from scrum_tools.arguments import NoBoolean, Project
from scrum_tools.backlog import BadCursor
from scrum_tools.ceremonies.unanswered import uncommitted
from scrum_tools.reports.actions import NotRead, open_page, place
from scrum_tools.reports.preview import preview
from scrum_tools.reports.report_view import ReportView, moment_of
from scrum_tools.run import Run

T = TypeVar("T")

_CURSOR = re.compile(r"(\d{1,18})\.([0-9a-f]{32})", re.ASCII)


class ReportKind(StrEnum):
    HISTORY = "history"
    PLANNING = "sprint_planning"
    DAILY = "daily_scrum"
    REFINEMENT = "backlog_refinement"
    REVIEW = "sprint_review"
    RETROSPECTIVE = "retrospective"
    IMPEDIMENTS = "impediments"
    ACTIONS = "actions"


class NoKind(Invalid):
    def __init__(self) -> None:
        super().__init__(f"kind: is required, unless report is given. Kinds: {choices(ReportKind)}.")


class HistoryAway(Unavailable):
    def __init__(self, error: Unavailable) -> None:
        super().__init__(
            f"The history cannot be read now: {error}\nEverything else works meanwhile: plan, start, change and close "
            "sprints. Nothing of it is lost: what happens now is in the history once that is mended."
        )


async def get_report(
    project: Project,
    run: Run,
    kind: Annotated[ReportKind, Field(description="Needed unless report is given")] | None = None,
    sprint: Annotated[
        str, Field(description="Sprint id, 'current' or 'next'; default of a history: all, newest first")
    ] = "",
    report: Annotated[str, Field(description="A kept one: the id of its ceremony, like SHOP-S3-C2")] = "",
    limit: Annotated[int, Field(ge=1, le=100, description="Of a history, or of actions"), NoBoolean] = 50,
    cursor: Annotated[str, Field(description="next_cursor of the page before")] = "",
) -> ReportView:
    """Who did what, when and why; or what a ceremony is held on, made of the facts of now unless report names a kept one.

    Next: record_ceremony, explain_decision.
    """
    about = await subject(run.look, project, sprint)
    if report:
        kept = await _kept(run, about.project, report)
        return ReportView.of(kept, step=await _committing(run, kept))
    if kind is None:
        raise NoKind
    if kind is ReportKind.ACTIONS:
        return await open_page(run, about, _after(cursor, place), limit)
    if kind is not ReportKind.HISTORY:
        return ReportView.of(await preview(run, about.project, about.sprint, kind))
    span = Span(about.project, about.sprint, after=_after(cursor, _moment), limit=limit)
    try:
        told = await history(await run.runtime.chronicle(), span, about.published)
    except Unavailable as error:
        raise HistoryAway(error) from error
    return ReportView.of_history(span, told)


async def _kept(run: Run, project: str, name: str) -> Report:
    try:
        return await kept_report(await run.runtime.chronicle(), project, name)
    except Unavailable as error:
        raise NotRead("Kept reports", error) from error


async def _committing(run: Run, kept: Report) -> str:
    plan = await uncommitted(run.look, kept, run.now) if run.offers("commit_plan") else ""
    return f"Next: commit_plan with plan_id={plan!r}, then record_ceremony." if plan else ""


def _after(cursor: str, read: Callable[[str], T | None]) -> T | None:
    """Raises BadCursor."""
    after = read(cursor) if cursor else None
    if cursor and after is None:
        raise BadCursor(cursor)
    return after


def _moment(cursor: str) -> Moment | None:
    """None where it is none."""
    parts = _CURSOR.fullmatch(cursor)
    at = moment_of(parts[1]) if parts else None
    return Moment(at, UUID(hex=parts[2])) if parts and at else None
