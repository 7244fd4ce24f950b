"""Numbers that a text says of a situation."""

from typing import Any

import pytest

from scrum.memory.model import Features
from scrum.memory.said import said


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Team of 5, availability 0.8", {"team_size": 5, "availability": 0.8}),
        ("team size: 9; velocity of 42.5 points", {"team_size": 9, "velocity": 42.5}),
        ("7 people at 80% availability", {"team_size": 7, "availability": 0.8}),
        ("availability is 60 %", {"availability": 0.6}),
        ("2 days away, 8 points carried over", {"days_away": 2, "carry_over": 8}),
        ("carry-over 3 and a backlog of 120 points", {"carry_over": 3, "scope": 120}),
        ("days_away=4 carry_over=2 scope=47", {"days_away": 4, "carry_over": 2, "scope": 47}),
        ("availability 80", {}),
        ("availability 1.0", {"availability": 1.0}),
        ("the steam of 5 boilers, 5 peoples", {}),
        ("team of 5x, velocity 3rd", {}),
        ("team of 99999999999999999999", {}),
        ("team of \u0663", {}),
        ("", {}),
    ],
)
def test_numbers_are_read_where_plain_words_say_what_they_are(text: str, numbers: dict[str, Any]) -> None:
    assert said(text) == Features(**numbers)


def test_what_is_said_first_counts() -> None:
    assert said("team of 3, later a team of 9").team_size == 3
