"""What comes of ceremonies goes into the chronicle: minutes, and what was agreed to do."""

from collections.abc import Mapping, Sequence
from datetime import date

from scrum.ceremonies.events import CeremonyHeld
from scrum.chronicle.ports import ChronicleWork
from scrum.chronicle.reports import EMPTY, ActionChange, ActionItem, ActionStatus, Minutes
from scrum.deliveries import Delivery, Subscription


async def take(work: ChronicleWork, deliveries: Sequence[Delivery]) -> None:
    """In any order, and again without effect: how actions stand follows from all that was said, by its time."""
    for one in deliveries:
        if isinstance(one.event, CeremonyHeld):
            held = one.event
            await work.minutes.add(minutes(held), agreed(held), changes(held), event=one.id)


MINUTES = Subscription(take, frozenset({CeremonyHeld}))


def minutes(held: CeremonyHeld) -> Minutes:
    return Minutes(
        occurrence=held.aggregate,
        project=held.project,
        sprint=held.sprint,
        ceremony=held.ceremony,
        held_at=held.occurred_at,
        actor=held.actor,
        notes=held.notes,
        decisions=tuple(held.decisions),
        attendees=tuple(held.attendees),
    )


def agreed(held: CeremonyHeld) -> list[ActionItem]:
    return [_item(held, one) for one in held.actions if _is_new(held, one)]


def changes(held: CeremonyHeld) -> list[ActionChange]:
    """Of what was agreed in other ceremonies."""
    return [_change(held, one) for one in held.actions if not _is_new(held, one)]


def _is_new(held: CeremonyHeld, action: Mapping[str, object]) -> bool:
    return str(action["id"]).startswith(f"{held.aggregate}-A")


def _item(held: CeremonyHeld, action: Mapping[str, object]) -> ActionItem:
    blank = ActionItem(str(action["id"]), held.project, held.sprint, "", held.occurred_at)
    return blank.changed(_change(held, action))


def _change(held: CeremonyHeld, action: Mapping[str, object]) -> ActionChange:
    due, status = _text(action, "due"), _text(action, "status")
    return ActionChange(
        id=str(action["id"]),
        at=held.occurred_at,
        text=_text(action, "text"),
        owner=_text(action, "owner"),
        due=date.fromisoformat(due) if due else None,
        status=ActionStatus(status) if status else None,
        clear=tuple(name for name in EMPTY if action.get(name) == ""),
    )


def _text(action: Mapping[str, object], name: str) -> str | None:
    value = action.get(name)
    return None if value is None else str(value)
