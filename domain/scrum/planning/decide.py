"""The decision: from a situation and a request to a plan. Pure, and the same for the same input."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scrum.errors import Invalid
from scrum.events import By
from scrum.forecasting.coming import conditions
from scrum.forecasting.next_sprint import forecast
from scrum.memory.model import Arm
from scrum.planning.applied import narrowed
from scrum.planning.decision import Decision, Frame
from scrum.planning.figures import before
from scrum.planning.limits import candidates, limits, people
from scrum.planning.model import Plan
from scrum.planning.request import PlanRequest
from scrum.planning.situation import Situation
from scrum.planning.telling import left_out, plan_of
from scrum.planning.value import Worth, aim, worths
from scrum.selection.assignment import Assignment, assign
from scrum.selection.selection import Candidate, LeftOut, Reason, Selection, select
from scrum.strategies.applying import Given, arms
from scrum.team.capacity import Capacity
from scrum.team.usecases import next_capacity
from scrum.text import choices, named

_ESTIMATE = "estimate items with update_items"


class NoWorkingDay(Invalid):
    def __init__(self, start: date, end: date) -> None:
        super().__init__(
            f"From {start} to {end} there is no working day. Choose another start, more days, or other workdays."
        )


class NothingToPlan(Invalid):
    def __init__(self, made: Decision) -> None:
        why = [f"{out.key} ({out.why})" for out in left_out(made)]
        reasons = f" Left out: {choices(why, most=6)}." if why else ""
        project = made.situation.project.key
        super().__init__(f"No item of {project} can go into a sprint.{reasons} {_what_to_do(made)}")


def _what_to_do(made: Decision) -> str:
    frame, out = made.frame, made.selection.left_out
    if not out:
        return "Call add_items first."
    if not frame.commitment:
        hours = frame.capacity.hours
        advice = (
            "Give a lower target_confidence"
            if hours
            else "Choose other days, or correct absences with set_team"
        )
        return (
            f"At {frame.target:.0%} confidence the commitment is 0 points, with {hours:g} h of the team. "
            f"{advice}, or name items in must_include."
        )
    ways = [*_without_strategies(made), *_by_reason(out, frame)] or [_ESTIMATE]
    return f"{'; '.join(ways).capitalize()}, or name them in must_include."


def _without_strategies(made: Decision) -> Iterator[str]:
    told = made.strategic.values()
    names = (named(one.name) for one in made.frame.applied)
    found = [name for name in names if any(words.startswith(f"left out by {name} (") for words in told)]
    if found:
        yield f"retire {choices(found)} with set_strategy"


def _by_reason(out: Sequence[LeftOut], frame: Frame) -> Iterator[str]:
    alone = f"alone above the commitment of {frame.commitment}"
    if any(one.words.endswith(alone) for one in out):
        yield "split the items that are too large, or give a lower target_confidence"
    if any(one.reason is Reason.UNESTIMATED for one in out):
        yield _ESTIMATE


def decide(situation: Situation, request: PlanRequest, by: By) -> Plan:
    """The best selection within the commitment, with its reasons.

    Raises:
        Invalid: the request breaks a rule, or nothing can be selected.
        UnknownItem: it names items that are not in the open backlog.
        DependencyCycle: dependencies run in a circle.
    """
    today = situation.project.calendar.day_of(by.now)
    asked = request.checked(situation, today)
    frame = _frame(situation, asked, today)
    worth = worths(situation.candidates, aim(asked.goal, today, frame.end))
    made = _harmless(situation, asked, frame, worth)
    if not made.selection.chosen:
        raise NothingToPlan(made)
    return plan_of(made, by)


def _harmless(
    situation: Situation, request: PlanRequest, frame: Frame, worth: Mapping[str, Worth]
) -> Decision:
    """A candidate that would leave less than half of the work is only watched, whichever way its coin fell."""
    made, tested = _made(situation, request, frame, worth), frame.tested
    if tested is None or tested.effect.moves_commitment:
        return made
    with_it, without = (
        _made(situation, request, frame.turned(tested, arm), worth) for arm in (Arm.APPLIED, Arm.SHADOW)
    )
    return without if 2 * with_it.selection.points < without.selection.points else made


def _made(situation: Situation, asked: PlanRequest, frame: Frame, worth: Mapping[str, Worth]) -> Decision:
    narrow = narrowed(situation, asked, frame.arms, frame.commitment)
    request = narrow.request
    options = candidates(situation, request, worth, frame.hours_per_point)
    selection = select(options, limits(situation, request, frame.capacity, frame.commitment))
    return Decision(
        situation, asked, frame, selection, _given(situation, frame, selection, options), worth, narrow.why
    )


def _given(
    situation: Situation, frame: Frame, selection: Selection, options: Sequence[Candidate]
) -> Assignment:
    return assign(_only(selection, options), people(frame.capacity), _wishes(situation))


def _frame(situation: Situation, request: PlanRequest, today: date) -> Frame:
    project = situation.project
    first = request.start or project.calendar.working_day_from(_earliest(situation, today))
    capacity = next_capacity(project, situation.team, first, request.days)
    if not capacity.working_days:
        raise NoWorkingDay(capacity.start, capacity.end)
    target = request.target_confidence or project.target_confidence
    usual = next_capacity(project, situation.usual, first, request.days) if situation.usual else None
    coming = conditions(capacity, usual)
    expected = forecast(situation.history, coming)
    everybody = forecast(situation.history, replace(coming, availability=_nobody_away(capacity, usual)))
    given = Given(
        sprint=project.next_sprint_id,
        base=everybody.commitment(target),
        present=expected.commitment(target),
        figures=before(situation, capacity, everybody),
        learning=project.learning,
    )
    return Frame(
        start=capacity.start,
        end=capacity.end,
        target=target,
        capacity=capacity,
        expected=expected,
        everybody=everybody,
        given=given,
        arms=arms(situation.strategies, given),
    )


def _nobody_away(capacity: Capacity, usual: Capacity | None) -> float:
    of = usual or capacity
    return capacity.gross_hours / of.gross_hours if of.gross_hours else 1.0


def _earliest(situation: Situation, today: date) -> date:
    """The real day on which the days of the running sprint are over by its own clock: the next one has another."""
    running, calendar = situation.running, situation.project.calendar
    if running is None:
        return today
    over = running.days_of(calendar).midnight(running.end + timedelta(1))
    return max(today, calendar.day_of(over))


def _only(selection: Selection, options: Sequence[Candidate]) -> list[Candidate]:
    chosen = frozenset(selection.chosen)
    return [option for option in options if option.key in chosen]


def _wishes(situation: Situation) -> dict[str, str]:
    return {item.key: item.assignee for item in situation.candidates if item.assignee}
