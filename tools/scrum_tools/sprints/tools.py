"""start_sprint, change_sprint, get_sprint and close_sprint."""

from typing import Annotated

from pydantic import Field

from scrum.ceremonies.gate import due_of
from scrum.planning.older import tell_decision
from scrum.sprint import change, usecases
from scrum.sprint.change import Action, SprintChange
from scrum.sprint.model import LEAST_SPENT, MOST_SPENT, CarryOver
from scrum.text import choices
from scrum_tools import arguments
from scrum_tools.ceremonies.gates import committed, gate_before, passed, passing, sprint_view
from scrum_tools.run import Run, project_of
from scrum_tools.sprints.sprint_view import Detail, SprintView

Spent = Annotated[
    float,
    Field(ge=LEAST_SPENT, le=MOST_SPENT, description="Its cost, always in one unit: money, tokens or hours"),
    arguments.NoBoolean,
]


async def start_sprint(sprint: arguments.Sprint, run: Run, project: arguments.AnyProject = "") -> SprintView:
    """Freeze the commitment and start the sprint; use after commit_plan. Next: update_items, get_sprint."""
    where = await project_of(run, sprint, project)
    return SprintView.of(await usecases.start_sprint(run.core, where, sprint, by=run.by()), run.now)


async def change_sprint(
    sprint: arguments.Sprint,
    action: Action,
    run: Run,
    items: Annotated[list[arguments.Key], Field(description="For add and remove")] | None = None,
    days: Annotated[arguments.Whole, Field(description="For extend; negative shortens")] = 0,
    goal: Annotated[str, Field(description="For goal")] = "",
    reason: arguments.Reason = "",
    project: arguments.AnyProject = "",
) -> SprintView:
    """Change an open sprint: add or remove items (scope change), extend, set the goal, move on, or cancel.

    Next: get_sprint.
    """
    where = await project_of(run, sprint, project)
    wanted = SprintChange(action, tuple(items or ()), days, goal)
    if action is Action.CANCEL:
        await tell_decision(run.core, where, sprint)
    gate = await gate_before(run, where, sprint)
    by = passing(run.by(reason), gate)
    done = await change.change_sprint(run.core, where, sprint, wanted, by=by)
    return passed(run, await committed(run, done, sprint_view(run, done)), gate)


async def get_sprint(
    run: Run,
    project: arguments.AnyProject = "",
    sprint: arguments.Sprint = "current",
    detail: Detail = Detail.SUMMARY,
) -> SprintView:
    """State, ledger figures, burndown and chance to finish; detail adds the items or the ledger, newest first.

    Next: update_items, change_sprint or close_sprint.
    """
    where = await project_of(run, sprint, project)
    it = await usecases.get_sprint(run.look, where, sprint)
    view = await sprint_view(run, it, detail)
    return await _with_what_is_due(run, view) if _has_nothing_left(it) else view


def _has_nothing_left(it: usecases.SprintAnswer) -> bool:
    """The project's last sprint, where all that was begun in it is done."""
    last = it.project.next_sprint == it.sprint.number + 1
    return last and it.sprint.started_at is not None and not any(item.is_open for item in it.items)


async def close_sprint(
    sprint: arguments.Sprint,
    run: Run,
    carry_over: Annotated[
        CarryOver,
        Field(description="Unfinished items go back to the backlog, or are promised to the next sprint"),
    ] = CarryOver.BACKLOG,
    spent: Spent | None = None,
    reason: arguments.Reason = "",
    project: arguments.AnyProject = "",
) -> SprintView:
    """Freeze the result and carry unfinished items over. Next: explain_decision, plan_sprint."""
    where = await project_of(run, sprint, project)
    await tell_decision(run.core, where, sprint)
    gate = await gate_before(run, where, sprint)
    by = passing(run.by(reason), gate)
    done = await usecases.close_sprint(run.core, where, sprint, carry_over, by=by, spent=spent)
    return passed(run, await committed(run, done, _closed_view(run, done)), gate)


async def _closed_view(run: Run, it: usecases.SprintAnswer) -> SprintView:
    return await _with_what_is_due(run, await sprint_view(run, it))


async def _with_what_is_due(run: Run, view: SprintView) -> SprintView:
    found = await due_of(run.look, view.sprint, now=run.now) if run.offers("list_ceremonies") else ()
    due = [name for name in found if name not in view.next]
    if not due:
        return view
    told = f"Due now: {choices(due)} of {view.sprint}; list_ceremonies shows in a moment what waits for an answer."
    return view.model_copy(update={"next": f"{told} {view.next}"})
