"""What becomes due by time alone: slots of the calendar, stalls, gaps that are over, and steps of the sprint."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

from scrum.ceremonies.policy.model import Policy, Rule
from scrum.ceremonies.terms import RETROSPECTIVE, REVIEW, Strategy
from scrum.ceremonies.triggers.grid import Grid, moment_on
from scrum.ceremonies.triggers.standing import Circumstances, Standing
from scrum.ceremonies.triggers.working_hours import hours_later
from scrum.sprint.model import State
from scrum.team.calendar import WorkingCalendar


class Kind(IntEnum):
    """In the order in which they ring at the same moment."""

    STEP = 0
    SLOT = 1
    STALL = 2
    GAP = 3


@dataclass(frozen=True)
class Alarm:
    """`at` is real. `rule` is None for a step of the sprint."""

    at: datetime
    kind: Kind
    rule: Rule | None = None
    slot: datetime | None = None


def alarms(around: Circumstances, standing: Standing) -> Iterator[Alarm]:
    step = next_step(around, standing)
    if step:
        yield Alarm(step, Kind.STEP)
    if standing.state is State.ACTIVE:
        for rule in around.policy.enabled:
            yield from _of_rule(around, standing, rule)


def next_alarm(around: Circumstances, standing: Standing) -> Alarm | None:
    return min(alarms(around, standing), key=lambda alarm: (alarm.at, alarm.kind), default=None)


def _of_rule(around: Circumstances, standing: Standing, rule: Rule) -> Iterator[Alarm]:
    turn = standing.turn(rule)
    if rule.strategy.has_calendar and (slot := next_slot(around, standing, rule)):
        yield Alarm(around.clock.real(slot), Kind.SLOT, rule, slot)
    if rule.strategy is Strategy.THROUGHPUT_ADAPTIVE and turn.rates.since and not turn.rates.stalled:
        over = hours_later(around.facts.calendar, turn.rates.since, rule.settings.stall_after)
        yield Alarm(around.clock.real(over), Kind.STALL, rule)
    if turn.waiting and turn.last:
        yield Alarm(turn.last + timedelta(seconds=rule.settings.gap_seconds), Kind.GAP, rule)


def next_slot(around: Circumstances, standing: Standing, rule: Rule) -> datetime | None:
    """On the project's clock."""
    if standing.started is None:
        return None
    turn = standing.turn(rule)
    after = turn.slot or around.clock.shows(standing.started)
    return _slot_after(grid_of(around, standing, rule), after, turn.slot_day)


@lru_cache(maxsize=4096)
def _slot_after(grid: Grid, moment: datetime, over: date | None) -> datetime | None:
    return grid.after(moment, over)


def grid_of(around: Circumstances, standing: Standing, rule: Rule) -> Grid:
    settings = rule.settings
    first = first_day(around, standing)
    return Grid(settings.frequency, settings.time_of_day, calendar_of(around, rule), first)


def first_day(around: Circumstances, standing: Standing) -> date:
    """That of the sprint, where its team was when it started."""
    calendar = calendar_of(around, around.policy.sprint)
    return standing.first or calendar.day_of(around.clock.shows(standing.started or around.facts.anchor))


def calendar_of(around: Circumstances, rule: Rule) -> WorkingCalendar:
    calendar = around.facts.calendar
    return replace(calendar, timezone=rule.settings.timezone or calendar.timezone)


def next_step(around: Circumstances, standing: Standing) -> datetime | None:
    """When time alone takes the sprint on; None when it does not."""
    settings = around.policy.sprint.settings
    match standing.state:
        case State.PLANNED if settings.auto_start:
            return _start(around, standing)
        case State.ACTIVE if settings.auto_transition and settings.strategy.has_calendar:
            return around.clock.real(end_of(around, standing))
        case State.IN_REVIEW | State.RETROSPECTIVE if settings.auto_transition and standing.entered:
            gate = gate_of(around.policy, standing)
            return _timeout(around, standing.entered, gate) if gate else None
        case _:
            return None


def _start(around: Circumstances, standing: Standing) -> datetime | None:
    """At the time of day of its first working day, or as soon as it is planned where that is over."""
    if standing.planned is None or around.facts.first_day is None:
        return None
    rule = around.policy.sprint
    calendar = calendar_of(around, rule)
    day = calendar.working_day_from(around.facts.first_day)
    begin = moment_on(day, rule.settings.time_of_day, calendar.timezone)
    return max(standing.planned, around.clock.real(begin))


def end_of(around: Circumstances, standing: Standing) -> datetime:
    """On the project's clock: the midnight after the sprint's last day."""
    rule = around.policy.sprint
    calendar = calendar_of(around, rule)
    length = (around.facts.days or rule.settings.duration_days) + standing.extended
    return calendar.midnight(first_day(around, standing) + timedelta(length))


def gate_of(policy: Policy, standing: Standing) -> Rule | None:
    """The ceremony that the sprint waits for."""
    name = {State.IN_REVIEW: REVIEW, State.RETROSPECTIVE: RETROSPECTIVE}.get(standing.state, "")
    rule = policy.of(name)
    if rule is None or not (rule.settings.enabled and rule.settings.gate) or name in standing.settled:
        return None
    return rule


def _timeout(around: Circumstances, entered: datetime, gate: Rule) -> datetime:
    shown = around.clock.shows(entered)
    return around.clock.real(hours_later(around.facts.calendar, shown, gate.settings.timeout_hours))
