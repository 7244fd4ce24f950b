"""What only the whole policy shows: parts that could never matter, and names that nobody knows."""

from collections.abc import Iterator
from difflib import get_close_matches

from scrum.ceremonies.errors import NeverDue, NoBudget, UnknownChoice
from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.terms import DAILY, GATES, Happened, Strategy
from scrum.errors import Invalid
from scrum.text import quoted

_SLIP = 0.8


class NoMilestones(Invalid):
    def __init__(self, ending: str) -> None:
        super().__init__(
            f"sprint.transition_milestone: {quoted(ending)} ends the sprint, and there are no milestones. Give it under "
            "sprint.milestones, or null for transition_milestone too."
        )


def check_whole(policy: Policy) -> None:
    """Raises Invalid: its message begins with the path."""
    _check_budget(policy)
    _check_milestones(policy)


def remarks(policy: Policy) -> tuple[str, ...]:
    """What is accepted and worth a look, in sentences that begin with the path."""
    return (
        *_unknown_events(policy),
        *_endless(policy),
        *_aimless(policy),
        *_too_early(policy),
        *_too_late(policy),
    )


def items_of(policy: Policy) -> dict[str, frozenset[str]]:
    """The items of milestones, by the path at which they are given."""
    return {
        f"{path(policy, rule)}.milestones.{one.name}.items": one.items
        for rule in reversed((policy.sprint, *policy.ceremonies))
        for one in rule.settings.milestones
        if rule is policy.sprint or one not in policy.sprint.settings.milestones
    }


def path(policy: Policy, rule: Rule) -> str:
    return "sprint" if rule is policy.sprint else f"ceremonies.{rule.name}"


def _check_budget(policy: Policy) -> None:
    if policy.sprint.settings.budget is not None:
        return
    for rule in (policy.sprint, *policy.enabled):
        if rule.strategy is Strategy.BUDGET_DRIVEN:
            raise NoBudget(path(policy, rule))


def _check_milestones(policy: Policy) -> None:
    ending = policy.sprint.settings.transition_milestone
    names = [one.name for one in policy.sprint.settings.milestones]
    if policy.sprint.strategy is Strategy.MILESTONE_DRIVEN and ending and ending not in names:
        raise UnknownChoice("sprint.transition_milestone", ending, names) if names else NoMilestones(ending)
    for one in policy.sprint.settings.milestones:
        rule = policy.of(one.ceremony)
        if one.ceremony and one.name != ending and not (rule and _goes_by_milestones(rule)):
            raise NeverDue(f"sprint.milestones.{one.name}.ceremony", one.ceremony)
    for rule in policy.ceremonies:
        for one in set(rule.settings.milestones) - set(policy.sprint.settings.milestones):
            if one.ceremony not in ("", rule.name):
                raise NeverDue(f"ceremonies.{rule.name}.milestones.{one.name}.ceremony", one.ceremony)


def _goes_by_milestones(rule: Rule) -> bool:
    return rule.settings.enabled and rule.strategy is Strategy.MILESTONE_DRIVEN


def _unknown_events(policy: Policy) -> Iterator[str]:
    for rule in policy.enabled:
        if rule.strategy is Strategy.EVENT_DRIVEN:
            for name in rule.settings.on:
                yield from _unknown(f"ceremonies.{rule.name}.on", name)
    if policy.sprint.strategy is Strategy.EVENT_DRIVEN:
        yield from _unknown("sprint.transition_event", policy.sprint.settings.transition_event)


def _unknown(where: str, name: str) -> Iterator[str]:
    if name in set(Happened):
        return
    close = get_close_matches(name, list(Happened), n=1, cutoff=_SLIP)
    hint = f" Did you mean {str(close[0])!r}?" if close else ""
    yield f"{where}: {name} comes by emit_event only.{hint}"


def _endless(policy: Policy) -> Iterator[str]:
    settings = policy.sprint.settings
    if policy.sprint.strategy is Strategy.MILESTONE_DRIVEN and not settings.transition_milestone:
        names = ", ".join(one.name for one in settings.milestones) or "which has to be given too"
        yield f"sprint.transition_milestone: none ends the sprint, which waits for somebody. Milestones: {names}."


def _aimless(policy: Policy) -> Iterator[str]:
    for rule in policy.enabled:
        key = _AIMS.get(rule.strategy, "")
        if key and not getattr(rule.settings, key):
            yield f"ceremonies.{rule.name}.{key}: it is empty, so that it is never due. Give one, or another strategy."
        if rule.strategy is Strategy.MILESTONE_DRIVEN and not rule.milestones:
            yield (
                f"ceremonies.{rule.name}.milestones: none is its own, so that it is never due. Give it one, or another "
                "strategy."
            )


_AIMS = {
    Strategy.EVENT_DRIVEN: "on",
    Strategy.BUDGET_DRIVEN: "budget_thresholds",
    Strategy.EXTERNAL_TRIGGER: "sources",
}


def _too_early(policy: Policy) -> Iterator[str]:
    for rule in policy.enabled:
        planned = rule.settings.on == (Happened.SPRINT_PLANNED,)
        if rule.strategy is Strategy.EVENT_DRIVEN and planned and rule.name in (DAILY, *GATES):
            yield f"ceremonies.{rule.name}.on: sprint_planned comes before the start, and {rule.name} never does."


def _too_late(policy: Policy) -> Iterator[str]:
    settings = policy.sprint.settings
    if policy.sprint.strategy is not Strategy.BUDGET_DRIVEN or not settings.auto_transition:
        return
    end = 100 * settings.transition_threshold
    for rule in policy.enabled:
        late = [one for one in rule.settings.budget_thresholds if one > end]
        if late and rule.strategy is Strategy.BUDGET_DRIVEN:
            yield (
                f"ceremonies.{rule.name}.budget_thresholds: the sprint goes to review at {end:g} %, before {late[0]:g} % "
                "is spent."
            )
