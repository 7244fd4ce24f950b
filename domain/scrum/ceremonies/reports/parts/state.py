"""Where the sprint stands: goal, time, what remains beside the ideal line, the chance to finish, risks."""

from collections.abc import Iterator
from datetime import timedelta

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import FACTS, Line, Part
from scrum.ceremonies.reports.paper.words import LONG, number, points, told_amount
from scrum.sprint.burndown import Day, burndown
from scrum.sprint.chance import chance_to_finish, share_left
from scrum.sprint.ledger import Amount
from scrum.sprint.model import Sprint, State
from scrum.sprint.risk import Progress, Risk, sprint_risks
from scrum.text import counted, quoted

_BLOCKED = "blocked items"
"""The risk that reports tell on their own, in working days."""


def state_part(material: Material) -> Part:
    sprint = material.sprint
    if sprint is None:
        return Part("Sprint", (Line(f"{material.sprint_id} is not planned yet. {_first(material)}"),))
    if sprint.started_at is None:
        told = f"{sprint.id} is {sprint.state.words} and has not started: nothing is committed to yet."
        return Part("Sprint", (goal_line(sprint), Line(told), _members(material)))
    lines = (goal_line(sprint), *pace(material), _time(material, sprint), *_progress(material, sprint))
    return Part("Sprint", lines, least=FACTS)


def _first(material: Material) -> str:
    """What comes before it."""
    if material.open_sprint:
        return f"{material.open_sprint} comes before it, and is not over."
    return "Call plan_sprint, then commit_plan and start_sprint."


def goal_line(sprint: Sprint) -> Line:
    return Line(f"Goal: {quoted(sprint.goal, LONG)}." if sprint.goal else "Goal: none is set.")


def pace(material: Material) -> Iterator[Line]:
    scale = material.clock.scale
    if scale != 1:
        told = f"Time runs {scale:g} times faster for the project: its days and moments are told, not the real ones."
        yield Line(told, {"time scale": scale})


def _members(material: Material) -> Line:
    amount = Amount.of(item.points for item in material.items)
    return Line(f"It has {told_amount(amount)}.", {"items": amount.items, "points": amount.points})


def _time(material: Material, sprint: Sprint) -> Line:
    every = material.calendar.working_days(sprint.start, sprint.end)
    past = sum(day <= material.today for day in every)
    figures = {"working day": past, "working days": len(every)}
    if sprint.state is not State.ACTIVE:
        return Line(f"It is {sprint.state.words}; it was to end {sprint.end}.")
    if material.today > sprint.end:
        return Line(f"It should have ended {sprint.end}.")
    free = "" if material.calendar.is_working(material.today) else "Today is no working day. "
    return Line(f"{free}Working day {past} of {len(every)}; it ends {sprint.end}.", figures)


def _progress(material: Material, sprint: Sprint) -> Iterator[Line]:
    figures = material.figures
    committed, done, left = figures.committed, figures.completed, figures.remaining
    yield Line(
        f"Committed: {told_amount(committed)}. Completed: {told_amount(done)}. Remaining: {told_amount(left)}.",
        {
            "committed points": committed.points,
            "committed items": committed.items,
            "completed points": done.points,
            "completed items": done.items,
            "remaining points": left.points,
            "remaining items": left.items,
            "remaining items without points": left.unestimated,
        },
    )
    if sprint.state is State.ACTIVE:
        yield from _ideal(material, sprint)
        yield chance_line(material, sprint)


def _ideal(material: Material, sprint: Sprint) -> Iterator[Line]:
    days = {day.day: day for day in _days(material, sprint)}
    today, before = days.get(material.today), days.get(material.today - timedelta(1))
    if today is None or not material.figures.committed.points:
        return
    at_start = before.ideal if before else float(material.figures.committed.points)
    ideal = f"The ideal line goes from {number(at_start)} to {points(today.ideal)} today"
    remaining = material.figures.remaining.points
    figures = {"ideal points before today": at_start, "ideal points after today": today.ideal}
    remain = "remains" if remaining == 1 else "remain"
    yield Line(f"{ideal}; {remaining} {remain}, {_beside(remaining, at_start, today.ideal)}.", figures)


def _beside(remaining: int, at_start: float, at_end: float) -> str:
    if remaining > at_start:
        return f"{number(remaining - at_start)} over where it began today"
    return "within it" if remaining >= at_end else f"{number(at_end - remaining)} below where it ends today"


def _days(material: Material, sprint: Sprint) -> tuple[Day, ...]:
    return burndown(sprint, material.ledger, material.calendar, material.now)


def chance_line(material: Material, sprint: Sprint) -> Line:
    chance = chance_to_finish(sprint, material.figures, material.calendar, material.now)
    expected = sprint.prediction
    if chance is None or expected is None:
        return Line(f"The chance to finish is not known: {_unknown(material, sprint)}.")
    left = share_left(sprint, material.calendar, material.now)
    told = (
        f"The chance to finish what remains is {chance:.0%}, going by what was expected at the planning "
        f"({points(expected.points)}, 80% between {number(expected.low)} and {number(expected.high)}) and by "
        f"the {left:.0%} of the working days that are left, today included."
    )
    return Line(told, {"chance to finish": chance, "share of working days left": left})


def _unknown(material: Material, sprint: Sprint) -> str:
    left = material.figures.remaining
    if not left.items:
        return "nothing remains"
    if left.unestimated:
        return f"{counted(left.unestimated, 'item')} of what remains without points"
    return "no plan said what to expect" if sprint.prediction is None else "there is no data"


def risks_part(material: Material) -> Part | None:
    sprint = material.sprint
    if sprint is None or sprint.started_at is None:
        return None
    found = sprint_risks(
        Progress(
            sprint=sprint,
            figures=material.figures,
            items=material.items,
            burndown=_days(material, sprint),
            chance=chance_to_finish(sprint, material.figures, material.calendar, material.now),
            today=material.today,
            calendar=material.calendar,
        )
    )
    told = (risk for risk in found if risk.name != _BLOCKED)
    return Part("Risks of the sprint", tuple(map(_risk, told)))


def _risk(risk: Risk) -> Line:
    return Line(f"{risk.level}: {risk.name}, {risk.evidence}.")
