"""Deliver a ceremony: make its report of the facts, keep it, and say so. Each step may come twice, and counts once."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from scrum.ceremonies.attempts import mark
from scrum.ceremonies.becoming_due import AFTERWARDS
from scrum.ceremonies.next_plan import NextPlan, next_plan
from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.reports.build import build
from scrum.ceremonies.reports.gather import gather, remembered
from scrum.ceremonies.reports.paper.material import Asked
from scrum.ceremonies.reports.planning import APPROVAL
from scrum.ceremonies.terms import PLANNING
from scrum.ceremonies.triggers.course import ASKED
from scrum.chronicle.ports import ChronicleWork
from scrum.chronicle.reports import Report, Section
from scrum.events import POLICY, By
from scrum.planning.ports import NO_AIDS, Aids
from scrum.work import Start


@dataclass(frozen=True)
class Means:
    """What a delivery works with; what `aids` lack is made without. `look` only reads, where that is cheaper."""

    core: Start[CeremonyWork]
    chronicle: Start[ChronicleWork]
    aids: Aids = NO_AIDS
    look: Start[CeremonyWork] | None = None

    @property
    def reading(self) -> Start[CeremonyWork]:
        return self.look or self.core


async def deliver(means: Means, occurrence_id: str, *, now: datetime) -> Report:
    """Its report, which is kept by then; the one that is kept already where it was delivered before.

    Raises:
        UnknownOccurrence; Unavailable: a store is away, and nothing but a plan was made.
    """
    async with means.reading() as work:
        occurrence = await work.occurrences.get(occurrence_id)
    report = await prepare(means, occurrence, now=now)
    await mark(means.core, occurrence.id, now=now)
    return report


async def prepare(means: Means, occurrence: Occurrence, *, now: datetime) -> Report:
    """As `deliver`, before it is marked as delivered."""
    kept = await _kept(means, occurrence) if _was_tried(occurrence) else None
    return kept or await _made(means, occurrence, now)


def _was_tried(occurrence: Occurrence) -> bool:
    return occurrence.status is not Status.DUE or occurrence.attempts > 1


async def _kept(means: Means, occurrence: Occurrence) -> Report | None:
    async with means.chronicle() as work:
        return await work.reports.get(occurrence.id)


async def _made(means: Means, occurrence: Occurrence, now: datetime) -> Report:
    if occurrence.ceremony == PLANNING:
        return await _planning(means, occurrence, now)
    asked = Asked(occurrence.project_key, occurrence.sprint, occurrence.ceremony, now, _why(occurrence))
    return await _built(means, asked, occurrence)


async def _planning(means: Means, occurrence: Occurrence, now: datetime) -> Report:
    """It is about the next sprint, where its own is over."""
    made = await next_plan(means.core, occurrence, by=By(POLICY, now), aids=means.aids)
    asked = Asked(occurrence.project_key, made.sprint, PLANNING, now)
    return await _built(means, asked, occurrence, made)


def _why(occurrence: Occurrence) -> str:
    """'' for what somebody asked for: they know."""
    return "" if occurrence.key.startswith((ASKED, AFTERWARDS)) else occurrence.because


async def _built(means: Means, asked: Asked, occurrence: Occurrence, made: NextPlan | None = None) -> Report:
    """Somebody else may be faster: then theirs stays."""
    async with means.reading() as work:
        material = await gather(work, asked, made.plan if made else None)
    async with means.chronicle() as work:
        material = await remembered(work, material, besides=occurrence.id)
        built = await asyncio.to_thread(build, material)
        sections = _opened(built, made) if made else built.sections
        report = replace(built, id=occurrence.id, sprint=occurrence.sprint, sections=sections)
        if not await work.reports.keep(report):
            return await work.reports.get(report.id) or report
        await work.commit()
    return report


def _opened(built: Report, made: NextPlan) -> tuple[Section, ...]:
    """What came of it tells who has to agree, where it is not committed."""
    waits = made.plan is not None and not made.plan.sprint
    rest = (one for one in built.sections if not waits or one.heading != APPROVAL)
    return (Section("What came of it", (made.told,)), *rest)
