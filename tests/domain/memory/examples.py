"""Episodes to remember."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrum.memory.model import Arm, Context, Decision, Episode, Features, Outcome, Tried
from scrum.sprint.model import Prediction
from tests.builders import MONDAY, SHOP

NUMBERS = Features(5, 21.5, 0.8, 10, 3, 47)


def episode(number: int = 1, *, project: str = SHOP, **context: Any) -> Episode:
    """Each starts a week after the one before."""
    return Episode(
        f"PLAN-{number:04}",
        project,
        f"{project}-S{number}",
        MONDAY + timedelta(weeks=number),
        Context(**context),
        Decision(34, 42, 33, ("SHOP-1", "SHOP-2")),
        Prediction(33.0, 25.0, 41.0, 0.5),
        (Tried("scale_by_availability", 1, Arm.APPLIED, 42, 34),),
    )


def closed(one: Episode, completed: int, *lessons: str, committed: int = 34) -> Episode:
    return one.completed(Outcome(one.at + timedelta(days=14), committed, completed), lessons)


def about(one: Episode, changes: Mapping[str, Any]) -> Episode:
    return replace(one, context=replace(one.context, **changes))
