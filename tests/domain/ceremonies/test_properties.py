"""However evaluation is called, what comes of it is the same; and what it predicts is what comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.policy.settings import Milestone, Settings
from scrum.ceremonies.terms import FIVE, Strategy, Trigger
from scrum.ceremonies.triggers.course import Firing, Move
from scrum.ceremonies.triggers.evaluation import evaluate, next_tick, upcoming
from scrum.ceremonies.triggers.facts import Facts, Happening
from scrum.ceremonies.triggers.standing import Standing
from scrum.ceremonies.triggers.tally import EVENT_OF
from scrum.team.calendar import WorkingCalendar
from tests.builders import MONDAY
from tests.requirements import requirement

RULES: some.SearchStrategy[Settings] = some.builds(
    Settings,
    strategy=some.sampled_from(Strategy),
    trigger=some.sampled_from(Trigger),
    every_n_completions=some.integers(1, 4),
    also_trigger_every_n=some.integers(0, 3),
    sprint_percentage=some.sampled_from([20, 50, 100]),
    frequency=some.sampled_from(["daily", "weekly", "bi_weekly", "FREQ=WEEKLY;BYDAY=TU,SU"]),
    on=some.sampled_from(
        [
            ("task_completed",),
            ("task_blocked", "sprint_backlog_empty"),
            ("sprint_started",),
            ("sprint_completed",),
        ]
    ),
    debounce=some.integers(1, 3),
    drop=some.just(30),
    window=some.integers(2, 3),
    stall_after=some.sampled_from([1, 24]),
    sources=some.just(("git",)),
    milestones=some.just((Milestone("alpha", frozenset({"SHOP-1", "SHOP-2"})),)),
    gate=some.booleans(),
    timeout_hours=some.sampled_from([1, 30]),
    gap_seconds=some.sampled_from([0, 10, 7_200]),
)
SPRINTS: some.SearchStrategy[Settings] = some.builds(
    Settings,
    strategy=some.sampled_from(Strategy),
    time_scale=some.sampled_from([1, 1, 7.3, 1_000]),
    auto_start=some.booleans(),
    auto_transition=some.sampled_from([True, True, False]),
    transition_threshold=some.sampled_from([0.5, 1.0]),
    duration_days=some.sampled_from([3, 14]),
    transition_event=some.sampled_from(["task_blocked", "sprint_backlog_empty", "push"]),
    transition_milestone=some.just("alpha"),
    milestones=some.just((Milestone("alpha", frozenset({"SHOP-1", "SHOP-2"})),)),
)


def _policy(sprint: Settings, rules: Sequence[Settings]) -> Policy:
    named = zip(FIVE, rules, strict=True)
    return Policy(Rule("sprint", sprint, {}), tuple(Rule(name, one, {}) for name, one in named))


POLICIES = some.builds(_policy, SPRINTS, some.tuples(RULES, RULES, RULES, RULES, RULES))
Line = dict[str, Any]
COMPLETIONS = some.sampled_from(
    [Line(name="task_completed", item=f"SHOP-{number}") for number in range(1, 9)]
)
OTHERS = some.sampled_from(
    [
        Line(name="task_reopened", item="SHOP-2"),
        Line(name="task_blocked"),
        Line(name="push", source="git"),
        Line(name="scope_changed", items=3),
        Line(name="scope_changed", items=-1),
        Line(name="scope_changed", items=-1, item="SHOP-1"),
        Line(name="sprint_extended", days=1),
        *(Line(name="budget_spent", spent=spent) for spent in (10, 30, 60, 80, 100)),
        *(Line(name="ceremony_held", item=name) for name in FIVE[3:]),
        Line(name="ceremony_skipped", item=FIVE[3]),
        Line(name="ceremony_triggered", item=FIVE[1], source="Ana"),
        Line(name="sprint_in_review"),
        Line(name="sprint_completed"),
    ]
)
STEPS = COMPLETIONS | OTHERS
PAUSES = some.sampled_from([0, 1, 5, 60, 3_600, 40_000]).map(lambda seconds: timedelta(seconds=seconds))
CALENDARS = some.sampled_from(
    [WorkingCalendar(), WorkingCalendar(timezone="Europe/Berlin", days_off=(date(2026, 3, 4),))]
)


@dataclass(frozen=True)
class Story:
    policy: Policy
    facts: Facts

    def known(self, at: datetime) -> Facts:
        """What is recorded by then."""
        found = tuple(one for one in self.facts.happenings if one.at <= at)
        gone = frozenset(one.item for one in found if one.name == "scope_changed" and one.item)
        return replace(self.facts, happenings=found, cancelled=gone)

    @property
    def end(self) -> datetime:
        return self.facts.happenings[-1].at + timedelta(days=20) / self.policy.sprint.settings.time_scale


def a_story(policy: Policy, calendar: WorkingCalendar, lines: Sequence[tuple[timedelta, Line]]) -> Story:
    at, found = (
        MONDAY,
        [Happening(1, MONDAY, "sprint_planned"), Happening(2, MONDAY, "sprint_started", items=12)],
    )
    for number, (pause, line) in enumerate(lines, start=3):
        at += pause / policy.sprint.settings.time_scale
        found.append(Happening(number, at, **line))
    facts = Facts("SHOP-S1", calendar, MONDAY, tuple(found), first_day=MONDAY.date(), budget=100)
    return Story(policy, facts)


STORIES = some.builds(
    a_story, POLICIES, CALENDARS, some.lists(some.tuples(PAUSES, STEPS), min_size=3, max_size=30)
)


@dataclass(frozen=True)
class Told:
    """All that came of a story."""

    steps: tuple[Firing | Move, ...]
    standing: Standing

    @property
    def occurrences(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for step in self.steps:
            if isinstance(step, Firing):
                found.setdefault(step.ceremony, []).extend(step.covers)
        return found

    @property
    def moves(self) -> list[Move]:
        return [step for step in self.steps if isinstance(step, Move)]


def told(story: Story, times: Iterator[datetime] | Sequence[datetime]) -> Told:
    standing, steps = Standing(), list[Firing | Move]()
    for at in times:
        found = evaluate(story.policy, story.known(at), standing, at)
        standing = found.standing
        steps += found.steps
    return Told(tuple(steps), standing)


def perfect_times(story: Story) -> list[datetime]:
    """Whenever something happens, and whenever time makes something due."""
    return [at for at, _ in _perfect(story)]


def _perfect(story: Story) -> Iterator[tuple[datetime, Sequence[Move]]]:
    """Each evaluation of somebody who is never late, with the moves that it made."""
    standing = Standing()
    recorded = [one.at for one in story.facts.happenings]
    at = recorded[0]
    while at <= story.end:
        found = evaluate(story.policy, story.known(at), standing, at)
        standing = found.standing
        yield at, found.moves
        tick = next_tick(story.policy, story.known(at), standing)
        coming = [one for one in (tick, *recorded) if one and one > at]
        at = min(coming, default=story.end + timedelta(1))
    yield story.end, evaluate(story.policy, story.facts, standing, story.end).moves


def logged(story: Story) -> Story:
    """With the moves that were made, which are recorded like everything else."""
    lines: list[Happening] = []
    left = list(story.facts.happenings)
    for at, moves in _perfect(story):
        while left and left[0].at <= at:
            lines.append(left.pop(0))
        lines += [Happening(0, move.at, EVENT_OF[move.state], items=12) for move in moves]
    numbered = tuple(replace(one, number=number) for number, one in enumerate([*lines, *left], start=1))
    return replace(story, facts=replace(story.facts, happenings=numbered))


@requirement("ceremonies.once")
@settings(max_examples=100)
@given(STORIES, some.data())
def test_whatever_the_grouping_each_occurrence_comes_once_and_all_come(
    story: Story, data: some.DataObject
) -> None:
    """What was recorded is the same, with the moves of somebody who was never late; evaluation comes whenever it comes."""
    times = perfect_times(story)
    story = logged(story)
    perfect = told(story, [*times, story.end])
    chosen = data.draw(some.lists(some.sampled_from(times), max_size=8).map(sorted))

    other = told(story, [*chosen, story.end, story.end])

    assert other.occurrences == perfect.occurrences
    assert other.standing == perfect.standing
    for occurrences in perfect.occurrences.values():
        assert len(set(occurrences)) == len(occurrences)


@settings(max_examples=60)
@given(STORIES, some.data())
def test_more_ticks_than_needed_change_nothing_at_all(story: Story, data: some.DataObject) -> None:
    times = perfect_times(story)
    pauses = data.draw(some.lists(some.floats(0, 1), max_size=10))
    more = [times[0] + (story.end - times[0]) * share for share in pauses]

    assert told(story, sorted([*times, *times, *more])).steps == told(story, times).steps


@requirement("ceremonies.preview")
@settings(max_examples=60)
@given(STORIES, some.floats(0, 1))
def test_what_is_predicted_is_what_then_fires(story: Story, share: float) -> None:
    times = perfect_times(story)
    now = times[int(share * (len(times) - 1))]
    facts, standing = story.known(now), told(story, [one for one in times if one <= now]).standing

    alone, ninety = Story(story.policy, facts), timedelta(days=90) / story.policy.sprint.settings.time_scale
    for one in upcoming(story.policy, facts, standing, now):
        later = list(_on_time(alone, standing, now, one.at or now + ninety))
        of_it = [firing for firing in later if firing.ceremony == one.ceremony]
        assert [(firing.occurrence, firing.at) for firing in of_it] == (
            [(one.occurrence, one.at)] if one.at else []
        )


def _on_time(story: Story, standing: Standing, now: datetime, end: datetime) -> Iterator[Firing]:
    at: datetime | None = now
    while at and at <= end:
        found = evaluate(story.policy, story.facts, standing, at)
        standing = found.standing
        yield from found.firings
        at = next_tick(story.policy, story.facts, standing)


@settings(max_examples=30)
@given(STORIES)
def test_every_firing_and_every_refusal_has_a_reason_in_one_line(story: Story) -> None:
    for at in (MONDAY, story.facts.happenings[-1].at, story.end):
        found = evaluate(story.policy, story.known(at), Standing(), at)

        assert [one.ceremony for one in found.decisions] == list(FIVE)
        for reason in (one.reason for one in (*found.decisions, *found.steps)):
            assert reason.endswith(".")
            assert ".." not in reason
            assert "\n" not in reason
