"""Effects: their words, and what they make of a commitment, step by step."""

from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from scrum.errors import Invalid
from scrum.memory.model import Arm
from scrum.strategies.applying import arms, heads, reached, steps
from scrum.strategies.conditions import NAMES
from scrum.strategies.effects import Act, effect
from scrum.strategies.model import Record, Status
from tests.domain.strategies.examples import START, a_strategy, active, given, in_test
from tests.requirements import requirement

SCALES = st.lists(
    st.one_of(
        st.floats(0.5, 1.5).map(lambda share: f"scale {share:.3f}"),
        st.floats(0.01, 0.5).map(lambda share: f"buffer {share:.3f}"),
        st.floats(0.01, 0.5).map(lambda share: f"reserve {share:.3f}"),
    ),
    max_size=6,
)


@pytest.mark.parametrize("text", ["buffer 0.1", "reserve 0.15", "scale 0.9", "cap 8", "limit_carry_over 0.3"])
def test_an_effect_is_told_as_it_was_written(text: str) -> None:
    assert str(effect(text)) == text


def test_shares_may_be_written_in_percent() -> None:
    assert effect(" Buffer  10 % ".replace(" %", "%")) == effect("buffer 0.1")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("shrink 0.1", "there is no such effect"),
        ("buffer", "buffer needs an amount from 0.01 to 0.5"),
        ("buffer much", "buffer needs an amount"),
        ("buffer 0.9", "the amount of buffer is from 0.01 to 0.5"),
        ("buffer nan", "the amount of buffer is from"),
        ("scale 3", "the amount of scale is from 0.5 to 1.5"),
        ("leave_out_unestimated 3", "leave_out_unestimated has no amount"),
    ],
)
def test_a_bad_effect_is_refused_with_those_that_there_are(text: str, what: str) -> None:
    with pytest.raises(Invalid) as error:
        effect(text)

    assert what in str(error.value)
    assert "Effects: buffer 0.1" in str(error.value)


def test_availability_comes_first_and_each_step_says_what_the_plan_would_be_without_it() -> None:
    situation = given(45, 27, availability=0.6)
    told = steps(situation, arms([active("a_buffer", "buffer 0.1"), *START], situation))

    applied = [one for one in told if one.arm is Arm.APPLIED]
    assert [(one.name, one.before, one.after, one.otherwise) for one in applied] == [
        ("scale_by_availability", 45, 27, 40),
        ("a_buffer", 27, 24, 27),
    ]


def test_what_is_only_watched_says_what_it_would_have_made() -> None:
    situation = given(45)
    told = steps(situation, arms(START, situation))

    assert [(one.name, one.arm, one.before, one.after, one.otherwise) for one in told] == [
        ("reserve_unplanned", Arm.SHADOW, 45, 40, 40),
        ("velocity_buffer", Arm.SHADOW, 45, 40, 40),
    ]
    assert reached(situation, []) == 45


@requirement("strategies.bounded")
@examples(SCALES, st.integers(0, 300), st.sampled_from([0.1, 0.5, 1.0]))
def test_together_they_never_more_than_halve_the_commitment_or_raise_it_by_half(
    effects: list[str], base: int, share: float
) -> None:
    present = round(base * share)
    situation = given(base, present, availability=share)
    records = [*START, *(active(f"s{n}", does) for n, does in enumerate(effects))]
    applied = [strategy for strategy, arm in arms(records, situation) if arm is Arm.APPLIED]

    assert present / 2 <= reached(situation, applied) <= present * 1.5


def test_strategies_apply_where_their_condition_holds() -> None:
    holidays = active("holidays", "buffer 0.2", "days_away > 2")

    assert arms([holidays], given(40, days_away=2.0)) == []
    assert arms([holidays], given(40, days_away=3.0)) == [(holidays.strategy, Arm.APPLIED)]
    assert arms([holidays], given(40)) == [], "nobody knows the days"


def test_a_retired_strategy_is_not_even_watched() -> None:
    assert arms([Record(a_strategy(status=Status.RETIRED))], given(40)) == []


def test_one_candidate_is_under_test_and_the_others_are_watched() -> None:
    first, second = in_test(1, name="begun"), in_test(0, name="waiting")

    told = {strategy.name: arm for strategy, arm in arms([first, second], given(40))}

    assert told["begun"] in (Arm.APPLIED, Arm.CONTROL)
    assert told["waiting"] is Arm.SHADOW


def test_the_coin_is_the_same_for_every_plan_of_a_sprint_and_falls_both_ways() -> None:
    strategy = a_strategy()
    fallen = [heads(strategy, f"SHOP-S{n}") for n in range(400)]

    assert fallen == [heads(strategy, f"SHOP-S{n}") for n in range(400)]
    assert 160 <= sum(fallen) <= 240
    assert fallen != [heads(strategy, f"SHOP-S{n}", seed=2) for n in range(400)]


def test_the_acts_that_choose_items_leave_the_commitment_as_it_is() -> None:
    for does in ("cap 8", "limit_carry_over 0.3", Act.LEAVE_OUT_UNESTIMATED.value):
        record = active("chooser", does)
        assert steps(given(40), arms([record], given(40)))[0].after == 40


def test_every_figure_and_every_effect_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "strategies.md").read_text(encoding="utf-8")

    assert [
        f"| `{name}` | {words} |" for name, words in NAMES.items() if f"| `{name}` | {words} |" not in page
    ] == []
    assert [act for act in Act if f"| `{act}" not in page] == []
