"""get_report of actions: all that are open, page by page."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from scrum.ceremonies.reports.actions import ACTIONS, actions, open_actions
from scrum.ceremonies.reports.gather import gather, remembered
from scrum.ceremonies.reports.paper.material import Asked, Material
from scrum.chronicle.model import Subject
from scrum.chronicle.reports import ActionItem, Report, Section
from scrum.errors import Unavailable
from scrum_tools.reports.report_view import ReportView, micros, moment_of
from scrum_tools.run import Run

_CURSOR = re.compile(r"(\d{1,18})\.([A-Z0-9_-]{1,80})", re.ASCII)
_HEADING = "Open actions"
_TOTALS = ("open actions", "overdue actions")
_NO_MORE = Section(_HEADING, ("No other is open.",))


class NotRead(Unavailable):
    def __init__(self, what: str, error: Unavailable) -> None:
        super().__init__(
            f"{what} cannot be read now: {error}\nNothing of it is lost: ask again once that is mended. Every other "
            "kind of report is made of the facts of now meanwhile."
        )


class Place(NamedTuple):
    """Of an action: the pages are in the order of these."""

    at: datetime
    id: str

    @classmethod
    def of(cls, action: ActionItem) -> "Place":
        return cls(action.agreed_at, action.id)

    def __str__(self) -> str:
        return f"{micros(self.at)}.{self.id}"


class Page(NamedTuple):
    report: Report
    last: Place | None
    """None: nothing follows."""


async def open_page(run: Run, about: Subject, after: Place | None, limit: int) -> ReportView:
    """Raises NotRead."""
    asked = Asked(about.project, about.sprint, ACTIONS, run.now)
    async with run.look() as work:
        material = await gather(work, asked)
    try:
        chronicle = await run.runtime.chronicle()
        async with chronicle() as work:
            material = await remembered(work, material)
    except Unavailable as error:
        raise NotRead("Actions", error) from error
    page = await asyncio.to_thread(_page, material, after, limit)
    return ReportView.of(page.report, next_cursor=str(page.last) if page.last else None)


def place(cursor: str) -> Place | None:
    """None where it is none."""
    parts = _CURSOR.fullmatch(cursor)
    at = moment_of(parts[1]) if parts else None
    return Place(at, parts[2]) if parts and at else None


def _page(material: Material, after: Place | None, limit: int) -> Page:
    every = open_actions(material.kept.actions)
    left = [one for one in every if after is None or Place.of(one) > after]
    shown = left[:limit]
    report = _sheet(material, shown)
    if cut := int(report.figures.get(f"{_HEADING} left out", 0)):
        shown = shown[:-cut]
        report = _sheet(material, shown)
    if after and not shown:
        report = replace(report, sections=(_NO_MORE, *report.sections[1:]))
    totals = actions(material).figures
    figures = {**report.figures, **{name: totals[name] for name in _TOTALS}}
    more = len(shown) < len(left)
    return Page(replace(report, figures=figures), Place.of(shown[-1]) if more else None)


def _sheet(material: Material, shown: list[ActionItem]) -> Report:
    return actions(replace(material, kept=replace(material.kept, actions=tuple(shown))))
