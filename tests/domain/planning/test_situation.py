"""Drift: what a plan rests on, and what changed since."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from scrum.backlog.model import Block, Item, Priority, Status
from scrum.planning.decide import decide
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation, differences, inputs, plan_id
from scrum.sprint.model import Sprint
from scrum.sprint.velocity import Source
from scrum.team.calendar import WorkingCalendar
from scrum.team.model import Absence
from tests.requirements import requirement
from tests.situations import ANA, FIVE, MONDAY, SPRINT, item, past, situation, team

BEFORE = situation([item(1), item(2, 5), item(3)])


def changed(**fields: Any) -> list[str]:
    return differences(inputs(BEFORE), inputs(replace(BEFORE, **fields)))


def test_nothing_changed_is_no_difference() -> None:
    assert changed() == []


def test_a_new_title_is_told_without_its_text() -> None:
    assert changed(items=(item(1, title="Reworded"), *BEFORE.items[1:])) == ["SHOP-1 title changed"]


def test_a_new_estimate_is_told() -> None:
    assert changed(items=(item(1, 8), *BEFORE.items[1:])) == ["SHOP-1 points: 3 -> 8"]


def test_a_new_item_and_a_finished_one_are_told() -> None:
    told = changed(items=(*BEFORE.items[1:], item(4)))

    assert told == ["SHOP-4 is new in the backlog", "SHOP-1 is no longer open for planning"]


def test_another_order_is_told() -> None:
    assert changed(items=(BEFORE.items[1], BEFORE.items[0], BEFORE.items[2])) == ["the order of 2 items"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"priority": Priority.HIGH}, "SHOP-1 priority: medium -> high"),
        ({"depends_on": frozenset({"SHOP-2"})}, "SHOP-1 depends on: none -> SHOP-2"),
        ({"block": Block("", MONDAY)}, "SHOP-1 blocked: False -> True"),
        ({"due": date(2026, 3, 9)}, "SHOP-1 due: none -> 2026-03-09"),
        ({"skills": frozenset({"data"})}, "SHOP-1 skills: none -> data"),
        ({"assignee": "Bo"}, "SHOP-1 assignee: none -> Bo"),
    ],
)
def test_each_fact_of_an_item_that_counts_is_told(fields: dict[str, Any], told: str) -> None:
    assert changed(items=(replace(item(1), **fields), *BEFORE.items[1:])) == [told]


def test_an_absence_is_told() -> None:
    away = replace(team(*FIVE), absences=(Absence("Ed", *SPRINT),))

    assert changed(team=away) == ["team absences: none -> Ed 2026-03-02 to 2026-03-15"]


def test_a_member_who_left_is_told() -> None:
    assert changed(team=team(*FIVE[:4])) == ["team member Ed: 8 h -> none"]


def test_each_past_sprint_that_came_or_went_is_told() -> None:
    one = "history: Sprint 5: 42 points, 14 days, imported -> none"

    assert changed(history=past(42, 42, 42, 42)) == [one]


def test_another_figure_of_a_past_sprint_is_told() -> None:
    told = "history: Sprint 5: 42 points, 14 days, imported -> 41.5 points, 14 days, imported"

    assert changed(history=past(42, 42, 42, 42, 41.5)) == [told]


def test_another_order_of_the_past_is_told() -> None:
    assert changed(history=tuple(reversed(BEFORE.history))) == ["history: the order of the past sprints"]


def test_an_open_sprint_is_told() -> None:
    assert changed(running=Sprint("SHOP-S1", "SHOP", 1, "", *SPRINT)) == [
        "sprint ends: none -> 2026-03-15",
        "sprint open: none -> SHOP-S1, planned",
    ]


def test_a_sprint_in_between_is_told_even_when_it_was_cancelled() -> None:
    assert changed(project=BEFORE.project.numbered(sprints=1)) == ["sprint number: 1 -> 2"]


def test_another_order_of_the_team_is_told() -> None:
    assert changed(team=team("Bo", "Ana", "Cy", "Di", "Ed")) == [
        "team order: Ana, Bo, Cy, Di, Ed -> Bo, Ana, Cy, Di, Ed"
    ]


ITEM: dict[str, Any] = {
    "title": "Reworded",
    "rank": 9,
    "points": 8,
    "priority": Priority.HIGH,
    "status": Status.IN_PROGRESS,
    "labels": frozenset({"checkout"}),
    "skills": frozenset({"data"}),
    "depends_on": frozenset({"SHOP-2"}),
    "assignee": "Bo",
    "due": date(2026, 3, 9),
    "sprint": "SHOP-S1",
    "block": Block("waits for legal", MONDAY),
    "carried": 1,
    "pinned": True,
    "created_at": MONDAY,
}
NOT_READ = {"key", "project", "number", "type", "external_key", "started_at", "done_at", "version"}
PROJECT: dict[str, Any] = {
    "sprint_days": 7,
    "focus_factor": 0.7,
    "target_confidence": 0.8,
    "calendar": WorkingCalendar("Europe/Berlin"),
    "next_sprint": 2,
}
PAST: dict[str, Any] = {
    "name": "Other",
    "source": Source.RECONSTRUCTED,
    "completed_points": 41.5,
    "days": 7,
    "working_days": 5,
    "availability": 0.5,
}
MEMBER: dict[str, Any] = {"name": "Zoe", "hours_per_day": 7.123456789, "skills": frozenset({"data"})}


def each_changed() -> Iterator[tuple[str, Situation]]:
    """The situation with one thing that decide() reads changed, by the name of that thing."""
    first, *others = BEFORE.items
    ranked = sorted([replace(first, rank=9), *others], key=lambda one: one.rank)
    for name, value in ITEM.items():
        changed_items = ranked if name == "rank" else [replace(first, **{name: value}), *others]
        yield f"item {name}", replace(BEFORE, items=tuple(changed_items))
    for name, value in PROJECT.items():
        yield f"project {name}", replace(BEFORE, project=replace(BEFORE.project, **{name: value}))
    for name, value in PAST.items():
        one, *later = BEFORE.history
        yield f"history {name}", replace(BEFORE, history=(replace(one, **{name: value}), *later))
    for name, value in MEMBER.items():
        ana, *rest = BEFORE.team.members
        members = (replace(ana, **{name: value}), *rest)
        yield f"member {name}", replace(BEFORE, team=replace(BEFORE.team, members=members))
    yield "absences", replace(BEFORE, team=team(*FIVE, away=["Ed"]))
    yield "running", replace(BEFORE, running=Sprint("SHOP-S1", "SHOP", 1, "", *SPRINT))


@requirement("plan.drift")
@pytest.mark.parametrize("after", [pytest.param(after, id=name) for name, after in each_changed()])
def test_whatever_the_decision_reads_is_a_difference_and_another_plan(after: Situation) -> None:
    assert differences(inputs(BEFORE), inputs(after))
    assert decide(after, PlanRequest(), ANA).id != decide(BEFORE, PlanRequest(), ANA).id


def test_every_field_of_an_item_counts_or_is_known_not_to() -> None:
    assert ITEM.keys() | NOT_READ == {one.name for one in fields(Item)}


def test_two_outcomes_never_share_an_id() -> None:
    facts = inputs(BEFORE).digest
    outcomes = [["2026-03-02", ["SHOP-1"], 3], ["2026-03-03", ["SHOP-1"], 3], ["2026-03-02", ["SHOP-2"], 3]]

    assert len({plan_id(facts, [], outcome) for outcome in outcomes}) == len(outcomes)


@pytest.mark.parametrize("confidence", [0.3, 0.8])
def test_the_confidence_counts_wherever_it_comes_from(confidence: float) -> None:
    project = replace(BEFORE.project, target_confidence=confidence)
    by_setting = decide(replace(BEFORE, project=project), PlanRequest(), ANA)

    assert (
        decide(BEFORE, PlanRequest(target_confidence=confidence), ANA).id
        != decide(BEFORE, PlanRequest(), ANA).id
    )
    assert by_setting.id != decide(BEFORE, PlanRequest(), ANA).id


def test_the_settings_that_count_are_told() -> None:
    other: Situation = replace(BEFORE, project=replace(BEFORE.project, sprint_days=7))

    assert differences(inputs(BEFORE), inputs(other)) == ["project sprint_days: 14 -> 7"]
