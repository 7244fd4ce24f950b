"""The retrospective: what the data shows went well or not, what strategies did, and what was agreed before."""

from collections.abc import Iterator

from scrum.ceremonies.reports.actions import action_lines
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import FACTS, Line, Part, missing_part, sheet
from scrum.ceremonies.reports.paper.words import HISTORY, LONG, moment
from scrum.ceremonies.reports.parts.compared import not_well, well
from scrum.ceremonies.reports.parts.impeded import blocked_part
from scrum.ceremonies.reports.parts.learned import causes_part, strategies_part
from scrum.ceremonies.reports.parts.result import committed_line, expected_line, running_line
from scrum.ceremonies.reports.parts.since import scope_part
from scrum.ceremonies.reports.parts.state import goal_line, pace, state_part
from scrum.ceremonies.reports.review import whole
from scrum.chronicle.reports import Minutes, Report
from scrum.sprint.model import Sprint
from scrum.text import counted, named, quoted

_NOTHING = (Line("Nothing that the data shows."),)


def retrospective(material: Material) -> Report:
    title = f"Retrospective of {material.sprint_id}, {moment(material, material.now)}"
    sprint = material.sprint
    if sprint is None or sprint.started_at is None:
        return sheet(material, title, [state_part(material), *_agreed(material)])
    parts = [
        Part("Sprint", tuple(_sprint(material, sprint)), least=FACTS),
        Part("What went well, by the data", tuple(well(material)) or _NOTHING, least=FACTS),
        Part("What did not, by the data", tuple(not_well(material)) or _NOTHING, least=FACTS),
        causes_part(material),
        blocked_part(material),
        scope_part(material, whole(material)),
        strategies_part(material),
        *_agreed(material),
    ]
    return sheet(material, title, parts)


def _sprint(material: Material, sprint: Sprint) -> Iterator[Line]:
    yield goal_line(sprint)
    yield from pace(material)
    yield committed_line(material)
    yield expected_line(material)
    yield from running_line(material)


def _agreed(material: Material) -> Iterator[Part]:
    yield Part(
        "Open actions of earlier ceremonies", action_lines(material), "get_report with kind='actions' has all"
    )
    yield Part("What people noted in this sprint", tuple(_minutes(material)), HISTORY)
    yield missing_part(material)


def _minutes(material: Material) -> Iterator[Line]:
    for minutes in material.kept.minutes:
        yield from (Line(f"{minutes.occurrence}, {what}") for what in _noted(material, minutes))


def _noted(material: Material, minutes: Minutes) -> Iterator[str]:
    about = f"{named(minutes.ceremony)} of {moment(material, minutes.held_at)}"
    if minutes.notes:
        yield f"{about}: {quoted(minutes.notes, LONG)}."
    if minutes.decisions:
        listed = "; ".join(quoted(one, LONG) for one in minutes.decisions[:3])
        yield f"{about}, {counted(len(minutes.decisions), 'decision')}: {listed}."
    if not (minutes.notes or minutes.decisions):
        yield f"{about}: held, without notes, {counted(len(minutes.attendees), 'person')} named."
