"""Drift: what a plan rests on, and what changed since."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scrum.backlog.model import Block, Priority
from scrum.planning.situation import Situation, differences, inputs
from scrum.sprint.model import Sprint
from scrum.team.model import Absence
from tests.situations import FIVE, MONDAY, SPRINT, item, past, situation, team

BEFORE = situation([item(1), item(2, 5), item(3)])


def changed(**fields: Any) -> list[str]:
    return differences(inputs(BEFORE), inputs(replace(BEFORE, **fields)))


def test_nothing_changed_is_no_difference() -> None:
    assert changed() == []


def test_texts_do_not_count() -> None:
    assert changed(items=(item(1, title="Reworded"), *BEFORE.items[1:])) == []


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


def test_more_history_and_an_open_sprint_are_told() -> None:
    sprint = Sprint("SHOP-S1", "SHOP", 1, "", *SPRINT)

    assert changed(history=past(42, 42)) == ["history last: Sprint 5 -> Sprint 2", "history sprints: 5 -> 2"]
    assert changed(running=sprint) == ["sprint ends: none -> 2026-03-15", "sprint open: none -> SHOP-S1"]


def test_the_settings_that_count_are_told() -> None:
    other: Situation = replace(BEFORE, project=replace(BEFORE.project, sprint_days=7))

    assert differences(inputs(BEFORE), inputs(other)) == ["project sprint_days: 14 -> 7"]
