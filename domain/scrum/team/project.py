"""A project: how its team works, and how far the server may go on its own."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from scrum.errors import Invalid, NotFound
from scrum.team.calendar import EVERY_WEEKDAY, WorkingCalendar
from scrum.text import choices, nearest, quoted, required

KEY = re.compile(r"[A-Z][A-Z0-9_]{1,19}")


class Autonomy(StrEnum):
    """Who commits a plan: people alone, the server once a person agreed, or the server within limits."""

    SUGGEST = "suggest"
    CONFIRM = "confirm"
    AUTONOMOUS = "autonomous"


class Cadence(StrEnum):
    """The ceremony templates."""

    SOLO = "solo"
    STARTUP = "startup"
    DATA_TEAM = "data_team"
    DEV_SHOP = "dev_shop"
    PRODUCT_TEAM = "product_team"
    ENTERPRISE = "enterprise"
    AGENCY = "agency"
    RESEARCH = "research"
    CONSULTANCY = "consultancy"
    AGENT_SWARM = "agent_swarm"


class BadKey(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"{quoted(given)} is no project key. A key is 2 to 20 characters: a capital letter, then capital "
            "letters, digits or _, like SHOP."
        )


class OutOfRange(Invalid):
    def __init__(self, field: str, given: object, low: float, high: float) -> None:
        super().__init__(f"{field} is {given}; it must be from {low:g} to {high:g}.")


class UnknownProject(NotFound):
    def __init__(self, key: str, known: list[str]) -> None:
        hint = nearest(key, known)
        super().__init__(
            f"There is no project {quoted(key)}.{hint} Projects: {choices(known)}. "
            "Call setup_project to make a new one."
        )


@dataclass(frozen=True)
class Project:
    """`share_memory`: other projects may find its episodes. `learning`: candidates are tested in its sprints."""

    key: str
    name: str
    sprint_days: int = 14
    cadence: Cadence = Cadence.PRODUCT_TEAM
    autonomy: Autonomy = Autonomy.CONFIRM
    focus_factor: float = 1.0
    target_confidence: float = 0.5
    share_memory: bool = False
    learning: bool = False
    calendar: WorkingCalendar = EVERY_WEEKDAY
    next_item: int = 1
    next_sprint: int = 1
    version: int = 0

    @property
    def id(self) -> str:
        return self.key

    @property
    def next_sprint_id(self) -> str:
        return f"{self.key}-S{self.next_sprint}"

    @property
    def project_key(self) -> str:
        return self.key

    @property
    def timezone(self) -> str:
        return self.calendar.timezone

    @classmethod
    def named(cls, key: str, name: str) -> Self:
        """A new project with the usual settings.

        Raises:
            Invalid: the key or the name is not one.
        """
        return cls(key=project_key(key), name=required("name", name or key, limit=120))

    def with_settings(self, **settings: Any) -> Self:
        """The same project with the given settings; `None` keeps what is there.

        Raises:
            Invalid: a value is out of range, or a country or time zone is unknown.
        """
        given = {name: value for name, value in settings.items() if value is not None}
        calendar = self.calendar.with_settings(
            **{name: given.pop(name) for name in list(given) if name in WorkingCalendar.SETTINGS}
        )
        if "name" in given:
            given["name"] = required("name", given["name"], limit=120)
        changed = replace(self, calendar=calendar, **given)
        changed.check()
        return changed

    def check(self) -> None:
        """Raises OutOfRange."""
        for field, low, high in _RANGES:
            value = getattr(self, field)
            if not low <= value <= high:
                raise OutOfRange(field, value, low, high)

    def numbered(self, *, items: int = 0, sprints: int = 0) -> Self:
        """Hand out the next item and sprint numbers."""
        return replace(
            self,
            next_item=self.next_item + items,
            next_sprint=self.next_sprint + sprints,
            version=self.version + 1,
        )


_RANGES = (("sprint_days", 1, 90), ("focus_factor", 0.1, 1.0), ("target_confidence", 0.05, 0.95))


def project_key(given: str) -> str:
    """The key as it is stored.

    Raises:
        BadKey: it cannot be one.
    """
    key = given.strip().upper()
    if not KEY.fullmatch(key):
        raise BadKey(given)
    return key
