"""Reports of the examples, and what the chronicle knows besides them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from scrum.ceremonies.reports.build import build
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.chronicle.model import Happening
from scrum.chronicle.reports import ActionItem, Report
from scrum.events import Event
from tests.situations import MONDAY


def told(ceremony: str, given: Material) -> Report:
    return build(replace(given, ceremony=ceremony))


def section(report: Report, heading: str) -> tuple[str, ...]:
    """Its lines; none where there is no such section."""
    found = (one.lines for one in report.sections if one.heading.startswith(heading))
    return next(found, ())


def following(report: Report, **fields: Any) -> Kept:
    """What the chronicle knows once this report is kept."""
    return Kept(last=replace(report, id="SHOP-S1-C1"), **fields)


def of_item(kind: type[Event], at: datetime, version: int = 1, **data: Any) -> Event:
    """What happened to SHOP-1, and by default ana did it in the sprint."""
    usual = {"project": "SHOP", "aggregate": "SHOP-1", "actor": "ana", "sprint": "SHOP-S1"}
    return kind(**{**usual, **data}, aggregate_version=version, occurred_at=at)


def happened(*events: Event) -> tuple[Happening, ...]:
    """As the chronicle heard of them in the sprint."""
    return tuple(Happening(uuid4(), "SHOP-S1", one) for one in events)


def action(number: int = 1, **fields: Any) -> ActionItem:
    fields.setdefault("text", "Write tests")
    return ActionItem(
        f"SHOP-S1-C4-A{number}", "SHOP", "SHOP-S1", agreed_at=fields.pop("agreed_at", MONDAY), **fields
    )
