"""Events that happen elsewhere, as somebody tells of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrum.ceremonies.errors import BadSetting
from scrum.ceremonies.policy.readers import event, mapping, number
from scrum.ceremonies.policy.settings import EXTERNAL
from scrum.ceremonies.terms import Happened
from scrum.ceremonies.triggers.facts import Facts
from scrum.ceremonies.triggers.tally import ENTERS, SETTLES
from scrum.errors import Invalid
from scrum.sprint.model import MOST_SPENT
from scrum.text import TooLong, quoted

PAYLOAD = 4_000
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
    """`spent` is the total so far, of budget_spent; None for others."""

    name: str
    source: str
    payload: dict[str, Any]
    spent: float | None = None


def outside_event(name: str, source: str, payload: Mapping[str, Any] | None) -> OutsideEvent:
    """Raises Invalid: no name, one of an event that happens here, or a payload that cannot be."""
    read = event("name", name)
    if read in _OURS:
        raise ReservedEvent(read)
    given = mapping("payload", payload or {})
    size = len(json.dumps(given, ensure_ascii=False, default=str))
    if size > PAYLOAD:
        raise TooLong("payload", size, PAYLOAD)
    spent = _spent(given) if read == Happened.BUDGET_SPENT else None
    return OutsideEvent(read, event("source", source or EXTERNAL[0]), given, spent)


def check_spent(given: float, before: float, facts: Facts) -> None:
    """Raises SpentLess: a total does not fall."""
    told = (one.spent for one in facts.happenings if one.name == Happened.BUDGET_SPENT)
    if given < (most := max(before, *told, 0)):
        raise SpentLess(given, most)


def _spent(payload: Mapping[str, Any]) -> float:
    if "spent" not in payload:
        raise BadSetting("payload.spent", None, "the total that was spent so far, a number")
    return float(number(0, MOST_SPENT)("payload.spent", payload["spent"]))
