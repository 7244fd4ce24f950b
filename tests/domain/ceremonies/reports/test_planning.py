"""Sprint planning: the plan that a sprint rests on, or what is missing to make one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scrum.backlog.model import Block
from scrum.ceremonies.terms import PLANNING
from scrum.chronicle.reports import Report
from scrum.planning.decide import decide
from scrum.planning.model import Plan
from scrum.planning.request import PlanRequest
from scrum.sprint.ledger import Ledger
from scrum.team.model import Absence, Team
from scrum.team.project import Autonomy, Project
from tests.domain.ceremonies.reports.examples import SPRINT, after, material
from tests.domain.ceremonies.reports.reported import section, told
from tests.situations import ANA, FIVE, item, past, situation, team

BACKLOG = [item(n, 5) for n in range(1, 12)]


def a_plan(**fields: Any) -> Plan:
    return decide(situation(BACKLOG, **fields), PlanRequest(goal="Sell more"), ANA)


def planned(plan: Plan | None, **fields: Any) -> Report:
    given: dict[str, Any] = {
        "sprint": None,
        "sprint_id": "SHOP-S1",
        "ledger": Ledger(),
        "open_sprint": "",
        **fields,
    }
    made = material(given.pop("items", ()), days=0, **given)
    return told(PLANNING, replace(made, plan=plan))


def test_a_plan_tells_its_goal_items_forecast_capacity_and_risks() -> None:
    away = replace(team(*FIVE), absences=(Absence("Ed", date(2026, 3, 2), date(2026, 3, 4)),))
    plan = a_plan(team=away)
    report = planned(plan)

    assert report.plan == plan.id
    assert section(report, "Plan")[0] == "Goal: 'Sell more'."
    assert report.figures["planned points"] == plan.points
    assert section(report, "Forecast")[0].endswith("from 5 past sprints (imported), evidence fair.")
    assert section(report, "Capacity")[1] == "Ed is away for 3 working days."
    assert len(section(report, "Items")) == len(plan.selected)
    assert section(report, "Items")[0].startswith(f"{plan.selected[0].key} 'Item 1', 5 points")
    assert len(section(report, "Risks")) == len(plan.risks) > 0


def test_it_says_who_has_to_agree() -> None:
    alone = Project("SHOP", "The shop", autonomy=Autonomy.AUTONOMOUS)

    assert section(planned(a_plan()), "Approval")[0].startswith(
        "Needed: SHOP asks a person before each commitment"
    )
    assert section(planned(a_plan(), project=alone), "Approval") == (
        "None is needed: commit_plan commits it.",
    )


def test_a_plan_that_was_committed_needs_nobody() -> None:
    committed = a_plan().committed("SHOP-S1")
    report = planned(committed, sprint=replace(SPRINT, committed_by="ana"))

    assert section(report, "Approval") == ("It was committed as SHOP-S1 by ana.",)


def test_a_plan_that_expired_is_made_again() -> None:
    report = planned(a_plan(), now=after(0) + timedelta(days=2))

    assert section(report, "Approval")[0].startswith("It expired 2026-03-03 09:00 UTC")


def test_without_a_plan_it_says_what_is_missing() -> None:
    items = (item(1, None), item(2, 3, block=Block("", after(0))))
    report = planned(None, items=items, team=Team("SHOP"), history=past(20))

    assert section(report, "What is missing") == (
        "1 of 2 items is without points: SHOP-1.",
        "1 item is blocked: SHOP-2.",
        "No team is recorded: call set_team; without it hours and absences are not counted.",
        "Evidence is thin: 1 past sprint, 5 make it fair.",
        "No plan is there: plan_sprint makes one.",
    )


def test_an_empty_backlog_and_an_open_sprint_are_what_is_missing() -> None:
    lines = section(planned(None, open_sprint="SHOP-S1", sprint_id="SHOP-S2"), "What is missing")

    assert lines[:2] == (
        "SHOP-S1 is open: a project has one open sprint.",
        "The backlog has no open item that is in no sprint: call add_items.",
    )
