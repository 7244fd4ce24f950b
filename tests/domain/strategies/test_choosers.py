"""Rules that choose items: what past sprints say of them, and when they are proposed."""

import pytest

from scrum.memory.model import Arm, Tried
from scrum.strategies.learning import watched
from scrum.strategies.model import Record
from tests.domain.strategies.examples import a_strategy, after, an_episode, named


def test_a_cap_is_not_below_the_usual_item_and_where_all_are_as_large_none_is_proposed() -> None:
    mixed, _ = after(an_episode(16, 8, figures={"largest_planned": 8.0, "usual_item": 3.0}))
    alike, told = after(an_episode(16, 8, figures={"largest_planned": 8.0, "usual_item": 8.0}))

    assert str(named(mixed, "smaller_items").strategy.effect) == "cap 3"
    assert "smaller_items" not in [one.strategy.name for one in alike]
    assert not any(lesson.startswith("Large items") for lesson in told.lessons)


@pytest.mark.parametrize(
    ("does", "figure"),
    [
        ("cap 5", "largest_planned"),
        ("leave_out_unestimated", "unestimated_planned"),
        ("limit_carry_over 0.1", "carried_planned"),
    ],
)
def test_past_sprints_that_had_what_a_rule_leaves_out_speak_for_it_by_falling_short(
    does: str, figure: str
) -> None:
    rule = a_strategy("chooser", does, support=("PLAN-0",))
    short, met = an_episode(40, 20, 1, figures={figure: 8.0}), an_episode(40, 40, 2, figures={figure: 8.0})
    without = an_episode(40, 20, 3, figures={figure: 0.0})

    told = [Record(rule, tuple(watched(rule, past))) for past in ([short], [short, met], [without], [])]

    seen = [[trial.better for trial in record.trials] for record in told]
    assert seen == [[True], [True, False], [None], []]
    assert [record.ready for record in told] == [True, False, False, False]


def test_what_a_plan_only_watched_is_looked_at_by_what_the_sprint_had() -> None:
    rule = a_strategy("chooser", "cap 5", support=("PLAN-0",))
    tried = [Tried("chooser", 1, Arm.SHADOW, 40, 40)]
    episode = an_episode(40, 20, tried=tried, figures={"largest_planned": 8.0})

    records, _ = after(episode, records=[Record(rule)])

    assert [trial.better for trial in named(records, "chooser").trials] == [True]
