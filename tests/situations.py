"""Situations for the planner, without a store."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from scrum.backlog.model import Item
from scrum.events import By
from scrum.planning.situation import Situation
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.model import Absence, Member, Team
from scrum.team.project import Project

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = By("ana", MONDAY)
SPRINT = (date(2026, 3, 2), date(2026, 3, 15))


def past(*points: float, **fields: Any) -> tuple[PastSprint, ...]:
    named = enumerate(points, start=1)
    return tuple(PastSprint(f"Sprint {n}", Source.IMPORTED, value, days=14, **fields) for n, value in named)


def item(number: int, points: int | None = 3, **fields: Any) -> Item:
    fields.setdefault("title", f"Item {number}")
    return Item(key=f"SHOP-{number}", project="SHOP", number=number, rank=number, points=points, **fields)


def team(*names: str, away: Sequence[str] = (), skills: Sequence[str] = ()) -> Team:
    members = tuple(Member(name, skills=frozenset(skills)) for name in names)
    return Team("SHOP", members, tuple(Absence(name, *SPRINT) for name in away))


FIVE = ("Ana", "Bo", "Cy", "Di", "Ed")


def situation(items: Sequence[Item], **fields: Any) -> Situation:
    fields.setdefault("project", Project("SHOP", "The shop"))
    fields.setdefault("team", team(*FIVE))
    fields.setdefault("history", past(42, 42, 42, 42, 42))
    fields.setdefault("running", None)
    return Situation(items=tuple(items), **fields)
