"""What a ceremony says that was asked for: its report, and what to do with it."""

from datetime import datetime
from typing import Any, Self

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.chronicle.reports import Report
from scrum_tools.reports.report_view import PREVIEW, SectionView, sections, sheet
from scrum_tools.tool import View


class TriggeredView(View):
    """Of a dry run, `occurrence` is empty, and nothing was kept."""

    project: str
    sprint: str
    ceremony: str
    occurrence: str
    status: Status | None
    title: str
    at: datetime
    sections: list[SectionView]
    figures: dict[str, float]
    plan_id: str
    repeated: str = ""
    next: str

    @classmethod
    def previewed(cls, report: Report) -> Self:
        told = "Next: trigger_ceremony without dry_run."
        return cls(occurrence="", status=None, next=f"{PREVIEW} {told}", **_parts(report))

    @classmethod
    def of(cls, one: Occurrence, report: Report, plan_waits: str, before: Occurrence | None = None) -> Self:
        committing = f"commit_plan with plan_id={plan_waits!r}, then " if plan_waits else ""
        told = f"Next: {committing}record_ceremony with occurrence={one.id!r}."
        repeated = _repeated(before) if before else ""
        return cls(occurrence=one.id, status=Status.DELIVERED, repeated=repeated, next=told, **_parts(report))

    def text(self) -> str:
        about = f"{self.occurrence}. " if self.occurrence else ""
        return sheet(f"{about}{self.title}", self.sections, f"{self.repeated} {self.next}".strip())


def _repeated(before: Occurrence) -> str:
    return (
        f"{before.id} was delivered less than a minute before, and waits for an answer too: where this call was only "
        "repeated, record_ceremony skips one of them."
    )


def _parts(report: Report) -> dict[str, Any]:
    return {
        "project": report.project,
        "sprint": report.sprint,
        "ceremony": report.ceremony,
        "title": report.title,
        "at": report.at,
        "sections": sections(report),
        "figures": dict(report.figures),
        "plan_id": report.plan,
    }
