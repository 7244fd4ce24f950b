"""A ceremony of the team's own: the sprint in short, and what is new since the last one."""

from scrum.ceremonies.reports.daily import counts
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part, sheet
from scrum.ceremonies.reports.paper.words import HISTORY, MOST_KEYS, keys, moment
from scrum.ceremonies.reports.parts.blocks import blocked
from scrum.ceremonies.reports.parts.finished import finished
from scrum.ceremonies.reports.parts.since import reopened_lines, scope_part, since
from scrum.ceremonies.reports.parts.state import risks_part, state_part
from scrum.chronicle.reports import Report
from scrum.text import counted, named


def own(material: Material) -> Report:
    fresh = since(material)
    done = finished(material, fresh)
    lines = tuple(Line(f"{one.told(material)}.") for one in done)
    parts = [
        state_part(material),
        _blocked(material),
        Part(f"Finished {fresh.words}", lines or (Line("None."),), HISTORY) if fresh.at else None,
        Part("Reopened", tuple(reopened_lines(material, fresh))),
        scope_part(material, fresh),
        risks_part(material),
    ]
    figures = {**counts(material), "finished items": len(done)}
    title = f"{named(material.ceremony)} of {material.sprint_id}, {moment(material, material.now)}"
    return sheet(material, title, parts, figures)


def _blocked(material: Material) -> Part | None:
    found = blocked(material.items)
    if not found:
        return None
    told = keys(f"{one.item} for {one.age(material)}" for one in found)
    figures = {f"{one.item} working days blocked": one.age(material).working for one in found[:MOST_KEYS]}
    total = {"blocked items": len(found), **figures}
    return Part("Blocked", (Line(f"{counted(len(found), 'item')}: {told}.", total),))
