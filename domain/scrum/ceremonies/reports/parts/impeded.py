"""How long items of a sprint were blocked while it ran, each and in total."""

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part
from scrum.ceremonies.reports.paper.words import key_named, said
from scrum.ceremonies.reports.parts.blocks import Blockage, within_sprint
from scrum.text import counted


def blocked_part(material: Material) -> Part:
    found = within_sprint(material)
    lines = [_line(material, key, [one for one in found if one.item == key]) for key in _keys(found)]
    if material.kept.missing:
        lines.append(Line(f"Blocks that are over may be missing. {material.kept.missing}"))
    return Part(
        "Blocked time", (_total(material, found), *lines), "get_report with kind='impediments' has more"
    )


def _keys(found: tuple[Blockage, ...]) -> list[str]:
    return list(dict.fromkeys(one.item for one in found))


def _days(material: Material, found: list[Blockage] | tuple[Blockage, ...]) -> int:
    return sum(one.age(material).working for one in found)


def _total(material: Material, found: tuple[Blockage, ...]) -> Line:
    if not found:
        return Line("No block is recorded.")
    days, items = _days(material, found), len(_keys(found))
    told = f"{counted(days, 'working day')} in total, of {counted(items, 'item')}, while the sprint ran."
    return Line(told, {"blocked working days": days, "blocked items": items})


def _line(material: Material, key: str, found: list[Blockage]) -> Line:
    days = _days(material, found)
    times = f" in {len(found)} times" if len(found) > 1 else ""
    why = "; ".join(dict.fromkeys(said(one.reason) for one in found[:3]))
    told = f"{key_named(material, key)}: {counted(days, 'working day')}{times}: {why}."
    return Line(told, {f"{key} working days blocked": days})
