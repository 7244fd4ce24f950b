"""The ledger's invariant, whatever happens to a sprint."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from scrum.backlog.model import Change, Item, Status
from scrum.sprint.ledger import Entry, Figures, Kind, Ledger
from scrum.sprint.model import entries_for
from tests.builders import SHOP, by
from tests.requirements import requirement

NUMBERS = some.integers(0, 7)
POINTS = some.none() | some.integers(0, 100)
Step = tuple[str, int, Status, int | None]
STEPS = some.tuples(
    some.sampled_from(["change", "join", "leave"]), NUMBERS, some.sampled_from(Status), POINTS
)


class Running:
    """A sprint that runs, by the rules of the domain."""

    def __init__(self, committed: list[int | None]) -> None:
        numbered = enumerate([*committed, *[3] * (8 - len(committed))])
        self.items = {n: Item(f"SHOP-{n}", SHOP, n, "Item", n, points=points) for n, points in numbered}
        self.ledger = Ledger()
        for number in range(len(committed)):
            self.join(number, Kind.COMMITTED)

    def join(self, number: int, kind: Kind = Kind.ADDED) -> None:
        item = self.items[number]
        if item.is_open and not item.sprint:
            self._record(replace(item, sprint="SHOP-S1"), Entry.of(by(), kind, item.key, item.points))

    def leave(self, number: int) -> None:
        item = self.items[number]
        if item.sprint:
            self._record(item.out_of_sprint(), Entry.of(by(), Kind.REMOVED, item.key, item.points))

    def change(self, number: int, status: Status, points: int | None) -> None:
        before = self.items[number]
        clear = () if points is not None else ("points",)
        after = before.changed(Change(before.key, status=status, points=points, clear=clear), by())
        entries = entries_for(before, after, by()) if before.sprint else []
        gone = after.status is Status.CANCELLED
        self._record(replace(after, sprint="") if gone else after, *entries)

    def take(self, step: Step) -> None:
        kind, number, status, points = step
        steps: dict[str, Callable[[], None]] = {
            "change": lambda: self.change(number, status, points),
            "join": lambda: self.join(number),
            "leave": lambda: self.leave(number),
        }
        steps[kind]()

    def _record(self, item: Item, *entries: Entry) -> None:
        self.items[item.number] = item
        self.ledger = self.ledger.plus(entries)


def balanced(figures: Figures) -> bool:
    points = figures.committed.points + figures.added.points - figures.removed.points + figures.reestimated
    items = figures.committed.items + figures.added.items - figures.removed.items
    return (points, items) == (figures.scope, figures.completed.items + figures.remaining.items)


@requirement("ledger.balance")
@settings(max_examples=1000, deadline=None)
@given(some.lists(POINTS, max_size=5), some.lists(STEPS, max_size=25))
def test_committed_plus_added_less_removed_plus_reestimated_is_completed_plus_remaining(
    committed: list[int | None], steps: list[Step]
) -> None:
    sprint = Running(committed)
    for step in steps:
        sprint.take(step)
        assert balanced(sprint.ledger.figures())


@settings(max_examples=300, deadline=None)
@given(some.lists(POINTS, max_size=5), some.lists(STEPS, max_size=25))
def test_the_ledger_knows_what_is_in_the_sprint_and_what_is_done(
    committed: list[int | None], steps: list[Step]
) -> None:
    sprint = Running(committed)
    for step in steps:
        sprint.take(step)

    inside = [item for item in sprint.items.values() if item.sprint]
    assert sprint.ledger.scope() == {item.key: item.points for item in inside}
    assert sprint.ledger.done() == {item.key for item in inside if item.status is Status.DONE}
