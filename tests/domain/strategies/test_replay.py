"""Whether learning pays, on histories whose answer is known."""

from dataclasses import replace
from random import Random

import pytest

from scrum.sprint.velocity import PastSprint, Source
from scrum.strategies.replay import Replayed, replay
from scrum.strategies.worth import OURS, OWN, PLAIN, RECENT, Worth, worth
from tests.requirements import requirement

ONE = Replayed("web", 5, 40.0, 36, 40, 50.0, 44.0, 0.6, ("velocity_buffer",))


def history(*points: float, committed: float | None = 40.0) -> list[PastSprint]:
    return [
        PastSprint(str(n), Source.IMPORTED, completed, days=14, committed_points=committed)
        for n, completed in enumerate(points, start=1)
    ]


def wandering(team: str, sprints: int) -> list[PastSprint]:
    chance = Random(team)
    return history(*(max(1.0, chance.gauss(40, 8)) for _ in range(sprints)))


def judged(*replayed: Replayed) -> Worth:
    told = worth(replayed)
    assert told
    return told


def test_a_sprint_is_planned_from_those_before_it_alone() -> None:
    sprints = wandering("web", 20)
    known = list(replay("web", sprints[:15]))
    other = [*sprints[:14], replace(sprints[14], completed_points=99.0, committed_points=1.0)]

    (*before, last), (*same, changed) = known, replay("web", other)

    assert before == same
    assert (changed.learned, changed.plain, changed.confidence) == (last.learned, last.plain, last.confidence)


def test_the_same_history_is_replayed_the_same() -> None:
    assert list(replay("web", wandering("web", 30))) == list(replay("web", wandering("web", 30)))


def test_every_sprint_with_five_before_it_is_replayed_once() -> None:
    assert [one.place for one in replay("web", wandering("web", 12))] == list(range(5, 12))
    assert list(replay("web", wandering("web", 5))) == []


def test_a_team_that_always_falls_short_of_its_forecast_gets_a_buffer() -> None:
    falling = [round(100 * 0.8**n, 1) for n in range(20)]

    followed = [one.followed for one in replay("web", history(*falling))]

    assert followed[0] == ()
    assert any("velocity_buffer" in names for names in followed)


def test_commitments_are_told_beside_each_other() -> None:
    told = judged(ONE, replace(ONE, completed=36.0, own=36.0, followed=()))
    lines = {line.commitment: line for line in told.lines}

    assert (told.n, told.teams, told.followed) == (2, 1, 1)
    assert [lines[name].error for name in (OURS, PLAIN, OWN, RECENT)] == [2.0, 2.0, 5.0, 6.0]
    assert [lines[name].close for name in (OURS, PLAIN, OWN, RECENT)] == [0.5, 1.0, 0.5, 0.5]
    assert lines[OURS].unused == pytest.approx(4 / 76)


@requirement("learning.honest")
def test_differences_say_how_sure_they_are_over_teams() -> None:
    teams = [replace(ONE, team=f"team {n}", completed=36.0 + n) for n in range(8)]
    told = judged(*teams)
    plain = told.against(PLAIN)

    assert plain
    assert plain.error.low < plain.error.value < plain.error.high
    assert plain.error.value == pytest.approx(sum(n - abs(4 - n) for n in range(8)) / 8)
    assert judged(*teams) == told


@requirement("learning.honest")
def test_learning_pays_only_where_chance_does_not_explain_it() -> None:
    sure = [replace(ONE, team=f"team {n}", completed=36.0) for n in range(8)]
    unsure = [replace(one, completed=36.0 if n % 2 else 40.0) for n, one in enumerate(sure)]

    assert judged(*sure).pays
    assert not judged(*unsure).pays


def test_confidence_is_calibrated_in_fifths() -> None:
    told = judged(ONE, replace(ONE, confidence=0.9), replace(ONE, confidence=0.95, completed=10.0))

    assert [(one.low, one.n, one.came) for one in told.bins] == [(0.6, 1, 1.0), (0.8, 2, 0.5)]
    assert told.brier == pytest.approx((0.4**2 + 0.1**2 + 0.95**2) / 3)
    assert told.base_rate == pytest.approx(2 / 3 / 3)


def test_without_commitments_of_their_own_there_is_nothing_to_compare() -> None:
    assert worth(replay("web", history(*[40.0] * 9, committed=None))) is None
