"""The decision: from a situation and a request to a plan. Pure, and the same for the same input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scrum.backlog.model import Item
from scrum.errors import Invalid
from scrum.events import By
from scrum.planning.assignment import Assignment, assign
from scrum.planning.forecast import Forecast, forecast
from scrum.planning.limits import blocked, candidates, limits, people, usual_points
from scrum.planning.model import GOOD_SHARE, Alternative, Chosen, Expected, LeftOut, Plan
from scrum.planning.reasoning import reasoning
from scrum.planning.request import PlanRequest
from scrum.planning.risks import Chance, risks
from scrum.planning.selection import Selection, select
from scrum.planning.situation import Situation, inputs, plan_id
from scrum.planning.value import Worth, aim, worths
from scrum.team.capacity import Capacity
from scrum.team.usecases import next_capacity
from scrum.text import choices

LIFETIME = timedelta(hours=24)
MOST_LEFT_OUT = 40
ALTERNATIVES = (("cautious", 0.8), ("balanced", 0.5), ("ambitious", 0.3))


class NoWorkingDay(Invalid):
    def __init__(self, start: date, end: date) -> None:
        super().__init__(
            f"From {start} to {end} there is no working day. Choose another start, more days, or other workdays."
        )


class NothingToPlan(Invalid):
    def __init__(self, project: str, why: Sequence[str]) -> None:
        reasons = f" Left out: {choices(why, most=6)}." if why else ""
        hint = (
            "Estimate items with update_items, or name them in must_include."
            if why
            else "Call add_items first."
        )
        super().__init__(f"No item of {project} can go into a sprint.{reasons} {hint}")


@dataclass(frozen=True)
class _Frame:
    """The sprint to be: its days, what the team can give, and what is expected of it."""

    start: date
    end: date
    target: float
    capacity: Capacity
    expected: Forecast
    commitment: int

    @property
    def hours_per_point(self) -> float:
        return self.capacity.hours / self.commitment if self.commitment else 0.0


def decide(situation: Situation, request: PlanRequest, by: By) -> Plan:
    """The best selection within the commitment, with its reasons.

    Raises:
        Invalid: the request breaks a rule, or nothing can be selected.
        UnknownItem: it names items that are not in the open backlog.
        DependencyCycle: dependencies run in a circle.
    """
    today = situation.project.calendar.day_of(by.now)
    request = request.checked(situation, today)
    frame = _frame(situation, request, today)
    worth = worths(situation.candidates, aim(request.goal, today, frame.end))
    options = candidates(situation, request, worth, frame.hours_per_point)
    selection = select(options, limits(situation, request, frame.capacity, frame.commitment))
    if not selection.chosen:
        raise NothingToPlan(
            situation.project.key,
            [f"{out.key} ({out.why})" for out in _left_out(situation, selection, request)],
        )
    wishes = {item.key: item.assignee for item in situation.candidates if item.assignee}
    chosen = [option for option in options if option.key in set(selection.chosen)]
    given = assign(chosen, people(frame.capacity), wishes)
    return _plan(_Decision(situation, request, frame, selection, given, worth), by)


def _frame(situation: Situation, request: PlanRequest, today: date) -> _Frame:
    project = situation.project
    first = request.start or project.calendar.working_day_from(_earliest(situation, today))
    capacity = next_capacity(project, situation.team, first, request.days)
    if not capacity.working_days:
        raise NoWorkingDay(capacity.start, capacity.end)
    target = request.target_confidence or project.target_confidence
    expected = forecast(situation.history, capacity)
    return _Frame(capacity.start, capacity.end, target, capacity, expected, expected.commitment(target))


def _earliest(situation: Situation, today: date) -> date:
    return max(today, situation.running.end + timedelta(1)) if situation.running else today


@dataclass(frozen=True)
class _Decision:
    situation: Situation
    request: PlanRequest
    frame: _Frame
    selection: Selection
    assignment: Assignment
    worth: Mapping[str, Worth]


def _plan(made: _Decision, by: By) -> Plan:
    frame, situation = made.frame, made.situation
    items = [item for item in situation.candidates if item.key in set(made.selection.chosen)]
    points = sum(item.points or 0 for item in items)
    guess = _guess(made, items)
    facts = inputs(situation)
    today = situation.project.calendar.day_of(by.now)
    left_out = _left_out(situation, made.selection, made.request)
    plan = Plan(
        id=plan_id(facts.digest, [made.request.facts(), str(today)], _outcome(made, items)),
        project=situation.project.key,
        goal=made.request.goal,
        start=frame.start,
        end=frame.end,
        created_at=by.now,
        expires_at=by.now + LIFETIME,
        created_by=by.actor,
        target_confidence=frame.target,
        capacity=frame.capacity,
        expected=_expected(frame.expected, points + guess.points, guess.notes),
        base=frame.commitment,
        commitment=frame.commitment,
        points=points,
        selected=_chosen(items, made),
        left_out=left_out[:MOST_LEFT_OUT],
        left_out_count=len(left_out),
        risks=risks(_chance(made, items, points)),
        alternatives=_alternatives(frame.expected),
        confidence=round(frame.expected.at_least(GOOD_SHARE * (points + guess.points)), 4),
        optimal=made.selection.optimal,
        gap=made.selection.gap,
        reasoning="",
        inputs=facts,
        unassigned=made.assignment.unassigned_keys,
    )
    return replace(plan, reasoning=reasoning(plan))


def _outcome(made: _Decision, items: Sequence[Item]) -> list[object]:
    frame, given = made.frame, made.assignment.people
    selected = [[item.key, item.points, given.get(item.key, "")] for item in items]
    return [str(frame.start), str(frame.end), frame.target, frame.commitment, selected]


@dataclass(frozen=True)
class _Guess:
    """What the items without points are taken for where the chances are counted."""

    points: int = 0
    notes: tuple[str, ...] = ()


def _guess(made: _Decision, items: Sequence[Item]) -> _Guess:
    unknown = sum(item.points is None for item in items)
    if not unknown:
        return _Guess()
    usual = usual_points(made.situation.candidates)
    counted = f"{unknown} items without points are" if unknown > 1 else "1 item without points is"
    each = " each" if unknown > 1 else ""
    return _Guess(unknown * usual, (f"{counted} counted as {usual}{each} in the chances.",))


def _chance(made: _Decision, items: Sequence[Item], points: int) -> Chance:
    return Chance(
        capacity=made.frame.capacity,
        forecast=made.frame.expected,
        selected=items,
        backlog=made.situation.candidates,
        points=points,
        hours_per_point=made.frame.hours_per_point,
        running=made.situation.running,
    )


def _chosen(items: Sequence[Item], made: _Decision) -> tuple[Chosen, ...]:
    people = made.assignment.people
    unplaced = {item.key: [f"unassigned, because {item.words}"] for item in made.assignment.unassigned}
    must = made.request.must_include
    return tuple(
        Chosen(
            key=item.key,
            title=item.title,
            points=item.points,
            why="; ".join([*_demanded(item, must), *made.worth[item.key].why, *unplaced.get(item.key, [])]),
            assignee=people.get(item.key, ""),
        )
        for item in items
    )


def _demanded(item: Item, must: frozenset[str]) -> list[str]:
    if item.key in must:
        return ["asked for"]
    return ["promised when it was carried over"] if item.pinned else []


def _left_out(situation: Situation, selection: Selection, request: PlanRequest) -> tuple[LeftOut, ...]:
    items = {item.key: item for item in situation.candidates}
    out_for_it = blocked(situation, request)
    return tuple(
        LeftOut(
            out.key,
            items[out.key].title,
            items[out.key].points,
            _why_out(items[out.key], out.words, out_for_it),
        )
        for out in selection.left_out
    )


def _why_out(item: Item, words: str, out_for_it: frozenset[str]) -> str:
    if item.block is None or item.key not in out_for_it:
        return words
    promised = "promised when it was carried over, but " if item.pinned else ""
    return f"{promised}blocked{f': {item.block.reason}' if item.block.reason else ''}"


def _expected(predicted: Forecast, points: int, notes: Sequence[str]) -> Expected:
    return Expected(
        n=predicted.n,
        evidence=predicted.evidence,
        sources=predicted.sources,
        p10=round(predicted.quantile(0.1), 2),
        p50=round(predicted.quantile(0.5), 2),
        p85=round(predicted.quantile(0.85), 2),
        p90=round(predicted.quantile(0.9), 2),
        p_commitment=round(predicted.at_least(points), 4),
        notes=(*predicted.notes, *notes),
    )


def _alternatives(predicted: Forecast) -> tuple[Alternative, ...]:
    return tuple(
        Alternative(name, confidence, predicted.commitment(confidence)) for name, confidence in ALTERNATIVES
    )
