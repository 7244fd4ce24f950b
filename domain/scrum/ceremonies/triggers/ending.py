"""Whether a sprint goes to review because of what happened, by its strategy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scrum.ceremonies.policy.settings import Settings
from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.triggers.crossing import matches
from scrum.ceremonies.triggers.facts import Happening
from scrum.ceremonies.triggers.milestones import is_reached, reached
from scrum.ceremonies.triggers.standing import Circumstances, Standing
from scrum.text import are, named


@dataclass(frozen=True)
class _Case:
    around: Circumstances
    standing: Standing
    happening: Happening
    events: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        return self.around.policy.sprint.settings


def ended(around: Circumstances, standing: Standing, happening: Happening, events: tuple[str, ...]) -> str:
    """Why, in one sentence; empty when it does not."""
    case = _Case(around, standing, happening, events)
    return _BY[case.settings.strategy](case)


def _by_time(_case: _Case) -> str:
    return ""


def _by_share(case: _Case) -> str:
    standing = case.standing
    if standing.share < case.settings.transition_threshold:
        return ""
    return f"{are(standing.done, 'item', of=standing.items)} done."


def _by_either(case: _Case) -> str:
    return _by_share(case) if case.settings.auto_complete_on_tasks_done else ""


def _by_event(case: _Case) -> str:
    wanted = case.settings.transition_event
    seen = wanted in case.events or matches((wanted,), case.happening.name, case.happening.source)
    return f"{named(wanted)} was seen." if seen else ""


def _by_budget(case: _Case) -> str:
    spent = case.around.spent_share(case.standing)
    if spent < case.settings.transition_threshold:
        return ""
    return f"{spent * 100:.4g} % of the budget is spent."


def _by_milestone(case: _Case) -> str:
    name = case.settings.transition_milestone
    wanted = next((one for one in case.settings.milestones if one.name == name), None)
    if wanted is None or not is_reached(case.around, case.standing, wanted):
        return ""
    return reached(case.around, case.standing, wanted)


_BY: Mapping[Strategy, Callable[[_Case], str]] = {
    Strategy.TASK_DRIVEN: _by_share,
    Strategy.CALENDAR: _by_time,
    Strategy.HYBRID: _by_either,
    Strategy.EVENT_DRIVEN: _by_event,
    Strategy.BUDGET_DRIVEN: _by_budget,
    Strategy.THROUGHPUT_ADAPTIVE: _by_share,
    Strategy.EXTERNAL_TRIGGER: _by_event,
    Strategy.MILESTONE_DRIVEN: _by_milestone,
}
