"""Events of ceremonies that were held, and what was said of actions in them."""

from datetime import datetime, timedelta

from scrum.ceremonies.events import CeremonyHeld
from scrum.ceremonies.terms import RETROSPECTIVE
from scrum.deliveries import Delivery
from scrum_storage.ids import uuid7
from tests.builders import MONDAY

FIRST = "SHOP-S1-C1-A1"


def held(occurrence: str, day: float, *actions: dict[str, object], ceremony: str = RETROSPECTIVE) -> Delivery:
    """Some days after MONDAY."""
    event = CeremonyHeld(
        project=occurrence.split("-", maxsplit=1)[0],
        aggregate=occurrence,
        aggregate_version=4,
        occurred_at=after(day),
        actor="ana",
        sprint=occurrence.rpartition("-")[0],
        ceremony=ceremony,
        notes="",
        decisions=[],
        attendees=[],
        actions=list(actions),
    )
    made = uuid7()
    return Delivery(made, "core", event, made, None)


def after(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def agreed(action: str = FIRST, **fields: object) -> dict[str, object]:
    return {"id": action, "text": "Fix the build", "owner": "", "due": None, "status": "open", **fields}


def told(action: str = FIRST, **fields: object) -> dict[str, object]:
    return {"id": action, "text": None, "owner": None, "due": None, "status": None, **fields}
