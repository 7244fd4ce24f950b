"""What evaluation is told: everything that happened, in its order."""

from dataclasses import dataclass
from datetime import date, datetime

from scrum.team.calendar import WorkingCalendar


@dataclass(frozen=True)
class Happening:
    """`number` counts from 1 within the sprint, in the order of recording, and never changes.

    `name` is one of terms.Happened, or any other event. `items` is by how many the scope grew (of a started sprint, how
    many it has), and `done` by how many done ones; `days` by how many the sprint was extended; `spent` is the total so
    far. `item` is the key of a completed item, which need not be in the sprint (`elsewhere`: it counts for milestones
    alone), of one that was cancelled, or the name of the ceremony that was held; `occurrence` is the key of that one,
    where it is known. `source` says where an event came from that did not happen here.
    """

    number: int
    at: datetime
    name: str
    item: str = ""
    items: int = 0
    days: int = 0
    spent: float = 0
    source: str = ""
    elsewhere: bool = False
    done: int = 0
    occurrence: str = ""


@dataclass(frozen=True)
class Facts:
    """`happenings` has at least all that the state has not seen yet; what it has seen is passed over.

    `anchor` is where the project's clock and the real one agree, at or before the sprint's planning. `first_day` is the
    day that the plan names, `days` its length where it differs from the policy's. `budget` is None where none is set, in
    the same unit as what was spent. `done_before` are items of milestones that were done before the first happening;
    `cancelled` are those that nobody does any more, and `elsewhere` open ones that are not in the sprint. With `more` there
    are happenings after these, and the sprint does not go on before they are seen.
    """

    sprint: str
    calendar: WorkingCalendar
    anchor: datetime
    happenings: tuple[Happening, ...] = ()
    first_day: date | None = None
    days: int | None = None
    budget: float | None = None
    done_before: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    more: bool = False
