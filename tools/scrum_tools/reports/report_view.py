"""A report as tools answer it: the history, or what a ceremony is held on."""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import BaseModel

from scrum.chronicle.model import History, Moment, Order, Span
from scrum.chronicle.reports import Report
from scrum_tools.reports.history_view import HappeningView, history_view
from scrum_tools.tool import View

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
HISTORY = "history"
PREVIEW = "A preview, made of the facts of now: nothing was kept."


class SectionView(BaseModel):
    heading: str
    lines: list[str]


class ReportView(View):
    """A history has `order` to `next_cursor`, every other kind has what follows, and actions `next_cursor` as well.

    `report` is the id of a kept one.
    """

    project: str
    kind: str
    sprint: str
    order: Order | None = None
    happenings: list[HappeningView] | None = None
    pending: int | None = None
    completeness: str = ""
    next_cursor: str | None = ""
    report: str | None = ""
    at: datetime | None = None
    title: str = ""
    sections: list[SectionView] | None = None
    figures: dict[str, float] | None = None
    plan_id: str = ""
    next: str = ""

    @classmethod
    def of_history(cls, span: Span, told: History) -> Self:
        shown = history_view(told.happenings)
        more = told.more or len(shown) < len(told.happenings)
        return cls(
            project=span.project,
            kind=HISTORY,
            sprint=span.sprint,
            order=told.order,
            happenings=shown,
            pending=told.pending,
            completeness=told.completeness,
            next_cursor=_cursor(told.happenings[len(shown) - 1].moment) if more else None,
        )

    @classmethod
    def of(cls, report: Report, *, next_cursor: str | None = "", step: str = "") -> Self:
        return cls(
            project=report.project,
            kind=report.ceremony,
            sprint=report.sprint,
            next_cursor=next_cursor,
            report=report.id or None,
            at=report.at,
            title=report.title,
            sections=sections(report),
            figures=dict(report.figures),
            plan_id=report.plan,
            next=step,
        )

    def text(self) -> str:
        return self._history() if self.sections is None else sheet(self.title, self.sections, self._next())

    def _history(self) -> str:
        about = self.sprint or self.project
        if not self.happenings:
            return f"The history of {about} has nothing here yet. {self.completeness}"
        lines = [
            f"History of {about}, {self.order}, times in UTC:",
            *(one.line() for one in self.happenings),
            self._more() or "That is all.",
            self.completeness,
        ]
        return "\n".join(lines)

    def _next(self) -> str:
        if self.report:
            return f"It is kept as {self.report}. {self.next}".strip()
        return f"{self._more()}\n{PREVIEW}".strip()

    def _more(self) -> str:
        return f"More: get_report with cursor={self.next_cursor!r}." if self.next_cursor else ""


def sections(report: Report) -> list[SectionView]:
    return [SectionView(heading=one.heading, lines=list(one.lines)) for one in report.sections]


def sheet(title: str, told: list[SectionView], last: str) -> str:
    parts = [f"{one.heading}:\n" + "\n".join(f"- {line}" for line in one.lines) for one in told]
    return "\n".join([title, *parts, last])


def _cursor(moment: Moment) -> str:
    """Microseconds since 1970, and the id."""
    return f"{micros(moment.at)}.{moment.id.hex}"


def micros(at: datetime) -> int:
    """Since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(micros: str) -> datetime | None:
    """None where it is beyond the calendar."""
    try:
        return _EPOCH + int(micros) * _MICROSECOND
    except OverflowError:
        return None
