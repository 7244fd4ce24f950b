"""Sprints that wait for a ceremony: which tool comes next, and what is said where it is passed over."""

from collections.abc import Awaitable
from dataclasses import replace

from scrum.ceremonies.gate import Gate, open_gate
from scrum.ceremonies.occurrence import Status
from scrum.errors import Unavailable
from scrum.events import By
from scrum.sprint.usecases import SprintAnswer, found
from scrum_tools.run import Run
from scrum_tools.sprints.sprint_view import Detail, SprintView

_RECORDS = "record_ceremony"
_UNSEEN = "This is done. What comes next cannot be read now: get_status says why."


async def sprint_view(run: Run, it: SprintAnswer, detail: Detail = Detail.SUMMARY) -> SprintView:
    """Its next step is the ceremony that it waits for, if any."""
    async with run.look() as work:
        gate = await open_gate(work, it.project, it.sprint)
    view = SprintView.of(it, run.now, detail)
    step = gate_step(run, gate)
    return view.model_copy(update={"next": f"Next: {step}."}) if step else view


async def committed(run: Run, it: SprintAnswer, view: Awaitable[SprintView]) -> SprintView:
    """What was done is told, even where nothing around it can be read by then."""
    try:
        return await view
    except Unavailable:
        return SprintView.of(it, run.now).model_copy(update={"next": _UNSEEN})


async def gate_before(run: Run, project: str, sprint: str) -> Gate | None:
    """Raises UnknownProject or UnknownSprint."""
    async with run.look() as work:
        owner = await work.projects.get(project)
        return await open_gate(work, owner, await found(work, owner.key, sprint))


def passing(by: By, gate: Gate | None) -> By:
    """The reason is that of the caller, where one was given."""
    return by if gate is None or by.reason else replace(by, reason=gate.passed_over)


def passed(run: Run, view: SprintView, gate: Gate | None) -> SprintView:
    if gate is None:
        return view
    still = " record_ceremony still takes what came of it." if run.offers(_RECORDS) else ""
    return view.model_copy(update={"passed_over": f"{gate.passed_over}{still}"})


def gate_step(run: Run, gate: Gate | None) -> str:
    """'' where there is no gate, or nobody can answer it here."""
    if gate is None or not run.offers(_RECORDS):
        return ""
    why = f"{gate.sprint} waits for its {gate.ceremony}"
    one = gate.occurrence
    if one and one.status is Status.DELIVERED:
        return f"get_report with report={one.id!r}, then record_ceremony with occurrence={one.id!r}: {why}"
    if one is None and run.offers("list_ceremonies"):
        return f"list_ceremonies in a moment, then get_report and record_ceremony: {why}"
    which = f" {one.id}" if one else ""
    return f"trigger_ceremony with ceremony={gate.ceremony!r} tells it, then record_ceremony: {why}{which}"
