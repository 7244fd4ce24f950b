"""What strategies make of a plan, and what becomes of a plan when they change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scrum.backlog.model import Item
from scrum.memory.model import Arm
from scrum.planning.decide import decide
from scrum.planning.followed import changes
from scrum.planning.model import Plan
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation
from scrum.strategies.applying import heads
from scrum.strategies.model import Record, Status
from scrum.team.project import Project
from tests.domain.strategies.examples import a_strategy, a_trial, active
from tests.requirements import requirement
from tests.situations import ANA, item, situation

LEARNING = Project("SHOP", "The shop", learning=True)
LARGE = [item(n, 8) for n in range(1, 10)]


def at(items: Sequence[Item], *records: Record, project: Project = LEARNING) -> Situation:
    return situation(items, project=project, learned=records)


def planned(here: Situation) -> Plan:
    return decide(here, PlanRequest(), ANA)


def a_tested(does: str, *, applied: bool) -> Record:
    """A candidate under test that the coin gives to this arm."""
    names = (f"s{n}" for n in range(99))
    made = (a_strategy(name, does, support=("PLAN-0",)) for name in names)
    chosen = next(one for one in made if heads(one, "SHOP-S1") is applied)
    return Record(chosen, (a_trial(1, Arm.APPLIED, name=chosen.name),))


def arm(plan: Plan) -> Arm:
    (step,) = plan.steps
    return step.arm


@pytest.mark.parametrize("applied", [True, False])
def test_a_candidate_that_would_leave_out_nearly_all_is_only_watched_whichever_way_its_coin_fell(
    applied: bool,
) -> None:
    plan = planned(at([*LARGE, item(10, 1)], a_tested("cap 1", applied=applied)))

    assert arm(plan) is Arm.SHADOW
    assert plan.points == 41


@pytest.mark.parametrize(("applied", "expected"), [(True, Arm.APPLIED), (False, Arm.CONTROL)])
def test_a_candidate_that_leaves_half_of_the_work_is_tested(applied: bool, expected: Arm) -> None:
    small = [item(n, 5) for n in range(10, 20)]

    plan = planned(at([*LARGE, *small], a_tested("cap 5", applied=applied)))

    assert arm(plan) is expected
    assert any(one.points == 8 for one in plan.selected) is not applied


@requirement("strategies.off")
def test_without_learning_a_candidate_under_test_is_only_watched() -> None:
    project = Project("SHOP", "The shop")

    assert arm(planned(at(LARGE, a_tested("buffer 0.2", applied=True), project=project))) is Arm.SHADOW


CAREFUL = active("careful", "buffer 0.2")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([CAREFUL], [CAREFUL], []),
        ([CAREFUL], [], ["strategy careful: v1 followed -> not followed"]),
        ([], [CAREFUL], ["strategy careful: not followed -> v1 followed"]),
        (
            [CAREFUL],
            [Record(a_strategy("careful", "buffer 0.3", version=2, status=Status.ACTIVE))],
            ["strategy careful: v1 followed -> v2 followed"],
        ),
        ([], [active("holidays", "buffer 0.2", "days_away > 99")], []),
        ([], [a_tested("buffer 0.2", applied=True)], []),
    ],
)
def test_a_plan_is_outdated_where_it_followed_others_than_plans_follow_now(
    before: list[Record], after: list[Record], told: list[str]
) -> None:
    plan = planned(at(LARGE, *before))

    assert changes(plan, LEARNING, after) == told


def test_a_plan_that_a_coin_decided_is_outdated_when_learning_is_switched_off() -> None:
    record = a_tested("buffer 0.2", applied=True)
    plan = planned(at(LARGE, record))

    off: Any = replace(LEARNING, learning=False)
    told = changes(plan, off, [record])

    assert told == [f"strategy {record.strategy.name}: v1 followed -> not followed"]
