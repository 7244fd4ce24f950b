"""The facts that a report is built from, gathered by somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from scrum.backlog.model import Item
from scrum.chronicle.model import Happening
from scrum.chronicle.reports import ActionItem, Minutes, Report
from scrum.clock import REAL_TIME, ProjectClock
from scrum.planning.model import Plan
from scrum.sprint.ledger import Figures, Ledger
from scrum.sprint.model import Sprint
from scrum.sprint.velocity import PastSprint
from scrum.team.calendar import WorkingCalendar
from scrum.team.model import Team
from scrum.team.project import Project


@dataclass(frozen=True)
class Asked:
    """Which report is wanted. `sprint` need not be planned yet; '' is the open one, else the next.

    `ceremony` is a ceremony's name, or that of another report: impediments, actions. `because` is why it is held; '' where
    somebody only looks.
    """

    project: str
    sprint: str
    ceremony: str
    at: datetime
    because: str = ""


@dataclass(frozen=True)
class Kept:
    """What the chronicle knows.

    `last` is the last report of the same ceremony in this sprint, `changes` what happened in the sprint, oldest first.
    `missing` says why some of it is not here; '' where all is. `pending` counts events that are on their way to it.
    """

    last: Report | None = None
    actions: tuple[ActionItem, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    changes: tuple[Happening, ...] = ()
    missing: str = ""
    pending: int = 0


NOTHING_KEPT = Kept()
NO_ENTRIES = Ledger()


@dataclass(frozen=True)
class Material:
    """`sprint` is None where the one that is meant is not planned yet; `sprint_id` names it all the same.

    What the ceremony's report does not need (needs.py) is empty: the team, the backlog, what is past, the plan.
    `known` has the items of the sprint, all that its ledger names, and all that these and open items need, as they are
    now. `backlog` is everything open, in its order. `history` are the completed sprints before this one, oldest first, and
    `earlier` the last of them that are our own, with their ledgers where these were asked for. `open_sprint` is the one
    that is planned or running.
    """

    project: Project
    team: Team
    ceremony: str
    sprint_id: str
    now: datetime
    sprint: Sprint | None = None
    ledger: Ledger = NO_ENTRIES
    items: tuple[Item, ...] = ()
    known: Mapping[str, Item] = field(default_factory=dict[str, Item])
    backlog: tuple[Item, ...] = ()
    history: tuple[PastSprint, ...] = ()
    earlier: tuple[Sprint, ...] = ()
    ledgers: Mapping[str, Ledger] = field(default_factory=dict[str, Ledger])
    open_sprint: str = ""
    published: frozenset[UUID] = frozenset()
    """Events that the chronicle may not have heard of yet."""
    plan: Plan | None = None
    named_plan: str = ""
    """Its id, where the plan itself is not needed."""
    kept: Kept = NOTHING_KEPT
    because: str = ""
    """Why the ceremony is held."""

    @property
    def plan_id(self) -> str:
        """'' for none that is known."""
        return self.plan.id if self.plan else self.named_plan

    @property
    def runs(self) -> bool:
        """Work on the sprint goes on."""
        return self.sprint is not None and self.sprint.started_at is not None and self.sprint.ended_at is None

    @property
    def clock(self) -> ProjectClock:
        return self.sprint.clock if self.sprint else REAL_TIME

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """With the days of the sprint's clock."""
        return self.project.calendar.by(self.clock)

    @property
    def today(self) -> date:
        return self.calendar.day_of(self.now)

    @cached_property
    def figures(self) -> Figures:
        """As the ledger has them now, or had them at the close."""
        return (self.sprint and self.sprint.result) or self.ledger.figures()

    @cached_property
    def done(self) -> frozenset[str]:
        return self.ledger.done()

    @cached_property
    def points(self) -> Mapping[str, int | None]:
        """Of the items in the sprint, as the ledger has them."""
        return self.ledger.scope()

    @cached_property
    def members(self) -> tuple[Item, ...]:
        """All that are in the sprint, or were when it was closed, as they are now."""
        return tuple(self.known[key] for key in self.points if key in self.known) or self.items

    @cached_property
    def edges(self) -> Mapping[str, frozenset[str]]:
        """What open items need that is not done or cancelled."""
        still = {item.key for item in self.backlog}
        return {item.key: item.depends_on & still for item in self.backlog if item.depends_on & still}

    @cached_property
    def needed_by(self) -> Mapping[str, tuple[str, ...]]:
        """Open items that need this one, in their order."""
        found: dict[str, list[str]] = {}
        for item in self.backlog:
            for key in self.edges.get(item.key, ()):
                found.setdefault(key, []).append(item.key)
        return {key: tuple(needing) for key, needing in found.items()}

    def assignee(self, key: str) -> str:
        """'' for nobody."""
        return self.known[key].assignee if key in self.known else ""
