"""What a sprint waits for before it goes on, in one plain sentence."""

from collections.abc import Callable, Mapping
from datetime import datetime

from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.triggers.alarms import end_of, gate_of, next_step
from scrum.ceremonies.triggers.milestones import is_lost, stands
from scrum.ceremonies.triggers.standing import Circumstances, Standing
from scrum.ceremonies.triggers.times import time_of
from scrum.sprint.model import State
from scrum.text import are, named


def waits_for(around: Circumstances, standing: Standing) -> str:
    match standing.state:
        case State.PLANNED:
            return _to_start(around, standing)
        case State.ACTIVE:
            return _to_review(around, standing)
        case State.IN_REVIEW | State.RETROSPECTIVE:
            return _behind_a_gate(around, standing)
        case _:
            return f"The sprint is {standing.state}."


def _to_start(around: Circumstances, standing: Standing) -> str:
    if not around.is_planned(standing):
        return (
            "It waits for a plan that is committed: plan_sprint makes one, and so does trigger_ceremony with "
            "sprint_planning; commit_plan takes it."
        )
    if not around.policy.sprint.settings.auto_start:
        return "It waits for somebody to start it: auto_start is off."
    at = next_step(around, standing)
    return (
        f"It starts at {_shown(around, at)}."
        if at
        else "It has no open item to start with: change_sprint adds one."
    )


def _to_review(around: Circumstances, standing: Standing) -> str:
    settings = around.policy.sprint.settings
    if not settings.auto_transition:
        return "It waits for somebody to end it: auto_transition is off."
    return _BY[settings.strategy](around, standing)


def _behind_a_gate(around: Circumstances, standing: Standing) -> str:
    gate, at = gate_of(around.policy, standing), next_step(around, standing)
    if gate is None or at is None:
        return "It waits for somebody to end it: auto_transition is off."
    return f"It waits for {gate.name}, until {_shown(around, at)}."


def _shown(around: Circumstances, real: datetime) -> str:
    return time_of(around, around.policy.sprint, real)


def _by_share(around: Circumstances, standing: Standing) -> str:
    if not standing.items:
        return "The sprint has no items."
    wanted = around.policy.sprint.settings.transition_threshold
    return f"{are(standing.done, 'item', of=standing.items)} done; it goes to review at {wanted * 100:.4g} %."


def _by_days(around: Circumstances, standing: Standing) -> str:
    return f"It goes to review at {_shown(around, around.clock.real(end_of(around, standing)))}."


def _by_either(around: Circumstances, standing: Standing) -> str:
    days = _by_days(around, standing)
    if not around.policy.sprint.settings.auto_complete_on_tasks_done:
        return days
    return f"{days} Or before: {_by_share(around, standing)}"


def _by_event(around: Circumstances, _standing: Standing) -> str:
    return f"It goes to review when {named(around.policy.sprint.settings.transition_event)} is seen."


def _by_budget(around: Circumstances, standing: Standing) -> str:
    if not around.facts.budget:
        return "The sprint has no budget."
    spent = around.spent_share(standing)
    wanted = around.policy.sprint.settings.transition_threshold
    return f"{spent * 100:.4g} % of the budget is spent; it goes to review at {wanted * 100:.4g} %."


def _by_milestone(around: Circumstances, standing: Standing) -> str:
    settings = around.policy.sprint.settings
    wanted = next((one for one in settings.milestones if one.name == settings.transition_milestone), None)
    if wanted is None:
        return "No milestone ends it, for transition_milestone names none: change_sprint does, with action review."
    name = named(wanted.name)
    if is_lost(around, standing, wanted):
        return f"All items of {name} are cancelled, so that it cannot end the sprint: change_sprint does, with action review."
    return f"It goes to review with {name}, which {stands(around, standing, wanted)}."


_BY: Mapping[Strategy, Callable[[Circumstances, Standing], str]] = {
    Strategy.TASK_DRIVEN: _by_share,
    Strategy.CALENDAR: _by_days,
    Strategy.HYBRID: _by_either,
    Strategy.EVENT_DRIVEN: _by_event,
    Strategy.BUDGET_DRIVEN: _by_budget,
    Strategy.THROUGHPUT_ADAPTIVE: _by_share,
    Strategy.EXTERNAL_TRIGGER: _by_event,
    Strategy.MILESTONE_DRIVEN: _by_milestone,
}
