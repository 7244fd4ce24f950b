"""Where projects stand, and which step comes next."""

from dataclasses import dataclass

from scrum.planning.ports import PlanningWork
from scrum.sprint.model import State
from scrum.sprint.usecases import past_sprints
from scrum.work import Start


@dataclass(frozen=True)
class Standing:
    """`state` is that of the open sprint; None when there is none. `current` is that sprint, else the next one."""

    project: str
    members: int
    open_items: int
    unestimated: int
    blocked: int
    past_sprints: int
    sprint: str
    state: State | None
    current: str

    @property
    def next_step(self) -> str:
        """The tool to call next."""
        if self.state is State.PLANNED:
            return "start_sprint"
        if self.state is State.ACTIVE:
            return "update_items or get_sprint, close_sprint when it is over"
        if self.state is not None:
            return "close_sprint"
        if not self.open_items:
            return "add_items"
        return "plan_sprint" if self.members else "set_team"


async def overview(start: Start[PlanningWork], project: str) -> list[Standing]:
    """One project, or all of them for ''.

    Raises:
        UnknownProject.
    """
    async with start() as work:
        keys = [(await work.projects.get(project)).key] if project else await work.projects.keys()
        return [await _standing(work, key) for key in keys]


async def _standing(work: PlanningWork, key: str) -> Standing:
    project = await work.projects.get(key)
    items = await work.items.open(key)
    sprint = await work.sprints.open(key)
    return Standing(
        project=key,
        members=len((await work.teams.get(key)).members),
        open_items=len(items),
        unestimated=sum(item.points is None for item in items),
        blocked=sum(item.block is not None for item in items),
        past_sprints=len(await past_sprints(work, project)),
        sprint=sprint.id if sprint else "",
        state=sprint.state if sprint else None,
        current=sprint.id if sprint else project.next_sprint_id,
    )
