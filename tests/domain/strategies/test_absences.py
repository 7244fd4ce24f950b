"""When a failed sprint is said to have ignored its absences."""

from dataclasses import replace

from scrum.memory.model import Arm, Decision, Episode, Tried
from tests.domain.strategies.examples import after, an_episode

SCALED = Tried("scale_by_availability", 1, Arm.APPLIED, 40, 30)


def ignored(episode: Episode) -> bool:
    _, told = after(episode)
    return any(lesson.startswith("Absences ignored") for lesson in told.lessons)


def test_a_plan_that_counted_them_ignored_none_however_fast_the_team_was_lately() -> None:
    sprint = an_episode(30, 20, availability=0.6, tried=[SCALED])

    assert not ignored(sprint)
    assert ignored(replace(sprint, strategies=()))


def test_nor_did_one_that_was_raised_by_what_was_learned() -> None:
    raised = Tried("more", 1, Arm.APPLIED, 30, 36)

    assert not ignored(an_episode(36, 20, availability=0.6, tried=[SCALED, raised]))


def test_one_that_took_more_than_it_counted_did() -> None:
    more = replace(an_episode(39, 20, availability=0.6, tried=[SCALED]), decision=Decision(30, 40, 39))

    assert ignored(more)


def test_what_the_team_does_with_everybody_there_is_what_counts() -> None:
    slower_lately = an_episode(24, 10, availability=0.6, figures={"velocity": 40.0})

    assert not ignored(slower_lately)
    assert ignored(replace(slower_lately, figures={"velocity": 30.0}))
