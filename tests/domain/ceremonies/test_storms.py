"""Agents that finish a thousand items in seconds, and evaluations that come late: counted right, held rarely."""

from datetime import timedelta

from scrum.ceremonies.course import Firing
from scrum.team.project import Cadence
from tests.domain.ceremonies.diary import Diary, a_policy, only

DAILY = "daily_scrum"


def test_a_thousand_completions_in_seconds_are_counted_right_and_held_twice() -> None:
    diary = Diary(a_policy(Cadence.STARTUP)).starts(items=1_000)
    found: list[Firing] = []
    for _ in range(1_000):
        diary.completes(1, every=0.003)
        found += diary.evaluated().firings
    dailies = [one for one in found if one.ceremony == DAILY]

    assert [one.occurrence for one in dailies] == ["completions:5", "completions:1000"]
    assert sum(len(one.covers) for one in dailies) == 200
    assert dailies[-1].reason == (
        "1000 items are done, 5 more than when it was last due. "
        "It covers 199 occurrences, which came within 10 seconds."
    )
    assert [one.ceremony for one in found if one.ceremony != DAILY] == [
        "sprint_planning",
        "backlog_refinement",
        "sprint_review",
        "retrospective",
    ]


def test_what_waits_for_the_gap_is_held_when_it_is_over() -> None:
    diary = (
        Diary(only(DAILY, {"every_n_completions": 2, "gap_seconds": 30}))
        .starts(items=99)
        .completes(6, every=1)
    )
    (first,) = diary.evaluated().firings

    assert diary.why(DAILY) == "2 occurrences wait until 30 seconds are over since it was last due."
    assert diary.after(seconds=25.9).fired() == []
    (second,) = diary.after(seconds=0.1).evaluated().firings
    assert (first.covers, second.covers) == (("completions:2",), ("completions:4", "completions:6"))
    assert second.at - first.at == timedelta(seconds=30)


def test_what_was_missed_is_caught_up_by_one() -> None:
    diary = Diary(only(DAILY, {"every_n_completions": 5})).starts(items=99).completes(40, every=3600)

    (firing,) = diary.evaluated().firings

    assert firing.occurrence == "completions:40"
    assert len(firing.covers) == 8
    assert firing.reason.endswith("It covers 8 occurrences, found at once.")
