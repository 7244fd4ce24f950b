"""A sprint that people play at random: the rules keep its items and its ledger, and a diary keeps what they did."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from scrum.backlog.model import Change, Item, Status
from scrum.ceremonies.reports.paper.material import Kept, Material
from scrum.events import By
from scrum.sprint.ledger import Entry, Kind, Ledger
from scrum.sprint.model import entries_for
from scrum.team.calendar import WorkingCalendar
from scrum.team.project import Project
from tests.domain.ceremonies.reports.examples import SPRINT, in_sprint, material
from tests.situations import FIVE, MONDAY

PEOPLE = (*FIVE[:3], "")
"""Di and Ed never have an item."""


@dataclass
class Play:
    """`lines` has each thing that happened: the place in the ledger before it, what, and the item."""

    random: Random
    calendar: WorkingCalendar
    now: datetime = MONDAY
    items: dict[str, Item] = field(default_factory=dict[str, Item])
    entries: list[Entry] = field(default_factory=list[Entry])
    lines: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def begin(self, count: int) -> None:
        for number in range(1, count + 1):
            self._join(number, Kind.COMMITTED)

    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            self.now += timedelta(hours=self.random.choice([0, 0, 1, 7, 30]))
            self._step()

    def material(self, kept: Kept | None = None) -> Material:
        here = tuple(item for item in self.items.values() if item.sprint)
        return material(
            here,
            ledger=Ledger(tuple(self.entries)),
            known=dict(self.items),
            now=self.now,
            project=Project("SHOP", "The shop", calendar=self.calendar),
            sprint=replace(SPRINT, end=SPRINT.end + timedelta(90)),
            kept=kept or Kept(),
        )

    def _step(self) -> None:
        here = [item for item in self.items.values() if item.sprint]
        what = self.random.choice(["status", "status", "status", "points", "block", "add", "remove"])
        if what == "add" or not here:
            return self._join(len(self.items) + 1, Kind.ADDED)
        item = self.random.choice(here)
        if what == "remove":
            return self._leave(item)
        return self._change(item, self._drawn(item, what))

    def _drawn(self, item: Item, what: str) -> Change:
        if what == "points":
            return Change(item.key, points=self.random.randint(0, 8))
        if what == "block" and item.is_open:
            return Change(item.key, blocked=item.block is None, reason="waits")
        return Change(
            item.key, status=self.random.choice([one for one in Status if one is not Status.CANCELLED])
        )

    def _join(self, number: int, kind: Kind) -> None:
        points = self.random.choice([None, 1, 2, 3, 5])
        item = in_sprint(number, points, assignee=self.random.choice(PEOPLE))
        self.items[item.key] = item
        self._record([Entry.of(self._by(), kind, item.key, points)], kind.value, item.key)

    def _leave(self, item: Item) -> None:
        self.items[item.key] = item.out_of_sprint()
        self._record([Entry.of(self._by(), Kind.REMOVED, item.key, item.points)], "removed", item.key)

    def _change(self, item: Item, change: Change) -> None:
        changed = item.changed(change, self._by())
        self.items[item.key] = changed
        self._record(entries_for(item, changed, self._by()), "changed" if changed != item else "", item.key)

    def _record(self, entries: Sequence[Entry], what: str, key: str) -> None:
        self.entries.extend(entries)
        self.lines += [(what, key)] if what else []

    def _by(self) -> By:
        return By("agent", self.now, "because")


def day_by_day(calendar: WorkingCalendar, since: datetime, now: datetime) -> int:
    """Working days that began between two moments, counted one by one."""
    day, last, found = calendar.day_of(since), calendar.day_of(now), 0
    while day < last:
        day += timedelta(1)
        found += calendar.is_working(day)
    return found
