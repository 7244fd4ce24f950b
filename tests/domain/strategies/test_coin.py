"""The test of a candidate, with the coin of the product and teams whose capacity is known."""

from dataclasses import replace

from bench.coin import BASE, BUFFERS, GOES_ON, LOWER, Team, ended, lines
from scrum.strategies.model import Status
from tests.requirements import requirement

SHARE, MIDDLE = 0.1, 42.5
STOPS, GOES_ON_ALWAYS = (Team(MIDDLE, goes_on) for goes_on in (0.0, 1.0))


def promoted(team: Team, tests: int = 400) -> float:
    return sum(ended(SHARE, team, seed).status is Status.ACTIVE for seed in range(tests)) / tests


@requirement("strategies.finished")
def test_a_worthless_buffer_is_not_promoted_because_its_team_stops_when_it_is_done() -> None:
    stops = promoted(STOPS)

    assert stops < promoted(GOES_ON_ALWAYS) + 0.02
    assert stops < promoted(replace(STOPS, forecast=None)) / 2


def test_a_buffer_that_its_team_needs_is_promoted_more_often_than_not() -> None:
    assert promoted(Team(BASE - 10, 0.0)) > 0.7


def test_the_benchmark_tells_of_every_kind_of_team() -> None:
    assert len(list(lines(1))) == 1 + len(BUFFERS) * len(GOES_ON) * len(LOWER)
