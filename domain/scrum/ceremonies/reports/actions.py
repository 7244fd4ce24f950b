"""Action items that are open: who, since when, until when, and how often they were carried."""

from collections.abc import Iterable, Iterator

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part, missing_part, sheet
from scrum.ceremonies.reports.paper.words import LONG, age, moment, who
from scrum.chronicle.reports import ActionItem, ActionStatus, Report
from scrum.text import counted, quoted

ACTIONS = "actions"


def actions(material: Material) -> Report:
    found = open_actions(material.kept.actions)
    parts = (
        Part("Open actions", action_lines(material)),
        missing_part(material),
    )
    late = sum(_overdue(material, action) for action in found)
    figures = {"open actions": len(found), "overdue actions": late}
    return sheet(
        material, f"Open actions of {material.project.key}, {moment(material, material.now)}", parts, figures
    )


def open_actions(given: Iterable[ActionItem]) -> tuple[ActionItem, ...]:
    """The oldest first."""
    found = [action for action in given if action.status is ActionStatus.OPEN]
    return tuple(sorted(found, key=lambda action: (action.agreed_at, action.id)))


def action_lines(material: Material) -> tuple[Line, ...]:
    """Of those that are open, and were not agreed in this ceremony; nothing where they could not be read."""
    told = tuple(_line(material, action) for action in open_actions(_earlier(material)))
    return told or (() if material.kept.missing else (Line("None is open."),))


def _earlier(material: Material) -> Iterator[ActionItem]:
    same = (one for one in material.kept.minutes if one.ceremony == material.ceremony)
    ours = tuple(f"{one.occurrence}-A" for one in same)
    return (action for action in material.kept.actions if not action.id.startswith(ours))


def _overdue(material: Material, action: ActionItem) -> bool:
    return action.due is not None and action.due < material.today


def _line(material: Material, action: ActionItem) -> Line:
    days = age(material, action.agreed_at).calendar
    carried = f", carried through {counted(action.carried, 'sprint')}" if action.carried else ""
    told = (
        f"{action.id} {quoted(action.text, LONG)}: {_owner(action)}, agreed {counted(days, 'day')} ago in "
        f"{action.sprint or 'no sprint'}, {_due(material, action)}{carried}."
    )
    return Line(told, {f"{action.id} days": days, f"{action.id} carried": action.carried})


def _owner(action: ActionItem) -> str:
    return who(action.owner) if action.owner else "no owner"


def _due(material: Material, action: ActionItem) -> str:
    if action.due is None:
        return "without a day"
    return f"overdue since {action.due}" if _overdue(material, action) else f"due {action.due}"
