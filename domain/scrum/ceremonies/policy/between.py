"""Between two sprints: when a policy may change, and what a change starts over."""

from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.terms import Strategy
from scrum.errors import Refused
from scrum.sprint.model import State
from scrum.text import named


class PolicyLocked(Refused):
    def __init__(self, sprint: str) -> None:
        super().__init__(
            f"The ceremony policy is locked while {sprint} runs. Call close_sprint, or change it between two sprints; "
            "trigger_ceremony makes one ceremony due now."
        )


def check_unlocked(sprint: str, state: State) -> None:
    """Raises PolicyLocked: a sprint keeps the policy that it began with."""
    if state.is_running:
        raise PolicyLocked(sprint)


def restarts(before: Policy, after: Policy) -> tuple[str, ...]:
    """What starts over with the next sprint, in plain sentences; empty when no strategy changed."""
    found = [_restart(rule, after.of(rule.name)) for rule in before.ceremonies]
    sentences = [sentence for sentence in found if sentence]
    was, now = before.sprint.strategy, after.sprint.strategy
    if was is not now:
        sentences.insert(0, f"The next sprint is {now} instead of {was}: it goes to review {_end(after)}.")
    if sentences:
        sentences.append("Velocity stays comparable in its unit: what counts as completed does not change.")
    return tuple(sentences)


def _restart(before: Rule, after: Rule | None) -> str:
    if after is None:
        return f"{before.name} is no more."
    was, now = before.strategy, after.strategy
    if was is now or not after.settings.enabled:
        return ""
    return (
        f"{before.name} is {now} instead of {was}: its {_KEPT[was]} ends, and its {_KEPT[now]} starts over."
    )


_KEPT = {
    Strategy.TASK_DRIVEN: "count of completions",
    Strategy.CALENDAR: "grid of slots",
    Strategy.HYBRID: "grid of slots with its count of completions",
    Strategy.EVENT_DRIVEN: "count of events",
    Strategy.BUDGET_DRIVEN: "list of thresholds that were crossed",
    Strategy.THROUGHPUT_ADAPTIVE: "baseline",
    Strategy.EXTERNAL_TRIGGER: "count of external events",
    Strategy.MILESTONE_DRIVEN: "list of milestones that were done",
}


def _end(policy: Policy) -> str:
    settings = policy.sprint.settings
    if not settings.auto_transition:
        return "when somebody takes it there: auto_transition is off"
    if settings.strategy is Strategy.HYBRID and not settings.auto_complete_on_tasks_done:
        return "when its days are over"
    if settings.strategy is Strategy.MILESTONE_DRIVEN and not settings.transition_milestone:
        return "when somebody takes it there: transition_milestone names none"
    return _ENDS[settings.strategy].format(
        event=settings.transition_event, goal=named(settings.transition_milestone)
    )


_ENDS = {
    Strategy.TASK_DRIVEN: "when enough of its items are done",
    Strategy.CALENDAR: "when its days are over",
    Strategy.HYBRID: "when its days are over or its items are done, whichever is first",
    Strategy.EVENT_DRIVEN: "when {event} is seen",
    Strategy.BUDGET_DRIVEN: "when the budget is spent",
    Strategy.THROUGHPUT_ADAPTIVE: "when enough of its items are done",
    Strategy.EXTERNAL_TRIGGER: "when {event} is seen",
    Strategy.MILESTONE_DRIVEN: "when all items of {goal} are done",
}
