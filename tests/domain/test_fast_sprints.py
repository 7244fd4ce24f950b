"""What runs on a faster clock is told as what took so much longer."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from scrum.backlog.model import Block, Item
from scrum.clock import ProjectClock
from scrum.events import By
from scrum.sprint.burndown import Day, burndown
from scrum.sprint.chance import chance_to_finish
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import Prediction, Sprint, State
from scrum.sprint.risk import Progress, Risk, sprint_risks
from scrum.sprint.velocity import Unit, past_sprint, velocity
from scrum.team.calendar import WorkingCalendar
from tests.requirements import requirement
from tests.situations import MONDAY, item

SCALES = some.sampled_from([2.0, 1_000.0, 1_440.0, 100_000.0]) | some.floats(1.5, 100_000)
ZONES = some.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])
ITEMS = 6


@dataclass(frozen=True)
class Course:
    """A sprint of two weeks, as it was recorded; now is the last moment of it."""

    sprint: Sprint
    ledger: Ledger
    blocked_since: datetime
    now: datetime

    def stretched(self) -> "Course":
        """The same in real time, where it took as long as its clock showed."""
        shows = self.sprint.clock.shows
        return Course(
            replace(self.sprint, clock=ProjectClock(MONDAY), started_at=shows(MONDAY)),
            Ledger(tuple(replace(entry, at=shows(entry.at)) for entry in self.ledger.entries)),
            shows(self.blocked_since),
            shows(self.now),
        )

    def told(self, calendar: WorkingCalendar) -> tuple[tuple[Day, ...], float | None, tuple[Risk, ...]]:
        days, figures = self.sprint.days_of(calendar), self.ledger.figures()
        line = burndown(self.sprint, self.ledger, days, self.now)
        chance = chance_to_finish(self.sprint, figures, days, self.now)
        progress = Progress(
            sprint=self.sprint,
            figures=figures,
            items=[self._blocked()],
            burndown=line,
            chance=chance,
            today=days.day_of(self.now),
            calendar=days,
        )
        return line, chance, sprint_risks(progress)

    def _blocked(self) -> Item:
        return replace(item(1, points=5), block=Block("No key", self.blocked_since))


def courses(scale: float, shown: list[timedelta]) -> Course:
    """`shown`: how long after the start, by its clock, items are completed one after the other."""
    moments = [MONDAY + after / scale for after in sorted(shown)]
    committed = [Entry.of(By("ana", MONDAY), Kind.COMMITTED, f"SHOP-{n}", 5) for n in range(ITEMS)]
    done = [Entry.of(By("ana", at), Kind.COMPLETED, f"SHOP-{n}", 5) for n, at in enumerate(moments[1:-1])]
    sprint = Sprint(
        "SHOP-S1",
        "SHOP",
        1,
        "",
        date(2026, 3, 2),
        date(2026, 3, 15),
        state=State.ACTIVE,
        started_at=MONDAY,
        prediction=Prediction(20, 10, 30, 0.5),
        clock=ProjectClock(MONDAY, scale),
    )
    return Course(sprint, Ledger((*committed, *done)), moments[0], moments[-1])


COURSES = some.builds(
    courses, SCALES, some.lists(some.timedeltas(timedelta(0), timedelta(16)), min_size=2, max_size=ITEMS + 1)
)


@requirement("ceremonies.own-time")
@given(COURSES, ZONES)
def test_a_sprint_on_a_fast_clock_is_told_as_the_same_course_in_real_time(course: Course, zone: str) -> None:
    """Burndown, chance and risks."""
    calendar = WorkingCalendar(timezone=zone)

    assert course.told(calendar) == course.stretched().told(calendar)


@requirement("ceremonies.own-time")
@given(COURSES)
def test_what_it_completed_in_a_working_day_is_that_of_the_same_course_in_real_time(course: Course) -> None:
    rates = [
        velocity([past_sprint(ended, one.ledger.figures(), 10, planned=10)], unit, window=1).mean
        for unit in (Unit.POINTS_PER_WORKING_DAY, Unit.POINTS_PER_SPRINT)
        for one in (course, course.stretched())
        for ended in [replace(one.sprint, members=2, ended_at=one.now)]
    ]

    assert rates[::2] == rates[1::2]


@given(SCALES, some.timedeltas(timedelta(0), timedelta(days=30)))
def test_its_clock_is_the_real_one_until_it_is_planned_and_goes_on_like_it_when_it_is_closed(
    scale: float, passed: timedelta
) -> None:
    closed = MONDAY + timedelta(minutes=20)
    clock = ProjectClock(MONDAY, scale, closed)

    assert clock.shows(MONDAY - passed) == MONDAY - passed
    assert clock.real(MONDAY - passed) == MONDAY - passed
    assert clock.shows(closed + passed) == clock.shows(closed) + passed
    assert clock.real(clock.shows(closed + passed)) == closed + passed


@given(SCALES, ZONES, some.dates(date(2026, 3, 3), date(2027, 3, 3)))
def test_a_day_of_its_clock_begins_at_its_midnight_and_not_before(scale: float, zone: str, day: date) -> None:
    calendar = WorkingCalendar(timezone=zone).by(ProjectClock(MONDAY, scale))

    begin = calendar.midnight(day)

    assert calendar.day_of(begin) == day
    assert calendar.day_of(begin - timedelta.resolution) < day
