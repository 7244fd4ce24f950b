"""What is blocked now, and what was in this sprint, with how long."""

from collections.abc import Iterator

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part, missing_part, sheet
from scrum.ceremonies.reports.paper.words import key_named, keys, moment, said, who
from scrum.ceremonies.reports.parts.blocks import Blockage, blocked, resolved
from scrum.chronicle.reports import Report
from scrum.text import counted

IMPEDIMENTS = "impediments"


def impediments(material: Material) -> Report:
    now = blocked(material.backlog)
    lines = tuple(_line(material, one) for one in now)
    parts = (
        Part(
            "Blocked now",
            lines or (Line("Nothing is reported as blocked."),),
            "list_items with blocked=true has all",
        ),
        Part("Resolved in the sprint", tuple(_over(material)), "get_report with kind='history' has all"),
        missing_part(material),
    )
    figures = {
        "blocked items": len(now),
        "blocked items in the sprint": sum(_inside(material, one) for one in now),
    }
    return sheet(
        material, f"Impediments of {material.project.key}, {moment(material, material.now)}", parts, figures
    )


def _inside(material: Material, block: Blockage) -> bool:
    item = material.known.get(block.item)
    return bool(item and item.sprint and item.sprint == material.open_sprint)


def _line(material: Material, block: Blockage) -> Line:
    days = block.age(material)
    where = f"in {material.open_sprint}" if _inside(material, block) else "in no sprint"
    needing = material.needed_by.get(block.item, ())
    waits = f" Needed by {keys(needing)}." if needing else ""
    told = (
        f"{key_named(material, block.item)}, {where}, {who(material.assignee(block.item))}: since {moment(material, block.since)}, "
        f"{days}, {counted(days.calendar, 'calendar day')}: {said(block.reason)}.{waits}"
    )
    return Line(
        told,
        {
            f"{block.item} working days blocked": days.working,
            f"{block.item} calendar days blocked": days.calendar,
            f"{block.item} needed by": len(needing),
        },
    )


def _over(material: Material) -> Iterator[Line]:
    if material.sprint is None:
        return
    found = resolved(material)
    if not found and not material.kept.missing:
        yield Line(f"None is recorded in {material.sprint_id}.")
    for block in reversed(found):
        lasted = block.age(material)
        told = (
            f"{key_named(material, block.item)}: {lasted}, {counted(lasted.calendar, 'calendar day')}, until "
            f"{moment(material, block.until or material.now)}: {said(block.reason)}."
        )
        yield Line(
            told,
            {
                f"{block.item} until {moment(material, block.until or material.now)} working days": lasted.working
            },
        )
