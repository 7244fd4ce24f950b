"""Whether the strategies that a plan followed are those that a plan would follow now."""

from collections.abc import Sequence

from scrum.errors import Unavailable
from scrum.memory.model import Arm
from scrum.planning.model import Plan
from scrum.planning.situation import recorded
from scrum.strategies.applying import Given, arms
from scrum.strategies.model import Record, Status
from scrum.strategies.ports import StrategyWork
from scrum.team.project import Project
from scrum.work import Start


async def turned(plan: Plan, project: Project, memory: Start[StrategyWork]) -> list[str]:
    """What changed, a line each; nothing where memory gave no answer, now or when the plan was made."""
    if plan.unlearned or not plan.figures:
        return []
    try:
        return changes(plan, project, await recorded(memory, plan.project))
    except (TimeoutError, Unavailable):
        return []


def changes(plan: Plan, project: Project, records: Sequence[Record]) -> list[str]:
    """Of what the plan follows, and of what every plan follows now; that another candidate is tested changes no plan."""
    given = Given(project.next_sprint_id, plan.base, plan.base, plan.figures, project.learning)
    now = [strategy for strategy, arm in arms(records, given) if arm is Arm.APPLIED]
    was = {step.name: step.version for step in plan.steps if step.arm is Arm.APPLIED}
    by_now = {one.name: one.version for one in now if one.name in was or one.status is Status.ACTIVE}
    return [
        f"strategy {name}: {_told(was.get(name))} -> {_told(by_now.get(name))}"
        for name in sorted({*was, *by_now})
        if was.get(name) != by_now.get(name)
    ]


def _told(version: int | None) -> str:
    return f"v{version} followed" if version else "not followed"
