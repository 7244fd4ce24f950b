"""Conditions are checked when they are proposed, and afterwards can do nothing but hold or not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.errors import Invalid
from scrum.strategies.conditions import LONGEST, NAMES, condition
from scrum.text import TooLong
from tests.requirements import requirement

KNOWN = {"days_away": 3.0, "availability": 0.7, "team_size": 5.0}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("days_away > 2", True),
        ("days_away > 3", False),
        ("days_away >= 3 && availability < 0.8", True),
        ("team_size == 5", True),
        ("team_size != 5 || days_away * 2 > team_size", True),
        ("!(availability < 1)", False),
        ("availability < 1 ? days_away > 2 : true", True),
        ("  true ", True),
        ("", True),
        ("1 < 2", True),
        ("3e-1 < availability", True),
        ("team_size-1 == 4", True),
        ("team_size / days_away > 1.6", True),
        ("team_size / -(days_away - 1) < -2.4", True),
        ("30 / days_away / (team_size / 2) == 4", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    assert condition(text).holds(KNOWN) is holds


@requirement("strategies.checked")
@pytest.mark.parametrize(
    ("text", "position", "what"),
    [
        ("dayz_away > 2", 1, "'dayz_away' is no name of a figure. Did you mean 'days_away'?"),
        ("team_size == 5 && dayz > 2", 19, "'dayz' is no name"),
        ("team_size == 10 && team_size < 12 && dayz > 2", 38, "'dayz' is no name"),
        ("availability >", 15, "stops being a condition"),
        ("availability > 'a'", 14, "> does not go with"),
        ("availability in [1.0]", 14, "stops being a condition"),
        ("size('x') > 1", 5, "'size' is no name"),
        ("[1].all(x, x > 2)", 9, "'x' is no name"),
        ("true true", 6, "stops being a condition"),
        ("team_size.real > 1", 10, "stops being a condition"),
        ("'bob' == 'bob'", 1, "stops being a condition"),
        ("true && null == null", 9, "stops being a condition"),
        ("{} == {}", 1, "stops being a condition"),
        ("[1] == [2]", 1, "stops being a condition"),
        ("0x10 == 0x10", 1, "stops being a condition"),
        ("days_away > 100 || true // or not", 25, "stops being a condition"),
        ("team_size / divisor(days_away) > 1", 13, "stops being a condition"),
    ],
)
def test_a_bad_condition_is_refused_with_its_position(text: str, position: int, what: str) -> None:
    with pytest.raises(Invalid) as error:
        condition(text)

    assert f"at position {position}" in str(error.value)
    assert what in str(error.value)
    assert all(name in str(error.value) for name in NAMES)


def test_a_number_is_no_condition() -> None:
    with pytest.raises(Invalid, match="it is a number"):
        condition("availability")


def test_a_condition_is_bounded_in_length_and_depth() -> None:
    with pytest.raises(TooLong):
        condition("true && " * (LONGEST // 8) + "true && true")
    with pytest.raises(Invalid, match="nested too deeply"):
        condition("(" * 60 + "true" + ")" * 60)


def test_where_a_figure_is_not_known_a_condition_that_needs_it_does_not_hold() -> None:
    assert not condition("carry_over < 5").holds(KNOWN)
    assert not condition("!(carry_over < 5)").holds(KNOWN)
    assert condition("days_away > 2 || carry_over < 5").holds(KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "team_size / 0 > 1",
        "0 / 0 != 0",
        "!(0 / 0 == 0)",
        "team_size / (days_away - 3) > 1",
        "team_size / -(days_away - 3) != 1",
        "1 / (1 / (days_away - 3)) < 1",
    ],
)
def test_where_it_divides_by_zero_a_condition_does_not_hold(text: str) -> None:
    assert not condition(text).holds(KNOWN)


def test_a_division_by_zero_that_decides_nothing_does_no_harm() -> None:
    assert condition("days_away == 3 || team_size / (days_away - 3) > 1").holds(KNOWN)
    assert not condition("days_away > 3 && team_size / (days_away - 3) > 1").holds(KNOWN)


@given(st.text(alphabet="adsvy_<>=!&|?:()+-*/.'\"[]{}0123456789 e\n\u200b", max_size=60))
def test_whatever_is_written_is_a_condition_or_refused_with_a_reason(text: str) -> None:
    try:
        assert condition(text).holds(KNOWN) in (True, False)
    except Invalid as error:
        assert re.search("position|nested|number", str(error))  # noqa: PT017 - either is right
