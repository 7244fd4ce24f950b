"""What a ceremony would be held on now: its report, made of the facts and not kept."""

import asyncio
from dataclasses import replace

from scrum.ceremonies.gathering import NothingToLookAt, sprint_for
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.reports.build import build
from scrum.ceremonies.reports.gather import forgotten, gather, remembered
from scrum.ceremonies.reports.paper.material import Asked, Material
from scrum.ceremonies.terms import PLANNING
from scrum.chronicle.reports import Report
from scrum.errors import Invalid, Unavailable
from scrum.planning import situation
from scrum.planning.model import Plan
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import decided
from scrum_tools.run import Run


async def preview(run: Run, project: str, sprint: str, ceremony: str) -> Report:
    """`sprint` is an id; '' for the one at which it would be held, else the next.

    Raises:
        UnknownProject.
    """
    plan = await _plan(run, project) if ceremony == PLANNING and not sprint else None
    async with run.look() as work:
        about = sprint or await _about(work, project, ceremony)
        material = await gather(work, Asked(project, about, ceremony, run.now), plan)
    return await asyncio.to_thread(build, await _with_the_past(run, material))


async def _with_the_past(run: Run, material: Material) -> Material:
    try:
        chronicle = await run.runtime.chronicle()
        async with chronicle() as work:
            return await remembered(work, material)
    except Unavailable:
        return forgotten(material)


async def rehearsed(run: Run, project: str, ceremony: str) -> Report:
    """What would be told if it was held now.

    Raises:
        UnknownProject, NothingToLookAt.
    """
    async with run.look() as work:
        await sprint_for(work, await work.projects.get(project), ceremony)
    return await preview(run, project, "", ceremony)


async def _about(work: CeremonyWork, project: str, ceremony: str) -> str:
    try:
        found = await sprint_for(work, await work.projects.get(project), ceremony)
    except NothingToLookAt:
        return ""
    return found.id if found else ""


async def _plan(run: Run, project: str) -> Plan | None:
    """As it would be made now, without an id; None where a sprint is open, or none can be made."""
    async with run.look() as work:
        facts = await situation.gather(work, await work.projects.get(project))
    if facts.running:
        return None
    facts = await situation.learned(facts, await run.runtime.memory())
    try:
        plan = await asyncio.to_thread(decided, facts, PlanRequest(), run.by())
    except Invalid:
        return None
    return replace(plan, id="")
