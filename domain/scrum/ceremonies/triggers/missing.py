"""What a ceremony waits for, in one plain sentence, for each strategy."""

from collections.abc import Callable, Mapping
from datetime import datetime

from scrum.ceremonies.policy.model import Rule
from scrum.ceremonies.policy.settings import Milestone
from scrum.ceremonies.terms import ONCE_A_SPRINT, RETROSPECTIVE, Strategy, Trigger
from scrum.ceremonies.triggers.alarms import end_of, next_slot
from scrum.ceremonies.triggers.crossing import every, hears, percentage
from scrum.ceremonies.triggers.milestones import is_lost, stands
from scrum.ceremonies.triggers.standing import Circumstances, Rates, Standing
from scrum.ceremonies.triggers.times import lasting, time_of
from scrum.sprint.model import State
from scrum.text import are, choices, counted, named


def missing(around: Circumstances, standing: Standing, rule: Rule) -> str:
    """Why it is not due."""
    if not rule.settings.enabled:
        return "It is switched off."
    if not standing.state.is_open:
        return f"The sprint is {standing.state}."
    if standing.turn(rule).waiting:
        return _waiting(standing, rule)
    if standing.state is State.PLANNED and not _lives_before(around, standing, rule):
        return _to_start(around, standing)
    if standing.state is not State.ACTIVE and not _lives_always(rule):
        return "The sprint is no longer in progress."
    return _BY[rule.strategy](around, standing, rule)


def _to_start(around: Circumstances, standing: Standing) -> str:
    return "The sprint has not started." if around.is_planned(standing) else "The sprint is not planned yet."


def _lives_before(around: Circumstances, standing: Standing, rule: Rule) -> bool:
    if rule.strategy in _SIGNALS:
        return around.is_planned(standing) and hears(rule, standing.state)
    return _lives_always(rule)


def _lives_always(rule: Rule) -> bool:
    ends = rule.settings.trigger in (Trigger.SPRINT_START, Trigger.SPRINT_END)
    return rule.strategy in _SIGNALS or (rule.strategy.has_tasks and ends)


_SIGNALS = (Strategy.EVENT_DRIVEN, Strategy.EXTERNAL_TRIGGER)


def _waiting(standing: Standing, rule: Rule) -> str:
    number = standing.turn(rule).waits
    wait = "waits" if number == 1 else "wait"
    gap = lasting(rule.settings.gap_seconds, "second")
    return f"{counted(number, 'occurrence')} {wait} until {gap} after it was last due."


def _tasks(around: Circumstances, standing: Standing, rule: Rule) -> str:
    turn, wanted = standing.turn(rule), percentage(rule.settings)
    if rule.settings.trigger in (Trigger.SPRINT_START, Trigger.SPRINT_END):
        return _bounds(around, standing, rule)
    if wanted is None:
        return _to_go(standing, rule)
    if f"percentage:{wanted:g}" in turn.passed:
        return f"It was due when {wanted:g} % of the items were done, which is once in a sprint."
    if not standing.items:
        return "The sprint has no items."
    return f"{are(standing.done, 'item', of=standing.items)} done; it is due at {wanted:g} %."


def _bounds(around: Circumstances, standing: Standing, rule: Rule) -> str:
    starts = rule.settings.trigger is Trigger.SPRINT_START
    if ("start" if starts else "end") in standing.turn(rule).passed:
        return f"It was due when {_bound(rule)}, which is once in a sprint."
    if starts or not (standing.started or around.is_planned(standing)):
        return _to_start(around, standing)
    return "The review is not over." if rule.name == RETROSPECTIVE else "The sprint has not gone to review."


def _bound(rule: Rule) -> str:
    if rule.settings.trigger is Trigger.SPRINT_START:
        return "the sprint started"
    return "the review was over" if rule.name == RETROSPECTIVE else "the sprint went to review"


def _was_due(standing: Standing, rule: Rule) -> bool:
    """By what a sprint has once."""
    wanted = percentage(rule.settings)
    once = {"start", "end"} if wanted is None else {f"percentage:{wanted:g}"}
    return not once.isdisjoint(standing.turn(rule).passed)


def _to_go(standing: Standing, rule: Rule) -> str:
    number = every(rule.settings)
    so_far = max(0, standing.peak - standing.turn(rule).mark)
    return f"{so_far} of {counted(number, 'completion')} since it last counted; {number - so_far} to go."


def _calendar(around: Circumstances, standing: Standing, rule: Rule) -> str:
    slot = next_slot(around, standing, rule)
    if slot is None or standing.started is None:
        return "Its frequency has no further slot on a working day within a year."
    at = time_of(around, rule, around.clock.real(slot))
    if _ends_before(around, standing, slot):
        return f"Its next slot, {at}, is after the sprint's end."
    if standing.turn(rule).taken:
        return f"Its slot at {at} is taken by {taken_by(standing, rule)}, which came first."
    return f"Its next slot is {at}."


