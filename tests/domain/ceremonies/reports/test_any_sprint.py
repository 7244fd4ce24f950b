"""Whatever happens in a sprint, its daily scrum says what the ledger and the items say, counted again another way."""

from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as some

from scrum.backlog.model import Status
from scrum.ceremonies.reports.build import build
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Kind
from scrum.team.calendar import WEEKDAYS, WorkingCalendar
from tests.domain.ceremonies.reports.play import PEOPLE, Play, day_by_day
from tests.domain.ceremonies.reports.reported import following, section
from tests.requirements import requirement
from tests.situations import FIVE

CALENDARS = some.builds(
    WorkingCalendar,
    timezone=some.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"]),
    workdays=some.sets(some.integers(0, len(WEEKDAYS) - 1), min_size=1).map(lambda days: tuple(sorted(days))),
)


@dataclass(frozen=True)
class Second:
    """The second daily scrum of a sprint, and what was there at the first."""

    play: Play
    report: Report
    seen: int
    lines: int

    @property
    def fresh(self) -> list[tuple[Kind, str, int]]:
        """What the ledger has since: kind, item, and the points that it changed by."""
        found = self.play.entries[self.seen :]
        return [(one.kind, one.item, (one.points or 0) - (one.before or 0)) for one in found]

    def figure(self, name: str) -> float:
        return self.report.figures[name]


@some.composite
def seconds(draw: some.DrawFn) -> Second:
    play = Play(Random(draw(some.integers(0, 2**32))), draw(CALENDARS))
    play.begin(draw(some.integers(0, 8)))
    play.go_on(draw(some.integers(0, 25)))
    seen, lines = len(play.entries), len(play.lines)
    first = build(play.material())
    play.go_on(draw(some.integers(0, 25)))
    return Second(play, build(play.material(following(first))), seen, lines)


MANY = settings(max_examples=150, deadline=None)


@requirement("reports.facts", "reports.once")
@MANY
@given(seconds())
def test_who_finished_what_is_what_was_completed_since_and_still_is(it: Second) -> None:
    completed = {item for kind, item, _ in it.fresh if kind is Kind.COMPLETED}
    still = [one for one in it.play.items.values() if one.key in completed and one.status is Status.DONE]

    assert it.figure("finished items") == len(still)
    assert it.figure("finished points") == sum(one.points or 0 for one in still)
    for name in PEOPLE[:3]:
        mine = [one for one in still if one.assignee == name]
        assert it.report.figures.get(f"of {name}: finished", 0) == len(mine)
        told = [line for line in section(it.report, f"Of {name}") if line.startswith("Finished")]
        assert sorted(line.split()[1] for line in told) == sorted(one.key for one in mine)
        left = [line.split()[1] for line in told if "has left the sprint" in line]
        assert sorted(left) == sorted(one.key for one in mine if not one.sprint)


@requirement("reports.facts")
@MANY
@given(seconds())
def test_what_is_in_progress_and_what_is_blocked_is_told_of_whoever_has_it(it: Second) -> None:
    for name in PEOPLE[:3]:
        mine = [one for one in it.play.items.values() if one.sprint and one.assignee == name and one.is_open]
        working = [one for one in mine if one.status is not Status.TODO and not one.block]

        assert it.report.figures.get(f"of {name}: open", 0) == len(mine)
        assert it.report.figures.get(f"of {name}: in progress", 0) == len(working)
        assert it.report.figures.get(f"of {name}: blocked", 0) == sum(one.block is not None for one in mine)


@requirement("reports.facts")
@MANY
@given(seconds())
def test_a_block_is_as_old_as_the_working_days_since(it: Second) -> None:
    blocked = {one.key: one.block for one in it.play.items.values() if one.sprint and one.block}
    suffix = " working days blocked"
    told = {
        name.removesuffix(suffix): value for name, value in it.report.figures.items() if name.endswith(suffix)
    }

    ages = {key: day_by_day(it.play.calendar, block.since, it.play.now) for key, block in blocked.items()}
    assert told == ages


@requirement("reports.facts")
@MANY
@given(seconds())
def test_the_scope_changed_by_what_came_went_and_was_estimated_again(it: Second) -> None:
    changes = [one for one in it.fresh if one[0] in (Kind.ADDED, Kind.REMOVED, Kind.REESTIMATED)]
    signs = {Kind.ADDED: 1, Kind.REMOVED: -1, Kind.REESTIMATED: 1}
    items = {Kind.ADDED: 1, Kind.REMOVED: -1, Kind.REESTIMATED: 0}
    told = section(it.report, "Scope since")

    assert it.report.figures.get("scope change points", 0) == sum(signs[kind] * by for kind, _, by in changes)
    assert it.report.figures.get("scope change items", 0) == sum(items[kind] for kind, _, _ in changes)
    assert [line for line in told if line.startswith("agent")] or not changes
    assert (told == ("It did not change.",)) is not bool(changes)


@requirement("reports.facts")
@MANY
@given(seconds())
def test_what_remains_is_what_is_in_the_sprint_and_not_done(it: Second) -> None:
    here = [one for one in it.play.items.values() if one.sprint]
    left = [one for one in here if one.status is not Status.DONE]

    assert it.figure("remaining items") == len(left)
    assert it.figure("remaining points") == sum(one.points or 0 for one in left)
    assert it.figure("completed points") == sum(one.points or 0 for one in here if one not in left)


@requirement("reports.silence")
@MANY
@given(seconds())
def test_who_nothing_is_recorded_of_has_no_data(it: Second) -> None:
    touched = {it.play.items[key].assignee for _, key in it.play.lines[it.lines :]}
    told = [*section(it.report, "No data"), *_without_data(it.report)]

    for name in FIVE:
        if name not in touched:
            assert any(line.startswith(name) for line in told)


def _without_data(report: Report) -> list[str]:
    """The names of those with a section of their own that says so."""
    return [
        one.heading.removeprefix("Of ")
        for one in report.sections
        if any(line.startswith("No data") for line in one.lines)
    ]


@requirement("reports.facts")
@MANY
@given(seconds())
def test_every_number_of_a_person_stands_in_the_figures(it: Second) -> None:
    for name in FIVE:
        line = next(
            (one for one in section(it.report, f"Of {name}") if "finished" in one and "open in all" in one),
            "",
        )
        told = [int(word) for word in line.split() if word.isdigit()]
        figures = it.report.figures
        names = ("finished", "in progress", "blocked", "at risk", "open")
        assert told == [figures[f"of {name}: {what}"] for what in names if line]
