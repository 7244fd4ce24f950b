"""Events that happen elsewhere, as somebody tells of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrum.ceremonies.errors import BadSetting
from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.policy.readers import event, mapping, number
from scrum.ceremonies.policy.settings import EXTERNAL
from scrum.ceremonies.terms import Happened, Strategy
from scrum.ceremonies.triggers.crossing import hears, matches
from scrum.ceremonies.triggers.facts import Facts
from scrum.ceremonies.triggers.tally import ENTERS, SETTLES
from scrum.errors import Invalid
from scrum.sprint.model import MOST_SPENT, State
from scrum.text import TooLong, line, quoted

PAYLOAD = 4_000
SIGNAL = 200
_OURS = frozenset(
    {
        *ENTERS,
        *SETTLES,
        Happened.SPRINT_PLANNED,
        Happened.SPRINT_EXTENDED,
        Happened.SCOPE_CHANGED,
        Happened.TASK_COMPLETED,
        Happened.TASK_REOPENED,
        Happened.CEREMONY_TRIGGERED,
    }
)
"""What counts in a sprint when it happens here, and cannot be told."""
_SPENDING = (State.PLANNED, State.ACTIVE)
SPRINT = "sprint"


class ReservedEvent(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"name: {quoted(name)} is recorded by scrum-mcp itself, when it happens here. Call the tool that does it, or "
            "choose another name."
        )


class SpentLess(Invalid):
    def __init__(self, given: float, before: float) -> None:
        super().__init__(
            f"payload.spent: it is {given:g}, and {before:g} was spent already. Give the total since the sprint began, "
            "not what was added."
        )


@dataclass(frozen=True)
class OutsideEvent:
    """`spent` is the total so far, of budget_spent; None for others. `signal` is the id that its sender has for it."""

    name: str
    source: str
    payload: dict[str, Any]
    spent: float | None = None
    signal: str = ""


def outside_event(
    name: str, source: str, payload: Mapping[str, Any] | None, signal: str = ""
) -> OutsideEvent:
    """Raises Invalid: no name, one of an event that happens here, or a payload that cannot be."""
    read = event("name", name)
    if read in _OURS:
        raise ReservedEvent(read)
    given = mapping("payload", payload or {})
    size = len(json.dumps(given, ensure_ascii=False, default=str))
    if size > PAYLOAD:
        raise TooLong("payload", size, PAYLOAD)
    spent = _spent(given) if read == Happened.BUDGET_SPENT else None
    called = line("id", signal, limit=SIGNAL)
    return OutsideEvent(read, event("source", source or EXTERNAL[0]), given, spent, called)


def listeners(policy: Policy, told: OutsideEvent, state: State) -> tuple[str, ...]:
    """Ceremonies that it counts for in a sprint in this state, and SPRINT where it may take the sprint on."""
    named = [rule.name for rule in policy.enabled if _counts(rule, told, state)]
    return (*named, *([SPRINT] if _may_end(policy.sprint, told, state) else []))


def _counts(rule: Rule, told: OutsideEvent, state: State) -> bool:
    match rule.strategy:
        case Strategy.EVENT_DRIVEN:
            return told.name in rule.settings.on and hears(rule, state)
        case Strategy.EXTERNAL_TRIGGER:
            return matches(rule.settings.sources, told.name, told.source) and hears(rule, state)
        case Strategy.BUDGET_DRIVEN:
            return told.spent is not None and state in _SPENDING
        case _:
            return False


def _may_end(sprint: Rule, told: OutsideEvent, state: State) -> bool:
    wanted = sprint.settings.transition_event
    match sprint.strategy:
        case _ if not sprint.settings.auto_transition:
            return False
        case Strategy.EVENT_DRIVEN | Strategy.EXTERNAL_TRIGGER if state is State.ACTIVE:
            return wanted == told.name or matches((wanted,), told.name, told.source)
        case Strategy.BUDGET_DRIVEN:
            return told.spent is not None and state in _SPENDING
        case _:
            return False


def check_spent(given: float, before: float, facts: Facts) -> None:
    """Raises SpentLess: a total does not fall."""
    told = (one.spent for one in facts.happenings if one.name == Happened.BUDGET_SPENT)
    if given < (most := max(before, *told, 0)):
        raise SpentLess(given, most)


def _spent(payload: Mapping[str, Any]) -> float:
    if "spent" not in payload:
        raise BadSetting("payload.spent", None, "the total that was spent so far, a number")
    return float(number(0, MOST_SPENT)("payload.spent", payload["spent"]))
