"""A sprint as it is told to evaluation: what happened, written down line by line."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scrum.ceremonies.policy.changing import changed
from scrum.ceremonies.policy.model import Policy, Rule, resolve
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.terms import FIVE
from scrum.ceremonies.triggers.evaluation import Evaluation, Upcoming, evaluate, next_tick, upcoming
from scrum.ceremonies.triggers.facts import Facts, Happening
from scrum.ceremonies.triggers.standing import Standing
from scrum.sprint.model import State
from scrum.team.calendar import EVERY_WEEKDAY
from scrum.team.project import Cadence
from tests.builders import MONDAY

SPRINT = "SHOP-S1"
NOTHING_OF_ITS_OWN = Document()


def a_policy(cadence: Cadence = Cadence.STARTUP, **given: Any) -> Policy:
    return resolve(cadence, changed(cadence, NOTHING_OF_ITS_OWN, given))


def rule(policy: Policy, name: str) -> Rule:
    found = policy.of(name)
    assert found
    return found


def only(name: str, settings: dict[str, Any], sprint: dict[str, Any] | None = None) -> Policy:
    """A policy with this one ceremony; its sprint is task-driven where nothing else is said."""
    others = {other: {"enabled": False} for other in FIVE if other != name}
    return a_policy(sprint=sprint or {}, ceremonies={**others, name: settings})


class Diary:
    """Time goes on with `after`; everything that happens is at that time."""

    def __init__(self, policy: Policy, **facts: Any) -> None:
        self.policy = policy
        self.facts = Facts(SPRINT, facts.pop("calendar", EVERY_WEEKDAY), MONDAY, **facts)
        self.now = MONDAY
        self.standing = Standing()

    def after(self, **passed: float) -> "Diary":
        self.now += timedelta(**passed)
        return self

    def happens(self, name: str, **data: Any) -> "Diary":
        line = Happening(len(self.facts.happenings) + 1, self.now, name, **data)
        self.facts = replace(self.facts, happenings=(*self.facts.happenings, line))
        return self

    def starts(self, items: int = 0) -> "Diary":
        return self.happens("sprint_started", items=items)

    def completes(self, number: int = 1, *, every: float = 60) -> "Diary":
        """Some seconds before each."""
        for _ in range(number):
            self.after(seconds=every).happens("task_completed", item=f"SHOP-{len(self.facts.happenings)}")
        return self

    def evaluated(self) -> Evaluation:
        found = evaluate(self.policy, self.facts, self.standing, self.now)
        self.standing = found.standing
        return found

    def fired(self) -> list[str]:
        """New firings, as `ceremony occurrence`."""
        return [f"{one.ceremony} {one.occurrence}" for one in self.evaluated().firings]

    def moved(self) -> list[State]:
        return [one.state for one in self.evaluated().moves]

    def why(self, ceremony: str) -> str:
        return next(one.reason for one in self.evaluated().decisions if one.ceremony == ceremony)

    def next(self, ceremony: str) -> Upcoming:
        found = upcoming(self.policy, self.facts, self.standing, self.now)
        return next(one for one in found if one.ceremony == ceremony)

    def until(self, end: datetime, *, every: timedelta) -> list[str]:
        """Evaluated at regular ticks."""
        found: list[str] = []
        while self.now < end:
            self.now = min(end, self.now + every)
            found += self.fired()
        return found

    def on_time(self, end: datetime) -> list[Evaluation]:
        """Evaluated now, and whenever time makes something due."""
        found = [self.evaluated()]
        while (tick := next_tick(self.policy, self.facts, self.standing)) and tick <= end:
            self.now = tick
            found.append(self.evaluated())
        self.now = end
        return found


def without(found: Iterable[str], *ceremonies: str) -> list[str]:
    return [one for one in found if one.split()[0] not in ceremonies]
