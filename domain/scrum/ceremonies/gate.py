"""The ceremony that a sprint waits for before it goes on, and what is said where people pass it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrum.ceremonies.gathering import gathered
from scrum.ceremonies.occurrence import Occurrence
from scrum.ceremonies.policy.model import Policy, resolve
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.schedule import Chosen, Schedule
from scrum.ceremonies.terms import GATES, RETROSPECTIVE, REVIEW
from scrum.ceremonies.triggers.evaluation import evaluate
from scrum.sprint.model import Sprint, State
from scrum.team.project import Project
from scrum.work import Start

_OF = {State.IN_REVIEW: REVIEW, State.RETROSPECTIVE: RETROSPECTIVE}


@dataclass(frozen=True)
class Gate:
    """`occurrence` is the one to answer; None while it is not due."""

    sprint: str
    ceremony: str
    occurrence: Occurrence | None

    @property
    def passed_over(self) -> str:
        name = f"{self.ceremony} {self.occurrence.id}" if self.occurrence else self.ceremony
        return f"It passed over {name}, which nobody held."


def gate_in(
    policy: Policy, schedule: Schedule, state: State, occurrences: Sequence[Occurrence]
) -> Gate | None:
    """None where the sprint waits for no ceremony, as evaluation has it, once it has seen the state.

    `occurrences` are the sprint's, the latest first.
    """
    rule, standing = policy.of(_OF.get(state, "")), schedule.standing
    if rule is None or not (rule.settings.enabled and rule.settings.gate):
        return None
    if standing.state is state and rule.name in standing.settled:
        return None
    mine = (one for one in occurrences if one.ceremony == rule.name and not one.is_settled)
    return Gate(schedule.sprint, rule.name, next(mine, None))


async def open_gate(work: CeremonyWork, project: Project, sprint: Sprint) -> Gate | None:
    """By what is recorded."""
    schedule = await work.schedules.find(sprint.id) if sprint.state in _OF else None
    if schedule is None:
        return None
    chosen = schedule.chosen or Chosen(project.cadence, await work.settings.of(project.key))
    policy = resolve(chosen.cadence, chosen.settings)
    return gate_in(policy, schedule, sprint.state, await work.occurrences.of(sprint.id))


async def due_of(start: Start[CeremonyWork], sprint: str, *, now: datetime) -> tuple[str, ...]:
    """What became due of a sprint by its end, and waits for an answer: as if everything was evaluated now."""
    async with start() as work:
        schedule = await work.schedules.find(sprint)
        if schedule is None:
            return ()
        around = await gathered(work, await work.projects.get(schedule.project), schedule)
        found = evaluate(around.policy, around.facts, schedule.standing, now)
        known = await work.occurrences.of(sprint)
    due = {one.ceremony for one in known if one.ceremony in GATES and not one.is_settled}
    due |= {one.ceremony for one in found.firings}
    return tuple(rule.name for rule in around.policy.ceremonies if rule.name in due)
