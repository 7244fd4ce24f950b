"""What came of a ceremony, as people tell it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scrum.ceremonies.occurrence import Occurrence
from scrum.chronicle.reports import ActionStatus
from scrum.errors import Invalid, each
from scrum.text import body, line, nearest, quoted, required

NOTES = 4_000
DECISION = 300
ACTION = 300
NAME = 80
_MOST = {"decisions": 20, "attendees": 50, "actions": 20}
_ID = re.compile(r"[A-Z][A-Z0-9_]{1,19}-S\d+-C\d+-A\d+")


class TooMany(Invalid):
    def __init__(self, field: str, given: int, limit: int) -> None:
        super().__init__(f"{field} has {given} entries; the limit is {limit}. Keep the ones that matter.")


class NoAction(Invalid):
    def __init__(self, given: str, project: str, known: Iterable[str] = ()) -> None:
        super().__init__(
            f"id {quoted(given)} is no action item of {project}: they are like {project}-S3-C4-A1."
            f"{nearest(given, known)} get_report with kind='actions' lists them. Leave it out for a new one."
        )


class NothingTold(Invalid):
    def __init__(self, occurrence: Occurrence) -> None:
        super().__init__(
            f"Nothing is told of {occurrence.id} {occurrence.ceremony}. Give at least one of notes, decisions, actions "
            "and attendees; or skipped, with the reason why it is not held."
        )


class NothingChanged(Invalid):
    def __init__(self, action: str) -> None:
        super().__init__(f"{action}: nothing of it changes. Give its text, owner, due or status.")


@dataclass(frozen=True)
class Action:
    """A new one where `id` is empty; else what changes of it. None leaves a field as it is, `clear` empties it."""

    id: str = ""
    text: str | None = None
    owner: str | None = None
    due: date | None = None
    status: ActionStatus | None = None
    clear: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.id.strip().upper()

    def plain(self) -> dict[str, object]:
        """As events carry it: what is given, in plain JSON; empty is what is cleared."""
        values = {"text": self.text, "owner": self.owner, "due": self.due, "status": self.status}
        given = {name: str(value) for name, value in values.items() if value is not None}
        return {"id": self.id, **given, **dict.fromkeys(self.clear, "")}


@dataclass(frozen=True)
class Outcome:
    notes: str = ""
    decisions: Sequence[str] = ()
    attendees: Sequence[str] = ()
    actions: Sequence[Action] = ()


def outcome_of(occurrence: Occurrence, given: Outcome) -> Outcome:
    """Clean, and with an id for each new action.

    Raises:
        Invalid: nothing is told, a text is too long or empty, there are too many, or an id is no action item of the
            project.
    """
    if not (given.notes.strip() or given.decisions or given.attendees or given.actions):
        raise NothingTold(occurrence)
    for name, most in _MOST.items():
        if (number := len(getattr(given, name))) > most:
            raise TooMany(name, number, most)
    actions = each("actions", given.actions, lambda one: _action(occurrence.project_key, one))
    return Outcome(
        body("notes", given.notes, limit=NOTES),
        each("decisions", given.decisions, lambda one: required("decision", one, limit=DECISION)),
        list(dict.fromkeys(line("attendee", one, limit=NAME) for one in given.attendees if one.strip())),
        list(_numbered(occurrence, actions)),
    )


def _action(project: str, given: Action) -> Action:
    key = given.key
    if key and not (_ID.fullmatch(key) and key.startswith(f"{project}-S")):
        raise NoAction(given.id, project)
    if key and given == Action(given.id):
        raise NothingChanged(key)
    wanted = given.text if key else given.text or ""
    text = None if wanted is None else required("text", wanted, limit=ACTION)
    owner = None if given.owner is None else line("owner", given.owner, limit=NAME)
    return replace(given, id=key, text=text, owner=owner)


def _numbered(occurrence: Occurrence, actions: Iterable[Action]) -> Iterable[Action]:
    number = 0
    for action in actions:
        number += not action.id
        yield action if action.id else replace(action, id=f"{occurrence.id}-A{number}")


def plain(actions: Iterable[Action]) -> list[dict[str, Any]]:
    return [action.plain() for action in actions]
