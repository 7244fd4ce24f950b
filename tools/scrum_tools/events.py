"""How events stand: what the stores have to send, what the consumer groups have to hear, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

LATE = 60.0
"""Seconds after which an event that nobody has sent is a sign that something does not work."""
_LONGEST = 500


@dataclass(frozen=True)
class StoreEvents:
    """None: unknown, and `away` says why. `oldest_unsent_seconds` is 0 where nothing is unsent."""

    store: str
    away: str = ""
    unsent: int | None = None
    oldest_unsent_seconds: float | None = None
    unsettled: int | None = None


@dataclass(frozen=True)
class GroupEvents:
    """`lag` counts what is published and not acknowledged; the others what was set aside. None: unknown."""

    group: str
    lag: int | None = None
    retrying: int | None = None
    parked: int | None = None
    dead: int | None = None


@dataclass(frozen=True)
class EventsStanding:
    stores: tuple[StoreEvents, ...]
    groups: tuple[GroupEvents, ...]
    redis_away: str = ""

    @property
    def well(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        """What needs a look, and what to do."""
        return [*self._away(), *self._late(), *self._dead()]

    @property
    def notes(self) -> list[str]:
        """What goes on, and mends itself or waits for an update."""
        lag = sum(group.lag or 0 for group in self.groups)
        retrying = sum(group.retrying or 0 for group in self.groups)
        parked = sum(group.parked or 0 for group in self.groups)
        told = {
            f"{lag} on their way": lag,
            f"{retrying} retrying": retrying,
            f"{parked} parked until scrum-mcp is updated": parked,
        }
        return [text for text, count in told.items() if count]

    def text(self) -> str:
        """One line where all is well."""
        notes = ", ".join(self.notes)
        if self.well:
            return f"Events: {notes or 'all handled'}."
        return "\n".join(["Events NOT OK:", *self.problems, *([f"Also: {notes}."] if notes else [])])

    def _away(self) -> Iterator[str]:
        """Each reason once."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for store in self.stores:
            names[store.away].append(f"store {store.store}")
        names[self.redis_away].append("Redis")
        for reason, which in names.items():
            if reason:
                yield f"{', '.join(which)} cannot be asked: {reason[:_LONGEST]}"

    def _late(self) -> Iterator[str]:
        for store in self.stores:
            if (age := store.oldest_unsent_seconds or 0.0) > LATE:
                yield (
                    f"{store.store} has {store.unsent} unsent events, the oldest for {age:.0f} s: see that Redis "
                    "answers, and that `scrum-mcp worker` or a server with SCRUM_WORKER=true runs"
                )

    def _dead(self) -> Iterator[str]:
        for group in self.groups:
            if group.dead:
                yield (
                    f"{group.group} gave up on {group.dead} events: `scrum-mcp events dead` says why; once that is "
                    "mended, `scrum-mcp events replay --all` has them tried again"
                )
