"""The sprint review: the goal, what was done of what was committed to, and what that says of the next sprints."""

from collections.abc import Iterator

from scrum.backlog.model import Item
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import FACTS, Line, Part, sheet
from scrum.ceremonies.reports.paper.words import EVERY_ITEM, key_named, moment, said, who
from scrum.ceremonies.reports.parts.result import (
    committed_line,
    expected_line,
    forecast_lines,
    running_line,
    success_line,
    velocity_lines,
)
from scrum.ceremonies.reports.parts.since import Since, scope_part
from scrum.ceremonies.reports.parts.state import goal_line, pace, state_part
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Amount, Kind
from scrum.sprint.model import Sprint
from scrum.text import counted, sized


def review(material: Material) -> Report:
    title = f"Sprint review of {material.sprint_id}, {moment(material, material.now)}"
    sprint = material.sprint
    if sprint is None or sprint.started_at is None:
        return sheet(material, title, [state_part(material)])
    parts = [
        Part("Sprint", tuple(_sprint(material, sprint)), least=FACTS),
        Part("Expected", (expected_line(material),)),
        _done(material),
        _unfinished(material),
        scope_part(material, whole(material)),
        Part("Velocity", tuple(velocity_lines(material)), least=FACTS),
        Part("Forecast", tuple(forecast_lines(material)), least=FACTS),
    ]
    return sheet(material, title, parts)


def _sprint(material: Material, sprint: Sprint) -> Iterator[Line]:
    yield goal_line(sprint)
    yield from pace(material)
    yield _when(material, sprint)
    yield committed_line(material)
    yield from running_line(material) if material.runs else (success_line(material),)


def whole(material: Material) -> Since:
    """All of the sprint."""
    started = material.sprint.started_at if material.sprint else None
    return Since(started, "since the sprint started", material.ledger.entries)


def _when(material: Material, sprint: Sprint) -> Line:
    began = f"started {moment(material, sprint.started_at)}" if sprint.started_at else "has not started"
    ended = f"ended {moment(material, sprint.ended_at)}" if sprint.ended_at else "runs still"
    return Line(f"It {began} and {ended}; it is {sprint.state.words}.")


def _done(material: Material) -> Part:
    """In the order in which they were completed."""
    order = dict.fromkeys(entry.item for entry in material.ledger.entries if entry.kind is Kind.COMPLETED)
    keys = [key for key in order if key in material.done]
    lines = tuple(Line(f"{_item(material, key)}.") for key in keys)
    return Part("Done", lines or (Line("None."),), EVERY_ITEM)


def _item(material: Material, key: str) -> str:
    whose = material.assignee(key)
    return (
        f"{key_named(material, key)}, {sized(material.points.get(key))}{f', {who(whose)}' if whose else ''}"
    )


def _unfinished(material: Material) -> Part:
    keys = [key for key in material.points if key not in material.done]
    if not keys:
        return Part("Not done", (Line("None."),))
    amount = Amount.of(material.points[key] for key in keys)
    told = f"{counted(amount.items, 'item')} with {counted(amount.points, 'point')}{_carried(material)}."
    figures = {"unfinished items": amount.items, "unfinished points": amount.points}
    return Part("Not done", (Line(told, figures), *_left(material, keys)), EVERY_ITEM)


def _carried(material: Material) -> str:
    carried = material.figures.carried_over
    if not carried.items:
        return ""
    return f"; {counted(carried.items, 'item')} with {counted(carried.points, 'point')} carried over"


def _left(material: Material, keys: list[str]) -> Iterator[Line]:
    for key in keys:
        item = material.known.get(key)
        yield Line(f"{_item(material, key)}{_stands(item) if item else ''}.")


def _stands(item: Item) -> str:
    blocked = f", blocked: {said(item.block.reason)}" if item.block else ""
    times = f", carried over {counted(item.carried, 'time')} in all" if item.carried else ""
    return f", {item.status} now{blocked}{times}"
