"""A sprint as reports are built from it, without a store."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.terms import DAILY
from scrum.events import By
from scrum.planning.decide import decide
from scrum.planning.model import Plan
from scrum.planning.request import PlanRequest
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import Prediction, Sprint, State
from scrum.team.project import Project
from tests.situations import ANA, FIVE, MONDAY, item, situation, team

SPRINT = Sprint(
    "SHOP-S1",
    "SHOP",
    1,
    "Sell things",
    date(2026, 3, 2),
    date(2026, 3, 13),
    state=State.ACTIVE,
    started_at=MONDAY,
    prediction=Prediction(20, 10, 30, 0.5),
)
EMPTY: Ledger = Ledger()


def after(days: float) -> datetime:
    """A moment so many calendar days after MONDAY, 09:00 UTC."""
    return MONDAY + timedelta(days)


ENDED = replace(SPRINT, state=State.RETROSPECTIVE, ended_at=after(11))


def entry(kind: Kind, number: int, points: int | None = 3, days: float = 0, **fields: Any) -> Entry:
    made = Entry.of(By("ana", after(days), fields.pop("reason", "")), kind, f"SHOP-{number}", points)
    return replace(made, **fields)


def committed(items: Iterable[Item]) -> list[Entry]:
    return [entry(Kind.COMMITTED, one.number, one.points) for one in items]


def in_sprint(number: int, points: int | None = 3, **fields: Any) -> Item:
    return item(number, points, sprint="SHOP-S1", **fields)


def material(items: Iterable[Item] = (), *more: Entry, days: float = 1, **fields: Any) -> Material:
    """Of a running sprint whose items were all committed to, unless `ledger` says otherwise."""
    listed = tuple(items)
    fields.setdefault("ledger", Ledger((*committed(listed), *more)))
    fields.setdefault("known", {one.key: one for one in listed})
    fields.setdefault("backlog", tuple(one for one in listed if one.is_open))
    fields.setdefault("items", tuple(one for one in listed if one.sprint))
    fields.setdefault("sprint", SPRINT)
    fields.setdefault("team", team(*FIVE))
    return Material(
        project=fields.pop("project", Project("SHOP", "The shop")),
        ceremony=fields.pop("ceremony", DAILY),
        sprint_id=fields.pop("sprint_id", "SHOP-S1"),
        now=fields.pop("now", after(days)),
        open_sprint=fields.pop("open_sprint", "SHOP-S1"),
        **fields,
    )


def a_plan() -> Plan:
    return decide(situation([item(n, 5) for n in range(1, 12)]), PlanRequest(), ANA)
