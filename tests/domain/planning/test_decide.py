"""The decision about the next sprint."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scrum.backlog.model import Block, Item, Priority, Status, UnknownItem
from scrum.clock import ProjectClock
from scrum.planning.decide import NothingToPlan, NoWorkingDay, decide
from scrum.planning.model import Plan
from scrum.planning.request import Allow, BothWays, InThePast, PlanRequest
from scrum.planning.situation import Situation
from scrum.selection.selection import Impossible
from scrum.sprint.model import Sprint, State
from scrum.sprint.risk import Level
from scrum.team.project import OutOfRange
from tests.domain.strategies.examples import active
from tests.requirements import requirement
from tests.situations import ANA, FIVE, MONDAY, item, situation, team

ASKED = PlanRequest()
SIZES = (1, 2, 3, 5, 8)
BACKLOG = [item(n, SIZES[n % 5]) for n in range(1, 48)]


def planned(given: Situation, request: PlanRequest = ASKED) -> Plan:
    return decide(given, request, ANA)


def keys(plan: Plan) -> list[str]:
    return [chosen.key for chosen in plan.selected]


def why_out(plan: Plan, key: str) -> str:
    return next(out.why for out in plan.left_out if out.key == key)


@requirement("plan.availability")
def test_47_items_and_one_of_five_away_make_34_points() -> None:
    plan = planned(situation(BACKLOG, team=team(*FIVE, away=["Ed"])))

    assert (plan.capacity.gross_hours, plan.capacity.away_hours) == (400, 80)
    assert plan.capacity.availability == pytest.approx(0.8)
    assert plan.commitment == plan.points == 34
    assert plan.optimal
    assert "absences" in [risk.name for risk in plan.risks]


def test_the_same_facts_make_the_same_plan() -> None:
    assert planned(situation(BACKLOG)) == planned(situation(BACKLOG))


@requirement("plan.same")
def test_another_process_makes_the_same_plan() -> None:
    program = (
        "from tests.domain.planning.test_decide import BACKLOG, planned;"
        "from tests.situations import situation;"
        "plan = planned(situation(BACKLOG)); print(plan.id, [c.key for c in plan.selected])"
    )
    run = [sys.executable, "-c", program]
    outputs = {
        subprocess.run(run, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own program
        for seed in ("1", "2")
    }

    here = planned(situation(BACKLOG))
    assert outputs == {f"{here.id} {keys(here)}\n"}


@requirement("plan.why")
def test_every_selected_and_every_left_out_item_says_why() -> None:
    plan = planned(situation(BACKLOG))

    assert all(chosen.why for chosen in plan.selected)
    assert all(out.why for out in plan.left_out)
    assert len(plan.selected) + plan.left_out_count == len(BACKLOG)


def test_urgent_items_come_before_earlier_ones() -> None:
    items = [item(1, 40), item(2, 40, priority=Priority.HIGHEST)]

    assert keys(planned(situation(items))) == ["SHOP-2"]


def test_what_serves_the_goal_is_preferred() -> None:
    items = [item(1, 40), item(2, 40, title="Checkout with one click")]
    plan = planned(situation(items), PlanRequest(goal="a faster checkout"))

    assert keys(plan) == ["SHOP-2"]
    assert "goal (checkout)" in plan.selected[0].why


def test_what_is_due_in_the_sprint_is_preferred() -> None:
    items = [item(1, 40), item(2, 40, due=MONDAY.date() + timedelta(5))]

    assert keys(planned(situation(items))) == ["SHOP-2"]


def test_what_was_started_is_finished_first() -> None:
    items = [item(1, 40), item(2, 40, status=Status.IN_PROGRESS)]

    assert keys(planned(situation(items))) == ["SHOP-2"]


def test_a_dependency_comes_along_or_keeps_its_item_out() -> None:
    items = [item(1, 5, depends_on=frozenset({"SHOP-2"})), item(2, None), item(3, 5)]
    plan = planned(situation(items))

    assert keys(plan) == ["SHOP-3"]
    assert "SHOP-2" in why_out(plan, "SHOP-1")


def test_a_dependency_that_is_done_does_not_count() -> None:
    assert keys(planned(situation([item(1, 5, depends_on=frozenset({"SHOP-9"}))]))) == ["SHOP-1"]


def test_blocked_items_wait_until_they_are_asked_for() -> None:
    items = [item(1, 5, block=Block("waits for legal", MONDAY)), item(2, 5)]
    plan = planned(situation(items))

    assert keys(plan) == ["SHOP-2"]
    assert why_out(plan, "SHOP-1") == "blocked: waits for legal"
    assert keys(planned(situation(items), PlanRequest(allow=frozenset({Allow.BLOCKED})))) == [
        "SHOP-1",
        "SHOP-2",
    ]


def test_unestimated_items_wait_until_they_are_asked_for() -> None:
    items = [item(1, None), item(2, 5)]
    asked = planned(situation(items), PlanRequest(allow=frozenset({Allow.UNESTIMATED})))

    assert keys(planned(situation(items))) == ["SHOP-2"]
    assert keys(asked) == ["SHOP-1", "SHOP-2"]
    assert asked.points == 5
    assert "unestimated items" in [risk.name for risk in asked.risks]


def test_items_without_points_count_at_the_usual_size_in_the_chances() -> None:
    asked = PlanRequest(must_include=frozenset({"SHOP-1", "SHOP-2"}))
    unknown = planned(situation([item(1, None), item(2, None), item(3, 20)]), asked)
    known = planned(situation([item(1, 20), item(2, 20), item(3, 20)]), asked)
    free = planned(situation([item(3, 20)]))

    assert unknown.expected.p_commitment < free.expected.p_commitment
    assert unknown.expected.p_commitment <= known.expected.p_commitment
    assert unknown.confidence <= known.confidence
    assert "2 items without points are counted as 20 each in the chances." in unknown.expected.notes


def test_what_must_be_in_is_in_even_over_the_commitment() -> None:
    items = [item(1, 60), item(2, 5)]
    plan = planned(situation(items), PlanRequest(must_include=frozenset({"SHOP-1"})))

    assert keys(plan) == ["SHOP-1"]
    assert "overcommitment" in [risk.name for risk in plan.risks]
    assert plan.selected[0].why.startswith("asked for")


def test_what_was_promised_at_the_last_close_is_in() -> None:
    items = [item(n, 8) for n in range(1, 10)] + [
        item(10, 8, priority=Priority.LOWEST, pinned=True, carried=1)
    ]
    plan = planned(situation(items))

    assert "SHOP-10" in keys(plan)
    assert "carry-over" in [risk.name for risk in plan.risks]


PROMISED = [item(1, 8, pinned=True, block=Block("waits for legal", MONDAY)), item(2, 8)]


def test_what_was_promised_but_is_blocked_waits_and_says_both() -> None:
    plan = planned(situation(PROMISED))

    assert keys(plan) == ["SHOP-2"]
    assert why_out(plan, "SHOP-1") == "promised when it was carried over, but blocked: waits for legal"


def test_what_was_promised_and_needs_a_blocked_item_waits_too() -> None:
    waiting = item(3, 8, pinned=True, depends_on=frozenset({"SHOP-1"}))
    plan = planned(situation([*PROMISED, waiting]))

    assert keys(plan) == ["SHOP-2"]
    assert "SHOP-1" in why_out(plan, "SHOP-3")


@pytest.mark.parametrize(
    "request_",
    [PlanRequest(must_include=frozenset({"SHOP-1"})), PlanRequest(allow=frozenset({Allow.BLOCKED}))],
)
def test_a_blocked_item_that_was_asked_for_is_a_risk(request_: PlanRequest) -> None:
    plan = planned(situation(PROMISED), request_)

    (risk,) = [risk for risk in plan.risks if risk.name == "blocked items"]
    assert (risk.level, "SHOP-1" in risk.evidence) == (Level.MEDIUM, True)
    assert keys(plan) == ["SHOP-1", "SHOP-2"]


def test_a_must_that_needs_a_blocked_item_says_what_unblocks_it() -> None:
    items = [*PROMISED, item(3, 8, depends_on=frozenset({"SHOP-1"}))]

    with pytest.raises(Impossible, match=r"SHOP-1, which is blocked\. Unblock SHOP-1.*allow=\['blocked'\]"):
        planned(situation(items), PlanRequest(must_include=frozenset({"SHOP-3"})))


def test_the_goal_is_kept_as_one_clean_line() -> None:
    plan = planned(situation(BACKLOG), PlanRequest(goal=" Sell\nmore \u202eonline\u202c\n\n"))

    assert plan.goal == "Sell more online"


def test_what_was_promised_may_still_be_excluded() -> None:
    items = [item(1, 8, pinned=True), item(2, 8)]

    assert keys(planned(situation(items), PlanRequest(exclude=frozenset({"SHOP-1"})))) == ["SHOP-2"]


def test_a_skill_that_one_person_has_limits_its_items() -> None:
    """42 points are 400 hours: one of five people can do 8 points of data work."""
    people = team(*FIVE)
    people = replace(
        people, members=(replace(people.members[0], skills=frozenset({"data"})), *people.members[1:])
    )
    items = [item(n, 5, skills=frozenset({"data"})) for n in (1, 2, 3)]
    plan = planned(situation(items, team=people))

    assert keys(plan) == ["SHOP-1"]
    assert "data" in why_out(plan, "SHOP-2")
    assert plan.selected[0].assignee == "Ana"
    assert "single-skill bottleneck" in [risk.name for risk in plan.risks]


def test_a_long_chain_of_dependencies_is_a_risk() -> None:
    chain = [item(n, 2, depends_on=frozenset({f"SHOP-{n - 1}"}) if n > 1 else frozenset()) for n in (1, 2, 3)]
    plan = planned(situation(chain))

    assert "in this order: SHOP-1 -> SHOP-2 -> SHOP-3" in [risk.evidence for risk in plan.risks]


def test_more_confidence_commits_less() -> None:
    cautious, ambitious = (
        planned(situation(BACKLOG), PlanRequest(target_confidence=confidence)) for confidence in (0.8, 0.3)
    )

    assert cautious.points < ambitious.points
    assert cautious.expected.p_commitment > ambitious.expected.p_commitment
    assert [a.points for a in cautious.alternatives] == sorted(a.points for a in cautious.alternatives)


def test_the_reasoning_says_only_what_the_plan_says() -> None:
    plan = planned(situation(BACKLOG, team=team(*FIVE, away=["Ed"])))

    for figure in ("400 h", "80 h away", "availability 0.80", "5 past sprints", "34 points"):
        assert figure in plan.reasoning


def test_a_sprint_that_is_still_running_is_planned_behind() -> None:
    running = Sprint("SHOP-S1", "SHOP", 1, "", date(2026, 3, 2), date(2026, 3, 13), state=State.ACTIVE)
    plan = planned(situation(BACKLOG, running=running))

    assert plan.start == date(2026, 3, 16)
    assert "open sprint" in [risk.name for risk in plan.risks]


@pytest.mark.parametrize(("scale", "start"), [(1_000, 2), (10, 3), (2, 9)])
def test_behind_a_fast_sprint_begins_the_real_day_on_which_its_clock_ends_it(scale: int, start: int) -> None:
    """Its twelve days are over after 16 minutes, a day, or almost six: then it is Saturday."""
    running = Sprint("SHOP-S1", "SHOP", 1, "", date(2026, 3, 2), date(2026, 3, 13), state=State.ACTIVE)
    fast = replace(running, clock=ProjectClock(MONDAY, scale))

    assert planned(situation(BACKLOG, running=fast)).start == date(2026, 3, start)


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (PlanRequest(days=0), OutOfRange),
        (PlanRequest(days=91), OutOfRange),
        (PlanRequest(target_confidence=1.0), OutOfRange),
        (PlanRequest(max_points=0), OutOfRange),
        (PlanRequest(start=date(2026, 3, 1)), InThePast),
        (PlanRequest(start=date(2026, 3, 7), days=2), NoWorkingDay),
        (PlanRequest(must_include=frozenset({"SHOP-99"})), UnknownItem),
        (PlanRequest(must_include=frozenset({"SHOP-1"}), exclude=frozenset({"SHOP-1"})), BothWays),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(request_: PlanRequest, error: type[Exception]) -> None:
    with pytest.raises(error):
        planned(situation(BACKLOG), request_)


@pytest.mark.parametrize("items", [[], [item(1, None)]])
def test_nothing_to_plan_says_what_to_do(items: list[Item]) -> None:
    with pytest.raises(NothingToPlan, match=r"add_items|update_items"):
        planned(situation(items))


def test_where_a_rule_leaves_out_all_items_the_way_out_is_to_retire_it() -> None:
    large = [item(n, 13) for n in range(1, 7)]

    with pytest.raises(NothingToPlan) as refused:
        planned(situation(large, learned=[active("tiny", "cap 1"), active("calm", "cap 40")]))

    assert str(refused.value).endswith("Retire tiny with set_strategy, or name them in must_include.")


def test_where_every_item_is_too_large_the_way_out_is_to_split_or_to_dare_more() -> None:
    with pytest.raises(NothingToPlan) as refused:
        planned(situation([item(1, 60), item(2, 70)]))

    assert "alone above the commitment" in str(refused.value)
    assert str(refused.value).endswith(
        "Split the items that are too large, or give a lower target_confidence, or name them in must_include."
    )


def test_each_reason_has_its_way_out() -> None:
    with pytest.raises(NothingToPlan) as refused:
        planned(situation([item(1, None), item(2, 13)], learned=[active("tiny", "cap 1")]))

    assert str(refused.value).endswith(
        "Retire tiny with set_strategy; estimate items with update_items, or name them in must_include."
    )
