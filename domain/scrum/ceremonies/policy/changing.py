"""A change to a project's policy: what it implies, and whether anything uses it."""

from collections.abc import Sequence
from typing import Any

from scrum.ceremonies.errors import NoGate, NoStrategyTakes, NotUsed
from scrum.ceremonies.policy.model import Policy, Rule, resolve
from scrum.ceremonies.policy.settings import KEYS, OF_ALL, OF_GATES, Scope
from scrum.ceremonies.policy.spelling import Document, Values, document, merged
from scrum.ceremonies.terms import GATES, Strategy, Trigger
from scrum.team.project import Cadence

_NUMBER_OF = {Trigger.EVERY_N_COMPLETIONS.value, Trigger.SPRINT_PERCENTAGE.value}
_OF_THE_SPRINT = ("strategy", "time_of_day", "timezone", "milestones", "gap_seconds")
"""Keys that the sprint uses itself, though ceremonies may have their own."""


def changed(cadence: Cadence, before: Document, given: Any) -> Document:
    """The settings of a project with a change to them, which may be spelled in every accepted way.

    Raises:
        Invalid: an unknown key, a value that cannot be, or a key that nothing uses; its message begins with the path.
    """
    change = document(given)
    so_far = _joined(before, Document(change.sprint, {name: {} for name in change.ceremonies}))
    policy = resolve(cadence, so_far)
    change = Document(
        change.sprint, {name: _implied(policy, name, one) for name, one in change.ceremonies.items()}
    )
    after = _joined(before, change)
    _check_used(change, resolve(cadence, after))
    return after


def _joined(before: Document, change: Document) -> Document:
    """A ceremony of which nothing is left after something was taken away is no more."""
    names = dict.fromkeys((*before.ceremonies, *change.ceremonies))
    joined = {name: merged(before.of(name), change.of(name)) for name in names}
    return Document(
        merged(before.sprint, change.sprint),
        {name: one for name, one in joined.items() if one or not change.of(name)},
    )


def _implied(policy: Policy, name: str, given: Values) -> Values:
    """`every_n_completions: 5` says which trigger it means, and `on: task_blocked` which strategy."""
    keys = [key for key, value in given.items() if value is not None]
    numbers = [key for key in keys if key in _NUMBER_OF]
    if len(numbers) == 1 and "trigger" not in given:
        given = {**given, "trigger": numbers[0]}
    rule = policy.of(name)
    if "strategy" in given or rule is None or _takes(rule.strategy, keys):
        return given
    implied = next((strategy for strategy in Strategy if _takes(strategy, keys)), None)
    if implied is None:
        raise NoStrategyTakes(f"ceremonies.{name}", keys)
    return {**given, "strategy": implied.value}


def _takes(strategy: Strategy, keys: Sequence[str]) -> bool:
    return all(KEYS[key].taken_by(strategy) for key in keys)


def _check_used(change: Document, policy: Policy) -> None:
    """Raises NotUsed."""
    for key in _given(change.sprint):
        alone = KEYS[key].scope is Scope.SPRINT or key in _OF_THE_SPRINT
        by = [policy.sprint] if alone else []
        if KEYS[key].scope is Scope.BOTH or key in OF_ALL:
            by += policy.ceremonies
        _check(f"sprint.{key}", key, by, policy.sprint)
    for name, one in change.ceremonies.items():
        rule = policy.of(name)
        for key in _given(one) if rule else ():
            _check(f"ceremonies.{name}.{key}", key, [rule] if rule else [], rule or policy.sprint)


def _given(values: Values) -> list[str]:
    return [key for key, value in values.items() if value is not None]


def _check(path: str, key: str, by: Sequence[Rule], told: Rule) -> None:
    if key in OF_GATES and not any(uses(rule, key) for rule in by):
        raise NoGate(path)
    if not any(uses(rule, key) for rule in by):
        raise NotUsed(path, f"strategy {told.strategy}", KEYS[key].takers, _also(key))


def uses(rule: Rule, key: str) -> bool:
    """A ceremony goes by it, or the sprint does."""
    settings = rule.settings
    if key in OF_GATES:
        return rule.name in GATES
    if not KEYS[key].taken_by(settings.strategy):
        return False
    if key == Trigger.EVERY_N_COMPLETIONS:
        hybrid = settings.strategy is Strategy.HYBRID and settings.also_trigger_every_n
        return settings.trigger is Trigger.EVERY_N_COMPLETIONS and not hybrid
    return key != Trigger.SPRINT_PERCENTAGE or settings.trigger is Trigger.SPRINT_PERCENTAGE


def _also(key: str) -> str:
    if key == Trigger.EVERY_N_COMPLETIONS:
        return "with trigger every_n_completions, where also_trigger_every_n is not given"
    return "with trigger sprint_percentage" if key == Trigger.SPRINT_PERCENTAGE else ""
