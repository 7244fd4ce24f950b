"""What is recorded of each person in a sprint: finished, in progress, blocked, at risk, or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from scrum.backlog.events import ItemCompleted
from scrum.backlog.model import Item, Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.parts.assigned import Assigned, Place
from scrum.ceremonies.reports.parts.blocks import Blockage, blocked
from scrum.ceremonies.reports.parts.dangers import dangers
from scrum.ceremonies.reports.parts.finished import Finish, finished
from scrum.ceremonies.reports.parts.since import Since
from scrum.sprint.ledger import Kind

_WORKING = (Status.IN_PROGRESS, Status.IN_REVIEW)
_OF_WORK = (Kind.COMPLETED, Kind.REOPENED, Kind.REESTIMATED)


@dataclass(frozen=True)
class Credit:
    """`known` is False where it goes by who has the item now."""

    finish: Finish
    known: bool


@dataclass(frozen=True)
class Share:
    """One person's part of the sprint; `name` is '' for what nobody is assigned to.

    `finished` is since the last report, by whoever had it then, `at_risk` has the reasons by item. `open` are all of
    their items that are not done. `heard` is the last time that something was recorded of items while these were
    theirs, None for never.
    """

    name: str
    finished: tuple[Credit, ...] = ()
    in_progress: tuple[Item, ...] = ()
    blocked: tuple[Blockage, ...] = ()
    at_risk: tuple[tuple[Item, str], ...] = ()
    open: tuple[Item, ...] = ()
    heard: datetime | None = None

    def silent(self, fresh: Since) -> bool:
        """Nothing is known of them since then. That is no progress, and no standstill either."""
        return fresh.at is not None and not self.finished and (self.heard is None or self.heard <= fresh.at)

    @property
    def is_busy(self) -> bool:
        return bool(self.finished or self.in_progress or self.blocked or self.at_risk)


def shares(material: Material, fresh: Since) -> tuple[Share, ...]:
    """Of the team in its order, then of others, then what nobody is assigned to."""
    assigned = Assigned.of(material)
    items, done = _by_assignee(material), _finished(material, fresh, assigned)
    names = dict.fromkeys([*material.team.names, *items, *done])
    known = _Known(dangers(material), _heard(material, assigned))
    found = [_share(name, done.get(name, ()), items.get(name, ()), known) for name in names if name]
    return (*found, _share("", done.get("", ()), items.get("", ()), known))


@dataclass(frozen=True)
class _Known:
    """Why an item is at risk, and when something was recorded of a person last."""

    reasons: Mapping[str, str]
    heard: Mapping[str, datetime]


def _share(name: str, done: Iterable[Credit], items: Iterable[Item], known: _Known) -> Share:
    every = tuple(items)
    open_items = tuple(item for item in every if item.is_open)
    return Share(
        name=name,
        finished=tuple(done),
        in_progress=tuple(item for item in open_items if item.status in _WORKING and not item.block),
        blocked=blocked(open_items),
        at_risk=tuple((item, known.reasons[item.key]) for item in open_items if item.key in known.reasons),
        open=open_items,
        heard=known.heard.get(name),
    )


def _by_assignee(material: Material) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in material.items:
        found.setdefault(item.assignee, []).append(item)
    return found


def _finished(material: Material, fresh: Since, assigned: Assigned) -> Mapping[str, list[Credit]]:
    found: dict[str, list[Credit]] = {}
    versions = _versions(material)
    for one in finished(material, fresh):
        had = assigned.had(one.item, Place(one.entry.at, versions.get((one.item, one.entry.at), inf)))
        found.setdefault(had.name, []).append(Credit(one, had.known))
    return found


def _versions(material: Material) -> Mapping[tuple[str, datetime], int]:
    """Of items that were completed, by when: in the same moment they may be handed on."""
    events = (change.event for change in material.kept.changes)
    done = (event for event in events if isinstance(event, ItemCompleted))
    return {(event.aggregate, event.occurred_at): event.aggregate_version for event in done}


def _heard(material: Material, assigned: Assigned) -> Mapping[str, datetime]:
    """By person, the last time that something was recorded of the work on what was theirs then.

    Where the history is missing, by whoever has it now: that nothing was recorded would not be true.
    """
    found: dict[str, datetime] = {}
    for key, place in _moments(material):
        had = assigned.had(key, place)
        if had.known or material.kept.missing:
            found[had.name] = max(place.at, found.get(had.name, place.at))
    return found


def _moments(material: Material) -> Iterator[tuple[str, Place]]:
    for item in material.items:
        times = (item.started_at, item.done_at, item.block.since if item.block else None)
        yield from ((item.key, Place(at)) for at in times if at)
    for entry in material.ledger.entries:
        if entry.kind in _OF_WORK:
            yield entry.item, Place(entry.at)
    for change in material.kept.changes:
        yield change.event.aggregate, Place.of(change.event)
