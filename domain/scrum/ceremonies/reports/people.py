"""What is recorded of each person in a sprint: finished, in progress, blocked, at risk, or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scrum.backlog.model import Item, Status
from scrum.ceremonies.reports.blocks import Blockage, blocked
from scrum.ceremonies.reports.dangers import dangers
from scrum.ceremonies.reports.material import Material
from scrum.ceremonies.reports.since import Since, finished
from scrum.sprint.ledger import Kind

_WORKING = (Status.IN_PROGRESS, Status.IN_REVIEW)
_OF_WORK = (Kind.COMPLETED, Kind.REOPENED, Kind.REESTIMATED)


@dataclass(frozen=True)
class Share:
    """One person's part of the sprint; `name` is '' for what nobody is assigned to.

    `finished` is since the last report, `at_risk` has the reasons by item. `open` are all of their items that are not
    done. `heard` is the last time that something was recorded of their items, None for never.
    """

    name: str
    finished: tuple[str, ...] = ()
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
    items, done = _by_assignee(material), _finished(material, fresh)
    names = dict.fromkeys([*material.team.names, *items, *done])
    known = _Known(dangers(material), _heard(material))
    found = [_share(name, done.get(name, ()), items.get(name, ()), known) for name in names if name]
    return (*found, _share("", done.get("", ()), items.get("", ()), known))


@dataclass(frozen=True)
class _Known:
    """By item: why it is at risk, and when something was recorded of it last."""

    reasons: Mapping[str, str]
    heard: Mapping[str, datetime]


def _share(name: str, done: Iterable[str], items: Iterable[Item], known: _Known) -> Share:
    every = tuple(items)
    open_items = tuple(item for item in every if item.is_open)
    times = [known.heard[item.key] for item in every if item.key in known.heard]
    return Share(
        name=name,
        finished=tuple(done),
        in_progress=tuple(item for item in open_items if item.status in _WORKING and not item.block),
        blocked=blocked(open_items),
        at_risk=tuple((item, known.reasons[item.key]) for item in open_items if item.key in known.reasons),
        open=open_items,
        heard=max(times, default=None),
    )


def _by_assignee(material: Material) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in material.items:
        found.setdefault(item.assignee, []).append(item)
    return found


def _finished(material: Material, fresh: Since) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in finished(material, fresh):
        found.setdefault(material.assignee(key), []).append(key)
    return found


def _heard(material: Material) -> Mapping[str, datetime]:
    """By item, the last time that something was recorded of the work on it."""
    found: dict[str, datetime] = {}
    for key, at in _moments(material):
        found[key] = max(at, found.get(key, at))
    return found


def _moments(material: Material) -> Iterator[tuple[str, datetime]]:
    for item in material.items:
        times = (item.started_at, item.done_at, item.block.since if item.block else None)
        yield from ((item.key, at) for at in times if at)
    for entry in material.ledger.entries:
        if entry.kind in _OF_WORK:
            yield entry.item, entry.at
    for change in material.kept.changes:
        yield change.event.aggregate, change.event.occurred_at
