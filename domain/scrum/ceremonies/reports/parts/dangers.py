"""Why single items of a running sprint are at risk; what is blocked is told on its own."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import median

from scrum.backlog.model import Item, Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.words import Age, age, keys
from scrum.text import counted

_ENOUGH = 3
"""Items that tell how long one usually takes."""


def dangers(material: Material) -> Mapping[str, str]:
    """By item, all reasons in one clause; an item without one is not in it."""
    if material.sprint is None or material.sprint.started_at is None:
        return {}
    usual = _usual(material)
    found = {item.key: _reasons(material, item, usual) for item in material.items if item.is_open}
    return {key: ", ".join(reasons) for key, reasons in found.items() if reasons}


def _reasons(material: Material, item: Item, usual: float | None) -> list[str]:
    rules: tuple[Callable[[], str], ...] = (
        lambda: _due(material, item),
        lambda: _waits(material, item),
        lambda: _away(material, item),
        lambda: _slow(material, item, usual),
    )
    return [reason for rule in rules if (reason := rule())]


def _due(material: Material, item: Item) -> str:
    if item.due is None or material.sprint is None:
        return ""
    if item.due < material.today:
        return f"it was due {item.due}"
    return f"it is due {item.due}, before the sprint ends" if item.due < material.sprint.end else ""


def _waits(material: Material, item: Item) -> str:
    """For what stands still: blocked, or in no sprint."""
    sprint = material.sprint_id
    needed = [material.known[key] for key in sorted(item.depends_on) if key in material.known]
    stuck = [one.key for one in needed if one.is_open and one.block]
    outside = [one.key for one in needed if one.is_open and not one.block and one.sprint != sprint]
    told = [f"it needs {keys(stuck)}, blocked"] if stuck else []
    told += [f"it needs {keys(outside)}, not in the sprint"] if outside else []
    return " and ".join(told)


def _away(material: Material, item: Item) -> str:
    """Its assignee is away on all that is left."""
    sprint = material.sprint
    if not item.assignee or sprint is None or material.today > sprint.end:
        return ""
    left = material.calendar.working_days(max(material.today, sprint.start), sprint.end)
    gone = left and all(material.team.away(item.assignee, day) >= 1 for day in left)
    return "who has it is away on every working day that is left" if gone else ""


def _slow(material: Material, item: Item, usual: float | None) -> str:
    if usual is None or item.started_at is None or item.status is Status.TODO:
        return ""
    worked = age(material, item.started_at).working
    if worked <= max(1, 2 * usual):
        return ""
    return f"started {counted(worked, 'working day')} ago, over twice the median of what is done here ({usual:g})"


def _usual(material: Material) -> float | None:
    """The median of working days from start to end of the items that are done in this sprint."""
    took = [
        Age.of(material.calendar, item.started_at, item.done_at).working
        for item in material.items
        if item.key in material.done and item.started_at and item.done_at
    ]
    return median(took) if len(took) >= _ENOUGH else None


def back_on(material: Material, name: str) -> str:
    """'' where they are here today; else when they are back."""
    share = material.team.away(name, material.today) if name in material.team.names else 0.0
    if not share:
        return ""
    if share < 1:
        return "Away for part of today."
    ahead = (material.today + timedelta(n) for n in range(366))
    working = (day for day in ahead if material.calendar.is_working(day))
    back = next((day for day in working if material.team.away(name, day) < 1), None)
    return f"Away, back {back}." if back else "Away for a year at least."