def taken_by(standing: Standing, rule: Rule) -> str:
    kind = standing.turn(rule).taken.partition(":")[0]
    return _TAKERS.get(kind, "what was due before")


def _ends_before(around: Circumstances, standing: Standing, slot: datetime) -> bool:
    settings = around.policy.sprint.settings
    by_time = settings.strategy.has_calendar and settings.auto_transition
    return by_time and end_of(around, standing) <= slot


def _hybrid(around: Circumstances, standing: Standing, rule: Rule) -> str:
    if standing.state is not State.ACTIVE:
        return _tasks(around, standing, rule)
    return _calendar(around, standing, rule) + besides(around, standing, rule)


def besides(around: Circumstances, standing: Standing, rule: Rule) -> str:
    """What makes it due before its slot; empty where nothing does."""
    if rule.strategy is not Strategy.HYBRID or standing.state is not State.ACTIVE:
        return ""
    told = f" Or by its items: {_to_go(standing, rule)}" if every(rule.settings) else ""
    if rule.settings.trigger is Trigger.EVERY_N_COMPLETIONS or _was_due(standing, rule):
        return told
    return f"{told} Or: {_tasks(around, standing, rule)}"


def _events(_around: Circumstances, standing: Standing, rule: Rule) -> str:
    if not rule.settings.on:
        return _aimless("event")
    names, debounce = choices(rule.settings.on), rule.settings.debounce
    if debounce == 1 and set(rule.settings.on) <= set(ONCE_A_SPRINT):
        return f"It waits for {names}."
    return f"{standing.turn(rule).events} of {counted(debounce, 'event')} since it last counted ({names})."


def _budget(around: Circumstances, standing: Standing, rule: Rule) -> str:
    if not around.facts.budget:
        return "The sprint has no budget."
    if not rule.settings.budget_thresholds:
        return _aimless("threshold")
    spent = around.spent_share(standing) * 100
    passed = standing.turn(rule).passed
    left = [one for one in rule.settings.budget_thresholds if f"budget:{one:g}" not in passed]
    if not left:
        return f"{spent:.4g} % of the budget is spent, and every threshold was crossed."
    return f"{spent:.4g} % of the budget is spent; it is due at {left[0]:g} %."


def _throughput(_around: Circumstances, standing: Standing, rule: Rule) -> str:
    rates, settings = standing.turn(rule).rates, rule.settings
    if rates.stalled:
        return "It was due for this stall; the next completion ends it."
    if not rates.baseline:
        return _to_baseline(rates, settings.window)
    if rates.outside:
        return f"It was due for this {rates.outside}, and the rate is still outside of its band."
    return f"The rate is within {settings.drop:g} % below and {settings.spike:g} % above the baseline."


def _to_baseline(rates: Rates, window: int) -> str:
    if rates.completions >= window:
        return (
            f"There is no baseline yet: of the last {counted(window, 'completion')}, some were told at once."
        )
    return f"There is no baseline yet: {rates.completions} of {counted(window, 'completion')}."


def _outside(_around: Circumstances, _standing: Standing, rule: Rule) -> str:
    sources = rule.settings.sources
    return f"Nothing new came from {choices(sources)}." if sources else _aimless("source")


def _milestones(around: Circumstances, standing: Standing, rule: Rule) -> str:
    if not rule.milestones:
        return _aimless("milestone")
    passed = standing.turn(rule).passed
    left = [one for one in rule.milestones if f"milestone:{one.name}" not in passed]
    if not left:
        return "All its milestones are done."
    return f"{'; '.join(_of_milestone(around, standing, one) for one in left)}."


def _of_milestone(around: Circumstances, standing: Standing, one: Milestone) -> str:
    if is_lost(around, standing, one):
        return f"{named(one.name)} cannot be reached: all its items are cancelled"
    return f"{named(one.name)} {stands(around, standing, one)}"


def _aimless(what: str) -> str:
    return f"No {what} is its own: set_ceremonies gives it one, between two sprints."


_TAKERS = {
    "completions": "its completions",
    "percentage": "the share of done items",
    "start": "the start of the sprint",
    "end": "the end of the sprint",
}
_BY: Mapping[Strategy, Callable[[Circumstances, Standing, Rule], str]] = {
    Strategy.TASK_DRIVEN: _tasks,
    Strategy.CALENDAR: _calendar,
    Strategy.HYBRID: _hybrid,
    Strategy.EVENT_DRIVEN: _events,
    Strategy.BUDGET_DRIVEN: _budget,
    Strategy.THROUGHPUT_ADAPTIVE: _throughput,
    Strategy.EXTERNAL_TRIGGER: _outside,
    Strategy.MILESTONE_DRIVEN: _milestones,
}
