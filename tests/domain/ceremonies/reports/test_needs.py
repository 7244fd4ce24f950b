"""What a report does not need says nothing in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from scrum.backlog.events import ItemUnblocked
from scrum.backlog.model import Block, Status
from scrum.ceremonies.reports.actions import ACTIONS
from scrum.ceremonies.reports.build import build
from scrum.ceremonies.reports.impediments import IMPEDIMENTS
from scrum.ceremonies.reports.needs import Fact, needs
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.ceremonies.terms import DAILY, PLANNING, REFINEMENT, RETROSPECTIVE, REVIEW
from scrum.chronicle.model import Happening
from scrum.chronicle.reports import Minutes, Report
from scrum.sprint.ledger import Kind, Ledger
from scrum.sprint.model import Sprint
from scrum.team.model import Team
from tests.domain.ceremonies.reports.examples import ENDED, SPRINT, a_plan, after, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import action
from tests.situations import MONDAY, item, past

OWN = "demo_day"
EVERY = (PLANNING, DAILY, REFINEMENT, REVIEW, RETROSPECTIVE, IMPEDIMENTS, ACTIONS, OWN)
_EMPTY: Mapping[Fact, Mapping[str, Any]] = {
    Fact.TEAM: {"team": Team("SHOP")},
    Fact.BACKLOG: {"backlog": ()},
    Fact.PAST: {"history": (), "earlier": ()},
    Fact.LEDGERS: {"ledgers": {}},
    Fact.PLAN: {"plan": None},
}
_NOT_KEPT: Mapping[Fact, Mapping[str, Any]] = {
    Fact.LAST: {"last": None},
    Fact.AGREED: {"actions": ()},
    Fact.MINUTES: {"minutes": ()},
    Fact.CHANGES: {"changes": ()},
    Fact.PENDING: {"pending": 0},
}


def stripped(given: Material, facts: frozenset[Fact]) -> Material:
    """Without these."""
    known = {name: value for fact in facts for name, value in _NOT_KEPT.get(fact, {}).items()}
    fields = {name: value for fact in facts for name, value in _EMPTY.get(fact, {}).items()}
    return replace(given, kept=replace(given.kept, **known), **fields)


def rich(ceremony: str) -> Material:
    """A running sprint of which there is everything to tell."""
    mine = [
        in_sprint(1, assignee="Ana", status=Status.IN_PROGRESS, started_at=MONDAY),
        in_sprint(2, assignee="Bo", status=Status.DONE, started_at=MONDAY, done_at=after(1)),
        in_sprint(3, assignee="Cy", block=Block("no key", after(1)), depends_on=frozenset({"SHOP-4"})),
    ]
    others = [item(4), item(5, None), item(6, 13, depends_on=frozenset({"SHOP-3"}))]
    earlier = replace(SPRINT, id="SHOP-S0", number=0)
    return material(
        mine,
        entry(Kind.COMPLETED, 2, days=1),
        days=3,
        ceremony=ceremony,
        known={one.key: one for one in (*mine, *others)},
        backlog=tuple(one for one in (*mine, *others) if one.is_open),
        history=past(8, 13, 9),
        earlier=(earlier,),
        ledgers={"SHOP-S0": Ledger((entry(Kind.COMMITTED, 9, 2), entry(Kind.COMPLETED, 9, 2)))},
        plan=a_plan(),
        kept=kept(ceremony),
    )


def kept(ceremony: str) -> Kept:
    figures = {"ledger entries": 3}
    event = ItemUnblocked(
        project="SHOP",
        aggregate="SHOP-1",
        aggregate_version=2,
        occurred_at=after(2),
        actor="ana",
        sprint="SHOP-S1",
        since=after(1).isoformat(),
    )
    return Kept(
        last=Report("SHOP", "SHOP-S1", ceremony, after(0.5), "Before", (), figures, id="SHOP-S1-C1"),
        actions=(action(),),
        minutes=(Minutes("SHOP-S1-C1", "SHOP", "SHOP-S1", DAILY, after(1), "ana", notes="We talked."),),
        changes=(Happening(uuid4(), "SHOP-S1", event),),
        pending=3,
    )


@pytest.mark.parametrize("sprint", [None, SPRINT, ENDED])
@pytest.mark.parametrize("ceremony", EVERY)
def test_a_report_without_what_it_does_not_need_is_the_same(ceremony: str, sprint: Sprint | None) -> None:
    given, rest = replace(rich(ceremony), sprint=sprint), frozenset(Fact) - needs(ceremony)
    left = replace(stripped(given, rest), named_plan=given.plan_id if Fact.PLAN in rest else "")

    assert build(left) == build(given)


@pytest.mark.parametrize("fact", Fact)
def test_what_a_report_needs_is_told_in_some(fact: Fact) -> None:
    needing = [rich(ceremony) for ceremony in EVERY if fact in needs(ceremony)]

    assert any(build(stripped(given, frozenset({fact}))) != build(given) for given in needing)
